"""The interactive map: one HTML page that needs nothing else, for scenarios, their routes and what they rest on."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from corridors.errors import InputError, NoRouteError
from corridors.network import Network
from corridors.plot import canvas
from corridors.plot.maps import GEONAMES, OSM, Routes, named_routes, study_area
from corridors.plot.stops import AREA_PT2_H, LARGEST_PT, plain
from corridors.plot.web import base
from corridors.plot.web.book import UNIT_M, Book, Row
from corridors.plot.web.contents import enter_network
from corridors.plot.web.journeys import enter_route
from corridors.route import Route
from corridors.scenario import Scenario

Pair = tuple[str, str]
Wanted = Routes | Mapping[str, Routes] | Pair | Sequence[Pair]

SCRIPTS: Final = ("start.js", "shapes.js", "layers.js", "routes.js", "details.js", "panel.js", "main.js")
"""Scripts of the page, in order."""

NOTEBOOK_PX: Final = 600
"""Height of the map in a notebook."""


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
    """

    data: Row
    title: str
    height_px: int = NOTEBOOK_PX

    @cached_property
    def html(self) -> str:
        """The page."""
        return _render(self)

    def save(self, path: str | Path) -> Path:
        """Write the page into a file, and give its path."""
        path = Path(path)
        path.write_text(self.html, encoding="utf8", newline="\n")
        return path

    def __repr__(self) -> str:
        scenarios = self.data["scenarios"]
        routes = sum(len(s["routes"]) for s in scenarios)
        return f"Interactive map '{self.title}': {len(scenarios)} scenarios, {routes} routes; .save('map.html')"

    def _repr_html_(self) -> str:
        # apostrophes are rare in a page full of quotation marks
        page = self.html.replace("&", "&amp;").replace("'", "&#39;")
        return (
            f"<iframe srcdoc='{page}' title='Interactive map' width='100%' height='{self.height_px}' "
            "sandbox='allow-scripts allow-popups allow-popups-to-escape-sandbox' "
            "style='border: 1px solid #8b897f; box-sizing: border-box'></iframe>"
        )


def explore(
    scenarios: Network | Mapping[str, Network | Scenario],
    routes: Wanted | None = None,
    *,
    cargo: str = "container",
    title: str | None = None,
    height_px: int = NOTEBOOK_PX,
    **options: Any,
) -> InteractiveMap:
    """Make an interactive map of networks and routes: one page that works offline.

    It pans and zooms, switches scenarios and layers, compares two routes leg by leg, and shows for every leg, place,
    crossing, terminal and link its figures, the parameters behind them and their sources.

    Parameters
    ----------
    scenarios
        A network, or networks and scenarios by name; a `Scenario` is applied to the first, which is a network.
    routes
        Pairs of places, which are routed in every scenario; or routes that were found before, by scenario (for one
        network, routes as in `plot_routes`). None shows the networks alone.
    cargo
        Cargo unit of pairs, and of the hours at crossings and terminals.
    title
        Title; by default the ends of the routes or the names of the scenarios.
    height_px
        Height in a notebook.
    options
        For pairs: further arguments of `Network.route`, such as `by` and `modes`.

    Returns
    -------
    InteractiveMap
        Shows in a notebook; `save` writes the page, `data` holds what is in it.

    Raises
    ------
    InputError
        If there is no scenario, or routes belong to none of them.

    >>> import corridors as co
    >>> net = co.load()
    >>> scenarios = {"today": net, "Kabul corridor": net.build("uap-kabul")}
    >>> page = co.explore(scenarios, ("Almaty", "Karachi"), modes={"rail"})
    >>> page
    Interactive map 'Almaty – Karachi': 2 scenarios, 2 routes; .save('map.html')
    >>> page.save("almaty-karachi.html")  # doctest: +SKIP
    """
    networks = _networks(scenarios)
    found = _routed(networks, routes, cargo, options)
    return _map(networks, found, cargo, title, height_px)


def explore_routes(
    routes: Routes, *, title: str | None = None, height_px: int = NOTEBOOK_PX, names: Sequence[str] | None = None
) -> InteractiveMap:
    """Make an interactive map of routes on the networks that they were found on; two are compared at once.

    Parameters
    ----------
    routes
        A route, several, or several by name.
    title, height_px
        As in `explore`.
    names
        Names of the networks, in the order in which the routes first need them; their own by default.

    >>> import corridors as co
    >>> co.load().route("Termez", "Kabul").explore()
    Interactive map 'Termez – Kabul': 1 scenarios, 1 routes; .save('map.html')
    """
    networks: dict[str, Network] = {}
    found: dict[str, dict[str, Route | str]] = {}
    for name, route in named_routes(routes).items():
        net = Network(route.problem.tables, route.problem.view, route.network)
        known = next((n for n, other in networks.items() if (other.tables, other.view) == (net.tables, net.view)), None)
        if known is None:
            wanted = names[len(networks)] if names else net.name
            known = wanted if wanted not in networks else f"{wanted} ({len(networks) + 1})"
            networks[known] = net
        found.setdefault(known, {})[name] = route
    cargo = next(iter(named_routes(routes).values())).cargo
    return _map(networks, found, cargo, title, height_px)


def _networks(scenarios: Network | Mapping[str, Network | Scenario]) -> dict[str, Network]:
    """Give networks by name, scenarios applied to the first."""
    if isinstance(scenarios, Network):
        return {scenarios.name: scenarios}
    names = list(scenarios)
    first = scenarios[names[0]] if names else None
    if not isinstance(first, Network):
        raise InputError("scenarios", names, "a network, or a dict of networks and scenarios that begins with one")
    return {name: given.apply(first) if isinstance(given, Scenario) else given for name, given in scenarios.items()}


def _routed(
    networks: Mapping[str, Network], routes: Wanted | None, cargo: str, options: Mapping[str, Any]
) -> dict[str, dict[str, Route | str]]:
    """Give the routes of every scenario by name, or why there is none."""
    pairs = _pairs(routes)
    if pairs:
        return {name: _answers(net, pairs, cargo, options) for name, net in networks.items()}
    if options:
        raise InputError("options", sorted(options), "these are for pairs of places; routes that are given have theirs")
    if routes is None:
        return {}
    if isinstance(routes, Mapping) and not any(isinstance(value, Route) for value in routes.values()):
        by_scenario: Mapping[str, Any] = routes
    elif len(networks) == 1:
        by_scenario = dict.fromkeys(networks, routes)
    else:
        raise InputError("routes", routes, "pairs of places, or routes by scenario")
    unknown = [name for name in by_scenario if name not in networks]
    if unknown:
        raise InputError("routes", unknown, f"names of scenarios: {', '.join(networks)}")
    return {name: dict(named_routes(mine)) for name, mine in by_scenario.items()}


def _pairs(routes: Wanted | None) -> list[Pair]:
    """List the pairs of places that are asked for; none, where routes are given."""
    if not isinstance(routes, Sequence) or isinstance(routes, str) or not routes:
        return []
    given: list[Any] = [routes] if all(isinstance(part, str) for part in routes) else list(routes)
    if any(isinstance(part, Route) for part in given):
        return []
    if not all(isinstance(p, Sequence) and len(p) == 2 and all(isinstance(end, str) for end in p) for p in given):
        raise InputError("routes", routes, "pairs of places such as ('Almaty', 'Karachi')")
    return [(origin, destination) for origin, destination in given]


def _answers(net: Network, pairs: Iterable[Pair], cargo: str, options: Mapping[str, Any]) -> dict[str, Route | str]:
    """Find the route of every pair, or say why there is none."""
    found: dict[str, Route | str] = {}
    for origin, destination in pairs:
        name = " – ".join(plain(net.tables.name(net.tables.place(end))) for end in (origin, destination))
        try:
            found[name] = net.route(origin, destination, cargo=cargo, **options)
        except NoRouteError as error:
            found[name] = str(error)
    return found


def _map(
    networks: Mapping[str, Network],
    routes: Mapping[str, Mapping[str, Route | str]],
    cargo: str,
    title: str | None,
    height_px: int,
) -> InteractiveMap:
    """Collect what the map holds."""
    if not 200 <= height_px <= 5000:
        raise InputError("height_px", height_px, "200 to 5000")
    # ports far off, which only ships reach, do not choose the projection
    bounds = [(net.links if len(net.tables["links"]) else net.places).total_bounds for net in networks.values()]
    west, south = (min(box[i] for box in bounds) for i in (0, 1))
    east, north = (max(box[i] for box in bounds) for i in (2, 3))
    book = Book(canvas.projection((west, south, east, north)))
    found = []
    for name, net in networks.items():
        facts = enter_network(book, net, cargo)
        mine = {key: _entered(book, route) for key, route in routes.get(name, {}).items()}
        found.append({"name": name, **facts, "routes": mine})
    given = [route for mine in routes.values() for route in mine.values() if isinstance(route, Route)]
    focus = {code for net in networks.values() for code in study_area(net)}
    below = base.base_map(book, focus | {code for route in given for code in route.countries})
    below["credits"] = [*_credits(networks.values()), *below["credits"]]
    frame = below.get("frame") or _frame(book)
    data = {
        "unit_m": UNIT_M, "cargo": cargo, "scale": base.scale_factors(book.crs, frame), "frame": frame,
        "base": below, "looks": {**base.palette(), "dwell_pt2_h": AREA_PT2_H, "dwell_largest_pt": LARGEST_PT},
        **book.as_data(), "scenarios": found,
    }  # fmt: skip
    names = list(dict.fromkeys(key for mine in routes.values() for key in mine)) or list(networks)
    return InteractiveMap(data, title or (", ".join(names[:3]) + (", …" if len(names) > 3 else "")), height_px)


def _entered(book: Book, route: Route | str) -> Row:
    return {"no_way": route} if isinstance(route, str) else enter_route(book, route)


def _frame(book: Book) -> list[int]:
    """Give the box of all places with a margin, where no base map sets a frame."""
    x, y = ([place[axis] for place in book.places.rows] for axis in "xy")
    edge = 500 + max(max(x) - min(x), max(y) - min(y)) // 5
    return [min(x) - edge, min(y) - edge, max(x) + edge, max(y) + edge]


def _credits(networks: Iterable[Network]) -> list[str]:
    """Credit those whose lines and positions are shown."""
    nets = list(networks)
    due = {
        OSM: any((net.links["alignment"] == "traced").any() for net in nets),
        GEONAMES: any(net.places["source"].str.contains("geonames").any() for net in nets),
    }
    return [name for name, shown in due.items() if shown]


def _render(page: InteractiveMap) -> str:
    """Put the page together; its policy lets it load nothing and run no other script."""
    package = resources.files("corridors")
    own, leaflet = package / "templates" / "explore", package / "vendor" / "leaflet"
    parts = "\n".join((own / name).read_text(encoding="utf8") for name in SCRIPTS)
    scripts = {
        # the map of the source is not in the page, and browsers would look for it
        "leaflet": re.sub(r"\n//# sourceMappingURL=.*", "", (leaflet / "leaflet.js").read_text(encoding="utf8")),
        "own": f'"use strict";\n(() => {{\n{parts}\n}})();',
    }
    # pictures of controls that the page does not use
    looks = re.sub(r"url\(images/[^)]*\)", "none", (leaflet / "leaflet.css").read_text(encoding="utf8"))
    styles = looks + (own / "style.css").read_text(encoding="utf8")
    environment = jinja2.Environment(loader=jinja2.PackageLoader("corridors"), autoescape=True, trim_blocks=True)
    return environment.get_template("explore/page.html.j2").render(
        title=page.title,
        # a tag inside a text must not end the element that holds it
        data=Markup(json.dumps(page.data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")),  # noqa: S704
        relief=Markup(base.relief_picture() or "") if "frame" in page.data["base"] else "",  # noqa: S704
        styles=Markup(styles),  # noqa: S704
        scripts={name: Markup(text) for name, text in scripts.items()},  # noqa: S704
        hashes={name: _hash(text) for name, text in {**scripts, "styles": styles}.items()},
        licence=Markup((leaflet / "LICENSE").read_text(encoding="utf8")),  # noqa: S704
    )


def _hash(text: str) -> str:
    """Give the hash by which a policy admits an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf8")).digest()).decode("ascii")
