"""Plans of a tiny network against brute force: prerequisites, exclusions, replaced links, cargo units, budget."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.appraisal.benefits import saving_musd
from corridors.appraisal.lattice import costs_of_sets
from corridors.appraisal.open_edges import compiled_job
from corridors.appraisal.sets import Candidates, candidates_of
from corridors.appraisal.shortlist import Limits, Way, Worth, best_sets
from corridors.appraisal.staging import Capital, staged
from support.networks import PARAMETERS, link, make, place

ENDS = ["a", "b", "c", "d"]
FLOWS = {("A", "D"): 900_000.0, ("A", "C"): 400_000.0, ("B", "D"): 300_000.0}
COSTS = {"first": 100.0, "second": (80.0, 120.0), "bridge": 60.0, "tunnel": 90.0, "faster": 40.0}
LINES = list(COSTS)
RAIL = {"cargo": "wagon", "modes": {"rail"}}


def project(ident: str, **more: object) -> dict[str, object]:
    base = {"id": ident, "name": ident, "kind": "new", "gauge_mm": "1520", "length_km": 50, "status": "planned"}
    return {**base, "countries": "KZ", "source": "s", "year": "2026", "confidence": "A", **more}


def planned(ident: str, first: str, second: str, km: float, name: str, **more: object) -> dict[str, object]:
    return {**link(first, second, "rail", km, status="planned", opened="", project=name, **more), "id": ident}


@pytest.fixture(scope="module")
def tiny() -> co.Network:
    """Rail in one country: long ways that stand, and shorter ones that projects build.

    The second line needs the first. Bridge and tunnel exclude each other. The upgrade replaces a link that stands.
    """
    ranged = [{**row, "low": 0.8 * float(row["value"]), "high": 1.3 * float(row["value"])} for row in PARAMETERS]
    points = [("a", 50, 60), ("b", 50, 63), ("c", 50, 66), ("d", 50, 69), ("m", 51, 64.5)]
    return make(
        [place(ident, "KZ", lat, lon) for ident, lat, lon in points],
        [
            link("a", "b", "rail", 500), link("b", "c", "rail", 600), link("c", "d", "rail", 550),
            link("a", "b", "road", 300), link("b", "c", "road", 250), link("c", "d", "road", 250),
            planned("one", "b", "m", 150, "first"), planned("two", "m", "c", 160, "second"),
            planned("bridge", "c", "d", 300, "bridge"), planned("tunnel", "c", "d", 240, "tunnel"),
            planned("fast", "a", "b", 280, "faster", replaces="a--b:rail-1520"),
        ],
        projects=[
            project("first"), project("second", requires="first"), project("bridge", excludes="tunnel"),
            project("tunnel", excludes="bridge"), project("faster", kind="upgrade"),
        ],
        parameters=ranged,
    )  # fmt: skip


def subsets() -> list[tuple[str, ...]]:
    """Sets that can be built, by the rules as they are told, not as they are coded."""
    every = [part for size in range(6) for part in combinations(LINES, size)]
    return [p for p in every if ("second" not in p or "first" in p) and not {"bridge", "tunnel"} <= set(p)]


def test_sets_are_those_that_can_be_built(tiny: co.Network) -> None:
    found = candidates_of(tiny, LINES)
    assert {frozenset(found.named(one)) for one in found.sets()} == {frozenset(part) for part in subsets()}
    for part in subsets()[1:]:
        tiny.build(*part)  # and the network builds them
    with pytest.raises(co.ScenarioError, match="make it a candidate"):
        candidates_of(tiny, ["second"])
    with pytest.raises(co.UnknownNameError):
        candidates_of(tiny, ["frist"])


@pytest.mark.parametrize("asked", [RAIL, {"cargo": "container"}, {"cargo": "truck"}])
def test_costs_of_all_sets_are_those_of_a_search_of_each(tiny: co.Network, asked: dict[str, object]) -> None:
    found = candidates_of(tiny, LINES)
    sets = found.sets()
    job, edges = compiled_job(tiny, found, (ENDS, ENDS), seed=3, spread="knowledge", asked=asked)
    rows, columns = (part.ravel() for part in np.indices((4, 4)))
    kept = rows != columns
    cost = costs_of_sets(job, edges, sets, (rows[kept], columns[kept]), (0, 25))
    nets = {str(one): tiny.build(*found.named(one)) if one else tiny for one in sets}
    each = co.simulate(nets, ENDS, ENDS, "generalized", draws=25, seed=3, spread="knowledge", **asked)
    assert each.samples is not None
    assert np.array_equal(cost.cost, each.samples[:, :, rows[kept], columns[kept]])
    assert 0 < cost.searches < len(sets)


def brute(net: co.Network, part: tuple[str, ...]) -> float:
    """Yearly benefit of a set in million USD, route by route."""
    built = net.build(*part) if part else net
    saved = [
        tonnes * (net.route(*pair, **RAIL).generalized_usd_t - built.route(*pair, **RAIL).generalized_usd_t)
        for pair, tonnes in FLOWS.items()
    ]
    return sum(saved) / 1e6


def test_a_plan_is_the_best_of_all_sets_within_the_budget(tiny: co.Network) -> None:
    value = {part: brute(tiny, part) for part in subsets()}
    cost = {part: sum(np.mean(COSTS[name]) for name in part) for part in subsets()}
    plan = co.plan(tiny, LINES, FLOWS, budget=250, costs=COSTS, draws=0, **RAIL)
    table = plan.table()
    for part in subsets():
        row = table.loc[" + ".join(part) or "nothing"]
        assert row["benefit_musd"] == pytest.approx(value[part])
        assert row["cost_musd"] == pytest.approx(cost[part])
        assert row["within"] == (cost[part] <= 250)
    best = max((part for part in subsets() if cost[part] <= 250), key=lambda part: (round(value[part], 9), -cost[part]))
    assert plan.best is not None
    assert plan.candidates.named(plan.best) == best

    def beats(other: tuple[str, ...], part: tuple[str, ...]) -> bool:
        less, more = cost[other] - cost[part], value[other] - value[part]
        return (less <= 0 and more > 1e-9) or (less < 0 and more > -1e-9)

    on = {part for part in subsets() if not any(beats(other, part) for other in subsets())}
    assert set(plan.frontier.index) == {" + ".join(part) or "nothing" for part in on}


def test_draws_share_out_the_wins_and_say_what_is_tied(tiny: co.Network) -> None:
    plan = co.plan(tiny, LINES, FLOWS, horizon_years=20, rate_pct=6, costs=COSTS, draws=60, budget=250, **RAIL)
    drawn = plan.annuity * plan.benefits["as it is"].samples - plan._drawn_costs
    winners = pd.Series([plan.name(plan.sets[row]) for row in np.where(plan.within[:, None], drawn, -np.inf).argmax(0)])
    shares = winners.value_counts(normalize=True)
    assert plan.table()["p_best"].loc[shares.index].to_numpy() == pytest.approx(shares.to_numpy())
    assert plan.annuity == pytest.approx((1 - 1.06**-20) / 0.06)
    text = str(plan)
    if plan.best is None:
        assert sum(dict(zip(plan.sets, plan.win_shares, strict=True))[one] for one in plan.tied) >= 0.9
        assert "No set is best" in text
    else:
        assert shares.iloc[0] > 0.5
        assert f"Best within 250 million USD: {plan.name(plan.best)}" in text
    same = co.plan(tiny, LINES, FLOWS, horizon_years=20, rate_pct=6, costs=COSTS, draws=60, budget=250, **RAIL)
    assert same.table().equals(plan.table())


def test_regret_is_what_the_best_set_of_a_future_has_more(tiny: co.Network) -> None:
    futures = {
        "no C-D": co.Scenario("shut").close("c--d:rail-1520"),
        "dear": co.Scenario("dear").close("b--c:rail-1520"),
    }
    plan = co.plan(tiny, LINES, FLOWS, budget=250, costs=COSTS, futures=futures, draws=0, **RAIL)
    assert list(plan.regret.columns) == ["as it is", "no C-D", "dear"]
    assert (plan.regret.min() == 0).all()
    worst = plan.regret.max(axis=1)
    assert worst[plan.name(plan.least_regret)] == worst.min()
    values = dict(zip(plan.sets, plan.benefits["no C-D"].expected, strict=True))
    within = [one for one, ok in zip(plan.sets, plan.within, strict=True) if ok]
    best = max(values[one] for one in within)
    assert plan.regret["no C-D"].to_numpy() == pytest.approx([best - values[one] for one in within])
    assert plan.benefits["no C-D"].no_way_t == 1_200_000  # to D there is no way until something is built
    plan_chart = plan.plot_regret()
    assert len(plan_chart.ax.get_xticklabels()) == 3


def test_the_order_is_the_best_of_all_orders(tiny: co.Network) -> None:
    budget = {2030 + year: 60.0 for year in range(6)}
    plan = co.plan(tiny, LINES, FLOWS, budget=budget, costs=COSTS, rate_pct=5, lead_years=1, draws=0, **RAIL)
    wanted = ("first", "second", "bridge")
    order = plan.staging(wanted)
    benefit = dict(zip(map(plan.name, plan.sets), plan.benefits["as it is"].expected, strict=True))

    def worth(sequence: tuple[str, ...]) -> float:
        total = 0.0
        for year in range(6):
            money, open_now = 60.0 * year, []  # what is paid by the year before is open
            for name in sequence:
                money -= float(np.mean(COSTS[name]))
                if money < 0:
                    break
                open_now.append(name)
            real = [name for name in open_now if name != "second" or "first" in open_now]
            total += benefit[" + ".join(sorted(real, key=LINES.index)) or "nothing"] * 1.05**-year
        return total

    orders = [(a, b, c) for a in wanted for b in wanted for c in wanted if len({a, b, c}) == 3]
    assert worth(tuple(order["project"])) == pytest.approx(max(map(worth, orders)))
    assert list(order["spent_musd"]) == sorted(order["spent_musd"])


def test_dynamic_programming_over_sets_is_worth_what_it_says() -> None:
    three = Candidates(("a", "b", "c"), (("a",), ("b",), ("c",)), (0, 1, 0), ())
    benefits = {0: 0.0, 1: 1.0, 4: 3.0, 3: 5.0, 5: 4.0, 7: 9.0}
    found = staged(three, 7, [10, 10, 10], benefits, Capital((1, 2, 3, 4), (10.0, 10.0, 10.0, 10.0)))
    assert found.order == (2, 0, 1)
    assert found.value_musd == 3 + 4 + 9 + 9


def test_more_sets_than_are_all_valued_are_counted_and_not_listed() -> None:
    names = tuple("abcdefghijklmn")
    many = Candidates(names, tuple((name,) for name in names), (0, 1, *[0] * 12), (0b1100,))
    assert many.count == 2**10 * 3 * 3
    with pytest.raises(co.InputError, match=r"at most 4,096 sets"):
        many.sets()


@pytest.mark.parametrize("asked", [RAIL, {"cargo": "container"}])
@pytest.mark.parametrize("limits", [{"budget": 190}, {"budget": 260}, {"budget": 260, "horizon_years": 30}])
def test_the_model_of_ways_names_the_best_sets_in_their_order(
    tiny: co.Network, limits: dict[str, float], asked: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = co.plan(tiny, LINES, FLOWS, costs=COSTS, draws=0, elasticity=-0.8, **limits, **asked)
    monkeypatch.setattr("corridors.appraisal.plan.MOST_SETS", 3)
    some = co.plan(tiny, LINES, FLOWS, costs=COSTS, draws=0, elasticity=-0.8, **limits, **asked)
    assert some.shortlist is not None
    assert every.shortlist is None
    worth = dict(zip(every.sets, every.values(), strict=True))
    greatest = sorted(
        (worth[one] for one, within in zip(every.sets, every.within, strict=True) if within), reverse=True
    )
    named = [worth[one] for one in some.shortlist.best]
    assert named == pytest.approx(greatest[: len(named)], abs=1e-3), "one after another, by brute force"
    assert len(named) == min(12, len(greatest))
    assert some.best == every.best
    assert some.shortlist.bound_musd == pytest.approx(greatest[0], abs=1e-3)
    valued = dict(zip(some.sets, some.values(), strict=True))
    assert all(valued[one] == pytest.approx(worth[one]) for one in some.sets), "and each is valued as it was"
    assert any("its best is proven" in sentence for sentence in some.sentences)


def random_case(seed: int) -> tuple[Candidates, list[Worth], np.ndarray, Limits]:
    """Two to six projects with what they need and exclude, flows with ways over them, and a budget."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(2, 7))

    def some(below: int, share: float) -> int:
        return sum(1 << k for k in range(below) if chance.random() < share)

    names = tuple("abcdef"[:count])
    needs = tuple(some(k, 0.2) for k in range(count))
    pair = [int(k) for k in chance.choice(count, 2, replace=False)]
    clashes = (1 << pair[0] | 1 << pair[1],) if chance.random() < 0.5 else ()
    flows = []
    for _ in range(int(chance.integers(1, 6))):
        needed = [some(count, 0.4) for _ in range(int(chance.integers(0, 5)))]
        ways = tuple(Way(need, some(count, 0.15) & ~need, 0.0) for need in needed)
        flows.append(Worth(ways, chance.integers(1, 50, len(ways)).astype(float)))
    cost = chance.integers(5, 60, count).astype(float)
    budget = float(chance.choice([0.3, 0.6, np.inf])) * float(cost.sum())
    annuity = None if chance.random() < 0.5 else float(chance.uniform(0.5, 3))
    return Candidates(names, tuple((name,) for name in names), needs, clashes), flows, cost, Limits(budget, annuity)


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_the_model_names_the_best_of_random_cases_in_their_order(first: int) -> None:
    """Against every set by the rules as they are told: what it needs, what it excludes, the budget, the best way."""
    for seed in range(first, first + 10):
        candidates, flows, cost, limits = random_case(seed)
        members = [[k for k in range(len(cost)) if one >> k & 1] for one in range(1 << len(cost))]
        worth: dict[int, float] = {}
        for chosen, mine in enumerate(members):
            needs = all(set(members[candidates.needs[k]]) <= set(mine) for k in mine)
            clash = any(set(members[one]) <= set(mine) for one in candidates.clashes)
            if not needs or clash or cost[mine].sum() > limits.budget_musd:
                continue
            gain = 0.0
            for flow in flows:
                stands = [not way.needs & ~chosen and not way.without & chosen for way in flow.ways]
                gain += max([0.0, *flow.saved_musd[stands].tolist()])
            worth[chosen] = gain if limits.annuity is None else limits.annuity * gain - cost[mine].sum()
        found = best_sets(candidates, flows, cost, limits)
        greatest = sorted(worth.values(), reverse=True)[:12]
        assert len(set(found.best)) == len(greatest), seed
        assert [worth[one] for one in found.best] == pytest.approx(greatest, abs=1e-3), seed
        assert greatest[0] - 1e-6 <= found.bound_musd <= greatest[0] + 1e-3, seed


def test_what_was_not_searched_leaves_a_bound_above_every_set(
    tiny: co.Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = co.plan(tiny, LINES, FLOWS, costs=COSTS, draws=0, budget=190, **RAIL)
    monkeypatch.setattr("corridors.appraisal.plan.MOST_SETS", 3)
    monkeypatch.setattr("corridors.appraisal.shortlist.MOST_SEARCHED", 2)
    some = co.plan(tiny, LINES, FLOWS, costs=COSTS, draws=0, budget=190, **RAIL)
    assert some.shortlist.bound_musd > every.values()[every.within].max() + 0.01
    assert any("no set has more than" in sentence for sentence in some.sentences)
    assert "of them valued" in str(some)


def test_futures_have_their_best_sets_on_the_list(tiny: co.Network, monkeypatch: pytest.MonkeyPatch) -> None:
    futures = {"c-d shut": tiny.close("c--d:rail-1520")}
    every = co.plan(tiny, LINES, FLOWS, costs=COSTS, draws=0, budget=190, futures=futures, **RAIL)
    monkeypatch.setattr("corridors.appraisal.plan.MOST_SETS", 3)
    some = co.plan(tiny, LINES, FLOWS, costs=COSTS, draws=0, budget=190, futures=futures, **RAIL)
    for future in every.benefits:
        best = [float(one.values(future)[one.within].max()) for one in (every, some)]
        assert best[0] == pytest.approx(best[1])
    # an order of building needs the worth of every part
    assert {0, *some.shortlist.best} <= set(some.sets)


def test_the_rule_of_a_half_by_hand() -> None:
    # 100 to 80 USD/t: with an elasticity of -0.5 tonnes grow by (0.8)^-0.5 = 1.1180
    assert saving_musd(np.array(100.0), np.array(80.0), np.array(1e6), -0.5) == pytest.approx(10 * (1 + 0.8**-0.5))
    assert saving_musd(np.array(np.inf), np.array(80.0), np.array(1e6)) == 0


def test_shares_of_the_chosen_set_add_up_to_its_benefit(tiny: co.Network) -> None:
    plan = co.plan(tiny, LINES, FLOWS, budget=300, costs=COSTS, draws=0, **RAIL)
    assert plan.shares()["shapley"].sum() == pytest.approx(plan.table().loc[plan.name(plan.chosen), "benefit_musd"])


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({}, "budget"),
        ({"budget": 100, "elasticity": 0.5}, "elasticity"),
        ({"budget": 100, "costs": {"first": (5, 1)}}, "costs"),
        ({"budget": 100, "costs": {"first": 5}}, "for none is published"),
        ({"budget": 100, "years": [2030, 2032]}, "years"),
        ({"budget": -1}, "budget"),
        ({"budget": 100, "years": []}, "years"),
        ({"budget": 100, "years": [-5, -4]}, "years"),
        ({"budget": True}, "budget"),
        ({"budget": 100, "lead_years": float("nan")}, "lead_years"),
        ({"budget": 100, "lead_years": 10**6}, "lead_years"),
        ({"budget": 100, "horizon_years": 1.5}, "horizon_years"),
        ({"budget": 100, "rate_pct": True}, "rate_pct"),
        ({"budget": 100, "spread": "x"}, "spread"),
    ],
)
def test_what_is_not_possible_says_so(tiny: co.Network, more: dict[str, object], what: str) -> None:
    with pytest.raises(co.InputError, match=what):
        co.plan(tiny, LINES, FLOWS, **{"costs": COSTS, "draws": 0, **RAIL, **more})


def test_the_frontier_is_drawn_with_its_names(tiny: co.Network) -> None:
    plan = co.plan(tiny, LINES, FLOWS, budget=250, costs=COSTS, draws=10, **RAIL)
    drawing = plan.plot()
    texts = "".join(text.get_text() for text in drawing.ax.texts).replace("\n", " ")
    assert plan.candidates.names[0] in texts
    line = next(one for one in drawing.ax.lines if one.get_gid() == "frontier")
    assert list(line.get_ydata()) == list(plan.frontier["benefit_musd"])
