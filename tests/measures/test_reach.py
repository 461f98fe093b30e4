"""Reach: days by hand, the surface around places, and the maps."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

import corridors as co
from corridors.plot import canvas
from corridors.plot.maps import lines
from corridors.plot.maps.access import plot_access, plot_reach
from corridors.plot.maps.surfaces import surface
from support.networks import link, make, place

AT = {"a": ("KZ", 45, 65), "b": ("KZ", 45, 70), "c": ("KZ", 42, 70), "d": ("KZ", 42, 65)}


@pytest.fixture
def ladder() -> co.Network:
    """A road of two parts, a planned short cut, and a place that nothing joins yet.

    ::

        A --1000-- B --1000-- C        planned p: A --500-- C, and C --100-- D
    """
    project = {"id": "p", "name": "P", "kind": "new", "status": "planned", "countries": "KZ", "source": "s"}
    return make(
        [place(i, *at, **({"kind": "city", "population": 500_000} if i == "a" else {})) for i, at in AT.items()],
        [
            link("a", "b", "road", 1000), link("b", "c", "road", 1000),
            link("a", "c", "road", 500, status="planned", project="p"),
            link("c", "d", "road", 100, status="planned", project="p"),
        ],
        projects=[{**project, "confidence": "A"}],
    )  # fmt: skip


@pytest.fixture
def found(ladder: co.Network) -> co.Reach:
    return co.reach({"base": ladder, "built": ladder.build("p")}, destinations=["c"], half_life_d=1.0)


def test_days_by_hand(found: co.Reach) -> None:
    # 25 km/h and 10 h of stops per 1000 km: 50 h per 1000 km
    days = found.days()
    assert days["base"].tolist() == pytest.approx([100 / 24, 50 / 24, 0.0, np.inf])
    assert days["built"].tolist() == pytest.approx([25 / 24, 50 / 24, 0.0, 5 / 24])


def test_table_by_hand(found: co.Reach) -> None:
    built = found.table().query("scenario == 'built'").set_index("origin")
    assert built.loc["a", "days_delta"] == pytest.approx(-75 / 24)
    assert np.isnan(built.loc["d", "days_delta"])
    assert built.loc["a", "accessibility"] == pytest.approx(2 ** (-25 / 24))
    assert built.loc["a", "accessibility_pct"] == pytest.approx(100 * (2 ** (75 / 24) - 1))
    assert np.isnan(built.loc["d", "accessibility_pct"])
    assert built["nearest"].tolist() == ["c", "c", "c", "c"]
    assert found.table().query("scenario == 'base'")["nearest"].tolist() == ["c", "c", "c", ""]


def test_building_never_lengthens_by_hours(net: co.Network) -> None:
    found = co.reach({"base": net, "k": net.build("uap-kabul")}, destinations=["Karachi"], by="hours", modes={"rail"})
    days = found.days()
    assert (days["k"] <= days["base"] + 1e-9).all()
    assert (days["k"] < days["base"] - 1).any()


def test_default_origins_are_joined_to_land(net: co.Network) -> None:
    origins = set(co.reach(net, destinations=["Karachi"]).days().index)
    assert {"almaty", "kabul", "karachi"} <= origins
    assert "colombo" not in origins


def test_surface_adds_the_way_to_the_place(found: co.Reach) -> None:
    net = found.nets["base"]
    sheet = canvas.open_panels(1, ([64, 71], [41, 46]), {"extent": None, "width_cm": 18}, columns=1)[0]
    near = lines.in_metres(sheet, net.places.loc[["a"]]).assign(days=2.0)
    x, y, days = surface(sheet, near, access_km=100, access_kmh=10)
    point = near.geometry.iloc[0]
    column, row = np.abs(x - point.x).argmin(), np.abs(y - point.y).argmin()
    away = np.hypot(x[column + 10] - point.x, y[row] - point.y) / 1000
    assert days[row, column + 10] == pytest.approx(2 + away / 10 / 24)
    known = np.isfinite(days)
    farthest = np.hypot(x[None, :] - point.x, y[:, None] - point.y)[known].max()
    assert 95_000 < farthest <= 100_000
    assert np.nanmin(days) >= 2


def gids(ax: Axes) -> set[str]:
    return {str(artist.get_gid()) for artist in ax.get_children() if artist.get_gid()}


def legend(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_panels_have_the_same_classes(found: co.Reach) -> None:
    panels = plot_reach(found)
    assert list(panels.axes) == ["base", "built"]
    first, second = panels.axes.values()
    assert first.get_xlim() == second.get_xlim()
    levels = [
        next(c for c in ax.collections if c.get_gid() == "surface").levels.tolist() for ax in panels.axes.values()
    ]
    assert levels[0] == levels[1]
    # 0 to 4.2 days, in no more than eight classes
    assert levels[0] == [0, 1, 2, 3, 4, 5]
    assert legend(first)[0] == "0 to 1 days"
    assert "unreached" in gids(first)
    assert "unreached" not in gids(second)


def test_changes_are_circles_in_proportion(found: co.Reach) -> None:
    _, ax = plot_access(found)
    assert {"gain", "newly-joined", "no-change"} <= gids(ax)
    assert "loss" not in gids(ax)
    texts = [text.get_text() for text in ax.texts]
    assert "A, -3.1 d" in texts


def test_losses_are_rings(ladder: co.Network) -> None:
    found = co.reach({"base": ladder.build("p"), "today": ladder}, destinations=["c"])
    _, ax = plot_access(found)
    assert "loss" in gids(ax)
    assert any("Days more" in text for text in legend(ax))


def test_all_newly_joined(ladder: co.Network) -> None:
    found = co.reach({"base": ladder, "built": ladder.build("p")}, ["d"], ["c"])
    fig, ax = plot_access(found)
    fig.draw_without_rendering()
    assert "newly-joined" in gids(ax)
    assert "gain" not in gids(ax)
    name = next(text for text in ax.texts if text.get_text() == "D")
    assert np.isfinite(name.get_window_extent().extents).all()


def test_own_classes(found: co.Reach) -> None:
    _, ax = plot_reach(found, "built", classes=[0, 1, 3])
    assert legend(ax)[:2] == ["0 to 1 days", "1 days and more"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"classes": [3, 1]}, "rising"),
        ({"access_km": 0}, "more than zero"),
        ({"what": "hours"}, "days_delta"),
        ({"what": "days_delta", "classes": [1, 3]}, "what='days' alone"),
        ({"clases": [1, 3]}, "did you mean 'classes'"),
    ],
)
def test_wrong_options_are_refused(found: co.Reach, options: dict[str, object], message: str) -> None:
    with pytest.raises(co.InputError, match=message):
        found.plot("built", **options)


def test_wrong_scenarios_are_refused(found: co.Reach, ladder: co.Network) -> None:
    with pytest.raises(co.UnknownNameError, match="built"):
        found.plot("bilt")
    with pytest.raises(co.InputError, match="second scenario"):
        co.reach(ladder, destinations=["c"]).plot(what="days_delta")
    with pytest.raises(co.InputError, match="begins with a network"):
        co.reach({}, destinations=["c"])
    with pytest.raises(co.InputError, match="no place has a way"):
        co.reach(ladder, ["a"], ["d"]).plot()
