"""Results and networks can be sent to another process, copied and shown."""

from __future__ import annotations

import copy
import inspect
import itertools
import pickle
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

import corridors as co

ENDS = (["Almaty"], ["Karachi"])


def lines() -> co.Network:
    track = gpd.GeoDataFrame(
        {"railway": ["rail"], "gauge": ["1520"]}, geometry=[LineString([(67, 38), (68, 38)])], crs=4326
    )
    ends = gpd.GeoDataFrame(
        {"railway": "station", "name": ["A", "B"]}, geometry=[Point(67, 38), Point(68, 38)], crs=4326
    )
    return co.osm.from_lines(track, points=ends, country="UZ")


TONNES = {("Tashkent", "Lahore"): 3e6}
BORDER = co.Border("AF-PK", p_shut=0.2, p_open=0.3, open_now=False)

MADE: dict[str, Callable[[co.Network], Any]] = {
    "Network": lambda net: net.build("uap-kabul").close("torkham").with_parameters({"yard/rail/hours": 3}),
    "Network of OpenStreetMap": lambda _: lines(),
    "Route": lambda net: net.route("Almaty", "Karachi"),
    "Distribution": lambda net: net.route("Almaty", "Karachi").distribution("hours", draws=5),
    "Scenario": lambda _: co.scenario("uap-kabul"),
    "Comparison": lambda net: co.compare([net, "uap-kabul"], *ENDS, draws=3),
    "Headline": lambda net: co.headline(net, ["uap-kabul"], *ENDS),
    "Landed": lambda net: co.landed([net, "uap-kabul"], "flour", market="Kabul", year=2024, draws=3),
    "Reach": lambda net: co.reach([net, "uap-kabul"], *ENDS),
    "Simulation": lambda net: co.simulate(net, *ENDS, draws=3),
    "Claims": lambda net: co.claims(net, draws=3),
    "Times": lambda net: co.validate.times(net, draws=3),
    "Distances": co.validate.distances,
    "Location": lambda _: co.geocode("Kabul"),
    "Findings": lambda net: net.check(),
    "Report of OpenStreetMap": lambda _: lines().osm_report,
    "Rules": lambda _: co.osm.Rules(railways="rail"),
    "Watershed": lambda net: co.watershed(net, "flour", markets=["Kabul", "Lahore"], year=2024),
    "Map": lambda net: net.explore(),
    "Logit": lambda _: co.Logit(nests="mode"),
    "Split": lambda net: co.split(net, "Tashkent", "Kabul", cargo="truck", choice=co.Logit(ways=2), draws=3),
    "Response": lambda _: co.respond({"a": 2, "b": 2}, {"a": 1, "b": 2}, {"a": 0.5, "b": 0.5}, theta=5, eps=0, draws=3),
    "Alternatives": lambda net: net.alternatives("Termez", "Kabul", 2, cargo="truck"),
    "Quote": lambda net: net.route("Termez", "Hairatan").quote(departure="2026-12-01", draws=3),
    "Citation": lambda _: co.cite(),
    "Versions": lambda _: co.show_versions(),
    "Timeline": lambda net: co.timeline(net, "uap-kabul", [2030, 2031], *ENDS, modes={"rail"}, draws=3),
    "Appraisal": lambda _: co.appraise(co.load(), "uap-kabul", TONNES, cargo="wagon", draws=3),
    "Border": lambda _: BORDER,
    "Outlook": lambda _: co.appraise(
        co.load(), "uap-kabul", TONNES, cargo="wagon", draws=0, borders=[BORDER]
    ).outlook(),
    "Plan": lambda _: co.plan(co.load(), ["uap-kabul"], TONNES, budget=9000, cargo="wagon", modes={"rail"}, draws=3),
    "Carried": lambda net: co.carry(net, {("Almaty", "Karachi"): 10}, cargo="truck"),
    "Utilisation": lambda net: net.utilisation({("Almaty", "Karachi"): 10}, cargo="truck"),
    "Crowded": lambda net: co.crowd(net, {("Kabul", "Lahore"): 10}, cargo="truck", choice=co.Logit(ways=1)),
}


def test_every_public_class_is_here(net: co.Network) -> None:
    kinds = {name for name in co.__all__ if inspect.isclass(getattr(co, name))}
    results = {name for name in kinds if not issubclass(getattr(co, name), BaseException)}
    assert results - {name.split()[0] for name in MADE} == set()


@pytest.mark.parametrize("name", MADE)
def test_pickle_deepcopy_and_repr(net: co.Network, name: str) -> None:
    made = MADE[name](net)
    assert repr(made)
    for again in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made), copy.copy(made)):  # noqa: S301 - of this test
        assert type(again) is type(made)
        assert repr(again) == repr(made)
        if hasattr(made, "table"):
            pd.testing.assert_frame_equal(pd.DataFrame(again.table()), pd.DataFrame(made.table()))
        if isinstance(made, co.Network):
            ids = list(made.places.index)
            assert again.route(ids[0], ids[-1], by="distance").km == made.route(ids[0], ids[-1], by="distance").km


EQUAL: dict[str, Callable[[co.Network], Any]] = {
    "a place": lambda _: co.geocode("Torkham"),
    "a town of many": lambda _: co.geocode("Kabul"),
    "a scenario": lambda _: co.scenario("uap-kabul").with_parameters({"yard/rail/hours": 3}),
    "a choice between ways": lambda _: co.Logit(nests="mode"),
    "rules of tags": lambda _: co.osm.Rules(railways="light_rail"),
    "findings": lambda net: net.check(),
    "what is in use": lambda net: net.build("uap-kabul").close("torkham").view,
}
"""What is equal to another of the same content, and has its hash."""


@pytest.mark.parametrize("name", EQUAL)
def test_values_of_one_content_are_equal(net: co.Network, name: str) -> None:
    one, other = EQUAL[name](net), EQUAL[name](net)
    assert one == other == pickle.loads(pickle.dumps(one)) == copy.deepcopy(one)  # noqa: S301 - our own
    assert one != object()


def test_values_of_other_content_are_not_equal(net: co.Network) -> None:
    values = [EQUAL[name](net) for name in EQUAL]
    assert all(one != other for one, other in itertools.combinations(values, 2))
    assert co.scenario("uap-kabul") != co.scenario("western-route")
    assert net.view != net.close("torkham").view
    assert co.Logit() != co.Logit(nests="mode")


def test_results_and_networks_are_equal_to_themselves_only(net: co.Network) -> None:
    for make in (lambda: net.build("uap-kabul"), lambda: net.route("Almaty", "Karachi")):
        one, other = make(), make()
        assert one == one  # noqa: PLR0124 - this is what is tested
        assert one != other
        assert len({one, other}) == 2
