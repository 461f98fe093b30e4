"""A route: its steps and legs, totals that are their sums, its geometry, and how it is shown."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString
from shapely.ops import substring

from corridors.base.drawing import Drawing, drawn
from corridors.base.errors import InputError
from corridors.base.units import per_unit
from corridors.data.geography import joined
from corridors.model import parts
from corridors.model.expansion import KINDS
from corridors.model.problem import Problem
from corridors.routing.profile import profile as running_sums
from corridors.uncertainty import totals
from corridors.uncertainty.distribution import Distribution

NUMBERS = ["km", "hours", "cost_usd_t", "co2e_kg_t"]
_MERGE = ["kind", "mode", "gauge_mm", "country"]


@dataclass(frozen=True, eq=False)
class Route:
    """One way from an origin to a destination, with every edge that is passed.

    Attributes
    ----------
    origin, destination
        Ids of the places.
    cargo, by
        Cargo unit, and objective by which the way was chosen.
    """

    problem: Problem
    origin: str
    destination: str
    edges: tuple[int, ...]
    network: str
    via: tuple[str, ...] = ()

    plot = drawn[Drawing]("plot_routes")
    explore = drawn[Any]("explore_route")
    time_distance = drawn[Drawing]("time_distance")
    cost_distance = drawn[Drawing]("cost_distance")
    breakdown_bars = drawn[Drawing]("breakdown_bars")
    tornado = drawn[Drawing]("tornado")

    @property
    def cargo(self) -> str:
        """Cargo unit of the journey."""
        return self.problem.expansion.cargo

    @property
    def by(self) -> str:
        """Objective by which the way was chosen."""
        return self.problem.by

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row per link, crossing, terminal and sea hop, in order.

        Columns: kind, from_id, to_id, mode, gauge_mm, country, id, km, hours, cost_usd_t, co2e_kg_t and the
        running sums cum_km and cum_hours. `id` names the link, crossing, terminal or service.
        """
        steps = pd.DataFrame([self._step(edge) for edge in self.step_edges])
        steps["kind"] = steps["kind"].replace("start", "waiting")
        return _with_sums(steps)

    @cached_property
    def step_edges(self) -> list[int]:
        """Edges of the expanded graph that are steps: all but the ends, and the start where nothing is waited for."""
        e = self.problem.expansion
        waits = e.values["hours"] > 0
        start, end = KINDS.index("start"), KINDS.index("end")
        return [i for i in self.edges if e.kind[i] != end and (e.kind[i] != start or waits[i])]

    def _step(self, edge: int) -> dict[str, object]:
        e = self.problem.expansion
        tail, head = (str(ends[edge]).rpartition("|")[2] for ends in (e.tail_place, e.head_place))
        values = e.values
        return {
            "kind": KINDS[e.kind[edge]],
            "from_id": tail,
            "to_id": head,
            "mode": "-".join(dict.fromkeys(system.partition("-")[0] for system in self._systems(edge))),
            "gauge_mm": "-".join(dict.fromkeys(s.removeprefix("rail-") for s in self._systems(edge) if "rail-" in s)),
            "country": "-".join(e.countries[edge]),
            "id": self._ident(edge),
            "km": e.km[edge],
            "hours": values["hours"][edge],
            "cost_usd_t": values["cost"][edge],
            "co2e_kg_t": values["emissions"][edge],
        }

    def _systems(self, edge: int) -> list[str]:
        """Give the systems on both sides of an edge, the places themselves left out."""
        e = self.problem.expansion
        found = [e.states[i][1].partition(":")[0] for i in (e.tail[edge], e.head[edge])]
        return [system for system in found if system not in ("origin", "destination")]

    def _ident(self, edge: int) -> str:
        e, tables = self.problem.expansion, self.problem.tables
        for table, index in (
            ("crossings", e.crossing[edge]),
            ("terminals", e.terminal[edge]),
            ("services", e.service[edge]),
            ("links", e.link[edge]),
        ):
            if index >= 0:
                return tables.ident(table, int(index))
        return ""

    @cached_property
    def legs(self) -> pd.DataFrame:
        """One row per leg: line-haul through one country on one system is a single leg.

        Columns as in `steps`; `id` lists what is passed, separated by semicolons.

        >>> import corridors as co
        >>> legs = co.load().route("Termez", "Mazar-i-Sharif", cargo="wagon").legs
        >>> list(legs["kind"])[:3]
        ['waiting', 'line_haul', 'border']
        """
        merged = self.steps.groupby(self._leg_of_step, sort=False).agg(
            {
                "kind": "first",
                "from_id": "first",
                "to_id": "last",
                "mode": "first",
                "gauge_mm": "first",
                "country": "first",
                "id": lambda ids: ";".join(dict.fromkeys(ids)),
                **dict.fromkeys(NUMBERS, "sum"),
            }
        )
        return _with_sums(merged.reset_index(drop=True))

    @cached_property
    def _leg_of_step(self) -> pd.Series:
        """Number of the leg that each step belongs to."""
        steps = self.steps
        haul = steps["kind"].isin(["line_haul", "sea"])
        changed = (steps[_MERGE] != steps[_MERGE].shift()).any(axis=1)
        # the way to and from a place off the network is seen apart
        links = self.problem.tables["links"]
        access = steps["id"].isin(links["id"][links["line"] == "access"])
        changed |= access != access.shift(fill_value=False)
        return (changed | ~haul | ~haul.shift(fill_value=False)).cumsum() - 1

    @cached_property
    def _passed(self) -> NDArray[np.int64]:
        """Edges that are steps, as an index into the arrays of the expansion."""
        return np.array(self.step_edges, dtype=np.int64)

    @cached_property
    def km(self) -> float:
        """Length in km."""
        return float(self.problem.expansion.km[self._passed].sum())

    @cached_property
    def hours(self) -> float:
        """Expected hours from origin to destination."""
        return self._total("hours")

    def _total(self, measure: str) -> float:
        return float(self.problem.expansion.values[measure][self._passed].sum())

    @property
    def days(self) -> float:
        """Expected days from origin to destination."""
        return self.hours / 24

    @cached_property
    def cost_usd_t(self) -> float:
        """Expected cost in USD per tonne."""
        return self._total("cost")

    @cached_property
    def co2e_kg_t(self) -> float:
        """Emissions in kg CO2e per tonne, well to wheel."""
        return self._total("emissions")

    @property
    def generalized_usd_t(self) -> float:
        """Generalized cost in USD per tonne: cost + value of time x hours."""
        return self.cost_usd_t + self.problem.vot_usd_t_h * self.hours

    @property
    def crossings(self) -> list[str]:
        """Ids of the border crossings passed, in order."""
        border = KINDS.index("border")
        return [self._ident(edge) for edge in self.step_edges if self.problem.expansion.kind[edge] == border]

    @property
    def countries(self) -> list[str]:
        """Codes of the countries passed, in order."""
        codes = [code for edge in self.step_edges for code in self.problem.expansion.countries[edge]]
        return [code for i, code in enumerate(codes) if i == 0 or codes[i - 1] != code]

    @property
    def places(self) -> list[str]:
        """Ids of the places passed, in order."""
        ids = [self.origin, *self.steps["to_id"]]
        return [place for i, place in enumerate(ids) if i == 0 or ids[i - 1] != place]

    @property
    def modes(self) -> list[str]:
        """Modes in the order in which they are used."""
        e, moving = self.problem.expansion, (KINDS.index("line_haul"), KINDS.index("sea"))
        used = [str(e.mode[edge]) for edge in self.step_edges if e.kind[edge] in moving]
        return [mode for mode, _ in groupby(used)]

    def count(self, kind: str) -> int:
        """Count the steps of a kind, such as `border`, `transfer` or `gauge_change`."""
        known = ["waiting" if name == "start" else name for name in KINDS]
        if kind not in known:
            raise InputError("kind", kind, f"one of {', '.join(known)}")
        return int((self.problem.expansion.kind[self._passed] == known.index(kind)).sum())

    @property
    def summary(self) -> dict[str, Any]:
        """Totals as a flat record."""
        return {
            "origin": self.origin,
            "destination": self.destination,
            "cargo": self.cargo,
            "by": self.by,
            "km": self.km,
            "hours": self.hours,
            "cost_usd_t": self.cost_usd_t,
            "co2e_kg_t": self.co2e_kg_t,
            "generalized_usd_t": self.generalized_usd_t,
            "borders": self.count("border"),
            "transfers": self.count("transfer") + self.count("port"),
            "gauge_breaks": self.count("gauge_change"),
            "modes": "+".join(dict.fromkeys(self.modes)),
            "countries": "-".join(self.countries),
            "crossings": ";".join(self.crossings),
        }

    def breakdown(self, by: str = "component") -> pd.DataFrame:
        """Split hours, cost and emissions by `component` or `country`; see `corridors.model.parts.breakdown`.

        >>> import corridors as co
        >>> route = co.load().route("Almaty", "Karachi")
        >>> bool(abs(route.breakdown()["hours"].sum() - route.hours) < 1e-9)
        True
        """
        return parts.breakdown(self, by)

    def assumptions(self) -> pd.DataFrame:
        """List every parameter used, with its share and source; see `corridors.model.parts.assumptions`."""
        return parts.assumptions(self)

    def lengths(self) -> pd.DataFrame:
        """List the links passed with their lengths, ranges and sources; see `corridors.model.parts.lengths`.

        >>> import corridors as co
        >>> lengths = co.load().build("uap-kabul").route("Termez", "Kharlachi", modes={"rail"}).lengths()
        >>> bool(lengths["low_km"].sum() < lengths["km"].sum() < lengths["high_km"].sum())
        True
        """
        return parts.lengths(self)

    def sensitivity(self, measure: str = "hours", *, change_pct: float = 10.0) -> pd.DataFrame:
        """Give the exact change of a total per parameter; see `corridors.model.parts.sensitivity`.

        >>> import corridors as co
        >>> table = co.load().route("Almaty", "Karachi").sensitivity()
        >>> bool((table["at_low"] <= table["at_high"]).all())
        True
        """
        return parts.sensitivity(self, measure, change_pct=change_pct)

    def distribution(self, measure: str = "hours", **options: Any) -> Distribution:
        """Draw a total of this route; see `corridors.uncertainty.totals.distribution` for the options.

        >>> import corridors as co
        >>> hours = co.load().route("Almaty", "Karachi").distribution(draws=200)
        >>> hours.percentile(5) < hours.expected < hours.percentile(95)
        True
        """
        return totals.distribution(self, measure, **options)

    def cost_usd(self, unit: str = "tonne") -> float:
        """Give the cost of one `tonne`, `teu`, `feu`, `truck` or `wagon` at its usual payload.

        >>> import corridors as co
        >>> route = co.load().route("Almaty", "Karachi")
        >>> route.cost_usd("feu") == 20 * route.cost_usd_t
        True
        """
        return per_unit(self.cost_usd_t, unit)

    @cached_property
    def geometry(self) -> MultiLineString:
        """Lines of all legs in order, WGS 84; links without an alignment are straight."""
        return MultiLineString([line for edge in self.step_edges if (line := self._line(edge)) is not None])

    def to_gdf(self) -> gpd.GeoDataFrame:
        """Give the legs with their geometry: lines for movement, points for borders and terminals."""
        lines: dict[int, list[LineString]] = {}
        for edge, leg in zip(self.step_edges, self._leg_of_step, strict=True):
            line = self._line(edge)
            if line is not None:
                lines.setdefault(leg, []).append(line)
        point = self.problem.tables.point
        shapes = [joined(lines[i]) if i in lines else point(to) for i, to in enumerate(self.legs["to_id"])]
        return gpd.GeoDataFrame(self.legs, geometry=shapes, crs="EPSG:4326")

    def _line(self, edge: int) -> LineString | None:
        """Give the line of one edge in the direction of travel; None for edges without length."""
        e, tables = self.problem.expansion, self.problem.tables
        if e.km[edge] <= 0:
            return None
        if e.service[edge] >= 0:
            row, line = tables["services"].iloc[e.service[edge]], tables.shape("services", e.service[edge])
        else:
            row, line = tables["links"].iloc[e.link[edge]], tables.shape("links", e.link[edge])
        tail, head = str(e.tail_place[edge]), str(e.head_place[edge])
        if "|" in tail + head:
            share = float(row["border_km"]) / float(row["length_km"])
            on_first_side = row["from_id"] in (tail, head)
            start, end = (0.0, share) if on_first_side else (share, 1.0)
            line = LineString(substring(line, start, end, normalized=True).coords)
        forward = tail == row["from_id"] or head == row["to_id"]
        return line if forward else line.reverse()

    def to_geojson(self) -> str:
        """Give the legs as GeoJSON text."""
        return str(self.to_gdf().to_json(drop_id=True))

    def edges_by_leg(self) -> Iterator[tuple[int, int, LineString | None]]:
        """Yield the leg, the edge of the expansion, and the line (None without length) of every step, in order."""
        for leg, edge in zip(self._leg_of_step, self.step_edges, strict=True):
            yield int(leg), edge, self._line(edge)

    def to_dict(self) -> dict[str, Any]:
        """Give totals and legs as plain Python values."""
        return {**self.summary, "network": self.network, "legs": self.legs.to_dict("records")}

    def profile(self, measure: str = "hours", **options: Any) -> pd.DataFrame:
        """Give a total as it adds up on the way, with its band; see `corridors.routing.profile.profile`.

        >>> import corridors as co
        >>> list(co.load().route("Termez", "Mazar-i-Sharif").profile(draws=100).columns[-4:])
        ['expected', 'p05', 'p50', 'p95']
        """
        return running_sums(self, measure, **options)

    def _lines(self) -> Iterator[str]:
        names = self.problem.tables
        origin, destination = names.name(self.origin), names.name(self.destination)
        yield f"{origin} - {destination}: {self.cargo}, least {self.by}, {self.network}"
        yield (
            f"{self.km:,.0f} km, {self.hours:,.0f} h ({self.days:.1f} d), {self.cost_usd_t:,.0f} USD/t, "
            f"{self.co2e_kg_t:,.0f} kg CO2e/t; {self.count('border')} borders, "
            f"{self.count('transfer') + self.count('port')} transfers, {self.count('gauge_change')} gauge changes"
        )

    def shown_legs(self) -> pd.DataFrame:
        """Give the legs with names and rounded numbers, as they are printed."""
        legs = self.legs
        name = self.problem.tables.name
        return pd.DataFrame(
            {
                "leg": legs["kind"].str.replace("_", " "),
                "from": legs["from_id"].map(name),
                "to": legs["to_id"].map(name),
                "mode": (legs["mode"] + " " + legs["gauge_mm"]).str.strip(),
                "in": legs["country"],
                "km": legs["km"].round().astype(int),
                "hours": legs["hours"].round(1),
                "USD/t": legs["cost_usd_t"].round(1),
                "cum. km": legs["cum_km"].round().astype(int),
                "cum. h": legs["cum_hours"].round(1),
            }
        )

    def __repr__(self) -> str:
        return "\n".join([*self._lines(), self.shown_legs().to_string(index=False)])

    def _repr_html_(self) -> str:
        title, totals = map(html.escape, self._lines())
        return f"<p><b>{title}</b><br>{totals}</p>{self.shown_legs().to_html(index=False, border=0)}"


def _with_sums(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(cum_km=frame["km"].cumsum(), cum_hours=frame["hours"].cumsum())
