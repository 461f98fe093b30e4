"""A router in plain Python, from the description of the model and not from its code: all journeys, one by one.

A cargo unit moves along links of its modes, on rail of one gauge at a time. Where a link meets a border it pays both
sides; in a place it changes between systems only at a terminal that takes it that way; it boards a ship and leaves it
at a port. A journey begins and ends on land, on a system that something in the place belongs to, and visits no place
twice. Numbers are those of `support.networks` and of `laws.worlds`, written down here again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from laws.worlds import IDS, PLACES, Row, World

COUNTRY = {p["id"]: p["country"] for p in PLACES}

MODES = {"truck": {"road", "sea"}, "container": {"road", "rail", "sea"}, "wagon": {"road", "rail", "sea"}}

MEASURES = ("km", "hours", "cost", "co2e")


class Amounts(NamedTuple):
    """What a piece of a journey takes: km, hours, USD/t, kg/t, and km by road and by rail."""

    km: float = 0.0
    hours: float = 0.0
    cost: float = 0.0
    co2e: float = 0.0
    road_km: float = 0.0
    rail_km: float = 0.0

    def plus(self, other: Amounts) -> Amounts:
        return Amounts(*(a + b for a, b in zip(self, other, strict=True)))

    def objective(self, by: str) -> float:
        """Objective: generalized cost at 1 USD per tonne and hour, or a measure."""
        return self.cost + self.hours if by == "generalized" else getattr(self, by)


@dataclass(frozen=True)
class Move:
    """From a state to a state, with what it takes; states are systems in places, ships by their service."""

    here: tuple[str, str]
    there: tuple[str, str]
    amounts: Amounts


class Router:
    """All moves of one cargo unit in a world."""

    def __init__(self, world: World, cargo: str, modes: set[str] | None = None) -> None:
        self.world, self.cargo = world, cargo
        self.modes = MODES[cargo] if modes is None else MODES[cargo] & modes
        self.moves: dict[tuple[str, str], list[Move]] = {}
        for move in (*self._links(), *self._terminals(), *self._ships()):
            self.moves.setdefault(move.here, []).append(move)

    def _closed(self, kind: str, ident: str, mode: str = "") -> bool:
        world, month = self.world, int(self.world.date[5:]) if self.world.date else 0
        if kind != "port" and ident in world.shut:
            return True
        for row in world.closures:
            in_months = month in map(int, row["months"].split(";")) if "months" in row else month == 1
            concerned = (row["kind"], row["target"]) == (kind, ident) and row["modes"] in ("", mode)
            if month and concerned and in_months:
                return True
        return False

    def _links(self) -> Iterator[Move]:
        for row in self.world.links:
            mode, ends = row["mode"], (row["from_id"], row["to_id"])
            if mode not in self.modes or (row["status"] == "planned" and not self.world.built):
                continue
            if self._closed("link", row["id"]) or (
                row.get("crossing") and self._closed("crossing", row["crossing"], mode)
            ):
                continue
            on = f"rail-{row['gauge_mm']}" if mode == "rail" else mode
            for towards, (tail, head) in (("to", ends), ("from", ends[::-1])):
                yield Move((tail, on), (head, on), self._haul(row, towards))

    def _haul(self, row: Row, towards: str) -> Amounts:
        first, second = COUNTRY[row["from_id"]], COUNTRY[row["to_id"]]
        parts = [(first, row["length_km"])]
        found = Amounts()
        if row.get("crossing"):
            parts = [(first, row["border_km"]), (second, row["length_km"] - row["border_km"])]
            found = Amounts(0, 4 + 6, 5 + 3)  # leaving and entering
        for country, km in parts:
            if row["mode"] == "road":
                speed = 16 if self.world.season == "winter" else 25
                rate = {"": 0.05, towards: 0.06}.get(row.get("head_haul", ""), 0.04)
                found = found.plus(Amounts(km, km / speed + km * 0.010, km * rate, km * 0.1, km, 0))
            else:
                speed = 40 if country == "UZ" else 50
                found = found.plus(Amounts(km, km / speed + km * 0.020, km * 0.02, km * 0.03, 0, km))
        return found

    def _terminals(self) -> Iterator[Move]:
        for row in self.world.terminals:
            pair = row["from_system"], row["to_system"]
            if self.cargo not in row["cargo"].split(";") or "sea" in pair:
                continue
            for first, second in [pair, pair[::-1]] if row["both_ways"] == "yes" else [pair]:
                if not {first.split("-")[0], second.split("-")[0]} <= self.modes:
                    continue
                change = (
                    Amounts(0, 24, 8) if first.startswith("rail") and second.startswith("rail") else Amounts(0, 12, 5)
                )
                wait = 10 if first == "road" else 0  # for a train
                yield Move((row["place"], first), (row["place"], second), change.plus(Amounts(0, wait)))

    def _ships(self) -> Iterator[Move]:
        hops = [row for row in self.world.services if "sea" in self.modes and self.cargo in row["cargo"].split(";")]
        for row in hops:
            km, ends = row["length_km"], (row["from_id"], row["to_id"])
            if any(self._closed("port", port) for port in ends):
                continue
            for tail, head in (ends, ends[::-1]):
                yield Move((tail, row["service"]), (head, row["service"]), Amounts(km, km / 20, km * 0.005, km * 0.02))
        for row in self.world.terminals:
            port, land = row["place"], row["from_system"]
            if row["to_system"] != "sea" or self.cargo not in row["cargo"].split(";"):
                continue
            if land.split("-")[0] not in self.modes or self._closed("port", port):
                continue
            for hop in (hop for hop in hops if port in (hop["from_id"], hop["to_id"])):
                ship = (port, hop["service"])
                yield Move((port, land), ship, Amounts(0, 48 + 12 * hop["headway_d"], 7))
                yield Move(ship, (port, land), Amounts(0, 72 + (10 if land != "road" else 0), 7))

    def journeys(self, origin: str) -> Iterator[tuple[str, Amounts]]:
        """Yield where every journey from a place may end, and what it takes."""
        systems = ["road"] * ("road" in self.modes)
        if "rail" in self.modes:
            systems += ["rail-1520", "rail-1435"]
        for on in systems:
            wait = Amounts(0, 10) if on != "road" else Amounts()
            yield from self._onward((origin, on), {(origin, on)}, {origin}, wait)

    def _onward(
        self, state: tuple[str, str], states: set[tuple[str, str]], places: set[str], spent: Amounts
    ) -> Iterator[tuple[str, Amounts]]:
        for move in self.moves.get(state, ()):
            place, on = move.there
            if move.there in states or (place != state[0] and place in places):
                continue
            total = spent.plus(move.amounts)
            if on == "road" or on.startswith("rail"):
                yield place, total
            yield from self._onward(move.there, states | {move.there}, places | {place}, total)

    def best(
        self, by: str, origin: str, share: float = 0.0, trucks: dict[str, float] | None = None
    ) -> dict[str, float]:
        """Least objective from a place to every other by journeys that keep the share of rail."""
        found = dict.fromkeys(IDS, math.inf)
        for place, total in self.journeys(origin):
            land = total.road_km + total.rail_km
            truck = math.inf if trucks is None else trucks[place]
            kept = total.rail_km > 0 and total.rail_km >= share * land - 1e-9
            kept = kept and (truck == math.inf or total.road_km <= (1 - share) * truck + 1e-9)
            if place != origin and (not share or kept):
                found[place] = min(found[place], total.objective(by))
        return found


def truck_km(world: World, origin: str) -> dict[str, float]:
    """Least km from a place to every other by road links that exist, whatever is closed."""
    roads = [row for row in world.links if row["mode"] == "road" and row["status"] == "open"]
    found = dict.fromkeys(IDS, math.inf) | {origin: 0.0}
    for _ in IDS:
        for row in roads:
            a, b, km = row["from_id"], row["to_id"], row["length_km"]
            found[b], found[a] = min(found[b], found[a] + km), min(found[a], found[b] + km)
    return found


def answers(world: World, cargo: str, by: str, modes: set[str] | None = None) -> dict[tuple[str, str], float]:
    """Least objective of every pair; wagons go by rail for half of the way, and somewhere."""
    router = Router(world, cargo, modes)
    share = 0.5 if cargo == "wagon" else 0.0
    found = {}
    for origin in IDS:
        best = router.best(by, origin, share, truck_km(world, origin) if share else None)
        found |= {(origin, place): least for place, least in best.items() if place != origin}
    return found


def without(world: World, *closed: str) -> World:
    """World in which some links and crossings are closed by hand."""
    return replace(world, shut=(*world.shut, *closed))
