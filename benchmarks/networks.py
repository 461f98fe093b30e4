"""The networks that are timed, with what is asked of them: the expanded reference network, and roads and railways."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

import corridors as co
from benchmarks import osm
from benchmarks.osm import CACHE, Floats, Ints, sphere
from corridors.model.view import usable
from corridors.uncertainty import draws

BOXES: dict[str, osm.Box] = {
    "box 8": (32.0, 40.0, 62.0, 74.0),
    "box 16": (28.0, 44.0, 56.0, 80.0),
    "box 26": (23.0, 49.0, 49.0, 87.0),
    "region": (17.0, 56.0, 44.0, 92.0),
    "world": (-90.0, 90.0, -180.0, 180.0),
}
"""Networks of roads and railways; the boxes, named by their degrees of latitude, show how time grows with size."""

UNIT = 1 / 36_000
"""All weights are multiples of 0.1 s, so that tools with whole numbers and tools with floats get the same."""

PLACES, MANY, REMOVALS = 60, 1000, 500

SIGMA = 0.3
"""Of the lognormal factors."""

CELLS = (9, 5)
"""Cells of longitude and latitude: with two modes and two ways they make 180 classes of edges that share a factor."""

WAYS_DIFFER = 0.1
"""The way there and the way back differ by up to this share, so that a tool that ignores direction is caught."""

DETOUR, PROJECT_KMH = 1.2, 50.0
"""Length over great-circle distance, and speed, of a link of a project on the networks of roads and railways."""

PROJECTS = (
    "uap-kabul",
    "western-route",
    "mazar-herat",
    "khaf-herat",
    "chabahar-zahedan",
    "ml-4-gwadar-mastung",
    "cku",
    "uz-uchkuduk-kyzylorda",
)
"""Between them the eight projects make 256 networks."""


@dataclass(frozen=True, eq=False)
class Net:
    """A directed graph without parallel edges, and what is asked of it.

    Attributes
    ----------
    lat, lon
        Degrees, by node; some tools order nodes by them.
    tail, head
        Nodes of the edges.
    weight
        Hours (generalized USD per tonne on the reference network) by edge, with all projects built.
    sources, targets, many
        Nodes of the 60 x 60 and of the 1,000 x 1,000 matrix.
    route
        Source and target of the single route.
    incidence
        Edges by parameters: `incidence @ factors` are the weights of draws.
    projects, removals
        Edges of each project, closed unless a task opens them, and of each removal.
    draw
        Gives parameters by columns from a number of columns and a seed.
    """

    lat: Floats
    lon: Floats
    tail: Ints
    head: Ints
    weight: Floats
    sources: Ints
    targets: Ints
    many: Ints
    route: Ints
    incidence: sparse.csr_array
    projects: list[Ints]
    removals: list[Ints]
    draw: Callable[[int, int], Floats]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.lat)

    @property
    def edges(self) -> int:
        """Number of directed edges."""
        return len(self.tail)

    @cached_property
    def base(self) -> Floats:
        """Weights with no project built: their edges are closed."""
        found = self.weight.copy()
        found[np.concatenate(self.projects)] = np.inf
        found.setflags(write=False)
        return found

    def noise(self, column: int, seed: int) -> NDArray[np.float32]:
        """Draw a lognormal factor of mean one for every edge."""
        normal = np.random.default_rng([seed, column]).standard_normal(self.edges, dtype=np.float32)
        return np.exp(np.float32(SIGMA) * normal - np.float32(SIGMA**2 / 2))

    def noisy(self, weight: Floats, columns: int, seed: int) -> NDArray[np.float32]:
        """Draw weights with a factor of its own for every edge: edges by columns."""
        found, given = np.empty((self.edges, columns), dtype=np.float32), weight.astype(np.float32)
        for begin in range(0, columns, 16):
            block = range(begin, min(begin + 16, columns))
            found[:, begin : begin + 16] = np.stack([given * self.noise(column, seed) for column in block], axis=1)
        return found


def get(name: str) -> Net:
    """A network by name: `reference`, or one of `BOXES`, which are kept once built (until `make clean`)."""
    if name == "reference":
        return reference()
    kept = CACHE / f"{name.replace(' ', '-')}.npz"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _keep(of_lines(osm.lines(BOXES[name]), places=name == "region"), kept)
    return _kept(kept)


def reference() -> Net:
    """Expand the reference network for containers, weighted by generalized cost (what `route` does by default).

    Parallel edges are led over a node of their own, because some rivals know one edge between two nodes.
    """
    net = co.load()
    problem = net.route("Almaty", "Karachi").problem
    e, theta = problem.expansion, problem.tables.theta
    now = e.in_use(usable(net.tables, net.view))
    built = [e.in_use(usable(net.tables, net.build(name).view)) for name in PROJECTS]
    kept = np.flatnonzero(np.any([now, *built], axis=0))
    incidence = sparse.csr_array(e.incidence["cost"] + problem.vot_usd_t_h * e.incidence["hours"])[kept]
    tail, head, incidence = _without_parallels(e.tail[kept], e.head[kept], incidence, len(e.states))
    spots = net.places.loc[[state.place for state in e.states], ["lat", "lon"]].to_numpy()
    spots = np.vstack([spots, spots[head[len(kept) :]]])
    chosen = _apart(net.places.loc[[place for place in e.origin if place in e.destination]])
    links = [np.flatnonzero(now[kept] & (e.link[kept] == link)) for link in np.unique(e.link[kept]) if link >= 0]
    return Net(
        spots[:, 0], spots[:, 1], tail, head,
        weight=_whole(incidence @ theta.value),
        sources=np.array([e.origin[place] for place in chosen.index]),
        targets=np.array([e.destination[place] for place in chosen.index]),
        many=_some(len(spots), MANY),
        route=np.array([e.origin["almaty"], e.destination["karachi"]]),
        incidence=incidence,
        projects=[np.flatnonzero((use & ~now)[kept]) for use in built],
        removals=[edges for edges in links if len(edges)][:REMOVALS],
        draw=partial(draws.draw, theta),
    )  # fmt: skip


def of_lines(lines: osm.Lines, *, places: bool) -> Net:
    """Direct the edges of roads and railways, add the projects, and choose what is asked.

    Parameters
    ----------
    lines
        Roads and railways.
    places
        Whether the matrix is between places of the reference network, and not between nodes taken at random.
    """
    net = co.load()
    first, second, hours = lines.first, lines.second, lines.hours
    new, of_project = _project_ends(net, lines)
    km = DETOUR * np.linalg.norm(lines.points[new[:, 0]] - lines.points[new[:, 1]], axis=1)
    tail, head = np.append(first, new[:, 0]), np.append(second, new[:, 1])
    there = np.append(hours, km / PROJECT_KMH)
    lean = 1 + WAYS_DIFFER * np.random.default_rng(5).uniform(-1, 1, len(there))
    weight = np.maximum(_whole(np.concatenate([there * lean, there / lean])), UNIT)
    tail, head = np.append(tail, head), np.append(head, tail)
    pairs = len(there)
    projects = [np.flatnonzero(of_project == project) + len(first) for project in range(len(PROJECTS))]
    rows = _apart(net.places).index if places else []
    sources = _nodes_of(net.places.loc[rows], lines) if places else _some(len(lines.lat), PLACES)
    found = Net(
        lines.lat, lines.lon, tail, head, weight,
        sources=sources, targets=sources, many=_some(len(lines.lat), MANY),
        route=_nodes_of(net.places.loc[["almaty", "karachi"]], lines),
        incidence=_classes(lines, tail, head, weight),
        projects=[np.append(edges, edges + pairs) for edges in projects],
        removals=[],
        draw=_lognormal,
    )  # fmt: skip
    found.removals.extend(np.array([edge % pairs, edge % pairs + pairs]) for edge in _on_best_routes(found, pairs))
    return found


def _whole(weight: Floats) -> Floats:
    """Round to multiples of the unit."""
    return np.asarray(np.rint(weight / UNIT) * UNIT)


def _some(nodes: int, count: int) -> Ints:
    """Take nodes at random, always the same."""
    return np.sort(np.random.default_rng(7).choice(nodes, min(count, nodes), replace=False))


def _lognormal(columns: int, seed: int) -> Floats:
    """Draw a lognormal factor of mean one for each class."""
    normal = np.random.default_rng(seed).standard_normal((columns, 4 * CELLS[0] * CELLS[1]))
    return np.exp(SIGMA * normal.T - SIGMA**2 / 2)


def _without_parallels(
    tail: Ints, head: Ints, incidence: sparse.csr_array, nodes: int
) -> tuple[Ints, Ints, sparse.csr_array]:
    """Lead every second edge between two nodes over a node of its own; the added half weighs nothing."""
    _, first = np.unique(tail * nodes + head, return_index=True)
    again = np.setdiff1d(np.arange(len(tail)), first)
    between = nodes + np.arange(len(again))
    ends = head.copy()
    ends[again] = between
    nothing = sparse.csr_array((len(again), incidence.shape[1]))
    rows = sparse.csr_array(sparse.vstack([incidence, nothing]))
    return np.append(tail, between), np.append(ends, head[again]), rows


def _apart(places: pd.DataFrame) -> pd.DataFrame:
    """Choose places, each as far as possible from those before it; Almaty and Karachi come first."""
    points = sphere(places["lat"].to_numpy(), places["lon"].to_numpy())
    chosen = [int(places.index.get_loc(name)) for name in ("almaty", "karachi")]
    while len(chosen) < PLACES:
        chosen.append(int(cKDTree(points[chosen]).query(points)[0].argmax()))
    return places.iloc[chosen]


def _nodes_of(places: pd.DataFrame, lines: osm.Lines) -> Ints:
    """The node of a road that is nearest to each place, a node of its own for each."""
    _, near = cKDTree(lines.points[~lines.rail]).query(sphere(*places[["lat", "lon"]].to_numpy().T), k=8)
    roads, taken = np.flatnonzero(~lines.rail), dict.fromkeys(())
    for candidates in near:
        taken[next(node for node in roads[candidates] if node not in taken)] = None
    return np.array(list(taken))


def _project_ends(net: co.Network, lines: osm.Lines) -> tuple[Ints, Ints]:
    """Nodes at both ends of every new link of the projects, and the number of its project."""
    have = set(zip(lines.first.tolist(), lines.second.tolist(), strict=True))
    tree, ends, of_project = cKDTree(lines.points), [], []
    for number, name in enumerate(PROJECTS):
        links = net.build(name).links
        for link in links[links["in_use"] & ~net.links["in_use"]].itertuples():
            spots = net.places.loc[[link.from_id, link.to_id], ["lat", "lon"]].to_numpy().T
            pair = tuple(sorted(tree.query(sphere(*spots))[1].tolist()))
            if pair[0] != pair[1] and pair not in have:
                have.add(pair)
                ends.append(pair)
                of_project.append(number)
    return np.array(ends).reshape(-1, 2), np.array(of_project)


def _classes(lines: osm.Lines, tail: Ints, head: Ints, weight: Floats) -> sparse.csr_array:
    """Put every edge in the class of its cell, mode and way; its weight is its row of the incidence."""
    east = _cell(lines.lon, CELLS[0])[tail]
    north = _cell(lines.lat, CELLS[1])[tail]
    rail, southward = lines.rail[tail], lines.lat[head] < lines.lat[tail]
    label = ((east * CELLS[1] + north) * 2 + rail) * 2 + southward
    edges = np.arange(len(tail))
    return sparse.csr_array((weight, (edges, label)), shape=(len(tail), 4 * CELLS[0] * CELLS[1]))


def _cell(degrees: Floats, count: int) -> Ints:
    low, high = degrees.min(), degrees.max()
    return np.minimum((degrees - low) / (high - low) * count, count - 1).astype(np.int64)


def _on_best_routes(net: Net, pairs: int) -> Iterable[int]:
    """Choose edges of the best routes between the places, spread over all of these."""
    graph = sparse.csr_array((net.base, (net.tail, net.head)), shape=(net.nodes, net.nodes))
    _, before = csgraph.dijkstra(graph, indices=net.sources, return_predecessors=True)
    code = net.tail * net.nodes + net.head
    order = np.argsort(code)
    used: set[int] = set()
    for row in before:
        at = net.targets
        while len(at := at[row[at] >= 0]):
            step = row[at].astype(np.int64) * net.nodes + at
            used.update((order[np.searchsorted(code, step, sorter=order)] % pairs).tolist())
            at = np.unique(row[at]).astype(np.int64)
    found = np.sort(list(used))
    return found[np.linspace(0, len(found) - 1, min(REMOVALS, len(found))).astype(np.int64)].tolist()


def _keep(net: Net, file: Path) -> None:
    """Write a network of roads and railways."""
    rows = {field.name: getattr(net, field.name) for field in fields(Net)}
    groups = {name: rows.pop(name) for name in ("projects", "removals")}
    incidence = rows.pop("incidence")
    del rows["draw"]
    for name, edges in groups.items():
        rows[name] = np.concatenate(edges)
        rows[f"{name} of"] = np.cumsum([len(part) for part in edges])[:-1]
    np.savez(file, label=incidence.indices, **rows)


def _kept(file: Path) -> Net:
    """Read a network of roads and railways."""
    with np.load(file) as arrays:
        rows = dict(arrays)
    for name in ("projects", "removals"):
        rows[name] = np.split(rows[name], rows.pop(f"{name} of"))
    shape = (len(rows["tail"]), 4 * CELLS[0] * CELLS[1])
    label = rows.pop("label")
    rows["incidence"] = sparse.csr_array((rows["weight"], label, np.arange(len(label) + 1)), shape=shape)
    return Net(**rows, draw=_lognormal)
