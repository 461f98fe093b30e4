"""The data check finds what is planted in small tables, and names it."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

import corridors as co
from corridors.data.geography import great_circle_km
from corridors.network.check_names import one_letter_apart
from support.networks import PARAMETERS, crossing, link, make, parameter, place, terminal
from support.work import calls

ALMATY = place("almaty", "KZ", 43.24, 76.95)
TARAZ = place("taraz", "KZ", 42.89, 71.39)
TASHKENT = place("tashkent", "UZ", 41.31, 69.28)


def found(net: co.Network, check: str) -> list[str]:
    return [f"{f.level}: {f.message}" for f in net.check().found if f.check == check]


def test_swapped_coordinates_are_recognised() -> None:
    net = make([{**ALMATY, "lat": 76.95, "lon": 43.24}, TARAZ], [link("almaty", "taraz", "road", 9999)])
    assert any("latitude and longitude look swapped" in text for text in found(net, "in-country"))
    assert not net.check()


def test_place_in_the_wrong_country() -> None:
    net = make([ALMATY, {**TARAZ, "country": "UZ"}], [link("almaty", "taraz", "road", 500, crossing="x")],
               crossings=[crossing("x", "almaty", "taraz")])  # fmt: skip
    assert any("outside UZ" in text for text in found(net, "in-country"))


@pytest.mark.parametrize(("km", "level"), [(300, "error"), (475, None), (1100, "warning")])
def test_lengths_against_the_great_circle(km: float, level: str | None) -> None:
    net = make([ALMATY, TARAZ], [link("almaty", "taraz", "road", km)])
    assert [text.split(":")[0] for text in found(net, "great-circle")] == ([level] if level else [])


def test_a_note_explains_a_warning() -> None:
    net = make([ALMATY, TARAZ], [link("almaty", "taraz", "road", 1100, note="over three passes")])
    assert found(net, "great-circle")[0].startswith("explained")


def test_crossing_that_nothing_passes_and_mode_that_it_does_not_admit() -> None:
    net = make(
        [ALMATY, TARAZ, TASHKENT],
        [link("taraz", "tashkent", "rail", 300, crossing="x", border_km=100)],
        crossings=[crossing("x", "taraz", "tashkent", modes="road"), crossing("y", "almaty", "tashkent")],
    )
    texts = found(net, "borders")
    assert "warning: no link passes it" in texts
    assert "error: crossing 'x' does not admit rail" in texts
    assert any("300 km long" in text for text in texts)


def test_gauges_that_meet_without_a_terminal() -> None:
    links = [link("almaty", "taraz", "rail", 475), link("taraz", "almaty", "rail", 475, "1435")]
    net = make([ALMATY, TARAZ], links)
    assert len(found(net, "gauge-breaks")) == 2
    mended = make(
        [ALMATY, TARAZ], links, terminals=[terminal(p, "rail-1520", "rail-1435") for p in ("almaty", "taraz")]
    )
    assert found(mended, "gauge-breaks") == []


def test_terminal_without_its_system() -> None:
    net = make(
        [ALMATY, TARAZ], [link("almaty", "taraz", "road", 475)], terminals=[terminal("taraz", "road", "rail-1520")]
    )
    assert found(net, "terminals") == ["error: taraz has no rail-1520"]


def test_pieces_that_do_not_hang_together() -> None:
    far = [place("x", "KZ", 50, 60), place("y", "KZ", 50, 61)]
    net = make([ALMATY, TARAZ, *far], [link("almaty", "taraz", "road", 475), link("x", "y", "road", 80)])
    assert len(found(net, "components")) == 1


def test_parameter_of_one_thing_that_meets_nothing() -> None:
    rows = [*PARAMETERS, parameter("border", "hours", 5, "h", crossing="nowhere")]
    net = make([ALMATY, TARAZ], [link("almaty", "taraz", "road", 475)], parameters=rows)
    assert found(net, "parameters-used") == ["warning: fits no edge of any cargo unit"]


def test_lines_that_miss_their_places(net: co.Network) -> None:
    tables = net.tables
    ident = "almaty--zhetygen:rail-1520"
    row = tables.rows("links")[ident]
    line = tables.shape("links", row)
    assert great_circle_km(line) < 1.3 * tables["links"]["length_km"][row]
    moved = LineString(np.asarray(line.coords) + 0.5)
    broken = co.Network(type(tables)(tables.frames, tables.as_of, lambda: {ident: (moved, "traced")}))
    errors = [f for f in broken.check().level("error") if f.check == "alignments"]
    assert [f.ident for f in errors] == [ident]


def test_findings_as_text_and_table(net: co.Network) -> None:
    findings = net.check()
    assert str(findings).splitlines()[-1].startswith(f"{len(findings.checks)} checks: 0 errors")
    assert isinstance(findings.to_frame(), pd.DataFrame)


def drawn(net: co.Network, line: LineString, method: str = "traced") -> co.Network:
    """The network with a line for its first link."""
    ident = net.tables["links"]["id"][0]
    return co.Network(type(net.tables)(net.tables.frames, net.tables.as_of, lambda: {ident: (line, method)}))


WINDING = LineString([(76.95, 43.24), (74, 44), (71.39, 42.89)])


@pytest.mark.parametrize(
    ("km", "note", "level"),
    [(475, "", "error"), (475, "the line is that of the old road", "explained"), (493, "", None), (700, "", "warning")],
)
def test_lengths_against_the_drawn_line(km: float, note: str, level: str | None) -> None:
    assert great_circle_km(WINDING) == pytest.approx(497.2, abs=0.1)
    net = make([ALMATY, TARAZ], [link("almaty", "taraz", "road", km, line_note=note, note="two lanes" if note else "")])
    texts = found(drawn(net, WINDING), "drawn-length")
    assert [text.split(":")[0] for text in texts] == ([level] if level else [])


def test_position_errors_explain_a_short_length() -> None:
    ends = [{**ALMATY, "position_km": 12}, {**TARAZ, "position_km": 12}]
    texts = found(drawn(make(ends, [link("almaty", "taraz", "road", 475)]), WINDING), "drawn-length")
    assert texts == ["explained: is 475 km, shorter than its line of 497.2 km; its ends are known to 24 km"]


def test_straight_lines_say_nothing_of_the_length() -> None:
    net = make([ALMATY, TARAZ], [link("almaty", "taraz", "road", 475)])
    assert found(drawn(net, WINDING, "straight"), "drawn-length") == []
    assert found(drawn(net, LineString(WINDING.coords[:2])), "alignments")


def test_each_explanation_stands_for_one_finding_only() -> None:
    far = link("almaty", "taraz", "road", 475, note="a note does not explain what must be explained in line_note")
    assert found(drawn(make([ALMATY, TARAZ], [far]), WINDING), "drawn-length")[0].startswith("error")


def slow_pairs(names: list[str]) -> set[tuple[int, int]]:
    """Pairs one letter apart by trying all, for names of ten letters or more."""

    def apart(a: str, b: str) -> bool:
        if len(a) == len(b):
            spots = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
            turned = len(spots) == 2 and spots[1] == spots[0] + 1 and a[spots[0]] == b[spots[1]]
            return len(spots) == 1 or (turned and a[spots[1]] == b[spots[0]])
        long, short = sorted((a, b), key=len, reverse=True)
        return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))

    numbers = itertools.combinations(range(len(names)), 2)
    return {(i, j) for i, j in numbers if apart(names[i], names[j])}


def test_names_one_letter_apart_against_trying_all_pairs() -> None:
    rng = np.random.default_rng(3)
    names = list(dict.fromkeys("".join(rng.choice(list("ab"), rng.integers(10, 13))) for _ in range(150)))
    fast = one_letter_apart(names, ["KZ"] * len(names))
    slow = slow_pairs(names)
    assert set(fast) <= slow
    # of names that differ in the same place only the first is paired with the others
    assert {j for _, j in fast} == {j for _, j in slow}
    assert one_letter_apart(names, [str(i) for i in range(len(names))]) == []
    assert one_letter_apart(["turkmenabat1", "turkmenabat2"], ["TM", "TM"]) == []


def road_of(size: int) -> co.Network:
    """A road of many links, with names that are alike here and there."""
    rng = np.random.default_rng(0)
    syllables = ["ka", "ra", "shi", "tan", "ba", "du", "mir", "zo", "lek", "gor", "abad", "shah", "pur", "nau", "dar"]
    ids = list(dict.fromkeys("".join(rng.choice(syllables, 5)) for _ in range(int(size * 1.3))))[:size]
    places = pd.DataFrame({"id": ids, "name": ids, "country": "KZ", "kind": "junction", "position_km": 1.0})
    places = places.assign(lat=rng.uniform(44, 50, size), lon=rng.uniform(58, 80, size), source="s", confidence="B")
    ends = {"from_id": ids[:-1], "to_id": ids[1:], "length_km": 2500.0}
    links = pd.DataFrame({"id": [f"l{row}" for row in range(size - 1)], **ends, "mode": "road", "class": "trunk"})
    links = links.assign(length_basis="published", status="open", source="s", confidence="B")
    return co.Network.from_tables(
        places, links, sources=pd.DataFrame([{"id": "s", "title": "s", "kind": "assumption"}])
    )


def test_the_check_works_in_proportion_to_the_network() -> None:
    few, many = (calls(road_of(size).check) for size in (500, 4_000))
    # eight times the links; what is done for all pairs would grow 64 times
    assert many < 12 * few


def test_lines_that_end_at_a_border_or_junction_are_told_for_information() -> None:
    gate, junction = place("gate", "KZ", 42.9, 72.0, kind="border"), place("j", "KZ", 43.0, 75.0, kind="junction")
    left_out = place("left-out", "KZ", 43.1, 76.0)
    links = [link("almaty", "j", "road", 170), link("j", "taraz", "road", 310), link("taraz", "gate", "road", 55),
             link("almaty", "j", "rail", 170)]  # fmt: skip
    net = make([ALMATY, TARAZ, gate, junction, left_out], links)
    assert found(net, "dead-ends") == [
        "information: road ends here: one way, from taraz, and no transfer",
        "information: rail-1520 ends here: one way, from almaty, and no transfer",
        "information: no link and no service leads here",
    ]
    goes_on = make([ALMATY, TARAZ, gate, junction], links, terminals=[terminal("j", "rail-1520", "road")])
    assert found(goes_on, "dead-ends") == ["information: road ends here: one way, from taraz, and no transfer"]
    assert net.check(), "information is no error"
    assert str(net.check()).endswith("3 for information")
    assert "dead-ends" not in str(net.check()), "only the number is shown; `corridors check --all` lists them"


def test_crossings_without_proof_of_freight_are_told() -> None:
    links = [link("taraz", "tashkent", "road", 300, crossing="x", border_km=100)]
    for traffic, level in (("unverified", "no source says"), ("cars-only", "cars only"), ("", None), ("all", None)):
        net = make([TARAZ, TASHKENT], links, crossings=[crossing("x", "taraz", "tashkent", traffic=traffic)])
        texts = found(net, "freight")
        assert len(texts) == (level is not None)
        assert all(f"information: {level}" in text for text in texts)
        # what is unverified passes as before
        assert ("road" in net.crossings.loc["x", "open_to"]) == (traffic != "cars-only")


def test_the_reference_network_tells_its_dead_ends(net: co.Network) -> None:
    told = {f.ident for f in net.check().level("information")}
    assert {"vaitarna", "bordobo", "boldyr", "talimarjan", "zhibek-zholy"} <= told
    assert not {"bakhty", "mahirud", "kulma", "artyk"} & told
