"""GraphML: one undirected graph for Gephi, yEd, Cytoscape and the like.

Places are nodes, links and sea hops are edges (in use or not), with every attribute; lines are WKT. The other tables
stand as JSON in the attribute `corridors` of the graph, so that nothing is lost.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import shapely
from shapely.errors import ShapelyError

from corridors.base.errors import CorridorsError
from corridors.base.reading import readable
from corridors.formats.content import Content
from corridors.formats.from_graphs import content_of_graph
from corridors.formats.layers import layers_of
from corridors.formats.standing import foreign_frames


def write(content: Content, path: Path) -> None:
    """Write a GraphML file."""
    graph: nx.MultiGraph[Any] = nx.MultiGraph()
    for row in content.frames["places"].to_dict("records"):
        graph.add_node(row["id"], **_filled(row))
    layers = layers_of(content)
    order = {}
    for name in ("links", "services"):
        if name in layers:
            order[name] = list(layers[name]["id"])
            for row in layers[name].to_dict("records"):
                line = row.pop("geometry")
                shape = {"geometry": line.wkt} if row["alignment"] else {}
                graph.add_edge(row["from_id"], row["to_id"], key=row["id"], **_filled(row), **shape)
    others = {n: f for n, f in content.frames.items() if n not in ("places", *order)}
    graph.graph["corridors"] = json.dumps({"tables": {n: _plain(f) for n, f in others.items()}, "order": order})
    path.write_text("\n".join(["<?xml version='1.0' encoding='utf-8'?>", *nx.generate_graphml(graph)]), encoding="utf8")


def foreign(path: Path) -> list[str]:
    """Whether a file that stands there is no network, in a list."""
    if not path.is_file() or path.stat().st_size == 0:
        return []
    try:
        return foreign_frames(read(path).frames)
    except CorridorsError:
        return ["GraphML of something else"]


def _filled(row: dict[Any, Any]) -> dict[str, Any]:
    """Leave out what is blank, and the id, which is the name of the node or edge."""
    return {str(k): v for k, v in row.items() if k != "id" and v == v and v != ""}  # noqa: PLR0124 - not NaN


def _plain(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a table as plain lists, None for what is missing."""
    cells = frame.astype(object).where(frame.notna(), None)
    return {"columns": list(frame.columns), "rows": cells.to_numpy().tolist()}


def read(path: Path) -> Content:
    """Read a GraphML file; see `Network.from_graph` for what a graph made elsewhere needs."""
    with readable(path, "GraphML", nx.NetworkXError, ShapelyError):
        graph = nx.read_graphml(path, force_multigraph=True)
        for *_, data in graph.edges(data=True):
            data.pop("id", None)
            if "geometry" in data:
                data["geometry"] = shapely.from_wkt(data["geometry"])
        text = json.loads(graph.graph.pop("corridors", "{}"))
        tables = {n: pd.DataFrame(t["rows"], columns=t["columns"]) for n, t in text.get("tables", {}).items()}
        order = {str(name): list(ids) for name, ids in text.get("order", {}).items()}
    graph.graph["corridors"] = Content(tables, order=order)
    return content_of_graph(graph)
