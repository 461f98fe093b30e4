"""Scenarios times draws: against routing every draw on its own, on every kind of executor, and within limits."""

from __future__ import annotations

import _thread
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

import corridors as co
from corridors.base.parallel import ordered_map, threads_of
from corridors.engine import checks, memory
from corridors.uncertainty import draws, percentiles
from corridors.uncertainty.graphs import compiled
from corridors.uncertainty.percentiles import Reduction
from corridors.uncertainty.totals import drawn_problems, drawn_rests

ENDS = (["Tashkent", "Almaty"], ["Karachi", "Kabul"])


@pytest.fixture(scope="module")
def nets(net: co.Network) -> dict[str, co.Network]:
    return {
        "base": net,
        "kabul": net.build("uap-kabul"),
        "shut": net.close("AF-PK"),
        "slow": net.with_parameters(scale={"line_haul/AF/rail/hours": 0.5}),
    }


def same(one: co.Simulation, other: co.Simulation) -> None:
    np.testing.assert_array_equal(one.samples, other.samples)
    for figure in ("expected", "mean", "delta_mean", "p_lower"):
        np.testing.assert_array_equal(getattr(one, figure), getattr(other, figure))


@pytest.mark.parametrize("method", ["kernel", "scipy"])
@pytest.mark.parametrize(
    ("measure", "by"), [("hours", "generalized"), ("cost", "hours"), ("generalized", "generalized")]
)
def test_every_draw_is_routed_as_if_alone(nets, measure, by, method, monkeypatch) -> None:
    monkeypatch.setattr(checks, "SMALL_S", 0.0 if method == "kernel" else float("inf"))
    found = co.simulate(nets, *ENDS, measure, by=by, draws=7, seed=3, cargo="container")
    column = {"hours": "hours", "cost": "cost_usd_t", "generalized": "generalized_usd_t"}[measure]
    for number, (name, net) in enumerate(nets.items()):
        problem = net.problem(by=by)
        rests = drawn_rests(problem, column, 7, 3, "both")
        for draw, (drawn, totals) in enumerate(drawn_problems(problem, column, 7, 3, "both")):
            for row, origin in enumerate(found.origins):
                for place, destination in enumerate(found.destinations):
                    edges = drawn.best_path(origin, destination)
                    expected = np.inf
                    if edges is not None:
                        change = problem.expansion.rest.change(np.array(edges)).sum()
                        expected = totals[edges].sum() + rests[draw] * change
                    assert found.samples[number, draw, row, place] == pytest.approx(expected, rel=1e-11), name


def test_expected_values_are_those_of_the_matrix(nets) -> None:
    found = co.simulate(nets, "kazakhstan", "south-asian-ports", "hours", by="hours", draws=3, modes={"rail"})
    for name, net in nets.items():
        matrix = net.matrix("kazakhstan", "south-asian-ports", "hours", modes={"rail"})
        np.testing.assert_allclose(found.matrix(name), matrix, rtol=1e-12)
    single = co.simulate(nets, *ENDS, draws=40, dtype="float32")
    np.testing.assert_allclose(single.samples, co.simulate(nets, *ENDS, draws=40).samples, rtol=1e-4)


def test_figures_by_hand(nets) -> None:
    found = co.simulate(nets, *ENDS, draws=50)
    base, kabul = found.samples[0, :, 0, 0], found.samples[1, :, 0, 0]
    row = found.table().loc[("kabul", "tashkent", "karachi")]
    assert row["p95"] == pytest.approx(np.percentile(kabul, 95))
    assert row["delta"] == pytest.approx((kabul - base).mean())
    assert row["delta_p05"] == pytest.approx(np.percentile(kabul - base, 5))
    assert row["p_lower"] == (kabul < base).mean()
    shut = found.table().loc[("shut", "tashkent", "kabul")]
    assert shut["delta_p05"] == shut["delta_p95"] == shut["p_lower"] == 0
    assert found.matrix("base", "p50").loc["almaty", "kabul"] == pytest.approx(np.median(found.samples[0, :, 1, 1]))
    own = co.simulate(nets["base"], ["Kabul"], ["Kabul", "Gwadar"], draws=2, modes={"rail"})
    assert own.expected.tolist() == [[[0.0, np.inf]]]
    assert own.percentiles[50].tolist() == [[[0.0, np.inf]]]
    assert np.isnan(own.delta_mean[0, 0, 1])


def test_a_draw_has_its_number_whatever_else_is_drawn(net, monkeypatch) -> None:
    monkeypatch.setattr(draws, "STREAM_DRAWS", 30)
    theta = net.tables.theta
    whole = draws.draw(theta, 100, 4)
    np.testing.assert_array_equal(whole[:, 25:65], draws.draw(theta, 40, 4, first=25))
    assert len(np.unique(whole[0])) == 100


class Fragile(Executor):
    """Loses the second chunk that it is given, and after the fourth takes no more work."""

    def __init__(self) -> None:
        self.taken = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        if self.taken > 4:
            raise BrokenExecutor("gone")
        future: Future[Any] = Future()
        if self.taken == 2:
            future.set_exception(BrokenExecutor("lost"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_lost_chunks_are_done_again() -> None:
    with pytest.warns(co.LostWorkerWarning) as told:
        assert list(ordered_map(pow, [(2, n) for n in range(8)], Fragile())) == [2**n for n in range(8)]
    assert "done again" in str(told[0].message)
    assert "executor is broken" in str(told[-1].message)


def test_errors_of_the_work_itself_are_not_tried_again() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        list(ordered_map(divmod, [(1, 0)], pool))
    with pytest.raises(ZeroDivisionError):
        list(ordered_map(divmod, [(1, 1), (1, 0)], threads=2))


def _name_of_thread(_: int) -> str:
    return threading.current_thread().name


def test_threads_are_used_where_there_is_no_executor() -> None:
    tasks = [(number,) for number in range(6)]
    assert set(ordered_map(_name_of_thread, tasks, threads=1)) == {threading.current_thread().name}
    assert threading.current_thread().name not in set(ordered_map(_name_of_thread, tasks, threads=2))
    with ThreadPoolExecutor(1, "own") as pool:  # an executor decides alone how much is done at once
        assert set(ordered_map(_name_of_thread, tasks, pool, threads=4)) == {"own_0"}


def test_a_process_that_another_one_started_has_one_thread() -> None:
    assert threads_of(None) == len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(threads_of, None).result() == 1
        assert pool.submit(threads_of, 3).result() == 3


@pytest.mark.parametrize("threads", [0, -1, True, 1.5, "two"])
def test_threads_that_cannot_be_are_refused(nets, threads) -> None:
    with pytest.raises(co.InputError, match="threads="):
        co.simulate(nets, *ENDS, draws=2, threads=threads)


def test_results_are_the_same_bits_for_any_number_of_workers(nets, monkeypatch) -> None:
    monkeypatch.setattr(draws, "CHUNK", 20)
    alone = co.simulate(nets, *ENDS, draws=60, seed=1, threads=1)
    for workers in (1, 3):
        with ThreadPoolExecutor(workers) as pool:
            same(co.simulate(nets, *ENDS, draws=60, seed=1, executor=pool), alone)
        same(co.simulate(nets, *ENDS, draws=60, seed=1, threads=workers), alone)
    monkeypatch.setattr(draws, "CHUNK", 60)
    np.testing.assert_array_equal(co.simulate(nets, *ENDS, draws=60, seed=1).samples, alone.samples)


class Killing(Executor):
    """Hands work on, and kills a worker when the third chunk has been handed out."""

    def __init__(self, executor: Executor, victim: int) -> None:
        self.executor, self.victim, self.taken = executor, victim, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = self.executor.submit(fn, *args, **kwargs)
        self.taken += 1
        if self.taken == 3:
            os.kill(self.victim, signal.SIGKILL)
        return future


@pytest.mark.slow
def test_a_dask_cluster_that_loses_a_worker_gives_the_same_bits(nets, monkeypatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(draws, "CHUNK", 100)
    alone = co.simulate(nets, *ENDS, draws=400, seed=1)
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        workers = client.run(os.getpid)
        assert len(workers) == 2
        executor = Killing(client.get_executor(), next(iter(workers.values())))
        same(co.simulate(nets, *ENDS, draws=400, seed=1, executor=executor), alone)


def test_histograms_stay_within_their_bins(nets, monkeypatch) -> None:
    exact = co.simulate(nets, *ENDS, draws=1500)
    monkeypatch.setattr(percentiles, "KEEP_BYTES", 0)
    coarse = co.simulate(nets, *ENDS, draws=1500)
    assert coarse.samples is None
    np.testing.assert_array_equal(coarse.mean, exact.mean)
    first = exact.samples[:, :500]
    bins = 3 * np.ptp(np.where(np.isfinite(first), first, 0), axis=1) / percentiles.BINS
    for percent, cells in coarse.percentiles.items():
        near = exact.percentiles[percent]
        # a percentile of draws lies between two of them; the histogram gives the bin of the upper one
        assert ((np.abs(cells - near) <= bins + 0.02 * np.abs(near)) | (cells == near)).all()
    assert "histograms" in repr(coarse)


def test_a_histogram_of_known_numbers() -> None:
    numbers = np.random.default_rng(0).permutation(np.arange(10_000.0)).reshape(-1, 1)
    found = Reduction(len(numbers), (1,))
    found.exact = False
    for part in np.split(numbers, 10):
        found.add(part)
    assert found.percentiles([5, 50, 95])[:, 0] == pytest.approx([500, 5000, 9500], abs=3 * 10_000 / percentiles.BINS)
    assert Reduction.nbytes(10**9, 10) == Reduction.nbytes(10**8, 10)


def test_what_would_not_fit_the_memory_is_refused_with_advice(nets, net, monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 1e6)
    with pytest.raises(co.MemoryLimitError, match="fewer places or scenarios"):
        co.simulate(nets, *ENDS, draws=1000)
    h = compiled(net.tables, "container").hierarchy
    with pytest.raises(co.MemoryLimitError, match="fewer columns"):
        h.matrix(np.ones((len(h.tail), 10)), np.arange(500), np.arange(500))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Take interrupts even where they are ignored, as in a job in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_stops_the_work_and_breaks_nothing(nets) -> None:
    before = co.simulate(nets, *ENDS, draws=20)
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        co.simulate(nets, "kazakhstan", "south-asian-ports", draws=200_000)
    timer.join()
    same(co.simulate(nets, *ENDS, draws=20), before)


def test_without_numba_scipy_gives_the_same_and_says_so_once(nets, monkeypatch) -> None:
    expected = co.simulate(nets, *ENDS, draws=5)
    for limit in ("SMALL_S", "SLOW_S"):
        monkeypatch.setattr(checks, limit, 0.0)
    monkeypatch.setattr(checks, "find_spec", lambda _: None)
    checks._say_slow.cache_clear()
    with pytest.warns(co.SlowEngineWarning, match=r"corridors\[fast\]"):
        found = co.simulate(nets, *ENDS, draws=5)
    same(co.simulate(nets, *ENDS, draws=5), found)  # a second warning would be an error
    np.testing.assert_allclose(found.samples, expected.samples, rtol=1e-11)


@pytest.mark.parametrize(
    ("options", "named"),
    [({"measure": "joy"}, "measure"), ({"draws": 0}, "draws"), ({"spread": "wide"}, "spread"), ({"by": "joy"}, "by")],
)
def test_wrong_arguments_are_named(net, options, named) -> None:
    with pytest.raises(co.InputError, match=named):
        co.simulate(net, *ENDS, **options)
    with pytest.raises(co.InputError, match="scenarios"):
        co.simulate({"s": co.Scenario("s")}, *ENDS)


def test_use_shares_are_those_of_the_routes(net) -> None:
    draws, seed = 6, 2
    found = co.use_shares(net, *ENDS, draws=draws, seed=seed, spread="both").set_index(["kind", "id"])
    passed: dict[tuple[str, str], np.ndarray] = {}
    problem = net.problem()
    e, tables = problem.expansion, net.tables
    for number, (drawn, _) in enumerate(drawn_problems(problem, "hours", draws, seed, "both")):
        for origin in ("tashkent", "almaty"):
            for destination in ("karachi", "kabul"):
                edges = drawn.best_path(origin, destination)
                for kind, index in (
                    ("crossing", e.crossing),
                    ("link", e.link),
                    ("service", e.service),
                    ("terminal", e.terminal),
                ):
                    for row in set(index[edges]) - {-1}:
                        key = (kind, str(tables[f"{kind}s"]["id"].iloc[row]))
                        passed.setdefault(key, np.zeros(draws))[number] += 1 / 4
    assert set(found.index) == set(passed)
    for key, shares in passed.items():
        assert found.loc[key, "mean"] == pytest.approx(shares.mean()), key
        assert found.loc[key, "p95"] == pytest.approx(np.percentile(shares, 95)), key
    with ThreadPoolExecutor(2) as pool:
        again = co.use_shares(net, *ENDS, draws=draws, seed=seed, spread="both", executor=pool)
    assert again.set_index(["kind", "id"]).equals(found)
    with pytest.raises(co.NoRouteError):
        co.use_shares(net, ["Almaty"], ["Gwadar"], modes={"rail"}, draws=2)


def test_a_sweep_is_every_set_built_by_hand(net) -> None:
    projects = ["uap-naibabad-kharlachi", "kharlachi-kohat", "western-route"]
    options = {"cargo": "wagon", "modes": {"rail"}}
    table = co.sweep(net, projects, *ENDS, draws=40, **options)
    assert len(table) == 8
    assert table.loc[[()], "change"].item() == 0
    parts = {(): net, tuple(projects): net.build(*projects), ("western-route",): net.build("western-route")}
    base = net.matrix(*ENDS, "generalized", **options)
    for part, built in parts.items():
        matrix = built.matrix(*ENDS, "generalized", **options)
        both = np.isfinite(base) & np.isfinite(matrix)
        row = table.loc[[part]].iloc[0]
        assert row["change"] == pytest.approx((matrix - base).to_numpy()[both].mean())
        assert row["joined"] == np.isfinite(matrix).to_numpy().sum()
        assert row["change_p05"] <= row["change_p95"] <= 1e-9
    # one half of the railway alone cannot be used: its prerequisite is missing or it leads nowhere
    alone = table.loc[[("uap-naibabad-kharlachi",)]].iloc[0]
    assert (alone["complete"], alone["gaining"]) in {(False, 0), (True, 0)}
    with pytest.raises(co.InputError, match="projects"):
        co.sweep(net, [], *ENDS)
