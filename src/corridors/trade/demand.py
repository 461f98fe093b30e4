"""Flows to be carried, in one form: tonnes by origin, destination, good and month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import AmbiguousNameError, InputError, UnknownNameError
from corridors.base.names import fold, near
from corridors.data.countries import country_code
from corridors.data.tables import Tables

Floats = NDArray[np.float64]

FlowTable: TypeAlias = "pd.DataFrame | Mapping[tuple[str, str], float]"
"""Tonnes of pairs: a table with the columns origin, destination and tonnes, or numbers by pair.

Further columns: `commodity`, and `period` (a year, or a month such as 2024-03).
"""

Seasons: TypeAlias = Mapping[str, Sequence[float]]
"""Twelve weights of months by good; their mean counts as one."""

MONTHS = 12

MOST_TONNES = 1e12
"""Tonnes that one row may have: a hundred times what the world ships in a year."""

_MONTH = re.compile(r"\d{4}-(\d{2})(?:-\d{2})?")

ENDS = ("origin", "destination")


class Flow(NamedTuple):
    """Tonnes of one pair and good.

    Attributes
    ----------
    origin, destination
        Ids of the places.
    commodity
        Id of the good; None where no good is named.
    tonnes
        Tonnes in each of the twelve months.
    """

    origin: str
    destination: str
    commodity: str | None
    tonnes: Floats


def demand(
    tables: Tables,
    flows: FlowTable,
    *,
    commodity: str | None = None,
    seasons: Seasons | None = None,
    towns: Mapping[str, Mapping[str, float]] | None = None,
) -> list[Flow]:
    """Flows of a table, with places found by name, goods known, and tonnes by month.

    Parameters
    ----------
    tables
        Tables of the network.
    flows
        Tonnes of pairs, in a year or in months.
    commodity
        Good of the rows without one.
    seasons
        Weights of months by good, instead of the profiles of the tables (column `season` of the good, table `seasons`);
        where there are none, yearly tonnes are spread evenly.
    towns
        Places that stand for an origin or destination, such as a country, with their weights.

    Raises
    ------
    InputError
        If a column is missing, tonnes are no numbers of zero or more, the rows are of several years or of several
        statistics (which are never added), a weight is not possible, or `towns` writes a name of the rows otherwise.
    UnknownNameError, AmbiguousNameError
        If there is no such place or good.

    >>> import corridors as co
    >>> rows = demand(co.load().tables, {("KZ", "Kabul"): 120}, towns={"KZ": {"Kostanay": 3, "Astana": 1}})
    >>> [(row.origin, float(row.tonnes.sum())) for row in rows]
    [('kostanay', 90.0), ('astana', 30.0)]
    """
    table = _frame(flows)
    _check_towns(tables, table, towns or {})
    profiles = {**season_weights(tables), **(seasons or {})}
    found: dict[tuple[str, str, str | None], Floats] = {}
    for number, row in enumerate(table.to_dict("records")):
        good = str(row["commodity"]) if _given(row.get("commodity")) else commodity
        if good is not None:
            tables.find("commodities", good)
        months = _tonnes(row["tonnes"], number) * _weights(row.get("period"), good, profiles)
        for (origin, destination), share in _pairs(tables, row, towns or {}):
            key = origin, destination, good
            found[key] = found.get(key, np.zeros(MONTHS)) + share * months
    return [Flow(*key, months) for key, months in found.items()]


def season_weights(tables: Tables) -> dict[str, list[float]]:
    """Twelve weights of months by good, of the goods whose season the tables tell.

    Parameters
    ----------
    tables
        Tables of the network; those without seasons tell none.

    >>> import corridors as co
    >>> all(len(weights) == 12 for weights in season_weights(co.load().tables).values())
    True
    """
    table, goods = tables.frames.get("seasons"), tables["commodities"]
    if table is None or "season" not in goods:
        return {}
    profiles = {
        str(name): rows.sort_values("month")["weight"].astype(float).tolist() for name, rows in table.groupby("profile")
    }
    named = zip(goods["id"].astype(str), goods["season"].fillna("").astype(str), strict=True)
    return {ident: profiles[season] for ident, season in named if season in profiles}


def _frame(flows: FlowTable) -> pd.DataFrame:
    """Flows as a table with the columns that are needed, of one year and one statistic."""
    if isinstance(flows, pd.DataFrame):
        table = flows
    else:
        bad = next((key for key in flows if not isinstance(key, tuple) or len(key) != len(ENDS)), None)
        if bad is not None:
            raise InputError("flows", bad, "tonnes by pair (origin, destination), or a table")
        table = pd.DataFrame([(*pair, tonnes) for pair, tonnes in flows.items()], columns=[*ENDS, "tonnes"])
    for name in (*ENDS, "tonnes"):
        if name not in table:
            hints = near(name, map(str, table.columns), most=1)
            meant = f"; did you mean '{hints[0]}' by it?" if hints else ""
            raise InputError("flows", list(map(str, table.columns)), f"a column '{name}'{meant}")
    if not len(table):
        raise InputError("flows", [], "at least one row")
    periods = [str(period) for period in table.get("period", pd.Series(dtype=object)) if _given(period)]
    years = {period[:4] if "/" not in period else period for period in periods}  # a span is a year of its own
    if len(years) > 1:
        raise InputError("flows", sorted(years), "rows of one year; choose it with flows[flows['period'] == ...]")
    for name in ("statistic", "statistic_of"):
        if name in table and table[name].nunique() > 1:
            told = sorted(map(str, table[name].unique()))
            raise InputError("flows", told, "rows of one statistic: those of exporter and importer are never added")
    return table


def _given(cell: object) -> bool:
    """Whether a cell holds something."""
    return cell is not None and not (isinstance(cell, float) and np.isnan(cell)) and cell is not pd.NA and cell != ""


def _tonnes(cell: object, number: int) -> float:
    """Tonnes of a row."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | np.number):
        raise InputError("flows", cell, f"row {number} has tonnes as a number")
    tonnes = float(cell)
    if not 0 <= tonnes <= MOST_TONNES:
        raise InputError("flows", tonnes, f"row {number} has tonnes of zero or more, {MOST_TONNES:g} at most")
    return tonnes


def _weights(period: object, good: str | None, seasons: Seasons) -> Floats:
    """Share of the tonnes of a row in each month."""
    if month := _MONTH.fullmatch(str(period) if _given(period) else ""):
        number = int(month[1])
        if not 1 <= number <= MONTHS:
            raise InputError("period", str(period), "a year, or a month such as 2024-03")
        return np.asarray(np.eye(MONTHS)[number - 1])
    if good is None or good not in seasons:
        return np.full(MONTHS, 1 / MONTHS)
    weights: Floats = np.array(list(seasons[good]), dtype=float)
    if weights.shape != (MONTHS,) or not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise InputError("seasons", weights.tolist(), f"twelve weights of zero or more for {good}")
    return np.asarray(weights / weights.sum())


def _pairs(
    tables: Tables, row: Mapping[Any, Any], towns: Mapping[str, Mapping[str, float]]
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield pairs of places with their shares of a row; what would go from a place to itself is left out."""
    ends = [_places(tables, str(row[name]), towns) for name in ENDS]
    pairs = {(o, d): a * b for o, a in ends[0].items() for d, b in ends[1].items() if o != d}
    total = sum(pairs.values())
    if not total:
        raise InputError("flows", (row["origin"], row["destination"]), "two different places")
    for pair, share in pairs.items():
        if share:
            yield pair, share / total


def _check_towns(tables: Tables, table: pd.DataFrame, towns: Mapping[str, Mapping[str, float]]) -> None:
    """Refuse a key that is another spelling of a name in the rows: its weights would be left aside."""
    named = dict.fromkeys(str(name) for end in ENDS for name in table[end])
    unused = [str(key) for key in towns if key not in named]
    if not unused:
        return
    meanings = {meaning: name for name in named if name not in towns for meaning in _meanings(tables, name)}
    for key in unused:
        if name := next((meanings[one] for one in _meanings(tables, key) if one in meanings), ""):
            raise InputError("towns", key, f"the name as the flows write it, '{name}'")


def _meanings(tables: Tables, name: str) -> set[str]:
    """What a name may stand for: its letters, a country, a place."""
    found = {f"letters {fold(name)}", f"country {country_code(name)}"} - {"letters ", "country "}
    try:
        return found | {f"place {tables.place(name)}"}
    except (UnknownNameError, AmbiguousNameError):
        return found


def _places(tables: Tables, name: str, towns: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Places that a name stands for, with weights."""
    if name not in towns:
        try:
            return {tables.place(name): 1.0}
        except UnknownNameError as error:
            if name not in set(tables.column("places", "country")):
                raise
            hint = f"A country sells from places: say which, with towns={{'{name}': {{place: weight}}}}."
            raise UnknownNameError("place", name, error.matches, hint) from None
    found = {tables.place(place): float(weight) for place, weight in towns[name].items()}
    if not all(0 <= weight < np.inf for weight in found.values()) or not any(found.values()):
        raise InputError("towns", dict(towns[name]), f"weights of zero or more for the places of {name}")
    return found
