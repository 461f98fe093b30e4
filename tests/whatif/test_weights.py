"""Weights of pairs: the forms agree, shares add up, and what is wrong is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridors as co
from corridors.whatif.weights import pair_shares, pair_weights
from support.networks import POSITIONS, link, make, place

MATRIX = pd.DataFrame(0.0, list("abc"), list("bcd"))
"""Origins a, b, c and destinations b, c, d: two pairs are of a place with itself."""

numbers = st.floats(0, 1e6, allow_nan=False).map(lambda n: round(n, 3))


@given(st.lists(numbers, min_size=3, max_size=3).filter(lambda some: min(some) > 0))
def test_forms_agree(weights: list[float]) -> None:
    by_origin = dict(zip("abc", weights, strict=True))
    by_pair = {(o, d): by_origin[o] for o in "abc" for d in "bcd" if o != d}
    table = pd.DataFrame(dict.fromkeys("dcb", by_origin)).loc[list("cab")]
    expected = pair_weights(MATRIX, by_origin)
    assert expected[0].tolist() == [weights[0]] * 3
    assert expected[1].tolist() == [0, weights[1], weights[1]]
    for form in (by_pair, table, pd.Series(by_origin), pd.Series(by_pair)):
        np.testing.assert_array_equal(pair_weights(MATRIX, form), expected)


@given(st.dictionaries(st.sampled_from("abcde"), numbers, min_size=1), st.floats(0.1, 10))
def test_shares_add_up_to_one_whatever_the_unit(weights: dict[str, float], factor: float) -> None:
    pairs = [(origin, "z") for origin in weights]
    if not any(weights.values()):
        with pytest.raises(co.InputError, match="at least one pair"):
            pair_shares(pairs, weights)
        return
    shares = pair_shares(pairs, weights)
    assert sum(shares.values()) == pytest.approx(1)
    scaled = pair_shares(pairs, {origin: factor * weight for origin, weight in weights.items()})
    assert scaled == pytest.approx(shares)


def test_equal_weights_and_none_to_itself() -> None:
    assert pair_weights(MATRIX).tolist() == [[1, 1, 1], [0, 1, 1], [1, 0, 1]]
    assert pair_shares([("a", "b"), ("c", "d")]) == {("a", "b"): 0.5, ("c", "d"): 0.5}
    assert pair_shares([], {"a": 1}) == {}


def test_a_pair_with_itself_needs_no_weight() -> None:
    table = pd.DataFrame(1.0, list("abc"), list("bcd"))
    table.loc["b", "b"] = np.nan
    assert pair_weights(MATRIX, table)[1].tolist() == [0, 1, 1]


def test_population_and_names_need_the_tables() -> None:
    places = [place(i, *at, population=n) for (i, at), n in zip(POSITIONS.items(), (10, 30, 5, 20, 60), strict=True)]
    tables = make(places, [link("a", "b", "road", 10)]).tables
    assert pair_weights(MATRIX, "population", tables=tables)[:, 2].tolist() == [10, 30, 5]
    assert pair_weights(MATRIX, {"A": 1, "b": 2, "c": 3}, tables=tables)[:, 2].tolist() == [1, 2, 3]
    with pytest.raises(co.InputError, match="population needs a network"):
        pair_weights(MATRIX, "population")
    with pytest.raises(co.UnknownNameError, match="no place 'nowhere'"):
        pair_weights(MATRIX, {"nowhere": 1, "a": 1, "b": 2, "c": 3}, tables=tables)
    assert pair_weights(MATRIX, {"e": 1, "a": 1, "b": 2, "c": 3}, tables=tables).any(), "others may stand among them"


def test_pairs_of_three_are_refused() -> None:
    with pytest.raises(co.InputError, match="one of these forms"):
        pair_weights(MATRIX, {("a", "b", "c"): 1})


def test_a_pair_in_two_spellings_is_refused(net: co.Network) -> None:
    twice = {("Almaty", "Karachi"): 1, ("almaty", "karachi"): 5}
    with pytest.raises(co.InputError, match="every pair once"):
        co.compare(net, ["almaty"], ["karachi"], weights=twice)


def long(tonnes: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"origin": ["a", "a"], "destination": ["c", "d"], "tonnes": tonnes})


def test_a_table_of_tonnes_and_weights_of_destinations() -> None:
    matrix = pd.DataFrame(0.0, ["a"], ["c", "d"])
    assert pair_weights(matrix, long([3, 5])).tolist() == [[3, 5]]
    assert pair_weights(matrix, {"c": 3, "d": 5}).tolist() == [[3, 5]], "no origin is named, and all destinations are"
    assert pair_weights(matrix, {"a": 2, "c": 3, "d": 5}).tolist() == [[2, 2]], "origins come first"
    assert pair_shares([("a", "c"), ("a", "d")], long([1, 3]))["a", "d"] == 0.75


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (long([-1, 1]), r"zero or more.*'a' to 'c' has -1"),
        (long([1, np.inf]), r"finite.*'a' to 'd' has inf"),
        (long([1, np.nan]), "'a' to 'd' has none"),
        (long([0, 0]), "at least one pair"),
        (long(["many", 1]), "weights are numbers"),
        (long([1, 1]).drop(index=1), "'a' to 'd' has none"),
        (pd.concat([long([1, 1]), long([1, 1])]), "every pair once"),
        (long([1, 1]).assign(more=1), "one column of numbers"),
        (long([1, 1]).drop(columns="tonnes"), "one column of numbers"),
        (pd.DataFrame([[1, -2]], ["a"], ["c", "d"]), "'a' to 'd' has -2"),
        (pd.DataFrame([[1, 2]], ["b"], ["c", "d"]), "'a' to 'c' has none"),
        ({"a": -1}, "'a' has -1"),
        ({"a": np.inf}, "finite"),
        ({}, "one of these forms"),
        ([1, 2], "numbers by origin"),
        (pd.Series([1.0, 2.0], ["c", "c"]), "every place once"),
    ],
)
def test_bad_weights_are_named(weights: Any, words: str) -> None:
    with pytest.raises(co.InputError, match=words):
        pair_weights(pd.DataFrame(0.0, ["a"], ["c", "d"]), weights)


def test_places_of_a_table_of_tonnes_are_found_by_name(net: co.Network) -> None:
    tonnes = pd.DataFrame({"origin": ["Almaty"], "destination": ["Karachi"], "tonnes": [7]})
    assert co.compare(net, ["almaty"], ["karachi"], weights=tonnes).weights == {("almaty", "karachi"): 1.0}
    with pytest.raises(co.UnknownNameError, match="Nowhere"):
        co.compare(net, ["almaty"], ["karachi"], weights=tonnes.replace("Almaty", "Nowhere"))
