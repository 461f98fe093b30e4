"""Spread and its explanation, against closed formulas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import corridors as co
from corridors.uncertainty.draws import Z95, stream
from support.networks import PARAMETERS, POSITIONS, link, make, parameter, place

PLACES = [place(i, *at) for i, at in POSITIONS.items()]


def with_rows(*rows: dict[str, object]) -> list[dict[str, object]]:
    """Replace parameters of the fixture by rows with the same keys."""
    keys = ("component", "measure", "mode", "direction", "cargo")
    new = {tuple(r.get(k) for k in keys): r for r in rows}
    return [new.pop(tuple(r.get(k) for k in keys), r) for r in PARAMETERS] + list(new.values())


def one_leg(**ends: float) -> co.Network:
    speed = parameter("line_haul", "hours", 25, "km/h", mode="road", **ends)
    stops = parameter("stops", "hours", 0, "h/1000km", mode="road")
    return make(PLACES, [link("c", "d", "road", 500)], parameters=with_rows(speed, stops))


def test_trip_spread_of_one_leg_is_lognormal() -> None:
    route = one_leg(trip_cv=0.3).route("c", "d", cargo="truck")
    found = route.distribution(draws=40_000, seed=1)
    sigma = np.sqrt(np.log1p(0.3**2))
    assert found.expected == 20
    assert found.mean == pytest.approx(20, rel=0.01)
    for percent, z in ((5, -Z95), (50, 0), (95, Z95)):
        assert found.percentile(percent) == pytest.approx(20 * np.exp(sigma * z - sigma**2 / 2), rel=0.02)
    p95 = 20 * np.exp(sigma * Z95 - sigma**2 / 2)
    assert found.buffer_index == pytest.approx((p95 - 20) / 20, abs=0.03)
    assert found.planning_time_index == pytest.approx(p95 / 20, rel=0.02)


def test_knowledge_keeps_the_mean_and_the_range() -> None:
    route = one_leg(low=20, high=31.25).route("c", "d", cargo="truck")
    found = route.distribution(draws=40_000, spread="knowledge")
    assert found.mean == pytest.approx(20, rel=0.01)
    assert found.percentile(95) / found.percentile(5) == pytest.approx(31.25 / 20, rel=0.02)
    assert np.ptp(route.distribution(draws=50, spread="trip").samples) == 0


def test_a_range_from_zero_is_drawn_too() -> None:
    stops = parameter("stops", "hours", 10, "h/1000km", mode="road", low=0, high=40)
    net = make(PLACES, [link("c", "d", "road", 500)], parameters=with_rows(stops))
    found = net.route("c", "d", cargo="truck").distribution(draws=40_000)
    assert found.mean == pytest.approx(25, rel=0.01)
    assert 20 <= found.samples.min() < found.samples.max() <= 40


def test_same_seed_same_draws_whatever_else_is_in_the_table(line: co.Network) -> None:
    rows = [{**r, "trip_cv": 0.4, "low": r["value"] * 0.8, "high": r["value"] * 1.5} for r in PARAMETERS]
    links = line.tables["links"].to_dict("records")
    parts = {n: line.tables[n].to_dict("records") for n in ("crossings", "terminals")}
    small = make(PLACES, links, parameters=rows, **parts)
    more = parameter("line_haul", "hours", 99, "km/h", link="c--d:rail-1520", low=80, high=120, trip_cv=0.9)
    far = link("a", "c", "road", 5, crossing="x", border_km=1, status="planned", id="far")
    large = make(PLACES, [far, *links], parameters=[more, *rows], **parts)
    ends = ("b", "c")
    first = small.route(*ends).distribution(draws=500, seed=3).samples
    assert np.array_equal(first, large.route(*ends).distribution(draws=500, seed=3).samples)
    assert not np.array_equal(first, small.route(*ends).distribution(draws=500, seed=4).samples)


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1, 2**32, 2**70 + 3])
def test_streams_are_those_of_the_seed_and_the_bytes_of_the_name(seed: int) -> None:
    expected = np.random.default_rng([seed, *"trip/é".encode()]).standard_normal(4)
    assert stream(seed, "trip/é").standard_normal(4).tolist() == expected.tolist()


def test_splitting_a_link_changes_neither_mean_nor_spread() -> None:
    speed = parameter("line_haul", "hours", 25, "km/h", mode="road", low=20, high=30, trip_cv=0.3)
    rows = with_rows(speed)
    whole = make(PLACES, [link("c", "e", "road", 500)], parameters=rows)
    split = make(PLACES, [link("c", "d", "road", 200), link("d", "e", "road", 300)], parameters=rows)
    one, two = (n.route("c", "e", cargo="truck").distribution(draws=300).samples for n in (whole, split))
    np.testing.assert_allclose(one, two)


def test_p95_of_a_route_is_not_the_sum_of_its_parts(line: co.Network) -> None:
    spread = [{**r, "trip_cv": 0.6} for r in PARAMETERS]
    parts = {n: line.tables[n].to_dict("records") for n in ("links", "crossings", "terminals")}
    links = parts.pop("links")
    route = make(PLACES, links, parameters=spread, **parts).route("a", "e")
    whole = route.distribution(draws=5000).percentile(95)
    by_part = 0.0
    for name in {r["component"] for r in spread}:
        only = [{**r, "trip_cv": 0.6 if r["component"] == name else 0} for r in PARAMETERS]
        alone = make(PLACES, links, parameters=only, **parts).route("a", "e").distribution(draws=5000)
        by_part += alone.percentile(95) - alone.expected
    assert whole < route.hours + by_part


def test_sensitivity_is_exact(line: co.Network) -> None:
    wide = line.with_parameters({"border/hours": {"low": 1, "high": 9}}).route("a", "e").sensitivity("hours")
    total = line.route("a", "e").hours
    assert list(wide.loc["border/hours", ["at_low", "at_high"]]) == pytest.approx([total - 3, total + 5])
    assert wide.index[0] == "border/hours"
    table = line.route("a", "e").sensitivity("hours")
    for name in table.index:
        factor = 1.1 if "line_haul" not in name else 1 / 1.1
        changed = line.with_parameters(scale={name: factor}).route("a", "e", by="distance")
        assert changed.hours - line.route("a", "e").hours == pytest.approx(table.loc[name, "change"])
    assert table["change"].sum() == pytest.approx(0.1 * line.route("a", "e").hours)


def test_breakdown_by_country_adds_up(line: co.Network) -> None:
    route = line.route("a", "e")
    parts = route.breakdown("country")
    assert parts["hours"].sum() == pytest.approx(route.hours)
    assert parts.loc["KZ-UZ", "hours"] == 10


def test_override_by_parts_of_a_name(line: co.Network) -> None:
    changed = line.with_parameters({"border/entry/hours": 20, "line_haul/rail/hours": {"value": 40, "low": 30}})
    route = changed.route("a", "e")
    assert route.hours == pytest.approx(260 / 40 + 260 * 0.02 + 4 + 20 + 24 + 10)
    kinds = route.assumptions().set_index("name")["kind"]
    assert kinds["border/entry/hours"] == "overridden"
    assert kinds["border/hours"] == "published"
    assert line.route("a", "e").hours < route.hours


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"boarder/hours": 1}, "no parameter 'boarder/hours'.*Near matches: border/hours"),
        ({"border/hours": -1}, "0 <= low"),
        ({"border/hours": {"low": 9}}, "0 <= low <= value"),
        ({"border/hours": {"mean": 9}}, "has value, low, high"),
        ({"line_haul/rail/hours": 0}, "a speed is positive"),
        ("nowhere.toml", "cannot be read as TOML"),
    ],
)
def test_wrong_overrides(line: co.Network, changes: object, match: str) -> None:
    with pytest.raises(co.CorridorsError, match=match):
        line.with_parameters(changes)  # type: ignore[arg-type]


def test_wrong_scale_and_draws(line: co.Network) -> None:
    with pytest.raises(co.InputError, match="is positive"):
        line.with_parameters(scale={"border/hours": 0})
    with pytest.raises(co.InputError, match="draws"):
        line.route("a", "e").distribution(draws=0)
    with pytest.raises(co.InputError, match="measure"):
        line.route("a", "e").distribution("beauty")


def test_overrides_from_a_file_and_a_whole_table(line: co.Network, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('"border/entry/hours" = 20\n"border/hours" = {value = 5, low = 1, high = 9}\n')
    from_file = line.with_parameters(path)
    assert from_file.route("a", "e").hours == pytest.approx(line.route("a", "e").hours + 14 + 1)
    table = line.tables["parameters"].assign(value=lambda t: t["value"].where(t["component"] != "border", 0))
    table = table.assign(low=table[["low", "value"]].min(axis=1))
    assert line.with_parameters(table).route("a", "e").hours == pytest.approx(line.route("a", "e").hours - 10)
    with pytest.raises(co.SchemaError, match="unknown column 'valu'"):
        line.with_parameters(table.rename(columns={"value": "valu"}))


def test_overriding_one_value_keeps_the_draws_of_the_others(line: co.Network) -> None:
    spread = {name: {"low": 0.5 * v, "high": 2 * v} for name, v in (("border/hours", 4), ("gauge_change/hours", 24))}
    one = line.with_parameters(spread)
    other = one.with_parameters({"border/entry/hours": 60})
    first, second = (n.route("a", "e").distribution(draws=100, seed=8).samples for n in (one, other))
    np.testing.assert_allclose(second - first, 54)


def test_value_of_time_by_commodity(net: co.Network) -> None:
    assert net.value_of_time("container", "fruit") == pytest.approx(900 * 0.025 / 24)
    slow = net.route("Almaty", "Karachi", commodity="metals")
    fast = net.route("Almaty", "Karachi", commodity="machinery")
    assert slow.cost_usd_t <= fast.cost_usd_t
    assert fast.hours <= slow.hours


def test_indices_of_a_total_of_zero_are_no_numbers() -> None:
    rows = [row for row in PARAMETERS if row["component"] != "line_haul" or row["measure"] != "emissions"]
    free = [parameter("line_haul", "emissions", 0, "g/tkm", mode=mode) for mode in ("rail", "road")]
    net = make(PLACES, [link("c", "d", "road", 500)], parameters=[*rows, *free])
    spread = net.route("c", "d", cargo="truck").distribution("co2e", draws=10)
    assert spread.mean == 0
    assert np.isnan([spread.buffer_index, spread.planning_time_index]).all()
    assert np.isnan(spread.summary()["buffer_index"])


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"draws": 0}, "a whole number of draws, 1 or more"),
        ({"draws": 1.5}, "whole number"),
        ({"draws": "3"}, "whole number"),
        ({"seed": -1}, "seed=-1"),
        ({"seed": "x"}, "a whole number"),
        ({"spread": "wide"}, "one of both, trip, knowledge"),
    ],
)
def test_draws_that_cannot_be_made_are_refused_everywhere(options: dict[str, object], match: str) -> None:
    net = one_leg(low=20, high=30)
    route, asked = net.route("c", "d", cargo="truck"), {"draws": 5, **options}
    for call in (
        lambda: route.distribution(**asked),
        lambda: route.distribution("distance", **asked),
        lambda: net.matrix_draws(["c"], ["d"], cargo="truck", **asked),
        lambda: co.simulate(net, ["c"], ["d"], cargo="truck", **asked),
    ):
        with pytest.raises(co.InputError, match=match):
            call()


def test_the_parameters_of_a_network_cannot_be_written(net: co.Network) -> None:
    for vector in (net.tables.theta.value, net.tables.theta.low, net.tables.theta.high):
        with pytest.raises(ValueError, match="read-only"):
            vector[0] = 1.0


def test_planning_time_index_of_generalized_cost_is_usd_over_usd() -> None:
    """500 km: 20 h of driving and 25 USD/t; with a value of time of 1 USD/t and hour movement alone costs 45 USD/t."""
    net = make(PLACES, [link("c", "d", "road", 500)])
    spread = net.route("c", "d", cargo="truck", vot_usd_t_h=1).distribution("generalized", draws=10)
    assert spread.free == pytest.approx(20 + 25)
    assert spread.expected == pytest.approx(20 + 5 + 25)
    assert spread.planning_time_index == pytest.approx(spread.percentile(95) / 45)
