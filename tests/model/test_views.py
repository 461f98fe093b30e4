"""Dates, closures, projects and selections: what of the tables is in use."""

from __future__ import annotations

import warnings

import pytest

import corridors as co
from support.networks import POSITIONS, crossing, link, make, place, terminal

PLACES = [place(i, *at) for i, at in POSITIONS.items()]


def project(ident: str, **more: object) -> dict[str, object]:
    base = {"id": ident, "name": ident, "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    return {**base, "confidence": "B", **more}


def planned(first: str, second: str, km: float, name: str, **more: object) -> dict[str, object]:
    return link(first, second, "road", km, status="planned", project=name, id=f"{first}--{second}@{name}", **more)


@pytest.fixture
def dated() -> co.Network:
    """One road per way of being dated, from C to D; lengths tell them apart."""
    rows = [
        ("old", 60, {"opened": "before-1992"}),
        ("y2011", 50, {"opened": "2011"}),
        ("m2019", 40, {"opened": "2019-06", "closed": "2021-03"}),
        ("suspended", 30, {"opened": "before-1992", "status": "suspended", "closed": "2007"}),
        ("unknown", 70, {"opened": ""}),
    ]
    return make(PLACES, [link("c", "d", "road", km, id=name, **more) for name, km, more in rows])


@pytest.mark.parametrize(
    ("date", "km"),
    [("2006", 30), ("2007-11", 30), ("2008", 60), ("2010", 60), ("2011-11", 60), ("2011", 50), ("2019-05", 50),
     ("2019-06", 40), ("2021-02", 40), ("2021-03", 50), ("2026-11", 50)],
)  # fmt: skip
def test_dates_open_and_close(dated: co.Network, date: str, km: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", co.UndatedLinksWarning)
        assert dated.at(date).route("c", "d", by="distance", cargo="truck").km == km


def test_unknown_opening_is_flagged(dated: co.Network) -> None:
    with pytest.warns(co.UndatedLinksWarning, match="1 links of unknown opening date are kept in 2010"):
        past = dated.at("2010")
    assert past.undated == ["unknown"]
    with pytest.warns(co.UndatedLinksWarning):
        assert dated.at(2010).view == past.view
    assert "undated" in repr(past)
    assert dated.at("2026-11").undated == []


def test_wrong_date(dated: co.Network) -> None:
    with pytest.raises(co.InputError, match="'2011' or '2026-11'"):
        dated.at("summer")


def border_net(**more: object) -> co.Network:
    return make(
        PLACES,
        [link("a", "b", "road", 50), link("b", "c", "road", 2, crossing="x", border_km=1), link("c", "d", "road", 30)],
        crossings=[crossing("x", "b", "c")],
        **more,
    )


def test_closures_follow_the_date() -> None:
    closure = {"id": "k", "kind": "countries", "target": "KZ-UZ", "start": "2025-10", "reason": "r", "source": "s"}
    net = border_net(closures=[{**closure, "confidence": "A"}])
    assert net.route("a", "d").crossings == ["x"]
    assert net.at("2025-09").closed == []
    shut = net.at("2026-11")
    assert shut.closed == ["KZ-UZ"]
    with pytest.raises(co.NoRouteError, match=r"crossing 'x' \(closed to road\)"):
        shut.route("a", "d")
    assert shut.open("KZ-UZ").route("a", "d").crossings == ["x"]


def test_winter_closure_needs_a_month() -> None:
    closure = {"id": "k", "kind": "crossing", "target": "x", "months": "12;1;2", "end": "2024-11", "reason": "snow"}
    net = border_net(closures=[{**closure, "source": "s", "confidence": "A"}])
    assert net.at("2024-01").closed == ["x"]
    assert net.at("2023").closed == net.at("2024-06").closed == net.at("2025-01").closed == []


def test_closing_a_pair_outlives_a_new_line() -> None:
    net = border_net(projects=[project("new")])
    assert net.close("uz-kz").view == net.close("KZ-UZ").view
    assert net.close("KZ-UZ").crossings["open_to"].tolist() == [""]


def test_build_warns_at_a_closed_crossing() -> None:
    new = link("b", "c", "rail", 3, crossing="x", border_km=1, status="planned", project="new")
    links = [link("a", "b", "rail", 50), new, link("c", "d", "rail", 30)]
    net = make(PLACES, links, crossings=[crossing("x", "b", "c")], projects=[project("new")])
    with pytest.raises(co.NoRouteError, match=r"planned, project 'new'"):
        net.route("a", "d")
    assert net.build("new").route("a", "d").km == 83
    with pytest.warns(co.ClosedCrossingWarning, match="crosses the border at x, which is closed"):
        shut = net.close("x").build("new")
    with pytest.raises(co.NoRouteError):
        shut.route("a", "d")


@pytest.fixture
def projects() -> co.Network:
    """Whole = one + two; two needs one; other stands for one; upgrade replaces the old road from C to D."""
    return make(
        PLACES,
        [
            link("c", "d", "road", 90),
            planned("c", "d", 90, "better", replaces="c--d:road", **{"class": "motorway"}),
            planned("c", "e", 40, "one"),
            planned("e", "d", 30, "two"),
            planned("c", "e", 35, "other"),
        ],
        projects=[
            project("whole", parts="one;two"),
            project("one", excludes="other"),
            project("two", requires="one"),
            project("other"),
            project("better", kind="upgrade"),
            project("there", kind="existing"),
            project("empty"),
        ],
    )


def test_a_whole_builds_its_parts(projects: co.Network) -> None:
    assert projects.build("whole").route("c", "d").km == 70
    assert list(projects.build("whole").projects["built"]) == [True, True, True, False, False, False, False]
    assert projects.build("one", "two").view == projects.build("whole").view


@pytest.mark.parametrize(
    ("names", "match"),
    [
        (["two"], r"'two' leads nowhere without 'one': .*build\('two', 'one'\)"),
        (["one", "other"], "'one' and 'other' stand for the same line"),
        (["there"], "in the network already"),
        (["empty"], "has no links"),
        (["hole"], "no project 'hole'.*whole"),
    ],
)
def test_builds_that_cannot_be(projects: co.Network, names: list[str], match: str) -> None:
    with pytest.raises(co.CorridorsError, match=match):
        projects.build(*names)


def test_building_twice(projects: co.Network) -> None:
    with pytest.raises(co.ScenarioError, match="built already"):
        projects.build("one").build("one")


def test_an_upgrade_takes_the_place_of_its_link(projects: co.Network) -> None:
    built = projects.build("better")
    assert not built.links.loc["c--d:road", "in_use"]
    assert list(built.route("c", "d").steps["id"]) == ["c--d@better"]


def test_unknown_target_is_answered_with_near_matches(line: co.Network) -> None:
    with pytest.raises(co.UnknownNameError, match="b--c:rail-1520"):
        line.close("b--c:rail1520")


def test_select_keeps_what_belongs(line: co.Network) -> None:
    part = line.select(country="UZ", gauge="1520")
    assert list(part.links.index) == ["b--c:rail-1520", "c--d:rail-1520"]
    assert set(part.places.index) == {"b", "c", "d"}
    assert part.route("b", "d").km == 100
    assert len(line.select(status="planned").links) == 0


def test_graph_of_places_has_every_attribute(line: co.Network) -> None:
    graph = line.graph()
    assert graph["a"]["b"]["a--b:rail-1520"]["length_km"] == graph["b"]["a"]["a--b:rail-1520"]["length_km"] == 100
    assert graph.nodes["a"]["country"] == "KZ"
    assert line.close("a--b:rail-1520").graph().has_edge("a", "b") is False


def test_repr_tells_what_is_inside(line: co.Network) -> None:
    assert "4 rail links (260 km)" in repr(line)
    assert "normal operation" in repr(line)
    assert "AF-PK closed" not in repr(line)
    assert "<table>" in line._repr_html_()


def test_alternatives_differ_by_crossing() -> None:
    """Two crossings lead to D; a third way is a near copy of the first.

    ::

        A -- B |x| C -- D        A -- B |y| E -- D
    """
    net = make(
        PLACES,
        [
            link("a", "b", "road", 50),
            link("b", "c", "road", 2, crossing="x", border_km=1),
            link("b", "e", "road", 2, crossing="y", border_km=1),
            link("c", "d", "road", 300),
            link("c", "d", "road", 310, id="copy"),
            link("e", "d", "road", 400),
        ],
        crossings=[crossing("x", "b", "c"), crossing("y", "b", "e")],
    )
    found = net.alternatives("a", "d", 3)
    assert [r.crossings for r in found] == [["x"], ["y"]]
    assert [r.km for r in net.alternatives("c", "d", 2)] == [300, 310]
    with pytest.raises(co.InputError):
        net.alternatives("a", "d", 0)


def test_terminal_of_a_project_comes_with_it() -> None:
    net = make(
        PLACES,
        [link("c", "d", "rail", 10), link("d", "e", "rail", 10, "1435", status="planned", project="new")],
        terminals=[terminal("d", "rail-1520", "rail-1435", status="planned", project="new")],
        projects=[project("new")],
    )
    assert net.build("new").route("c", "e").count("gauge_change") == 1
