"""The data check finds what is planted in small tables, and names it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

import corridors as co
from corridors.data.geography import great_circle_km
from support.networks import PARAMETERS, crossing, link, make, parameter, place, terminal

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
