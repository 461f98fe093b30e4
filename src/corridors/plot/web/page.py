"""The page of an interactive map: what it holds, and how it is put together."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from corridors.base.errors import InputError
from corridors.base.languages import ENGLISH, words
from corridors.base.phrases import Phrases
from corridors.base.progress import progress
from corridors.base.writing import new_file
from corridors.network.network import Network
from corridors.plot import canvas
from corridors.plot.maps.compose import at_home, owners, study_area
from corridors.plot.maps.stops import key_hours
from corridors.plot.web import base
from corridors.plot.web.book import UNIT_M, Book, Row
from corridors.plot.web.contents import enter_network
from corridors.plot.web.journeys import enter_route
from corridors.plot.web.language import in_language, named
from corridors.routing.route import Route

SCRIPTS: Final = tuple(
    f"{name}.js"
    for name in ("start", "shapes", "layers", "routes", "names", "details", "panel", "tables", "legend", "main")
)
"""Scripts of the page, in order."""

AREA_PX2_H: Final = 5.0
"""Area of a dwell circle in square pixels per hour."""

LARGEST_PX: Final = 40.0
"""Largest diameter of a dwell circle; longer stops scale all circles down."""

LARGEST_KEY_PX: Final = 26.0
"""Largest diameter of a circle in the key."""


@dataclass(frozen=True, eq=False)
class InteractiveMap:
    """A page with everything in it; notebooks show it, browsers open the file without a network.

    Attributes
    ----------
    data
        What the map holds: places, links, crossings, terminals, services, parameters, sources and scenarios.
    title
        Title of the page.
    height_px
        Height in a notebook.
    lang
        Code of the language of the page.
    """

    data: Row
    title: str
    height_px: int
    lang: str = ENGLISH

    @cached_property
    def html(self) -> str:
        """The page."""
        return _render(self)

    def save(self, path: str | Path) -> Path:
        """Write the page into a file, and give its path."""
        with new_file(path) as beside:
            beside.write_text(self.html, encoding="utf8", newline="\n")
        return Path(path)

    def __repr__(self) -> str:
        scenarios = self.data["scenarios"]
        counts = {"scenario": len(scenarios), "route": sum(len(s["routes"]) for s in scenarios)}
        shown = ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for name, n in counts.items())
        return f"Interactive map '{self.title}': {shown}; save it with .save('map.html')"

    def _repr_html_(self) -> str:
        # apostrophes are rare in a page full of quotation marks
        page = self.html.replace("&", "&amp;").replace("'", "&#39;")
        return (
            f"<iframe srcdoc='{page}' title='Interactive map' width='100%' height='{self.height_px}' "
            "sandbox='allow-scripts allow-popups allow-popups-to-escape-sandbox' "
            "style='border: 1px solid #8b897f; box-sizing: border-box'></iframe>"
        )


def make_map(
    networks: Mapping[str, Network],
    routes: Mapping[str, Mapping[str, Route | str]],
    *,
    cargo: str,
    title: str | None,
    height_px: int,
    draws: int,
    seed: int,
    lang: str = ENGLISH,
) -> InteractiveMap:
    """Collect what the map holds: networks by name, and the routes of each by name (or why there is none)."""
    if not 200 <= height_px <= 5000:
        raise InputError("height_px", height_px, "200 to 5000")
    # ports far off, which only ships reach, do not choose the projection
    shown = [net.links if len(net.tables["links"]) else net.places for net in networks.values()]
    bounds = [at_home(rows).total_bounds for rows in shown]
    west, south = (min(box[i] for box in bounds) for i in (0, 1))
    east, north = (max(box[i] for box in bounds) for i in (2, 3))
    book = Book(canvas.projection((west, south, east, north)))
    say = Phrases(words(lang).lang)
    scenarios = [
        {"name": name, **enter_network(book, net, cargo, lang), "routes": {}} for name, net in networks.items()
    ]
    numbers = {name: number for number, name in enumerate(networks)}
    for name, key, route in progress([(n, key, r) for n, mine in routes.items() for key, r in mine.items()], "routes"):
        if isinstance(route, str):
            entered: Row = {"no_way": route}
        else:
            entered = enter_route(book, route, networks[name], draws=draws, seed=seed)
        scenarios[numbers[name]]["routes"][key] = entered
    given = [route for mine in routes.values() for route in mine.values() if isinstance(route, Route)]
    focus = {code for net in networks.values() for code in study_area(net)}
    below = base.base_map(book, focus | {code for route in given for code in route.countries})
    due = [name for net in networks.values() for name in owners(net.links, net.places)]
    below["credits"] = list(dict.fromkeys([*due, *below["credits"]]))
    frame = below.get("frame") or _frame(book)
    data = {
        "unit_m": UNIT_M, "cargo": cargo, "scale": base.scale_factors(book.crs, frame), "frame": frame,
        "base": below, "looks": {**base.palette(), **_circles(scenarios)},
        **book.as_data(), "scenarios": scenarios,
    }  # fmt: skip
    names = list(dict.fromkeys(key for mine in routes.values() for key in mine)) or list(networks)
    heading = ", ".join(named(name, say) for name in names[:3]) + (", …" if len(names) > 3 else "")
    return InteractiveMap(in_language(data, say), title or heading, height_px, lang)


def _circles(scenarios: Iterable[Row]) -> Row:
    """Set the scale of the circles of all routes: square pixels per hour, and the hours of the key."""
    routes = [route for scenario in scenarios for route in scenario["routes"].values()]
    longest = max((stop["hours"] for route in routes for stop in route.get("stops", ())), default=0.0)
    if not longest:
        return {"dwell_px2_h": 0.0, "dwell_key_h": []}
    area = min(AREA_PX2_H, math.pi / 4 * LARGEST_PX**2 / longest)
    return {"dwell_px2_h": area, "dwell_key_h": key_hours(min(longest, math.pi / 4 * LARGEST_KEY_PX**2 / area))}


def _frame(book: Book) -> list[int]:
    """Box of all places with a margin, where no base map sets a frame."""
    x, y = ([place[axis] for place in book.places.rows] for axis in "xy")
    edge = 500 + max(max(x) - min(x), max(y) - min(y)) // 5
    return [min(x) - edge, min(y) - edge, max(x) + edge, max(y) + edge]


def _render(page: InteractiveMap) -> str:
    """Put the page together; its policy lets it load nothing and run no other script."""
    package = resources.files("corridors")
    own, leaflet = package / "plot" / "web" / "templates", package / "vendor" / "leaflet"
    parts = "\n".join((own / name).read_text(encoding="utf8") for name in SCRIPTS)
    scripts = {
        # the map of the source is not in the page, and browsers would look for it
        "leaflet": re.sub(r"\n//# sourceMappingURL=.*", "", (leaflet / "leaflet.js").read_text(encoding="utf8")),
        "own": f'"use strict";\n(() => {{\n{parts}\n}})();',
    }
    # pictures of controls that the page does not use
    looks = re.sub(r"url\(images/[^)]*\)", "none", (leaflet / "leaflet.css").read_text(encoding="utf8"))
    styles = looks + (own / "style.css").read_text(encoding="utf8")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridors.plot.web"), autoescape=True, trim_blocks=True
    )
    return environment.get_template("page.html.j2").render(
        title=page.title,
        lang=page.lang,
        t=lambda english: page.data["texts"].get(english, english),
        # a tag inside a text must not end the element that holds it
        data=Markup(json.dumps(page.data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")),  # noqa: S704
        relief=Markup(base.relief_picture() or "") if "frame" in page.data["base"] else "",  # noqa: S704
        styles=Markup(styles),  # noqa: S704
        scripts={name: Markup(text) for name, text in scripts.items()},  # noqa: S704
        hashes={name: _hash(text) for name, text in {**scripts, "styles": styles}.items()},
        licence=Markup((leaflet / "LICENSE").read_text(encoding="utf8")),  # noqa: S704
    )


def _hash(text: str) -> str:
    """Hash by which a policy admits an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf8")).digest()).decode("ascii")
