"""Write `schema.md` from the schema of the tables: run by `make docs`."""

from __future__ import annotations

from pathlib import Path

from corridors.data import schema
from corridors.data.parameters import KEYS
from corridors.formats import FORMATS

HERE = Path(__file__).parent
GENERATED = "<!-- Written by docs/schema.py from src/corridors/data/schema.csv: change that and run `make docs`. -->"

INTRODUCTION = """\
A network is a set of tables. Two are needed, `places` and `links`, and `crossings` where a link goes over a border;
without `parameters` and `commodities` the bundled ones are used; the rest is there if you need it. This page, the
messages about wrong tables and the command `corridors schema TABLE` come from one file. How to bring your own tables
is told in [own-data.md](own-data.md).

- An **id** has no spaces and stands once in its table; other rows refer to it.
- A **list** has its items separated by semicolons.
- An **area** is a place, or a country by its code of two letters. A **period** is a date, or the first and the last
  date of several: `2024` (the whole year), `2025-09`, `2024-09/2025-08`.
- A **date** is a year (`2011`, its December), a month (`2011-12`) or a day (`2011-12-31`); `before-1992` for what is
  older than the records.
- A **number** has a decimal point. A blank cell means "not known", or "any" in a key of `parameters`.
- Positions are longitude and latitude on WGS 84 (EPSG:4326). Files with geometry (GeoPackage, GeoParquet, GeoJSON)
  have points instead of `lat` and `lon`, and lines with a column `alignment` that says how they were made."""

PURPOSE = {
    "sources": "Where the figures are from.",
    "places": "Points where links meet. **Needed.**",
    "links": "Railways and roads between two places, both ways. **Needed.**",
    "crossings": (
        "Border crossings. A link between two countries names the one that it passes. With opening hours, a truck that "
        "comes at any time of the week waits the sum of the squares of all closed times, divided by twice the week: "
        "4.7 h at a post that is open from 8 to 17 every day. Opening by hand (`net.open`) lifts a status, a dated "
        "closure and `cars-only`; `no-transit`, load limits and hours stay."
    ),
    "closures": (
        "What was closed, and when; it counts in `net.at(date)`. A month or year begins with its first day as `start` "
        "(a year with that of December) and ends with its last as `end`."
    ),
    "terminals": "Where cargo changes system: rail to road, gauge to gauge, land to sea.",
    "services": "Shipping services, hop by hop.",
    "sea_distances": "Distances between ports, for ships that are chartered (`charter=True`).",
    "projects": "What can be built with `net.build`; planned links name their project.",
    "parameters": (
        "Speeds, hours, costs and emissions. Keys left blank mean any. Of the rows that fit an edge the one wins that "
        f"sets the first key in which they differ, in this order: {', '.join(f'`{key}`' for key in KEYS)}. A row is "
        "named after its component, its keys and its measure; two rows cannot have one name."
    ),
    "documents": "Papers that go with freight over borders, and the countries that are parties to their conventions.",
    "events": "How often a crossing or line is shut, for draws of trips.",
    "commodities": (
        "Goods: the value of time, the cargo units they can travel in, and what is loaded on one. A question with "
        "`commodity` and without `cargo` is for a container, or for the usual unit of a good that goes in none."
    ),
    "flows": (
        "Observed trade. Figures of the two sides, and of railways, are rows of their own and are never averaged. "
        "Origin and destination are places or countries."
    ),
    "offers": (
        "Prices at which goods can be bought at a place: the suppliers of `co.landed`. A price without low and high "
        "is taken as it is."
    ),
    "markets": "Prices at markets, to compare with; nothing is computed from them.",
    "duties": (
        "What borders charge, forbid and pay, dated. A duty holds for a good if one of its codes begins one of those "
        "of the good, or if it names the good. Bans act like closures and never like a high duty; a quota is told and "
        "changes no price; rows of transit are told and not applied, because the rates of `parameters` hold them."
    ),
    "project_years": (
        "Statements on when a project opens, one row for each; those that contradict each other all stay, and one is "
        "taken. A range keeps both ends, and its end is taken."
    ),
    "elasticities": "Numbers on behaviour and appraisal from publications, each with its range and reference.",
    "seasons": "How a year is spread over its months: twelve rows for a profile, with a mean of one.",
    "attributes": (
        "What is stated of lines, crossings, terminals and ports: tracks, traction, loads, speeds, capacities. "
        "Contradicting statements all stay. The one that is used holds on the day, was observed before it was official "
        "or a limit, planned, claimed or computed, and is the newest (`net.attributes`)."
    ),
    "sets": "Named sets of places.",
    "network": "Written by `net.write`: name and view of the network, in one row.",
    "overrides": "Written by `net.write`: parameters in use that differ from their row.",
    "lines": "The lines of links as points in order, in a folder of CSV files or a workbook.",
}

FORMS = {
    "csv": "folder of CSV files",
    "gpkg": "GeoPackage, with styles for QGIS",
    "parquet": "folder of Parquet and GeoParquet files (extra `parquet`)",
    "xlsx": "Excel workbook, a sheet per table (extra `excel`)",
    "graphml": "GraphML, for Gephi, yEd, Cytoscape",
    "geojson": "GeoJSON, for maps on the web",
    "gmns": "GMNS, the General Modeling Network Specification: folder with `node.csv` and `link.csv`",
}


def main() -> None:
    """Write the page beside this script."""
    (HERE / "schema.md").write_text(schema_page(), encoding="utf8")


def schema_page() -> str:
    """The text of `schema.md`."""
    parts = ["# The tables of a network", GENERATED, INTRODUCTION, "## Formats", formats()]
    for name, columns in schema.all_tables().items():
        parts += [f"## {name}", PURPOSE[name], table(columns)]
    return "\n\n".join(parts) + "\n"


def formats() -> str:
    """List the formats and what they cannot hold."""
    rows = [f"| `{name}` | {FORMS[name]} | {kind.lost or 'nothing'} |" for name, kind in FORMATS.items()]
    return "\n".join(["| Format | What it is | What is lost |", "| --- | --- | --- |", *rows])


def table(columns: dict[str, schema.Column]) -> str:
    """Describe the columns of one table."""
    rows = []
    for column in columns.values():
        kind = f"{column.type} of {column.refers_to}" if column.refers_to else column.type
        choices = ", ".join(f"`{choice}`" for choice in column.choices)
        what = f"{column.description}: {choices}" if choices else column.description
        what += f" ({column.range})" if column.range else ""
        need = "yes" if column.required else ""
        rows.append(f"| `{column.name}` | {kind} | {column.unit} | {need} | {what} |")
    return "\n".join(["| Column | Type | Unit | Needed | What it holds |", "| --- | --- | --- | --- | --- |", *rows])


if __name__ == "__main__":
    main()
