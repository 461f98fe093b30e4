"""Routes, matrices, alternatives, simulations and sweeps against the plain router of `laws.router`, on random worlds."""

from __future__ import annotations

import math

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from laws.router import answers
from laws.worlds import IDS, World, worlds

pytestmark = pytest.mark.filterwarnings("ignore::corridors.ClosedCrossingWarning")

CARGO = st.sampled_from(["wagon", "container", "truck"])

OBJECTIVES = {"generalized": "generalized", "hours": "hours", "cost": "cost", "km": "distance", "co2e": "co2e"}

ATTRIBUTES = {"generalized": "generalized_usd_t", "hours": "hours", "cost": "cost_usd_t", "km": "km", "co2e": "co2e_kg_t"}

MODES = st.sampled_from([None, None, {"rail"}, {"road"}, {"rail", "road"}])

# an hour counts 1e-6 where hours are not the objective
CLOSE = {"rel": 1e-9, "abs": 2e-3}


@settings(max_examples=120, phases=[Phase.generate])
@given(worlds(), CARGO, st.sampled_from(list(OBJECTIVES)), MODES)
def test_routes_and_matrices(world: World, cargo: str, by: str, modes: set[str] | None) -> None:
    net, options = world.network(), {"cargo": cargo, "modes": modes}
    expected = answers(world, cargo, by, modes)
    routes = net.routes(IDS, IDS, by=OBJECTIVES[by], **options)
    matrix = net.matrix(IDS, IDS, OBJECTIVES[by], **options)
    for pair, least in expected.items():
        route = routes[pair]
        found = getattr(route, ATTRIBUTES[by]) if route else math.inf
        assert found == pytest.approx(least, **CLOSE), pair
        assert matrix.loc[pair] == pytest.approx(found, rel=1e-9), pair
