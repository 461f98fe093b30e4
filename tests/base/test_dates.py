"""Dates in all their forms, and what is no date."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.base import dates


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2026, "2026"),
        (np.int64(2026), "2026"),
        (" 2026-04 ", "2026-04"),
        ("2026-04-15", "2026-04-15"),
        (date(2026, 4, 15), "2026-04-15"),
        (datetime(2026, 4, 15, 23, 59), "2026-04-15"),
        (pd.Timestamp("2026-04-15 10:00", tz="Asia/Tashkent"), "2026-04-15"),
        (np.datetime64("2026-04-15T10:00"), "2026-04-15"),
        (np.datetime64("2026-04"), "2026-04"),
        (pd.Period("2026-04", "M"), "2026-04"),
        (pd.Period("2026-04-15", "D"), "2026-04-15"),
        (pd.Period("2026", "Y"), "2026"),
    ],
)
def test_every_form_of_a_date_is_taken(value: object, text: str) -> None:
    assert dates.date_text(value) == text


def test_today_is_the_day_it_is_asked() -> None:
    before, text, after = date.today(), dates.date_text("Today"), date.today()
    assert before.isoformat() <= text <= after.isoformat()


@pytest.mark.parametrize(
    "value",
    ["summer", "", "2026-13", "2026-00", "2026-02-30", "2026-4", "26-04", "0000", "before-1992", "２０２６", "2026/04",
     True, 2026.5, 0, -5, 12345, None, pd.NaT, np.datetime64("NaT", "D"), ["2026"], {}],
)  # fmt: skip
def test_what_is_no_date_is_refused_by_name(value: object) -> None:
    with pytest.raises(co.InputError, match=r"YYYY-MM-DD, such as '2011' or '2026-11'"):
        dates.date_text(value, name="at")


def test_a_month_stands_for_its_last_day_and_a_year_for_its_december() -> None:
    assert dates.last_day("2024-02") == date(2024, 2, 29).toordinal()
    assert dates.first_day("2024-02") == date(2024, 2, 1).toordinal()
    assert dates.last_day("2011") == date(2011, 12, 31).toordinal()
    assert dates.first_day("2011") == dates.first_day("2011-12")
    assert dates.first_day("2024-02-10") == dates.last_day("2024-02-10") == date(2024, 2, 10).toordinal()
    assert dates.first_day("before-1992") == dates.last_day("before-1992") == 0


def test_month_numbers_run_on_over_the_year() -> None:
    assert dates.month_number("2026-01-31") - dates.month_number("2025-12") == 1
    assert dates.month_number("2025") == dates.month_number("2025-12")


def test_months_are_written_in_english() -> None:
    words = [dates.in_words(f"2026-{month:02d}") for month in range(1, 13)]
    assert words[0] == "January 2026"
    assert len(set(words)) == 12
    assert [dates.calendar_month(text) for text in ("2026-03-09", "2026-11", "2026")] == [3, 11, None]
