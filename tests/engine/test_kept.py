"""Orders of contraction that are given, and kept in files: the same answers bit for bit, and nothing wrong is taken."""

from __future__ import annotations

import io
import pickle
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridors.base.errors import DataFileError, InputError
from corridors.engine import Hierarchy, kept
from corridors.engine.compiled import COMPILED_NODES
from corridors.engine.topology import Topology

NODES = COMPILED_NODES + 300


@pytest.fixture(scope="module")
def graph():
    rng = np.random.default_rng(3)
    tail = np.arange(NODES - 1)
    there = rng.integers(0, NODES - 40, 900)
    return NODES, np.concatenate([tail, there, [5]]), np.concatenate([tail + 1, there + rng.integers(1, 40, 900), [5]])


@pytest.fixture(scope="module")
def large(graph):
    return Hierarchy.build(*graph)


def same(one: Topology, other: Topology) -> bool:
    return all(
        np.array_equal(array, getattr(other, name)) and array.dtype == getattr(other, name).dtype
        for name, array in vars(one).items()
        if isinstance(array, np.ndarray)
    )


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_order_gives_the_right_distances(data):
    nodes = data.draw(st.integers(1, 12))
    edges = data.draw(st.integers(0, 30))
    tail, head = (data.draw(st.lists(st.integers(0, nodes - 1), min_size=edges, max_size=edges)) for _ in range(2))
    order = data.draw(st.permutations(range(nodes)))
    weight = np.random.default_rng(edges).random(edges)
    h = Hierarchy.build(nodes, tail, head, order=order)
    everywhere = np.arange(nodes)
    found, wanted = (h.matrix(weight, everywhere, everywhere, dtype="float64", method=m) for m in ("kernel", "scipy"))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    # in its own order a graph is contracted to the same arrays
    assert same(h.topology, Hierarchy.build(nodes, tail, head, order=h.order).topology)


def test_compiled_code_and_python_contract_alike_in_a_given_order(graph, large):
    nodes, tail, head = graph
    halves = np.argsort(np.arange(nodes) % 2, kind="stable")
    for order in (large.order, halves):
        by_python = Topology.build(nodes, tail, head, order)
        assert same(Hierarchy.build(nodes, tail, head, order=order).topology, by_python)
    assert same(Topology.build(nodes, tail, head, large.order), large.topology)


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 1], [0, 1, 3], [0.0, 1.0, 2.0], [-1, 0, 1]])
def test_an_order_has_every_node_once(order):
    with pytest.raises(InputError, match="order"):
        Hierarchy.build(3, [0, 1], [1, 2], order=order)


def test_written_and_read_again_the_answers_are_the_same(graph, large, tmp_path):
    file = large.write(tmp_path / "here" / "large.npz")
    read = Hierarchy.read(file, *graph)
    assert same(read.topology, large.topology)
    weight = np.random.default_rng(1).random((len(graph[1]), 9))
    ends = [0, 17, NODES - 1]
    one, other = (h.matrix(weight, ends, ends, method="kernel") for h in (large, read))
    assert one.tobytes() == other.tobytes()
    assert file.stat().st_size < 4 * NODES + 2000
    assert file.read_bytes() == read.write(tmp_path / "again.npz").read_bytes()


def test_the_file_is_of_the_graph_that_is_asked_for(graph, large, tmp_path):
    nodes, tail, head = graph
    file = large.write(tmp_path / "large.npz")
    other = head.copy()
    other[7] += 1
    for changed in ((nodes, tail, other), (nodes + 1, tail, head), (nodes, tail[:-1], head[:-1]), (nodes, head, tail)):
        with pytest.raises(DataFileError, match="no hierarchy of this graph"):
            Hierarchy.read(file, *changed)


def test_damage_is_never_taken(graph, large, tmp_path):
    file = large.write(tmp_path / "large.npz")
    whole = file.read_bytes()
    rng = np.random.default_rng(8)
    read = 0
    places = [*rng.integers(0, len(whole), 60).tolist(), *range(0, 200, 11), *range(len(whole) - 300, len(whole), 7)]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(rng.integers(8))
        file.write_bytes(damaged)
        with suppress(DataFileError):
            order = kept.read_order(file, kept.digest_of(*graph), NODES)
            # a byte that nobody reads, such as a date, or the name under which the graph stands
            assert order is None or np.array_equal(order, large.order)
            read += order is not None
    assert read < len(places) // 2
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(DataFileError, match=r"large\.npz"):
            Hierarchy.read(file, *graph)
    file.unlink()
    with pytest.raises(DataFileError, match=r"large\.npz"):
        Hierarchy.read(file, *graph)


def members(digest: str, order: np.ndarray, **others: np.ndarray) -> dict[str, np.ndarray]:
    """Arrays of a file, as `put_orders` writes them."""
    mark = np.frombuffer(kept._hash(digest, np.asarray(order, dtype="<i4")), dtype=np.uint8)
    return {"version": np.array(kept.VERSION), digest: order, f"{digest}-sha256": mark, **others}


def test_files_that_are_made_to_mislead_are_refused(graph, large, tmp_path):
    digest, order, file = kept.digest_of(*graph), large.order.astype("<i4"), tmp_path / "made.npz"
    twice, beyond, negative = order.copy(), order.copy(), order.copy()
    twice[0], beyond[0], negative[0] = order[1], NODES, -1
    wrong = {
        "version 2": members(digest, order, version=np.array(2)),
        "hash": members(digest, order) | {f"{digest}-sha256": np.zeros(32, dtype=np.uint8)},
        "every node once": members(digest, twice),
        "every node": members(digest, beyond),
        "node once": members(digest, negative),
        "damaged": members(digest, order[:-1]),
        "bytes": members(digest, np.tile(order, 40)),
        "tells no version": {"x": order},
    }
    for told, arrays in wrong.items():
        np.savez(file, **arrays)
        with pytest.raises(DataFileError, match=told):
            Hierarchy.read(file, *graph)
    # the hash of another graph does not make its order one of this
    other = kept.digest_of(NODES, graph[1], graph[1])
    np.savez(file, **{f"{digest}{k.removeprefix(other)}" if k.startswith(other) else k: v
                      for k, v in members(other, order).items()})  # fmt: skip
    with pytest.raises(DataFileError, match="does not have its hash"):
        Hierarchy.read(file, *graph)


def test_pickles_are_never_loaded(graph, tmp_path):
    class Bomb:
        def __reduce__(self):
            return open, (str(tmp_path / "ran"), "w")

    digest, file = kept.digest_of(*graph), tmp_path / "made.npz"
    boxed = io.BytesIO()
    np.lib.format.write_array(boxed, np.array([Bomb()], dtype=object), allow_pickle=True)
    version = io.BytesIO()
    np.lib.format.write_array(version, np.array(kept.VERSION))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("version.npy", version.getvalue())
        archive.writestr(f"{digest}.npy", boxed.getvalue())
    with pytest.raises(DataFileError, match=r"made\.npz"):
        Hierarchy.read(file, *graph)
    file.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(DataFileError, match=r"made\.npz"):
        Hierarchy.read(file, *graph)
    assert not (tmp_path / "ran").exists()
