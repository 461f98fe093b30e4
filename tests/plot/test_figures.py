"""Sizes of figures, what stands under charts, and what is in a saved file."""

from __future__ import annotations

import io

import pytest

import corridors as co
from corridors.base.errors import InputError


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
