"""A small network to start one's own tables from: Termez to Mazar-i-Sharif, real rows of the reference network."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.errors import DataFileError
from corridors.base.writing import new_files
from corridors.data import bundled, schema
from corridors.data.tables import Tables
from corridors.formats import format_of, write_content
from corridors.formats.content import Content

PLACES = ("termez", "galaba", "hairatan", "naibabad", "mazar-i-sharif", "gur-e-mar")
"""Two countries, rail and road, a border crossing, terminals."""

README = """\
# A network of your own

Six places between Termez and Mazar-i-Sharif to begin with. It routes at once:

    corridors route Termez Mazar-i-Sharif --data {folder}
    corridors check --data {folder}

Then replace the rows by your own:

1. `places.csv`: one row per town, station, junction, port or border point, with latitude and longitude.
2. `links.csv`: one row per stretch of railway or road between two places, with its length. Links go both ways.
3. `crossings.csv`: one row per border crossing, with the place on either side; the link over the border names it.
4. `terminals.csv`: one row per terminal that moves cargo between systems (rail to road, gauge to gauge, land to sea).
5. `sources.csv`: where the figures are from; every row names a source.

Speeds, costs and hours at borders are those of the library until there is a `parameters.csv`. `corridors schema links`
lists the columns of a table; what is wrong is answered with file, row and column.
"""


@checked
def write_template(path: str | Path) -> Path:
    """Write a small network to start one's own tables from; it routes at once.

    Parameters
    ----------
    path
        A new or empty folder (for CSV files), or a new file `.xlsx` or `.gpkg`, as in `Network.write`.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataFileError
        If there is something already: nothing is overwritten.

    >>> import corridors as co, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     route = co.read(co.write_template(folder)).route("Termez", "Mazar-i-Sharif")
    >>> route.countries
    ['UZ', 'AF']
    """
    path = Path(path)
    kind = format_of(path)
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise DataFileError(f"'{path}' is there already: give a new name, or an empty folder.")
    write_content(Content(_rows(bundled.reference())), path, kind)
    if path.is_dir():
        with new_files(path) as beside:
            (beside / "README.md").write_text(README.format(folder=path.name), encoding="utf8")
    return path


def _rows(tables: Tables) -> dict[str, pd.DataFrame]:
    """Take the rows of a few places that are in operation, with their sources."""
    frames = {name: tables[name] for name in ("places", "links", "crossings", "terminals")}
    ends = {"places": ["id"], "links": ["from_id", "to_id"], "crossings": ["place_a", "place_b"],
            "terminals": ["place"]}  # fmt: skip
    for name, columns in ends.items():
        keep = frames[name][columns].isin(PLACES).all(axis=1)
        if "status" in frames[name]:
            keep &= frames[name]["status"] == "open"
        frames[name] = frames[name][keep]
    named = {ident for frame in frames.values() for cell in frame["source"] for ident in schema.items(cell)}
    sources = tables["sources"]
    return {"sources": sources[sources["id"].isin(named)], **frames}
