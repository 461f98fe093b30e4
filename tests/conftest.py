"""What all tests share: settings, the reference network, a line with a border and a break of gauge."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import pytest
from hypothesis import settings

import corridors as co
from support.networks import POSITIONS, crossing, link, make, place, terminal

mpl.use("Agg")

# the same examples on every machine; more of them with --hypothesis-profile=search
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=500, deadline=None)
settings.load_profile("same")


SLOWEST_FIRST = ("report/test_report.py", "test_notebooks.py")
"""Tests that take longest: begun first, so that no worker is left with one at the end, nor makes a report twice."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.as_posix().endswith(SLOWEST_FIRST))


@pytest.fixture
def line() -> co.Network:
    """Rail over a border with a break of gauge at D.

    ::

        A --100 km-- B |--10 km (4 + 6)--| C --90 km-- D ==60 km== E
             1520        border KZ | UZ        1520       1435
    """
    return make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [
            link("a", "b", "rail", 100),
            link("b", "c", "rail", 10, crossing="x", border_km=4),
            link("c", "d", "rail", 90),
            link("d", "e", "rail", 60, "1435"),
        ],
        crossings=[crossing("x", "b", "c")],
        terminals=[terminal("d", "rail-1520", "rail-1435")],
    )


@pytest.fixture(scope="session")
def net() -> co.Network:
    """The reference network."""
    return co.load()


@pytest.fixture(autouse=True)
def _no_open_figures() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt

    assert not plt.get_fignums(), "a test left figures open in pyplot"
