"""Interval scores by hand, and what the naive model may know."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.validate.scores import interval_score, naive_interval, score_table, with_scores


def test_score_is_width_inside_and_twenty_times_the_distance_outside() -> None:
    low, high = np.array([10.0, 10.0, 10.0]), np.array([20.0, 20.0, 20.0])
    found = interval_score(np.array([15.0, 5.0, 40.0]), low, high)
    width = np.log(2)
    assert found == pytest.approx([width, width + 20 * np.log(2), width + 20 * np.log(2)])


def test_score_is_best_for_the_quantiles_of_the_truth() -> None:
    z = np.random.default_rng(0).standard_normal(20_000)
    scores = {half: interval_score(np.exp(z), np.full(20_000, np.exp(-half)), np.full(20_000, np.exp(half))).mean()
              for half in (1.2, 1.645, 2.1)}  # fmt: skip
    assert min(scores, key=scores.__getitem__) == 1.645


def test_level_must_be_a_share() -> None:
    with pytest.raises(co.InputError, match="level"):
        interval_score(np.ones(1), np.ones(1), np.ones(1), level=90)


def test_spread_of_a_row_does_not_know_its_own_error() -> None:
    observed, naive = np.array([1.0, 1.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0, 1000.0])
    low, high = naive_interval(observed, naive, np.ones(4, dtype=bool))
    assert high[3] / naive[3] == pytest.approx(np.exp(1.6448536 * np.log(2))), "from the three others, all off by two"
    assert low[3] > 1.0, "the row that is far off lies outside"
    assert high[0] / naive[0] > 100


def test_too_few_rows_give_no_naive_interval() -> None:
    low, _ = naive_interval(np.ones(3), np.full(3, 2.0), np.ones(3, dtype=bool))
    assert np.isnan(low).all()


def test_rows_that_do_not_count_set_no_spread_and_stand_in_no_table() -> None:
    rows = pd.DataFrame({"group": ["counted"] * 4 + ["special"], "p05": 1.0, "p95": 4.0, "mode": list("aabbb")})
    observed, naive = np.full(5, 2.0), np.array([1.0, 4.0, 1.0, 4.0, 400.0])
    found = with_scores(rows, observed, naive)
    assert found["naive_high"].iloc[4] / 400.0 == pytest.approx(np.exp(1.6448536 * np.log(2)))
    table = score_table(found, {"mode": lambda t: t["mode"]}).set_index("of")
    assert table["rows"].to_dict() == {"all": 4, "a": 2, "b": 2}
    assert table["better"].tolist() == ["model"] * 3
    assert table.loc["all", "score"] == pytest.approx(np.log(4))


def test_times_are_scored_by_mode_length_and_scope() -> None:
    table = co.validate.times(co.load(), draws=50).scores()
    for split in ("mode", "length", "scope"):
        assert table.loc[table["split"] == split, "rows"].sum() == table["rows"].iloc[0]
    assert set(table["better"]) <= {"model", "naive"}


def test_a_file_of_few_rows_gets_no_score_and_says_so() -> None:
    row = {"from_id": "karachi", "to_id": "lahore", "cargo": "truck", "modes": "road", "kind": "observed"}
    observed = pd.DataFrame([{**row, "scope": "journey", "low_h": hours, "high_h": hours} for hours in (60, 80)])
    found = co.validate.times(co.load(), observed, draws=50)
    assert found.scores().empty, "nothing is better than nothing"
    assert str(found).endswith("Interval scores need more than 3 counted rows")
