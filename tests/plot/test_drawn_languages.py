"""Charts and maps with `lang="ru"`: their texts are Russian, and they stand on the sheet."""

from __future__ import annotations

import re

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import corridors as co
from corridors.base.errors import InputError
from corridors.plot import npv_tornado, time_distance


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
