"""What a state hands out: built once, and the caller's own."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

import corridors as co
from corridors.data.osm_account import Log
from corridors.formats import read_state
from corridors.model.state import kept

TABLES = ("places", "links", "crossings", "terminals", "services", "projects", "parameters", "sources")


def set_cell(frame: pd.DataFrame) -> None:
    frame.iloc[0, 0] = frame.iloc[1, 0]


def set_column(frame: pd.DataFrame) -> None:
    frame[frame.columns[-1]] = None


def write_into_arrays(frame: pd.DataFrame) -> None:
    for column in frame:
        frame[column].array[0] = frame[column].array[1]


def drop_rows(frame: pd.DataFrame) -> None:
    frame.drop(index=frame.index[0], inplace=True)


def rename_index(frame: pd.DataFrame) -> None:
    frame.index.name = "mine"


WRITES = (set_cell, set_column, write_into_arrays, drop_rows, rename_index)


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("table", TABLES)
def test_writing_into_a_table_changes_nothing(table: str, write: Callable[[pd.DataFrame], None]) -> None:
    net = co.load().at("2026-11")
    before = getattr(net, table)
    rows = net.tables.parameters if table == "parameters" else net.tables[table]
    cells = rows.to_csv()
    write(getattr(net, table))
    after = getattr(net, table)
    pd.testing.assert_frame_equal(pd.DataFrame(after), pd.DataFrame(before))
    assert after.index.name == before.index.name
    assert rows.to_csv() == cells


def test_lines_that_are_overwritten_stay_in_the_network() -> None:
    net = co.load()
    line = net.links.geometry.iloc[0]
    net.links.geometry.array[0] = shapely.Point(0, 0)
    net.links.geometry.values[0] = shapely.Point(0, 0)
    assert net.links.geometry.iloc[0].equals(line)


def test_a_mask_that_is_overwritten_closes_nothing() -> None:
    net = co.load()
    net.links_in_use()[:] = False
    assert net.links_in_use().sum() == net.links["in_use"].sum() > 0


def test_tables_of_the_caller_and_of_the_network_are_apart() -> None:
    source = co.load()
    places, links = (source.tables[name].copy() for name in ("places", "links"))
    links = links[links["crossing"] == ""].assign(project="", replaces="", crossing="")
    net = co.Network.from_tables(places, links, sources=source.tables["sources"].copy())
    km = net.links["length_km"].copy()
    links["length_km"] = 1.0
    places.loc[:, "lat"] = 0.0
    pd.testing.assert_series_equal(net.links["length_km"], km)
    assert (net.places["lat"] != 0).all()


def test_the_content_in_a_graph_is_the_callers_own() -> None:
    net = co.load()
    content = net.graph(plain=False).graph["corridors"]
    for frame in content.frames.values():
        frame[frame.columns[0]] = "overwritten"
    content.lines.clear()
    assert net.crossings.index.is_unique
    assert "overwritten" not in set(net.terminals.index) | set(net.sources.index)
    assert (net.links["alignment"] != "straight").any()


def test_the_account_of_a_reading_is_the_callers_own() -> None:
    log = Log("a file", kinds=pd.DataFrame({"mode": ["rail"], "km": [1.0]}))
    log.drop("no gauge", "rail", 2, 3.5)
    account = log.report(pd.DataFrame({"ways": ["1"]}, index=["a--b:road"]))
    net = co.Network(replace(co.load().tables, osm_report=account))
    report = net.osm_report
    assert report is not None
    report.dropped.loc[0, "km"] = 99.0
    report.kinds["km"] = 0.0
    again = net.osm_report
    assert again is not None
    assert again.source == "a file"
    assert again.dropped.loc[0, "km"] == 3.5
    assert again.kinds.loc[0, "km"] == 1.0


def test_a_kept_table_is_made_once_for_each_view() -> None:
    made = []

    @kept
    def numbers(state: co.Network) -> "np.ndarray":
        made.append(state.closed)
        return np.arange(3)

    numbers(co.load())[:] = -1
    assert numbers(co.load()).tolist() == numbers(co.load().close("AF-PK")).tolist() == [0, 1, 2]
    assert made == [[], ["AF-PK"]]


def test_own_parameters_are_shown_at_once() -> None:
    net = co.load()
    name = net.parameters.index[0]
    value = net.parameters.loc[name, "value"]
    scaled = net.with_parameters(scale={name: 2.0})
    assert scaled.parameters.loc[name, "value"] == 2 * value
    assert net.parameters.loc[name, "value"] == value


def test_each_view_keeps_its_own_use() -> None:
    net = co.load()
    closed = net.close("AF-PK")
    assert net.links["in_use"].sum() > closed.links["in_use"].sum()
    assert net.crossings.loc["torkham", "open_to"] == "rail;road"
    assert closed.crossings.loc["torkham", "open_to"] == ""


def test_made_tables_are_not_sent_along() -> None:
    net = co.load().close("AF-PK")
    bare = len(pickle.dumps(net))
    assert len(net.links) == len(copy.copy(net).links)
    assert len(pickle.dumps(net)) == bare


def test_a_state_read_from_a_folder_is_that_of_the_network(tmp_path) -> None:
    net = co.load().close("AF-PK")
    state = read_state(net.write(tmp_path))
    assert type(state).__name__ == "State"
    assert (state.name, state.view) == (net.name, net.view)
    pd.testing.assert_frame_equal(state.tables["links"], net.tables["links"])
    assert co.Network.from_state(state).closed == ["AF-PK"]


def test_arrays_behind_every_route_cannot_be_written(line: co.Network) -> None:
    for net in (line, line.with_parameters(scale={"line_haul/*/hours": 2.0})):
        problem = net.problem()
        e = problem.expansion
        for array in (problem.weight, e.km, e.kind, e.tail, e.link, e.values["hours"], e.terms.coefficient):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
