"""Errors keep what they say on the way to another process."""

from __future__ import annotations

import copy
import pickle

import pytest

import corridors as co
from corridors.base.errors import SchemaError, UnknownOptionError

ERRORS = [
    co.CorridorsError("plain"),
    SchemaError("links", ["row 1: no"], "links.csv"),
    co.UnknownNameError("place", "x", ["y"], "look again"),
    co.AmbiguousNameError("x", ["a", "b"]),
    co.NoRouteError("a", "b", ["shut"]),
    co.InputError("cargo", 3, "one of wagon"),
    UnknownOptionError("route", "mode", ["modes"], ["modes"]),
    co.MemoryLimitError("a job", 2e9, 1e9, "ask for less"),
    co.MissingPackageError("reading", "osmium", "osm"),
    co.MergeError(["links a--b"]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_can_be_sent_and_copied(error: co.CorridorsError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - of this test
        assert type(again) is type(error)
        assert (str(again), vars(again)) == (str(error), vars(error))
