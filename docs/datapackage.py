"""Write `data/geo/datapackage.json`, the Frictionless description of the bundled tables: run by `make docs`.

The columns come from `schema.csv`, sizes and hashes from the files, the version from the data. Files that the schema
does not know (lines, the base map, validation rows) are not described.
"""

from __future__ import annotations

import csv
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import corridors as co
from corridors.data import schema
from corridors.data.about import TITLE

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "data" / "geo"
TARGET = FOLDER / "datapackage.json"
LICENCES = [
    {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "Tables"},
    {"name": "ODbL-1.0", "path": "https://opendatacommons.org/licenses/odbl/1-0/", "title": "Rows of osm-scgraph"},
]


def main() -> None:
    """Write the description."""
    TARGET.write_text(text(), encoding="utf8")


def text() -> str:
    """The text of `datapackage.json`."""
    return json.dumps(package(), indent=1, ensure_ascii=False) + "\n"


def package() -> dict[str, Any]:
    """Describe the bundled tables."""
    return {
        "profile": "tabular-data-package",
        "name": "corridors",
        "title": TITLE,
        "description": "Lists in a cell are parted by semicolons; a blank cell is not known, or any. See LICENSE-DATA.",
        "version": co.data_version(),
        "licenses": LICENCES,
        "resources": [resource(name) for name in schema.tables() if (FOLDER / f"{name}.csv").is_file()],
    }


def resource(table: str) -> dict[str, Any]:
    """Describe one table: file, size, hash (of the file with line ends of Unix) and columns."""
    path = FOLDER / f"{table}.csv"
    content = path.read_bytes().replace(b"\r\n", b"\n")
    header = next(csv.reader(content.decode("utf8").splitlines()))
    columns = [schema.tables()[table][name] for name in header]
    keys = [{"primaryKey": "id"}] if columns[0].name == "id" and columns[0].type == "id" else []
    foreign = [
        {
            "fields": one.name,
            "reference": {
                "resource": "" if one.refers_to == table else one.refers_to.replace("_", "-"),
                "fields": "id",
            },
        }
        for one in columns
        if one.type == "id" and one.refers_to
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.replace("_", "-"),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": {
            "fields": [field(one) for one in columns],
            "missingValues": [""],
            **(keys[0] if keys else {}),
            **({"foreignKeys": foreign} if foreign else {}),
        },
    }


def field(column: schema.Column) -> dict[str, Any]:
    """Describe one column; a list is text whose items are checked by a pattern."""
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.range:
        # the standard has no open end: what is not possible at the end itself is refused by `corridors check`
        limits |= {"minimum": column.range.low, "maximum": column.range.high}
    elif column.choices and column.type == "list":
        one = "|".join(map(re.escape, column.choices))
        limits["pattern"] = f"({one})(;({one}))*"
    elif column.choices:
        limits["enum"] = list(column.choices)
    return {
        "name": column.name,
        "type": "number" if column.type == "number" else "string",
        "description": column.description,
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": limits} if limits else {}),
    }


if __name__ == "__main__":
    main()
