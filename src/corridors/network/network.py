"""The network: questions to it, other views of it, and what is made of it; the work is done by the other modules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

from corridors import formats
from corridors.base.arguments import checked
from corridors.base.drawing import Drawing, answered, drawn
from corridors.base.errors import UnknownNameError
from corridors.base.names import flat
from corridors.data.tables import make_tables
from corridors.formats import from_graphs, graphs
from corridors.model import parameters, projects
from corridors.model.state import State
from corridors.model.targets import find_target
from corridors.model.view import View
from corridors.network import add as adding
from corridors.network import check as checks
from corridors.network import connect as access
from corridors.network import dated, split
from corridors.network import merge as merging
from corridors.network import nearest as nearness
from corridors.network import select as selection
from corridors.network import simplify as chains
from corridors.network import trace as tracing
from corridors.network.findings import Findings
from corridors.routing.queries import Queries


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Network(Queries):
    """An immutable network of places and links, with crossings, terminals, services and parameters.

    Every operation returns a new network that shares the tables. `co.load()` gives the reference network in
    normal operation: border crossings are open as in 2024. `net.at("2026-11")` has the closures of that month.

    Some methods are functions of other modules: `net.connect(...)` is `corridors.network.connect.connect(net, ...)`.

    =====================  ====================================================================
    Ask                    Get
    =====================  ====================================================================
    `route`, `routes`      the best route between two places, or between two sets of them
    `alternatives`         corridors that really differ
    `matrix`               hours, cost, distance or CO2e between all pairs of two sets of places
    `nearest`              what lies around a point
    `landed`               what a good of every supplier costs at a market
    `quote`                ways of a consignment side by side: prices, arrivals, borders, what is assumed
    `links`, `places`, …   tables of what there is, with what is in use in this view
    `check`                what is wrong or doubtful in the tables
    `at`, `in_season`      the network of a date or season
    `build`                the network with projects built, from a year on if one is given
    `staged`, `in_year`    the network with projects built in stages, and with what of it is open in a year
    `close`, `open`        the network with a border, link, terminal or service closed or opened
    `with_parameters`      the network with other speeds, costs, waits
    `select`, `simplify`   a part of the network, or one with fewer places
    `add_link`             the network with a link added, and `assumed`: what was assumed of it
    `connect`, `merge`     the network with a place off it, or with another network joined
    `graph`, `write`       a networkx graph, a file
    =====================  ====================================================================
    """

    plot = drawn[Drawing]("plot_network")
    explore = drawn[Any]("explore")
    landed = answered[Any]("landed", ".trade.landed")
    utilisation = answered[Any]("utilisation", ".trade.utilisation")
    nearest = nearness.nearest
    select = selection.select
    insert_place = split.insert_place
    add_link = adding.add_link
    connect = access.connect
    merge = merging.merge
    simplify = chains.simplify
    trace = tracing.trace
    at = dated.at
    in_year = dated.in_year
    build = dated.build
    staged = dated.staged
    graph = graphs.to_networkx
    to_osmnx = graphs.to_osmnx
    to_igraph = graphs.to_igraph
    to_sparse = graphs.to_sparse

    @classmethod
    def from_state(cls, state: State) -> Network:
        """Make a network of tables, view and name.

        Parameters
        ----------
        state
            Tables, view and name, such as `corridors.formats.read_state` reads.

        Returns
        -------
        Network
            The same tables and view, with the methods of a network.

        >>> import corridors as co
        >>> len(co.Network.from_state(co.load()).places)
        563
        """
        return cls(state.tables, state.view, state.name)

    @classmethod
    def from_tables(
        cls, places: pd.DataFrame, links: pd.DataFrame, *, name: str = "network", **others: pd.DataFrame
    ) -> Network:
        """Make a network from tables of one's own.

        Parameters
        ----------
        places, links
            Rows as in the schema (`corridors schema` prints it).
        name
            Name shown with results.
        others
            Further tables by name; `parameters` and `commodities` default to the bundled ones.

        Returns
        -------
        Network
            Checked network in which nothing is built and nothing closed.

        Raises
        ------
        SchemaError
            Naming every misfit with its row and column.

        >>> import corridors as co
        >>> net = co.Network.from_tables(**co.load().select(country="UZ", mode="rail").tables.frames)
        >>> len(net.places), len(net.links)
        (54, 55)
        """
        frames = {"places": places, "links": links, **others}
        return cls(make_tables(parameters.with_bundled(frames)), name=name)

    @classmethod
    def from_graph(
        cls, graph: nx.Graph[Any], *, name: str = "network", fill: Mapping[str, Mapping[str, object]] | None = None
    ) -> Network:
        """Make a network from a networkx graph: the way back from `graph()`, or from a graph of one's own.

        Nodes are places, edges are links (or sea hops, of mode `sea`), attributes are the columns of the schema.
        `x` and `y` of a node stand for `lon` and `lat`; the name of a node is its id, the key of an edge the id of
        the link. A link goes both ways: a directed graph has both directions, with the same attributes. Other tables
        come from `graph.graph["corridors"]`, without the rows that name places which the graph no longer has. Graphs
        that osmnx made have tags instead: `co.osm.from_osmnx` reads them.

        Parameters
        ----------
        graph
            Any kind of networkx graph, in longitude and latitude.
        name
            Name of the network, unless the graph has one.
        fill
            Values of columns that the attributes do not give, as in `co.read`.

        Returns
        -------
        Network
            Network with the attributes of the graph as columns; nothing built, nothing closed unless the
            graph says so.

        Raises
        ------
        SchemaError, InputError
            If attributes are missing, unknown or contradictory, or the graph is in other coordinates.

        >>> import corridors as co
        >>> net = co.load()
        >>> co.Network.from_graph(net.graph()).links.equals(net.links)
        True
        """
        return cls.from_state(from_graphs.from_networkx(graph, fill=fill, name=name))

    def close(self, *what: str | Iterable[str]) -> Network:
        """Return the network with crossings, pairs of countries, links, terminals, services or ports closed.

        Parameters
        ----------
        what
            Ids of crossings, links, terminals or services, places of ports, pairs of countries such as `AF-PK`, or
            lists of them. A closed pair stays closed for a line that is built later.

        Returns
        -------
        Network

        Raises
        ------
        InputError, UnknownNameError
            If there is no such thing.

        >>> import corridors as co
        >>> net = co.load()
        >>> closed = net.close("AF-PK")
        >>> int(net.links["in_use"].sum() - closed.links["in_use"].sum())
        5
        """
        names = flat("what", what, least="a crossing, pair of countries, link, terminal, service or port")
        targets = [find_target(self.tables, name) for name in names]
        return self._view(self.view.close(self.tables, targets), f", {', '.join(names)} closed" if names else "")

    def open(self, *what: str | Iterable[str]) -> Network:
        """Return the network with things opened that are closed or suspended; planned lines need `build`.

        Parameters
        ----------
        what
            As in `close`. A port has its services back, but not those that are suspended.

        Returns
        -------
        Network

        Raises
        ------
        InputError, UnknownNameError, ScenarioError
            If there is no such thing, or it is only planned.

        >>> import corridors as co
        >>> net = co.load().at("2026-11")
        >>> net.closed, net.open("AF-PK").closed
        (['AF-PK', 'wagah'], ['wagah'])
        """
        names = flat("what", what, least="a crossing, pair of countries, link, terminal, service or port")
        targets = [find_target(self.tables, name) for name in names]
        projects.refuse_planned(self.tables, self.view, targets)
        return self._view(self.view.open(self.tables, targets), f", {', '.join(names)} open" if names else "")

    def in_season(self, season: str) -> Network:
        """Return the network in a named season, such as `winter` with its snow on the Salang.

        Parameters
        ----------
        season
            Season of the table `parameters`; `""` is the whole year.

        Returns
        -------
        Network

        Raises
        ------
        UnknownNameError
            If no parameter is of that season.

        >>> import corridors as co
        >>> net = co.load()
        >>> [round(n.route("Kabul", "Hairatan").hours) for n in (net, net.in_season("winter"))]
        [33, 48]
        """
        seasons = sorted(set(self.tables.parameters["season"]) - {""})
        if season not in ("", *seasons):
            raise UnknownNameError("season", season, seasons)
        return self._view(replace(self.view, season=season), f"in {season}" if season else "all year")

    def _view(self, view: View, change: str) -> Network:
        joint = " " if change[:1] not in ("", ",") else ""
        return replace(self, view=view, name=f"{self.name}{joint}{change}")

    def with_parameters(
        self,
        changes: Mapping[str, float | Mapping[str, float]] | str | Path | pd.DataFrame | None = None,
        *,
        scale: Mapping[str, float] | None = None,
    ) -> Network:
        """Return the network with other parameters.

        Parameters
        ----------
        changes
            Values by name or pattern (`border/torkham/road/hours`), in the unit of the table. A number sets the value
            and moves low and high by the same factor; a mapping may set `value`, `low` and `high`. Or a TOML file of
            these, or a whole table.
        scale
            Factors by name or pattern, on value, low and high. A speed is scaled as a speed.

        Returns
        -------
        Network
            The network in the same view, with these parameters.

        Raises
        ------
        UnknownNameError, SchemaError, InputError
            If a name is unknown or a number impossible.

        >>> import corridors as co
        >>> net = co.load().with_parameters({"border/torkham/road/hours": 12})
        >>> float(net.parameters.loc["border/torkham/PK/exit/road/hours", "value"])
        12.0
        """
        tables = parameters.override(self.tables, {} if changes is None else changes, scale)
        return replace(self, tables=tables, name=f"{self.name}, own parameters")

    def write(
        self,
        path: str | Path,
        *,
        format: str | None = None,  # noqa: A002
        overwrite: bool = False,
        hierarchies: bool | str | Iterable[str] = False,
    ) -> Path:
        """Write the network with its view, so that `co.read` gives the same network.

        An earlier network is replaced in one step at the end. Other files of a folder and layers of a GeoPackage stay.

        Parameters
        ----------
        path
            A folder (of CSV files, unless `format` says else), or a file `.gpkg` (layers with styles for QGIS),
            `.xlsx`, `.graphml` or `.geojson`.
        format
            `csv`, `gpkg`, `parquet`, `xlsx`, `graphml`, `geojson` or `gmns`, where the path does not tell.
            `corridors.formats.FORMATS[format].lost` says what `geojson` and `gmns` cannot hold.
        overwrite
            Whether to replace what is no network, too, such as a file or layer with the name of a table; otherwise
            that is a `DataFileError`, as is a place that cannot be written to.
        hierarchies
            Whether what a large network needs for its first draws or simulation is kept beside it (a file `.npz`
            of numpy, found again by its hash), so that `co.read` does not make it anew: names of cargo units, or
            True for those that were asked so far. Below 5,000 places and systems nothing is kept.

        Returns
        -------
        Path
            The path.

        >>> import corridors as co, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     co.read(co.load().write(f"{folder}/net.gpkg")).name
        'reference'
        """
        return formats.write(self, path, format=format, overwrite=overwrite, hierarchies=hierarchies)

    def check(self) -> Findings:
        """Check the tables of the network: positions, lengths, borders, terminals, sources, parameters, components.

        Rows are checked by themselves and against each other, whatever the view; no route is searched.

        Returns
        -------
        Findings
            What is wrong or doubtful, each with its level, rule, row and reason; true unless there is an error.

        >>> import corridors as co
        >>> findings = co.load().check()
        >>> bool(findings), len(findings.level("error"))
        (True, 0)
        """
        return checks.run(self.tables)
