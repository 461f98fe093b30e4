"""The state of a network: its tables and the view of them, what is in use, and how it presents itself."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.base.arguments import checked
from corridors.base.cache import Slot
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.data import about, attributes, schema
from corridors.data.osm_account import Report
from corridors.data.tables import Tables
from corridors.model import borders, projects
from corridors.model.places import places_of
from corridors.model.view import Mask, View, closed_now, usable

ADDED = "added"
"""Status of a project that is a link added by hand."""

N = TypeVar("N", bound="State")
"""Kind of state that an operation takes and returns: a network stays a network."""


class _Copied(Protocol):
    def copy(self) -> Self: ...


Made = TypeVar("Made", bound=_Copied)


_KEPT = Slot[Any]("tables by kind and view", most=24)


def kept(make: Callable[[Any], Made]) -> Callable[[Any], Made]:
    """Let a table be made once for each view of the same tables, and handed out as a copy that the caller may change.

    The copy is a deep one: a shallow copy of pandas 3 still lets writes into its arrays through, and takes about as
    long (0.2 ms against 0.3 ms for 500 links).
    """

    @functools.wraps(make)
    def handed_out(state: State) -> Made:
        made: Made = state.tables.cache.get(_KEPT, (make, state.view), lambda: make(state))
        return made.copy()

    return handed_out


@checked
@dataclass(frozen=True, eq=False, repr=False)
class State:
    """Tables in view. Tables of a state are the caller's own: changing them changes no network.

    Attributes
    ----------
    tables
        Checked tables, shared by all views of a network.
    view
        What is built, closed and opened, and at which date.
    name
        Name shown with results.
    """

    tables: Tables
    view: View = field(default_factory=View)
    name: str = "network"

    @property
    def data_version(self) -> str:
        """Version of the data: the month to which it was collected, and a hash; `co.data_version()` if bundled.

        >>> import corridors as co
        >>> co.load().data_version == co.data_version()
        True
        """
        return about.version_of(self.tables)

    @property
    @kept
    def places(self) -> gpd.GeoDataFrame:
        """Places as points (WGS 84), by id."""
        frame = self.tables["places"]
        points = gpd.points_from_xy(frame["lon"], frame["lat"])
        return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326").set_index("id")

    @property
    @kept
    def links(self) -> gpd.GeoDataFrame:
        """Links as lines (WGS 84), by id, with `in_use` in this view and the `alignment` method of each line.

        Loads, speeds, capacities and so on are those of `attributes` that are used, blank where nothing is known.
        """
        frame = self.tables["links"]
        lines = self.tables.alignments
        method = [line[1] if (line := lines.get(i)) else "straight" for i in frame["id"].to_numpy(dtype=object)]
        stated = attributes.of_links(self.tables, self.view.date)
        extra = frame.assign(**dict(stated.items()), in_use=self.links_in_use(), alignment=method)
        return gpd.GeoDataFrame(extra, geometry=self.tables.lines("links"), crs="EPSG:4326").set_index("id")

    @kept
    def links_in_use(self) -> Mask:
        """Mask of the links that can be used in this view, those over a closed crossing left out."""
        links, now = self.tables["links"], usable(self.tables, self.view)
        in_use = now.links.copy()
        rows = self.tables.rows("crossings")
        over_border = np.flatnonzero(links["crossing"] != "")
        modes, crossings = (links[column].iloc[over_border] for column in ("mode", "crossing"))
        for row, mode, crossing in zip(over_border, modes, crossings, strict=True):
            in_use[row] &= now.crossings[mode][rows[crossing]]
        return in_use

    @property
    @kept
    def crossings(self) -> pd.DataFrame:
        """Border crossings by id, with the modes that are open in this view."""
        now = usable(self.tables, self.view)
        modes = [
            ";".join(mode for mode in now.crossings if now.crossings[mode][row])
            for row in range(len(self.tables["crossings"]))
        ]
        return self.tables["crossings"].assign(open_to=modes).set_index("id")

    @property
    @kept
    def terminals(self) -> pd.DataFrame:
        """Terminals by id, with `in_use` in this view."""
        return self.tables["terminals"].assign(in_use=usable(self.tables, self.view).terminals).set_index("id")

    @property
    @kept
    def services(self) -> pd.DataFrame:
        """Hops of shipping services by id, with `in_use` in this view."""
        return self.tables["services"].assign(in_use=usable(self.tables, self.view).services).set_index("id")

    @property
    @kept
    def attributes(self) -> pd.DataFrame:
        """What is stated of links, crossings, terminals and ports, one row per thing and statement, with its source.

        Contradicting statements stand side by side; `used` marks the one that counts on the date of the view: observed
        before official (or a limit by order), plan, claim and computed, and of one status the newest.

        >>> import corridors as co
        >>> told = co.load().attributes
        >>> told[(told["id"] == "saryagash-keles") & told["used"]][["value", "unit", "status"]].values.tolist()
        [[2100.0, 'wagons/day', 'observed']]
        """
        return attributes.statements(self.tables, self.view.date)

    @property
    @kept
    def projects(self) -> pd.DataFrame:
        """Projects by id, with `built` in this view."""
        frame = self.tables["projects"]
        built = [set(projects.leaves(self.tables, i)) <= self.view.built for i in frame["id"]]
        return frame.assign(built=built).set_index("id")

    @property
    @kept
    def parameters(self) -> pd.DataFrame:
        """Parameters by name."""
        return self.tables.parameters.set_axis(self.parameter_names).rename_axis("name")

    @property
    def parameter_names(self) -> list[str]:
        """Names of the parameters, such as `border/torkham/PK/exit/road/hours`."""
        return list(self.tables.theta.names)

    @property
    @kept
    def sources(self) -> pd.DataFrame:
        """Sources by id."""
        return self.tables["sources"].set_index("id")

    @property
    def osm_report(self) -> Report | None:
        """Account of the reading from OpenStreetMap that made the tables; None for tables made otherwise."""
        report = self.tables.osm_report
        return None if report is None else report.copy()

    @property
    def assumed(self) -> pd.DataFrame:
        """Table of what was assumed of links that were added (`add_link`): link and assumption, one row each.

        >>> import corridors as co
        >>> len(co.load().assumed), len(co.load().add_link("Herat", "Kandahar", mode="road").assumed)
        (0, 5)
        """
        frame = self.tables["projects"]
        added = frame[frame["status"] == ADDED]
        rows = [(i, text) for i, note in zip(added["id"], added["note"], strict=True) for text in schema.items(note)]
        return pd.DataFrame(rows, columns=["link", "assumed"])

    @property
    def closed(self) -> list[str]:
        """What is closed in this view, by hand or by its date."""
        return sorted(map(str, closed_now(self.tables, self.view)))

    @property
    def border_state(self) -> str:
        """State of the borders in words, for headings.

        >>> import corridors as co
        >>> co.load().border_state
        'normal operation; open here, shut in November 2026: AF-PK'
        """
        return borders.border_state(self.tables, self.view)

    @property
    def known_until(self) -> str:
        """Date to which closures and openings were collected, blank where the tables do not say.

        It stands in the data. A later date has what held then, and `at` says so.

        >>> import corridors as co
        >>> co.load().known_until
        '2026-11'
        """
        return self.tables.as_of

    @property
    def undated(self) -> list[str]:
        """Ids of links in use whose opening date is unknown, where this view looks back before the data."""
        if not borders.undated(self.tables, self.view):
            return []
        links = self.tables["links"]
        return list(links["id"][(links["opened"] == "") & self.links_in_use()])

    def place_set(self, name: str | Iterable[str]) -> list[str]:
        """Ids of the places of a named set, or of a list of places.

        Parameters
        ----------
        name
            Name of a set (`kazakhstan`, `south-asian-ports`), or places by name or id.

        Raises
        ------
        UnknownNameError
            If no set and no place has the name.

        >>> import corridors as co
        >>> co.load().place_set("south-asian-ports")[:2]
        ['karachi', 'port-qasim']
        """
        if not isinstance(name, str):
            if not (names := list(name)):
                raise InputError("places", names, "at least one place, or the name of a set")
            return places_of(self.tables, names)
        sets = self.tables.rows("sets")
        if name in sets:
            return schema.items(self.tables["sets"]["places"].iloc[sets[name]])
        try:
            return [self.tables.place(name)]
        except UnknownNameError as error:
            raise UnknownNameError("place or set", name, [*near(name, sets), *error.matches]) from None

    def _facts(self) -> dict[str, str]:
        links, used = self.tables["links"], self.links_in_use()
        counts = links[used].groupby("mode").agg(n=("id", "size"), km=("length_km", "sum"))
        modes = ", ".join(f"{row.n:.0f} {mode} links ({row.km:,.0f} km)" for mode, row in counts.iterrows())
        facts = {
            "places": f"{len(self.tables['places'])} in {self.tables['places']['country'].nunique()} countries",
            "in use": modes or "no links",
            "borders": f"{len(self.tables['crossings'])} crossings",
            "state": self.border_state,
            "closed": ", ".join(self.closed) or f"nothing ({self._operation()})",
            "built": ", ".join(self._built()) or "no project",
        }
        if self.undated:
            facts["undated"] = f"{len(self.undated)} links of unknown opening date are kept"
        return facts

    def _built(self) -> list[str]:
        """Projects that are built, with the dates from which they are in use."""
        dates = dict(self.view.openings)
        return [f"{name} ({dates[name]})" if name in dates else name for name in sorted(self.view.built)]

    def _operation(self) -> str:
        return (
            f"month of {self.view.date}" if self.view.date else 'normal operation; net.at("2026-11") has the closures'
        )

    def __repr__(self) -> str:
        rows = [f"  {key:<8} {value}" for key, value in self._facts().items()]
        return "\n".join([f"Network '{self.name}'", *rows])

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{k}</th><td>{html.escape(v)}</td></tr>" for k, v in self._facts().items())
        return f"<p><b>Network '{html.escape(self.name)}'</b></p><table>{rows}</table>"
