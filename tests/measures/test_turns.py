"""Single assumptions: what turns, what moves the ways apart, and that the sentences say so."""

from __future__ import annotations

import pytest

import corridors as co
from corridors.measures.turns import ASSUMPTIONS, REFERENCE, Assumption, Turns, settings, turns
from support.networks import COMMODITIES, PARAMETERS, POSITIONS, link, make, parameter, place, terminal

HALF = {"dear rail": Assumption("line_haul/rail/cost", 3.0), "cheap road": Assumption("line_haul/road/cost", 0.5)}


def project(ident: str) -> dict[str, object]:
    base = {"id": ident, "name": ident, "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    return {**base, "confidence": "B"}


@pytest.fixture(scope="module")
def net() -> co.Network:
    """C to E: rail of 400 km and road of 180 km; `short` is a railway of 200 km."""
    rates = [parameter("line_haul", "hours", 40, "km/h", mode=mode) for mode in ("rail", "road")] + [
        parameter("line_haul", "cost", cost, "USD/tkm", mode=mode) for mode, cost in (("rail", 0.05), ("road", 0.10))
    ]
    links = [
        link("c", "e", "rail", 400),
        link("c", "e", "road", 180),
        link("c", "e", "rail", 200, id="short", status="planned", project="short"),
    ]
    free = [
        row
        for row in PARAMETERS
        if row["component"] not in ("rest", "yard")
        and (row["component"] != "line_haul" or row["measure"] == "emissions")
    ]
    goods = [{**row, "value_usd_t": 0.0} for row in COMMODITIES]
    terminals = [terminal(p, "rail-1520", "road") for p in ("c", "e")]
    return make([place(i, *at) for i, at in POSITIONS.items()], links, parameters=[*free, *rates],
                projects=[project("short")], commodities=goods, terminals=terminals)  # fmt: skip


@pytest.fixture(scope="module")
def found(net: co.Network) -> Turns:
    return turns({"base": net, "short": net.build("short")}, (), ["c"], ["e"], assumptions=HALF)


def test_by_hand(found: Turns) -> None:
    """Rail 20 USD/t today and 10 by the short line, road 18: rail alone gains 10, free choice 8."""
    table = found.table().set_index(["assumption", "way"])
    assert table.loc[(REFERENCE, "rail only"), "usd_t"] == pytest.approx(-10)
    assert table.loc[(REFERENCE, "all modes"), "usd_t"] == pytest.approx(-8)
    # three times the tariff: 60 and 30 by rail, so the truck carries it all
    assert table.loc[("dear rail", "rail only"), "usd_t"] == pytest.approx(-30)
    assert table.loc[("dear rail", "all modes"), "usd_t"] == 0
    assert table.loc[("dear rail", "all modes"), "turned"] == "gain"
    assert table.loc[("dear rail", "rail only"), "turned"] == ""
    assert table.loc[("cheap road", "all modes"), "turned"] == "gain"
    assert found.turning("all modes", "short") == ["dear rail", "cheap road"]
    assert found.opposed("short") == ["dear rail"]


def test_sentences_name_what_turns(found: Turns) -> None:
    said = found.sentences({"short": "The short line"})
    assert said == [
        "The short line, rail only: none of 2 single assumptions turns a sign.",
        "The short line, all modes: of 2 single assumptions 2 turn a sign: dear rail and cheap road "
        "(1 to 0 pairs gain).",
        "The short line: the ways move in opposite directions, in USD/t of generalized cost, with dear rail "
        "(rail only \N{MINUS SIGN}10 to \N{MINUS SIGN}30, all modes \N{MINUS SIGN}8 to 0).",
    ]


def test_settings_leave_out_what_a_network_does_not_have(net: co.Network) -> None:
    assert list(settings(net)) == [
        REFERENCE, "rail tariffs x 1.5", "rail tariffs / 1.5", "road cost x 0.8", "road cost x 1.25",
        "changes of gauge of 110 h", "rail speeds / 1.5",
    ]  # fmt: skip
    with pytest.raises(co.InputError, match="a factor or a value"):
        settings(net, {"nothing": Assumption("line_haul/rail/cost")})


def test_all_assumptions_are_of_the_reference_network() -> None:
    net = co.load()
    made = settings(net)
    assert list(made) == [REFERENCE, *ASSUMPTIONS]
    changed = made["changes of gauge of 110 h"].apply(net).parameters
    hours = changed[changed.index.str.startswith("gauge_change/") & changed.index.str.endswith("/hours")]
    assert set(hours["value"][hours["terminal"] == ""]) == {110.0}
    kept = hours["terminal"] != ""
    assert (hours["value"][kept] == net.parameters.loc[hours.index[kept], "value"]).all()
    tariffs = made["rail tariffs x 1.5"].apply(net).parameters
    rail = (net.parameters["mode"] == "rail") & net.parameters.index.str.match("line_haul/.*cost$")
    assert (tariffs["value"][rail] / net.parameters["value"][rail]).round(9).eq(1.5).all()


def test_modes_that_are_asked_for_are_the_only_way(net: co.Network) -> None:
    only = turns({"base": net, "short": net.build("short")}, (), ["c"], ["e"], assumptions=HALF, modes={"rail"})
    assert set(only.table()["way"]) == {"as asked"}
    with pytest.raises(co.InputError, match="beside the base"):
        turns(net, (), ["c"], ["e"])
