"""Charts and maps with `lang="ru"`: their texts are Russian, and they stand on the sheet."""

from __future__ import annotations

import re
import textwrap

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import BboxBase

import corridors as co
from corridors.base.errors import InputError
from corridors.base.phrases import Phrases
from corridors.plot import npv_tornado, time_distance
from corridors.plot.canvas import new_figure
from corridors.plot.translate import translate


@pytest.fixture(scope="module")
def route(net: co.Network) -> co.Route:
    return net.route("Termez", "Peshawar")


def english(figure: Figure) -> list[str]:
    """Texts with Latin words."""
    texts = [text.get_text() for text in figure.findobj(Text)]
    return [text for text in texts if re.search("[A-Za-z]{3}", text)]


def test_a_profile_in_russian(route: co.Route) -> None:
    drawn = time_distance(route, lang="ru")
    assert not english(drawn.fig)
    assert drawn.ax.get_title(loc="left").startswith("Термез — Пешавар")
    assert english(time_distance(route).fig), "English is the default"


def test_rows_of_a_tornado_stand_on_the_sheet(net: co.Network) -> None:
    found = co.appraise(net, "uap-kabul", {("Tashkent", "Lahore"): 5e6}, cargo="wagon", draws=0)
    drawn = npv_tornado(found, lang="ru", title="")
    assert not english(drawn.fig)
    drawn.fig.draw_without_rendering()
    assert "превышение стоимости, %" in [label.get_text() for label in drawn.ax.get_yticklabels()]
    left = min(label.get_window_extent().x0 for label in drawn.ax.get_yticklabels())
    assert left >= 0
    # ticks beyond the axes are not drawn, and are clipped
    wide = [
        text.get_window_extent().x1 for text in drawn.fig.findobj(Text) if text.get_text() and not text.get_clip_on()
    ]
    assert max(wide) <= drawn.fig.bbox.width * 1.01


def test_only_the_axes_of_the_caller_are_translated(route: co.Route) -> None:
    figure = Figure(figsize=(12, 6))
    other, mine = figure.subplots(1, 2)
    other.set_title("rail only")
    time_distance(route, ax=mine, lang="ru")
    assert other.get_title() == "rail only"
    assert not re.search("[A-Za-z]{3}", mine.get_title(loc="left"))


def test_an_unknown_language_is_named(route: co.Route) -> None:
    with pytest.raises(InputError, match="lang='fr'"):
        time_distance(route, lang="fr")


def sheet(box: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    """A sheet of 8 by 5 cm, with axes that reach from 0 to 10 and from 0 to 1."""
    figure = new_figure(8, 5)
    axes = figure.add_axes(box)
    axes.set(xlim=(0, 10), ylim=(0, 1))
    return figure, axes


def edges(text: Text) -> BboxBase:
    figure = text.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    return text.get_window_extent()


def test_what_grows_in_russian_stays_on_the_sheet() -> None:
    """Each text fits in English, would not in Russian, and is moved or set smaller."""
    figure, axes = sheet((0.72, 0.3, 0.2, 0.5))
    label = axes.set_xlabel("all modes", fontsize=9)
    assert edges(label).x1 < figure.bbox.x1
    translate(figure, Phrases("ru"))
    assert label.get_text() == "все виды транспорта"
    assert label.get_fontsize() < 9, "written over the middle: both ends come in"
    assert figure.bbox.x0 < edges(label).x0 < edges(label).x1 <= figure.bbox.x1

    figure, axes = sheet((0, 0, 1, 1))
    left = axes.text(2.3, 0.5, "rail only", ha="right")
    end = edges(left).x1
    assert edges(left).x0 > 0
    translate(figure, Phrases("ru"))
    assert left.get_text() == "только ж/д"
    assert edges(left).x0 >= 0
    assert edges(left).x1 == pytest.approx(end, abs=1), "it ends where it ended: at what it names"


def test_bars_make_room_for_the_values_behind_them() -> None:
    figure, axes = sheet((0.1, 0.3, 0.88, 0.5))
    bar = axes.barh([0.5], [8])[0]
    value = axes.text(8.1, 0.5, "rail only", va="center")
    assert edges(value).x1 < figure.bbox.x1
    translate(figure, Phrases("ru"))
    assert value.get_fontsize() == 10.0, "the bar is shorter, not the type smaller"
    assert bar.get_window_extent().x1 < edges(value).x0 < edges(value).x1 <= figure.bbox.x1
    assert axes.get_xlim()[1] > 10


def test_neighbours_that_touch_are_set_on_two_lines() -> None:
    figure, axes = sheet((0, 0, 1, 1))
    first, second = axes.text(0.1, 0.5, "all modes"), axes.text(3, 0.5, "rail only")
    alone = axes.text(0.1, 0.1, "all modes")
    assert edges(first).x1 < edges(second).x0
    translate(figure, Phrases("ru"))
    assert first.get_text().split() == ["все", "виды", "транспорта"]
    assert first.get_text().count("\n") == 1
    assert alone.get_text() == "все виды транспорта", "what touches nothing keeps its line"
    assert edges(first).x1 < edges(second).x0


def test_a_note_of_more_lines_makes_the_figure_taller() -> None:
    note = "Every pair takes its best way at every value; a way is by rail if at least half of its km on land are."
    figure, axes = sheet((0.1, 0.26, 0.8, 0.7))
    text = axes.annotate(
        textwrap.fill(note, 40), (0, 0), (0, -4), xycoords="axes fraction", textcoords="offset points", va="top",
        fontsize=7, annotation_clip=False,
    )  # fmt: skip
    height, lines = figure.get_size_inches()[1], text.get_text().count("\n")
    box = axes.get_position().height * height
    assert edges(text).y0 > 0
    translate(figure, Phrases("ru"))
    assert text.get_text().count("\n") > lines
    assert edges(text).y0 >= 0
    assert figure.get_size_inches()[1] > height
    assert axes.get_position().height * figure.get_size_inches()[1] == pytest.approx(box), "the axes keep their size"
