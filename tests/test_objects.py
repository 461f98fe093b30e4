"""Results and networks can be sent to another process, copied and shown."""

from __future__ import annotations

import copy
import inspect
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
    "Carried": lambda net: co.carry(net, {("Almaty", "Karachi"): 10}, cargo="truck"),
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
