"""Scenarios times draws in one batch: in every draw, every pair of places takes its own best way in every scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corridors.base.arguments import checked
from corridors.base.errors import InputError, UnknownNameError
from corridors.base.names import near
from corridors.base.options import takes
from corridors.base.parallel import ordered_map
from corridors.base.progress import counter
from corridors.base.results import Result
from corridors.base.units import Measure
from corridors.base.units import measure as measure_of
from corridors.engine import memory
from corridors.model.problem import Problem
from corridors.model.question import Asked
from corridors.uncertainty.batch import Job, make_job
from corridors.uncertainty.distribution import PERCENTILES
from corridors.uncertainty.draws import CHUNK, DRAWS, SPREAD_OF_TRIPS, check_draws, ranges
from corridors.uncertainty.percentiles import Reduction
from corridors.whatif.named import Scenarios, named_networks

Floats = NDArray[np.float64]


@checked
@dataclass(frozen=True, eq=False, repr=False)
class Simulation(Result):
    """Matrices of many draws in several scenarios, and the figures that planners read from them.

    Arrays are scenarios by origins by destinations. Differences are paired: of the same draw of the parameters.

    Attributes
    ----------
    scenarios
        Names, the base first.
    origins, destinations
        Places.
    measure, unit
        What was measured along the ways.
    draws, seed
        Number of draws and their seed.
    expected
        Values at the expected parameters; `inf` where there is no way.
    mean, percentiles
        Of the draws; percentiles by percent.
    delta_mean, delta_percentiles
        Of the differences from the base; nan where there is no way in one of the two.
    p_lower
        Share of the draws in which a scenario is below the base.
    samples
        The draws themselves (scenarios by draws by origins by destinations), None if there were too many to keep.
    """

    scenarios: list[str]
    origins: list[str]
    destinations: list[str]
    measure: str
    draws: int
    seed: int
    expected: Floats
    mean: Floats
    percentiles: Mapping[int, Floats]
    delta_mean: Floats
    delta_percentiles: Mapping[int, Floats]
    p_lower: Floats
    samples: Floats | None

    @property
    def unit(self) -> str:
        """Unit of the measure."""
        return measure_of(self.measure).unit

    def matrix(self, scenario: str, what: str = "expected") -> pd.DataFrame:
        """Matrix of one figure of one scenario, origins by destinations.

        Parameters
        ----------
        scenario
            Name of the scenario.
        what
            `expected`, `mean`, `p05`, `p50` or `p95`.

        Raises
        ------
        UnknownNameError
            If the scenario is not in the simulation.
        InputError
            If there is no such figure.
        """
        if scenario not in self.scenarios:
            matches = near(scenario, self.scenarios) or self.scenarios
            raise UnknownNameError("scenario", scenario, matches, where="in this simulation")
        figures = self._figures()
        if what not in figures:
            raise InputError("what", what, f"one of {', '.join(figures)}")
        cells = figures[what][self.scenarios.index(scenario)]
        return pd.DataFrame(
            cells, pd.Index(self.origins, name="origin"), pd.Index(self.destinations, name="destination")
        )

    def table(self) -> pd.DataFrame:
        """Table of one row per scenario, origin and destination, with all figures.

        Columns: expected, mean, p05, p50, p95; of the paired difference from the base delta, delta_p05, delta_p95; and
        p_lower, the share of draws in which the scenario is below the base.
        """
        figures = self._figures() | {
            "delta": self.delta_mean,
            **{f"delta_p{p:02d}": self.delta_percentiles[p] for p in (5, 95)},
            "p_lower": self.p_lower,
        }
        index = pd.MultiIndex.from_product(
            [self.scenarios, self.origins, self.destinations], names=["scenario", "origin", "destination"]
        )
        return pd.DataFrame({name: cells.ravel() for name, cells in figures.items()}, index)

    def _figures(self) -> dict[str, Floats]:
        points = {f"p{p:02d}": cells for p, cells in self.percentiles.items()}
        return {"expected": self.expected, "mean": self.mean, **points}

    def __str__(self) -> str:
        size = f"{len(self.scenarios)} scenarios x {self.draws} draws x {len(self.origins)} x {len(self.destinations)}"
        how = "exact" if self.samples is not None else "from histograms"
        return f"Simulation of {self.measure} ({self.unit}): {size} places; percentiles {how}"


@takes(Asked)
def simulate(
    scenarios: Scenarios,
    origins: str | Iterable[str],
    destinations: str | Iterable[str],
    measure: str | Measure = "hours",
    *,
    draws: int = DRAWS,
    seed: int = 0,
    spread: str = SPREAD_OF_TRIPS,
    executor: Executor | None = None,
    threads: int | None = None,
    dtype: str = "float64",
    **options: Unpack[Asked],
) -> Simulation:
    """Draw the parameters, and route every pair of places anew in every draw and scenario.

    The same draw of a parameter stands behind all scenarios. Draws come in streams of 10,000 that depend on the seed
    and the parameter alone, so that results are the same bits for any executor and any number of workers or threads.

    Parameters
    ----------
    scenarios
        A network, or networks, scenarios and names of bundled scenarios, as in `compare`; the first is the base.
    origins, destinations
        Places, or the name of a set of places.
    measure
        What is measured along the ways: `hours`, `cost`, `distance`, `co2e` or `generalized`; the names of columns,
        such as `cost_usd_t`, will do, too.
    draws, seed, spread
        As in `Route.distribution`; by default the spread of trips.
    executor
        Where chunks of draws are answered: any `concurrent.futures.Executor`, such as a process pool or
        `client.get_executor()` of a Dask cluster. Here, if none is given.
    threads
        Threads of this process where there is no executor; by default one for each core that the process may use,
        and one in a process that another one has started for its work. A worker of an executor uses one.
    dtype
        `float64`, or `float32`, which is faster, and in which ways may differ that are equal to about 1e-5.
    options
        The same for every scenario and draw.

    Returns
    -------
    Simulation
        Hours, USD/t, km and kg CO2e/t of every pair, scenario and draw, as means and percentiles.

    Raises
    ------
    InputError
        If an argument is not possible.
    UnknownNameError
        If there is no such scenario or place.
    MemoryLimitError
        If the figures would not fit the memory.

    >>> import corridors as co
    >>> by_rail = co.simulate([co.load(), "uap-kabul"], ["Tashkent"], ["Karachi"], modes={"rail"}, draws=200)
    >>> (by_rail.table()[["expected", "p05", "p95"]] / 24).round().to_numpy().tolist()
    [[20.0, 12.0, 32.0], [14.0, 8.0, 25.0]]
    """
    wanted = measure_of(measure)
    check_draws(draws, seed, spread)
    nets = named_networks(scenarios)
    rows, columns = (next(iter(nets.values())).place_set(places) for places in (origins, destinations))
    frame = _Frame(list(nets), rows, columns, {name: net.problem(**options) for name, net in nets.items()})
    for problem in frame.problems.values():
        problem.require_ends([*rows, *columns])
    frame.require(draws)
    if dtype not in ("float64", "float32"):
        raise InputError("dtype", dtype, "float64 or float32")
    jobs = frame.jobs(wanted, seed=seed, spread=spread, dtype=dtype)
    expected = frame.joined([job.expected(threads)[:, None] for job in jobs])[:, 0]
    values, deltas = Reduction(draws, expected.shape), Reduction(draws, expected.shape)
    with counter(draws * len(nets), "matrices") as done:
        for chunk in _chunks(jobs, draws, executor, threads):
            drawn = frame.joined(chunk)
            values.add(np.ascontiguousarray(drawn.transpose(1, 0, 2, 3)))
            with np.errstate(invalid="ignore"):
                deltas.add(np.ascontiguousarray((drawn - drawn[:1]).transpose(1, 0, 2, 3)))
            done(drawn.shape[0] * drawn.shape[1])
    return Simulation(
        list(nets), rows, columns, wanted.name, draws, seed, expected, values.mean,
        dict(zip(PERCENTILES, values.percentiles(PERCENTILES), strict=True)),
        deltas.mean,
        dict(zip(PERCENTILES, deltas.percentiles(PERCENTILES), strict=True)),
        deltas.share_below_zero,
        np.ascontiguousarray(values.samples.transpose(1, 0, 2, 3)) if values.exact else None,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Frame:
    """Scenarios and places of a simulation, and where the answers of jobs belong."""

    names: list[str]
    origins: list[str]
    destinations: list[str]
    problems: Mapping[str, Problem]

    def groups(self) -> list[list[str]]:
        """Groups of scenarios that share tables and season, and so one job."""
        groups: dict[tuple[int, str], list[str]] = {}
        for name in self.names:
            problem = self.problems[name]
            groups.setdefault((id(problem.tables), problem.view.season), []).append(name)
        return list(groups.values())

    def existing(self, group: Sequence[str]) -> tuple[list[str], list[str]]:
        """Origins and destinations that a group's network has."""
        e = self.problems[group[0]].expansion
        return [p for p in self.origins if p in e.origin], [p for p in self.destinations if p in e.destination]

    def require(self, draws: int) -> None:
        """Refuse a job whose figures would not fit the memory."""
        cells = len(self.names) * len(self.origins) * len(self.destinations)
        memory.require(
            2 * Reduction.nbytes(draws, cells) + 16.0 * CHUNK * cells * 8,
            f"a simulation of {len(self.names)} scenarios on {len(self.origins)} x {len(self.destinations)} pairs",
            "ask for fewer places or scenarios at a time",
        )

    def jobs(self, of: Measure, *, seed: int, spread: str, dtype: str) -> list[Job]:
        """Compile one job per group."""
        return [
            make_job(
                [self.problems[name] for name in group], of, *self.existing(group),
                seed=seed, spread=spread, dtype=dtype,
            )
            for group in self.groups()
        ]  # fmt: skip

    def joined(self, answers: Sequence[NDArray[np.floating]]) -> Floats:
        """Answers of all jobs in one array: scenarios by draws by origins by destinations."""
        draws = answers[0].shape[1]
        cells = np.full((len(self.names), draws, len(self.origins), len(self.destinations)), np.inf)
        for group, answer in zip(self.groups(), answers, strict=True):
            rows, columns = self.existing(group)
            at = [self.names.index(name) for name in group]
            here = [self.origins.index(p) for p in rows], [self.destinations.index(p) for p in columns]
            cells[np.ix_(at, range(draws), *here)] = answer
        for row, place in enumerate(self.origins):
            cells[:, :, row, [column for column, other in enumerate(self.destinations) if other == place]] = 0.0
        return cells


def _chunks(
    jobs: Sequence[Job], draws: int, executor: Executor | None, threads: int | None
) -> Iterator[list[NDArray[np.floating]]]:
    """Yield the answers of all jobs, chunk by chunk."""
    tasks = [(job, *bounds) for bounds in ranges(draws) for job in jobs]
    answers: list[NDArray[np.floating]] = []
    for answer in ordered_map(Job.draws, tasks, executor, threads=threads):
        answers.append(answer)
        if len(answers) == len(jobs):
            yield answers
            answers = []
