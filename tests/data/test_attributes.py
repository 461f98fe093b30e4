"""Statements on lines and crossings: what they are about, which one is used, and what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

import corridors as co
from corridors.data.attributes import of_links, statements, things_of
from support.networks import crossing, link, make, place

AT = {"a": (50, 60), "b": (50, 61), "c": (50, 62), "d": (51, 61)}


def told(subject: str, attribute: str = "capacity", value: float | None = 10, **more: object) -> dict[str, object]:
    units = {"capacity": "pairs/day", "tracks": "tracks", "axle_load_t": "t", "traction": ""}
    base = {"kind": "section", "mode": "rail", "unit": units[attribute], "status": "official", "year": "2024"}
    ident = "-".join(map(str, (subject, attribute, *more.values()))).replace(";", "+").replace(" ", "")
    rest = {"source": "s", "confidence": "A", "note": ""}
    return {"id": ident, "subject": subject, "attribute": attribute, "value": value, **base, **rest, **more}


def network(*rows: dict[str, object], links: list | None = None) -> co.Network:
    """Rail a -- b -- c, and a road a -- d -- c; a crossing between b and c."""
    country = {"a": "KZ", "b": "KZ", "c": "UZ", "d": "KZ"}
    lines = links or [
        link("a", "b", "rail", 70),
        link("b", "c", "rail", 70, crossing="x", border_km=35),
        link("a", "d", "road", 80),
        link("d", "b", "road", 80),
    ]
    return make([place(i, country[i], *at) for i, at in AT.items()], lines,
                crossings=[crossing("x", "b", "c")], attributes=list(rows))  # fmt: skip


def test_a_section_is_every_link_between_its_places_and_survives_a_split() -> None:
    net = network(told("a--b--c"))
    assert things_of(net.tables)[0] == [[("link", "a--b:rail-1520"), ("link", "b--c:rail-1520")]]
    split = network(
        told("a--c"), links=[link("a", "b", "rail", 70), link("b", "c", "rail", 70, crossing="x", border_km=3)]
    )
    assert [ident for _, ident in things_of(split.tables)[0][0]] == ["a--b:rail-1520", "b--c:rail-1520"]
    # a place in the middle that does not exist is passed over, one at an end is named
    assert things_of(network(told("a--nowhere--b")).tables)[1] == [[]]
    assert things_of(network(told("a--nowhere")).tables)[1] == [["no place 'nowhere'"]]


def test_a_planned_twin_is_not_the_section_that_was_split() -> None:
    project = {"id": "p", "name": "P", "kind": "new", "status": "planned", "countries": "KZ", "source": "s"}
    lines = [link("a", "d", "rail", 70), link("d", "b", "rail", 70)]
    plan = {**link("a", "b", "rail", 90), "id": "a--b:rail-1520@p", "status": "planned", "project": "p"}
    net = make([place(i, "KZ", *at) for i, at in AT.items()], [*lines, plan],
               projects=[{**project, "confidence": "A"}], attributes=[told("a--b")])  # fmt: skip
    assert [ident for _, ident in things_of(net.tables)[0][0]] == ["a--d:rail-1520", "d--b:rail-1520"]
    alone = make([place(i, "KZ", *at) for i, at in AT.items()], [plan],
                 projects=[{**project, "confidence": "A"}], attributes=[told("a--b")])  # fmt: skip
    assert things_of(alone.tables)[0] == [[("link", "a--b:rail-1520@p")]]


def test_what_is_stated_of_a_link_holds_for_both_parts_of_it() -> None:
    net = network(told("a--b:rail-1520", kind="link"), told("a--b", "tracks", 1))
    cut = net.insert_place("M", "a--b:rail-1520", km=30)
    links = cut.links
    assert links.loc[["a--m:rail-1520", "m--b:rail-1520"], "capacity"].tolist() == [10, 10]
    assert links.loc[["a--m:rail-1520", "m--b:rail-1520"], "tracks"].tolist() == ["1", "1"]


def test_no_detour_is_taken_for_a_section() -> None:
    far = [link("a", "b", "rail", 400), link("b", "c", "rail", 400, crossing="x", border_km=3)]
    things, problems = things_of(network(told("a--c"), links=far).tables)
    assert (things, problems) == ([[]], [["no rail between 'a' and 'c'"]])


def test_kinds_of_subjects() -> None:
    net = network(
        told("KZ", "axle_load_t", 23.5, kind="country"),
        told("x;y", kind="crossing"),
        told("a--b:rail-1520", "tracks", 1, kind="link"),
    )
    things, problems = things_of(net.tables)
    assert things == [[("link", "a--b:rail-1520")], [("crossing", "x")], [("link", "a--b:rail-1520")]]
    assert problems == [[], ["no crossing 'y'"], []]
    found = [str(f.message) for f in net.check().found if f.check == "attributes"]
    assert found == ["no crossing 'y'"]


@pytest.mark.parametrize(
    ("rows", "used"),
    [
        ([{"status": "official", "value": 1}, {"status": "observed", "year": "2011", "value": 2}], 2),
        ([{"status": "plan", "year": "2030", "value": 1}, {"status": "official", "value": 2}], 2),
        ([{"status": "claim", "value": 1}, {"status": "plan", "value": 2}], 2),
        ([{"year": "2023", "value": 1}, {"year": "2025", "value": 2}], 2),
        ([{"status": "limit", "year": "2025", "value": 2}, {"year": "2024", "value": 1}], 2),
        ([{"confidence": "B", "value": 1}, {"confidence": "A", "value": 2}], 2),
        ([{"end": "2025-01", "year": "2025", "value": 1}, {"year": "2020", "value": 2}], 2),
        ([{"start": "2028", "year": "2028", "value": 1}, {"year": "2020", "value": 2}], 2),
    ],
)
def test_one_of_contradicting_statements_is_used_by_the_rule(rows: list[dict[str, object]], used: float) -> None:
    net = network(*(told("a--b", **row) for row in rows))
    table = statements(net.tables)
    assert sorted(table["value"]) == [1, 2]  # all stay
    assert table[table["used"]]["value"].tolist() == [used]
    assert net.links.loc["a--b:rail-1520", "capacity"] == used
    assert pd.isna(net.links.loc["b--c:rail-1520", "capacity"])


def test_statements_hold_on_the_date_of_the_view(net: co.Network) -> None:
    with pytest.warns(co.UndatedLinksWarning):
        before = net.at("2024")
    line = "sayak--aktogay:rail-1520"
    assert [n.links.loc[line, "capacity"] for n in (before, net)] == [12, 60]
    assert net.links.loc[line, ["capacity_unit", "capacity_status"]].tolist() == ["pairs/day", "official"]


def test_tracks_of_a_statement_fill_and_contradict_the_table() -> None:
    net = network(told("a--b", "tracks", 2), told("a--b", "traction", None, text="electric"))
    assert net.links.loc["a--b:rail-1520", ["tracks", "traction"]].tolist() == ["2", "electric"]
    assert of_links(net.tables)["tracks"].tolist() == ["2", "", "", ""]


def test_links_of_the_reference_network(net: co.Network) -> None:
    things, problems = things_of(net.tables)
    notes = net.tables["attributes"]["note"]
    assert all(some or notes[row] for row, some in enumerate(things)), "what does not resolve says why"
    assert sum(map(bool, things)) >= 60
    assert net.links["axle_load_t"].notna().sum() > 100
    khaf = net.links.loc["khaf--shamtigh:rail-1435"]
    assert (khaf["capacity"], khaf["capacity_unit"], khaf["line_speed_kmh"]) == (1.5, "Mt/year", 120)
    assert not problems[list(net.tables["attributes"]["id"]).index("moiynty-dostyk-capacity-2025")]


def test_attributes_stay_with_a_part_and_a_merged_network() -> None:
    net = network(told("a--b"), told("b--c"), told("x", kind="crossing"))
    part = net.select(mode="rail", country="KZ")
    assert len(part.tables["attributes"]) == 3
    assert list(net.select(mode="road").tables["attributes"]["subject"]) == ["a--b"]
    other = make([place("p", "KZ", 50, 60), place("q", "KZ", 49, 60)], [link("p", "q", "rail", 120)],
                 attributes=[told("p--q")])  # fmt: skip
    merged = net.merge(other, same={"p": "a"})
    assert merged.links.loc["p--q:rail-1520", "capacity"] == 10


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (told("a--b", value=None), "told as a number"),
        (told("a--b", unit="km"), "'km' is not t/day"),
        (told("a--b", low=11, high=12), "not between low and high"),
        (told("a--b", mode=""), "needed for a section"),
        (told("a--b", "traction", 3, text="diesel"), "in words"),
        (told("a--b", "tracks", 1, ways="each"), "only capacity and traffic"),
        (told("a--b", start="2025", end="2024"), "is before start"),
        (told("a--b", status="rumour"), "none of observed"),
    ],
)
def test_statements_that_cannot_be_are_refused(row: dict[str, object], words: str) -> None:
    with pytest.raises(co.SchemaError, match=words):
        network(row)
