"""Head haul and back haul, charges where a part begins, and what is loaded: by hand on small networks."""

from __future__ import annotations

import pytest

import corridors as co
from corridors.base.units import Load, in_unit
from corridors.model.question import load_of
from support.networks import COMMODITIES, PARAMETERS, POSITIONS, crossing, link, make, parameter, place, terminal

HAULS = [
    parameter("line_haul", "cost", 0.08, "USD/tkm", mode="road", direction="head-haul"),
    parameter("line_haul", "cost", 0.02, "USD/tkm", mode="road", direction="back-haul"),
]
CHARGES = [
    parameter("charge", "cost", 2, "USD/t", mode="rail"),
    parameter("charge", "cost", 5, "USD/t", mode="road"),
    parameter("charge", "cost", 30, "USD/t", mode="sea", **{"class": "liner"}),
]


def roads(*more: dict[str, object], **column: str) -> co.Network:
    """A -100 km- B |-10 km (4 + 6)-| C -90 km- D by road."""
    ways = [("a", "b", 100, {}), ("b", "c", 10, {"crossing": "x", "border_km": 4}), ("c", "d", 90, {})]
    return make(
        [place(i, *at) for i, at in POSITIONS.items() if i != "e"],
        [link(one, two, "road", km, **rest, **column) for one, two, km, rest in ways],
        crossings=[crossing("x", "b", "c")],
        parameters=[*PARAMETERS, *more],
    )


@pytest.mark.parametrize(("towards", "there", "back"), [("to", 0.08, 0.02), ("from", 0.02, 0.08), ("", 0.05, 0.05)])
def test_rates_follow_the_head_haul_on_both_sides_of_a_border(towards: str, there: float, back: float) -> None:
    net = roads(*HAULS, head_haul=towards)
    border = 6.0
    assert net.route("a", "d", cargo="truck").cost_usd_t == pytest.approx(200 * there + border)
    assert net.route("d", "a", cargo="truck").cost_usd_t == pytest.approx(200 * back + border)


def test_splitting_and_simplifying_keep_the_head_haul() -> None:
    net = roads(*HAULS, head_haul="to")
    cut = net.insert_place("M", "a--b:road", km=30)
    for one, two in (("a", "d"), ("d", "a")):
        expected = net.route(one, two, cargo="truck").cost_usd_t
        assert cut.route(one, two, cargo="truck").cost_usd_t == pytest.approx(expected)
        again = cut.simplify()
        assert again.route(one, two, cargo="truck").cost_usd_t == pytest.approx(expected)
        assert len(again.links) == len(net.links)


def test_links_are_joined_only_where_the_head_haul_goes_on() -> None:
    spots = [place("a", "KZ", 50, 60), place("m", "KZ", 50.5, 60, kind="junction"), place("b", "KZ", 51, 60)]
    for first, second, joined in (("to", "from", 1), ("to", "to", 2), ("to", "", 2)):
        # the second link begins at b, so that it is passed backwards
        ways = [link("a", "m", "road", 40, head_haul=first), link("b", "m", "road", 60, head_haul=second)]
        net = make(spots, ways, parameters=[*PARAMETERS, *HAULS])
        simple = net.simplify()
        assert len(simple.links) == joined
        for one, two in (("a", "b"), ("b", "a")):
            price = simple.route(one, two, cargo="truck").cost_usd_t
            assert price == pytest.approx(net.route(one, two, cargo="truck").cost_usd_t)


def test_a_charge_is_paid_once_where_a_part_begins() -> None:
    net = make(
        [place(i, "KZ", lat, 60) for i, lat in (("a", 50), ("b", 51), ("c", 52))],
        [link("a", "b", "road", 100), link("b", "c", "rail", 100)],
        terminals=[terminal("b", "rail-1520", "road")],
        parameters=[*PARAMETERS, *CHARGES],
    )
    route = net.route("a", "c", cargo="container")
    cost = route.breakdown()["cost_usd_t"]
    assert cost[cost > 0].to_dict() == pytest.approx({"charge": 5 + 2, "line_haul": 5 + 2, "transfer": 5})
    assert net.route("a", "b", cargo="truck").cost_usd_t == pytest.approx(5 + 5)


def test_steps_legs_and_profile_hold_the_charge_of_a_start_without_a_wait() -> None:
    route = roads(*CHARGES).route("a", "d", cargo="truck")
    assert route.cost_usd_t == pytest.approx(5 + 200 * 0.05 + 6)
    assert route.steps["cost_usd_t"].sum() == pytest.approx(route.cost_usd_t)
    assert route.legs["cost_usd_t"].iloc[0] == pytest.approx(5 + 104 * 0.05)
    profile = route.profile("cost", draws=50)
    assert profile["expected"].iloc[-1] == pytest.approx(route.cost_usd_t)
    assert profile["p50"].iloc[-1] == pytest.approx(route.cost_usd_t), "no parameter has a range here"
    matrix = roads(*CHARGES).matrix(["a"], ["d"], "cost", cargo="truck")
    assert matrix.iloc[0, 0] == pytest.approx(route.cost_usd_t)


def test_ships_are_charged_at_embarkation_alone() -> None:
    hop = {"service": "s", "name": "s", "mode": "sea", "class": "liner", "cargo": "container", "length_km": 1000,
           "length_basis": "published", "headway_d": 2, "status": "open", "source": "s", "confidence": "A"}  # fmt: skip
    net = make(
        [place(i, "KZ", lat, 60) for i, lat in (("a", 50), ("p", 51), ("q", 55), ("b", 56))],
        [link("a", "p", "road", 100), link("q", "b", "road", 100)],
        terminals=[terminal(i, "road", "sea", "container", method="port") for i in ("p", "q")],
        services=[{**hop, "id": "p--q", "from_id": "p", "to_id": "q"}],
        parameters=[*PARAMETERS, *CHARGES],
    )
    cost = net.route("a", "b").breakdown()["cost_usd_t"]
    assert cost["charge"] == pytest.approx(5 + 30 + 5), "truck, ship, truck"
    assert cost["sea"] == pytest.approx(5)


LIGHT = [*COMMODITIES, {**COMMODITIES[0], "id": "toys", "box": "feu", "load_container_t": 10, "load_truck_t": 8,
                        "load_wagon_t": 30},
         {**COMMODITIES[0], "id": "rice", "box": "teu", "load_container_t": 24},
         {**COMMODITIES[0], "id": "tea", "box": "teu", "load_container_t": 15}]  # fmt: skip


def test_a_wagon_waits_for_a_train_where_it_was_loaded_and_not_where_it_rolls_off_a_ferry(net: co.Network) -> None:
    steps = net.route("Kapikoy", "Mersin", cargo="wagon").steps
    landed = steps[(steps["kind"] == "port") & (steps["mode"] == "sea-rail")]
    # the port alone, by the row of parameters of Tatvan; loaded at Kapikoy it has waited 48 h once
    assert landed["hours"].tolist() == [10.0]
    assert steps["hours"][steps["kind"] == "waiting"].tolist() == [48.0]
    # a box that is lifted off a ship waits for a container train
    boxes = net.route("Jebel Ali", "Lahore", cargo="container", modes={"rail", "sea"}).steps
    lifted = boxes[(boxes["kind"] == "port") & (boxes["mode"] == "sea-rail")]
    assert lifted["hours"].iloc[0] > 84.0


def test_a_tonne_of_a_light_load_costs_more_and_the_box_the_same() -> None:
    spots = [place(i, *at) for i, at in POSITIONS.items() if i in "ab"]
    net = make([*spots, place("d", "KZ", 52, 60)], [link("a", "b", "road", 100), link("b", "d", "road", 100)],
               commodities=LIGHT)  # fmt: skip
    usual, toys = (net.route("a", "d", commodity=name) for name in (None, "toys"))
    assert toys.cost_usd_t == pytest.approx(2 * usual.cost_usd_t)
    assert toys.co2e_kg_t == pytest.approx(2 * usual.co2e_kg_t)
    assert toys.hours == pytest.approx(usual.hours)
    assert toys.cost_usd("feu") == pytest.approx(usual.cost_usd("feu")) == pytest.approx(20 * usual.cost_usd_t)
    truck = net.route("a", "d", cargo="truck", commodity="toys")
    assert truck.cost_usd("truck") == pytest.approx(8 * truck.cost_usd_t) == pytest.approx(20 * usual.cost_usd_t)
    rice = net.route("a", "d", commodity="rice")
    assert rice.cost_usd("teu") == pytest.approx(24 * rice.cost_usd_t) == pytest.approx(usual.cost_usd("feu"))
    assert rice.cost_usd("feu") == pytest.approx(usual.cost_usd("feu")), "a heavy 20-ft box takes a truck of its own"
    tea = net.route("a", "d", commodity="tea")
    assert tea.cost_usd("teu") == pytest.approx(15 * tea.cost_usd_t) == pytest.approx(0.64 * usual.cost_usd("feu"))
    assert rice.breakdown()["cost_usd_t"].sum() == pytest.approx(rice.cost_usd_t)
    assert rice.distribution("cost", draws=20).expected == pytest.approx(rice.cost_usd_t)


def test_wagons_are_charged_by_the_tonne(net: co.Network) -> None:
    grain, cotton = (
        net.route("Kostanay", "Hairatan", cargo="wagon", modes={"rail"}, commodity=c) for c in ("grain", "cotton")
    )
    assert grain.cost_usd_t == pytest.approx(cotton.cost_usd_t)
    assert (grain.cost_usd("wagon") / grain.cost_usd_t, cotton.cost_usd("wagon") / cotton.cost_usd_t) == (
        pytest.approx(70),
        pytest.approx(45),
    )


def test_loads_come_from_the_commodity_or_are_the_usual_ones(net: co.Network) -> None:
    assert load_of(net.tables, "container", "rice") == Load("teu", 24.0)
    assert load_of(net.tables, "container", "metals") == Load("feu", 20.0)
    assert load_of(net.tables, "wagon") == Load("wagon", 66.0), "flour"
    assert in_unit("truck", Load("feu", 10.0), "land") == pytest.approx(10.0)


def test_a_forwarder_pays_the_port_and_the_empty_box_where_asked() -> None:
    hop = {"service": "s", "name": "s", "mode": "sea", "class": "liner", "cargo": "container", "length_km": 1000,
           "length_basis": "published", "headway_d": 2, "status": "open", "source": "s", "confidence": "A"}  # fmt: skip
    net = make(
        [place(i, "KZ", lat, 60) for i, lat in (("p", 51), ("q", 55), ("b", 56))],
        [link("q", "b", "road", 100, head_haul="to")],
        terminals=[terminal(i, "road", "sea", "container", method="port") for i in ("p", "q")],
        services=[{**hop, "id": "p--q", "from_id": "p", "to_id": "q"}],
        parameters=[*PARAMETERS, *HAULS, *CHARGES],
    )
    route = net.route("q", "b")
    bare = 20 * (5 + 100 * 0.08)
    assert route.cost_usd("feu") == pytest.approx(bare)
    assert route.cost_usd("feu", ports=True) == pytest.approx(bare + 20 * 7)
    assert route.cost_usd("feu", empty_return=True) == pytest.approx(bare + 20 * 100 * 0.02)
    assert route.cost_usd("teu", ports=True) == pytest.approx(0.64 * bare + 0.875 * 20 * 7)
    assert net.route("b", "q").cost_usd("feu", ports=True) == pytest.approx(20 * (5 + 100 * 0.02 + 7))
