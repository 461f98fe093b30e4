"""Errors keep what they say on the way to another process."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import pkgutil
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest

import corridors as co
from corridors.base.errors import CorridorsWarning, SchemaError, SearchLimitError, UnknownOptionError

ERRORS = [
    co.CorridorsError("plain"),
    SchemaError("links", ["row 1: no"], "links.csv"),
    co.UnknownNameError("place", "x", ["y"], "look again"),
    co.AmbiguousNameError("x", ["a", "b"]),
    co.NoRouteError("a", "b", ["shut"]),
    co.InputError("cargo", 3, "one of wagon"),
    UnknownOptionError("route", "mode", ["modes"], ["modes"]),
    co.MemoryLimitError("a job", 2e9, 1e9, "ask for less"),
    SearchLimitError(1000),
    co.MissingPackageError("reading", "osmium", "osm"),
    co.MergeError(["links a--b"]),
    co.ScenarioError("built already"),
    co.ParameterError("doubled"),
    co.DataFileError("'links.csv' cannot be read"),
    co.TooFarError("40 km away"),
]
"""One of every class."""


def descendants(kind: type) -> set[type]:
    return {kind}.union(*map(descendants, kind.__subclasses__()))


def ask(pair: tuple[str, str]) -> float:
    return co.load().route(*pair).km


def test_there_is_one_of_every_class() -> None:
    for module in pkgutil.walk_packages(co.__path__, "corridors."):
        import_module(module.name)
    assert descendants(co.CorridorsError) == {type(error) for error in ERRORS}
    for warning in descendants(CorridorsWarning):
        made = pickle.loads(pickle.dumps(warning("beware")))  # noqa: S301 - of this test
        assert (type(made), str(made)) == (warning, "beware")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_can_be_sent_and_copied(error: co.CorridorsError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - of this test
        assert type(again) is type(error)
        assert (str(again), vars(again)) == (str(error), vars(error))


def test_an_error_in_another_process_comes_back() -> None:
    # an error that could not be unpickled left Pool.map waiting for ever
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool, pytest.raises(co.UnknownNameError, match=r"no place 'Nowhere'.*Nowshera") as caught:
        pool.map_async(ask, [("Almaty", "Nowhere")]).get(timeout=300)
    assert caught.value.value == "Nowhere"
    with ProcessPoolExecutor(1, mp_context=context) as executor, pytest.raises(co.UnknownNameError) as caught:
        list(executor.map(ask, [("Almaty", "Nowhere")]))
    assert caught.value.value == "Nowhere"


def test_what_an_error_says_does_not_depend_on_the_file_being_there(tmp_path: Path) -> None:
    with pytest.raises(co.DataFileError) as caught:
        co.read(tmp_path / "gone.gpkg")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - of this test
