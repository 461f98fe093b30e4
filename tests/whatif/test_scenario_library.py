"""The bundled scenarios: every file reads, applies, says what it is and does what its name promises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import corridors as co
from corridors.data import bundled
from corridors.model.projects import leaves
from corridors.model.targets import crossings_between
from corridors.whatif.scenario import Scenario, scenario
from corridors.whatif.scenario_file import Step
from corridors.whatif.steps import difference

FOLDER = bundled.folder() / "scenarios"
FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
VARIANTS = [f"{name}/{extra}" for name in FILES for extra, _ in scenario(name).variants]
ALL = [*FILES, *VARIANTS]
# variants differ from their file in a few rows, which a test of its own looks at
QUICK = [pytest.param(name, marks=[pytest.mark.slow] if "/" in name else []) for name in ALL]
CHECKED = ("uap-kabul", "cku", "tat", "five-nations")
EXPECTED = {
    "uap-kabul", "uap-torkham", "western-route", "western-route-1520", "western-stage-1", "western-stage-2",
    "hairatan-spin-boldak", "khaf-herat", "mazar-herat", "five-nations", "tat", "chabahar-zahedan", "ml-1", "cku",
    "kazakhstan-lines", "salang-rehabilitation", "border-closed", "iran-disrupted", "salang-snow", "india-open",
    "all-trans-afghan", "south-asia-open", "ktz-tariffs",
}  # fmt: skip
CARGOES = ("container", "wagon", "truck")

_applied: dict[str, co.Network] = {}


def applied(net: co.Network, name: str) -> co.Network:
    if name not in _applied:
        _applied[name] = scenario(name).apply(net)
    return _applied[name]


def values(steps: Iterable[Step], kind: str) -> list[str]:
    return [value for step in steps if step.kind == kind for value in step.value]


def test_every_wanted_scenario_is_there() -> None:
    assert set(FILES) >= EXPECTED
    assert sorted(co.scenarios().index) == FILES
    titles = [scenario(name).title for name in ALL]
    assert len(set(titles)) == len(titles), "two scenarios have one title"
    assert scenario("uap-kabul").title == "Kabul corridor"


@pytest.mark.parametrize("name", FILES)
def test_reads_and_writes_without_loss(name: str, tmp_path: Path) -> None:
    read = Scenario.read(FOLDER / f"{name}.toml")
    assert read == scenario(name)
    assert Scenario.read(read.write(tmp_path / f"{name}.toml")) == read
    extras = [extra for extra, _ in read.variants]
    assert len(set(extras)) == len(extras)


@pytest.mark.parametrize("name", ALL)
def test_says_what_it_is(net: co.Network, name: str) -> None:
    base, _, extra = name.partition("/")
    found = dict(scenario(base).variants)[extra] if extra else scenario(base)
    assert found.title
    assert found.steps
    assert 80 <= len(found.story) <= 700
    assert found.story == " ".join(found.story.split())
    assert found.story.endswith(".")
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", found.date)
    assert found.sources
    assert set(found.sources) <= set(net.tables["sources"]["id"])


@pytest.mark.parametrize("name", QUICK)
def test_applies_and_builds_what_it_names(net: co.Network, name: str) -> None:
    after = applied(net, name)
    assert after.name == name
    wanted = {leaf for project in values(scenario(name).steps, "build") for leaf in leaves(net.tables, project)}
    assert after.view.built == wanted
    # a link is out of use only where an upgrade stands in for it or its border is closed
    gone = {old for cell in after.links["replaces"][after.links["in_use"]] for old in cell.split(";") if old}
    shut = set(after.crossings.index[after.crossings["open_to"] == ""])
    for leaf in wanted:
        mine = after.links[after.links["project"] == leaf]
        assert len(mine), leaf
        assert not net.links.loc[mine.index, "in_use"].any(), leaf
        idle = mine[~mine["in_use"]]
        assert all(link in gone or crossing in shut for link, crossing in idle["crossing"].items()), leaf


@pytest.mark.parametrize("name", QUICK)
def test_changes_the_network(net: co.Network, name: str) -> None:
    after = applied(net, name)
    if {step.kind for step in scenario(name).steps} <= {"season", "at"}:
        assert after.view != net.view
    else:
        assert len(difference(net, after))


@pytest.mark.parametrize("name", VARIANTS)
def test_variant_differs_from_its_base(net: co.Network, name: str) -> None:
    base = applied(net, name.partition("/")[0])
    variant = applied(net, name)
    assert (variant.view, variant.tables) != (base.view, base.tables)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in CHECKED else [pytest.mark.slow])
        for name in ALL
        if {"change", "lengths"} & {step.kind for step in scenario(name).steps}
    ],
)
def test_changed_data_hold_the_check(net: co.Network, name: str) -> None:
    errors = applied(net, name).check().level("error")
    assert list(map(str, errors)) == []


@pytest.mark.parametrize(
    ("name", "project", "km"),
    [("uap-kabul", "uap-naibabad-kharlachi", 573), ("uap-kabul/long", "uap-naibabad-kharlachi", 760 - 75),
     ("uap-kabul/medium", "uap-naibabad-kharlachi", 700 - 75), ("uap-kabul/short", "uap-naibabad-kharlachi", 640 - 75),
     ("western-route", "western-route", 959.5), ("tat/long", "tat", 635 - 112), ("cku/short", "cku", 523 - 50),
     ("chabahar-zahedan/long", "chabahar-zahedan", 634 - 155)],
)  # fmt: skip
def test_published_lengths(net: co.Network, name: str, project: str, km: float) -> None:
    links = applied(net, name).links
    mine = links["project"].isin(leaves(net.tables, project))
    assert links["length_km"][mine].sum() == pytest.approx(km, abs=0.1)


def rail_hours(net: co.Network, name: str) -> float:
    return float(applied(net, name).route("Almaty", "Karachi", modes={"rail"}).hours)


def test_variants_of_the_kabul_corridor_are_ordered(net: co.Network) -> None:
    hours = [rail_hours(net, f"uap-kabul{extra}") for extra in ("/short", "", "/medium", "/long", "/slow-border")]
    assert hours == sorted(hours)
    assert len(set(hours)) == len(hours)
    assert hours[-1] > hours[1]


def test_slow_border_doubles_both_sides_of_kharlachi(net: co.Network) -> None:
    slow = applied(net, "uap-kabul/slow-border").parameters["value"]
    for side in ("AF", "PK"):
        ident = f"border/kharlachi/{side}/rail/hours"
        assert slow[ident] == pytest.approx(2 * net.parameters.loc[ident, "value"])


def test_gauge_1435_changes_gauge_at_naibabad_and_kharlachi(net: co.Network) -> None:
    def breaks(name: str) -> list[str]:
        steps = applied(net, name).route("Almaty", "Karachi", modes={"rail"}).steps
        return list(steps.loc[steps["kind"] == "gauge_change", "from_id"])

    assert breaks("uap-kabul") == ["kharlachi"]
    assert breaks("uap-kabul/gauge-1435") == ["naibabad", "kharlachi"]
    mazar = applied(net, "mazar-herat/gauge-1435").route("Tashkent", "Herat", modes={"rail"}).steps
    assert list(mazar.loc[mazar["kind"] == "gauge_change", "from_id"]) == ["gur-e-mar"]


@pytest.mark.parametrize("name", [name for name in ALL if "AF-PK" in values(scenario(name).steps, "close")])
def test_border_closed_has_no_crossing(net: co.Network, name: str) -> None:
    after = applied(net, name)
    between = crossings_between(after.tables, "AF-PK")
    assert between.sum() >= 4
    assert set(after.crossings["open_to"][between]) == {""}
    for cargo in CARGOES:
        try:
            passed = after.route("Kabul", "Karachi", cargo=cargo).crossings
        except co.NoRouteError:
            continue
        assert not set(passed) & set(after.crossings.index[between])


def test_iran_disrupted_leaves_no_way_through_iran(net: co.Network) -> None:
    after = applied(net, "iran-disrupted")
    assert "IR" in net.route("Almaty", "Karachi", modes={"rail"}).countries
    with pytest.raises(co.NoRouteError):
        after.route("Almaty", "Karachi", modes={"rail"})
    for variant in ("", "/land-only", "/uap-built", "/western-built"):
        view = applied(net, f"iran-disrupted{variant}")
        for cargo in CARGOES:
            for by in ("generalized", "hours", "cost", "distance"):
                assert "IR" not in view.route("Almaty", "Karachi", cargo=cargo, by=by).countries
    assert "IR" not in view.close("AF-PK").route("Almaty", "Karachi", cargo="truck").countries


def test_iran_disrupted_shuts_every_border_and_ship(net: co.Network) -> None:
    after = applied(net, "iran-disrupted")
    country = after.places["country"]
    for first, second, mode in after.crossings[["place_a", "place_b", "open_to"]].itertuples(index=False):
        assert "IR" not in {country[first], country[second]} or not mode
    for hop in after.services.itertuples():
        ends = {country[hop.from_id], country[hop.to_id]}
        assert "IR" not in ends or ends == {"IR"} or not hop.in_use, hop.Index


def test_salang_in_winter(net: co.Network) -> None:
    hours = {name: applied(net, name).route("Kabul", "Hairatan", cargo="truck").hours
             for name in ("salang-rehabilitation", "salang-rehabilitation/winter", "salang-snow", "salang-snow/bad",
                          "salang-snow/blocked")}  # fmt: skip
    usual = net.route("Kabul", "Hairatan", cargo="truck").hours
    assert hours["salang-rehabilitation"] < usual < hours["salang-snow"]
    assert hours["salang-rehabilitation/winter"] < hours["salang-snow"] < hours["salang-snow/bad"]
    assert hours["salang-snow/bad"] <= hours["salang-snow/blocked"]


def test_salang_blocked_leaves_the_way_by_bamyan(net: co.Network) -> None:
    blocked = applied(net, "salang-snow/blocked").route("Kabul", "Hairatan", cargo="truck")
    assert "salang" not in blocked.places
    assert "bamyan" in blocked.places


def test_india_open_joins_lahore_and_delhi(net: co.Network) -> None:
    with pytest.raises(co.NoRouteError):
        net.route("Lahore", "Delhi", modes={"rail"})
    assert applied(net, "india-open").route("Lahore", "Delhi", modes={"rail"}).crossings == ["wagah"]
    assert "sea" not in applied(net, "india-open/land-only").route("Karachi", "Delhi").modes
    by_sea = applied(net, "india-open/sea-only")
    with pytest.raises(co.NoRouteError):
        by_sea.route("Lahore", "Delhi", modes={"rail"})
    sailing = by_sea.services["in_use"][by_sea.services["service"] == "pakistan-india"]
    assert sailing.all()
    assert len(sailing)


def test_new_lines_join_what_they_promise(net: co.Network) -> None:
    assert {"AF", "PK"} <= set(applied(net, "all-trans-afghan").route("Almaty", "Karachi", modes={"rail"}).countries)
    delhi = applied(net, "south-asia-open").route("Almaty", "Delhi", modes={"rail"})
    assert delhi.crossings[-2:] == ["kharlachi", "wagah"]


@pytest.mark.parametrize(
    ("name", "first", "second", "avoid"),
    [("western-stage-1", "Tashkent", "Herat", ()), ("western-stage-2", "Tashkent", "Kandahar", ()),
     ("western-route", "Tashkent", "Karachi", "IR"), ("western-route-1520", "Tashkent", "Karachi", "IR"),
     ("hairatan-spin-boldak", "Tashkent", "Kandahar", ()), ("hairatan-spin-boldak/chaman", "Tashkent", "Karachi", "IR"),
     ("uap-torkham", "Tashkent", "Peshawar", "IR"), ("khaf-herat", "Tehran", "Herat", ()),
     ("mazar-herat", "Tashkent", "Herat", ()), ("five-nations", "Tehran", "Kunduz", ()),
     ("tat", "Ashgabat", "Kunduz", ()), ("chabahar-zahedan", "Chabahar", "Tehran", ()),
     ("cku", "Kashgar", "Tashkent", "KZ")],
)  # fmt: skip
def test_a_new_line_joins_by_rail(net: co.Network, name: str, first: str, second: str, avoid: str) -> None:
    with pytest.raises(co.NoRouteError):
        net.route(first, second, modes={"rail"}, avoid=avoid)
    assert applied(net, name).route(first, second, modes={"rail"}, avoid=avoid).hours > 0


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("ml-1", "Karachi", "Peshawar"), ("ml-1-karachi-rohri", "Karachi", "Rohri"),
     ("kazakhstan-lines", "Altynkol", "Shymkent")],
)  # fmt: skip
def test_an_upgrade_or_bypass_saves_hours(net: co.Network, name: str, first: str, second: str) -> None:
    before, after = (view.route(first, second, modes={"rail"}).hours for view in (net, applied(net, name)))
    assert after < before
