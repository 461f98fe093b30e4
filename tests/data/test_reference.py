"""The reference data: the check passes, published distances are met, dates and closures hold."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import corridors as co
from corridors.base.dates import month_number
from corridors.data import bundled, schema
from corridors.validate.distances import distances


def test_check_finds_no_error_and_every_warning_is_explained(net: co.Network) -> None:
    findings = net.check()
    assert findings, str(findings)
    assert findings.level("warning") == []
    assert len(findings.checks) >= 10


def test_published_distances_are_reproduced(net: co.Network) -> None:
    found = distances(net)
    assert len(found.table()) >= 36
    assert found.share_within >= 0.9, str(found)
    missed = found.table()[~found.table()["within"]]
    assert (missed["note"] != "").all(), "every miss is explained"


def test_every_number_has_a_source(net: co.Network) -> None:
    known = set(net.sources.index)
    for table, columns in schema.tables().items():
        if "source" in columns:
            for cell in net.tables[table]["source"]:
                assert schema.items(cell)
                assert set(schema.items(cell)) <= known


def test_hairatan_mazar_is_not_there_in_2010(net: co.Network) -> None:
    with pytest.warns(co.UndatedLinksWarning):
        past = net.at("2010")
    with pytest.raises(co.NoRouteError, match="hairatan--naibabad"):
        past.route("Termez", "gur-e-mar", cargo="wagon", modes={"rail"})
    assert net.route("Termez", "gur-e-mar", cargo="wagon", modes={"rail"}).km == pytest.approx(93, abs=3)
    with pytest.warns(co.UndatedLinksWarning):
        assert net.at("2012").route("Termez", "gur-e-mar", cargo="wagon", modes={"rail"})


def test_the_border_is_shut_in_november_2026(net: co.Network) -> None:
    now = net.at("2026-11")
    assert "AF-PK" in now.closed
    assert now.crossings.loc["torkham", "open_to"] == ""
    assert "road" in net.crossings.loc["torkham", "open_to"]
    with pytest.warns(co.ClosedCrossingWarning, match="kharlachi"):
        now.build("uap-kabul")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net.build("uap-kabul", "western-route")


def test_systems_hang_together_as_in_reality(net: co.Network) -> None:
    assert net.route("Petropavl", "Torghundi", cargo="wagon", modes={"rail"}).count("gauge_change") == 0
    assert net.route("Karachi", "Tehran", cargo="wagon", modes={"rail"}).steps["to_id"].isin(["zahedan"]).any()
    with pytest.raises(co.NoRouteError, match="Gwadar"):
        net.route("Almaty", "Gwadar", modes={"rail"})
    with pytest.raises(co.NoRouteError):
        net.route("Lahore", "Delhi", modes={"rail"})
    assert net.open("wagah").route("Lahore", "Delhi", modes={"rail"}).crossings == ["wagah"]


@pytest.mark.parametrize("port", ["Karachi", "Port Qasim", "Gwadar", "Chabahar", "Bandar Abbas", "Mundra", "Kandla",
                                  "Nhava Sheva", "Mumbai", "Turkmenbashi", "Alat, AZ"])  # fmt: skip
def test_every_port_is_reached(net: co.Network, port: str) -> None:
    if port == "Alat, AZ":
        assert net.tables.place(port) == "alat-az"
    else:
        assert net.route("Astana", port).km > 1000


@pytest.mark.parametrize("country", ["KZ", "UZ", "TM", "TJ", "KG", "AF", "PK", "IR", "IN"])
def test_countries_have_rail_and_road(net: co.Network, country: str) -> None:
    part = net.select(country=country)
    assert set(part.links["mode"]) == {"rail", "road"}


def test_all_planned_links_can_be_built(net: co.Network) -> None:
    links = net.tables["links"]
    planned = links[links["status"].isin(["planned", "under_construction"])]
    assert (planned["project"] != "").all()
    for project in net.projects.index[net.projects["kind"].isin(["new", "upgrade"])]:
        try:
            built = net.build(project)
        except co.ScenarioError as error:
            assert any(text in str(error) for text in ("without", "has no links"))  # noqa: PT017
            continue
        assert len(built.view.built) >= 1


def test_dates_are_never_in_the_future(net: co.Network) -> None:
    now = month_number(bundled.AS_OF)
    for table in ("links", "crossings", "terminals", "services"):
        for column in ("opened", "closed"):
            assert all(month_number(d) <= now + 1 for d in net.tables[table][column] if d)


def test_alignments_cover_the_open_links(net: co.Network) -> None:
    links = net.links
    shown = links[links["in_use"] & (links["length_km"] > 0)]
    traced = shown[shown["alignment"] == "traced"]
    assert traced["length_km"].sum() / shown["length_km"].sum() > 0.8


def test_data_is_small_and_has_its_licence() -> None:
    folder = bundled.folder()
    assert sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) < 5_000_000
    assert "ODbL" in (Path(__file__).parents[2] / "LICENSE-DATA").read_text()


def test_loading_needs_no_network_and_no_plotting() -> None:
    code = (
        "import socket, sys; socket.socket.connect = lambda *a: (_ for _ in ()).throw(OSError('no network'));"
        "import corridors as co; co.load().route('Almaty', 'Karachi');"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_version_is_stated_once() -> None:
    assert importlib.metadata.version("corridors") == co.__version__
