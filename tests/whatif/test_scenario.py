"""Scenarios as call chains and files: the same object, validated before it is applied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import corridors as co
from corridors.whatif.scenario_file import Step
from support.networks import POSITIONS, crossing, link, make, place

PLACES = [place(i, *at) for i, at in POSITIONS.items()]


def project(ident: str, **more: object) -> dict[str, object]:
    base = {"id": ident, "name": ident, "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    return {**base, "confidence": "B", **more}


@pytest.fixture
def net() -> co.Network:
    return make(
        PLACES,
        [
            link("a", "b", "road", 50),
            link("b", "c", "road", 2, crossing="x", border_km=1),
            link("c", "d", "road", 200),
            link("c", "d", "road", 120, id="short", status="planned", project="one"),
            link("d", "e", "road", 140, id="on", status="planned", project="two"),
        ],
        crossings=[crossing("x", "b", "c")],
        projects=[project("one"), project("two", requires="one")],
    )


CHAIN = (
    co.Scenario("mine", title="Mine", story='A "story"\nof two lines', date="2026-11", sources=("s",))
    .build("one", "two")
    .close("KZ-UZ")
    .at("2026-11")
    .with_parameters({"border/hours": {"value": 5, "low": 1, "high": 9}}, scale={"stops/road/hours": 2})
    .with_lengths({"one": 160})
    .change("a--b:road", "length_km", was=50, to=55.5)
)


def test_file_and_chain_give_the_same_scenario(tmp_path: Path) -> None:
    path = CHAIN.write(tmp_path / "mine.toml")
    assert co.Scenario.read(path) == CHAIN
    assert co.Scenario.read(path).to_toml() == CHAIN.to_toml() == path.read_text()


def test_applying_changes_what_it_says_and_not_the_network(net: co.Network) -> None:
    before = net.route("c", "d").hours
    built = CHAIN.apply(net)
    assert built.name == "mine"
    assert built.route("c", "d", by="distance").km == 160
    assert built.closed == ["KZ-UZ"]
    assert built.links.loc["a--b:road", "length_km"] == 55.5
    assert built.route("c", "d").breakdown().loc["stops", "hours"] == pytest.approx(160 * 0.020)
    assert net.route("c", "d").hours == before


def test_diff_lists_every_change(net: co.Network) -> None:
    table = CHAIN.diff(net).set_index(["id", "what"])
    assert table.loc[("short", "in_use"), "after"]
    assert table.loc[("short", "length_km"), "after"] == 160
    assert table.loc[("a--b:road", "length_km"), "before"] == 50
    assert table.loc[("x", "open_to"), "after"] == ""
    assert table.loc[("border/hours", "value"), "after"] == 5
    assert len(co.Scenario("nothing").diff(net)) == 0


def test_order_does_not_matter_where_it_cannot(net: co.Network) -> None:
    one = co.Scenario("a").build("one").close("x").with_lengths({"one": 140}).apply(net)
    other = co.Scenario("b").with_lengths({"one": 140}).close("x")
    second = other.build("one").apply(net)
    assert one.view == second.view
    assert one.matrix(["c"], ["d"]).equals(second.matrix(["c"], ["d"]))


@pytest.mark.parametrize(
    ("scenario", "match"),
    [
        (
            co.Scenario("s").build("two"),
            r"scenario 's', step 1 \(build two\): .*'two' leads nowhere without 'one'",
        ),
        (co.Scenario("s").build("one").build("one"), "step 2 .*built already"),
        (co.Scenario("s").build("oen"), "no project 'oen'.*one"),
        (co.Scenario("s").close("y"), "no crossing"),
        (co.Scenario("s").at("soon"), "'2011' or '2026-11'"),
        (co.Scenario("s").with_parameters({"boarder/hours": 1}), "no parameter"),
        (co.Scenario("s").with_lengths({"one": -1}), "is positive"),
        (co.Scenario("s").change("a--b:road", "length_km", was=51, to=1), "has length_km = .*50.*, not 51"),
        (co.Scenario("s").change("a--b:road", "lenght", was=50, to=1), "existing column"),
        (co.Scenario("s").change("a--z", "length_km", was=50, to=1), "no link"),
        (co.Scenario("s").change("a--b:road", "length_km", was=50, to=-3), "-3 is not possible"),
    ],
)
def test_steps_that_cannot_be_applied(net: co.Network, scenario: co.Scenario, match: str) -> None:
    with pytest.raises(co.ScenarioError, match=match):
        scenario.apply(net)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('title = "x"\n\n[[steps]]\nbiuld = ["one"]\n', r"line 4: unknown key 'biuld'. Did you mean 'build'"),
        ('titel = "x"\n', r"line 1: unknown key 'titel'. Did you mean 'title'"),
        ("[[steps]]\nbuild = 5\n", r"line 2: build = 5 has the wrong form"),
        ("[[steps]]\nat = 2011\n", r"line 2: at = 2011 has the wrong form"),
        ("title = \n", "cannot be read as TOML.*line 1"),
        ("steps = 5\n", "line 1: steps = 5 has the wrong form"),
        ("variants = 3\n", "variants = 3 has the wrong form"),
        ("title = 5\n", "title = 5 has the wrong form"),
        ('title = "x"\nsources = "tass"\n', "line 2: sources = 'tass' has the wrong form"),
        ("[[steps]]\nbuild = [1]\n", "has the wrong form"),
        ('[[steps]]\nlengths = {one = "long"}\n', "has the wrong form"),
        ('[[steps]]\nchange = {x = "y"}\n', "has the wrong form"),
        ('[[steps]]\nparameters = {"border/hours" = {value = "x"}}\n', "has the wrong form"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, match: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(co.DataFileError, match=match):
        co.Scenario.read(path)
    with pytest.raises(co.DataFileError, match="cannot be read"):
        co.Scenario.read(tmp_path / "missing.toml")


def test_variants(net: co.Network, tmp_path: Path) -> None:
    variant = '[variants.long]\ntitle = "long"\nsteps = [{lengths = {one = 130}}]\n'
    text = f'title = "T"\n[[steps]]\nbuild = ["one"]\n\n{variant}'
    path = tmp_path / "t.toml"
    path.write_text(text)
    scenario = co.Scenario.read(path)
    assert scenario.variant("long").apply(net).links.loc["short", "length_km"] == 130
    assert scenario.apply(net).links.loc["short", "length_km"] == 120
    assert scenario.variant("long").title == "T: long"
    assert co.Scenario.read(scenario.write(tmp_path / "again.toml")).variants == scenario.variants
    with pytest.raises(co.UnknownNameError, match="long"):
        scenario.variant("lang")


def test_unknown_bundled_scenario() -> None:
    with pytest.raises(co.UnknownNameError, match="uap-kabul"):
        co.scenario("uap-kabull")


def test_what_cannot_be_written_into_a_column(net: co.Network) -> None:
    with pytest.raises(co.ScenarioError, match="'far' is not a number"):
        co.Scenario("s").change("a--b:road", "length_km", was=50, to="far").apply(net)
    with pytest.raises(co.ScenarioError, match="as the crow flies"):
        co.Scenario("s").with_lengths({"one": 1}).apply(net)


def test_a_season_and_a_date_are_differences() -> None:
    net = co.load()
    table = co.Scenario("s").in_season("winter").at("2026-11").diff(net).set_index(["table", "id"])
    assert table.loc[("view", "season"), "after"] == "winter"
    assert table.loc[("view", "date"), "after"] == "2026-11"


def test_one_crossing_may_be_opened_in_a_closed_pair() -> None:
    net = co.load()
    for shut in (net.close("AF-PK"), net.at("2026-11")):
        crossings = shut.open("torkham").crossings["open_to"]
        assert "road" in crossings["torkham"]
        assert crossings["chaman"] == ""


def test_names_of_any_kind_come_back_from_a_file(tmp_path: Path) -> None:
    variant = co.Scenario('long "way"').close("AF-PK")
    made = co.Scenario("s", variants=(('a.b "c" é', replace(variant, name='a.b "c" é')),)).close("torkham")
    made = replace(made, title='quoted "title"\n# no comment', steps=(*made.steps, Step("scale", (('yard/"x"', 1.5),))))
    assert co.Scenario.read(made.write(tmp_path / "s.toml")) == made
