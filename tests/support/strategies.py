"""Random networks with all that a route can meet, for tests of properties."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

import corridors as co
from support.networks import PARAMETERS, crossing, link, make, place, terminal

COUNTRIES = ("KZ", "UZ", "AF")

PLACES = [place(f"p{i}", COUNTRIES[i % 3], 40 + i, 60 + i) for i in range(7)]

IDS = [p["id"] for p in PLACES]


@st.composite
def networks(draw: st.DrawFn, parameters: Sequence[dict[str, object]] = PARAMETERS) -> co.Network:
    """Draw a multigraph with two gauges, roads, crossings, parallel links and a few terminals."""
    links, crossings = [], {}
    for number in range(draw(st.integers(4, 16))):
        first, second = draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True))
        system = draw(st.sampled_from(["1520", "1435", "road"]))
        km = draw(st.integers(1, 500))
        more: dict[str, object] = {"id": f"l{number}"}
        if int(first[1]) % 3 != int(second[1]) % 3:
            ident = "-".join(sorted((first, second)))
            crossings[ident] = crossing(ident, *sorted((first, second)))
            km = draw(st.integers(0, 20))
            more |= {"crossing": ident, "border_km": draw(st.integers(0, km))}
        mode, gauge = ("road", "") if system == "road" else ("rail", system)
        links.append(link(first, second, mode, km, gauge, **more))
    terminals = [
        terminal(p, first, second, draw(st.sampled_from(["wagon", "container", "wagon;container"])))
        for p in draw(st.lists(st.sampled_from(IDS), max_size=4, unique=True))
        for first, second in [draw(st.sampled_from([("road", "rail-1520"), ("rail-1520", "rail-1435")]))]
    ]
    parts = {"crossings": list(crossings.values()), "terminals": terminals, "parameters": list(parameters)}
    return make(PLACES, links, **parts)
