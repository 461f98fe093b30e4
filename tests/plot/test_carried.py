"""Drawings of tonnes: maps by mode, cargo unit and change, ranked gateways, and the way from origin to destination."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch

import corridors as co
from corridors.plot.maps.bands import LEAST_PT, WIDEST_PT
from support.networks import crossing, link, make, place

AT = {"a": ("KZ", 50, 60), "b": ("KZ", 50, 63), "c": ("UZ", 48, 60), "d": ("UZ", 48, 63)}
FLOWS = {("a", "c"): 600, ("b", "c"): 300, ("a", "d"): 100}


@pytest.fixture(scope="module")
def square() -> co.Network:
    """Two places above a border and two below; a planned line joins B to D.

    ::

        A --100-- B
        |         :
       x|300      : 100, planned p, crossing y
        |         :
        C --100-- D
    """
    project = {"id": "p", "name": "P", "kind": "new", "status": "planned", "countries": "KZ;UZ", "source": "s"}
    return make(
        [place(i, *at) for i, at in AT.items()],
        [
            link("a", "b", "rail", 100),
            link("a", "c", "rail", 300, crossing="x", border_km=100),
            link("c", "d", "rail", 100),
            link("b", "d", "rail", 100, crossing="y", border_km=100, status="planned", project="p"),
        ],
        crossings=[crossing("x", "a", "c"), crossing("y", "b", "d", status="planned")],
        projects=[{**project, "confidence": "A"}],
    )


@pytest.fixture(scope="module")
def carried(square: co.Network) -> co.Carried:
    """All 1,000 t pass x, which has room for 800 a year."""
    limits = pd.DataFrame({"kind": ["crossing"], "id": ["x"], "value": [800], "unit": ["t/year"]})
    return co.carry(square, FLOWS, cargo="container", capacities=limits)


@pytest.fixture(scope="module")
def built(square: co.Network) -> co.Carried:
    return co.carry(square.build("p"), FLOWS, cargo="container")


def widths(ax: Axes, gid: str) -> list[float]:
    return sorted(float(line.get_linewidth()[0]) for line in ax.collections if line.get_gid() == gid)


def legend(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_lines_are_as_wide_as_tonnes_and_the_full_crossing_is_marked(carried: co.Carried) -> None:
    _, ax = carried.plot(width_cm=18)
    # a--c carries all of the 800 t that fit, a--b 240 and c--d 80, which is too little to be seen
    narrow, some, widest = widths(ax, "flow-rail")
    assert [some / widest, narrow / widest] == pytest.approx([240 / 800, LEAST_PT / WIDEST_PT])
    assert any(artist.get_gid() == "stop-crossing-x" for artist in ax.lines)
    assert any("125 %" in text.get_text() for text in ax.texts)
    assert legend(ax) == ["By rail", "50, 200, 500 t a year", "Origin, destination", "Asked for more than it passes"]


def test_a_full_link_is_called_by_its_places(square: co.Network) -> None:
    limits = pd.DataFrame({"kind": ["link"], "id": ["a--c:rail-1520"], "value": [500], "unit": ["t/year"]})
    full = co.carry(square, FLOWS, cargo="container", capacities=limits)
    _, ax = full.plot(width_cm=10)
    assert [text.get_text() for text in ax.texts if "%" in text.get_text()] == ["A–C: 200 %"]  # of 1,000 t


def test_what_gains_and_loses(carried: co.Carried, built: co.Carried, square: co.Network) -> None:
    base = co.carry(square, FLOWS, cargo="container")
    _, ax = built.plot(what="change", base=base, labels=False)
    # a--c keeps 600 or less and loses the rest; b--d is new
    old, new = (one.links.set_index("id")["tonnes"] for one in (base, built))
    gains = [key for key in new.index if new[key] > old.get(key, 0)]
    assert len(widths(ax, "flow-more")) == len(gains) > 0
    assert {"Gains tonnes", "Loses tonnes", "Built in this scenario"} <= set(legend(ax))


def test_units_run_side_by_side(square: co.Network) -> None:
    shared = co.carry(square, {("a", "c"): 100}, commodity="flour", split=True)
    units = set(shared.pairs["cargo"])
    _, ax = shared.plot(what="cargo", width_cm=10, labels=False, context=False)
    assert {gid for line in ax.collections if (gid := line.get_gid() or "").startswith("flow-")} == {
        f"flow-{unit}" for unit in units
    }
    assert len(units) > 1


def test_gateways_before_and_after(carried: co.Carried, built: co.Carried) -> None:
    _, ax = built.gateways(base=carried, names=("with p", "today"))
    crossings = built.crossings.groupby("id")["tonnes"].sum()
    lengths = sorted(patch.get_width() for patch in ax.patches)
    assert lengths == pytest.approx(sorted([*crossings, 800.0, 0.0]))
    assert legend(ax) == ["With p", "Today"]
    with pytest.raises(co.InputError, match="terminals"):
        built.gateways("harbours")


def test_bands_of_a_diagram_add_up(carried: co.Carried) -> None:
    _, ax = carried.sankey()
    bands = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    # three pairs on the left, three on the right; heights of each side add up to one
    heights = [float(band.get_path().vertices[:, 1].max() - band.get_path().vertices[3:5, 1].min()) for band in bands]
    assert len(bands) == 2 + 3
    assert all(height > 0 for height in heights)
    nodes = [patch.get_height() for patch in ax.patches if patch.get_gid() == "node"]
    assert sum(nodes) == pytest.approx(3.0), "origins, gateways and destinations have the same tonnes"


def test_who_gains_against_whom() -> None:
    """Three suppliers save nearly the same: the one with the dearest good gains least, here he loses."""
    before, after = {"KZ": 411.9, "UZ": 364.3, "RU": 368.0}, {"KZ": 395.0, "UZ": 347.4, "RU": 351.0}
    found = co.respond(before, after, {"KZ": 0.434, "UZ": 0.473, "RU": 0.093}, theta=5, eps=0, draws=0)
    _, ax = found.plot()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Uzbekistan", "Russia", "Kazakhstan", "Market"]
    changes = found.table().loc[["UZ", "RU", "KZ", "market"], "tonnes_change_pct"]
    assert changes["KZ"] < 0 < changes["UZ"]
    assert [patch.get_width() for patch in ax.patches if patch.get_gid() == "change"] == pytest.approx(changes)
    said = {text.get_text().replace("\N{MINUS SIGN}", "-") for text in ax.texts}
    assert {f"{changes['UZ']:+.1f} %", f"{changes['KZ']:+.1f} %", "0.0 %"} <= said


def test_drawings_of_tonnes_say_what_they_need(carried: co.Carried, square: co.Network) -> None:
    with pytest.raises(co.InputError, match="base"):
        carried.plot(what="change")
    with pytest.raises(co.InputError, match="cargo"):
        carried.plot(what="colour")
    none = co.carry(square.close("x"), FLOWS, cargo="container")
    for draw in (none.plot, none.gateways, none.sankey):
        with pytest.raises(co.InputError, match="carried"):
            draw()
