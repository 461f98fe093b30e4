"""The map of use of capacity: what is drawn, in which state."""

from __future__ import annotations

import pytest

import corridors as co
from corridors.plot.maps.used import COMPUTED, STATES, plot_utilisation

OPTIONS = {"commodity": "grain", "cargo": "wagon"}


def test_lines_are_drawn_by_the_state_of_their_capacity(net: co.Network) -> None:
    used = net.utilisation({("Kostanay", "Termez"): 6e6}, loops_km=20, speed_kmh=40, **OPTIONS)
    drawing = used.plot(title="Use", width_cm=12, labels=False)
    gids = {artist.get_gid() for artist in drawing.ax.get_children()}
    assert {"use-over", "use-free", "use-", "use-crossing-free"} <= gids
    assert "use-close" not in gids
    texts = {text.get_text() for text in drawing.ax.get_legend().get_texts()}
    assert {STATES["over"][0], STATES["free"][0], STATES[""][0], COMPUTED} <= texts
    assert used.links().loc["kandyagash--nikeltau:rail-1520", "state"] == "over"


def test_nothing_carried_is_no_map(net: co.Network) -> None:
    shut = net.close("AF-UZ", "AF-TM", "AF-TJ", "AF-IR", "AF-PK")
    with pytest.raises(co.InputError, match="nothing is carried"):
        plot_utilisation(shut.utilisation({("Tashkent", "Kabul"): 1}, cargo="truck"))
