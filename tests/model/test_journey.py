"""What a journey is: the rule against all ways listed one by one, and the same rule wherever ways are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.model.problem import Problem
from support.networks import link, make, place, terminal
from support.strategies import IDS, networks

SHARES = st.sampled_from([None, 0.0, 0.3, 0.5, 0.8, 1.0])
OBJECTIVES = ["generalized", "hours", "cost", "distance", "co2e"]


def all_ways(problem: Problem, origin: str, destination: str) -> Iterator[list[int]]:
    """List the ways on which no place, and no meeting with a border, is visited twice."""
    e = problem.expansion
    points = [(state.place, state.border) for state in e.states]
    onward: dict[int, list[int]] = {}
    for edge in np.flatnonzero(np.isfinite(problem.weight)).tolist():
        onward.setdefault(int(e.tail[edge]), []).append(edge)

    def follow(state: int, states: frozenset[int], left: frozenset[object], way: list[int]) -> Iterator[list[int]]:
        if state == e.destination[destination]:
            yield list(way)
            return
        for edge in onward.get(state, ()):
            head = int(e.head[edge])
            gone = left | {points[state]} if points[head] != points[state] else left
            if head not in states and points[head] not in gone:
                yield from follow(head, states | {head}, gone, [*way, edge])

    start = e.origin[origin]
    yield from follow(start, frozenset([start]), frozenset(), [])


def road_km(net: co.Network) -> dict[tuple[str, str], float]:
    """Shortest km by road between all places, link by link until nothing gets shorter."""
    found = {(a, b): 0.0 if a == b else np.inf for a, b in product(IDS, IDS)}
    links = net.links[net.links["mode"] == "road"]
    for _ in IDS:
        for row in links.itertuples():
            for a, b in ((row.from_id, row.to_id), (row.to_id, row.from_id)):
                for start in IDS:
                    found[start, b] = min(found[start, b], found[start, a] + row.length_km)
    return found


def least(problem: Problem, origin: str, destination: str, share: float, truck: float) -> float:
    """Weight of the best of all ways that keep the rule."""
    e, best = problem.expansion, np.inf
    for way in all_ways(problem, origin, destination):
        road, rail = (float(e.km[way][e.mode[way] == mode].sum()) for mode in ("road", "rail"))
        kept = rail >= share * (road + rail) - 1e-6 and (truck == np.inf or road <= (1 - share) * truck + 1e-6)
        if not share or kept:
            best = min(best, float(problem.weight[way].sum()))
    return best


@settings(max_examples=25)
@given(networks(), st.sampled_from(["wagon", "container", "truck"]), st.sampled_from(OBJECTIVES), SHARES)
def test_routes_are_the_best_of_all_ways_that_keep_the_rule(
    net: co.Network, cargo: str, by: str, share: float | None
) -> None:
    problem = net.problem(cargo=cargo, by=by, min_rail_share=share)
    least_share = problem.question.min_rail_share
    assert least_share == (share if share is not None else {"wagon": 0.5}.get(cargo, 0.0))
    truck, e = road_km(net), problem.expansion
    for (origin, destination), route in net.routes(IDS[:4], IDS[3:], cargo=cargo, by=by, min_rail_share=share).items():
        if origin not in e.origin or destination not in e.destination:
            assert route is None
            continue
        expected = least(problem, origin, destination, least_share, truck[origin, destination])
        if route is None:
            assert expected == np.inf
        else:
            assert route.objective_value == pytest.approx(expected, rel=1e-9, abs=1e-12)
            assert not least_share or not route.rail_share < least_share - 1e-9


@settings(max_examples=12)
@given(networks(), st.sampled_from(["wagon", "container"]), st.sampled_from(OBJECTIVES))
def test_all_questions_have_the_same_journeys(net: co.Network, cargo: str, by: str) -> None:
    routes = net.routes(IDS[:3], IDS[4:], cargo=cargo, by=by)
    assume(any(routes.values()))
    hours = net.matrix(IDS[:3], IDS[4:], "hours", cargo=cargo, by=by)
    simulated = co.simulate(net, IDS[:3], IDS[4:], "hours", draws=3, cargo=cargo, by=by)
    for (origin, destination), route in routes.items():
        expected = route.hours if route else np.inf
        assert hours.loc[origin, destination] == pytest.approx(expected)
        assert simulated.matrix("base").loc[origin, destination] == pytest.approx(expected)
        if route:
            alone = net.route(origin, destination, cargo=cargo, by=by)
            assert alone.edges == route.edges
            visited = list(route.places)
            assert len(visited) == len(set(visited))
            for way in net.alternatives(origin, destination, 3, cargo=cargo, by=by):
                assert len(way.places) == len(set(way.places))
        else:
            with pytest.raises(co.NoRouteError):
                net.route(origin, destination, cargo=cargo, by=by)


@settings(max_examples=8)
@given(networks(), st.integers(0, 5))
def test_every_draw_takes_the_best_journey_of_its_own(net: co.Network, seed: int) -> None:
    asked = {"cargo": "wagon", "by": "cost"}
    routes = {pair: route for pair, route in net.routes(IDS[:3], IDS[4:], **asked).items() if route}
    assume(routes)
    simulated = co.simulate(net, IDS[:3], IDS[4:], "cost", draws=4, seed=seed, **asked)
    for (origin, destination), route in routes.items():
        alone = route.distribution("cost", draws=4, seed=seed, adapt=True).samples
        row, column = IDS[:3].index(origin), IDS[4:].index(destination)
        assert simulated.samples is not None
        assert simulated.samples[0, :, row, column] == pytest.approx(alone)
        # the journeys that are admitted do not depend on the parameters, so this one is open to every draw
        assert (alone <= route.distribution("cost", draws=4, seed=seed).samples + 1e-9).all()


def test_a_wagon_does_not_move_on_a_stub_of_rail_to_be_a_wagon() -> None:
    # a-b is 100 km of road, and at b a siding of 10 km leads away: the load could go there and come back
    places = [place(ident, "UZ", 40 + 0.1 * n, 60 + n) for n, ident in enumerate("abc")]
    links = [link("a", "b", "road", 100), link("b", "c", "rail", 10, "1520")]
    net = make(places, links, terminals=[terminal(p, "road", "rail-1520", "wagon;container") for p in "bc"])
    with pytest.raises(co.NoRouteError, match="no way by wagon has rail as its main haul") as refused:
        net.route("a", "c", cargo="wagon")
    assert "10 of 110 land km by rail (9%) and 100 by truck" in str(refused.value)
    assert "rail B (UZ, b) - C (UZ, c)" in str(refused.value)
    assert net.route("a", "c", cargo="wagon", min_rail_share=0.05).rail_share == pytest.approx(10 / 110)
    # a way that exists only by passing a place twice
    with pytest.raises(co.NoRouteError, match="passes a place twice"):
        net.route("a", "b", cargo="wagon", min_rail_share=0)


def test_trucks_drive_at_most_the_rest_of_a_trucks_way() -> None:
    # by truck 100 km; by rail 200 km with 40 or 60 km of road before it
    def share(before: float) -> float:
        places = [place(ident, "UZ", 40 + 0.1 * n, 60 + n) for n, ident in enumerate("abc")]
        links = [link("a", "c", "road", 100), link("a", "b", "road", before), link("b", "c", "rail", 200, "1520")]
        net = make(places, links, terminals=[terminal(p, "road", "rail-1520", "wagon") for p in "bc"])
        return net.route("a", "c", cargo="wagon").rail_share

    assert share(40) == pytest.approx(200 / 240)
    with pytest.raises(co.NoRouteError, match="trucks for at most 50 km"):
        share(60)


def test_several_parts_by_rail_with_a_road_between_them_are_a_journey() -> None:
    places = [place(ident, "UZ", 40 + 0.1 * n, 60 + n) for n, ident in enumerate("abcd")]
    links = [link("a", "b", "rail", 100, "1520"), link("b", "c", "road", 50), link("c", "d", "rail", 100, "1520")]
    net = make(places, links, terminals=[terminal(p, "road", "rail-1520", "wagon") for p in "bc"])
    assert net.route("a", "d", cargo="wagon").rail_share == pytest.approx(0.8)


def test_a_border_that_shuts_admits_no_journey() -> None:
    net = co.load()
    for closed in (["torkham"], ["AF-PK"], ["galaba-hairatan"]):
        with pytest.raises(co.NoRouteError):
            net.close(*closed).route("Kabul", "Jalalabad", cargo="wagon")


def test_kabul_to_jalalabad_by_wagon_says_the_best_way_by_rail_its_share_and_the_trucks_way() -> None:
    with pytest.raises(co.NoRouteError) as refused:
        co.load().route("Kabul", "Jalalabad", cargo="wagon")
    text = str(refused.value)
    assert "the best way by rail there is (rail " in text
    assert "land km by rail (" in text
    assert "by truck all the way it is 139 km" in text


@pytest.mark.parametrize("share", [-0.1, 1.2, np.nan, "half"])
def test_a_share_of_rail_is_between_nothing_and_all(share: object) -> None:
    with pytest.raises(co.InputError, match="min_rail_share"):
        co.load().route("Almaty", "Karachi", cargo="wagon", min_rail_share=share)


@pytest.mark.parametrize("cargo", ["wagon", "container", "truck"])
@pytest.mark.parametrize("by", ["generalized", "hours", "cost", "distance"])
def test_no_journey_of_the_network_visits_a_place_twice(cargo: str, by: str) -> None:
    net = co.load()
    cities = net.places.index[net.places["kind"] == "city"][::5]
    routes = [route for route in net.routes(cities, cities[::3], cargo=cargo, by=by).values() if route]
    assert len(routes) > 50
    for route in routes:
        assert len(route.places) == len(set(route.places))
        assert cargo != "wagon" or route.rail_share >= 0.5


def test_between_two_stops_no_place_is_visited_twice() -> None:
    net = co.load()
    route = net.route("Tashkent", "Karachi", via=["Hairatan", "Kabul"], cargo="truck")
    assert [p for p in route.places if p in ("hairatan", "kabul")] == ["hairatan", "kabul"]
    # Gwadar lies off the line: the way there and back passes the same places, in two parts
    back = net.route("Quetta", "Karachi", via="Gwadar", cargo="truck")
    assert back.places.count("gwadar") == 1
    by_rail = net.route("Tashkent", "Karachi", via="Bandar Abbas", cargo="wagon")
    assert by_rail.rail_share >= 0.5


def test_rail_shares_of_draws_use_only_journeys() -> None:
    shares = co.use_shares(co.load(), ["Kabul"], ["Karachi"], cargo="wagon", what="crossing", draws=20)
    assert set(shares["id"]) >= set(co.load().route("Kabul", "Karachi", cargo="wagon").crossings)
    with pytest.raises(co.NoRouteError):
        co.use_shares(co.load(), ["Kabul"], ["jalalabad"], cargo="wagon", draws=20)
