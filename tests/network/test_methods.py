"""Methods of a network: those that are functions of other modules, and what their help says."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

import corridors as co
from corridors.model.state import State

OWN = sorted(
    name
    for name, thing in vars(co.Network).items()
    if inspect.isfunction(thing) and not name.startswith("_") and name != "from_state"
)


def test_the_methods_are_there() -> None:
    assert {"at", "build", "check", "close", "connect", "graph", "insert_place", "merge", "nearest", "select"} <= set(
        OWN
    )
    assert {"simplify", "to_igraph", "to_osmnx", "to_sparse", "trace", "with_parameters", "write"} <= set(OWN)


@pytest.mark.parametrize("name", OWN)
def test_the_help_of_a_method_explains_every_option(name: str) -> None:
    method = getattr(co.load(), name)
    text = inspect.getdoc(method) or ""
    signature = inspect.signature(method)
    assert not [one for one in signature.parameters.values() if one.kind is one.VAR_KEYWORD]
    entries = {word for line in re.findall(r"(?m)^[a-z_, ]+$", text) for word in line.split(", ")}
    assert set(signature.parameters) <= entries
    assert "Returns\n-------" in text
    assert ">>>" in text


def test_a_method_and_its_function_are_one() -> None:
    from corridors.network.select import select

    net = co.load()
    part = net.select(country="TJ", mode="rail")
    assert isinstance(part, co.Network)
    assert part.links.index.tolist() == select(net, country="TJ", mode="rail").links.index.tolist()
    bare = select(State(net.tables), country="TJ", mode="rail")
    assert type(bare) is State
    assert len(bare.links) == len(part.links) > 0


def test_a_misspelt_option_is_refused() -> None:
    with pytest.raises(TypeError, match="maxkm"):
        co.load().connect("Balkh", maxkm=20)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"country": "Uzbekia"}, "no country 'Uzbekia'"),
        ({"country": ["UZ", "XX"]}, "no country 'XX'"),
        ({"mode": "railway"}, "no mode 'railway'.*rail"),
        ({"status": "opened"}, "no status 'opened'.*open"),
        ({"project": "uap-kabu"}, "no project 'uap-kabu'.*uap-kabul"),
        ({"gauge": 1521}, "no gauge '1521'.*1520"),
    ],
)
def test_a_part_by_what_there_is_not(net: co.Network, wrong: dict[str, Any], match: str) -> None:
    with pytest.raises(co.UnknownNameError, match=match):
        net.select(**wrong)


def test_a_part_by_numbers_and_small_letters(net: co.Network) -> None:
    assert set(net.select(gauge=1520).links["gauge_mm"]) == {"1520"}
    assert net.select(country="uz").links.equals(net.select(country="UZ").links)
    assert len(net.nearest("Kabul", country="pk")) == 5
    for asked in (net.nearest, lambda where: net.connect(where, max_km=10)):
        with pytest.raises(co.AmbiguousNameError, match="Hyderabad"):  # that of millions is in India
            asked("Hyderabad")
    for wrong in ({"country": "Pakistania"}, {"system": "rail1520"}):
        with pytest.raises(co.UnknownNameError, match=r"no (country|system)"):
            net.nearest("Kabul", **wrong)
