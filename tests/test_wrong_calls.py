"""Wrong input of every kind, into every argument of every public function and method: refused by name, or taken.

Calls that work are listed in `CALLS`; each argument in turn is replaced by what it cannot be. A `CorridorsError` names
it; an error of Python from inside is a failure.
"""

from __future__ import annotations

import functools
import inspect
import math
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import corridors as co
from corridors.base.arguments import checked
from support.networks import COMMODITIES, POSITIONS, crossing, link, make, place, terminal

SOLD = {"commodity": "flour", "confidence": "A", "source": "s", "basis": "exw", "period": "2024"}


BUILT = co.Scenario("new").build("new")


class Made:
    """What the calls are made on: a small network with what the functions need, and one result of each kind."""

    @functools.cached_property
    def net(self) -> co.Network:
        spots = [place(i, *at) for i, at in POSITIONS.items()]
        lines = [
            link("a", "b", "rail", 100),
            link("a", "b", "road", 110),
            link("b", "c", "rail", 10, crossing="x", border_km=4),
            link("b", "c", "road", 12, crossing="x", border_km=5),
            link("c", "d", "rail", 90),
            link("c", "d", "road", 95),
            link("d", "e", "rail", 60, "1435", status="planned", project="new", opened=""),
            link("d", "e", "road", 70),
        ]
        goods = [{**row, "time_pct_day": 1, "value_usd_t": 240} for row in COMMODITIES]
        offers = [
            {**SOLD, "id": "north", "country": "KZ", "place": "a", "price_usd_t": 240},
            {**SOLD, "id": "local", "country": "UZ", "place": "e", "price_usd_t": 260},
        ]
        sold = {"source": "s", "confidence": "A"}
        projects = [{"id": "new", "name": "New", "countries": "UZ", "kind": "new", "status": "planned", **sold}]
        closures = [
            {
                "id": "shut",
                "reason": "flood",
                "kind": "crossing",
                "target": "x",
                "start": "2025-01",
                "end": "2025-03",
                **sold,
            }
        ]
        return make(
            spots, lines, crossings=[crossing("x", "b", "c")], terminals=[terminal("d", "rail-1520", "rail-1435")],
            commodities=goods, offers=offers, projects=projects, closures=closures,
        )  # fmt: skip

    @functools.cached_property
    def nets(self) -> dict[str, co.Network]:
        return {"base": self.net, "new": self.net.build("new")}

    @functools.cached_property
    def route(self) -> co.Route:
        return self.net.route("a", "e", cargo="truck")

    @functools.cached_property
    def comparison(self) -> co.Comparison:
        return co.compare(self.nets, ["a"], ["e"], draws=3)

    @functools.cached_property
    def alternatives(self) -> co.Alternatives:
        return self.net.alternatives("a", "d", 2, cargo="truck")

    @functools.cached_property
    def landed(self) -> co.Landed:
        return self.net.landed("flour", market="d", draws=3)

    @functools.cached_property
    def split(self) -> co.Split:
        return co.split(self.net, "a", "e", commodity="flour", draws=3)

    @functools.cached_property
    def carried(self) -> co.Carried:
        return co.carry(self.net, {("a", "e"): 10}, cargo="truck")

    @functools.cached_property
    def utilisation(self) -> co.Utilisation:
        return self.net.utilisation({("a", "e"): 10}, cargo="truck")

    @functools.cached_property
    def quote(self) -> co.Quote:
        return self.route.quote(departure="2026-12-01", draws=3)

    @functools.cached_property
    def simulation(self) -> co.Simulation:
        return co.simulate(self.net, ["a"], ["e"], draws=3)

    @functools.cached_property
    def timeline(self) -> co.Timeline:
        return co.timeline(self.net, self.new, [2030], ["a"], ["e"])

    @functools.cached_property
    def response(self) -> co.Response:
        return co.respond({"a": 2, "b": 2}, {"a": 1, "b": 2}, {"a": 0.5, "b": 0.5}, theta=5, eps=0, draws=3)

    @functools.cached_property
    def headline(self) -> co.Headline:
        return co.headline(self.net, [self.new], ["a"], ["e"], closed={"open": ()}, transit="UZ")

    @functools.cached_property
    def reach(self) -> co.Reach:
        return co.reach(self.net, ["a"], ["e"])

    @functools.cached_property
    def watershed(self) -> co.Watershed:
        return co.watershed(self.net, "flour", markets=["d", "c"])

    @functools.cached_property
    def distribution(self) -> co.Distribution:
        return self.route.distribution(draws=5)

    scenario = new = BUILT
    logit = co.Logit()
    co = co
    path = Path("nowhere")


ENDS = {"origins": ["a"], "destinations": ["e"]}
PAIR = {"origin": "a", "destination": "e"}
FLOWS: dict[tuple[str, str], float] = {("a", "e"): 10}
FRAME = pd.DataFrame({"id": ["a"], "place": ["b"]})

CALLS: dict[str, dict[str, Any]] = {
    "net.add_link": {"from_place": "c", "to_place": "e", "mode": "road"},
    "net.alternatives": {**PAIR, "cargo": "truck", "k": 2},
    "net.at": {"date": "2026-01"},
    "net.build": {"names": "new"},
    "net.close": {"what": "x"},
    "net.connect": {"where": (50.1, 60.1), "max_km": 30.0, "name": "F", "detour": 1.2},
    "net.in_season": {"season": "winter"},
    "net.in_year": {"year": 2030},
    "net.insert_place": {"name": "F", "link": "a--b:road", "km": 30.0},
    "net.landed": {"good": "flour", "market": "d", "draws": 2},
    "net.matrix": {**ENDS, "measure": "hours", "draws": 2},
    "net.matrix_draws": {**ENDS, "measure": "hours", "draws": 2},
    "net.merge": {"other": "net"},
    "net.named": {"table": FRAME},
    "net.nearest": {"where": "a"},
    "net.open": {"what": "x"},
    "net.place_set": {"name": ["a", "e"]},
    "net.problem": {},
    "net.quote": {**PAIR, "departure": "2026-12-01", "draws": 2, "ways": 1},
    "net.route": PAIR,
    "net.routes": ENDS,
    "net.select": {},
    "net.simplify": {},
    "net.staged": {"years": {"new": 2030}},
    "net.to_sparse": {},
    "net.trace": {"base": "net"},
    "net.utilisation": {"flows": FLOWS, "cargo": "truck"},
    "net.value_of_time": {"cargo": "truck"},
    "net.with_parameters": {"changes": {"border/hours": 3.0}},
    "net.graph": {},
    "route.breakdown": {},
    "route.cost_usd": {},
    "route.count": {"kind": "border"},
    "route.distribution": {"draws": 2},
    "route.profile": {"draws": 2},
    "route.quote": {"departure": "2026-12-01", "draws": 2},
    "route.sensitivity": {},
    "alternatives.table": {"draws": 2},
    "carried.bands": {"what": "links", "draws": 2},
    "carried.months": {"what": "links"},
    "carried.table": {},
    "carried.transit_share": {"country": "UZ"},
    "carried.uses": {"what": "crossings"},
    "comparison.between": PAIR,
    "comparison.by_value_of_time": {},
    "comparison.overall": {},
    "comparison.overall_band": {"scenario": "new"},
    "comparison.pairs": {},
    "comparison.part": {"pairs": [("a", "e")]},
    "comparison.renamed": {"names": {"new": "New"}},
    "comparison.samples": {},
    "comparison.share_samples": {"scenario": "new", **PAIR},
    "comparison.table": {},
    "comparison.to_latex": {},
    "distribution.percentile": {"percent": 50.0},
    "headline.part": {"pairs": [("a", "e")]},
    "headline.table": {},
    "landed.draws_of": {},
    "landed.rival": {"scenario": "base", "offer": "north"},
    "landed.table": {},
    "logit.scales": {"draws": 2},
    "co.Logit": {},
    "quote.crossings": {},
    "quote.table": {},
    "response.over": {"before": {}, "after": {}},
    "scenario.add_link": {"from_place": "c", "to_place": "e", "mode": "road"},
    "scenario.apply": {"net": "net"},
    "scenario.at": {"date": "2026-01"},
    "scenario.build": {"projects": "new"},
    "scenario.change": {"ident": "a--b:road", "column": "length_km", "was": 110, "to": 90},
    "scenario.close": {"what": "x"},
    "scenario.diff": {"net": "net"},
    "scenario.in_season": {"season": "winter"},
    "scenario.in_year": {"year": 2030},
    "scenario.open": {"what": "x"},
    "scenario.staged": {"years": {"new": 2030}},
    "scenario.variant": {"name": "long"},
    "scenario.with_gauge": {"gauges_mm": {"new": 1520}},
    "scenario.with_lengths": {"lengths_km": {"new": 100.0}},
    "scenario.with_parameters": {"changes": {"border/hours": 3.0}},
    "simulation.matrix": {"scenario": "base"},
    "split.by": {"what": "mode"},
    "split.table": {},
    "split.uses": {"what": "crossing"},
    "co.attribute": {"net": "net", "projects": ["new"], "measure": lambda net: float(len(net.links))},
    "co.break_even": {"one": "route", "other": "route", "parameter": "border/hours"},
    "co.carry": {"net": "net", "flows": FLOWS, "cargo": "truck"},
    "co.claims": {"net": "net", "file": "nowhere.csv", "draws": 2},
    "co.compare": {"scenarios": "nets", **ENDS},
    "co.connectivity": {"comparison": "comparison"},
    "co.crowd": {"net": "net", "flows": FLOWS, "cargo": "truck", "choice": co.Logit(ways=1), "iterations": 2},
    "co.gazetteer": {"name": "Kabul"},
    "co.geocode": {"name": "Torkham"},
    "co.headline": {"net": "net", **ENDS, "closed": {"open": ()}, "transit": "UZ"},
    "co.landed": {"scenarios": "net", "good": "flour", "market": "d", "draws": 2},
    "co.reach": {"scenarios": "net", **ENDS},
    "co.read": {"path": "nowhere"},
    "co.read_tables": {"folder": "nowhere"},
    "co.respond": {"before": {"a": 2, "b": 2}, "after": {"a": 1, "b": 2}, "shares": {"a": 0.5, "b": 0.5}, "theta": 5.0,
                   "eps": 0.0, "draws": 2},
    "co.robustness": {"net": "net", "scenarios": [BUILT], **ENDS},
    "co.scenario": {"name": "uap-kabul"},
    "co.shapley": {"value": len, "players": ["a", "b"]},
    "co.simulate": {"scenarios": "net", **ENDS, "draws": 2},
    "co.split": {"net": "net", **PAIR, "commodity": "flour", "draws": 2},
    "co.sweep": {"net": "net", "projects": ["new"], **ENDS},
    "co.timeline": {"net": "net", "scenarios": BUILT, "years": [2030], **ENDS},
    "co.trace": {"net": "net", "base": "net"},
    "co.use_shares": {"net": "net", **ENDS, "draws": 2},
    "co.utilisation": {"net": "net", "flows": FLOWS, "cargo": "truck"},
    "co.watershed": {"scenarios": "net", "good": "flour", "markets": ["d"]},
    "net.to_igraph": {},
        "Network.from_state": {"state": "net"},
    "Network.from_tables": {"places": FRAME, "links": FRAME},
}  # fmt: skip

WRONG: tuple[Any, ...] = (
    None, math.nan, -1, 1.5, "", "UZBEKISTAN", object(), [], {}, [None], {"a": None}, ("e", "a"), 1e308, FRAME, pd.NA,
)  # fmt: skip
"""What is put in the place of each argument."""

FEW = (None, "UZBEKISTAN", {"a": None})
"""The same for calls that take longest."""

SLOW = (
    "net.add_link", "net.alternatives", "net.connect", "net.graph", "net.insert_place", "net.landed",
    "net.matrix_draws", "net.merge", "net.nearest", "net.quote", "net.select", "net.trace",
    "net.utilisation", "comparison.to_latex",
    "route.quote", "co.carry", "co.connectivity", "co.crowd", "co.geocode", "co.headline", "co.landed", "co.robustness",
    "co.simulate", "co.split", "co.sweep", "co.timeline", "co.trace", "co.use_shares", "co.utilisation", "co.watershed",
)  # fmt: skip


def resolve(made: Made, name: str) -> Callable[..., Any]:
    owner, function = name.split(".")
    holder = co.Network if owner == "Network" else getattr(made, owner)
    return getattr(holder, function)  # type: ignore[no-any-return]


def filled(made: Made, value: Any) -> Any:
    if isinstance(value, str) and value in ("net", "nets", "route", "comparison"):
        return getattr(made, value)
    return [filled(made, one) for one in value] if isinstance(value, list) else value


def call(function: Callable[..., Any], values: dict[str, Any]) -> None:
    """Call with arguments by name; those of `*names` in their place."""
    kinds = inspect.signature(function).parameters
    many = [name for name, one in kinds.items() if one.kind is one.VAR_POSITIONAL]
    rest = {name: value for name, value in values.items() if name not in many}
    found = function(*[values[name] for name in many if name in values], **rest)
    if isinstance(found, Iterator):
        list(found)


def failures(made: Made, name: str) -> list[str]:
    """Every wrong value of every argument of a call that ends with an error which is not the library's own."""
    function = resolve(made, name)
    given = {key: filled(made, value) for key, value in CALLS[name].items()}
    arguments = [
        key for key, one in inspect.signature(function).parameters.items()
        if one.kind is not one.VAR_KEYWORD and key not in ("executor", "ax")
    ]  # fmt: skip
    found = []
    for key in arguments:
        for wrong in FEW if name in SLOW else WRONG:
            try:
                call(function, {**given, key: wrong})
            except (co.CorridorsError, co.CorridorsWarning):
                continue
            except Exception as error:  # noqa: BLE001 - what is looked for
                found.append(f"{name}({key}={wrong!r}): {type(error).__name__}: {error}"[:230])
    return found


@pytest.fixture(scope="module")
def made() -> Made:
    return Made()


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
def test_only_named_errors_come_out(made: Made, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert failures(made, name) == []


DRAWN = ("plot", "plot_flows", "slope", "tornado", "sankey", "gateways", "breakdown_bars", "gain_against_cost")
ELSEWHERE = {
    "Scenario.read", "Scenario.write", "Network.write", "Quote.write", "Network.from_graph", "Network.from_state",
    "Route.shown_legs", "co.explore",
    "Comparison.explore", "Route.explore", "Network.explore", "Route.time_distance",
    "Route.cost_distance", "Logit.of", "co.write_tables",
    "co.write_template", "Scenario.apply",
    "Appraisal.by_rate", "Appraisal.assumptions", "Appraisal.sentences", "Appraisal.outlook", "Border.open_in",
    "Border.fitted", "Outlook.constant_musd", "Outlook.paths", "Outlook.npv_paths", "Outlook.break_even_open",
    "Outlook.against", "Outlook.waiting", "Plan.plot_frontier", "Plan.plot_regret", "Plan.plot_timeline",
    "Plan.plot_map", "Plan.name",
    "Plan.values", "Plan.staging", "Plan.shares", "Plan.synergies", "co.appraise",
    "co.plan",
}  # fmt: skip
"""Files, drawings, graphs and appraisals: `tests/formats`, `tests/plot`, `tests/appraisal`."""


def test_every_public_call_with_arguments_is_in_the_table() -> None:
    """What is new is added, or named among what is tested elsewhere."""
    covered = {name.split(".")[1] for name in CALLS} | {"to_latex", "to_excel", *DRAWN}
    missing = []
    for name in co.__all__:
        thing = getattr(co, name)
        methods = {f"co.{name}": thing} if inspect.isfunction(thing) else {}
        if inspect.isclass(thing) and thing.__module__.startswith("corridors") and not issubclass(thing, Exception):
            methods = {
                f"{name}.{key}": one
                for key in vars(thing)
                if not key.startswith("_") and callable(one := getattr(thing, key)) and not inspect.isclass(one)
            }  # fmt: skip
        for label, one in methods.items():
            asked = [key for key in inspect.signature(one).parameters if key not in ("self", "net", "journey")]
            if asked and label.split(".")[1] not in covered and label not in ELSEWHERE:
                missing.append(label)
    assert missing == []


NAMED: dict[str, tuple[Callable[[co.Network], object], str]] = {
    "country of select": (lambda net: net.select(country="Uzbekistann"), "Uzbekistan"),
    "mode of select": (lambda net: net.select(mode="railway"), "Near matches: rail"),
    "status of select": (lambda net: net.select(status="opened"), "open"),
    "pair of countries": (lambda net: net.close("KZ-PK"), "No crossing joins the countries 'KZ-PK'"),
    "no weights": (lambda net: net.route("a", "e", by={}), "is not possible"),
    "zero weights": (lambda net: net.route("a", "e", by={"hours": 0.0}), "is not possible"),
    "infinite parameter": (lambda net: net.with_parameters({"border/hours": math.inf}), "inf"),
    "half a draw": (lambda net: net.matrix(["a"], ["e"], draws=1.5), "draws=1.5"),  # type: ignore[arg-type]
    "nothing to build": (lambda net: net.build(), "net.projects lists them"),
    "a truck of wagons": (lambda net: net.route("a", "d", cargo="wagon").cost_usd("truck"), "truck"),
    "no origins": (lambda net: net.matrix([], ["e"]), "is not possible"),
    "yes in words": (lambda net: net.matrix(["a"], ["e"], names="no"), "True or False"),  # type: ignore[arg-type]
    "half a corridor": (lambda net: net.alternatives("a", "d", 1.5, cargo="truck"), "k=1.5"),  # type: ignore[arg-type]
    "True for a number": (lambda net: net.route("a", "e", vot_usd_t_h=True), "vot_usd_t_h=True"),
    "nan for a number": (lambda net: net.alternatives("a", "d", dissimilarity=math.nan, cargo="truck"), "a number"),
    "half-life below zero": (lambda net: co.reach(net, ["a"], ["e"], half_life_d=-1), "half_life_d=-1"),
    "no ways of a choice": (lambda _: co.Logit(ways=0), "ways=0"),
    "more than all for a share": (lambda _: co.Logit(dissimilarity=1.5), "dissimilarity=1.5"),
    "loops of no length": (lambda net: net.utilisation(FLOWS, cargo="truck", loops_km=-1), "loops_km=-1"),
    "a variation below zero": (
        lambda net: co.crowd(net, FLOWS, cargo="truck", choice=co.Logit(ways=1), service_cv=-1), "service_cv=-1",
    ),
    "draws below zero": (lambda net: co.sweep(net, ["new"], ["a"], ["e"], draws=-1), "draws=-1"),
    "an endless change": (lambda net: net.route("a", "e").sensitivity(change_pct=math.inf), "change_pct=inf"),
    "a line of no points": (lambda net: net.add_link("c", "e", mode="road", geometry=[]), "two or more points"),
    "a country that is not there": (lambda net: co.carry(net, FLOWS, cargo="truck").transit_share("XX"), "'XX'"),
    "tonnes in words": (lambda net: co.carry(net, {("a", "e"): "５"}, cargo="truck"), "tonnes as a number"),  # type: ignore[dict-item]
    "absurd tonnes": (lambda net: co.carry(net, {("a", "e"): 1e300}, cargo="truck"), "1e+12 at most"),
    "a town without a weight": (
        lambda net: co.carry(net, {("X", "e"): 5.0}, cargo="truck", towns={"X": {"a": math.nan}}), "weights of zero",
    ),
    "a town for a place in other letters": (
        lambda net: co.carry(net, {("A", "e"): 5.0}, cargo="truck", towns={"a": {"b": 1.0}}),
        "towns='a' is not possible: the name as the flows write it, 'A'",
    ),
    "a town for a country by its name": (
        lambda net: co.carry(net, {("KZ", "e"): 5.0}, cargo="truck", towns={"Kazakhstan": {"a": 1.0}}),
        "towns='Kazakhstan' is not possible: the name as the flows write it, 'KZ'",
    ),
    "a town beside the one that counts": (
        lambda net: co.carry(net, {("KZ", "E"): 5.0}, cargo="truck", towns={"KZ": {"a": 1.0}, "e ": {"d": 1.0}}),
        "towns='e ' is not possible",
    ),
    "a pair that is not compared": (
        lambda net: co.compare([net, BUILT], ["a"], ["e"]).overall_band("new", pairs=[("a", "b")]), "pair",
    ),
    "a number for a list": (lambda net: net.matrix(3, ["e"]), "name=3 is not possible"),  # type: ignore[arg-type]
}  # fmt: skip
"""Input whose answer names it, with what the answer says."""


@pytest.mark.parametrize("case", NAMED)
def test_the_answer_names_what_is_wrong(made: Made, case: str) -> None:
    call, words = NAMED[case]
    with pytest.raises(co.CorridorsError) as caught:
        call(made.net)
    assert words in str(caught.value)


def test_countries_in_either_case_and_by_name(net: co.Network) -> None:
    ways = [net.select(country=one).links.index.tolist() for one in ("UZ", "uz", "Uzbekistan")]
    assert ways[0] == ways[1] == ways[2]
    assert len(ways[0]) > 20
    assert set(net.nearest("Kabul", country="pk")["country"]) == {"PK"}
    here, there = (net.route("Almaty", "Karachi", cargo="truck", avoid=one).km for one in ("Iran", "IR"))
    assert here == there


def test_an_error_with_arguments_that_fit_stays_what_it_is() -> None:
    @checked
    def broken(number: int) -> float:
        return 1 / (number - number)

    with pytest.raises(ZeroDivisionError):
        broken(3)
    with pytest.raises(TypeError, match="missing"):
        broken()  # type: ignore[call-arg]
