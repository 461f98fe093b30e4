"""Quotas: a border that is shut for a good beyond its tonnage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from corridors.base.errors import InputError
from corridors.data.tables import Tables
from corridors.trade.charges import Row, charges_on, told
from corridors.trade.demand import MONTHS, Floats, Flow, FlowTable


def year_of(flows: FlowTable, date: str | None) -> str:
    """Year in which quotas are looked up: that of the flows, else of the network.

    Parameters
    ----------
    flows
        The flows, as they were given.
    date
        Date of the network.

    Raises
    ------
    InputError
        If neither has one.

    >>> year_of({("a", "b"): 1.0}, "2022-05")
    '2022'
    """
    periods = flows["period"] if isinstance(flows, pd.DataFrame) and "period" in flows else []
    for period in (*periods, date):
        text = "" if period is None or pd.isna(period) else str(period)
        if text:
            return text[:4]
    expected = "flows with a column 'period', or a network at a date: net.at('2022-05')"
    raise InputError("quotas", True, expected)


def within_quotas(tables: Tables, flows: Sequence[Flow], year: str) -> tuple[list[Flow], dict[int, str]]:
    """Flows with the tonnes that quotas let pass, then what is above them.

    Parameters
    ----------
    tables
        Tables with `duties`.
    flows
        The flows.
    year
        Year of the months.

    Returns
    -------
    list of Flow, dict of int to str
        As many flows as before, and after them one for what is above a quota of each that has some; and by the number
        of those why they are not carried. A quota by the month is shared by its flows in proportion; one in all or by
        the year is used up month by month.

    >>> import corridors as co
    >>> flow = Flow("kostanay", "kabul", "flour", np.full(12, 100_000.0))
    >>> flows, above = within_quotas(co.load().tables, [flow], "2022")
    >>> flows[0].tonnes[2:9].tolist()  # March to September
    [100000.0, 100000.0, 100000.0, 100000.0, 0.0, 0.0, 100000.0]
    >>> above[1]
    'above the export quota of 300,000 t of KZ since 2022-04-16 until 2022-09-10 (kz-flour-quota-2022)'
    """
    share = np.ones((len(flows), MONTHS))
    reasons: dict[int, dict[str, None]] = {}
    for row, months in _quotas(tables, flows, year).values():
        wanted = np.array([flow.tonnes for flow in flows]) * months
        total = wanted.sum(axis=0)
        limit = np.full(MONTHS, float(row["value"]))
        if row["unit"] != "t/month":
            before = np.concatenate([[0.0], np.cumsum(total)[:-1]])
            limit = np.maximum(limit - before, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            passes = np.where(total > limit, limit / total, 1.0)
        share = np.where(months, np.minimum(share, passes), share)
        for number in np.flatnonzero((wanted * (1 - passes)).sum(axis=1) > 0).tolist():
            reasons.setdefault(number, {})[told(row)] = None
    kept = [flow._replace(tonnes=flow.tonnes * part) for flow, part in zip(flows, share, strict=True)]
    rest = [flows[number]._replace(tonnes=flows[number].tonnes * (1 - share[number])) for number in reasons]
    told_by = {len(kept) + place: f"above the {'; '.join(some)}" for place, some in enumerate(reasons.values())}
    return [*kept, *rest], told_by


def _quotas(tables: Tables, flows: Sequence[Flow], year: str) -> dict[str, tuple[Row, Any]]:
    """Quotas by their id: the row, and in which months it holds for which flows (flows by months)."""
    found: dict[str, tuple[Row, Floats]] = {}
    for number, flow in enumerate(flows):
        if flow.commodity is None:
            continue
        ends = tables.country(flow.origin), tables.country(flow.destination)
        for month in range(MONTHS):
            charges = charges_on(tables, flow.commodity, *ends, date=f"{year}-{month + 1:02d}")
            for row in charges.named("quota"):
                months = found.setdefault(str(row["id"]), (row, np.zeros((len(flows), MONTHS), dtype=bool)))[1]
                months[number, month] = True
    return found
