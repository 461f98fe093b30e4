"""Weights of pairs: the forms agree, shares add up, and what is wrong is named."""

from __future__ import annotations

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
