"""The last word on what is closed, fewer ships, crossings without transit, and headings that say the state."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.measures.redundancy import event_chances
from corridors.model.view import usable
from support.networks import POSITIONS, crossing, link, make, place, terminal
from support.strategies import IDS, networks

PLACES = [place(ident, *at) for ident, at in POSITIONS.items()]
SOURCED = {"source": "s", "confidence": "A"}


def service(ident: str, first: str, second: str, km: float = 100, **more: object) -> dict[str, object]:
    base = {"id": f"{ident}--{first}--{second}", "service": ident, "name": ident, "from_id": first, "to_id": second}
    fixed = {"mode": "sea", "class": "liner", "cargo": "container;truck", "length_basis": "published"}
    return {**base, **fixed, **SOURCED, "length_km": km, "headway_d": 4, "status": "open", **more}


def closure(ident: str, kind: str, target: str, **more: object) -> dict[str, object]:
    return {"id": ident, "kind": kind, "target": target, "reason": "r", **SOURCED, **more}


def in_use(net: co.Network) -> dict[str, object]:
    now = usable(net.tables, net.view)
    masks = {name: getattr(now, name).tolist() for name in ("links", "services", "terminals")}
    return {**masks, **{mode: rows.tolist() for mode, rows in now.crossings.items()}, "headway": dict(now.headway)}


def sea_net(**more: object) -> co.Network:
    """Ports a, c and e: a service t calls at all three, and a service u at a and c alone.

    ::

        a ~t~ c ~t~ e        a ~u~ c        a -- b (land)
    """
    return make(
        PLACES,
        [link("a", "b", "road", 10), link("c", "d", "road", 10)],
        services=[service("t", "a", "c"), service("t", "c", "e"), service("t", "a", "e", 300), service("u", "a", "c")],
        terminals=[terminal(p, "road", "sea", "container;truck", method="port") for p in "ace"],
        **more,
    )


# ---------------------------------------------------------------------------------------------- the last word counts


def targets_of(net: co.Network) -> list[str]:
    crossings = net.tables["crossings"]
    country = net.tables["places"].set_index("id")["country"]
    pairs = {"-".join(sorted((country[a], country[b]))) for a, b in zip(crossings["place_a"], crossings["place_b"])}  # noqa: B905
    return [*net.links.index, *crossings["id"], *net.tables["terminals"]["id"], *sorted(pairs)]


@settings(max_examples=25)
@given(networks(), st.data())
def test_open_and_close_undo_each_other_and_the_last_word_wins(net: co.Network, data: st.DataObject) -> None:
    names = st.sampled_from(targets_of(net))
    for _ in range(data.draw(st.integers(0, 3))):
        ident = data.draw(names)
        net = net.close(ident) if data.draw(st.booleans()) else net.open(ident)
    ident = data.draw(names)
    assert in_use(net.open(ident).close(ident)) == in_use(net.close(ident))
    assert in_use(net.close(ident).open(ident)) == in_use(net.open(ident))
    assert in_use(net.close(ident).close(ident)) == in_use(net.close(ident))
    assert not net.open(ident).view.closed & net.open(ident).view.opened
    if in_use(net.open(ident)) == in_use(net):
        assert in_use(net.close(ident).open(ident)) == in_use(net)
    if in_use(net.close(ident)) == in_use(net):
        assert in_use(net.open(ident).close(ident)) == in_use(net)


@settings(max_examples=30)
@given(networks(), st.data())
def test_views_agree_with_acts_replayed_one_by_one(net: co.Network, data: st.DataObject) -> None:
    """Every crossing and mode is as the last act on it said; no act leaves it open."""
    crossings = net.tables["crossings"]
    country = net.tables["places"].set_index("id")["country"]
    pair = {
        ident: "-".join(sorted((country[a], country[b])))
        for ident, a, b in crossings[["id", "place_a", "place_b"]].itertuples(index=False)
    }
    expected = dict.fromkeys(pair, True)
    for _ in range(data.draw(st.integers(0, 6)) if pair else 0):
        name, value = data.draw(st.sampled_from([*pair, *sorted(set(pair.values()))])), data.draw(st.booleans())
        net = net.open(name) if value else net.close(name)
        expected |= {ident: value for ident in pair if name in (ident, pair[ident])}
    now = usable(net.tables, net.view)
    for row, ident in enumerate(crossings["id"]):
        assert now.crossings["road"][row] == now.crossings["rail"][row] == expected[ident]


def test_a_pair_closed_after_its_crossing_was_opened_is_closed() -> None:
    net = co.load()
    assert net.open("torkham").close("AF-PK").crossings.loc["torkham", "open_to"] == ""
    assert net.close("AF-PK").open("torkham").crossings.loc[["torkham", "chaman"], "open_to"].tolist() == [
        "rail;road",
        "",
    ]
    assert net.close("torkham").open("AF-PK").closed == []
    shut = net.at("2026-11")
    assert shut.open("torkham").crossings.loc["torkham", "open_to"] == "rail;road"
    assert shut.open("torkham").closed == ["AF-PK", "wagah"]
    assert shut.open("torkham").close("AF-PK").crossings.loc["torkham", "open_to"] == ""


def test_a_written_network_keeps_the_last_word(tmp_path) -> None:
    for net in (
        co.load().close("AF-PK").open("torkham"),
        co.load().open("torkham").close("AF-PK"),
        co.load().close("bandar-abbas", "karachi-gulf").open("iran-gulf--bandar-abbas--jebel-ali"),
    ):
        again = co.read(net.write(tmp_path, format="csv"))
        assert again.view == net.view
        assert in_use(again) == in_use(net)


def test_what_overlaps_is_left_in_part() -> None:
    net = sea_net()
    closed = net.close("t").open("c")  # the port c has its services back, the hop a--e of t stays closed
    assert closed.services["in_use"].to_dict() == {"t--a--c": True, "t--c--e": True, "t--a--e": False, "u--a--c": True}
    assert closed.closed == ["t--a--e"]


def test_only_planned_things_are_built_not_opened() -> None:
    net = co.load()
    with pytest.raises(co.ScenarioError, match=r"link 'naibabad--.*is only planned, and opening builds nothing: build"):
        net.open(next(i for i in net.links.index if i.startswith("naibabad--") and "@" in i))
    with pytest.raises(co.ScenarioError, match=r"crossing 'maktaaral' is only planned.*build '"):
        net.open("maktaaral")
    with pytest.raises(co.ScenarioError, match=r"service 'caspian-roro' is only planned.*no project builds it"):
        net.open("caspian-roro")
    project = net.tables["links"].set_index("id").query("crossing == 'maktaaral'")["project"].iloc[0]
    built = net.build(project)
    assert in_use(built.close("maktaaral").open("maktaaral")) == in_use(built)


@pytest.mark.parametrize(
    ("call", "kind", "match"),
    [
        (
            lambda n: n.close("KZ-PK"),
            co.UnknownNameError,
            "No crossing joins the countries 'KZ-PK'; pairs with one: AF-PK",
        ),
        (lambda n: n.open("KZ-KZ"), co.UnknownNameError, "No crossing joins the countries 'KZ-KZ'"),
        (lambda n: n.close(3), co.InputError, "what=3.*given one by one or in a list"),
        (lambda n: n.open(None), co.InputError, "what=None"),
        (lambda n: n.close(["AF-PK", 7]), co.InputError, "what=7"),
        (lambda n: n.build(3), co.InputError, "names=3"),
        (lambda n: n.close("torkam"), co.UnknownNameError, "torkham"),
    ],
)
def test_what_cannot_be_closed_is_named(call, kind: type[Exception], match: str) -> None:
    with pytest.raises(kind, match=match):
        call(co.load())


def test_lists_are_taken() -> None:
    net = co.load()
    assert net.close(["AF-PK", "wagah"]).view == net.close("AF-PK", "wagah").view
    assert net.build(["uap-kabul"]).view == net.build("uap-kabul").view


# -------------------------------------------------------------------------------------------------------------- ports


def test_a_closed_port_has_no_ships_and_others_keep_theirs() -> None:
    net = sea_net(closures=[closure("k", "port", "c", start="2026-03", end="2026-05-20")])
    assert net.route("b", "d", modes={"road", "sea"}).km == 120
    for name in ("2026-03-01", "2026-04", "2026-05-20"):
        shut = net.at(name)
        assert shut.closed == ["c"]
        assert shut.services["in_use"].tolist() == [False, False, True, False]
        with pytest.raises(co.NoRouteError):
            shut.route("b", "d")
        assert shut.open("c").route("b", "d").km == 120
    assert net.at("2026-05").closed == net.at("2026-02-28").closed == []
    assert net.close("c").services["in_use"].tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("ends", "factor"),
    [
        (("b", "d"), 3),  # from a to c, where a third of the ships call
        (("d", "b"), 3),  # from c
        (("b", "e"), 1),  # past c: the ship sails from a to e directly
    ],
)
def test_fewer_ships_at_a_port_are_waited_for_longer(ends: tuple[str, str], factor: int) -> None:
    land = {"road": [link("e", "f", "road", 5)]}
    net = make(
        [*PLACES, place("f", "UZ", 53.1, 60)],
        [link("a", "b", "road", 10), link("c", "d", "road", 10), *land["road"]],
        services=[service("t", "a", "c"), service("t", "a", "e", 300)],
        terminals=[terminal(p, "road", "sea", "container;truck", method="port") for p in "ace"],
        closures=[closure("k", "port", "c", start="2026-06-24", headway_factor=3)],
    )
    end = "f" if ends[1] == "e" else ends[1]
    before, after = (n.route(ends[0], end, by="hours") for n in (net, net.at("2026-08")))
    # half of four days, times the factor
    assert after.hours - before.hours == pytest.approx((factor - 1) * 48)
    assert after.km == before.km
    assert net.at("2026-08").closed == []
    assert net.at("2026-08").open("c").route(ends[0], end, by="hours").hours == pytest.approx(before.hours)
    assert "fewer ships at c (33%)" in net.at("2026-08").border_state


def test_a_ship_between_two_such_ports_is_waited_for_once() -> None:
    rows = [closure(p, "port", p, start="2026-06", headway_factor=2) for p in ("c", "e")]
    net = sea_net(closures=rows).close("t--a--e", "u")
    late = net.at("2026-08")
    for origin, extra in (("b", 48), ("d", 48)):
        ends = [n.matrix([origin], ["e"], "hours", by="hours").iloc[0, 0] for n in (net, late)]
        if np.isfinite(ends).all():
            assert ends[1] - ends[0] == pytest.approx(extra)
    hours = [n.matrix(["b"], ["d"], "hours", by="hours").iloc[0, 0] for n in (net, late)]
    assert hours[1] - hours[0] == pytest.approx(48)


def test_headways_agree_in_matrix_routes_and_simulation() -> None:
    net = co.load().at("2026-11")
    options = {"cargo": "container", "by": "generalized"}
    places = ["Tashkent", "Mashhad"], ["Jebel Ali", "Bandar Abbas", "Mumbai"]
    table = net.matrix(*places, "generalized", **options)
    for (origin, destination), route in net.routes(*places, **options).items():
        assert route is not None
        assert table.loc[origin, destination] == pytest.approx(route.generalized_usd_t)
    assert "fewer ships at bandar-abbas (50%), jebel-ali (50%)" in net.border_state


# ------------------------------------------------------------------------------------------------------------ transit


def transit_net(**more: object) -> co.Network:
    """Two ways from KZ over UZ to AF: the short one by crossings without transit.

    ::

        k --x-- u --y-- f        x and y: no transit        k --p-- v --q-- f        p and q: everything
    """
    at = {"k": ("KZ", 45, 65), "u": ("UZ", 44, 65), "v": ("UZ", 44, 66), "f": ("AF", 43, 65)}
    over = [("k", "u", "x", 10), ("u", "f", "y", 10), ("k", "v", "p", 100), ("v", "f", "q", 100)]
    return make(
        [place(ident, *where) for ident, where in at.items()],
        [link(a, b, "road", km, crossing=name, border_km=km / 2) for a, b, name, km in over]
        + [link("u", "v", "road", 50)],
        crossings=[
            crossing(name, a, b, traffic="no-transit" if name in "xy" else "", **more) for a, b, name, _ in over
        ],
    )


def test_no_transit_is_for_journeys_from_one_country_to_the_other() -> None:
    net = transit_net()
    km = {
        pair: route and route.km
        for pair, route in net.routes(list("kuvf"), list("kuvf"), by="distance", cargo="truck").items()
    }
    # from KZ to AF each crossing has one of the two ends only, so both are passed in transit
    assert km["k", "f"] == km["f", "k"] == 200
    assert km["k", "u"] == km["u", "k"] == 10
    assert km["k", "v"] == 60
    assert km["u", "f"] == 10
    places = [place("a", "TM", 40, 60), place("k", "KZ", 45, 65), place("u", "UZ", 44, 65), place("f", "AF", 43, 65)]
    over = [("a", "k", "n", 5), ("k", "u", "x", 10), ("u", "f", "y", 10), ("a", "f", "w", 900)]
    links = [link(a, b, "road", km, crossing=name, border_km=1) for a, b, name, km in over]
    rows = [crossing(name, a, b, traffic="no-transit" if name == "x" else "all") for a, b, name, _ in over]
    part = make(places, links, crossings=rows)
    for call in (part, part.at("2026-01")):
        assert call.route("a", "f", by="distance").crossings == ["w"]
        assert call.route("a", "u", by="distance").crossings == ["w", "y"], "it begins in a third country"
        assert call.route("k", "f", by="distance").crossings == ["n", "w"], "it ends in a third country"
        assert call.route("k", "u", by="distance").crossings == ["x"]
        assert call.route("u", "k", by="distance").restrictions == {"x": "no transit: freight between KZ and UZ only"}
    for pair in (("a", "f"), ("a", "u"), ("k", "f")):
        with pytest.raises(co.NoRouteError, match=r"the crossing 'x' \(no transit: freight between KZ and UZ only\)"):
            make(places, links[:3], crossings=rows[:3]).route(*pair)


def test_a_domestic_journey_is_transit_of_the_other_country() -> None:
    places = [place("k", "KZ", 45, 65), place("u", "UZ", 44, 65), place("v", "UZ", 44, 66), place("w", "KZ", 45, 66)]
    links = [
        link("k", "u", "road", 10, crossing="x", border_km=5),
        link("u", "v", "road", 10),
        link("v", "w", "road", 10, crossing="y", border_km=5),
        link("k", "w", "road", 90),
    ]
    crossings = [crossing("x", "k", "u", traffic="no-transit"), crossing("y", "v", "w")]
    net = make(places, links, crossings=crossings)
    assert net.route("k", "w", cargo="truck", by="distance").km == 90
    assert net.route("k", "v", cargo="truck", by="distance").km == 20
    free = make(places, links, crossings=[crossing("x", "k", "u"), crossing("y", "v", "w")])
    assert free.route("k", "w", cargo="truck", by="distance").km == 30


def test_bajgiran_takes_freight_between_iran_and_turkmenistan_only() -> None:
    net = co.load()
    assert "bajgiran" in net.route("Ashgabat", "Mashhad", cargo="truck", by="distance").crossings
    for pair in (("Ashgabat", "Gwadar"), ("Almaty", "Mashhad"), ("Gwadar", "Ashgabat"), ("Herat", "Ashgabat")):
        for by in ("distance", "hours", "generalized"):
            assert "bajgiran" not in net.route(*pair, cargo="truck", by=by).crossings


def brute_km(net: co.Network, origin: str, destination: str) -> float:
    """Shortest way on the links themselves, with the crossings that the pair may pass."""
    country = net.tables["places"].set_index("id")["country"]
    crossings = net.tables["crossings"].set_index("id")
    best = dict.fromkeys(country.index, np.inf) | {origin: 0.0}
    rows = [row for row in net.tables["links"].itertuples() if row.mode == "road"]
    for _ in range(len(best)):
        for row in rows:
            if row.crossing and crossings.loc[row.crossing, "traffic"] == "no-transit":
                sides = {country[crossings.loc[row.crossing, side]] for side in ("place_a", "place_b")}
                if sides != {country[origin], country[destination]}:
                    continue
            for tail, head in ((row.from_id, row.to_id), (row.to_id, row.from_id)):
                best[head] = min(best[head], best[tail] + row.length_km)
    return best[destination]


@settings(max_examples=8, deadline=None)
@given(networks(), st.data())
def test_no_transit_agrees_with_a_search_per_pair(net: co.Network, data: st.DataObject) -> None:
    frames = dict(net.tables.frames)
    crossings = frames["crossings"].copy()
    if len(crossings):
        kinds = st.sampled_from(["", "no-transit"])
        crossings["traffic"] = [data.draw(kinds) for _ in range(len(crossings))]
    net = co.Network.from_tables(**{**frames, "crossings": crossings})
    options = {"cargo": "truck", "by": "distance"}
    table, routes = net.matrix(IDS, IDS, "distance", **options), net.routes(IDS, IDS, **options)
    drawn = co.simulate(net, IDS[:4], IDS[3:], "distance", draws=2, **options).table()["expected"].droplevel(0)
    for (origin, destination), route in routes.items():
        km = brute_km(net, origin, destination)
        assert (np.inf if route is None else route.km) == pytest.approx(km)
        assert table.loc[origin, destination] == pytest.approx(km)
        if (origin, destination) in drawn.index:
            assert drawn.loc[(origin, destination)] == pytest.approx(km)
        if np.isfinite(km):
            assert net.route(origin, destination, **options).km == pytest.approx(km)
        else:
            with pytest.raises(co.NoRouteError):
                net.route(origin, destination, **options)


def test_shares_of_use_and_losses_keep_to_no_transit() -> None:
    net = transit_net()
    shares = co.use_shares(net, ["k", "u"], ["f"], cargo="truck", what="crossing", draws=4).set_index("id")["mean"]
    assert shares.reindex(["x", "y", "p", "q"], fill_value=0).tolist() == [0, 0.5, 0.5, 0.5]
    worst = co.redundancy.criticality(net, ["k", "u"], ["f"], cargo="truck")
    again = net.close("y").routes(["k", "u"], ["f"], cargo="truck")
    before = net.routes(["k", "u"], ["f"], cargo="truck")
    rise = np.mean([again[pair].generalized_usd_t - before[pair].generalized_usd_t for pair in before])
    assert worst.loc["y", "rise_usd_t"] == pytest.approx(rise)


def test_cars_and_loads() -> None:
    rows = [link("b", "c", "road", 2, crossing="x", border_km=1), link("b", "c", "rail", 2, crossing="x", border_km=1)]
    cars = make(PLACES, rows, crossings=[crossing("x", "b", "c", traffic="cars-only")])
    with pytest.raises(co.NoRouteError):
        cars.route("b", "c")
    assert cars.crossings["open_to"].tolist() == [""]
    assert cars.open("x").route("b", "c", cargo="truck").km == 2
    for limit, truck, wagon in ((20, True, False), (19, False, False), (60, True, True)):
        net = make(PLACES, rows, crossings=[crossing("x", "b", "c", max_load_t=limit)])
        assert net.open("x").crossings["open_to"].tolist() == [";".join(["rail"] * wagon + ["road"] * truck)]


def test_hours_of_opening_are_waited_for_unless_the_dwell_holds_them() -> None:
    rows = [link("b", "c", "road", 2, crossing="x", border_km=1), link("b", "c", "rail", 2, crossing="x", border_km=1)]
    hours = {}
    for told in ("", "yes", "no"):
        more = {"open_hours": "8-17", "open_days": "mon;tue;wed;thu;sat;sun", "wait_in_dwell": told} if told else {}
        net = make(PLACES, rows, crossings=[crossing("x", "b", "c", **more)])
        hours[told] = [net.route("b", "c", modes={mode}, cargo="container").hours for mode in ("road", "rail")]
    assert hours["yes"] == hours[""]
    assert hours["no"][0] - hours[""][0] == pytest.approx((5 * 225 + 39**2) / 336)
    assert hours["no"][1] == hours[""][1]
    route = net.route("b", "c", modes={"road"}, cargo="truck")
    assert route.breakdown().loc["waiting", "hours"] == pytest.approx((5 * 225 + 39**2) / 336)
    assert route.restrictions["x"] == "trucks pass 8-17 h, not on fri (7.9 h of waiting on average)"
    assert "trucks pass 8-17 h" in repr(route)
    assert "waiting/x/road/hours" in net.parameter_names


# ------------------------------------------------------------------------------------------- dates of the bundled data


def test_the_gulf_in_2026_is_not_what_it_was() -> None:
    net = co.load()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", co.UndatedLinksWarning)
        views = {
            name: net.at(name) for name in ("2024-06", "2026-02-27", "2026-02-28", "2026-04", "2026-06-23", "2026-07")
        }
    hours = views["2024-06"].route("Tashkent", "Jebel Ali").hours
    assert views["2026-02-27"].route("Tashkent", "Jebel Ali").hours == pytest.approx(hours)
    for name in ("2026-02-28", "2026-04", "2026-06-23"):
        shut = views[name].services["in_use"]
        ports = views[name].tables["services"].set_index("id")[["from_id", "to_id"]].isin(["bandar-abbas", "jebel-ali"])
        assert not shut[ports.any(axis=1)].any()
        assert shut["irisl-nhava-sheva--nhava-sheva--chabahar"]
        assert shut["karachi-colombo--karachi--colombo"]
        with pytest.raises(co.NoRouteError):
            views[name].route("Tashkent", "Jebel Ali")
    # feeders every 1.75 days wait 21 h instead of 42 for half of them
    assert views["2026-07"].route("Tashkent", "Jebel Ali").hours == pytest.approx(hours + 21)


@pytest.mark.filterwarnings("ignore::corridors.UndatedLinksWarning")
@pytest.mark.parametrize(
    ("day", "closed", "open_"),
    [
        ("2023-02-20", ["torkham (road)"], ["chaman"]),
        ("2023-09-14", ["torkham (road)"], []),
        ("2023-09-15", [], ["torkham"]),
        ("2024-08-13", ["torkham (road)"], []),
        ("2025-03-18", ["torkham (road)"], ["chaman"]),
        ("2025-03-19", [], ["torkham", "chaman"]),
        ("2025-10-10", [], ["torkham"]),
        ("2025-10-11", ["AF-PK"], []),
        ("2022-06", ["karamyk (road)", "bajgiran (road)"], []),
        ("2025-07-08", [], ["karamyk"]),
        ("2025-11-15", ["saryagash-keles (rail)"], []),
        ("2025-11-21", [], ["saryagash-keles"]),
        ("2025-06-20", ["taftan (road)"], ["gabd-rimdan"]),
        ("2024-09", ["sibi--spezand:rail-1676"], []),
        ("2025-04-27", ["bandar-abbas"], []),
    ],
)
def test_dated_closures(day: str, closed: list[str], open_: list[str]) -> None:
    net = co.load().at(day)
    assert set(closed) <= set(net.closed)
    for ident in open_:
        assert net.crossings.loc[ident, "open_to"] != ""


def test_what_is_open_in_part_is_told_in_part() -> None:
    net = co.load()
    one = net.close("AF-PK").open("torkham").border_state
    assert one == (
        "normal operation; open here, shut in November 2026: torkham; AF-PK closed by hand; torkham opened by hand"
    )
    assert "shut in November 2026: AF-PK but for torkham; torkham closed" in net.close("torkham").border_state
    assert "shut in November 2026: AF-PK" not in net.close("AF-PK").border_state


def test_nothing_to_close_open_or_build_is_an_error() -> None:
    net = co.load()
    for call in (net.close, net.open):
        with pytest.raises(co.InputError, match="at least a crossing, pair of countries, link"):
            call()
    with pytest.raises(co.InputError, match="at least a project"):
        net.build()
    assert net.close([]).closed == net.closed, "an empty list that was made by a program closes nothing"
    assert net.close([]).name == net.open([]).name == net.name


def test_bajgiran_is_for_freight_of_iran_and_turkmenistan() -> None:
    net, options = co.load(), {"cargo": "truck", "by": "distance"}
    assert net.route("Ashgabat", "Mashhad", **options).crossings == ["bajgiran"]
    shut = ["galaba-hairatan", "aqina", "serhetabat-torghundi", "panji-poyon", "sarakhs"]
    assert "bajgiran" not in net.route("Tashkent", "Kandahar", avoid=shut, **options).crossings
    assert "bajgiran" not in net.route("Tashkent", "Mashhad", avoid=["sarakhs"], **options).crossings


def test_events_feed_the_expected_loss() -> None:
    net = co.load()
    chances = event_chances(net)
    assert chances["torkham road"] == pytest.approx(2.2 * 9.7 / 365)
    assert set(chances) >= {"saryagash-keles rail", "Salang road", "ML-3 rail", "taftan road"}
    ends = ["Peshawar"], ["jalalabad"]
    loss = co.redundancy.expected_loss(net, None, *ends, cargo="truck")
    alone = co.redundancy.expected_loss(net, {"torkham road": chances["torkham road"]}, *ends, cargo="truck")
    shut = co.redundancy.expected_loss(net, {"torkham": 1.0}, *ends, cargo="truck")
    assert 0 < alone["rise_usd_t"] <= loss["rise_usd_t"]
    assert alone["rise_usd_t"] == pytest.approx(chances["torkham road"] * shut["rise_usd_t"])


# ----------------------------------------------------------------------------------------------------------- headings


def test_every_heading_says_which_state_of_the_borders_it_is_of() -> None:
    net = co.load()
    assert net.border_state == "normal operation; open here, shut in November 2026: AF-PK"
    assert net.close("AF-PK").border_state == "normal operation; AF-PK closed by hand"
    now = net.at("2026-11")
    assert now.border_state.startswith("November 2026: AF-PK, wagah closed")
    assert now.open("AF-PK").border_state.startswith("November 2026: wagah closed")
    assert "AF-PK opened by hand" in now.open("AF-PK").border_state
    for state in (net, now):
        route = state.route("Tashkent", "Karachi")
        assert route.border_state == state.border_state == route.summary()["border_state"]
        for text in (repr(route), route._repr_html_(), repr(state)):
            assert state.border_state in text.replace("&#x27;", "'")


def test_a_map_says_which_state_it_is_of() -> None:
    net = co.load()
    for state in (net, net.at("2026-11")):
        fig = state.route("Tashkent", "Karachi", cargo="truck").plot(width_cm=12).fig
        texts = " ".join(text.get_text().replace("\n", " ") for ax in fig.axes for text in ax.texts)
        assert f"State of the borders: {state.border_state}" in texts.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.filterwarnings("ignore::corridors.UndatedLinksWarning")
def test_the_season_stands_apart_and_is_told() -> None:
    net = co.load()
    assert net.at("2026-01").border_state.endswith("parameters of the whole year, not of winter")
    assert net.at("2026-01").in_season("winter").border_state.endswith("; winter")
    assert "winter" not in net.at("2026-07").border_state + net.at(2025).border_state + net.border_state
    assert "khunjerab (road)" in net.at("2024-01").closed
    assert "khunjerab (road)" not in [*net.at("2024").closed, *net.at("2024-06").closed]


def test_dates_after_the_data_say_so_once() -> None:
    net = co.load()
    assert net.known_until == "2026-11"
    with pytest.warns(co.AfterDataWarning, match=r"2027-03 lies after 2026-11.*net.known_until") as record:
        late = net.at("2027-03")
    assert len(record) == 1
    assert late.border_state.endswith("known to November 2026 only")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert late.close("torkham").open("torkham").closed == late.closed
        assert "only" not in net.at("2026-11-30").border_state
    assert sea_net().known_until == "2026-11"


@pytest.mark.filterwarnings("ignore::corridors.AfterDataWarning", "ignore::corridors.UndatedLinksWarning")
def test_every_form_of_a_date_gives_one_view() -> None:
    net = co.load()
    day = net.at("2026-04-15").view
    assert net.at(date(2026, 4, 15)).view == net.at(pd.Timestamp("2026-04-15 08:00")).view == day
    assert net.at(2025).view == net.at("2025").view
    assert net.at("today").view.date == date.today().isoformat()
    with pytest.raises(co.InputError, match="date='April'"):
        net.at("April")


@pytest.mark.filterwarnings("ignore::corridors.UndatedLinksWarning")
def test_a_view_with_a_day_is_written_and_read(tmp_path) -> None:
    for suffix in ("csv", "net.gpkg", "net.graphml"):
        net = co.load().at("2026-04-15").close("bandar-abbas")
        again = co.read(net.write(tmp_path / suffix))
        assert again.view == net.view
        assert again.border_state == net.border_state


def test_networks_made_of_others_keep_what_is_said_of_ports_and_borders() -> None:
    net = co.load().at("2026-11").close("Bandar Abbas").open("torkham")
    assert net.merge(net).view == net.view
    assert net.simplify(drop=["junction"]).view == net.view
    part = net.select(country=["UZ", "AF", "PK"])
    assert part.closed == ["AF-PK", "wagah"]
    assert part.view.closed == frozenset()  # the port is not there
    assert part.border_state == "November 2026: AF-PK, wagah closed; torkham opened by hand"
    assert part.crossings.loc[["torkham", "chaman"], "open_to"].tolist() == ["rail;road", ""]


def test_graphs_of_states_leave_crossings_without_transit_out() -> None:
    net = co.load()
    graph = net.graph(expanded=True, cargo="truck", plain=False)
    border = [data for _, _, data in graph.edges(data=True) if set(data["countries"]) == {"IR", "TM"}]
    assert len(border) == 6  # both ways at Sarakhs, Incheh Borun and Lotfabad; Bajgiran is not among them
    assert {edge["mode"] for edge in border} == {"road"}
