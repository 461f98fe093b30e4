"""Numbers at the door: every column has a range, and what lies outside is answered by row and column."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

import corridors as co
from corridors.data import schema
from corridors.engine import Hierarchy
from support.networks import link, make, place, terminal

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
    first = next(one for name, one in NUMBERS if name == table) is column  # a whole network takes a while to read
    if first and table in net.tables.frames and len(given := frames(net).get(table, pd.DataFrame())):
        given.loc[0, column.name] = 1e308 if column.unit != "deg" else 95.0 + 90 * (column.name == "lon")
        with pytest.raises(co.SchemaError, match=r"is not possible|no point on earth"):
            co.Network.from_tables(**{**frames(net), table: given})


ABSURD = ("-1e308", "1e308", "inf", "-inf", "nan", "１２", "９.５")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a small network that can be read, with a changed parameter and a line."""
    net = make(
        [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60), place("c", "KZ", 52, 60)],
        [link("a", "b", "road", 120)],
        terminals=[terminal("a", "rail-1520", "road")],
    )
    net = net.add_link("b", "c", mode="road", geometry=LineString([(60, 51), (60.5, 51.5), (60, 52)]))
    return net.with_parameters({"line_haul/road/hours": 30}).write(tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def one_row(net: co.Network, few: Path) -> dict[str, pd.DataFrame]:
    """First row of every table as text, of the small network or else of the reference."""
    files = {file.stem: pd.read_csv(file, dtype=str, keep_default_na=False) for file in few.glob("*.csv")}
    rows = {name: frame.astype(str).replace("nan", "") for name, frame in frames(net).items()}
    return {name: frame.head(1) for name, frame in {**rows, **files}.items()}


@pytest.mark.parametrize(("table", "column"), NUMBERS, ids=lambda value: getattr(value, "name", value))
def test_an_absurd_number_in_a_file_is_answered_by_file_row_and_column(
    few: Path, one_row: dict[str, pd.DataFrame], table: str, column: schema.Column
) -> None:
    file, one = few / f"{table}.csv", column.name
    before = file.read_bytes() if file.exists() else None
    rows = pd.concat([one_row[table]] * len(ABSURD), ignore_index=True)
    try:
        said = _answer(few, table, rows.assign(**{one: ABSURD}))
        # a place is looked at as a point, after all that are no numbers
        of_a_point = [wrong for wrong in ABSURD[:2] if (table, column.unit) == ("places", "deg")]
        alone = "".join(_answer(few, table, one_row[table].assign(**{one: wrong})) for wrong in of_a_point)
    finally:
        file.unlink() if before is None else file.write_bytes(before)
    assert alone.count(f"{file}: table 'places' does not fit the schema:\n  row 2, column 'lat': ") == len(of_a_point)
    assert str(file) in said
    for number, wrong in enumerate(ABSURD[len(of_a_point) :], start=2 + len(of_a_point)):
        assert f"row {number}, column '{one}': " in said, (wrong, said)


def _answer(folder: Path, table: str, rows: pd.DataFrame) -> str:
    """What reading says when a table has these rows."""
    rows.to_csv(folder / f"{table}.csv", index=False)
    with pytest.raises(co.SchemaError) as caught:
        co.read(folder)
    return str(caught.value)


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
