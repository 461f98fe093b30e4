"""Numbers at the door: every column has a range, and what lies outside is answered by row and column."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.data import schema
from corridors.engine import Hierarchy

CLOSURE = {"id": "c", "kind": "crossing", "target": "torkham", "source": "s", "confidence": "A"}

NUMBERS = [
    (table, column) for table, columns in schema.all_tables().items() for column in columns.values() if column.range
]


def frames(net: co.Network) -> dict[str, pd.DataFrame]:
    return {name: frame.copy() for name, frame in net.tables.frames.items() if len(frame)}


def test_every_column_of_numbers_has_a_range() -> None:
    for columns in schema.all_tables().values():
        for column in columns.values():
            assert (column.type == "number") == (column.range is not None)
            assert column.range is None or column.range.low < column.range.high < 1e12
    assert len(NUMBERS) > 30


@pytest.mark.parametrize(("table", "column"), NUMBERS, ids=lambda value: getattr(value, "name", value))
def test_what_is_no_possible_number_is_refused(net: co.Network, table: str, column: schema.Column) -> None:
    reach = column.range
    assert reach is not None
    row: dict[str, object] = {name: "x" for name, c in schema.all_tables()[table].items() if c.required}
    for number in ("inf", "-inf", "nan", "1e999", "１２", "1_000", "12 km", "0x10"):
        with pytest.raises(co.SchemaError, match=rf"row 2, column '{column.name}': '{number}' is not a number"):
            schema.conform(table, pd.DataFrame([{**row, column.name: number}]))
    for wrong in (1e308, reach.low - 1e-3, reach.high * 1.001, *([reach.low] if reach.above else [])):
        if (table, column.unit) != ("places", "deg"):
            with pytest.raises(
                co.SchemaError, match=re.escape(f"column '{column.name}': {wrong:g} is not possible: {reach}")
            ):
                schema.conform(table, pd.DataFrame([{**row, column.name: wrong}]))
    if table in net.tables.frames and len(given := frames(net).get(table, pd.DataFrame())):
        given.loc[0, column.name] = 1e308 if column.unit != "deg" else 95.0 + 90 * (column.name == "lon")
        with pytest.raises(co.SchemaError, match=r"is not possible|no point on earth"):
            co.Network.from_tables(**{**frames(net), table: given})


ABSURD = ("-1e308", "1e308", "inf", "-inf", "nan", "１２", "９.５")


@pytest.fixture(scope="module")
def files(net: co.Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the first row of every table of the reference network, and a change and a line of it."""
    whole, folder = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("few")
    net.with_parameters({"border/torkham/road/hours": 9}).write(whole)
    for file in whole.glob("*.csv"):
        pd.read_csv(file, dtype=str, keep_default_na=False).head(1).to_csv(folder / file.name, index=False)
    (folder / "closures.csv").write_text((folder / "closures.csv").read_text(encoding="utf8").splitlines()[0])
    return folder


@pytest.mark.parametrize(("table", "column"), NUMBERS, ids=lambda value: getattr(value, "name", value))
def test_a_file_with_an_absurd_number_is_answered_by_row_and_column(
    files: Path, table: str, column: schema.Column
) -> None:
    file = files / f"{table}.csv"
    before = file.read_bytes()
    row = pd.read_csv(file, dtype=str, keep_default_na=False)
    row = row if len(row) else pd.DataFrame([{**dict.fromkeys(row.columns, ""), **CLOSURE}])
    many = pd.concat([row] * len(ABSURD), ignore_index=True)
    many[column.name] = ABSURD
    try:
        many.to_csv(file, index=False)
        with pytest.raises(co.SchemaError) as caught:
            co.read(files)
    finally:
        file.write_bytes(before)
    said = str(caught.value)
    assert file.name in said
    for number, wrong in enumerate(ABSURD, start=2):
        assert f"row {number}, column '{column.name}': " in said, (wrong, said)


@pytest.mark.parametrize(
    ("table", "column", "number"),
    [
        ("services", "headway_low_d", 1000.0),
        ("services", "length_high_km", 1.0),
        ("events", "rate_low_per_year", 9000.0),
        ("commodities", "time_high_pct_day", 0.0),
    ],
)
def test_ends_from_which_is_drawn_enclose_the_number(net: co.Network, table: str, column: str, number: float) -> None:
    given = frames(net)
    given[table].loc[0, column] = number
    with pytest.raises(co.SchemaError, match=rf"row 2, column .*: .* is not between .*{column}|{column} and"):
        co.Network.from_tables(**given)


def test_text_that_no_file_can_hold_is_refused(net: co.Network) -> None:
    for text in ("a\x00b", "\ud800"):
        given = frames(net)
        given["places"] = given["places"].astype(object)
        given["places"].loc[0, "note"] = text
        with pytest.raises(co.SchemaError, match=r"row 2, column 'note': .* has a character that no text has"):
            co.Network.from_tables(**given)
    given["places"].loc[0, "note"] = "first\r\nsecond\rthird"
    assert co.Network.from_tables(**given).tables["places"].loc[0, "note"] == "first\nsecond\nthird"


@pytest.mark.parametrize("change", [np.inf, -np.inf, np.nan, -1, 1e300, "12", True, [1], {"high": np.inf}])
def test_parameters_stay_possible(net: co.Network, change: object) -> None:
    with pytest.raises(co.InputError, match="is not possible"):
        net.with_parameters({"border/torkham/road/hours": change})  # type: ignore[dict-item]
    if not isinstance(change, dict):
        with pytest.raises(co.InputError, match="is not possible"):
            net.with_parameters(scale={"line_haul/*": change})  # type: ignore[dict-item]


def test_the_search_refuses_a_weight_that_would_never_end(line: co.Network) -> None:
    problem = line.problem()
    for wrong in (-1.0, np.nan):
        hours = problem.expansion.values["hours"].copy()
        hours[0] = wrong
        values = {**problem.expansion.values, "hours": hours, "cost": hours}
        with pytest.raises(co.ParameterError, match=r"1 edges have an impossible .*zero or more is expected"):
            problem.reweighted(values)
        with pytest.raises(co.InputError, match="zero or more"):
            Hierarchy.build(2, [0], [1]).matrix([wrong], [0], [1])


def test_an_objective_of_nothing_is_refused(line: co.Network) -> None:
    for by in ({}, {"cost": 0}, {"cost": -1}, {"cost": np.nan}, {"cost": np.inf}):
        with pytest.raises(co.InputError, match="by="):
            line.route("a", "d", by=by)
