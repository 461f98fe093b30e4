"""Years, gauges and added links in scenarios, and the answer by year."""

from __future__ import annotations

from pathlib import Path

import pytest

import corridors as co

STAGED = (
    co.Scenario("mine")
    .build("western-route")
    .staged({"torghundi-herat": 2028, "western-route": "2032-06"})
    .with_gauge({"western-route": 1435})
    .add_link("Herat", ("New Town", 33.5, 63.1), mode="road", length_km=200, opened=2030, geometry=[(62, 34), (63, 33)])
    .in_year(2030)
)


@pytest.fixture(scope="module")
def both() -> co.Timeline:
    return co.timeline(
        co.load(),
        ["uap-kabul", "western-route"],
        range(2026, 2033),
        ["Tashkent"],
        ["Karachi"],
        modes={"rail"},
        draws=20,
    )


def test_file_and_chain_give_the_same_scenario(tmp_path: Path) -> None:
    path = STAGED.write(tmp_path / "mine.toml")
    assert co.Scenario.read(path) == STAGED
    assert hash(STAGED.steps) == hash(co.Scenario.read(path).steps)


def test_named_parts_of_a_scenario(tmp_path: Path) -> None:
    west = co.scenario("western-route").staged({"stage-1": 2028, "stage-2": 2032})
    assert co.Scenario.read(west.write(tmp_path / "west.toml")).parts == west.parts
    dates = dict(west.apply(co.load()).view.openings)
    assert {date: sum(one == date for one in dates.values()) for date in dates.values()} == {"2028": 2, "2032": 3}
    assert co.scenario("western-route/long").parts == west.parts
    with pytest.raises(co.ScenarioError, match="no project 'stage-3'"):
        co.scenario("western-route").staged({"stage-3": 2032}).apply(co.load())


def test_steps_do_what_the_network_does() -> None:
    net = co.Scenario("s").build("khaf-herat", year=2028).staged("earliest").in_year(2027).apply(co.load())
    assert dict(net.view.openings) == {"khaf-herat-4a": "2025-06", "khaf-herat-4b": "2026"}
    assert net.view.horizon == "2027"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[[steps]]\nstages = {ml-1 = 1.5}\n", "stages = .* has the wrong form"),
        ('[[steps]]\ngauge = {ml-1 = "wide"}\n', "gauge = .* has the wrong form"),
        ("[parts]\none = 5\n", "parts = .* has the wrong form"),
        ("[[steps]]\nadd_link = 5\n", "add_link = 5 has the wrong form"),
        ("[[steps]]\nin_year = 2030\n", "in_year = 2030 has the wrong form"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, match: str) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(co.DataFileError, match=match):
        co.Scenario.read(tmp_path / "wrong.toml")


@pytest.mark.parametrize(
    ("step", "match"),
    [
        ('add_link = {from = "Herat", to = "Kandahar"}', "a link has from, to and mode"),
        ('add_link = {from = "Herat", to = "Kandahar", mode = "road", lenght_km = 5}', "did you mean 'length_km'"),
        ("gauge = {ml-3 = 1000}", "one of 1520, 1435, 1676"),
        ("gauge = {wakhan-road = 1520}", "no railway whose gauge"),
        ('years = "soon"', "one of stated"),
    ],
)
def test_steps_that_cannot_be_applied(tmp_path: Path, step: str, match: str) -> None:
    (tmp_path / "wrong.toml").write_text(f"[[steps]]\n{step}\n")
    with pytest.raises(co.ScenarioError, match=match):
        co.Scenario.read(tmp_path / "wrong.toml").apply(co.load())


def test_the_gauge_of_the_kabul_line_is_that_of_its_variant_by_hand() -> None:
    """The variant that lists every link and terminal by hand costs and takes what the gauge alone does."""
    base = co.load()
    names = [("uap-kabul/gauge-1435", None), ("uap-kabul", 1435)]
    nets = [co.scenario(name, gauge_mm=gauge).apply(base) for name, gauge in names]
    one, other = (net.route("Tashkent", "Karachi", modes={"rail"}) for net in nets)
    assert (one.hours, one.cost_usd_t) == pytest.approx((other.hours, other.cost_usd_t))
    assert nets[1].check().level("error") == []


def test_gauges_of_the_western_route() -> None:
    base = co.load()
    nets = {gauge: co.scenario("western-route", gauge_mm=gauge).apply(base) for gauge in (1520, 1435, 1676)}
    routes = {gauge: net.route("Tashkent", "Karachi", modes={"rail"}) for gauge, net in nets.items()}
    assert {gauge: route.summary()["gauge_breaks"] for gauge, route in routes.items()} == {1520: 1, 1435: 2, 1676: 1}
    legs = {gauge: route.legs for gauge, route in routes.items()}
    assert {gauge: rows["from_id"][rows["kind"] == "gauge_change"].tolist() for gauge, rows in legs.items()} == {
        1520: ["spin-boldak"], 1435: ["torghundi", "spin-boldak"], 1676: ["torghundi"],
    }  # fmt: skip
    # a cost that is published for 1520 says nothing of the others
    costs = {gauge: net.projects.loc["western-route", "costs_published"] for gauge, net in nets.items()}
    assert costs == {1520: "7000", 1435: "", 1676: ""}
    # the stub to Chaman keeps the gauge of Pakistan
    assert nets[1435].links.loc["spin-boldak--chaman:rail-1676", "gauge_mm"] == "1676"


def test_years_of_the_same_lines_share_one_answer(both: co.Timeline) -> None:
    # each line in two states (one part open, all open) beside the base
    assert len(both.comparison.scenarios) == 5
    assert both.scenarios == ["uap-kabul", "western-route"]


def test_gains_begin_with_the_last_part(both: co.Timeline) -> None:
    table = both.table().set_index(["scenario", "year"])
    kabul, west = (table.loc[name] for name in both.scenarios)
    assert kabul["gaining"].tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert kabul["gaining_earliest"].tolist() == [0, 1, 1, 1, 1, 1, 1]
    assert west["gaining"].tolist() == [0, 0, 0, 1, 1, 1, 1]
    whole = co.compare([co.load(), "uap-kabul"], ["Tashkent"], ["Karachi"], modes={"rail"}).overall()
    assert kabul["days"].iloc[-1] == pytest.approx(whole.loc["uap-kabul", "hours_delta"] / 24)
    assert kabul["days_p05"].iloc[-1] < kabul["days"].iloc[-1] < 0 == kabul["days_p05"].iloc[0]
    assert table["opens"].iloc[2] == "kharlachi-kohat"


def test_openings_name_their_statements(both: co.Timeline) -> None:
    found = both.openings().set_index("project")
    assert found.loc["sanobar-herat", ["stated", "earliest", "latest"]].tolist() == ["2028", "2027", "2029"]
    assert found.loc["herat-kandahar", "statement"] == "western-route-2026-01-31"


def test_given_years_come_before_stated_ones() -> None:
    given = co.scenario("uap-kabul").staged({"uap-kabul": 2035})
    added = co.Scenario("line").add_link("Herat", "Kandahar", mode="rail", gauge_mm=1520, opened=2033)
    found = co.timeline(co.load(), [given, added], [2034, 2035], ["Tashkent"], ["Karachi"], modes={"rail"})
    assert set(found.openings()["stated"]) == {"2035", "2033"}
    assert set(found.openings()["statement"]) == {""}
    assert found.table()["gaining"].tolist() == [0, 1, 0, 0]


def test_questions_that_cannot_be_answered() -> None:
    net = co.load()
    with pytest.raises(co.ScenarioError, match=r"no year is stated .* for mazar-herat-1435"):
        co.timeline(net, co.Scenario("s").build("mazar-herat-1435"), [2030], ["Tashkent"], ["Karachi"])
    with pytest.raises(co.InputError, match="years"):
        co.timeline(net, "uap-kabul", [], ["Tashkent"], ["Karachi"])
    with pytest.raises(co.InputError, match="beside the base"):
        co.timeline(net, [], [2030], ["Tashkent"], ["Karachi"])


def test_chart(both: co.Timeline) -> None:
    drawn = both.plot(["gaining", "days"], names={"uap-kabul": "Kabul line"})
    assert list(drawn.axes) == ["gaining", "days", "openings"]
    # one band and one curve for each line, and a dot for each of their parts
    ids = [artist.get_gid() for artist in drawn.axes["days"].get_children() if artist.get_gid()]
    assert {"range-uap-kabul", "steps-western-route", "draws_p05-uap-kabul"} <= set(ids)
    dots = [line for line in drawn.axes["openings"].get_lines() if str(line.get_gid()).startswith("opening-")]
    assert len(dots) == 7
    with pytest.raises(co.InputError, match="gaining"):
        both.plot(["speed"])
