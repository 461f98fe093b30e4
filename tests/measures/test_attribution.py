"""Shares of projects in a joint gain: known games, axioms, and projects with prerequisites."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridors as co
from corridors.measures.attribution import attribute, buildable, project_value, shapley, synergies
from support.networks import crossing, link, make, place

Game = Callable[[frozenset[str]], float]


def game(**values: float) -> Game:
    """Make a game of values by sorted letters; sets not named are worth nothing."""
    return lambda players: values.get("".join(sorted(players)), 0.0)


def shares(value: Game, players: str, **options: int) -> list[float]:
    return shapley(value, list(players), **options)["shapley"].tolist()


def by_orders(value: Game, players: str) -> list[float]:
    """Average over all orders, as the definition says."""
    total = dict.fromkeys(players, 0.0)
    for order in itertools.permutations(players):
        for i, player in enumerate(order):
            total[player] += value(frozenset(order[: i + 1])) - value(frozenset(order[:i]))
    return [total[player] / math.factorial(len(players)) for player in players]


# --- known games


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 4, "b": 6, "ab": 15}, [6.5, 8.5]),
        ({"ab": 10}, [5, 5]),  # in series
        ({"a": 10, "b": 10, "ab": 10}, [5, 5]),  # substitutes
        ({"ab": 1, "ac": 1, "abc": 1}, [2 / 3, 1 / 6, 1 / 6]),  # one left glove, two right ones
    ],
)
def test_known_games(values: dict[str, float], expected: list[float]) -> None:
    players = "abc"[: len(expected)]
    assert shares(game(**values), players) == pytest.approx(expected)
    assert by_orders(game(**values), players) == pytest.approx(expected)


def test_series_and_substitutes_in_isolation_and_complement() -> None:
    series, substitutes = game(ab=10), game(a=10, b=10, ab=10)
    assert shapley(series, ["a", "b"])[["isolation", "complement"]].to_numpy().tolist() == [[0, 10], [0, 10]]
    assert shapley(substitutes, ["a", "b"])[["isolation", "complement"]].to_numpy().tolist() == [[10, 0], [10, 0]]
    assert synergies(series, ["a", "b"])["synergy"].tolist() == [10]
    assert synergies(substitutes, ["a", "b"])["synergy"].tolist() == [-10]


def test_synergies_are_of_pairs() -> None:
    found = synergies(game(a=1, b=2, c=3, ab=3, ac=9, bc=0, abc=50), ["a", "b", "c"])
    assert found.to_numpy().tolist() == [["a", "b", 0], ["a", "c", 5], ["b", "c", -5]]


def test_shares_are_a_tidy_table() -> None:
    found = shapley(game(a=4, b=6, ab=15), ["b", "a"])
    assert list(found.columns) == ["project", "isolation", "complement", "shapley", "standard_error"]
    assert found["project"].tolist() == ["b", "a"]
    assert found["standard_error"].tolist() == [0, 0]


# --- axioms


@st.composite
def games(draw: st.DrawFn) -> tuple[Game, str]:
    players = "abcd"[: draw(st.integers(1, 4))]
    numbers = st.floats(-100, 100)
    values = {
        "".join(s): draw(numbers) for size in range(len(players) + 1) for s in itertools.combinations(players, size)
    }
    return lambda chosen: values["".join(sorted(chosen))], players


@settings(deadline=None)
@given(games())
def test_shares_add_up_and_agree_with_all_orders(drawn: tuple[Game, str]) -> None:
    value, players = drawn
    found = shares(value, players)
    assert sum(found) == pytest.approx(value(frozenset(players)) - value(frozenset()), abs=1e-9)
    assert found == pytest.approx(by_orders(value, players), abs=1e-9)


@settings(deadline=None)
@given(games())
def test_equals_share_alike_and_a_dummy_gets_nothing(drawn: tuple[Game, str]) -> None:
    value, players = drawn
    first = players[0]
    # z is worth nothing to anybody; y does what the first player does, once
    dummy = shares(lambda chosen: value(chosen - {"z"}), players + "z")
    assert dummy == pytest.approx([*shares(value, players), 0], abs=1e-9)
    twins = shares(lambda chosen: value(chosen - {"y"} | ({first} if "y" in chosen else set())), players + "y")
    assert twins[0] == pytest.approx(twins[-1], abs=1e-9)


@settings(deadline=None)
@given(games(), st.floats(-10, 10), st.floats(-10, 10))
def test_shares_are_linear(drawn: tuple[Game, str], factor: float, constant: float) -> None:
    value, players = drawn
    changed = shares(lambda chosen: factor * value(chosen) + constant, players)
    assert changed == pytest.approx([factor * share for share in shares(value, players)], abs=1e-7)


# --- sampling


def test_sampling_comes_near_and_says_how_near() -> None:
    def value(chosen: frozenset[str]) -> float:
        return sum(map(ord, chosen)) ** 1.5

    players = "abcdefg"
    exact = shapley(value, list(players))
    drawn = shapley(value, list(players), samples=400, seed=1)
    assert drawn["shapley"].sum() == pytest.approx(exact["shapley"].sum())
    assert (drawn["standard_error"] > 0).all()
    assert ((drawn["shapley"] - exact["shapley"]).abs() < 4 * drawn["standard_error"]).all()
    more = shapley(value, list(players), samples=1600, seed=1)
    assert (more["standard_error"] < 0.7 * drawn["standard_error"]).all()
    assert drawn.equals(shapley(value, list(players), samples=400, seed=1))
    assert not drawn.equals(shapley(value, list(players), samples=400, seed=2))
    assert shapley(value, list(players), samples=1)["standard_error"].isna().all()


def test_exact_to_twelve_and_sampled_beyond() -> None:
    asked: set[frozenset[str]] = set()

    def value(chosen: frozenset[str]) -> float:
        assert chosen not in asked, "a set was valued twice"
        asked.add(chosen)
        return float(len(chosen) ** 2)

    twelve = [f"p{n}" for n in range(12)]
    assert shapley(value, twelve)["shapley"].tolist() == pytest.approx([12] * 12)
    assert len(asked) == 2**12
    asked.clear()
    found = shapley(value, [*twelve, "p12"], seed=3)
    assert found["shapley"].sum() == pytest.approx(13**2)
    assert (found["standard_error"] > 0).all()
    assert len(asked) < 2**13


# --- projects of a network


def project(ident: str, **more: object) -> dict[str, object]:
    base = {"id": ident, "name": ident, "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    return {**base, "confidence": "B", **more}


@pytest.fixture
def plans() -> co.Network:
    """A road round, and projects: two halves of a short cut, a double of it, a spur that nobody uses.

    ::

        A ------------- 100 ------------- C
        A --20, one-- B --20, two-- C            two needs one
        A ----------- 60, rival --------- C
        A --5, spur-- D
    """
    places = [place(i, "UZ", 40 + n / 100, 60) for n, i in enumerate("abcd")]
    rows = [("a", "b", 20, "one"), ("b", "c", 20, "two"), ("a", "c", 60, "rival"), ("a", "d", 5, "spur")]
    new = [link(f, t, "road", km, id=name, project=name, status="planned") for f, t, km, name in rows]
    projects = [
        project("one"),
        project("two", requires="one"),
        project("rival"),
        project("spur"),
        project("both", parts="one;two"),
    ]
    return make(places, [link("a", "c", "road", 100), *new], projects=projects)


def saved_km(net: co.Network) -> float:
    return 100 - net.route("a", "c", cargo="truck").km


def test_a_project_without_its_prerequisite_is_worth_its_buildable_part(plans: co.Network) -> None:
    assert buildable(plans, ["two"]) == frozenset()
    assert buildable(plans, ["two", "rival"]) == {"rival"}
    assert buildable(plans, ["two", "one", "rival"]) == {"one", "two", "rival"}
    found = attribute(plans, ["one", "two"], saved_km).set_index("project")
    assert found.to_numpy().tolist() == [[0, 60, 30, 0], [0, 60, 30, 0]]


def test_projects_share_what_they_save_together(plans: co.Network) -> None:
    names = ["one", "two", "rival", "spur"]
    found = attribute(plans, names, saved_km).set_index("project")
    # the rival saves 40 alone; the short cut 60, or 20 more than the rival
    assert found["isolation"].to_dict() == {"one": 0, "two": 0, "rival": 40, "spur": 0}
    assert found["complement"].to_dict() == {"one": 20, "two": 20, "rival": 0, "spur": 0}
    expected = by_orders(game(ab=60, c=40, ac=40, bc=40, abc=60), "abc")
    assert found["shapley"].tolist() == pytest.approx([*expected, 0])
    pairs = synergies(project_value(plans, names, saved_km), names).set_index(["first", "second"])["synergy"]
    assert (pairs["one", "two"], pairs["one", "rival"], pairs["two", "spur"]) == (60, 0, 0)


def test_a_whole_is_one_project(plans: co.Network) -> None:
    found = attribute(plans, ["both", "rival"], saved_km).set_index("project")
    assert found["shapley"].to_dict() == {"both": 40, "rival": 20}
    assert attribute(plans.build("one"), ["two"], saved_km)["shapley"].tolist() == [60]
    # a part beside its whole adds nothing to it
    assert attribute(plans, ["both", "one"], saved_km)["shapley"].tolist() == [60, 0]


def test_sets_are_built_once(plans: co.Network) -> None:
    measured: list[str] = []

    def measure(net: co.Network) -> float:
        measured.append(net.name)
        return saved_km(net)

    attribute(plans, ["one", "two", "rival"], measure)
    assert len(measured) == len(set(measured)) == 6  # of eight sets, two with "two" alone fall back


def test_projects_that_cannot_stand_together_are_refused(plans: co.Network, net: co.Network) -> None:
    with pytest.raises(co.ScenarioError, match="leads nowhere without 'one'"):
        attribute(plans, ["two", "rival"], saved_km)
    with pytest.raises(co.ScenarioError, match="stand for the same line"):
        attribute(net, ["uap-kabul", "uap-torkham", "khyber-line"], saved_km)
    with pytest.raises(co.UnknownNameError, match="no project 'won'"):
        attribute(plans, ["won"], saved_km)


def test_a_closed_border_warns_once() -> None:
    places = [place("a", "UZ", 40, 60), place("b", "AF", 40.1, 60)]
    new = link("a", "b", "road", 10, crossing="x", border_km=5, status="planned", project="new")
    rows = [link("a", "b", "road", 50, id="old", crossing="y", border_km=5), new]
    crossings = [crossing("x", "a", "b"), crossing("y", "a", "b")]
    net = make(places, rows, crossings=crossings, projects=[project("new")]).close("x")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = attribute(net, ["new"], lambda n: n.route("a", "b", cargo="truck").km)
    assert [w.category for w in caught] == [co.ClosedCrossingWarning]
    assert found["shapley"].tolist() == [0]


def test_reference_projects_add_up(net: co.Network) -> None:
    names = ["uap-kabul", "western-route", "ml-1"]

    def closeness(built: co.Network) -> float:
        hours = built.matrix(["Almaty", "Tashkent"], ["Karachi"], cargo="wagon", modes={"rail"}).to_numpy()
        return float((1 / hours).mean())

    found = attribute(net, names, closeness)
    assert found["shapley"].sum() == pytest.approx(closeness(net.build(*names)) - closeness(net))
    assert (found["shapley"] > 0).all()


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: shapley(game(a=1), []), r"players=\[\].*at least one"),
        (lambda: shapley(game(a=1), ["a", "a"]), "players=.*once"),
        (lambda: shapley(game(a=1), ["a"], samples=0), "samples=0"),
        (lambda: attribute(co.load(), ["ml-1"], lambda _: math.inf), "measure=inf.*finite"),
    ],
)
def test_wrong_input_is_named(call: Callable[[], object], match: str) -> None:
    with pytest.raises(co.InputError, match=match):
        call()
