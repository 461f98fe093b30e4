"""What is left of tables when rows were taken out: rows that refer to nothing go, too."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from corridors.data import closures, schema


def pruned(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Leave out rows, and items of lists, that name rows which are not there.

    >>> import corridors as co, pandas as pd
    >>> few = pruned({"places": pd.DataFrame({"id": ["a"]}), "sets": pd.DataFrame({"id": ["s"], "places": ["a;b"]})})
    >>> few["sets"]["places"].tolist()
    ['a']
    """
    made = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    before = -1
    while before != (before := sum(map(len, made.values()))):
        existing = {name: set(frame["id"]) for name, frame in made.items() if "id" in frame and name != "sources"}
        made = {name: _table(name, frame, existing) for name, frame in made.items()}
        for name in ("closures", "events"):
            if name in made:
                made[name] = made[name][_aims(made[name], made)].reset_index(drop=True)
    return made


def _aims(frame: pd.DataFrame, made: Mapping[str, pd.DataFrame]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which closures or events are about something that is there; what is misspelt is left for the checks."""
    lines = set(made["links"]["line"]) if "line" in made.get("links", ()) else set()
    kinds = schema.tables()["closures"]["kind"].choices
    there = [
        ident in lines
        if kind == "line"
        else kind not in kinds or closures.in_one_form(made, kind, ident) in closures.idents(made, kind)
        for kind, ident in zip(frame["kind"].astype(str), frame["target"].astype(str), strict=True)
    ]
    return np.array(there, dtype=bool)


def _table(name: str, frame: pd.DataFrame, existing: Mapping[str, set[str]]) -> pd.DataFrame:
    keep = np.ones(len(frame), dtype=bool)
    for column in schema.all_tables()[name].values():
        if column.name not in frame or column.refers_to not in existing:
            continue
        ids = existing[column.refers_to]
        cells = frame[column.name].where(frame[column.name].notna(), "").astype(str)
        if column.type != "list":
            there = cells.isin(ids) | (cells == "")
            if column.type == "area":
                there |= np.array([schema.is_country(cell) for cell in cells], dtype=bool)
            keep &= there.to_numpy()
            continue
        left = cells.map(lambda cell, ids=ids: schema.SEPARATOR.join(i for i in schema.items(cell) if i in ids))
        if column.required:
            keep &= ((left != "") | (cells == "")).to_numpy()
        frame = frame.assign(**{column.name: left})
    return frame[keep].reset_index(drop=True)
