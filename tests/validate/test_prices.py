"""Published prices against the model: units, what a price holds, groups, and the naive rate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.validate import prices
from corridors.validate.scores import mean_of_others
from support.networks import PARAMETERS, link, make, parameter, place

ROW = {"from_id": "a", "to_id": "b", "cargo": "truck", "unit": "truck", "low_usd": 100, "high_usd": 100,
       "kind": "quote", "modes": "road"}  # fmt: skip


@pytest.fixture
def road() -> co.Network:
    """A -100 km- B by road at 0.08 USD per tonne-km there, 0.02 back and a charge of 1 USD/t."""
    rates = [
        parameter("line_haul", "cost", 0.08, "USD/tkm", mode="road", direction="head-haul"),
        parameter("line_haul", "cost", 0.02, "USD/tkm", mode="road", direction="back-haul"),
        parameter("charge", "cost", 1, "USD/t", mode="road"),
    ]
    spots = [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60)]
    return make(spots, [link("a", "b", "road", 100, head_haul="to")], parameters=[*PARAMETERS, *rates])


def one(net: co.Network, **changes: object) -> pd.Series:
    return prices(net, pd.DataFrame([{**ROW, **changes}]), draws=20).table().iloc[0]


@pytest.mark.parametrize(("unit", "usd"), [("tonne", 9), ("truck", 180), ("feu", 180), ("teu", 180 * 0.64)])
def test_prices_are_of_one_unit(road: co.Network, unit: str, usd: float) -> None:
    row = one(road, unit=unit)
    assert row["p50"] == pytest.approx(usd)
    assert row["log_error"] == pytest.approx(np.log(usd / 100))


def test_a_price_holds_what_its_row_says(road: co.Network) -> None:
    assert one(road, empty_return="yes")["p50"] == pytest.approx(180 + 40)
    assert one(road, components="line_haul")["p50"] == pytest.approx(160)
    with pytest.raises(co.DataFileError, match="holds no cost"):
        one(road, components="border")


def test_groups_say_what_counts(road: co.Network) -> None:
    rows = [ROW, {**ROW, "in_sample": "yes"}, {**ROW, "conditions": "closed border"}, {**ROW, "kind": "claim"},
            {**ROW, "to_id": "nowhere"}, {**ROW, "usable": "no"}]  # fmt: skip
    found = prices(road, pd.DataFrame(rows).fillna(""), draws=20).table()
    assert found["group"].tolist() == ["counted", "in-sample", "special", "apart", "not routed"]


def test_wrong_units_are_named(road: co.Network) -> None:
    with pytest.raises(co.DataFileError, match="unit 'barrel'"):
        one(road, unit="barrel")


def test_the_naive_rate_is_that_of_the_others_of_the_mode() -> None:
    rates = np.array([0.1, 0.2, 0.4, 0.8, 9.0])
    counted = np.array([True, True, True, True, False])
    found = mean_of_others(rates, counted, np.array(["road"] * 4 + ["sea"], dtype=object))
    assert found[0] == pytest.approx(0.4)
    assert found[3] == pytest.approx(0.2)
    assert found[4] == pytest.approx(np.sqrt(0.2 * 0.4)), "too few of its mode, so all counted rows"


def test_bundled_prices_meet_the_model(net: co.Network) -> None:
    found = prices(net, draws=200)
    counted = found.summary().set_index(["group", "mode"]).loc[("counted", "all")]
    assert counted["rows"] >= 19, "rows leave the test only when a rate was taken from them"
    assert counted["median_abs_log_error"] < np.log(1.4), "a later change of rates must not undo this in silence"
    scores = found.scores()
    assert scores.loc[scores["of"] == "all", "better"].item() == "model"
    assert "Interval scores" in str(found)
