"""Links that are added in one call."""

from __future__ import annotations

from pathlib import Path

import pytest
from shapely.geometry import LineString

import corridors as co

ADDED = "herat--kandahar:rail-1435"


@pytest.fixture(scope="module")
def added() -> co.Network:
    return co.load().add_link(
        "Herat", "Kandahar", mode="rail", gauge_mm=1435, length_km=560, opened=2031, source="Plan of 2026",
        geometry=[(65.5, 31.7), (63.0, 33.0), (62.3, 34.2)],
    )  # fmt: skip


def test_the_link_is_there_and_all_other_lines_stay(added: co.Network) -> None:
    base = co.load()
    row = added.links.loc[ADDED]
    assert row[["length_km", "gauge_mm", "class", "alignment", "source"]].tolist() == [
        560.0, "1435", "modern", "drawn", "plan-of-2026",
    ]  # fmt: skip
    # from Herat on, whichever way it was drawn
    herat = base.places.loc["herat"].geometry
    assert row.geometry.coords[0] == herat.coords[0]
    assert row.geometry.coords[1] == (62.3, 34.2) or row.geometry.coords[1] == (63.0, 33.0)
    rest = added.links.drop(ADDED)
    assert rest.geometry.geom_equals(base.links.geometry).all()
    assert rest["alignment"].equals(base.links["alignment"])
    assert added.check().level("error") == []
    assert ADDED not in base.links.index


def test_it_opens_in_its_year(added: co.Network) -> None:
    assert added.route("Herat", "Kandahar", modes={"rail"}).km == 560
    assert [bool(added.in_year(year).links.loc[ADDED, "in_use"]) for year in (2030, 2031)] == [False, True]


def test_what_was_assumed_is_listed(added: co.Network, tmp_path: Path) -> None:
    told = added.assumed["assumed"].tolist()
    assert told[0] == "class modern, which selects speed and cost (none was given)"
    assert "terminal rail-1435 - road at Kandahar for containers" in told
    assert len(told) == 5
    assert co.read(added.write(tmp_path / "net.gpkg")).assumed.equals(added.assumed)


def test_nothing_given_is_told() -> None:
    net = co.load().add_link(("New Town", 33.5, 63.1), "Farah", mode="road")
    told = " | ".join(net.assumed["assumed"])
    for part in ("New Town: in AF", "straight line", "great circle of", "class trunk", "no opening", "no source"):
        assert part in told
    length = net.links.loc["new-town--farah:road", ["length_low_km", "length_km", "length_high_km"]]
    assert length.is_monotonic_increasing
    assert net.route("New Town", "Farah", cargo="truck").km == pytest.approx(length["length_km"])


def test_terminals_that_are_missing_are_told() -> None:
    base = co.load()
    net = base.add_link("Torghundi", "Herat", mode="rail", gauge_mm=1435, terminals=False)
    told = net.assumed["assumed"].tolist()
    assert len(net.terminals) == len(base.terminals)
    assert any("change of gauge rail-1435 - rail-1520 at Torghundi" in text and "missing" in text for text in told)
    with_them = base.add_link("Torghundi", "Herat", mode="rail", gauge_mm=1435)
    new = with_them.terminals.loc[with_them.terminals.index.difference(base.terminals.index)]
    assert sorted(new["place"].unique()) == ["herat", "torghundi"]
    assert (new["confidence"] == "assumed").all()
    assert with_them.route("Mary", "Herat", modes={"rail"}).summary()["gauge_breaks"] == 1


@pytest.mark.parametrize(
    ("ends", "options", "match"),
    [
        (("Herat", "Kandahar"), {"mode": "rail"}, "needs its gauge"),
        (("Herat", "Kandahar"), {"mode": "canal"}, "rail or road"),
        (("Herat", "Kandahar"), {"mode": "road", "length_km": 100}, "as the crow flies"),
        (("Herat", "Kandahar"), {"mode": "road", "length_km": "far"}, "a number"),
        (("Herat", "Herat"), {"mode": "road"}, "another place"),
        (("Herat", "Kandahar"), {"mode": "road", "opened": "soon"}, "opened='soon'"),
        (("Herat", "Quetta"), {"mode": "road"}, r"chaman \(spin-boldak to chaman\)"),
        (("Herat", "Quetta"), {"mode": "road", "crossing": "chaman"}, "runs from spin-boldak to chaman"),
        (("Herat", "Quetta"), {"mode": "road", "crossing": "milak"}, "a crossing of AF-PK"),
        (("Herat", "Kandahar"), {"mode": "road", "crossing": "chaman"}, "needs none"),
        (("Herat", (33.5, 63.1)), {"mode": "road"}, r"\(name, latitude, longitude\)"),
        (("Herat", ("Kandahar", 33.5, 63.1)), {"mode": "road"}, "name it alone"),
        (("Herat", "Kandahar"), {"mode": "road", "geometry": [(62.2, 34.3), (70, 40)]}, "km from Kandahar"),
        (("Herat", "Kandahar"), {"mode": "road", "geometry": [(62.2, 34.3)]}, "two or more points"),
        (("Herat", "Kandahar"), {"mode": "road", "geometry": LineString([(62e4, 34e4), (70e4, 40e4)])}, "degrees"),
    ],
)
def test_what_cannot_be_added(ends: tuple, options: dict, match: str) -> None:
    with pytest.raises(co.InputError, match=match):
        co.load().add_link(*ends, **options)


def test_over_a_border() -> None:
    net = co.load().add_link("Spin Boldak", "Chaman", mode="rail", gauge_mm=1676, length_km=12, crossing="chaman")
    assert net.links.loc["spin-boldak--chaman:rail-1676~2", "border_km"] == 6
    assert "the border half way (no border_km was given)" in net.assumed["assumed"].tolist()
    assert net.projects["countries"].iloc[-1] == "AF;PK"
