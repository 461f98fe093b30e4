"""The bundled data: where it lies and when it was collected."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from corridors.base.errors import DataFileError
from corridors.data.csv_tables import read_tables
from corridors.data.tables import Tables

AS_OF = "2026-11"
"""Month to which the bundled tables were collected."""


@cache
def folder() -> Path:
    """Folder of the bundled data: inside the wheel, or `data/geo` of a working copy.

    >>> (folder() / "places.csv").is_file()
    True
    """
    here = Path(__file__).resolve().parent
    for place in (here / "reference", here.parents[2] / "data" / "geo"):
        if (place / "places.csv").is_file():
            return place
    raise DataFileError(f"the bundled data is missing beside '{here}': install the package again.")


@cache
def data_version() -> str:
    """Version of the bundled data: the month to which it was collected, and the hash of its tables.

    The hash is of the CSV files in the order of their names, with their names, whatever their line ends: the first
    twelve digits of SHA-256. A changed cell changes it.

    >>> data_version().startswith(AS_OF), len(data_version())
    (True, 20)
    """
    found = sha256()
    for path in sorted(folder().glob("*.csv")):
        found.update(path.name.encode("utf8") + b"\n" + path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{AS_OF}+{found.hexdigest()[:12]}"


@cache
def reference() -> Tables:
    """Read the bundled tables, once per process."""
    return read_tables(folder(), as_of=AS_OF)
