"""Every tool of the benchmarks gives the same answers on a tiny network, and the page says what the results say."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import corridors as co
from benchmarks import chain, everything, keeping, large, made, measure, networks, page, sections
from benchmarks.networks import Net
from benchmarks.osm import Floats, Ints, Lines
from benchmarks.results import Results, exponent
from benchmarks.rivals import TOOLS
from benchmarks.tasks import TASKS, difference, distances, gray, in_order, right
from corridors.base.sphere import EARTH_KM

ROOT = Path(__file__).parent.parent
SIDE = 10


@pytest.fixture(scope="module")
def net() -> Net:
    r"""Roads as a grid over the region, and one railway across it, joined to the road at both ends.

    o--o--o ... o
    |  |  |     |      =: railway, 35 km/h
    o--o--o ... o
    """
    lat, lon = (axis.ravel() for axis in np.meshgrid(np.linspace(26, 44, SIDE), np.linspace(56, 78, SIDE)))
    number = np.arange(SIDE**2).reshape(SIDE, SIDE)
    first = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel(), [0, SIDE**2]])
    second = np.concatenate([number[1:].ravel(), number[:, 1:].ravel(), [SIDE**2, SIDE**2 - 1]])
    km = np.random.default_rng(1).uniform(100, 300, len(first))
    rail = np.append(np.zeros(SIDE**2, dtype=bool), True)
    return networks.of_lines(
        Lines(np.append(lat, 35.0), np.append(lon, 67.0), first, second, km, km / 40, rail), places=False
    )


@pytest.fixture(scope="module")
def answers(net: Net) -> dict[str, Floats]:
    return right(net)


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.filterwarnings("ignore")  # those of the other tools are their own
def test_tools_agree(name: str, net: Net, answers: dict[str, Floats]) -> None:
    kind = TOOLS[name]
    if missing := kind.missing():
        pytest.skip(missing)
    tool = kind(net)
    distance, nodes = tool.route(*net.route.tolist())
    assert distance == pytest.approx(float(answers["route"][0, 0]), abs=1e-4)
    assert (nodes[0], nodes[-1]) == tuple(net.route)
    for single in ("route", "set", "new_route"):
        (row,) = measure.ask(single, tool, net, answers, 0.001)
        assert not row.problem
        assert row.seconds > 0
    tool.reweight(tool.native(net.base))
    for task_name in in_order(name for name in TASKS if name != "both" or kind.batched):
        task = TASKS[task_name]
        sources, targets = task.ends(net)
        tool.ready(sources, targets)
        answer = task.run(net, tool, task.inputs(net, tool, min(3, task.columns(net))), sources, targets)
        worst, compared = difference(task_name, answer, answers)
        assert worst < 1e-3
        assert compared >= len(targets)


def test_tasks_are_not_trivial(net: Net, answers: dict[str, Floats]) -> None:
    base = answers["matrix 0"]
    assert (answers["subsets 255"] < base).any()
    assert (answers["removals 0"] >= base).all()
    assert (answers["removals 0"] > base).any()
    assert not np.allclose(answers["draws 0"], answers["draws 1"])
    assert all(len(edges) == 2 and net.tail[edges[0]] == net.head[edges[1]] for edges in net.removals)
    there, back = (net.weight[edges] for edges in np.split(np.arange(net.edges), 2))
    assert not np.allclose(there, back)


def test_draws_do_not_depend_on_their_number(net: Net) -> None:
    assert (net.noisy(net.weight, 20, 3)[:, :5] == net.noisy(net.weight, 5, 3)).all()
    assert (net.draw(20, 3)[:, :5] == net.draw(5, 3)).all()
    weights = net.incidence @ np.ones(net.incidence.shape[1])
    assert weights == pytest.approx(net.weight)


def test_subsets_differ_by_one_and_all_come() -> None:
    order = gray(256)
    assert sorted(order) == list(range(256))
    assert all((a ^ b).bit_count() == 1 for a, b in pairwise(order))


def test_a_wrong_answer_does_not_count(net: Net, answers: dict[str, Floats]) -> None:
    class Wrong(TOOLS["scipy"]):  # type: ignore[misc]
        def matrix(self, sources: Ints, targets: Ints) -> Floats:
            return super().matrix(sources, targets) + 0.01

    row = measure.run("matrix", Wrong(net), net, answers, 0.01)
    assert row.difference == pytest.approx(0.01)
    assert row.problem == "answers differ by up to 0.01"
    fine = measure.run("draws", TOOLS["scipy"](net), net, answers, 0.01)
    assert (fine.problem, fine.difference) == ("", 0)
    assert 0 < fine.share < 1


def test_components_are_joined_by_their_smallest_gaps() -> None:
    """a-b   c-d     e-f: b-c and d-e are the smallest gaps, and the second is too wide."""
    lon = np.array([0.0, 0.01, 0.03, 0.04, 0.10, 0.11])
    pairs = np.array([[0, 1], [2, 3], [4, 5]])
    one = np.ones(3)
    lines = Lines(np.zeros(6), lon, *pairs.T, one, one, np.zeros(6, dtype=bool))
    joined = lines.joined(4.0, 10.0)
    assert {(1, 2), (2, 1)} & set(zip(joined.first.tolist(), joined.second.tolist(), strict=True))
    assert joined.km[3:] == pytest.approx([0.02 * np.pi / 180 * EARTH_KM], rel=1e-6)
    assert joined.component().tolist() == [0, 0, 0, 0, 1, 1]
    assert len(joined.largest().lat) == 4
    assert len(lines.joined(8.0, 10.0).largest().lat) == 6


def test_the_reference_network_keeps_its_routes() -> None:
    net = networks.get("reference")
    assert len(np.unique(net.tail * net.nodes + net.head)) == net.edges
    assert all(len(edges) and np.isinf(net.base[edges]).all() for edges in net.projects)
    wanted = co.load().route("Almaty", "Karachi").objective_value
    assert TOOLS["scipy"](net).route(*net.route.tolist())[0] == pytest.approx(wanted, abs=0.01)
    assert distances(net, net.base, net.sources[:1], net.targets[1:2]).item() == pytest.approx(wanted, abs=0.01)


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf8") == page.page(Results())
    for picture in ("benchmarks.svg", "benchmarks-growth.svg"):
        assert (ROOT / "docs" / picture).exists()


def test_exponent_of_a_power() -> None:
    columns = Results().columns()
    assert exponent(columns["draws"], columns["draws"] ** 1.5) == pytest.approx(1.5)


def test_chain_of_trade_is_that_of_one_market_at_a_time() -> None:
    ready = chain.ready(["tashkent", "almaty"], ["kabul"], goods=2, draws=40)
    answer = chain.run(ready)
    hours, cost = (part[1, 0, 0, 2] @ ready.theta for part in (ready.hours, ready.cost))
    g = ready.factor[1, 2] * cost + ready.vot[1, 2] * hours
    weight = np.where(ready.exists[1, 0, 0, 2][:, None], np.exp(-ready.scales * g), 0.0)
    expected = np.sort(weight / weight.sum(axis=0), axis=1)[:, [2, 20, 38]]
    assert answer.shares[1, 0, 1, 0, 2] == pytest.approx(expected)
    assert (answer.tonnes[0, :, :, 1] > 0).all()
    assert (answer.prices[0] >= answer.prices[1] - 1e-6).all()


@pytest.mark.filterwarnings("ignore")
def test_aequilibrae_passes_no_dead_end() -> None:
    """0 -> 2 -> 3 -> 1 is 30 long, both ways; 0 -> 4 <- 1 is short and leads nowhere."""
    if missing := TOOLS["aequilibrae"].missing():
        pytest.skip(missing)
    tail, head = np.array([0, 2, 3, 2, 3, 1, 0, 1]), np.array([2, 3, 1, 0, 2, 3, 4, 4])
    weight = np.array([10.0, 10, 10, 7, 7, 7, 1, 1])
    ends = np.array([0, 1])
    made = Net(*np.zeros((2, 5)), tail, head, weight, ends, ends, ends, ends, sparse.csr_array((8, 0)), [ends[:0]], [],
               lambda columns, _: np.zeros((0, columns)))  # fmt: skip
    tool = TOOLS["aequilibrae"](made)
    assert tool.matrix(ends, ends).tolist() == [[0, 30], [21, 0]]
    tool.reweight(np.array([1.0, 2, 3, 4, 5, 6, 1, 1]))
    assert tool.matrix(ends, ends).tolist() == [[0, 6], [15, 0]]


def test_a_step_that_grows_too_fast_is_named() -> None:
    table = pd.DataFrame({50_000: [1.0, 1.0], 500_000: [10.0, 20.0]}, index=["checked", "first route"])
    powers = sections.growth(table)
    assert powers == pytest.approx({"checked": 1.0, "first route": np.log10(20)})
    assert sections.steepest(powers).startswith('Faster than links^1.2 grows "first route" (1.30: it contracts')
    assert sections.steepest({"checked": 1.21}).endswith('"checked" (1.21: not explained yet).')
    assert sections.steepest({"checked": 1.2}).startswith("No step")


def test_a_goal_missed_by_a_little_is_missed() -> None:
    assert [sections.verdict(value, 2.0) for value in (1.9, 2.0, 2.1, 4.0)] == [
        "met", "met", "missed by 5%", "missed, 2.0 times as much",
    ]  # fmt: skip


def test_a_stopped_run_goes_on_and_keeps_what_each_part_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "RESULTS", tmp_path)
    file, ran = tmp_path / "done.json", []

    def broken() -> None:
        raise RuntimeError("stopped")

    same = {"quick": True, "code": "a"}
    with pytest.raises(RuntimeError, match="stopped"):
        everything.go([("one", lambda: ran.append(1)), ("two", broken)], everything.begun(file, same), file, quick=True)
    two = [("one", lambda: ran.append(1)), ("two", lambda: ran.append(2))]
    everything.go(two, everything.begun(file, same), file, quick=True)
    assert ran == [1, 2]
    kept = pd.read_csv(tmp_path / "durations.csv")
    assert kept["part"].tolist() == ["one", "two"]
    assert (kept[["wall_s", "cpu_s"]] >= 0).all(axis=None)
    assert everything.begun(file, {"quick": True, "code": "b"})["done"] == []
    assert everything.begun(file, {"quick": False, "code": "a"})["done"] == []


def test_a_made_network_is_without_error_and_has_borders_and_railways() -> None:
    net = made.network(3000)
    assert net.check()
    links = net.links
    assert abs(len(links) - 3000) < 300
    assert set(links["mode"]) == {"road", "rail"}
    assert len(net.crossings) >= 1
    assert set(net.places["country"]) == {"KZ", "RU"}
    first, second = large.ends(net, 8)
    assert len({*first, *second}) == 16
    assert net.route(first[0], second[0], cargo="truck").km > 1000


def test_columns_of_results_are_replaced_by_key(tmp_path: Path) -> None:
    keeping.keep("table", [{"a": 1, "b": 1.0}, {"a": 2, "b": 2.0}], ["a"], tmp_path)
    keeping.keep("table", [{"a": 2, "b": 3.0}], ["a"], tmp_path)
    assert pd.read_csv(tmp_path / "table.csv")["b"].tolist() == [1.0, 3.0]
