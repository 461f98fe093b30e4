"""GraphML: one undirected graph for Gephi, yEd, Cytoscape and the like.

Places are nodes, links and sea hops are edges (in use or not), with every attribute; lines are WKT. The other tables
stand as JSON in the attribute `corridors` of the graph, so that nothing is lost.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import pandas as pd
import shapely

from corridors.base.errors import DataFileError
from corridors.formats.content import Content
from corridors.formats.from_graphs import content_of_graph
from corridors.formats.layers import layers_of


def write(content: Content, path: Path) -> None:
    """Write a GraphML file."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
    nx.write_graphml(graph, path)


def _filled(row: dict[Any, Any]) -> dict[str, Any]:
    """Leave out what is blank, and the id, which is the name of the node or edge."""
    return {str(k): v for k, v in row.items() if k != "id" and v == v and v != ""}  # noqa: PLR0124 - not NaN


def _plain(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a table as plain lists, None for what is missing."""
    cells = frame.astype(object).where(frame.notna(), None)
    return {"columns": list(frame.columns), "rows": cells.to_numpy().tolist()}


def read(path: Path) -> Content:
    """Read a GraphML file; see `Network.from_graph` for what a graph made elsewhere needs."""
    try:
        graph = nx.read_graphml(path, force_multigraph=True)
        for *_, data in graph.edges(data=True):
            data.pop("id", None)
            if "geometry" in data:
                data["geometry"] = shapely.from_wkt(data["geometry"])
        text = json.loads(graph.graph.pop("corridors", "{}"))
    except (ParseError, nx.NetworkXError, shapely.GEOSException, json.JSONDecodeError) as error:
        raise DataFileError(f"'{path}' cannot be read as GraphML: {error}") from error
    tables = {n: pd.DataFrame(t["rows"], columns=t["columns"]) for n, t in text.get("tables", {}).items()}
    graph.graph["corridors"] = Content(tables, order=text.get("order", {}))
    return content_of_graph(graph)
