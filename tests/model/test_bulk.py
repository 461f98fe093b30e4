"""Edges that are made at once: links are of one kind only where no parameter tells them apart."""

import gc

import numpy as np
import pytest

import corridors as co
from corridors.base.units import Load
from corridors.model.builder import expand
from support.networks import PARAMETERS, link, make, parameter, place


def test_a_parameter_of_one_link_holds_for_that_link_alone() -> None:
    places = [place(f"p{i}", "KZ", 40 + i, 60 + i) for i in range(4)]
    links = [link(f"p{i}", f"p{i + 1}", "road", 100) for i in range(3)]
    one = parameter("line_haul", "cost", 0.5, "USD/tkm", mode="road", link=links[1]["id"])
    before, after = (
        expand(make(places, links, parameters=rows).tables, "truck") for rows in (PARAMETERS, [*PARAMETERS, one])
    )
    changed = before.values["cost"] != after.values["cost"]
    assert np.array_equal(changed, after.link == 1)
    assert (after.values["cost"][changed] == 50).all()


def test_states_are_numbered_as_edges_name_them() -> None:
    e = expand(co.load().tables, "wagon")
    ends = np.stack([e.tail, e.head], axis=1).ravel()
    first = np.sort(np.unique(ends, return_index=True)[1])
    assert ends[first].tolist() == list(range(len(e.states)))
    assert (np.diff(e.link[e.link >= 0]) >= 0).all()


def test_the_collector_of_python_is_as_it_was() -> None:
    places = [place(f"p{i}", "KZ", 40 + i, 60 + i) for i in range(2)]
    good, bad = (
        make(places, [link("p0", "p1", "road", 100)]),
        make(places, [link("p0", "p1", "rail", 100)], parameters=[]),
    )
    for was_on in (True, False):
        (gc.enable if was_on else gc.disable)()
        try:
            expand(good.tables, "truck", load=Load("truck", 10.0 + was_on))
            with pytest.raises(co.ParameterError):
                expand(bad.tables, "wagon")
            assert gc.isenabled() == was_on
        finally:
            gc.enable()
