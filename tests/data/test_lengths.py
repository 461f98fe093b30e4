"""Lengths and positions of the reference tables: what is computed follows from the script that says so."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.validate.distances import distances

GEO = Path(__file__).parents[2] / "data" / "geo"


@pytest.fixture(scope="module")
def lengths() -> ModuleType:
    if not GEO.is_dir():
        pytest.skip("maintainers' scripts are not part of the package")
    sys.path.insert(0, str(GEO))
    try:
        return importlib.import_module("lengths")
    finally:
        sys.path.remove(str(GEO))


def test_computed_lengths_are_those_of_the_regression(lengths: ModuleType) -> None:
    table = lengths.roads()
    found = lengths.estimates(table)
    rows = table["length_basis"].isin(lengths.COMPUTED) & (table["class"] != lengths.LOCAL) & (table["straight"] > 0)
    assert rows.sum() > 100
    # the fit moves a little with every printed length that comes after; `lengths.py --write` renews all
    assert np.allclose(table["length"][rows], found["km"][rows], rtol=0.03)
    assert (table["length_low_km"][rows].astype(float) <= table["length"][rows]).all()
    assert (table["length_high_km"][rows].astype(float) > table["length"][rows]).all()
    assert (table["network"][rows].fillna(0) <= table["length"][rows] + 0.06).all()


def test_regression_finds_the_factors_of_a_made_up_network(lengths: ModuleType) -> None:
    rng = np.random.default_rng(1)
    straight = rng.uniform(50, 300, 60)
    network = straight * rng.uniform(1.02, 1.4, 60)
    group = np.array(["trunk", "mountain"] * 30)
    factor = np.where(group == "trunk", 1.03, 1.2)
    table = pd.DataFrame({"straight": straight, "network": network, "group": group, "class": group})
    table = table.assign(length=network * factor, length_basis="published")
    table.loc[0, "length"] *= 1.3  # a misfit, as a section taken for the whole
    found = lengths.fit(table, with_network=True)
    assert found.share == pytest.approx(1, abs=0.02)
    assert found.factor["trunk"] == pytest.approx(1.03, abs=0.01)
    assert found.factor["mountain"] == pytest.approx(1.2, abs=0.01)
    # computed rows are not in the regression
    more = pd.concat([table, table.assign(length=1000.0, length_basis="network")], ignore_index=True)
    assert lengths.fit(more, with_network=True) == found


def test_few_positions_rest_on_general_knowledge_and_all_have_a_range(net: co.Network) -> None:
    guessed = net.places["source"].str.split(";").map(lambda sources: "general-knowledge" in sources)
    assert guessed.mean() <= 0.2  # most of them border posts that no list has
    assert (net.places["position_km"] > 0).all()
    assert (net.places.loc[~guessed, "confidence"] != "C").mean() > 0.9


def test_border_twins_stand_at_one_point_still(net: co.Network) -> None:
    places, crossings = net.places, net.crossings
    same = [
        tuple(places.loc[a, ["lat", "lon"]]) == tuple(places.loc[b, ["lat", "lon"]])
        for a, b in zip(crossings["place_a"], crossings["place_b"], strict=True)
    ]
    assert sum(same) >= 30


def test_published_road_distances(net: co.Network) -> None:
    found = distances(net, mode="road")
    table = found.table()
    assert (table["problem"] == "").all()
    counted = table[~table["impossible"]]
    assert counted.loc[counted["in_sample"], "within"].all()
    own = counted[~counted["in_sample"]]
    assert len(own) >= 28
    assert own["within"].mean() >= 0.7
    assert abs(own["error_pct"].median()) < 2


def test_links_that_are_only_a_chord_are_marked(net: co.Network) -> None:
    links = net.links
    points = links.geometry.map(lambda line: len(line.coords))
    straight = links["alignment"].isin(["straight", "chord"])
    assert straight[(points == 2) & (links["length_km"] > 20) & (links["alignment"] != "via")].all()
