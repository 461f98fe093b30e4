"""Draw the pictures of the README: run by `make pictures`.

The picture of the interactive map is taken with a browser, where there is one; otherwise it stays as it is.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

import corridors as co
from corridors.plot.web.page import InteractiveMap

FOLDER = Path(__file__).parent
ROUTE = {"cargo": "container", "modes": {"rail"}}
QUALITY = 82


def main() -> None:
    """Draw the railway to Karachi, and one picture of each kind."""
    net = co.load()
    nets = {
        "Rail, by Iran": net,
        "Kabul corridor": net.build("uap-kabul"),
        "Western route": net.build("western-route"),
    }
    routes = {name: one.route("Almaty", "Karachi", **ROUTE) for name, one in nets.items()}
    first = dict(list(routes.items())[:2])
    keep(co.plot.plot_routes(first, title="Almaty to Karachi by rail", width_cm=20).fig, "almaty-karachi", dpi=130)
    gain = co.compare(nets, "kazakhstan", "south-asian-ports", draws=1000, **ROUTE)
    keep(gain.plot("Kabul corridor", width_cm=13).fig, "map-flows")
    keep(co.reach(nets, destinations=["Karachi"], **ROUTE).plot("Kabul corridor", width_cm=13).fig, "map-days")
    keep(co.plot.time_distance(routes, width_cm=15).fig, "chart-time-distance")
    keep(gain.gain_against_cost(width_cm=15).fig, "chart-gain-against-cost")
    keep(co.plot.breakdown_bars(routes, width_cm=15).fig, "chart-breakdown")
    page_picture(co.explore(nets, ("Almaty", "Karachi"), draws=500, **ROUTE))


def keep(figure: Figure, name: str, *, dpi: int = 150) -> None:
    """Save a picture small enough for a page."""
    figure.savefig(FOLDER / f"{name}.webp", dpi=dpi, pil_kwargs={"quality": QUALITY})


def page_picture(page: InteractiveMap) -> None:
    """Take a picture of the interactive map in a window as on a screen."""
    sys.path.insert(0, str(FOLDER.parent / "tests"))
    from support import browser

    if browser.CHROMIUM is None:
        print("no browser: the picture of the interactive map stays as it is")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = page.save(Path(folder) / "map.html")
        shot = Path(folder) / "shot.png"
        with browser.browser(Path(folder)) as opened:
            opened.open(path, width=1280, height=820)
            opened.picture(shot)
        with Image.open(shot) as picture:
            picture.convert("RGB").save(FOLDER / "map-interactive.webp", quality=QUALITY)


if __name__ == "__main__":
    main()
