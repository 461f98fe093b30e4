"""GraphML: one undirected graph for Gephi, yEd, Cytoscape and the like.

Places are nodes, links and sea hops are edges (in use or not), with every attribute; lines are WKT. The other tables
stand as JSON in the attribute `corridors` of the graph, so that nothing is lost.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import networkx as nx

from corridors.base.errors import InputError
from corridors.base.reading import readable
from corridors.formats.content import Content, packed
from corridors.formats.from_graphs import content_of_graph
from corridors.formats.layers import layers_of
from corridors.formats.standing import foreign_file

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(content: Content, path: Path) -> None:
    """Write a GraphML file."""
    graph: nx.MultiGraph[Any] = nx.MultiGraph()
    for row in content.frames["places"].to_dict("records"):
        graph.add_node(row["id"], **_filled("places", row))
    layers = layers_of(content)
    order: dict[str, list[str]] = {}
    for name in ("links", "services"):
        if name in layers:
            order[name] = list(layers[name]["id"])
            for row in layers[name].to_dict("records"):
                line = row.pop("geometry")
                shape = {"geometry": line.wkt} if row["alignment"] else {}
                graph.add_edge(row["from_id"], row["to_id"], key=row["id"], **_filled(name, row), **shape)
    others = {n: f for n, f in content.frames.items() if n not in ("places", *order)}
    graph.graph["corridors"] = packed(Content(others, order=order))
    # the writer of the standard library, which names what the disk refuses
    nx.write_graphml_xml(graph, path)


def foreign(path: Path) -> list[str]:
    """Whether a file that stands there is no network, in a list."""
    return foreign_file(path, read, "GraphML")


def _filled(table: str, row: dict[Any, Any]) -> dict[str, Any]:
    """Leave out what is blank, and the id, which is the name of the node or edge."""
    for column, cell in row.items():
        if isinstance(cell, str) and _NOT_XML.search(cell):
            raise InputError(f"{table}.{column}", cell, "XML has no such character")
    return {str(k): v for k, v in row.items() if k != "id" and v == v and v != ""}  # noqa: PLR0124 - not NaN


def read(path: Path) -> Content:
    """Read a GraphML file; see `Network.from_graph` for what a graph made elsewhere needs."""
    with readable(path, "GraphML", nx.NetworkXError):
        graph = nx.read_graphml(path, force_multigraph=True)
    for *_, data in graph.edges(data=True):
        data.pop("id", None)
    with readable(path, "GraphML"):
        return content_of_graph(graph)
