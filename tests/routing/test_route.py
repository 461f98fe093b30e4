"""Routes on small networks, against numbers worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import corridors as co
from support.networks import POSITIONS, crossing, link, make, place, terminal


def test_every_component_by_hand(line: co.Network) -> None:
    route = line.route("A", "E", cargo="container")
    # 260 km at 50 km/h, yards 20 h per 1000 km, border 4 + 6, gauge change 24, wait for the train 10
    assert route.km == pytest.approx(260)
    assert route.hours == pytest.approx(260 / 50 + 260 * 0.020 + 10 + 24 + 10)
    assert route.cost_usd_t == pytest.approx(260 * 0.02 + 2 * 3 + 8)
    assert route.co2e_kg_t == pytest.approx(260 * 0.030)
    assert route.generalized_usd_t == pytest.approx(route.cost_usd_t + 1.0 * route.hours)
    assert list(route.legs["kind"]) == ["waiting", "line_haul", "border", "line_haul", "gauge_change", "line_haul"]
    assert list(route.legs["km"]) == pytest.approx([0, 104, 0, 96, 0, 60])
    assert (route.count("border"), route.count("gauge_change"), route.count("transfer")) == (1, 1, 0)


@pytest.mark.parametrize("table", ["steps", "legs"])
def test_tables_are_the_callers_own_down_to_their_arrays(line: co.Network, table: str) -> None:
    route = line.route("A", "E", cargo="container")
    before, other = getattr(route, table), (route.steps, route.legs)
    shown = repr(route), route.to_dict(), route.to_gdf().to_json(), route.breakdown().to_csv(), route.km, route.hours
    mine = getattr(route, table)
    for column in mine:
        mine[column].array[0] = mine[column].array[1]
    mine.loc[1, "km"] = 7.0
    mine["hours"] *= 2
    pd.testing.assert_frame_equal(getattr(route, table), before)
    pd.testing.assert_frame_equal(route.steps, other[0])
    pd.testing.assert_frame_equal(route.legs, other[1])
    again = repr(route), route.to_dict(), route.to_gdf().to_json(), route.breakdown().to_csv(), route.km, route.hours
    assert again == shown


def test_breakdown_and_assumptions_add_up(line: co.Network) -> None:
    route = line.route("a", "e")
    parts = route.breakdown()
    for column in ("hours", "cost_usd_t", "co2e_kg_t"):
        assert parts[column].sum() == pytest.approx(getattr(route, column))
    assert parts.loc["border", "hours"] == 10
    shares = route.assumptions().groupby("measure")["share"].sum()
    assert list(shares) == pytest.approx([1, 1, 1])


def test_lengths_by_link_with_their_ranges() -> None:
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [
            link("a", "b", "rail", 100, length_low_km=90, length_high_km=120, length_basis="estimate", note="guessed"),
            link("b", "c", "rail", 10, crossing="x", border_km=4, length_low_km=5, length_high_km=20),
            link("c", "d", "rail", 90),
        ],
        crossings=[crossing("x", "b", "c")],
    )
    lengths = net.route("d", "a").lengths()
    assert list(lengths["id"]) == ["c--d:rail-1520", "b--c:rail-1520", "b--c:rail-1520", "a--b:rail-1520"]
    assert list(lengths["country"]) == ["UZ", "UZ", "KZ", "KZ"]
    assert list(lengths["km"]) == pytest.approx([90, 6, 4, 100])
    assert list(lengths["low_km"]) == pytest.approx([90, 3, 2, 90])  # no range: the length itself
    assert list(lengths["high_km"]) == pytest.approx([90, 12, 8, 120])
    assert list(lengths["basis"]) == ["published"] * 3 + ["estimate"]
    assert lengths["note"].iloc[-1] == "guessed"


def test_directions_differ_only_where_parameters_do(line: co.Network) -> None:
    there, back = line.route("a", "e"), line.route("e", "a")
    assert there.hours == pytest.approx(back.hours)
    assert there.crossings == back.crossings == ["x"]


def test_gauge_break_without_terminal_blocks(line: co.Network) -> None:
    shut = line.close("d:rail-1520--rail-1435")
    with pytest.raises(co.NoRouteError, match="terminal 'd:rail-1520--rail-1435' \\(closed\\)"):
        shut.route("a", "e")


def test_terminal_serves_only_its_cargo() -> None:
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("c", "d", "rail", 90), link("d", "e", "rail", 60, "1435")],
        terminals=[terminal("d", "rail-1520", "rail-1435", "wagon")],
    )
    assert net.route("c", "e", cargo="wagon").count("gauge_change") == 1
    with pytest.raises(co.NoRouteError):
        net.route("c", "e", cargo="container")


def test_wagonload_goes_by_rail_part_of_the_way() -> None:
    r"""A wagonload takes rail although the road is better in every way.

    ::

          C --rail 90-- D --road 10-- E
           \__________road 50________/
    """
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("c", "d", "rail", 90), link("d", "e", "road", 10), link("c", "e", "road", 50)],
        terminals=[terminal("d", "rail-1520", "road")],
    )
    assert net.route("c", "e", cargo="truck").modes == ["road"]
    assert net.route("c", "e", cargo="wagon").modes == ["rail", "road"]
    assert net.route("e", "c", cargo="wagon").modes == ["road", "rail"]
    with pytest.raises(co.NoRouteError, match="wagonload goes by rail"):
        net.route("c", "e", cargo="wagon", modes={"road"})
    with pytest.raises(co.NoRouteError, match="no rail"):
        net.route("c", "e", cargo="wagon", modes={"rail"})


def test_standing_in_a_wagon_is_not_travelling_by_rail() -> None:
    """Loading a wagon and reloading it at once moves nothing by rail: no free wagon for a road journey.

    ::

        C ==road 50== E      C --rail-- D      terminal at C
    """
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("c", "d", "rail", 90), link("c", "e", "road", 50)],
        terminals=[terminal("c", "rail-1520", "road")],
    )
    assert net.route("c", "e", cargo="container").km == 50
    # nor does a move to D and back, which would be 230 km
    with pytest.raises(co.NoRouteError, match="place twice"):
        net.route("c", "e", cargo="wagon")


def test_via_keeps_the_system() -> None:
    """A place passed on the way is no free transfer.

    ::

        C --rail-- D --road-- E      no terminal at D
    """
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("c", "d", "rail", 90), link("d", "e", "road", 10)],
        terminals=[terminal("c", "rail-1520", "road")],
    )
    assert net.route("c", "d").km == 90
    with pytest.raises(co.NoRouteError):
        net.route("c", "e", via="d")


def test_via_forces_the_longer_way(line: co.Network) -> None:
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("c", "d", "road", 90), link("d", "e", "road", 60), link("c", "e", "road", 100)],
    )
    assert net.route("c", "e").km == 100
    assert net.route("c", "e", via="d").km == 150
    assert net.route("c", "e", via=["e", "d"]).km == pytest.approx(100 + 60 + 60)


def test_parallel_links_take_the_better() -> None:
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("c", "d", "road", 90), link("c", "d", "road", 70, id="short")],
    )
    assert list(net.route("c", "d").steps["id"]) == ["short"]
    assert list(net.route("c", "d", avoid="short").steps["id"]) == ["c--d:road"]


@pytest.mark.parametrize("avoid", ["x", "UZ", "b--c:rail-1520", "rail", "d", "c"])
def test_avoid_leaves_no_way(line: co.Network, avoid: str) -> None:
    with pytest.raises(co.NoRouteError):
        line.route("a", "e", avoid=avoid)


def test_objectives_choose_differently() -> None:
    """By hours the road wins, by cost and emissions the railway."""
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("c", "d", "rail", 400), link("c", "d", "road", 380)],
    )
    assert net.route("c", "d", by="hours").modes == ["road"]
    assert net.route("c", "d", by="distance").modes == ["road"]
    for by in ("cost", "co2e", {"cost": 1.0, "hours": 0.001}):
        assert net.route("c", "d", by=by).modes == ["rail"]
    assert net.route("c", "d", vot_usd_t_h=0).modes == ["rail"]
    assert net.route("c", "d", vot_usd_t_h=100).modes == ["road"]


def test_zero_length_crossing_costs_only_the_border() -> None:
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("b", "c", "road", 0, crossing="x", border_km=0), link("c", "d", "road", 25)],
        crossings=[crossing("x", "b", "c")],
    )
    route = net.route("b", "d")
    assert (route.km, route.hours) == (25, pytest.approx(10 + 25 / 25 + 0.25))


def test_sea_waits_once_per_service() -> None:
    """Two hops of one rotation wait for one sailing; ports take export and import dwell.

    ::

        A (KZ) ~~100~~ D (UZ) ~~200~~ E (UZ)
    """
    hop = {"service": "s1", "name": "s1", "mode": "sea", "class": "liner", "cargo": "container", "headway_d": 7}
    more = {"length_basis": "computed", "status": "open", "source": "s", "confidence": "A"}
    more["length_basis"] = "network"
    services = [
        {"id": f"s1--{f}--{t}", "from_id": f, "to_id": t, "length_km": km, **hop, **more}
        for f, t, km in (("a", "d", 100), ("d", "e", 200))
    ]
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("a", "b", "road", 10), link("e", "d", "road", 9999)],
        services=services,
        terminals=[terminal(p, "road", "sea", "container", method="port") for p in ("a", "e")],
    )
    route = net.route("b", "e")
    assert route.hours == pytest.approx(10 / 25 + 0.1 + 48 + 3.5 * 24 + 300 / 20 + 72)
    assert route.modes == ["road", "sea"]
    with pytest.raises(co.NoRouteError):
        net.route("b", "e", modes={"road"})


def test_matrix_crosses_edges_without_weight() -> None:
    """Borders that cost nothing leave several states at one distance; the matrix must not lose its way among them."""
    net = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [link("b", "c", "road", 0, crossing="x", border_km=0), link("a", "b", "road", 50), link("c", "d", "road", 25)],
        crossings=[crossing("x", "b", "c")],
    ).with_parameters({"border/hours": 0, "border/cost": 0, "border/entry/hours": 0})
    found = net.matrix(["a", "b", "c"], ["b", "c", "d"], "distance", by="hours", cargo="truck")
    assert found.to_numpy().tolist() == [[50, 50, 75], [0, 0, 25], [0, 0, 25]]


def test_a_crossing_without_the_place_of_the_border_has_lines() -> None:
    """Where `border_km` is blank the border is at the first end, as the km of the two countries are."""
    links = [link("a", "b", "road", 100), link("b", "c", "road", 10, crossing="x"), link("c", "d", "road", 20)]
    places = [place(ident, *at) for ident, at in POSITIONS.items()]
    net = make(places, links, crossings=[crossing("x", "b", "c")])
    for ends in (("a", "d"), ("d", "a")):
        route = net.route(*ends, cargo="truck")
        legs = route.to_gdf()
        assert legs.geometry.notna().all()
        assert list(legs["km"]) == list(route.legs["km"])
        assert route.km == 130
        assert route.lengths().groupby("country")["km"].sum().to_dict() == {"KZ": 100, "UZ": 30}


def test_avoid_takes_a_pair_of_countries_and_names_an_end() -> None:
    net = co.load()
    over = net.route("Almaty", "Karachi", cargo="truck", avoid=["pk-af"])
    assert over.crossings == net.close("AF-PK").route("Almaty", "Karachi", cargo="truck").crossings
    assert "torkham" in net.route("Tashkent", "Peshawar", cargo="truck", avoid="KZ-UZ").crossings
    for avoid, reason in (
        ("KZ", r"Almaty \(KZ, almaty\) lies in KZ, which is to be avoided"),
        ("Karachi", r"Karachi \(PK, karachi\) is to be avoided"),
    ):
        with pytest.raises(co.NoRouteError, match=reason):
            net.route("Almaty", "Karachi", avoid=[avoid])
    with pytest.raises(co.UnknownNameError, match="KZ-PK"):
        net.route("Almaty", "Karachi", avoid=["KZ-PK"])
