"""Flows: shares by hand, and the maps of what gains and loses them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import corridors as co
from corridors.plot import style
from corridors.plot.maps.bands import strokes
from corridors.plot.maps.flows import KINDS, plot_difference, plot_differences
from support.networks import crossing, link, make, place

AT = {"a": ("KZ", 50, 60), "b": ("KZ", 50, 63), "c": ("UZ", 48, 60), "d": ("UZ", 48, 63)}


@pytest.fixture
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


@pytest.fixture
def found(square: co.Network) -> co.Comparison:
    return co.compare({"base": square, "built": square.build("p")}, ["a", "b"], ["c", "d"], weights={"a": 3, "b": 1})


def shares(found: co.Comparison, scenario: str) -> dict[str, float]:
    table = found.flows()
    return dict(table[table["scenario"] == scenario].set_index("id")["share"])


def test_shares_by_hand(found: co.Comparison) -> None:
    # a weighs 3/8 per pair, b 1/8; today all four pairs pass the crossing x, those of b come over a
    assert shares(found, "base") == pytest.approx(
        {"a--b:rail-1520": 2 / 8, "a--c:rail-1520": 1.0, "c--d:rail-1520": 4 / 8}
    )
    # built: only a to c stays on the old line, all others go by b and d
    assert shares(found, "built") == pytest.approx(
        {"a--c:rail-1520": 3 / 8, "a--b:rail-1520": 3 / 8, "b--d:rail-1520": 5 / 8, "c--d:rail-1520": 1 / 8}
    )


def test_delta_is_the_difference_and_lines_follow_the_way(found: co.Comparison) -> None:
    table = found.flows()
    assert np.allclose(table["delta"], table["share"] - table["base_share"])
    built = table[table["scenario"] == "built"].set_index("id")
    # a--b is first used from b to a, today
    assert (built.loc["a--b:rail-1520", "from_id"], built.loc["a--b:rail-1520", "to_id"]) == ("b", "a")
    assert built.geometry["a--b:rail-1520"].coords[0] == (63.0, 50.0)


def test_flow_leaves_no_pair_out_and_invents_none(net: co.Network) -> None:
    gain = co.compare({"base": net, "k": net.build("uap-kabul")}, "kazakhstan", "south-asian-ports", modes={"rail"})
    table = gain.flows()
    assert table["share"].between(0, 1 + 1e-9).all()
    joined = sum(gain.weights[pair] for pair in gain.pair_list if gain.routes[("k", *pair)] is not None)
    out_of_almaty = table[(table["scenario"] == "k") & (table["from_id"] == "almaty")]["share"].sum()
    assert out_of_almaty == pytest.approx(joined / 8)


def gids(ax: Axes) -> list[str]:
    return [str(artist.get_gid()) for artist in ax.get_children() if artist.get_gid()]


def legend(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_map_shows_what_gains_and_loses(found: co.Comparison) -> None:
    fig, ax = plot_difference(found)
    assert isinstance(fig, Figure)
    # a--c loses 5/8 and keeps 3/8; b--d is new; a--b gains 1/8 and keeps 2/8; c--d loses 3/8 and keeps 1/8
    kinds = [gid for gid in gids(ax) if gid.startswith("flow-")]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"flow-same": 3, "flow-more": 2, "flow-less": 4}
    assert legend(ax)[:4] == ["Gains flow", "Loses flow", "Keeps its flow", "Built in this scenario"]
    assert ax.get_title(loc="left") == "built against base"


def test_widths_are_in_proportion_to_flow(found: co.Comparison) -> None:
    _, ax = plot_difference(found, width_cm=18, labels=False)
    widths = sorted(
        float(line.get_linewidth()[0]) for line in ax.collections if line.get_gid() in ("flow-more", "flow-same")
    )
    assert widths[-1] / widths[-2] == pytest.approx((5 / 8) / (3 / 8))


def test_panels_share_extent_and_legend(square: co.Network) -> None:
    nets = {"base": square, "built": square.build("p"), "shut": square.close("x")}
    found = co.compare(nets, ["a", "b"], ["c", "d"])
    panels = plot_differences(found, title="What changes")
    assert list(panels.axes) == ["built", "shut"]
    assert panels.axes["built"].get_xlim() == panels.axes["shut"].get_xlim()
    assert "Loses flow" in legend(panels.axes["built"])
    assert list(found.plot().axes) == ["built", "shut"]


def test_kinds_are_told_apart_without_colour() -> None:
    solid, hollow = ([width for width, _ in strokes(KINDS[kind], 5.0)] for kind in ("more", "less"))
    assert solid == [5.0]
    assert hollow[0] == 5.0 > hollow[1] > 1.0
    dashed = [looks["linestyle"] for _, looks in strokes(KINDS["more"], 5.0, new=True)]
    assert dashed != ["solid"]
    # what stays is grey: its parts of red, green and blue are nearly alike
    parts = [int(style.SAME[i : i + 2], 16) for i in (1, 3, 5)]
    assert max(parts) - min(parts) < 16


def test_errors_name_what_is_there(found: co.Comparison, square: co.Network) -> None:
    with pytest.raises(co.UnknownNameError, match="built"):
        found.plot("biult")
    with pytest.raises(co.InputError, match="second scenario"):
        plot_difference(co.compare({"base": square}, ["a"], ["c"]))
    with pytest.raises(co.InputError, match="no pair has a way"):
        plot_difference(co.compare({"base": square.close("x"), "b": square.close("x")}, ["a"], ["c"]))
