"""Tonnes of suppliers before and after, over what their ways use: a response carried on to the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.errors import InputError
from corridors.trade.shares import Split
from corridors.trade.signs import ONE, percentiles, sign_of

Floats = NDArray[np.float64]


class End(NamedTuple):
    """One side of a change.

    Attributes
    ----------
    splits
        Ways of every supplier.
    ratio
        Tonnes of every supplier by those of the base.
    drawn
        Draws of it: draws by suppliers; None without draws.
    """

    splits: Mapping[str, Split]
    ratio: Floats
    drawn: Floats | None


def tonnes_over(tonnes: Mapping[str, float], before: End, after: End, by: str, *, seed: int) -> pd.DataFrame:
    """Table of tonnes by crossing, country, cargo unit, main mode or link, before and after.

    Parameters
    ----------
    tonnes
        Tonnes of every supplier in the base.
    before, after
        The sides of the change; their draws go together.
    by
        As in `Split.by`.
    seed
        Seed of the draws.

    Raises
    ------
    InputError
        If a supplier with tonnes has no ways, or their draws are others.

    >>> import corridors as co
    >>> one = {"TJ": co.split(co.load(), "Dushanbe", "Kabul", cargo="truck", choice=co.Logit(ways=1), draws=0)}
    >>> ends = End(one, np.ones(1), None), End(one, np.array([1.5]), None)
    >>> tonnes_over({"TJ": 100.0}, *ends, "mode", seed=0).loc["road"].tolist()
    [100.0, 150.0, 50.0]
    """
    names = [name for name, amount in tonnes.items() if amount]
    for end in (before, after):
        _check(end, names, seed)
    uses = [{name: end.splits[name].uses(by) for name in names} for end in (before, after)]
    things = list(dict.fromkeys(thing for some in uses for one in some.values() for thing in one))
    expected, drawn = [], []
    for end, some in zip((before, after), uses, strict=True):
        total, draws = np.zeros(len(things)), np.zeros((1, len(things)))
        for number, (name, amount) in enumerate(tonnes.items()):
            if name not in some:
                continue
            split = end.splits[name]
            use = np.array([some[name].get(thing, np.zeros(len(split.ways))) for thing in things])
            total += amount * end.ratio[number] * (use @ split.ways.shares())
            if end.drawn is not None:
                draws = draws + amount * end.drawn[:, [number]] * (split.samples() @ use.T)
        expected.append(total)
        drawn.append(draws)
    table = pd.DataFrame({"tonnes_before": expected[0], "tonnes_after": expected[1]}, pd.Index(things, name=by))
    table["change"] = table["tonnes_after"] - table["tonnes_before"]
    if after.drawn is not None:
        table = table.assign(**_band(drawn[1] - drawn[0], sum(tonnes.values())))
    return table.sort_values("tonnes_after", ascending=False, kind="stable")


def _check(end: End, names: list[str], seed: int) -> None:
    """Expect ways of every supplier with tonnes, with the draws of the response."""
    draws = 0 if end.drawn is None else len(end.drawn)
    for name in names:
        if name not in end.splits:
            raise InputError("before, after", sorted(end.splits), f"ways of every supplier with tonnes, also of {name}")
        split = end.splits[name]
        if draws and (split.draws, split.seed) != (draws, seed):
            expected = f"{draws} draws with seed {seed} as in the response, so that draw by draw all goes together"
            raise InputError("draws, seed", (split.draws, split.seed), expected)


def _band(change: Floats, total: float) -> dict[str, object]:
    """Percentiles of a change in tonnes, and its sign in words."""
    rises, falls = ((side > ONE * total).mean(axis=0) for side in (change, -change))
    return {**percentiles("", change), "sign": [sign_of(up, down) for up, down in zip(rises, falls, strict=True)]}
