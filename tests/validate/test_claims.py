"""Promises beside the model's answers, and the pages that are written from them."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.validate.distances import distances
from corridors.validate.prices import prices
from corridors.validate.promises import COLUMNS, NOT_MODELLED, Claims, claims
from corridors.validate.times import times
from support.networks import crossing, link, make, parameter, place

ROOT = Path(__file__).parents[2]
HEADLINES = ["C001", "C002", "C005-rail", "C006", "C007-rail", "C021-kharlachi", "C022", "C024", "C027", "C035"]


@pytest.fixture(scope="module")
def found() -> Claims:
    return claims(co.load(), draws=2000)


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pages_of_validation", ROOT / "docs" / "validation.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_headline_claims_are_answered(found: Claims) -> None:
    table = found.table().set_index("id")
    for ident in HEADLINES:
        row = table.loc[ident]
        assert row["problem"] == ""
        assert row["model_p05"] <= row["model"] <= row["model_p95"]
        assert row["ratio"] == pytest.approx(row["model"] / ((row["low"] + row["high"]) / 2))
        assert row["inside"] == (row["model_p05"] <= row["high"] and row["low"] <= row["model_p95"])
        assert row["way"]


def test_every_row_is_asked_or_listed(found: Claims) -> None:
    file = pd.read_csv(ROOT / "data" / "geo" / "validation" / "claims.csv", dtype=str, keep_default_na=False)
    assert set(file["id"]) == set(found.table()["id"]) | set(found.not_modelled["id"])
    assert list(found.not_modelled["id"]) == list(file["id"][file["metric"] == NOT_MODELLED])
    assert "cannot be asked" in str(found)
    assert "<table" in found._repr_html_()


def test_same_seed_same_answers(found: Claims) -> None:
    pd.testing.assert_frame_equal(found.table(), claims(co.load(), draws=2000).table())
    other = claims(co.load(), draws=2000, seed=1).table()
    assert (other["model"] == found.table()["model"]).all()
    assert (other["model_p95"] != found.table()["model_p95"]).any()


def small() -> co.Network:
    """Make a detour of rail within one country, and a project that cuts it short.

    ::

        A --100 (90..120)-- B --100-- C --10 km-- D     crossing x between C and D
         `======= 80 (70..95), project short ====='
    """
    places = [place(i, c, 50 + n / 10, 60) for n, (i, c) in enumerate([("a", "KZ"), ("b", "KZ"), ("c", "KZ")])]
    places.append(place("d", "UZ", 50.3, 60))
    short = link(
        "a", "c", "rail", 80, length_low_km=70, length_high_km=95, status="planned", opened="", project="short"
    )
    links = [
        link("a", "b", "rail", 100, length_low_km=90, length_high_km=120),
        link("b", "c", "rail", 100),
        {**short, "id": "a--c:short"},
        link("c", "d", "rail", 10, crossing="x", border_km=4, length_low_km=8, length_high_km=12),
    ]
    project = {"id": "short", "name": "Short cut", "kind": "new", "status": "planned", "countries": "KZ"}
    project |= {"source": "s", "confidence": "A"}
    speed = parameter("line_haul", "hours", 50, "km/h", mode="rail", low=40, high=60)
    others = [
        parameter("line_haul", "cost", 0.02, "USD/tkm", mode="rail"),
        parameter("line_haul", "emissions", 30, "g/tkm", mode="rail"),
        parameter("yard", "hours", 20, "h/1000km", mode="rail"),
        parameter("border", "hours", 4, "h"),
        parameter("border", "cost", 3, "USD/t"),
        parameter("waiting", "hours", 10, "h", mode="rail"),
    ]
    tables = {"crossings": [crossing("x", "c", "d")], "projects": [project], "parameters": [speed, *others]}
    return make(places, links, **tables)


def asked(*rows: dict[str, object]) -> pd.DataFrame:
    base = {"claim": "said", "from_id": "a", "to_id": "d", "cargo": "wagon", "modes": "rail", "build": "short"}
    return pd.DataFrame([{**base, **row} for row in rows])


DAYS = {"id": "days", "metric": "days", "low": 0.25, "high": 0.75}
SAVED = {"id": "saved", "metric": "days_saved", "low": 1, "high": 1, "compare": "base"}


def test_hours_by_hand() -> None:
    table = claims(small(), asked(DAYS, SAVED)).table().set_index("id")
    # 90 km: 1.8 h moving, 1.8 h in yards, 2 x 4 h at the border; the 10 h of waiting for the train stay out
    assert table.loc["days", "model"] == pytest.approx((1.8 + 1.8 + 8) / 24)
    assert table.loc["days", "ratio"] == pytest.approx((1.8 + 1.8 + 8) / 24 / 0.5)
    assert table.loc["days", "inside"]
    # 120 km less: 2.4 h moving and 2.4 h in yards; moving alone has a range, 1/60 to 1/40 h per km
    assert table.loc["saved", "model"] == pytest.approx(4.8 / 24)
    assert table.loc["saved", "model_p05"] == pytest.approx((120 / 60 + 2.4) / 24, rel=0.03)
    assert table.loc["saved", "model_p95"] == pytest.approx((120 / 40 + 2.4) / 24, rel=0.03)
    assert not table.loc["saved", "inside"]
    assert table.loc["saved", "other_way"] == "rail, KZ-UZ, 210 km"


def test_cost_by_hand() -> None:
    rows = asked(
        {"id": "cost", "metric": "cost_usd_t", "low": 5, "high": 9, "unit": "USD/t"},
        {"id": "cut", "metric": "cost_change_pct", "low": -40, "high": -30, "compare": "base"},
    )
    model = claims(small(), rows).table().set_index("id")["model"]
    assert model["cost"] == pytest.approx(90 * 0.02 + 6)
    assert model["cut"] == pytest.approx(100 * (7.8 / 10.2 - 1))


def test_lengths_by_hand() -> None:
    rows = asked(
        {"id": "length", "metric": "length_km", "low": 100, "high": 100},
        {"id": "shorter", "metric": "length_change_km", "low": -150, "high": -100, "compare": "base"},
        {"id": "ends", "metric": "length_change_km", "low": 0, "high": 0, "compare": "@a>c"},
    )
    table = claims(small(), rows).table().set_index("id")[["model", "model_p05", "model_p95"]]
    assert list(table.loc["length"]) == pytest.approx([90, 78, 107])
    # C - D lies on both ways and cancels: 80 (70..95) against 200 (190..220)
    assert list(table.loc["shorter"]) == pytest.approx([-120, 70 - 220, 95 - 190])
    assert claims(small(), rows).table()["ratio"].isna().tolist() == [False, False, True]
    # with the project from A to D, against A to C without it
    assert list(table.loc["ends"]) == pytest.approx([90 - 200, 78 - 220, 107 - 190])


def test_common_draws_cancel() -> None:
    table = claims(small(), asked({**SAVED, "build": ""})).table()
    assert (table[["model", "model_p05", "model_p95"]] == 0).all(axis=None)


def test_a_closed_border_is_a_reason_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for net, row in ((small(), {**DAYS, "close": "x"}), (small().close("x"), DAYS)):
            table = claims(net, asked(row)).table()
            assert "no route" in table["problem"].iloc[0]
            assert table["inside"].isna().all()
            assert np.isnan(table["model"].iloc[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metric": "speed"}, "unknown metric 'speed'"),
        ({"build": "shirt"}, "short"),
        ({"from_id": "nowhere"}, "nowhere"),
        ({"unit": "h"}, "is in days"),
        ({"low": "some"}, "must be numbers"),
        ({"low": 2}, "above high"),
        ({"compare": "base"}, "no difference"),
        ({"metric": "days_saved"}, "needs 'base'"),
        ({"metric": "days_saved", "compare": "a>b"}, "neither 'base' nor"),
        ({"modes": "rope"}, "rope"),
    ],
)
def test_a_row_that_cannot_be_understood_is_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(co.DataFileError, match=f"claim 'days'.*{words}"):
        claims(small(), asked({**DAYS, **change}), draws=10)


def test_columns_are_needed() -> None:
    with pytest.raises(co.DataFileError, match="missing: metric"):
        claims(small(), asked(DAYS)[[c for c in COLUMNS if c != "metric"]])


def test_only_claims_that_cannot_be_asked() -> None:
    empty = claims(small(), asked({**DAYS, "metric": NOT_MODELLED}))
    assert empty.table().empty
    assert len(empty.not_modelled) == 1
    assert str(empty)


def test_pages_are_up_to_date(found: Claims, pages: ModuleType) -> None:
    net = co.load()
    assert (ROOT / "docs" / "claims.md").read_text(encoding="utf8") == pages.claims_page(found)
    page = pages.validation_page(
        net, times(net, draws=2000), (distances(net), distances(net, mode="road")), prices(net, draws=2000)
    )
    assert (ROOT / "docs" / "validation.md").read_text(encoding="utf8") == page


def test_figure_shows_every_counted_row(pages: ModuleType) -> None:
    net = co.load()
    table = pages.journeys(net, times(net, draws=50))
    (ax,) = pages.scatter(table).axes
    shown = table["group"].isin(["counted", "in-sample", "special"])
    drawn = sum(len(c.get_offsets()) for c in ax.collections if hasattr(c, "get_sizes") and len(c.get_sizes()))
    assert drawn == shown.sum()


def test_chart_of_prices_shows_every_counted_row(pages: ModuleType) -> None:
    table = prices(co.load(), draws=50).table()
    (ax,) = pages.price_chart(table).axes
    drawn = sum(len(c.get_offsets()) for c in ax.collections if hasattr(c, "get_sizes") and len(c.get_sizes()))
    assert drawn == table["group"].isin(["counted", "in-sample"]).sum()
