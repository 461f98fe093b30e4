"""Networks of years: what is built by then, statements on openings, and what comes back from files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import corridors as co
from corridors.model.years import openings
from support.networks import POSITIONS, assert_same, link, make, place

PLANS = [
    {"id": ident, "name": ident, "kind": "new", "status": "plan", "countries": "KZ", "source": "s", "confidence": "C",
     **more}
    for ident, more in (
        ("whole", {"parts": "one;two"}), ("one", {}), ("two", {"requires": "one"}), ("three", {"excludes": "two"}),
    )
]  # fmt: skip


def statement(project: str, opens: str, stated: str, **more: str) -> dict[str, str]:
    fixed = {"basis": "stated" if opens else "none", "said": opens or "nothing", "chosen": "no", "overtaken": "no"}
    base = {"id": f"{project}-{stated}", "project": project, "opens": opens, "stated": stated, "source": "s"}
    return {**base, **fixed, "confidence": "B", **more}


STATEMENTS = [
    statement("whole", "2032", "2024", chosen="yes"),
    statement("one", "2029-06", "2025", chosen="yes", opens_low="2028", opens_high="2030"),
    statement("one", "2027", "2020", overtaken="yes"),
    statement("two", "", "2025"),
]


def network(**tables: list) -> co.Network:
    """A line a - b that exists, and planned ones to d (one) and e (two); both opened by hand in no year."""
    places = [place(i, "KZ", *at[1:]) for i, at in POSITIONS.items()]
    planned = {"status": "planned", "opened": ""}
    links = [
        link("a", "b", "rail", 120),
        link("b", "d", "rail", 130, project="one", **planned),
        link("d", "e", "rail", 130, project="two", **planned),
        link("d", "e", "road", 140, project="three", **planned),
    ]
    given = {"projects": PLANS, "project_years": STATEMENTS, **tables}
    return make(places, links, sources=[{"id": "s", "title": "s", "kind": "press"}], **given)


def reach(net: co.Network) -> str:
    """Last place that rail reaches."""
    used = net.links[net.links["in_use"] & (net.links["mode"] == "rail")]
    return str(used["to_id"].iloc[-1])


def test_without_years_everything_is_as_it_was() -> None:
    net = network().build("whole")
    with pytest.warns(co.UndatedLinksWarning):
        assert reach(net.at("2011")) == "e"
    assert reach(net) == reach(net.in_year(2011)) == "e"
    assert net.view.openings == frozenset()


@pytest.mark.parametrize(
    ("year", "end"), [(2027, "b"), ("2029-05", "b"), ("2029-06", "d"), (2029, "d"), (2031, "d"), (2032, "e")]
)
def test_stated_years(year: object, end: str) -> None:
    net = network().build("whole", year="stated")
    assert reach(net) == "e"
    assert reach(net.in_year(year)) == end
    with pytest.warns(co.CorridorsWarning):
        assert reach(net.at(year)) == end


def test_every_statement_stays() -> None:
    found = openings(network().tables)
    assert (found["one"].stated, found["one"].earliest, found["one"].latest) == ("2029-06", "2027", "2032")
    assert (found["two"].stated, found["two"].of_stated) == ("2032", "whole-2024")
    assert reach(network().build("whole", year="earliest").in_year(2027)) == "d"
    assert reach(network().build("whole", year="latest").in_year(2031)) == "b"


def test_stages() -> None:
    net = network().staged({"one": 2028, "whole": 2035})
    assert [reach(net.in_year(year)) for year in (2027, 2028, 2034, 2035)] == ["b", "d", "d", "e"]
    again = net.staged({"one": 2030})
    assert [reach(again.in_year(year)) for year in (2029, 2030, 2035)] == ["b", "d", "e"]
    assert "one (2030)" in repr(again)
    with pytest.raises(co.ScenarioError, match="two is built with the stages and has no year"):
        network().build("whole").staged({"one": 2028})


def test_a_network_as_it_is_announced() -> None:
    net = network()
    assert [sorted(net.in_year(year, years="stated").view.built) for year in (2028, 2029, 2032)] == [
        [], ["one"], ["one", "two"],
    ]  # fmt: skip
    assert net.in_year(2032).view.built == frozenset()
    # what needs a line that is not open yet is left out
    early = network(project_years=[statement("two", "2027", "2024", chosen="yes"), *STATEMENTS[1:2]])
    assert early.in_year(2028, years="stated").view.built == frozenset()


def test_a_date_of_the_link_itself() -> None:
    tables = network().tables
    links = tables["links"]
    links.loc[1, "opened"] = "2031"
    net = co.Network.from_tables(**{**tables.frames, "links": links}).build("one")
    assert [reach(net.in_year(year)) for year in (2030, 2031)] == ["b", "d"]
    assert reach(net.build("two", year=2033).in_year(2032)) == "d"
    # a date that is given comes before that of the row
    assert reach(net.staged({"one": 2035}).in_year(2032)) == "b"


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ([statement("one", "2030", "2024", basis="none")], "unless the basis is none"),
        ([statement("one", "", "2024", chosen="yes")], "cannot be taken"),
        (
            [statement("one", "2030", f"202{n}", chosen="yes") for n in range(2)],
            "another statement is taken for 'one' already",
        ),
        ([statement("one", "2030", "2024", opens_low="2031")], "2030 is not between opens_low and opens_high"),
        ([statement("four", "2030", "2024")], "no project 'four'"),
    ],
)
def test_statements_that_cannot_be(rows: list[dict[str, str]], match: str) -> None:
    with pytest.raises(co.SchemaError, match=match):
        network(project_years=rows)


def test_what_is_not_stated_is_an_error() -> None:
    with pytest.raises(co.ScenarioError, match=r"no year is stated \(table project_years\) for three"):
        network().build("three", year="stated")
    with pytest.raises(co.InputError, match="one of stated, earliest, latest"):
        network().in_year(2030, years="soon")
    with pytest.raises(co.InputError, match="year='sometime'"):
        network().build("one", year="sometime")


@pytest.mark.parametrize("name", ["net.gpkg", "net.graphml", "folder"])
def test_years_come_back_from_files(tmp_path: Path, name: str) -> None:
    net = network().staged({"one": 2028, "whole": "2032-06"}).in_year(2030)
    assert_same(co.read(net.write(tmp_path / name)), net)


def test_a_file_with_a_project_that_is_not_there(tmp_path: Path) -> None:
    network().build("one", year=2028).write(tmp_path)
    path = tmp_path / "network.csv"
    path.write_text(path.read_text().replace("one 2028", "four 2028"))
    with pytest.raises(co.SchemaError, match=r"openings.*no project 'four'"):
        co.read(tmp_path)


def test_two_views_are_joined_with_their_years() -> None:
    one, other = network().build("one", year=2028), network().build("one", year=2029).build("two", year=2031)
    assert dict(one.merge(other, within_km=1).view.openings) == {"one": "2028", "two": "2031"}
    with pytest.raises(co.InputError, match="horizon"):
        one.merge(other.in_year(2030), within_km=1)


def test_what_should_be_open_is_checked() -> None:
    late = [statement("one", "2026-03", "2025", chosen="yes")]
    found = network(project_years=late).check().level("warning")
    assert [one.message for one in found if one.check == "openings"] == [
        "'one' was to open in 2026-03, and has links that are only planned"
    ]


def test_bundled_statements_name_what_they_are_taken_from() -> None:
    years = co.load().tables["project_years"]
    assert len(years) >= 50
    derived = years[years["basis"] == "derived"]
    assert (derived["note"] != "").all()
    taken = years[years["chosen"] == "yes"]
    assert not (taken["overtaken"] == "yes").any()
    kabul = years[years["project"] == "uap-kabul"]
    assert pd.Series(["2027", "2031", ""]).isin(kabul["opens"]).all()
