"""Tables of a network with some of them changed, checked anew, and with its own parameters kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from corridors.data.tables import Tables, make_tables


def renewed_tables(tables: Tables, frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Check changed tables; lines, date and overrides of parameters stay.

    Parameters
    ----------
    tables
        Tables of the network.
    frames
        The changed ones by name.

    Raises
    ------
    SchemaError
        Naming what does not fit.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> renewed_tables(tables, {"links": tables["links"].assign(note="")})["links"]["note"].unique().tolist()
    ['']
    """
    new = make_tables(
        {**tables.frames, **frames}, as_of=tables.as_of, read_alignments=tables.read_alignments, checked=tables
    )
    return replace(new, overrides=tables.overrides, overridden=tables.overridden)
