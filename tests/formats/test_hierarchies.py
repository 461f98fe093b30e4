"""Hierarchies kept beside a network: the same answers, found by their hash, and never those of another network."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

import corridors as co
from corridors.base.cache import Cache
from corridors.cli.main import main
from corridors.engine import kept
from corridors.formats.hierarchies import FILE, beside
from corridors.uncertainty import graphs

ENDS = ["termez", "tashkent"], ["bukhara", "andijan"]


@pytest.fixture(autouse=True)
def _small_networks_count_as_large(monkeypatch):
    monkeypatch.setattr(graphs, "LARGE_STATES", 50)


@pytest.fixture
def searches(monkeypatch) -> list[int]:
    """Sizes of the graphs whose order is searched for."""
    found: list[int] = []
    before = graphs.find_order

    def counted(nodes, tail, head):
        found.append(nodes)
        return before(nodes, tail, head)

    monkeypatch.setattr(graphs, "find_order", counted)
    return found


@pytest.fixture(scope="module")
def net():
    """Railways of one country: every way is a journey, so that matrices are asked of the hierarchy."""
    frames = co.load().select(mode="rail", country="UZ").tables.frames
    return co.Network.from_tables(frames["places"], frames["links"].query("crossing == '' and project == ''"))


def fresh(net: co.Network) -> co.Network:
    """Same network with nothing worked out."""
    tables = net.tables
    return co.Network(replace(tables, hierarchies=None, cache=Cache()), net.view, net.name)


def asked(net: co.Network) -> bytes:
    """Bytes of an answer that a hierarchy gives."""
    graph = graphs.compiled(net.tables, "container")
    e = net.problem(cargo="container").expansion
    weights = np.random.default_rng(1).random((len(graph.edges), 12))
    ends = [e.origin[place] for place in ENDS[0]], [e.destination[place] for place in ENDS[1]]
    return graph.hierarchy.matrix(weights, *ends, method="kernel").tobytes()


@pytest.mark.parametrize("name", ["folder", "net.graphml"])
def test_a_network_read_again_takes_them_and_answers_the_same(net, name, tmp_path, searches):
    net = fresh(net)
    wanted = asked(net)
    path = net.write(tmp_path / name, hierarchies=True)
    assert beside(path).is_file()
    assert len(searches) == 1
    read = co.read(path)
    assert asked(read) == wanted
    assert len(searches) == 1
    # other ends of journeys, and other parameters, share what is kept
    for other in (read, read.with_parameters(scale={"line_haul/*": 2})):
        found = co.simulate(other, *ENDS, draws=5).samples
        np.testing.assert_array_equal(found, co.simulate(fresh(other), *ENDS, draws=5).samples)
    assert len(searches) == 3
    assert beside(read.write(tmp_path / "again")).name == FILE
    assert not beside(tmp_path / "again").exists()


def test_an_order_that_all_questions_share_changes_no_distance(net, monkeypatch):
    shared = co.simulate(fresh(net), *ENDS, draws=8).samples
    monkeypatch.setattr(graphs, "LARGE_STATES", 10**9)
    np.testing.assert_allclose(shared, co.simulate(fresh(net), *ENDS, draws=8).samples, rtol=1e-5)


def test_a_network_that_has_changed_does_not_take_them(net, tmp_path, searches):
    path = fresh(net).write(tmp_path / "folder", hierarchies="container")
    links = (path / "links.csv").read_text(encoding="utf8").splitlines(keepends=True)
    (path / "links.csv").write_text("".join(links[:-1]), encoding="utf8")
    searches.clear()
    changed = co.read(path)
    asked_of_changed = graphs.compiled(changed.tables, "container")
    assert len(searches) == 1
    again = graphs.compiled(fresh(changed).tables, "container")
    assert np.array_equal(asked_of_changed.hierarchy.topology.rank, again.hierarchy.topology.rank)
    # a link that is added to what was read makes another graph, too
    searches.clear()
    whole = co.read(fresh(net).write(tmp_path / "whole", hierarchies="container"))
    more = whole.add_link("termez", "bukhara", mode="rail", gauge_mm=1520, length_km=400)
    searches.clear()
    graphs.compiled(more.tables, "container")
    graphs.compiled(whole.tables, "container")
    assert len(searches) == 1


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "version"])
def test_a_damaged_file_is_named_and_changes_no_answer(net, damage, tmp_path, monkeypatch):
    net = fresh(net)
    wanted = asked(net)
    path = net.write(tmp_path / "folder", hierarchies=True)
    data = bytearray(beside(path).read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "flipped":
        data[len(data) // 3] ^= 4
    elif damage == "foreign":
        data = bytearray((path / "links.csv").read_bytes())
    else:
        monkeypatch.setattr(kept, "VERSION", 2)
        net.write(path, hierarchies=True)
        monkeypatch.undo()
        monkeypatch.setattr(graphs, "LARGE_STATES", 50)
        data = bytearray(beside(path).read_bytes())
    beside(path).write_bytes(data)
    read = co.read(path)
    with pytest.warns(co.DamagedHierarchiesWarning, match=r"corridors-hierarchies.*same answers"):
        assert asked(read) == wanted
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert asked(read) == wanted


def test_none_of_an_earlier_network_stay(net, tmp_path):
    for name in ("folder", "net.gpkg"):
        path = fresh(net).write(tmp_path / name, hierarchies=["container", "wagon"])
        file = beside(path)
        assert file.is_file()
        fresh(net).write(path)
        assert not file.exists()
    # a file that is gone before it is asked is not missed
    read = co.read(fresh(net).write(tmp_path / "folder", hierarchies="wagon"))
    shutil.rmtree(tmp_path / "folder")
    assert graphs.shared_order(read.tables, "wagon") is not None


def test_what_cannot_be_kept_is_named(net, tmp_path, monkeypatch):
    with pytest.raises(co.InputError, match=r"asked for draws.*before"):
        fresh(net).write(tmp_path / "folder", hierarchies=True)
    for wrong in ("tram", ["container", "tram"], [1]):
        with pytest.raises(co.InputError, match=r"hierarchies.*wagon"):
            fresh(net).write(tmp_path / "folder", hierarchies=wrong)
    with pytest.raises(co.InputError, match="hierarchies"):
        fresh(net).write(tmp_path / "folder", hierarchies=3)
    assert not (tmp_path / "folder").exists()


def test_convert_keeps_them(net, tmp_path):
    source = fresh(net).write(tmp_path / "net")
    found = CliRunner().invoke(main, ["convert", str(source), str(tmp_path / "to"), "--hierarchies", "container"])
    assert found.exit_code == 0, found.output
    assert "kept hierarchies of container" in found.output
    assert (tmp_path / "to" / FILE).is_file()
