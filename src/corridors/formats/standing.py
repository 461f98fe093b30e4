"""What stands at a path already: tables of a network may be replaced, what is someone else's may not."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd

from corridors.base.errors import CorridorsError, DataFileError
from corridors.data import schema
from corridors.formats.content import Content

_ADDED = frozenset({"fid", "geom", "geometry", "alignment"})
"""Columns that layers have beside those of their table."""

_POSITION = frozenset({"lat", "lon"})
"""Columns that layers have as geometry."""


def is_table(name: str, columns: Collection[str]) -> bool:
    """Whether columns are those of a table as the formats write it; anything else of its name is not ours.

    >>> is_table("sets", ["id", "name", "places", "note"]), is_table("events", ["my", "own"])
    (True, False)
    """
    known = schema.all_tables().get(name, {})
    required = {column.name for column in known.values() if column.required} - _POSITION
    return bool(known) and required <= set(columns) <= {*known, *_ADDED}


def foreign_frames(frames: dict[str, pd.DataFrame]) -> list[str]:
    """Names of tables that were read and have not the columns of a network."""
    return [f"'{name}'" for name, frame in frames.items() if not is_table(name, [str(c) for c in frame.columns])]


def foreign_file(path: Path, read: Callable[[Path], Content], form: str) -> list[str]:
    """Names of tables in a file that are none of a network; that it is of something else if it cannot be read.

    Parameters
    ----------
    path
        Where the file stands; there may be none.
    read
        Reads a network from such a file.
    form
        Name of the form, for messages.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return []
    try:
        return foreign_frames(read(path).frames)
    except CorridorsError:
        return [f"{form} of something else"]


def refuse_foreign(path: Path, foreign: list[str]) -> None:
    """Refuse to write where something stands that is no table of a network.

    Raises
    ------
    DataFileError
        Naming what would be lost.
    """
    if foreign:
        more = f" and {len(foreign) - 5} more" if len(foreign) > 5 else ""
        raise DataFileError(
            f"'{path}' holds what is no table of a network: {', '.join(foreign[:5])}{more}. Give another path, or "
            "overwrite=True (--overwrite) to replace it."
        )
