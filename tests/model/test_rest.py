"""Rests of drivers: by hand, against all plans of rests, and what must never happen."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.data.tables import make_tables
from corridors.model.rest import Rest
from support.networks import COMMODITIES, PARAMETERS, RESTS, crossing, link, make, parameter, place, terminal
from support.strategies import IDS, networks

WITH_RESTS = [*PARAMETERS, *RESTS]
"""A km by road takes 0.04 h of driving and 0.01 h of stops; a border takes 4 h to leave and 6 h to enter."""

KZ = [place(ident, "KZ", 50, 60 + number) for number, ident in enumerate("abcd")]


def road(*km: float, parameters: list[Any] | None = None) -> co.Network:
    """A road a-b-c-d of so many km."""
    links = [
        link(first, second, "road", length) for (first, second), length in zip(["ab", "bc", "cd"], km, strict=False)
    ]
    return make(KZ, links, parameters=parameters or WITH_RESTS)


def rest_h(route: co.Route) -> float:
    return float(route.breakdown().loc["rest", "hours"])


@pytest.mark.parametrize(
    ("hours", "rests"), [(2, 0), (8.99, 0), (9, 0), (9.5, 1), (18, 1), (18.5, 2), (27, 2), (40, 4)]
)
def test_rests_of_one_link_by_hand(hours: float, rests: int) -> None:
    route = road(25 * hours).route("a", "b", cargo="truck")
    assert rest_h(route) == 11 * rests
    assert route.hours == pytest.approx(hours * 1.25 + 11 * rests)


def test_a_rest_stands_where_the_shift_is_used_up() -> None:
    steps = road(200, 100, 100).route("a", "d", cargo="truck").steps
    # 8, 12 and 16 h of driving at the ends of the links, with 0.01 h of stops per km
    assert steps["hours"].tolist() == pytest.approx([10, 5 + 11, 5])
    assert steps["cum_hours"].tolist() == pytest.approx([10, 26, 31])


def border(before_km: float, after_km: float, exit_h: float, entry_h: float, **rows: float) -> co.Network:
    """A road over a border with a link on either side."""
    places = [place("a", "KZ", 50, 60), place("b", "KZ", 50, 61), place("c", "UZ", 50, 62), place("d", "UZ", 50, 63)]
    links = [
        link("a", "b", "road", before_km),
        link("b", "c", "road", 0, crossing="x", border_km=0),
        link("c", "d", "road", after_km),
    ]
    own = [
        parameter("border", "hours", exit_h, "h", crossing="x", direction="exit"),
        parameter("border", "hours", entry_h, "h", crossing="x", direction="entry"),
    ]
    rests = [
        {**row, **dict.fromkeys(("value", "low", "high"), rows.get(row["component"], row["value"]))} for row in RESTS
    ]
    return make(places, links, crossings=[crossing("x", "b", "c")], parameters=[*PARAMETERS, *rests, *own])


@pytest.mark.parametrize(
    ("before_h", "after_h", "stop_h", "rest"),
    [
        (4, 4, 12, 0),  # within a shift
        (8, 8, 13, 0),  # 2 h awake and 11 h of rest
        (8, 8, 12, 1),  # 1 h is lacking
        (8, 8, 10, 3),
        (8, 8, 2, 11),  # no rest at all in the stop
        (8, 8, 0, 11),
        (10, 8, 13, 11),  # the shift is used up before the border
        (8, 10, 13, 11),  # and after it
        (10, 10, 13, 22),
        (10, 10, 1, 22),  # 20 h of driving
        (6, 20, 9, 22),  # two rests on 26 h: a rest at the border would need two more after it
    ],
)
def test_a_stop_at_a_border_by_hand(before_h: float, after_h: float, stop_h: float, rest: float) -> None:
    route = border(25 * before_h, 25 * after_h, stop_h / 2, stop_h / 2).route("a", "d", cargo="truck")
    assert rest_h(route) == pytest.approx(rest)


def test_the_layover_is_a_parameter() -> None:
    net = border(200, 200, 4, 4)
    assert rest_h(net.route("a", "d", cargo="truck")) == pytest.approx(5)
    awake = net.with_parameters({"layover/road/hours": 0})
    assert rest_h(awake.route("a", "d", cargo="truck")) == pytest.approx(3)


def test_a_crew_of_two_is_two_parameters() -> None:
    net = road(400)  # 16 h of driving
    crew = net.with_parameters({"shift/road/hours": 18, "rest/road/hours": 8})
    assert rest_h(net.route("a", "b", cargo="truck")) == 11
    assert rest_h(crew.route("a", "b", cargo="truck")) == 0
    assert rest_h(road(500).with_parameters({"shift/road/hours": 18, "rest/road/hours": 8}).route("a", "b")) == 8


def test_another_vehicle_is_another_driver() -> None:
    # 8 h by road to the railway, 10 km by rail, 8 h by road from it
    links = [link("a", "b", "road", 200), link("b", "c", "rail", 10, "1520"), link("c", "d", "road", 200)]
    terminals = [terminal("b", "road", "rail-1520"), terminal("c", "road", "rail-1520")]
    net = make(KZ, links, terminals=terminals, parameters=WITH_RESTS)
    route = net.route("a", "d", cargo="container")
    assert route.modes == ["road", "rail", "road"]
    assert rest_h(route) == 0
    longer = make(KZ, [link("a", "b", "road", 250), *links[1:]], terminals=terminals, parameters=WITH_RESTS)
    assert rest_h(longer.route("a", "d", cargo="container")) == 11
    assert rest_h(longer.route("a", "d", cargo="wagon", min_rail_share=0)) == 11


def test_shifts_may_differ_by_country() -> None:
    # 10 h of driving where a shift has 12 h, and 2 h where it has 9 h: 0.83 + 0.22 shifts
    longer = parameter("shift", "hours", 12, "h", mode="road", country="KZ")
    places = [place("a", "KZ", 50, 60), place("b", "KZ", 50, 61), place("c", "UZ", 50, 62), place("d", "UZ", 50, 63)]
    links = [
        link("a", "b", "road", 250),
        link("b", "c", "road", 0, crossing="x", border_km=0),
        link("c", "d", "road", 50),
    ]
    quick = parameter("border", "hours", 0, "h", crossing="x")
    rows = [*(row for row in WITH_RESTS if row["component"] != "border"), quick, longer]
    rows.append(parameter("border", "cost", 3, "USD/t"))
    steps = (
        make(places, links, crossings=[crossing("x", "b", "c")], parameters=rows).route("a", "d", cargo="truck").steps
    )
    assert steps["hours"].tolist() == pytest.approx([12.5, 0, 2.5 + 11])


# sums of a way


@pytest.fixture
def net() -> co.Network:
    return border(300, 500, 5, 5)


def test_everything_that_sums_along_a_route_has_the_same_rests(net: co.Network) -> None:
    route = net.route("a", "d", cargo="truck")
    # 32 h of driving: 3 rests; with the border 1 before it, 2 after it and 3 h at it, which is no less
    expected = 40 + 33 + 10
    assert route.hours == pytest.approx(expected)
    assert rest_h(route) == pytest.approx(33)
    assert route.steps["hours"].sum() == pytest.approx(expected)
    assert route.legs["cum_hours"].iloc[-1] == pytest.approx(expected)
    assert route.breakdown("country")["hours"].sum() == pytest.approx(expected)
    assert route.profile(draws=50)["expected"].iloc[-1] == pytest.approx(expected)
    # without spread a draw is the expected value
    assert route.profile(draws=50)["p95"].iloc[-1] == pytest.approx(expected)
    assert route.distribution(draws=50).samples == pytest.approx(expected)
    used = route.assumptions().set_index("name")
    assert used.loc["rest/road/hours", "amount"] == pytest.approx(33)
    assert route.sensitivity(change_pct=10).loc["rest/road/hours", "change"] == pytest.approx(3.3)
    assert route.generalized_usd_t == pytest.approx(route.cost_usd_t + route.problem.vot_usd_t_h * expected)
    assert route.summary()["hours"] == route.to_dict()["hours"] == route.hours


def test_a_route_without_rest_does_not_name_it() -> None:
    route = road(50).route("a", "b", cargo="truck")
    assert "rest/road/hours" not in set(route.assumptions()["name"])
    assert "rest/road/hours" not in route.sensitivity().index
    assert rest_h(route) == 0


def test_rests_may_cost_money() -> None:
    fee = parameter("rest", "cost", 1.5, "USD/t", mode="road")
    route = road(475, parameters=[*WITH_RESTS, fee]).route("a", "b", cargo="truck")  # 19 h
    assert route.cost_usd_t == pytest.approx(475 * 0.05 + 2 * 1.5)
    assert route.breakdown().loc["rest", "cost_usd_t"] == pytest.approx(3)


@pytest.mark.parametrize("measure", ["hours", "cost", "distance", "co2e", "generalized"])
def test_a_matrix_has_what_routes_have(net: co.Network, measure: str) -> None:
    column = {"cost": "cost_usd_t", "distance": "km", "co2e": "co2e_kg_t", "generalized": "generalized_usd_t"}
    table = net.matrix(list("abcd"), list("abcd"), measure, by="generalized", cargo="truck")
    for (first, second), route in net.routes(list("abcd"), list("abcd"), cargo="truck").items():
        assert route is not None
        assert table.loc[first, second] == pytest.approx(getattr(route, column.get(measure, measure)), rel=1e-12)
        assert route.hours == pytest.approx(net.route(first, second, cargo="truck").hours)


def test_a_comparison_has_what_routes_have(net: co.Network) -> None:
    crew = net.with_parameters({"shift/road/hours": 18})
    table = co.compare({"base": net, "crew": crew}, ["a"], ["d"], cargo="truck").pairs()
    # 32 h of driving and 10 h of borders: 3 rests, or 1
    assert sorted(table["hours"].round(6), reverse=True) == [40 + 10 + 33, 40 + 10 + 11]


def test_draws_with_a_way_of_their_own_have_rests(net: co.Network) -> None:
    route = net.route("a", "d", cargo="truck", via="b")
    assert route.distribution(draws=3, adapt=True).samples == pytest.approx(route.hours)
    assert route.distribution("generalized", draws=3, adapt=True).samples == pytest.approx(route.generalized_usd_t)


@pytest.mark.parametrize(
    "changes",
    [{"line_haul/road/hours": 50}, {"shift/road/hours": 12}, {"rest/road/hours": 9}, {"border/x/exit/hours": 20}],
)
def test_other_parameters_give_other_rests(net: co.Network, changes: dict[str, float]) -> None:
    changed = net.with_parameters(changes)
    net.route("a", "d", cargo="truck")  # the expansion of before is there to be kept
    anew = co.Network(make_tables({**net.tables.frames, "parameters": changed.tables.parameters}, as_of="2026-11"))
    found, expected = (n.route("a", "d", cargo="truck") for n in (changed, anew))
    assert found.hours == pytest.approx(expected.hours, rel=1e-12)
    assert found.objective_value == pytest.approx(expected.objective_value, rel=1e-12)
    assert found.hours != pytest.approx(net.route("a", "d", cargo="truck").hours)


# the rule itself


@st.composite
def ways(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Driving in shifts and what is lacking at stops, edge by edge: driving and stops do not share an edge."""
    count = draw(st.integers(1, 9))
    shifts, lacking = [], []
    for _ in range(count):
        drives = draw(st.booleans())
        shifts.append(draw(st.floats(0.01, 2.5)) if drives else 0.0)
        lacking.append(1.0 if drives else draw(st.sampled_from([0.0, 1.0]) | st.floats(0, 1)))
    return shifts, lacking


def rests_of(shifts: list[float], lacking: list[float]) -> float:
    rest = Rest(np.array(shifts), np.array(lacking), {"hours": 0}, {"hours": 11.0})
    return float(rest.on(np.arange(len(shifts))).sum())


def needed(shifts: float) -> float:
    return max(math.ceil(shifts - 1e-9) - 1, 0)


def by_all_plans(shifts: list[float], lacking: list[float]) -> float:
    """Least sum of rests over all choices of stops at which drivers rest."""
    stops = [number for number, share in enumerate(lacking) if share < 1]
    sums = []
    for size in range(len(stops) + 1):
        for chosen in itertools.combinations(stops, size):
            total, driven = sum(lacking[number] for number in chosen), 0.0
            for number, amount in enumerate(shifts):
                if number in chosen:
                    total, driven = total + needed(driven), 0.0
                driven += amount
            sums.append(total + needed(driven))
    return min(sums)


@given(ways())
def test_rests_are_the_least_of_all_plans(way: tuple[list[float], list[float]]) -> None:
    assert rests_of(*way) == pytest.approx(by_all_plans(*way), abs=1e-9)


@given(ways())
def test_a_search_never_takes_less(way: tuple[list[float], list[float]]) -> None:
    assert rests_of(*way) <= sum(way[0]) + 1e-9


@given(ways(), st.integers(0, 8), st.floats(0, 2))
def test_more_driving_never_takes_less(way: tuple[list[float], list[float]], at: int, more: float) -> None:
    shifts, lacking = way
    place = at % len(shifts)
    inserted = [*shifts[:place], more, *shifts[place:]], [*lacking[:place], 1.0, *lacking[place:]]
    assert rests_of(*inserted) >= rests_of(*way) - 1e-9


@given(ways(), st.integers(0, 8), st.floats(0, 40), st.floats(0, 40), st.floats(0, 4))
def test_a_longer_or_further_stop_never_takes_less(
    way: tuple[list[float], list[float]], at: int, stop_h: float, more_h: float, layover_h: float
) -> None:
    shifts, lacking = way
    place, hours = at % (len(shifts) + 1), []
    for length in (stop_h, stop_h + more_h):
        share = min(1.0, max(0.0, 1 - max(0.0, length - layover_h) / 11))
        stopping = [*shifts[:place], 0.0, *shifts[place:]], [*lacking[:place], share, *lacking[place:]]
        hours.append(length + 11 * rests_of(*stopping))
    assert hours[1] >= hours[0] - 1e-9
    assert hours[0] >= 11 * rests_of(shifts, lacking) - 1e-9


@given(ways(), st.integers(0, 8), st.floats(0.01, 0.99))
def test_splitting_an_edge_changes_nothing(way: tuple[list[float], list[float]], at: int, share: float) -> None:
    shifts, lacking = way
    place = at % len(shifts)
    parts = [share * shifts[place], (1 - share) * shifts[place]]
    split = (
        [*shifts[:place], *parts, *shifts[place + 1 :]],
        [*lacking[:place], lacking[place], lacking[place], *lacking[place + 1 :]],
    )
    if lacking[place] == 1:
        assert rests_of(*split) == pytest.approx(rests_of(*way), abs=1e-9)


@given(st.lists(ways(), min_size=1, max_size=6))
def test_many_ways_at_once_are_each_by_itself(several: list[tuple[list[float], list[float]]]) -> None:
    shifts, lacking = (np.concatenate([way[part] for way in several]) for part in (0, 1))
    starts = np.cumsum([0, *(len(way[0]) for way in several)])[:-1]
    rest = Rest(shifts, lacking, {"hours": 0}, {"hours": 11.0})
    edges = np.arange(len(shifts))
    sums = np.add.reduceat(rest.on(edges, starts), starts)
    assert sums == pytest.approx([rests_of(*way) for way in several], abs=1e-9)
    linear = np.add.reduceat(shifts, starts)
    assert rest.change_of_ways(edges, starts) == pytest.approx(sums - linear, abs=1e-9)


def test_long_lists_are_worked_on_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    shifts = np.where(random.random(400) < 0.6, random.random(400), 0.0)
    lacking = np.where(shifts > 0, 1.0, random.random(400).round(1))
    rest = Rest(shifts, lacking, {"hours": 0}, {"hours": 11.0})
    starts = np.append(0, np.sort(random.choice(np.arange(1, 400), 39, replace=False)))
    once = rest.on(np.arange(400), starts), rest.of_ways(np.arange(400), starts)
    monkeypatch.setattr("corridors.model.rest._CELLS", 50)
    assert np.array_equal(rest.on(np.arange(400), starts), once[0])
    assert np.array_equal(rest.of_ways(np.arange(400), starts), once[1])
    assert np.add.reduceat(once[0], starts) == pytest.approx(once[1])
    assert once[1].max() > 2


def test_no_ways_have_no_rests() -> None:
    rest = Rest(np.zeros(1), np.ones(1), {"hours": 0}, {"hours": 11.0})
    nothing = np.zeros(0, dtype=np.int64)
    assert len(rest.on(nothing, nothing)) == len(rest.change_of_ways(nothing, nothing)) == 0


# networks


@settings(max_examples=12, deadline=None)
@given(
    networks(WITH_RESTS), st.sampled_from(["truck", "container", "wagon"]), st.floats(0.05, 0.95), st.integers(0, 50)
)
def test_a_place_on_a_link_changes_no_hours(net: co.Network, cargo: str, share: float, number: int) -> None:
    inland = net.tables["links"].query("crossing == ''")
    if inland.empty:
        return
    row = inland.iloc[number % len(inland)]
    split = net.insert_place("New", row["id"], km=share * row["length_km"])
    before, after = (n.matrix(IDS, IDS, by="distance", cargo=cargo).to_numpy() for n in (net, split))
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-9)


@settings(max_examples=12, deadline=None)
@given(networks(WITH_RESTS), st.sampled_from(["truck", "container", "wagon"]))
def test_matrices_are_routes_on_random_networks(net: co.Network, cargo: str) -> None:
    table = net.matrix(IDS, IDS, cargo=cargo)
    for (first, second), route in net.routes(IDS, IDS, by="hours", cargo=cargo).items():
        assert table.loc[first, second] == pytest.approx(math.inf if route is None else route.hours, rel=1e-12)
        if route is not None:
            assert route.hours <= route.objective_value + 1e-9
            assert float(route.breakdown()["hours"].sum()) == pytest.approx(route.hours, rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(networks(WITH_RESTS), st.sampled_from(["truck", "container", "wagon"]))
def test_paths_are_unpacked_as_one_by_one(net: co.Network, cargo: str) -> None:
    problem = net.problem(cargo=cargo)
    e = problem.expansion
    starts = [e.origin[place] for place in IDS if place in e.origin]
    distance, before = problem.trees(starts) if starts else (np.zeros((0, 0)), np.zeros((0, 0), dtype=np.int32))
    pairs = [(row, e.destination[i]) for row in range(len(starts)) for i in IDS if i in e.destination]
    joined = [(row, end) for row, end in pairs if np.isfinite(distance[row, end])]
    rows, ends = (np.array([pair[part] for pair in joined], dtype=np.int64) for part in (0, 1))
    edges, begin = problem.paths(np.array(starts, dtype=np.int64)[rows], ends, before, rows)
    several = np.split(edges, begin[1:]) if joined else []
    assert len(several) == len(joined)
    for way, (row, end) in zip(several, joined, strict=True):
        assert (e.tail[way[0]], e.head[way[-1]]) == (starts[row], end)
        assert (e.head[way[:-1]] == e.tail[way[1:]]).all()
        assert problem.weight[way].sum() == pytest.approx(distance[row, end])


# what is refused


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (parameter("rest", "hours", 12, "h/1000km", mode="road"), "rest is in h"),
        (parameter("shift", "hours", 0, "h", mode="road"), "more than 0 hours"),
        (parameter("shift", "cost", 9, "USD/t", mode="road"), "number of hours"),
        (parameter("rest", "hours", 9, "h", mode="road", country="PK"), "same on all roads"),
        (parameter("layover", "hours", 9, "h", mode="road", crossing="x"), "same on all roads"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(row: dict[str, object], message: str) -> None:
    frames = {
        "places": KZ,
        "links": [link("a", "b", "road", 50)],
        "commodities": COMMODITIES,
        "parameters": [row, *PARAMETERS],
    }
    with pytest.raises(co.SchemaError, match=message):
        make_tables({name: pd.DataFrame(rows) for name, rows in frames.items()}, as_of="2026-11")


@pytest.mark.parametrize("missing", ["shift", "layover"])
def test_a_rest_needs_a_shift_and_a_layover(missing: str) -> None:
    rows = [row for row in WITH_RESTS if row["component"] != missing]
    with pytest.raises(co.ParameterError, match=missing):
        road(50, parameters=rows).route("a", "b", cargo="truck")


def test_a_shift_of_nothing_is_refused() -> None:
    with pytest.raises(co.InputError, match="as is a shift"):
        road(50).with_parameters({"shift/road/hours": 0})
