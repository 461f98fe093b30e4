"""Journeys by sea alone begin and end at the quay; chartered ships sail where no service does."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.model.charter import is_charter
from support.networks import POSITIONS, link, make, place, terminal

EXPORT, IMPORT, TRAIN, SAILING, SEA_KMH = 48, 72, 10, 3.5 * 24, 20

HOP = {"service": "s1", "name": "s1", "mode": "sea", "class": "liner", "cargo": "container", "headway_d": 7}
MORE = {"length_basis": "network", "status": "open", "source": "s", "confidence": "A"}


def distance(first: str, second: str, km: float, **more: object) -> dict[str, object]:
    return {"id": f"{first}--{second}", "from_id": first, "to_id": second, "length_km": km, **MORE, **more}


def sea_network(*, more: Sequence[dict[str, object]] = (), **tables: list) -> co.Network:
    """Make three ports.

    ::

        A --rail 50-- B ~~service 100~~ D --road 25-- E,   C without a service (road)
    """
    ports = [
        terminal("b", "rail-1520", "sea", "container", method="port"),
        terminal("d", "road", "sea", "container", method="port"),
        terminal("c", "road", "sea", "container", method="port"),
    ]
    return make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("a", "b", "rail", 50), link("d", "e", "road", 25), *more],
        services=[{"id": "s1--b--d", "from_id": "b", "to_id": "d", "length_km": 100, **HOP, **MORE}],
        terminals=ports,
        **tables,
    )


def test_a_journey_by_sea_alone_has_the_work_of_both_ports() -> None:
    net = sea_network()
    route = net.route("b", "d", modes={"sea"})
    assert route.hours == pytest.approx(EXPORT + SAILING + 100 / SEA_KMH + IMPORT)
    assert route.cost_usd_t == pytest.approx(7 + 100 * 0.005 + 7)
    assert (route.km, route.modes, route.count("port")) == (100, ["sea"], 2)
    assert list(route.legs["kind"]) == ["port", "sea", "port"]
    assert list(route.legs["id"]) == ["b:rail-1520--sea", "s1--b--d", "d:road--sea"]
    assert net.matrix(["b", "d", "c"], ["d", "c"], modes={"sea"}, by="generalized").to_numpy().tolist() == [
        [pytest.approx(route.hours), np.inf],
        [0, np.inf],
        [np.inf, 0],
    ]


def test_by_sea_alone_places_that_are_no_ports_are_named() -> None:
    net = sea_network()
    for ask in (net.matrix, net.routes):
        with pytest.raises(co.InputError, match=r"port to port. No port for a container: A \(KZ, a\), E \(UZ, e\)"):
            ask(["b", "a"], ["d", "e"], modes={"sea"})
    with pytest.raises(co.InputError, match=r"No port for a container: E \(UZ, e\)"):
        net.matrix(["b"], ["e"], avoid=["rail", "road"])
    assert np.isinf(net.matrix(["b"], ["e"], modes={"rail", "sea"}).to_numpy()).all(), "by land there may be a way"
    shut = net.close("s1")
    assert np.isinf(shut.matrix(["b"], ["d"], modes={"sea"}).to_numpy()).all(), "a port without a service is a port"


def test_from_ship_to_ship_is_one_transfer() -> None:
    more = {**HOP, "service": "s2", "name": "s2", **MORE, "id": "s2--c--d", "from_id": "c", "to_id": "d"}
    net = sea_network()
    frames = {**net.tables.frames}
    frames["services"] = pd.concat([frames["services"], pd.DataFrame([{**more, "length_km": 200}])], ignore_index=True)
    route = co.Network.from_tables(**frames).route("b", "c", modes={"sea"})
    legs = route.legs
    assert list(legs["kind"]) == ["port", "sea", "port", "sea", "port"]
    assert set(legs["mode"]) == set(route.steps["mode"]) == {"sea"}
    assert legs["hours"].iloc[2] == pytest.approx(IMPORT + EXPORT + SAILING)
    assert legs["hours"].sum() == pytest.approx(route.hours)
    assert (route.transfers, route.summary()["transfers"], route.count("port")) == (3, 3, 4)
    assert "3 transfers" in repr(route)
    assert len(route.to_gdf()) == len(legs)


def test_a_port_without_an_allowed_land_state_is_a_quay() -> None:
    """D has no railway: by rail and sea the journey ends at its quay, but begins in B on rail, with the wait there."""
    net = sea_network()
    hours = 50 / 50 + 50 * 0.02 + TRAIN + EXPORT + SAILING + 100 / SEA_KMH + IMPORT
    for options in ({"modes": {"rail", "sea"}}, {"avoid": "road"}):
        assert net.route("a", "d", **options).hours == pytest.approx(hours)
        assert net.route("b", "d", **options).hours == pytest.approx(hours - 2)
    with pytest.raises(co.NoRouteError, match="has no rail state, only road"):
        net.route("a", "e", modes={"rail", "sea"})


def test_the_quay_is_no_way_round_the_land() -> None:
    """Where a mode by land may be used the quay is shut, even if it would be cheaper."""
    net = sea_network()
    for modes in (None, {"rail", "road", "sea"}):
        route = net.route("b", "d", modes=modes)
        # from the station, with its wait for a train, as without this rule
        assert route.hours == pytest.approx(TRAIN + EXPORT + SAILING + 100 / SEA_KMH + IMPORT)
    free = net.problem()
    assert np.isinf(free.weight[free.expansion.at_quay]).all()
    assert free.expansion.at_quay.sum() == 4
    by_sea = net.problem(modes={"sea"})
    assert np.isfinite(by_sea.weight[by_sea.expansion.at_quay]).all()
    graph = net.graph(expanded=True)
    # shut in the graph that others search, too
    kinds = {data["kind"] for *_, data in graph.out_edges("b|origin|0", data=True)}
    assert kinds == {"start"}


def test_a_railway_that_is_not_built_does_not_shut_the_quay() -> None:
    project = {"id": "line", "name": "Line", "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    line = link("d", "e", "rail", 30, status="planned", project="line")
    net = sea_network(more=[line], projects=[{**project, "confidence": "A"}])
    assert net.route("a", "d", modes={"rail", "sea"}).places[-1] == "d"
    with pytest.raises(co.NoRouteError):  # a station now, but no terminal brings boxes from the ship to it
        net.build("line").route("a", "d", modes={"rail", "sea"})


def test_what_is_closed_shuts_the_quay() -> None:
    with pytest.raises(co.NoRouteError, match="no port terminal in use that takes a container: by sea alone"):
        sea_network().close("d:road--sea").route("b", "d", modes={"sea"})
    with pytest.raises(co.NoRouteError, match=r"E .* has no port terminal in use"):
        sea_network().route("b", "e", modes={"sea"})


def test_draws_and_simulations_know_the_quay() -> None:
    net = sea_network()
    options = {"modes": {"sea"}, "draws": 20}
    route = net.route("b", "d", modes={"sea"})
    drawn = net.matrix(["b"], ["d"], adapt=True, **options)
    assert drawn["expected"].tolist() == [pytest.approx(route.hours)]
    assert np.isfinite(drawn["p95"]).all()
    simulated = co.simulate([net], ["b"], ["d"], "hours", **options)
    assert simulated.expected.ravel().tolist() == [pytest.approx(route.hours)]


# --- chartered ships


def test_a_charter_sails_without_a_wait() -> None:
    net = sea_network(sea_distances=[distance("b", "c", 200), distance("b", "d", 100)])
    with pytest.raises(co.NoRouteError, match="charter=True adds chartered ships"):
        net.route("b", "c", modes={"sea"})
    route = net.route("b", "c", modes={"sea"}, charter=True)
    assert route.hours == pytest.approx(EXPORT + 200 / SEA_KMH + IMPORT)
    assert [is_charter(ident) for ident in route.legs["id"]] == [False, True, False]
    assert list(route.shown_legs()["leg"]) == ["port", "sea charter", "port"]
    lengths = route.lengths()
    assert lengths[["id", "km", "basis", "source"]].iloc[0].tolist() == ["charter--b--c", 200, "network", "s"]
    assert route.assumptions()["name"].str.contains("charter").sum() == 0
    # every charter is a voyage of its own: two of them have two loadings
    assert net.route("d", "c", modes={"sea"}, charter=True).count("port") == 4


def test_without_the_option_nothing_changes() -> None:
    plain, other = sea_network(), sea_network(sea_distances=[distance("b", "c", 200)])
    assert other.problem().tables is other.tables
    assert len(other.problem().expansion) == len(plain.problem().expansion)
    asked = other.problem(charter=True)
    assert asked.tables is other.problem(charter=True, by="hours").tables
    assert asked.tables.theta.names == other.tables.theta.names
    assert list(other.services.index) == ["s1--b--d"]


def test_charters_follow_the_network() -> None:
    """Other parameters count, what a question avoids is avoided, and a barred pair has no ship."""
    net = sea_network(sea_distances=[distance("b", "c", 200), distance("c", "d", 90, status="suspended")])
    net.problem(charter=True)  # made before, and carried over to the new parameters
    slow = net.with_parameters({"port/import/hours": 100})
    assert slow.route("b", "c", modes={"sea"}, charter=True).hours == pytest.approx(EXPORT + 10 + 100)
    with pytest.raises(co.NoRouteError, match="suspended"):
        net.close("s1").route("d", "c", modes={"sea"}, charter=True)
    with pytest.raises(co.NoRouteError):
        net.route("b", "c", modes={"sea"}, charter=True, avoid="charter--b--c")
    with pytest.raises(co.NoRouteError):
        net.close("c:road--sea").route("b", "c", modes={"sea"}, charter=True)


def test_no_distance_is_said() -> None:
    with pytest.raises(co.InputError, match="add rows to its table 'sea_distances'"):
        sea_network().route("b", "c", charter=True)
    net = sea_network(sea_distances=[distance("b", "d", 100)])
    with pytest.raises(co.NoRouteError, match=r"sea_distances has no row for B .* and C"):
        net.route("b", "c", modes={"sea"}, charter=True)
    with pytest.raises(co.InputError, match="charter='yes'"):
        net.route("b", "d", charter="yes")


def test_other_measures_take_charters(net: co.Network) -> None:
    ends, options = (["Karachi"], ["Chabahar"]), {"modes": {"sea"}, "charter": True}
    shares = co.use_shares(net, *ends, what="service", draws=20, **options)
    assert shares["id"].tolist() == ["charter--chabahar--karachi"]
    compared = co.compare([net, net.close("karachi-gulf")], *ends, **options)
    assert "charter--chabahar--karachi" in set(compared.flows()["id"])
    assert co.simulate([net], *ends, "hours", draws=10, **options).expected.ravel()[0] == pytest.approx(
        net.matrix(*ends, **options).iloc[0, 0]
    )
    route = net.route("Karachi", "Chabahar", **options)
    assert "Chartered ship" in route.explore().html
    for page in (compared.explore(), net.explore(routes=[route]), net.explore(tuple(e[0] for e in ends), **options)):
        assert "Chartered ship" in page.html
    assert len(net.alternatives("Karachi", "Chabahar", 2, **options)) == 2


# --- the bundled table


def test_charters_of_served_pairs_have_the_length_of_the_service(net: co.Network) -> None:
    rows = {frozenset((r.from_id, r.to_id)): r for r in net.tables["sea_distances"].itertuples()}
    for hop in net.tables["services"].itertuples():
        if hop.status != "planned" and hop.service != "van-ferry":  # no ship is chartered on a lake
            row = rows[frozenset((hop.from_id, hop.to_id))]
            assert (row.length_km, row.length_basis) == (hop.length_km, hop.length_basis)
            # a line that was given up leaves the water open
            assert row.status != "suspended" or hop.status == "suspended"


def test_every_pair_of_ports_of_one_sea_has_a_distance(net: co.Network) -> None:
    caspian = {"aktau", "kuryk", "turkmenbashi", "alat-az", "amirabad-port", "anzali", "astrakhan"}
    terminals = net.tables["terminals"]
    at_sea = (terminals[["from_system", "to_system"]] == "sea").any(axis=1)
    ports = set(terminals["place"][at_sea]) - caspian - {"van", "tatvan"}  # no ship is chartered on a lake
    assert len(ports) == 21
    rows = net.tables["sea_distances"]
    found = {frozenset(pair) for pair in zip(rows["from_id"], rows["to_id"], strict=True)}
    pairs = [*itertools.combinations(sorted(caspian), 2), *itertools.combinations(sorted(ports), 2)]
    services = net.tables["services"]
    served = {frozenset(pair) for pair in zip(services["from_id"], services["to_id"], strict=True)}
    assert set(map(frozenset, pairs)) <= found
    assert served - found == {frozenset({"van", "tatvan"})}
    assert len(found) == len(rows)
    country = net.tables["places"].set_index("id")["country"]
    for row in rows.itertuples():
        barred = {country[row.from_id], country[row.to_id]} == {"IN", "PK"}
        assert (row.status == "suspended") == barred
        line = net.tables.alignments.get(row.id) or net.tables.alignments.get(f"{row.to_id}--{row.from_id}")
        assert line is not None, "a charter is drawn over water"


def test_lines_of_charters_are_written(net: co.Network, tmp_path) -> None:
    again = co.read(net.write(tmp_path / "net"))
    line = again.route("Karachi", "Chabahar", modes={"sea"}, charter=True).geometry
    assert line.equals_exact(net.route("Karachi", "Chabahar", modes={"sea"}, charter=True).geometry, 0)
    assert len(line.geoms[0].coords) > 2


@pytest.mark.parametrize("cargo", ["wagon", "container", "truck"])
def test_quays_leave_other_questions_alone(net: co.Network, cargo: str) -> None:
    """Answers with the quays taken out of the graph are the same to the last bit."""
    ends = ("almaty", "aktau", "kabul", "karachi", "mundra", "chabahar", "mashhad")
    for modes in (None, {"rail"}, {"road"}, {"rail", "sea"}, {"road", "sea"}):
        problem = net.problem(cargo=cargo, modes=modes)
        e = problem.expansion
        bare = replace(problem, weight=np.where(e.at_quay, np.inf, problem.weight))
        for start, end in itertools.permutations(ends, 2):
            before = bare.best_path(start, end)
            if before is not None:
                assert problem.best_path(start, end) == before
