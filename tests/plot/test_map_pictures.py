"""Maps of a small network look as they did before; see `pictures.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import corridors as co
from support.networks import crossing, link, make, place, terminal
from support.pictures import assert_as_before

AT = {"a": ("KZ", 44, 66), "b": ("UZ", 41, 66), "c": ("UZ", 39, 65), "d": ("UZ", 39, 69), "e": ("KZ", 44, 70)}


@pytest.fixture(scope="module")
def nets() -> dict[str, co.Network]:
    """A loop over a border: rail with a break of gauge, road, and a planned line that cuts it short.

    ::

        A -rail-|-- B --rail-- C ==1435== D        A --road-- E --road--|-- D
                    B ......... planned p ........ D
    """
    project = {"id": "p", "name": "P", "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    net = make(
        [place(i, *at, **({"population": 2_000_000, "kind": "city"} if i in "ad" else {})) for i, at in AT.items()],
        [
            link("a", "b", "rail", 350, crossing="x", border_km=200),
            link("b", "c", "rail", 260),
            link("c", "d", "rail", 400, "1435"),
            link("a", "e", "road", 350),
            link("e", "d", "road", 600, crossing="y", border_km=300),
            link("b", "d", "rail", 380, status="planned", project="p"),
        ],
        crossings=[crossing("x", "a", "b"), crossing("y", "e", "d")],
        terminals=[terminal("c", "rail-1520", "rail-1435")],
        projects=[{**project, "confidence": "A"}],
    )
    return {"Today": net, "Built": net.build("p")}


Maker = Callable[[dict[str, co.Network]], Figure]
RAIL = {"cargo": "wagon", "modes": {"rail"}}


def _routes(nets: dict[str, co.Network]) -> dict[str, co.Route]:
    return {name: net.route("a", "d", **RAIL) for name, net in nets.items()}


def _found(nets: dict[str, co.Network]) -> co.Comparison:
    return co.compare(nets, ["a", "b"], ["d"], **RAIL)


def _reach(nets: dict[str, co.Network]) -> co.Reach:
    return co.reach(nets, destinations=["d"], **RAIL)


MAPS: dict[str, Maker] = {
    "map-route": lambda nets: nets["Today"].route("a", "d", **RAIL).plot(width_cm=10, title="A to D").fig,
    "map-routes": lambda nets: co.plot.plot_routes(_routes(nets), width_cm=10).fig,
    "map-road-small": lambda nets: nets["Today"].route("a", "d", cargo="truck").plot(width_cm=6).fig,
    "map-network": lambda nets: nets["Built"].plot(width_cm=10, planned=True).fig,
    "map-scenarios": lambda nets: co.plot.plot_scenarios(_routes(nets), width_cm=16, title="By rail").fig,
    "map-difference": lambda nets: _found(nets).plot(width_cm=10).fig,
    "map-days": lambda nets: _reach(nets).plot(width_cm=16).fig,
    "map-change": lambda nets: _reach(nets).plot(what="days_delta", width_cm=10).fig,
}


@pytest.mark.parametrize("name", MAPS)
def test_map_is_as_before(name: str, nets: dict[str, co.Network], tmp_path: Path) -> None:
    assert_as_before(MAPS[name](nets), name, tmp_path, dpi=80)
