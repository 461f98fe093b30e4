"""Hierarchies kept on disk: the order in which nodes are contracted, which is what costs time to find.

All else of a topology follows from graph and order in moments, and any order that has every node once is right, so
that a file can make an answer slow but never wrong. A file is an `.npz` of numpy without Python objects: the version of
its form, and for every graph, under the SHA-256 hash of its nodes and edges, the order and a hash of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from corridors.base.errors import DataFileError
from corridors.base.reading import readable
from corridors.base.writing import new_file

Ints = NDArray[np.int64]

KIND = "hierarchies of corridors (.npz)"

VERSION = 1
"""Version of the form of the files; others are not read."""

_HEADER_BYTES = 4096
"""Most that the header of an array takes in a file."""


def digest_of(nodes: int, tail: Ints, head: Ints) -> str:
    """SHA-256 hash of a graph: its number of nodes, and the ends of its edges in their order.

    >>> import numpy as np
    >>> digest_of(2, np.array([0]), np.array([1]))[:16]
    'be7d3b5eb5f664ed'
    """
    found = hashlib.sha256(f"{nodes} {len(tail)}\n".encode())
    for ends in (tail, head):
        found.update(np.ascontiguousarray(ends, dtype="<i8").data)
    return found.hexdigest()


def write_orders(path: Path, orders: Mapping[str, Ints]) -> None:
    """Write orders of graphs; an earlier file is replaced in one step.

    Parameters
    ----------
    path
        The file, ending in `.npz`.
    orders
        Nodes in the order in which they are contracted, by the hash of their graph (`digest_of`).

    Raises
    ------
    DataFileError
        If it cannot be written; what stood there is as it was.

    >>> import numpy as np, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_orders(Path(folder) / "orders.npz", {"ab": np.array([2, 0, 1])})
    ...     read_order(Path(folder) / "orders.npz", "ab", 3).tolist()
    [2, 0, 1]
    """
    with new_file(path) as beside:
        put_orders(beside, orders)


def put_orders(path: Path, orders: Mapping[str, Ints]) -> None:
    """Write as `write_orders`, straight to the place."""
    arrays: dict[str, NDArray[np.generic]] = {"version": np.array(VERSION, dtype="<i8")}
    for digest, order in orders.items():
        nodes = np.asarray(order, dtype="<i4")
        arrays[digest] = nodes
        arrays[f"{digest}-sha256"] = np.frombuffer(_hash(digest, nodes), dtype=np.uint8)
    with path.open("wb") as stream:  # savez would put an ending of its own to a name
        np.savez(stream, allow_pickle=False, **arrays)


def read_order(path: Path, digest: str, nodes: int) -> Ints | None:
    """Order of a graph from a file; None if the file has none of this graph.

    Parameters
    ----------
    path
        The file.
    digest
        Hash of the graph (`digest_of`).
    nodes
        Number of its nodes.

    Raises
    ------
    DataFileError
        If there is no such file, it is damaged, no file of hierarchies, or of another version.
    """
    with readable(path, KIND), ZipFile(path) as archive:
        version = int(_array(archive, "version", 8)) if "version.npy" in archive.namelist() else None
        if version != VERSION:
            told = "tells no version" if version is None else f"is of version {version}"
            raise DataFileError(f"'{path}' cannot be read as {KIND}: it {told}; {VERSION} is expected. Write it anew.")
        if f"{digest}.npy" not in archive.namelist():
            return None
        order = _array(archive, digest, 4 * nodes)
        right = order.dtype == np.dtype("<i4") and order.shape == (nodes,)
        if not right or _hash(digest, order) != _array(archive, f"{digest}-sha256", 32).tobytes():
            raise DataFileError(f"'{path}' is damaged: an order in it does not have its hash. Write it anew.")
    if (np.bincount(np.maximum(order, 0), minlength=nodes)[:nodes] != 1).any():
        raise DataFileError(f"'{path}' is damaged: an order in it does not have every node once. Write it anew.")
    return order.astype(np.int64)


def _hash(digest: str, order: NDArray[np.generic]) -> bytes:
    """Hash of an order, which holds for one graph and one version alone."""
    return hashlib.sha256(f"{VERSION} {digest}\n".encode() + order.tobytes()).digest()


def _array(archive: ZipFile, name: str, most_bytes: int) -> NDArray[np.generic]:
    """Array of an archive; its size is looked at before it is read."""
    size = archive.getinfo(f"{name}.npy").file_size
    if size > most_bytes + _HEADER_BYTES:
        raise ValueError(f"{name} has {size:,} bytes, and {most_bytes:,} are expected")
    stream = BytesIO(archive.read(f"{name}.npy"))
    found: NDArray[np.generic] = np.lib.format.read_array(stream, allow_pickle=False)
    return found
