"""A folder of CSV files: one per table, the lines of links as `lines.csv`, the view in `network.csv`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from corridors.base.errors import SchemaError
from corridors.base.writing import current
from corridors.data import schema
from corridors.data.csv_tables import header_of, read_alignments, read_folder, write_csv
from corridors.data.schema import NOWHERE, Origin
from corridors.formats.content import Content, Lines
from corridors.formats.standing import is_table

FILES = tuple(f"{name}.csv" for name in schema.all_tables())
"""Names of the files of a folder."""


def read(path: Path) -> Content:
    """Read a folder of CSV files."""
    frames, origins = read_folder(path, tuple(schema.all_tables()))
    lines = dict(read_alignments(path))
    if "lines" in frames:
        lines |= lines_of(frames.pop("lines"), origins["lines"])
    return Content(frames, lines, origins)


def write(content: Content, path: Path) -> None:
    """Write a folder of CSV files."""
    frames = dict(content.frames)
    if content.lines:
        frames["lines"] = lines_table(content.lines)
    for name in schema.all_tables():
        if name in frames:
            write_csv(frames[name], path / f"{name}.csv")


def foreign(path: Path) -> list[str]:
    """Names of files that have the name of a table and are none."""
    files = {name: current(path, f"{name}.csv") for name in schema.all_tables()}
    return [f.name for name, f in files.items() if f.exists() and not is_table(name, header_of(f))]


def lines_table(lines: Lines) -> pd.DataFrame:
    """Write lines as a table of points, one row per point in the order of the line."""
    counts = [len(line.coords) for line, _ in lines.values()]
    points = shapely.get_coordinates([line for line, _ in lines.values()])
    ids, methods = np.repeat(list(lines), counts), np.repeat([method for _, method in lines.values()], counts)
    return pd.DataFrame({"id": ids, "method": methods, "lat": points[:, 1], "lon": points[:, 0]})


def lines_of(frame: pd.DataFrame, origin: Origin = NOWHERE) -> Lines:
    """Read lines from their table of points.

    Raises
    ------
    SchemaError
        If a line has fewer than two points.
    """
    table = schema.conform("lines", frame, origin=origin)
    codes, idents = pd.factorize(table["id"])
    order, counts = np.argsort(codes, kind="stable"), np.bincount(codes, minlength=len(idents))
    first = order[np.cumsum(counts) - counts]
    short = [(int(first[code]), idents[code]) for code in np.flatnonzero(counts < 2)]
    if short:
        told = [origin.say(row, "id", f"'{ident}' has one point; a line has two or more") for row, ident in short]
        raise SchemaError("lines", told, origin.file)
    points = table[["lon", "lat"]].to_numpy(dtype=float)[order]
    lines = shapely.linestrings(points, indices=codes[order]) if len(idents) else []
    methods = table["method"].to_numpy(dtype=object)[first]
    return {str(ident): (line, str(method)) for ident, line, method in zip(idents, lines, methods, strict=True)}
