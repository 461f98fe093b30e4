"""Waits that follow from other tables, as rows of parameters: for ships, and for the opening of crossings."""

from __future__ import annotations

import pandas as pd

from corridors.data.opening import expected_wait_h, wait_cv

WAIT_CV = 3**-0.5
"""Coefficient of variation of a wait that is uniform between zero and the headway."""


def for_ships(services: pd.DataFrame, columns: pd.Index) -> pd.DataFrame:
    """Wait for a ship as half the headway of each service.

    Parameters
    ----------
    services
        Table of the services.
    columns
        Columns of the table of parameters.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> for_ships(tables["services"][:1], tables["parameters"].columns)["value"].tolist()  # of 14 days, in h
    [168.0]
    """
    rows = services.drop_duplicates("service")
    waits = _rows(rows, columns, mode="sea", note="half the headway in the table services")
    waits["service"] = rows["service"]
    headway = rows["headway_d"]
    waits["value"] = 12.0 * headway
    waits["low"] = 12.0 * rows["headway_low_d"].fillna(headway)
    waits["high"] = 12.0 * rows["headway_high_d"].fillna(headway)
    waits["trip_cv"] = WAIT_CV
    return waits


def for_opening(crossings: pd.DataFrame, columns: pd.Index) -> pd.DataFrame:
    """Wait of a truck for the opening of each crossing whose border hours do not hold it.

    Parameters
    ----------
    crossings
        Table of the crossings.
    columns
        Columns of the table of parameters.

    >>> import corridors as co
    >>> tables = co.load().tables
    >>> row = tables["crossings"][:1].assign(open_hours="8-17", wait_in_dwell="no")
    >>> for_opening(row, tables["parameters"].columns)["value"].round(2).tolist()
    [4.69]
    """
    rows = crossings[is_waited_for(crossings)]
    waits = _rows(rows, columns, mode="road", note="for the opening, from the hours and days in the table crossings")
    waits["crossing"] = rows["id"]
    times = list(zip(rows["open_hours"], rows["open_days"], strict=True))
    for name in ("value", "low", "high"):
        waits[name] = [expected_wait_h(*hours) for hours in times]
    waits["trip_cv"] = [wait_cv(*hours) for hours in times]
    return waits


def is_waited_for(crossings: pd.DataFrame) -> pd.Series:
    """Whether trucks wait for the opening of each crossing beyond its border hours."""
    timed = (crossings["open_hours"] != "") | (crossings["open_days"] != "")
    return timed & (crossings["wait_in_dwell"] == "no")


def _rows(rows: pd.DataFrame, columns: pd.Index, *, mode: str, note: str) -> pd.DataFrame:
    """Rows of parameters with the source, year and confidence of the rows that they follow from."""
    waits = pd.DataFrame(index=rows.index, columns=columns, data="")
    waits[["component", "measure", "mode", "unit"]] = ["waiting", "hours", mode, "h"]
    waits["note"] = note
    for name in ("source", "year", "confidence"):
        waits[name] = rows.get(name, "")
    return waits
