"""Flows on the network: worked lines, conservation, capacities, and an independent assignment."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import ClassVar

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.trade.capacity import fitted, single_track_pairs
from corridors.trade.carried import Carried
from corridors.trade.demand import Flow, season_weights
from corridors.trade.quotas import within_quotas
from support.networks import crossing, link, make, place

AFGHAN = ["AF-UZ", "AF-TM", "AF-TJ", "AF-IR", "AF-PK"]

HIGH = pd.DataFrame({"kind": ["link"], "id": ["a--b:rail-1520"], "value": [1e9], "unit": ["t/year"]})


@pytest.fixture(scope="module")
def abc() -> co.Network:
    """Line of three countries.

    ::

        A (KZ) --100 km-- B (UZ) --100 km-- C (TM)
    """
    return make(
        [place("a", "KZ", 50, 60), place("b", "UZ", 51, 60), place("c", "TM", 52, 60)],
        [
            link("a", "b", "rail", 100, crossing="x", border_km=50),
            link("b", "c", "rail", 100, crossing="y", border_km=50),
        ],
        crossings=[crossing("x", "a", "b"), crossing("y", "b", "c")],
    )


def carried(net: co.Network, flows: object, **options: object) -> Carried:
    return co.carry(net, flows, **{"cargo": "wagon", "commodity": "flour", **options})


def test_line_of_the_design(abc: co.Network) -> None:
    found = carried(abc, {("a", "c"): 100, ("a", "b"): 50})
    assert found.links.set_index("id")["tonnes"].to_dict() == pytest.approx(
        {"a--b:rail-1520": 150, "b--c:rail-1520": 100}
    )
    assert found.transit_share("UZ") == pytest.approx(2 / 3)
    assert found.crossings.set_index("id")["tonnes"].to_dict() == pytest.approx({"x": 150, "y": 100})
    assert found.summary()["land_tkm"] == pytest.approx(150 * 100 + 100 * 100)
    table = found.countries.set_index("country")
    assert table.loc["UZ", ["passes", "begins", "ends", "transit"]].tolist() == pytest.approx([150, 0, 50, 100])
    assert np.isnan(found.transit_share("AF"))


def test_freight_and_fees_are_the_cost_of_the_ways(abc: co.Network) -> None:
    found = carried(abc, {("a", "c"): 100, ("a", "b"): 50})
    gross = found.gross.set_index(["country", "payee"])["usd"]
    # 0.02 USD/tkm of rail, 3 USD/t on each side of a border
    assert gross["KZ", "railways"] == pytest.approx(150 * 50 * 0.02)
    assert gross["UZ", "railways"] == pytest.approx((150 * 50 + 100 * 50) * 0.02)
    assert gross["UZ", "border dues and payments"] == pytest.approx(150 * 3 + 100 * 3)
    assert gross["TM", "border dues and payments"] == pytest.approx(100 * 3)
    ways = sum(
        way.route.cost_usd_t * tonnes for way, tonnes in zip(found.ways, found.carried_t.sum(axis=1), strict=True)
    )
    assert gross.sum() == pytest.approx(ways)


def test_example_7_afghanistan_in_the_middle(net: co.Network) -> None:
    built = net.build("uap-kabul")
    found = co.carry(built, {("Kostanay", "Karachi"): 3e6}, commodity="flour", cargo="wagon", modes={"rail"})
    afghan = found.countries.set_index("country").loc["AF"]
    assert afghan["transit"] == pytest.approx(3e6)
    rows = found.gross[found.gross["country"] == "AF"]
    rail = rows[rows["payee"] == "railways"]["usd"].sum()
    # gross freight and no income: km times the rate of the table, which has moved from 0.034 to 0.037 USD/tkm
    rate = built.parameters.set_index(pd.Index(built.parameter_names)).loc["line_haul/AF/rail/cost", "value"]
    assert rail == pytest.approx(afghan["tkm"] * rate)
    assert afghan["tkm"] / 3e6 == pytest.approx(629, abs=0.5)
    flows, options = {("Kostanay", "Karachi"): 15e6}, {"commodity": "flour", "cargo": "wagon", "modes": {"rail"}}
    more = co.carry(built, flows, capacities=None, **options)
    assert more.gross["usd"].sum() == pytest.approx(5 * found.gross["usd"].sum())


def test_example_8_pairs_of_a_single_track() -> None:
    pairs = single_track_pairs(block_km=20, speed_kmh=40, station_min=3, use=0.8)
    assert pairs == pytest.approx(1440 * 0.8 / 66)
    assert [round(pairs) * 350 * load / 1e6 for load in (2000, 3300)] == pytest.approx([11.9, 19.6], abs=0.1)
    for wrong in ({"block_km": 0, "speed_kmh": 40}, {"block_km": 20, "speed_kmh": 40, "use": 1.5}):
        with pytest.raises(co.InputError):
            single_track_pairs(**wrong)


def test_tonnes_become_wagons_and_trains(abc: co.Network) -> None:
    found = carried(abc, {("a", "b"): 6600}, empty_share=0.5)
    row = found.links.set_index("id").loc["a--b:rail-1520"]
    assert row["wagons"] == pytest.approx(6600 / 60)  # the fixture tells no load, so the 60 t of the rates
    assert row["trains"] == pytest.approx(1.5 * 2)
    assert row["trucks"] == row["boxes"] == 0
    assert (row["forward"], row["back"]) == (6600, 0)
    back = carried(abc, {("b", "a"): 10}).links.iloc[0]
    assert (back["from_id"], back["forward"], back["back"]) == ("a", 0, 10)


def test_loads_are_those_of_the_good(net: co.Network) -> None:
    found = co.carry(net, {("Tashkent", "Hairatan"): 66_000}, commodity="flour", cargo="wagon")
    rail = found.links[found.links["mode"] == "rail"]
    assert rail["wagons"].unique().tolist() == pytest.approx([1000])
    boxes = co.carry(net, {("Tashkent", "Kabul"): 42_000}, commodity="flour", cargo="container").links
    assert boxes["boxes"].unique().tolist() == pytest.approx([2000])
    road = boxes[boxes["mode"] == "road"]
    assert road["trucks"].unique().tolist() == pytest.approx([2000])


# --- months and capacities ----------------------------------------------------------------------------------------


def test_seasons_and_months(abc: co.Network) -> None:
    weights = [1.31, *[1.0] * 10, 0.69]
    found = carried(abc, {("a", "b"): 1200}, seasons={"flour": weights})
    assert found.months("crossings").loc[("x", "rail", "KZ", "UZ")].to_numpy() == pytest.approx(100 * np.array(weights))
    flows = pd.DataFrame({"origin": "a", "destination": "b", "tonnes": [10, 20], "period": ["2024-02", "2024-11"]})
    months = carried(abc, flows).months("places").loc[("a", "begins")]
    assert (months[2], months[11], months.sum()) == (10, 20, 30)


class Seasonal:
    """Tables with a season for flour, and a profile that is missing for grain."""

    frames: ClassVar = {
        "seasons": pd.DataFrame({"profile": "mill", "month": [*range(12, 0, -1)], "weight": [*range(12, 0, -1)]}),
        "commodities": pd.DataFrame({"id": ["flour", "grain", "sugar"], "season": ["mill", "harvest", None]}),
    }

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]


def test_seasons_of_the_tables() -> None:
    assert season_weights(Seasonal()) == {"flour": [float(month) for month in range(1, 13)]}


def test_what_exceeds_a_capacity_is_listed(abc: co.Network) -> None:
    limits = pd.DataFrame(
        {
            "kind": ["crossing", "crossing"],
            "id": ["x", "y"],
            "value": [1.0, 1.0],
            "unit": ["wagons/day", "trains/day"],
            "status": ["observed", "plan"],
        }
    )
    yearly = 2 * 60 * 365.0  # two wagons a day
    found = carried(abc, {("a", "b"): yearly, ("b", "c"): 100 * yearly}, capacities=limits)
    assert found.pairs["carried_t"].tolist() == pytest.approx([yearly / 2, 100 * yearly])
    lost = found.not_carried
    assert lost["tonnes"].sum() == pytest.approx(yearly / 2)
    assert set(lost["reason"]) == {"crossing x: 1 wagons/day"}
    assert len(lost) == 12
    use = found.utilisation.set_index("id")
    assert use.loc["x", ["utilisation", "used_per_day", "state"]].tolist() == [
        pytest.approx(2),
        pytest.approx(1),
        "over",
    ]
    assert use.loc["y", "state"] == "over"
    assert not use.loc["y", "binding"]
    assert "exceed a capacity" in str(found)


def test_only_the_peak_is_cut(abc: co.Network) -> None:
    limits = pd.DataFrame({"kind": ["link"], "id": ["a--b:rail-1520"], "value": [1200], "unit": ["t/year"]})
    weights = [1.31, *[1.0] * 10, 0.69]
    found = carried(abc, {("a", "b"): 1200}, capacities=limits, seasons={"flour": weights})
    assert found.not_carried[["month", "tonnes"]].to_numpy().tolist() == [[1, pytest.approx(31)]]
    assert found.utilisation.loc[0, ["month", "utilisation"]].tolist() == [1, pytest.approx(1.31)]


def test_close_to_full_is_a_warning(abc: co.Network) -> None:
    limits = pd.DataFrame({"kind": ["crossing"], "id": ["x"], "value": [1 / 0.9], "unit": ["pairs/day"]})
    found = carried(abc, {("a", "b"): 3300 * 365.0}, capacities=limits)
    assert found.utilisation.loc[0, ["utilisation", "state"]].tolist() == [pytest.approx(0.9), "close"]
    assert not len(found.not_carried)


@given(st.integers(0, 2**32 - 1))
def test_no_limit_is_exceeded_and_none_that_stops_a_flow_has_room(seed: int) -> None:
    rng = np.random.default_rng(seed)
    load = rng.random((4, 7)) * (rng.random((4, 7)) < 0.5)
    limit = rng.random(4) * 2
    share, stopped = fitted(load, limit)
    used = load @ share
    assert (used <= limit * (1 + 1e-9) + 1e-12).all()
    assert ((share >= 0) & (share <= 1)).all()
    assert (share[stopped < 0] == pytest.approx(1)) if (stopped < 0).any() else True
    for flow in np.flatnonzero(stopped >= 0):
        full = stopped[flow]
        assert load[full, flow] > 0
        assert used[full] == pytest.approx(limit[full])
        assert share[flow] == pytest.approx(share[load[full] > 0].max())


def balanced(one: pd.Series, other: pd.Series) -> None:
    """What goes in is what comes out, row by row."""
    assert one.to_numpy() == pytest.approx(other.to_numpy())


# --- conservation ---------------------------------------------------------------------------------------------------

TOWNS = ["almaty", "astana", "tashkent", "kabul", "karachi", "mundra", "mazar-i-sharif", "mashhad"]

pairs = st.dictionaries(
    st.tuples(st.sampled_from(TOWNS), st.sampled_from(TOWNS)).filter(lambda pair: pair[0] != pair[1]),
    st.floats(1, 1e6),
    min_size=1,
    max_size=6,
)


@given(pairs)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_goes_in_comes_out(net: co.Network, flows: dict[tuple[str, str], float]) -> None:
    found = co.carry(net, flows, cargo="container")
    places = found.places
    balanced(places["begins"] + places["arrives"], places["leaves"] + places["ends"])
    countries = found.countries
    entered = countries["enters_by_land"] + countries["enters_by_sea"] + countries["begins"]
    left = countries["leaves_by_land"] + countries["leaves_by_sea"] + countries["ends"]
    balanced(entered, left)
    into = found.crossings.groupby("to_country")["tonnes"].sum()
    cut = countries.set_index("country")["enters_by_land"]
    assert cut[cut > 0].to_dict() == pytest.approx(into.to_dict())
    assert found.pairs["carried_t"].sum() == pytest.approx(sum(flows.values()))
    ways = [way.route.cost_usd_t for way in found.ways] @ found.carried_t.sum(axis=1)
    assert found.gross["usd"].sum() == pytest.approx(ways)


def test_ways_of_a_split_add_up_to_the_flow(net: co.Network) -> None:
    flows = {("tashkent", "kabul"): 1000.0, ("tashkent", "mazar-i-sharif"): 300.0}
    found = co.carry(net, flows, commodity="flour", split=True, choice=co.Logit(ways=2))
    by_pair = found.pairs.groupby(["origin", "destination"])["carried_t"].sum()
    assert by_pair.to_dict() == pytest.approx(flows)
    split = co.split(net, "Tashkent", "Kabul", commodity="flour", choice=co.Logit(ways=2), draws=200)
    mine = found.pairs[found.pairs["destination"] == "kabul"]
    assert mine["share"].to_numpy() == pytest.approx(split.table()["share"].to_numpy())
    places = found.places
    balanced(places["begins"] + places["arrives"], places["leaves"] + places["ends"])
    alone = co.carry(net, {("tashkent", "kabul"): 1.0}, commodity="flour", split=True, choice=co.Logit(ways=2))
    bands = alone.bands("crossings", draws=200)
    expected = split.by("crossing")
    assert bands.groupby("id")["p95"].max().le(1 + 1e-9).all()
    rows = bands.reset_index().groupby("id")["tonnes"].sum()
    assert rows.to_dict() == pytest.approx(expected["share"].to_dict())


def test_an_independent_assignment_puts_the_same_tonnes_on_links() -> None:
    """Roads of one country by networkx: shortest paths by km, tonnes added up link by link."""
    rng = np.random.default_rng(3)
    towns = [f"p{i}" for i in range(8)]
    graph = nx.Graph()
    for i, one in enumerate(towns):
        for other in towns[i + 1 :]:
            if rng.random() < 0.5 or other == towns[i + 1 if i + 1 < len(towns) else i]:
                graph.add_edge(one, other, km=float(rng.integers(20, 400)))
    links = [link(one, other, "road", km["km"]) for one, other, km in graph.edges(data=True)]
    net = make([place(name, "KZ", 45 + i, 60 + (i % 3)) for i, name in enumerate(towns)], links)
    flows = {(one, other): float(rng.integers(1, 100)) for one in towns for other in towns if one != other}
    expected: dict[frozenset[str], float] = defaultdict(float)
    for (one, other), tonnes in flows.items():
        path = nx.shortest_path(graph, one, other, weight="km")
        for a, b in pairwise(path):
            expected[frozenset((a, b))] += tonnes
    found = co.carry(net, flows, cargo="truck", by="distance").links
    mine = {frozenset(ends): t for *ends, t in found[["from_id", "to_id", "tonnes"]].to_numpy().tolist()}
    assert mine == pytest.approx(dict(expected))


# --- what is refused ------------------------------------------------------------------------------------------------


def test_a_flow_without_a_way_is_listed(net: co.Network) -> None:
    found = co.carry(net.close(*AFGHAN), {("Tashkent", "Kabul"): 12, ("Almaty", "Tashkent"): 7}, cargo="truck")
    assert found.summary()["no_way_t"] == pytest.approx(12)
    assert found.not_carried["tonnes"].sum() == pytest.approx(12)
    assert found.not_carried["reason"].str.startswith("no way: ").all()
    assert found.pairs["carried_t"].sum() == pytest.approx(7)
    none = co.carry(
        net.close(*AFGHAN), {("Tashkent", "Kabul"): 12}, commodity="flour", split=True, choice=co.Logit(ways=1)
    )
    assert none.summary()["carried_t"] == 0
    assert not len(none.crossings)
    assert not len(none.links)


def test_countries_stand_for_towns(net: co.Network) -> None:
    flows = pd.DataFrame({"origin": ["KZ"], "destination": ["Kabul"], "tonnes": [120.0]})
    with pytest.raises(co.UnknownNameError, match="A country sells from places"):
        co.carry(net, flows, cargo="truck")
    found = co.carry(net, flows, cargo="truck", towns={"KZ": {"Kostanay": 0.5, "Astana": 0.17}})
    assert found.pairs.set_index("origin")["carried_t"].to_dict() == pytest.approx(
        {"kostanay": 120 * 0.5 / 0.67, "astana": 120 * 0.17 / 0.67}
    )


ROW = {"origin": ["a", "a"], "destination": ["b", "c"], "tonnes": [1, 2]}


@pytest.mark.parametrize(
    ("flows", "options", "error", "words"),
    [
        (pd.DataFrame({"origin": ["a"], "destination": ["b"], "tons": [1]}), {}, co.InputError, "did you mean 'tons'"),
        (pd.DataFrame({**ROW, "period": ["2023", "2024"]}), {}, co.InputError, "rows of one year"),
        (pd.DataFrame({**ROW, "statistic": ["exporter", "importer"]}), {}, co.InputError, "never added"),
        (pd.DataFrame({**ROW, "period": ["2024-13", "2024"]}), {}, co.InputError, "a month such as"),
        (pd.DataFrame({**ROW, "tonnes": [1, -2]}), {}, co.InputError, "row 1 has tonnes"),
        (pd.DataFrame({**ROW, "tonnes": [1, "x"]}), {}, co.InputError, "row 1 has tonnes"),
        (pd.DataFrame({**ROW, "commodity": ["flour", "flower"]}), {}, co.UnknownNameError, "flour"),
        ({("a", "a"): 1}, {}, co.InputError, "two different places"),
        ({"a": 1}, {}, co.InputError, "by pair"),
        ({}, {}, co.InputError, "at least one row"),
        ({("a", "b"): 1}, {"seasons": {"flour": [1, 2]}}, co.InputError, "twelve weights"),
        ({("a", "b"): 1}, {"train_net_t": 0}, co.InputError, "above zero"),
        ({("a", "b"): 1}, {"empty_share": -1}, co.InputError, "zero or more"),
        ({("a", "b"): 1}, {"choice": "nested"}, co.InputError, "split=True"),
        ({("a", "b"): 1}, {"towns": {"a": {}}}, co.InputError, "weights of zero or more"),
        ({("a", "b"): 1}, {"capacities": HIGH.drop(columns="unit")}, co.InputError, "a column 'unit'"),
        ({("a", "b"): 1}, {"capacities": HIGH.assign(unit="t/days")}, co.InputError, "did you mean 't/day'"),
        ({("a", "b"): 1}, {"capacities": HIGH.assign(id="a--b:rail")}, co.UnknownNameError, "a--b:rail-1520"),
        ({("a", "b"): 1}, {"capacities": HIGH.assign(kind="road")}, co.InputError, "one of link"),
        ({("a", "b"): 1}, {"capacities": HIGH.assign(value=-1)}, co.InputError, "zero or more"),
        ({("a", "b"): 1}, {"capacities": HIGH.assign(unit="trucks/day", mode="rail")}, co.InputError, "not counted"),
    ],
)
def test_what_cannot_be_is_named(
    abc: co.Network, flows: object, options: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        carried(abc, flows, **options)


def test_tables_and_text(abc: co.Network) -> None:
    found = carried(abc, {("a", "c"): 100})
    assert found.table().equals(found.crossings)
    assert "100 t of 100 t a year are carried. No capacities were given" in str(found)
    assert "<table" in found._repr_html_()
    with pytest.raises(co.InputError, match="one of links"):
        found.months("lines")


def test_a_quota_is_a_closure_beyond_its_tonnage(net: co.Network) -> None:
    flows = pd.DataFrame([
        {"origin": "Kostanay", "destination": "Kabul", "tonnes": 300e3, "period": "2022-05"},
        {"origin": "Kokshetau", "destination": "Kabul", "tonnes": 100e3, "period": "2022-05"},
        {"origin": "Tashkent", "destination": "Kabul", "tonnes": 50e3, "period": "2022-05"},
    ])  # fmt: skip
    asked = {"commodity": "flour", "cargo": "truck"}
    free, held = (co.carry(net, flows, quotas=quotas, **asked) for quotas in (False, True))
    assert free.summary()["carried_t"] == pytest.approx(450e3)
    assert held.summary()["carried_t"] == pytest.approx(350e3), "300 thousand t of Kazakhstan in all"
    assert held.summary()["wanted_t"] == pytest.approx(450e3)
    lost = held.not_carried.set_index("origin")
    assert lost["tonnes"].to_dict() == pytest.approx({"kostanay": 75e3, "kokshetau": 25e3})
    assert lost["reason"].str.contains("kz-flour-quota-2022").all()
    assert "above a quota" in str(held)
    later = co.carry(net, flows.assign(period="2023-05"), quotas=True, **asked)
    assert later.summary()["not_carried_t"] == 0
    with pytest.raises(co.InputError, match="period"):
        co.carry(net, flows.drop(columns="period"), quotas=True, **asked)


def test_a_quota_by_the_month_holds_in_each() -> None:
    tables = co.load().tables
    flow = Flow("kostanay", "kabul", "grain", np.full(12, 210_000.0))
    kept, above = within_quotas(tables, [flow], "2020")
    assert kept[0].tonnes.tolist() == [210_000.0] * 3 + [200_000.0] * 2 + [210_000.0] * 7
    assert above[1].startswith("above the export quota of 200,000 t/month")
    assert (kept[0].tonnes + kept[1].tonnes).tolist() == flow.tonnes.tolist()
    assert within_quotas(tables, [flow._replace(commodity=None)], "2020")[1] == {}
