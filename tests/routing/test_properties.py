"""Properties that must hold on any network, tried on random ones and against networkx."""

from __future__ import annotations

import warnings
from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.data.closures import bordering
from corridors.data.tables import make_tables
from support.networks import COMMODITIES, PARAMETERS, link, make, place
from support.strategies import IDS, PLACES, networks


def generalized(net: co.Network, cargo: str) -> pd.DataFrame:
    return net.matrix(IDS, IDS, "generalized", cargo=cargo)


@settings(max_examples=25)
@given(networks(), st.sampled_from(["wagon", "container", "truck"]))
def test_matrix_agrees_with_networkx_and_routes(net: co.Network, cargo: str) -> None:
    graph = net.graph(expanded=True, cargo=cargo, plain=False)
    found = net.matrix(IDS, IDS, "hours", cargo=cargo)
    for origin in IDS:
        lengths = {}
        if (origin, "origin", 0) in graph:
            lengths = nx.single_source_dijkstra_path_length(graph, (origin, "origin", 0), weight="hours")
        for destination in IDS:
            if origin != destination:
                expected = lengths.get((destination, "destination", 0), np.inf)
                # the shortest way need not be a journey, which comes back to no place and for wagons goes by rail
                assert found.loc[origin, destination] >= expected * (1 - 1e-9)
                if cargo == "truck":
                    assert found.loc[origin, destination] == pytest.approx(expected)
    for (origin, destination), route in net.routes(IDS, IDS, by="hours", cargo=cargo).items():
        assert found.loc[origin, destination] == (np.inf if route is None else pytest.approx(route.hours))


@settings(max_examples=15)
@given(networks(), st.data())
def test_closing_never_shortens_and_opening_never_lengthens(net: co.Network, data: st.DataObject) -> None:
    ident = data.draw(st.sampled_from([*net.links.index, *net.crossings.index]))
    shut = net.close(ident)
    for cargo in ("wagon", "container"):
        before, after = generalized(net, cargo), generalized(shut, cargo)
        assert (after.to_numpy() >= before.to_numpy() - 1e-9).all()
        assert generalized(shut.open(ident), cargo).equals(before)


@settings(max_examples=8)
@given(networks(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(net: co.Network, random: object) -> None:
    frames = {n: f.sample(frac=1, random_state=random.randint(0, 999)) for n, f in net.tables.frames.items()}  # type: ignore[attr-defined]
    mixed = co.Network(make_tables(frames))
    for cargo in ("wagon", "container", "truck"):
        np.testing.assert_allclose(generalized(mixed, cargo), generalized(net, cargo))


@settings(max_examples=12)
@given(networks(), st.data())
def test_splitting_a_link_keeps_km_and_hours(net: co.Network, data: st.DataObject) -> None:
    inner = net.links[net.links["crossing"] == ""]
    if inner.empty:
        return
    ident = data.draw(st.sampled_from(list(inner.index)))
    row = inner.loc[ident]
    share = data.draw(st.floats(0.1, 0.9))
    middle = place("middle", net.places.loc[row["from_id"], "country"], 41, 61)
    links = [r for r in net.tables["links"].to_dict("records") if r["id"] != ident]
    for first, second, part, km in (
        (row["from_id"], "middle", "first", share),
        ("middle", row["to_id"], "second", 1 - share),
    ):
        links.append(
            link(first, second, row["mode"], km * row["length_km"], row["gauge_mm"], id=f"{ident}-{part}")
        )  # fmt: skip
    frames = {n: net.tables[n].to_dict("records") for n in ("crossings", "terminals")}
    split = make([*PLACES, middle], links, **frames)
    # a wagonload that may choose is left out: it must move by rail somewhere, and half a link is the shorter proof
    for options in ({"cargo": "container"}, {"cargo": "truck"}, {"cargo": "wagon", "modes": {"rail"}}):
        for measure in ("hours", "distance", "cost"):
            # each by itself: among ways of equal generalized cost another one may be taken
            whole, parts = (n.matrix(IDS, IDS, measure, **options) for n in (net, split))
            np.testing.assert_allclose(parts, whole)


@settings(max_examples=12)
@given(networks())
def test_lengths_are_symmetric(net: co.Network) -> None:
    for cargo in ("wagon", "container", "truck"):
        found = net.matrix(IDS, IDS, "distance", cargo=cargo).to_numpy()
        np.testing.assert_allclose(found, found.T)


@settings(max_examples=12)
@given(networks())
def test_legs_and_breakdown_sum_to_totals(net: co.Network) -> None:
    for route in net.routes(IDS, IDS).values():
        if route is not None:
            for column in ("km", "hours", "cost_usd_t", "co2e_kg_t"):
                assert route.legs[column].sum() == pytest.approx(getattr(route, column))
            assert route.legs["cum_hours"].iloc[-1] == pytest.approx(route.hours)
            assert route.breakdown()["hours"].sum() == pytest.approx(route.hours)
            assert route.places[0] == route.origin
            assert route.places[-1] == route.destination


@settings(max_examples=12)
@given(networks(), st.data())
def test_building_and_closing_commute(net: co.Network, data: st.DataObject) -> None:
    ident = data.draw(st.sampled_from(list(net.links.index)))
    frames = dict(net.tables.frames)
    links = frames["links"].copy()
    links.loc[links["id"] == ident, ["status", "project"]] = ["planned", "new"]
    project = {"id": "new", "name": "new", "kind": "new", "status": "planned", "countries": "KZ", "source": "s"}
    frames |= {"links": links, "projects": pd.DataFrame([{**project, "confidence": "A"}])}
    planned = replace(net, tables=make_tables(frames))
    pairs = sorted(bordering(frames))
    assume(pairs)
    pair = data.draw(st.sampled_from(pairs))
    one = planned.build("new").close(pair)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", co.ClosedCrossingWarning)
        other = planned.close(pair).build("new")
    assert one.view == other.view
    assert generalized(one, "container").equals(generalized(other, "container"))
    assert generalized(planned.build("new"), "truck").equals(generalized(net, "truck"))


def test_a_project_on_no_path_changes_nothing() -> None:
    links = [link("p0", "p3", "road", 10), link("p3", "p6", "road", 999, status="planned", project="far")]
    project = {"id": "far", "name": "far", "kind": "new", "status": "planned", "countries": "KZ", "source": "s"}
    net = make(PLACES, links, projects=[{**project, "confidence": "A"}])
    ends = ["p0", "p3"]
    assert net.matrix(ends, ends).equals(net.build("far").matrix(ends, ends))


def test_round_numbers_are_those_of_the_fixture() -> None:
    assert {row["component"] for row in PARAMETERS} >= {"line_haul", "border", "gauge_change", "port", "sea"}
    assert COMMODITIES[0]["value_usd_t"] * COMMODITIES[0]["time_pct_day"] / 100 / 24 == 1.0
