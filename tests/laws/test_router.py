"""Routes, matrices, alternatives, simulations and sweeps of random worlds against the plain router of `laws.router`."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.engine import checks
from laws.router import answers, without
from laws.worlds import IDS, TIMES, World, worlds

pytestmark = pytest.mark.filterwarnings("ignore::corridors.ClosedCrossingWarning")

GENERATE = (Phase.explicit, Phase.generate)
"""To make a failing world smaller takes minutes."""

CARGO = ("wagon", "container", "truck")

OBJECTIVES = {
    "generalized": "generalized_usd_t", "hours": "hours", "cost": "cost_usd_t", "distance": "km", "co2e": "co2e_kg_t",
}  # fmt: skip

NAMES = {"distance": "km"}
"""Names of measures that the plain router has otherwise."""

MODES = st.sampled_from([None, None, None, frozenset({"rail"}), frozenset({"road"}), frozenset({"rail", "road"})])

CLOSE = {"rel": 1e-9, "abs": 2e-3}
"""An hour counts 1e-6 where hours are not the objective."""


def table(world: World, cargo: str, by: str) -> np.ndarray:
    found = answers(world, cargo, NAMES.get(by, by))
    return np.array([[found.get((a, b), 0.0) for b in IDS] for a in IDS])


@settings(max_examples=16 * TIMES, phases=GENERATE)
@given(worlds(), MODES, st.sampled_from(list(OBJECTIVES)))
def test_routes_and_matrices(world: World, modes: frozenset[str] | None, other: str) -> None:
    net = world.network()
    for cargo, by in product(CARGO, dict.fromkeys(["generalized", other])):
        expected = answers(world, cargo, NAMES.get(by, by), None if modes is None else set(modes))
        routes = net.routes(IDS, IDS, by=by, cargo=cargo, modes=modes)
        matrix = net.matrix(IDS, IDS, by, cargo=cargo, modes=modes)
        for pair, least in expected.items():
            route = routes[pair]
            found = getattr(route, OBJECTIVES[by]) if route else math.inf
            assert found == pytest.approx(least, **CLOSE), (pair, cargo, by)
            assert matrix.loc[pair] == pytest.approx(found, rel=1e-9), (pair, cargo, by)


@settings(max_examples=8 * TIMES, phases=GENERATE)
@given(worlds(), st.sampled_from(CARGO))
def test_alternatives_are_best_without_what_they_avoid(world: World, cargo: str) -> None:
    net, best = world.network(), answers(world, cargo, "generalized")
    for pair in [pair for pair, least in best.items() if least < math.inf][::9]:
        found = net.alternatives(*pair, 3, dissimilarity=0.2, cargo=cargo)
        values = [route.generalized_usd_t for route in found]
        assert values[0] == pytest.approx(best[pair], **CLOSE)
        assert values == sorted(values)
        for route in found:
            closed = [name for name in route.problem.question.avoid if "--" not in name]
            if len(closed) == len(route.problem.question.avoid):
                least = answers(without(world, *closed), cargo, "generalized")[pair]
                assert route.generalized_usd_t == pytest.approx(least, **CLOSE)


@settings(max_examples=8 * TIMES, phases=GENERATE)
@given(worlds(), st.sampled_from(CARGO), st.sampled_from(["generalized", "hours"]))
def test_simulations_expect_the_same(world: World, cargo: str, by: str) -> None:
    shut = next((row["id"] for row in world.links[1:]), "")
    nets = {"base": world.network(), "shut": world.network().close(shut)}
    for method in (0.0, math.inf):
        with pytest.MonkeyPatch.context() as patch:
            # with kernel and with scipy
            patch.setattr(checks, "SMALL_S", method)
            found = co.simulate(nets, IDS, IDS, by, by=by, draws=2, cargo=cargo)
        for name, seen in (("base", world), ("shut", without(world, shut))):
            matrix = found.matrix(name).to_numpy()
            np.testing.assert_allclose(matrix, table(seen, cargo, by), rtol=1e-9, atol=2e-3)


@settings(max_examples=8 * TIMES, phases=GENERATE)
@given(worlds(), st.sampled_from(["container", "truck"]))
def test_a_sweep_is_the_world_with_and_without(world: World, cargo: str) -> None:
    before, after = (World(**{**vars(world), "built": built, "shut": ()}) for built in (False, True))
    one, other = (table(seen, cargo, "generalized") for seen in (before, after))
    apart = ~np.eye(len(IDS), dtype=bool)
    both = np.isfinite(one) & np.isfinite(other) & apart
    if not both.any():
        return
    found = co.sweep(before.network(), ["new"], IDS, IDS, cargo=cargo)
    assert found.loc[[()], "change"].item() == 0
    assert found.loc[[("new",)], "change"].item() == pytest.approx((other[both] - one[both]).mean(), abs=2e-3)
    assert found.loc[[("new",)], "joined"].item() == (np.isfinite(other) & apart).sum()
