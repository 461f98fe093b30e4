"""Names as they are: a dollar sign is no formula, on charts and maps."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import corridors as co
from corridors.plot.maps.labels import measure

NAME = r"Yard $$ at $5/t and $3_b"


@pytest.fixture(scope="module")
def named(net: co.Network) -> co.Network:
    """Network in which Almaty, Termez and Kabul have dollars in their names."""
    frames = {name: frame.copy() for name, frame in net.tables.frames.items() if len(frame)}
    places = frames["places"]
    chosen = places["id"].isin(["almaty", "termez", "kabul"])
    places["name"] = (places["name"] + " " + NAME).where(chosen, places["name"])
    return co.Network.from_tables(**frames)


def texts(figure: Figure) -> list[str]:
    figure.savefig(io.BytesIO(), dpi=40)
    found = [text for text in figure.findobj(Text) if "$" in text.get_text()]
    assert all(not text.get_parse_math() for text in found)
    return [text.get_text() for text in found]


def test_maps_and_charts_of_a_route(named: co.Network) -> None:
    route = named.route("almaty", "kabul", cargo="truck")
    drawn = [route.plot(), route.time_distance(), route.tornado(), named.plot()]
    drawn.append(co.plot.breakdown_bars({NAME: route, "other": named.route("almaty", "kabul", cargo="container")}))
    for drawing in drawn:
        found = texts(drawing.fig)
        if found:
            assert any(re.search(r"\$\$|\$5/t|\$3_b", text) for text in found)
    assert texts(drawn[0].fig)
    assert texts(drawn[-1].fig)


def test_names_of_scenarios(named: co.Network) -> None:
    dear = named.with_parameters(scale={"line_haul/*": 1.1})
    found = co.compare({"toll $5/t": named, "toll $9/t and $3_b": dear}, ["almaty"], ["karachi"], cargo="truck")
    for drawing in (found.slope(), found.plot()):
        assert texts(drawing.fig)


def test_a_label_is_measured_as_it_is_drawn() -> None:
    assert measure("$$", 10)[0] == pytest.approx(2 * measure("$", 10)[0], rel=0.25)
    assert measure("$a$", 10)[0] > measure("$a", 10)[0]
    assert np.isfinite(measure(NAME, 6)[0])
