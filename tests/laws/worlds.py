"""Random worlds as plain rows: modes, gauges, ships, terminals, directions, dated closures, seasons, a project."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

import corridors as co
from support.networks import PARAMETERS, crossing, link, make, parameter, place, terminal

Row = dict[str, Any]

TIMES = int(os.environ.get("LAWS", "1"))
"""How many times as many worlds as the tests draw: `make laws`."""

COUNTRIES = ("KZ", "UZ", "AF")

PLACES = [place(f"p{i}", COUNTRIES[i % 3], 40 + i, 60 + i) for i in range(6)]

IDS = [p["id"] for p in PLACES]

MORE = [
    parameter("line_haul", "hours", 40, "km/h", mode="rail", country="UZ"),
    parameter("line_haul", "hours", 16, "km/h", mode="road", season="winter"),
    parameter("line_haul", "cost", 0.06, "USD/tkm", mode="road", direction="head-haul"),
    parameter("line_haul", "cost", 0.04, "USD/tkm", mode="road", direction="back-haul"),
    parameter("border", "cost", 5, "USD/t", direction="exit"),
]
"""Parameters beside the round ones: by country, season and direction."""

PROJECT = {"id": "new", "name": "new", "kind": "new", "status": "planned", "countries": "KZ", "source": "s",
           "confidence": "A"}  # fmt: skip

CLOSURE = {"reason": "r", "source": "s", "confidence": "A"}

HOP = {"name": "s", "mode": "sea", "class": "liner", "length_basis": "network", "status": "open", "source": "s",
       "confidence": "A"}  # fmt: skip

DATES = (None, "2026-01", "2026-07")


@dataclass(frozen=True)
class World:
    """Rows of the tables, and the view in which they are looked at."""

    links: list[Row]
    crossings: list[Row]
    terminals: list[Row]
    services: list[Row]
    closures: list[Row]
    date: str | None = None
    season: str = ""
    built: bool = False
    shut: tuple[str, ...] = field(default=())

    def tables(self) -> dict[str, list[Row]]:
        """Tables as the library takes them."""
        return {
            "crossings": self.crossings, "terminals": self.terminals, "services": self.services,
            "closures": self.closures, "parameters": [*PARAMETERS, *MORE], "projects": [PROJECT],
        }  # fmt: skip

    def unseen(self) -> co.Network:
        """Network of the tables alone: nothing built, no date, nothing closed."""
        return make(PLACES, self.links, **self.tables())

    def network(self) -> co.Network:
        """Network in this view."""
        net = self.unseen().in_season(self.season)
        net = net.at(self.date) if self.date else net
        net = net.build("new") if self.built else net
        return net.close(*self.shut) if self.shut else net


@st.composite
def links_and_crossings(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Draw parallel links of all systems; those between countries pass a crossing and are cut at the border."""
    links, crossings = [], {}
    for number in range(draw(st.integers(5, 9))):
        first, second = draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True))
        mode, gauge = draw(st.sampled_from([("road", ""), ("road", ""), ("rail", "1520"), ("rail", "1435")]))
        km, more = draw(st.integers(1, 500)), dict[str, Any](id=f"l{number}")
        if int(first[1]) % 3 != int(second[1]) % 3:
            ident = "-".join(sorted((first, second)))
            crossings[ident] = crossing(ident, *sorted((first, second)))
            more |= {"crossing": ident, "border_km": draw(st.sampled_from([0, km, km // 3]))}
        if mode == "road":
            more["head_haul"] = draw(st.sampled_from(["", "to", "from"]))
        if number == 0:
            more |= {"status": "planned", "project": "new"}
        links.append(link(first, second, mode, km, gauge, **more))
    return links, list(crossings.values())


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a world and its view."""
    links, crossings = draw(links_and_crossings())
    cargo = st.sampled_from(["wagon", "container", "wagon;container", "wagon;container;truck"])
    changes = [("road", "rail-1520"), ("rail-1520", "rail-1435"), ("rail-1435", "road")]
    terminals = [
        terminal(p, *draw(st.sampled_from(changes)), draw(cargo), both_ways=draw(st.sampled_from(["yes", "yes", "no"])))
        for p in draw(st.lists(st.sampled_from(IDS), max_size=4, unique=True))
    ]
    ports = draw(st.lists(st.sampled_from(IDS), min_size=3, max_size=3, unique=True))
    services = [
        {**HOP, "id": f"{name}--{a}--{b}", "service": name, "from_id": a, "to_id": b, "cargo": draw(cargo),
         "length_km": draw(st.integers(50, 900)), "headway_d": headway}
        for name, a, b, headway in (("s1", ports[0], ports[1], 7), ("s2", ports[1], ports[2], 14))
    ]  # fmt: skip
    terminals += [
        terminal(p, draw(st.sampled_from(["road", "rail-1520"])), "sea", draw(cargo), method="port") for p in ports
    ]
    closures = []
    for number in range(draw(st.integers(0, 2))):
        targets = [("link", x["id"]) for x in links[1:]] + [("crossing", x["id"]) for x in crossings]
        kind, target = draw(st.sampled_from([*targets, ("port", ports[0])]))
        when = draw(st.sampled_from([{"start": "2025-10", "end": "2026-03"}, {"start": "2020", "months": "12;1;2"}]))
        modes = draw(st.sampled_from(["", "road", "rail"])) if kind == "crossing" else ""
        closures.append({"id": f"c{number}", "kind": kind, "target": target, "modes": modes, **when, **CLOSURE})
    shut = draw(st.lists(st.sampled_from([x["id"] for x in (*links, *crossings)]), max_size=1))
    season, built = draw(st.sampled_from(["", "winter"])), draw(st.booleans())
    return World(
        links, crossings, terminals, services, closures, draw(st.sampled_from(DATES)), season, built, tuple(shut)
    )
