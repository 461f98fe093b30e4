"""Tables for print: heads with units, LaTeX, workbooks, names, and sources as references."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corridors as co
from corridors.base.columns import decimals, head
from corridors.data.naming import by_names
from corridors.data.references import bibtex, references, split_sources
from corridors.model.evidence import sources_of
from support.networks import PARAMETERS, link, make, parameter, place


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hours", "Transit time (h)"),
        ("km", "Length (km)"),
        ("co2e_kg_t_delta", "Emissions, change (kg CO2e/t)"),
        ("generalized_usd_t_ratio", "Generalized cost, ratio"),
        ("p90_days", "Time, P90 (d)"),
        ("p05", "P05"),
        ("p05_usd_t", "Amount, P05 (USD/t)"),
        ("feu_usd", "40-ft container (USD)"),
        ("border_usd_t", "Border (USD/t)"),
        ("to_id", "To"),
        (("base", "hours"), "Base, Transit time (h)"),
    ],
)
def test_heads_tell_the_unit(name: object, told: str) -> None:
    assert str(head(name)) == told


def test_a_column_has_as_many_decimals_as_its_largest_number_needs() -> None:
    assert decimals(pd.Series([np.nan, 12.34, -0.2])) == 1
    assert decimals(pd.Series([np.inf, 0.001])) == 2
    assert decimals(pd.Series([np.inf, np.nan])) == 0


def test_latex_by_hand() -> None:
    table = pd.DataFrame(
        {"note": ["50 % & more", "a_b"], "km": [12345.6, np.nan], "hours_delta": [-2.25, np.inf]},
        index=pd.Index(["x", "y"], name="way"),
    )
    lines = co.formats.to_latex(table, caption="Ways", label="tab:ways").splitlines()
    assert lines[2:4] == [r"\caption{Ways}", r"\label{tab:ways}"]
    assert lines[6:8] == [r"Way & Note & Length & Transit time, change \\", r" &  & (km) & (h) \\"]
    assert lines[9] == r"x & 50 \% \& more & 12\,346 & $-2.25$ \\"
    assert lines[10] == r"y & a\_b & -- & $\infty$ \\"


def test_a_matrix_is_printed_by_names(net: co.Network) -> None:
    matrix = net.matrix(["almaty"], ["karachi", "port-qasim"], "distance", names=True)
    assert co.formats.to_latex(matrix).splitlines()[2] == r"Origin & Karachi & Port Qasim \\"
    pd.testing.assert_frame_equal(matrix, net.named(net.matrix(["almaty"], ["karachi", "port-qasim"], "distance")))


def test_namesakes_are_told_apart_by_country() -> None:
    rows = [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60), place("c", "KZ", 52, 60)]
    rows[0]["name"] = rows[1]["name"] = "Alat"
    mine = make(rows, [link("a", "b", "road", 10), link("b", "c", "road", 10)])
    ids = pd.DataFrame({"from_id": ["a", "c"], "id": ["a--b:road", "b--c:road;nothing"], "mode": ["a", "b"]})
    named = by_names(ids, mine.tables)
    assert named["from_id"].tolist() == ["Alat (KZ, a)", "C"]
    assert named["id"].tolist() == ["Alat (KZ, a) - Alat (KZ, b)", "Alat (KZ, b) - C; nothing"]
    assert named["mode"].tolist() == ["a", "b"]  # only columns of ids are read as such
    assert ids["from_id"].tolist() == ["a", "c"]


def test_a_workbook_has_a_sheet_for_each_table_and_the_sources(net: co.Network, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    route = net.route("Termez", "Hairatan", cargo="truck")
    book = openpyxl.load_workbook(route.to_excel(tmp_path / "route.xlsx"))
    assert book.sheetnames == ["legs", "steps", "breakdown", "lengths", "assumptions", "sources"]
    legs = list(book["legs"].values)
    assert legs[0][6:9] == ("Length (km)", "Transit time (h)", "Cost (USD/t)")
    assert sum(row[6] for row in legs[1:]) == pytest.approx(route.km)
    assert legs[1][1] == "Termez"
    assert {row[0] for row in list(book["sources"].values)[1:]} == set(route.sources().index)
    assert route.to_latex("steps", columns=["to_id", "hours"]).splitlines()[2] == r"To & Transit time \\"
    with pytest.raises(co.UnknownNameError, match="hours"):
        route.to_latex("steps", columns=["hour"])
    with pytest.raises(co.UnknownNameError, match="breakdown"):
        route.to_latex("brekdown")


def test_cells_of_a_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table = pd.DataFrame({"note": ["=1+1", None], "days": [np.inf, np.int64(3)], "year": [2024, 2025]})
    path = co.formats.to_excel({"a/b": table}, tmp_path / "cells.xlsx")
    sheet = openpyxl.load_workbook(path)["a-b"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", "no way", 2024]
    assert sheet["A2"].data_type == "s"
    assert (sheet["A3"].value, sheet["B3"].value, sheet["C3"].number_format) == (None, 3, "General")
    with pytest.raises(co.InputError, match=r"ends in \.xlsx"):
        co.formats.to_excel({"a": table}, tmp_path / "cells.csv")
    with pytest.raises(co.InputError, match="differ in their first 31"):
        co.formats.to_excel({"a" * 31: table, "a" * 40: table}, tmp_path / "cells.xlsx")
    with pytest.raises(co.InputError, match="at least one table"):
        co.formats.to_excel({}, tmp_path / "cells.xlsx")


def test_sources_are_those_of_what_is_used() -> None:
    rows = [place("a", "KZ", 50, 60), place("b", "KZ", 51, 60), place("c", "KZ", 52, 60)]
    slow = parameter("line_haul", "hours", 20, "km/h", mode="road", link="b--c:road")
    ways = [link("a", "b", "road", 10), link("b", "c", "road", 10)]
    ways[0]["source"] = "l1;l2"
    mine = make(rows, ways, parameters=[*PARAMETERS, {**slow, "source": "p"}])
    one = mine.route("A", "B", cargo="truck")
    assert sources_of([one]) == {"l1": {"length"}, "l2": {"length"}, "s": {"line haul", "stops"}}
    assert sources_of([one, mine.route("B", "C", cargo="truck")])["p"] == {"line haul"}
    found = one.sources()
    assert found.loc["l1", ["title", "used_for", "reference"]].tolist() == ["", "length", "l1."]


def test_references_and_bibtex(net: co.Network) -> None:
    found = references(net.tables, {"iru-2023-kashgar-kabul": ["border"]}).iloc[0]
    assert found["reference"] == "IRU (2023): TIR transport Kashgar-Khunjerab-Kabul."
    text = bibtex(net.sources)
    assert text.count("@misc{") == len(net.sources)
    assert text.count("{") - text.count("\\{") == text.count("}") - text.count("\\}")
    assert split_sources(["b;a", "", "a"]) == ["b", "a"]


def test_ways_side_by_side(net: co.Network) -> None:
    ways = net.alternatives("Almaty", "Karachi", 2)
    table = ways.table(draws=100, seed=3)
    hours = ways[1].distribution(draws=100, seed=3)
    assert table.loc[2, "p90_days"] == pytest.approx(hours.percentile(90) / 24)
    assert table.loc[2, "feu_usd"] == pytest.approx(ways[1].cost_usd("feu"))
    assert "truck_usd" not in table
    assert repr(ways).splitlines()[0].split()[:2] == ["cargo", "modes"]
    assert "Galaba - Hairatan" in ways.table(draws=0, names=True)["crossings"].iloc[0]
    assert set(ways.sources().index) == set(ways[0].sources().index) | set(ways[1].sources().index)


def test_a_comparison_in_one_row_for_each_scenario(net: co.Network) -> None:
    gain = co.compare([net, "uap-kabul"], ["Tashkent"], ["Karachi"], modes={"rail"}, draws=60)
    found = gain.summary()
    pd.testing.assert_frame_equal(found[gain.overall().columns], gain.overall())
    assert found.loc["uap-kabul", ["cost_usd_t_delta_p05", "cost_usd_t_delta_p95"]].tolist() == list(
        gain.overall_band("uap-kabul", "cost")
    )
    assert found.loc["uap-kabul", "p_better"] == gain.beats().loc["uap-kabul", "base"]
    assert found["border_state"].tolist() == [net.border_state] * 2
    assert gain.table("hours", names=True).index.tolist() == [("Tashkent", "Karachi")]
    assert gain.to_latex("hours").splitlines()[2] == r"Origin & Destination & base & uap-kabul \\"


def test_results_of_trade_are_printed_alike(net: co.Network) -> None:
    flour = co.landed(net, "flour", market="Kabul", year=2024, draws=0)
    assert "Kostanay" in flour.table(names=True)["place"].tolist()
    offers = net.tables["offers"].set_index("id").loc[list(flour.table()["offer"]), "source"]
    assert set(split_sources(offers)) <= set(flour.sources().index)
    assert flour.to_latex().splitlines()[0] == r"\begin{tabular}{llllrrrrrrrrrrrr}"
    assert flour.to_latex("summary").startswith(r"\begin{tabular}{l")
    shares = co.split(net, "Termez", "Kabul", cargo="truck", choice=co.Logit(ways=1))
    assert "Galaba - Hairatan" in shares.table(names=True)["crossings"].iloc[0]
    tonnes = co.carry(net, {("Termez", "Kabul"): 1000.0}, cargo="truck")
    assert tonnes.sources().equals(shares.sources())
    assert list(tonnes.table(names=True).iloc[:, 0]) != list(tonnes.table().iloc[:, 0])
    halves = {"a": 0.5, "b": 0.5}
    hat = co.respond({"a": 100.0, "b": 100.0}, {"a": 90.0, "b": 100.0}, halves, theta=5, eps=-0.3, draws=0)
    assert r"Supplier & Price before & " in hat.to_latex()
    with pytest.raises(co.InputError, match="rests on routes"):
        hat.sources()
