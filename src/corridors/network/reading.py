"""Networks that are there already: the bundled one, and those in files and folders."""

from __future__ import annotations

from pathlib import Path

from corridors import formats
from corridors.base.arguments import checked
from corridors.data import bundled
from corridors.formats.content import Fill
from corridors.network.network import Network


def load() -> Network:
    """Load the reference network in normal operation (border crossings open as in 2024).

    The Afghan-Pakistani border has been closed to trade since October 2025: `load().at("2026-11")` has that.

    Returns
    -------
    Network
        The bundled tables, nothing built, nothing closed.

    >>> import corridors as co
    >>> co.load().name
    'reference'
    """
    return Network(bundled.reference(), name="reference")


@checked
def read(path: str | Path, *, format: str | None = None, fill: Fill | None = None) -> Network:  # noqa: A002
    """Read a network from a folder or file.

    A file that `Network.write` wrote gives the same network: tables, lines, view, name and own parameters. Without
    the tables `parameters` and `commodities` the bundled ones are used, those of single links and crossings left out.

    Parameters
    ----------
    path
        A folder of CSV or Parquet files named after the tables, a folder with GMNS files (`node.csv`, `link.csv`), or
        a file `.gpkg`, `.xlsx`, `.graphml` or `.geojson`.
    format
        `csv`, `gpkg`, `parquet`, `xlsx`, `graphml`, `geojson` or `gmns`, where the path does not tell.
    fill
        Values for columns that the file lacks and for blank cells of these columns, such as
        `{"places": {"confidence": "C"}, "links": {"class": "trunk"}}`.

    Returns
    -------
    Network
        Checked tables with the view that was written with them.

    Raises
    ------
    DataFileError
        If the path does not exist, cannot be read, or lacks places or links.
    SchemaError
        If a table does not fit the schema; it names file (with sheet or layer), row and column.
    MissingPackageError
        If a format needs a package that is not installed.

    >>> import corridors as co, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     co.read(co.load().close("AF-PK").write(folder)).closed
    ['AF-PK']
    """
    return Network.from_state(formats.read_state(path, format=format, fill=fill))
