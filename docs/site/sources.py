"""The list of all sources as a directive of Sphinx, made from the bundled tables, so that no page has to be renewed.

Sphinx calls `setup`. Each row has the id of the source as its anchor.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import Directive

import corridors as co

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HEADS = {"Id": 20, "Document": 45, "Kind": 10, "Rows": 25}
"""Heads of the table and how wide their columns are, in parts of their sum."""


def uses(net: co.Network) -> dict[str, Counter[str]]:
    """How many rows of each table name a source, by source and table."""
    found: dict[str, Counter[str]] = {}
    for table, frame in net.tables.frames.items():
        for cell in frame["source"].dropna() if "source" in frame else ():
            for source in str(cell).split(";"):
                found.setdefault(source.strip(), Counter())[table] += 1
    return found


def entry(text: str, url: str = "", more: str = "") -> nodes.entry:
    """One cell, as a link where there is an address, with what follows it."""
    inside = nodes.reference("", text, refuri=url) if url else nodes.Text(text)
    return nodes.entry("", nodes.paragraph("", "", inside, nodes.Text(more)))


def row(ident: str, source: dict[str, Any], used: Counter[str]) -> nodes.row:
    """One source: its id, title with the address, publisher and year, kind, and the tables that name it."""
    rows = ", ".join(f"{table} {count}" for table, count in used.items())
    url = source["url"] if str(source["url"]).startswith(("http://", "https://")) else ""
    more = "".join(f", {source[name]}" for name in ("publisher", "year") if source[name])
    cells = entry(ident), entry(str(source["title"]), url, more), entry(str(source["kind"])), entry(rows)
    return nodes.row("", *cells, ids=[ident])


class Sources(Directive):
    """`{sources}`: a table of all sources."""

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        net = co.load()
        used = uses(net)
        group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in HEADS.values()), cols=len(HEADS))
        group += nodes.thead("", nodes.row("", *map(entry, HEADS)))
        records = net.sources.fillna("").sort_index().to_dict("index")
        group += nodes.tbody("", *(row(ident, one, used.get(ident, Counter())) for ident, one in records.items()))
        return [nodes.paragraph("", f"{len(records)} sources."), nodes.table("", group)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive with Sphinx."""
    app.add_directive("sources", Sources)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
