"""Sizes of figures, what stands under charts, and what is in a saved file."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import corridors as co
from corridors.base.errors import InputError
from corridors.base.looks import SYSTEMS


@pytest.fixture(scope="module")
def route() -> co.Route:
    return co.load().route("Termez", "Hairatan", cargo="wagon")


def test_a_saved_pdf_holds_truetype_fonts(route: co.Route) -> None:
    saved = io.BytesIO()
    route.breakdown_bars(figsize=(5, 2), note=False).savefig(saved, format="pdf")
    assert b"/CIDFontType2" in saved.getvalue()
    assert b"/Type3" not in saved.getvalue()


def test_figsize_sets_the_width_of_a_figure_and_the_height_of_its_axes(route: co.Route) -> None:
    drawn = route.breakdown_bars(figsize=(6, 2.5), dpi=80)
    assert drawn.fig.get_figwidth() == pytest.approx(6)
    assert drawn.fig.dpi == 80
    assert drawn.ax.get_window_extent().height / 80 == pytest.approx(2.5)


def test_a_map_has_the_shape_of_figsize(route: co.Route) -> None:
    drawn = route.plot(figsize=(4, 3), labels=False, legend=False)
    box = drawn.ax.get_window_extent()
    assert box.height / box.width == pytest.approx((3 - 6 / 72) / (4 - 6 / 72), abs=0.01)


@pytest.mark.parametrize("figsize", [(4,), (0, 3), "wide", (4, None)])
def test_a_figsize_that_is_no_size_is_refused(route: co.Route, figsize: object) -> None:
    with pytest.raises(InputError, match="width and height in inches"):
        route.plot(figsize=figsize)  # type: ignore[arg-type]


def test_notes_speak_in_words_and_can_be_left_out(route: co.Route) -> None:
    noted, bare = ([t.get_text() for t in route.breakdown_bars(note=on).ax.texts] for on in (True, False))
    [note] = [text for text in noted if "table of assumptions" in text.replace("\n", " ")]
    assert "()" not in note
    assert not [text for text in bare if "assumptions" in text]


def seen_without_green(color: str) -> np.ndarray[Any, Any]:
    """A colour in CIELAB as it looks in deuteranopia (matrix of Machado, Oliveira and Fernandes 2009)."""
    machado = np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    )
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(to_xyz @ np.clip(machado @ linear, 0.01, 1) / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", ["color", "pale"])
def test_broad_gauge_and_roads_differ_without_green(kind: str) -> None:
    rail, road = (seen_without_green(getattr(SYSTEMS[name], kind)) for name in ("rail-1520", "road"))
    assert np.linalg.norm(rail - road) > 25  # about ten times what can just be told apart
