"""Flows against capacities: worked numbers, peak months, ways, bands, single tracks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import corridors as co
from support.networks import crossing, link, make, place

FLOUR = {"cargo": "wagon", "commodity": "flour"}
BASE = {"source": "s", "confidence": "A", "status": "official", "year": "2025"}


def network(*attributes: dict[str, object]) -> co.Network:
    """Rail over a border: A (KZ) --100 km-- B (KZ) --100 km-- C (UZ)."""
    rows = [{"id": f"s{n}", "mode": "rail", **BASE, **row} for n, row in enumerate(attributes)]
    return make(
        [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60), place("c", "UZ", 52, 60)],
        [link("a", "b", "rail", 100), link("b", "c", "rail", 100, crossing="x", border_km=50)],
        crossings=[crossing("x", "b", "c")],
        attributes=rows,
    )


def about(kind: str, subject: str, value: float, unit: str, **more: object) -> dict[str, object]:
    return {"kind": kind, "subject": subject, "attribute": "capacity", "value": value, "unit": unit, **more}


YEAR = 3300 * 365.0  # one loaded train a day


def test_a_stated_capacity_is_read_and_binds() -> None:
    net = network(about("section", "a--b--c", 2, "trains/day"))
    found = co.carry(net, {("a", "c"): 2 * YEAR}, **FLOUR)
    # one train there and one empty back for each: 4 a day where 2 pass
    assert found.utilisation["utilisation"].tolist() == pytest.approx([2, 2])
    assert found.pairs["carried_t"].sum() == pytest.approx(YEAR)
    assert set(found.not_carried["reason"]) == {"link a--b:rail-1520: 2 trains/day"}
    free = co.carry(net, {("a", "c"): 2 * YEAR}, capacities=None, **FLOUR)
    assert free.pairs["carried_t"].sum() == pytest.approx(2 * YEAR)
    assert not free.capacities


def test_a_plan_is_shown_and_does_not_bind() -> None:
    net = network(about("crossing", "x", 1, "pairs/day", status="plan"))
    found = net.utilisation({("a", "c"): 2 * YEAR}, **FLOUR)
    assert found.table()[["utilisation", "state", "binding"]].values.tolist() == [[pytest.approx(2), "over", False]]
    assert found.carried.pairs["carried_t"].sum() == pytest.approx(2 * YEAR)
    assert found.summary()["over"] == 0


def test_a_capacity_of_each_way_counts_one_way() -> None:
    net = network(about("crossing", "x", 100, "wagons/day", ways="each"))
    yearly = 60 * 365.0  # a wagon of 60 t a day
    table = net.utilisation({("a", "c"): 80 * yearly, ("c", "a"): 30 * yearly}, **FLOUR).table()
    assert table[["way", "utilisation"]].values.tolist() == [
        ["KZ-UZ", pytest.approx(0.8)],
        ["UZ-KZ", pytest.approx(0.3)],
    ]
    both = network(about("crossing", "x", 100, "wagons/day"))
    assert both.utilisation({("a", "c"): 80 * yearly, ("c", "a"): 30 * yearly}, **FLOUR).table()[
        "utilisation"
    ].tolist() == [pytest.approx(1.1)]


def test_the_peak_month_and_what_is_known_to_pass() -> None:
    traffic = about("crossing", "x", 50, "wagons/day", attribute="traffic", status="observed")
    net = network(about("crossing", "x", 100, "wagons/day"), traffic)
    weights = [1.31, *[1.0] * 10, 0.69]
    found = net.utilisation({("a", "c"): 50 * 60 * 365.0}, seasons={"flour": weights}, **FLOUR)
    row = found.table().iloc[0]
    assert (row["month"], row["traffic"], row["traffic_unit"]) == (1, 50, "wagons/day")
    assert row["utilisation"] == pytest.approx(0.5 * 1.31)
    assert row["tonnes"] == pytest.approx(1.31 * 50 * 60 * 365 / 12)
    assert row["trains_per_day"] == pytest.approx(2 * 1.31 * 50 * 60 / 3300)
    assert found.covered()["known"].to_dict() == {"link": 0, "crossing": 1, "terminal": 0, "port": 0}
    assert "0 of 2 links and of 1 of 1 crossings" in str(found)


def test_a_table_of_ones_own_with_sections_and_ranges() -> None:
    net = network()
    own = pd.DataFrame({"kind": ["section"], "id": ["a--c"], "mode": ["rail"], "value": [10.0], "unit": ["pairs/day"],
                        "low": [8.0], "high": [12.0], "status": ["claim"]})  # fmt: skip
    found = net.utilisation({("a", "c"): 9 * YEAR}, capacities=own, draws=400, **FLOUR)
    table = found.table()
    assert list(table["id"]) == ["a--b:rail-1520", "b--c:rail-1520"]
    row = table.iloc[0]
    assert row["utilisation"] == pytest.approx(0.9)
    assert row["p05"] == pytest.approx(9 / 12, abs=0.02)
    assert row["p95"] == pytest.approx(9 / 8, abs=0.03)
    assert 0.1 < row["p_over"] < 0.4
    again = net.utilisation({("a", "c"): 9 * YEAR}, capacities=own, draws=400, **FLOUR).table()
    pd.testing.assert_frame_equal(table, again)
    wrong = own.assign(id="a--z")
    with pytest.raises(co.InputError, match="no place 'z'"):
        net.utilisation({("a", "c"): 1}, capacities=wrong, **FLOUR)


def test_single_tracks_by_formula_where_loops_and_speed_are_given() -> None:
    tracks = {"kind": "section", "attribute": "tracks", "value": 1, "unit": "tracks"}
    loops = {"kind": "section", "attribute": "loops_km", "value": 20, "unit": "km"}
    speed = {"kind": "section", "attribute": "freight_speed_kmh", "value": 40, "unit": "km/h"}
    net = network({**tracks, "subject": "a--b--c"}, {**loops, "subject": "a--b"}, {**speed, "subject": "a--b"})
    found = net.utilisation({("a", "c"): YEAR}, **FLOUR).table()
    pairs = 1440 * 0.8 / 66  # example 8 of the design
    assert found[["id", "status", "binding"]].values.tolist() == [["a--b:rail-1520", "computed", False]]
    assert found["utilisation"].tolist() == pytest.approx([1 / pairs])
    assumed = net.utilisation({("a", "c"): YEAR}, loops_km=10, speed_kmh=30, **FLOUR).table().set_index("id")
    assert assumed.loc["a--b:rail-1520", "capacity"] == pytest.approx(pairs)  # its own go first
    assert assumed.loc["b--c:rail-1520", "capacity"] == pytest.approx(1440 * 0.8 / (20 + 20 + 6))


def test_what_was_carried_can_be_asked_again_and_belongs_to_its_network(net: co.Network) -> None:
    mine = network(about("crossing", "x", 10, "pairs/day"))
    carried = co.carry(mine, {("a", "c"): YEAR}, **FLOUR)
    assert mine.utilisation(carried).table()["utilisation"].tolist() == pytest.approx([0.1])
    free = co.carry(mine, {("a", "c"): YEAR}, capacities=None, **FLOUR)
    assert mine.utilisation(free).table()["utilisation"].tolist() == pytest.approx([0.1])
    with pytest.raises(co.InputError, match="another network"):
        net.utilisation(carried)


def test_bands_of_shares_move_the_use_of_both_ways(net: co.Network) -> None:
    flows, options = {("Kostanay", "Tashkent"): 4e6}, {"commodity": "grain", "cargo": "wagon"}
    found = net.utilisation(flows, split=True, choice=co.Logit(ways=2), draws=100, **options).table()
    row = found[found["id"] == "saryagash-keles"].iloc[0]
    assert row["p05"] < row["utilisation"] < row["p95"]
    whole = net.utilisation(flows, **options).table().set_index("id")
    assert whole.loc["kandyagash--nikeltau:rail-1520", "utilisation"] > 1
    assert np.isnan(whole.loc["kandyagash--nikeltau:rail-1520", "traffic"])
