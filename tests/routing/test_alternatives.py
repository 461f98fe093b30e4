"""Alternatives of a large network in bounded memory, and against routes that avoid the same."""

from __future__ import annotations

import tracemalloc

import pytest

import corridors as co
from support.networks import grid


@pytest.mark.parametrize("side", [12, 36])
def test_branches_need_no_memory_of_their_own(side: int) -> None:
    net = grid(side)
    ends = "p0", f"p{side * side - 1}"
    edges = len(net.route(*ends, cargo="truck").problem.expansion)
    tracemalloc.start()
    found = net.alternatives(*ends, 3, dissimilarity=0.05, cargo="truck")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) >= 1
    # a question of its own for each of more than a hundred branches took 7,500 bytes an edge
    assert peak < 1_000_000 + 300 * edges


@pytest.mark.parametrize("options", [{"cargo": "truck"}, {"cargo": "container"}, {"cargo": "wagon"}])
def test_each_is_the_route_that_avoids_the_same(net: co.Network, options: dict[str, str]) -> None:
    found = net.alternatives("Tashkent", "Lahore", 3, **options)
    assert len(found) == 3
    for route in found:
        again = net.route("Tashkent", "Lahore", avoid=route.problem.question.avoid, **options)
        assert (again.edges, again.objective_value) == (route.edges, route.objective_value)
        assert not set(route.crossings) & set(route.problem.question.avoid)


def test_a_few_errors_come_before_the_search(net: co.Network) -> None:
    for k, share in ((0, 0.3), (2, 1.5), (2, -0.1)):
        with pytest.raises(co.InputError, match="dissimilarity"):
            net.alternatives("Almaty", "Karachi", k, dissimilarity=share)
    with pytest.raises(co.NoRouteError):
        net.alternatives("Almaty", "Karachi", modes={"sea"})
