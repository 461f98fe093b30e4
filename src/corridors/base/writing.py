"""Files written beside and then moved into place: whatever happens meanwhile, a path holds the old or the new."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corridors.base.errors import DataFileError

PENDING = ".corridors-pending"
"""Folder in a folder: its files are complete and count, though they have not been moved into place yet."""

_GONE = ".gone"
"""File in `PENDING` that lists the files which the new ones leave out."""


@contextmanager
def new_file(path: str | Path) -> Iterator[Path]:
    """Path to write a file to, in a folder of its own; it takes the place of `path` when the block ends without error.

    Parameters
    ----------
    path
        Where the file shall stand; folders above it are made. Of a link the target is replaced.

    Raises
    ------
    DataFileError
        If it cannot be written; what stood at `path` is as it was.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with new_file(Path(folder) / "a.txt") as beside:
    ...         _ = beside.write_text("new")
    ...     sorted(os.listdir(folder)), (Path(folder) / "a.txt").read_text()
    (['a.txt'], 'new')
    """
    path = Path(path)
    with _named_errors(path):
        place = Path(os.path.realpath(path))
        with _workshop(place.parent, place.name) as folder:
            beside = folder / place.name
            yield beside
            if place.is_file():
                shutil.copymode(place, beside)
            _store(beside)
            beside.replace(place)


@contextmanager
def new_files(folder: str | Path, names: Iterable[str] = ()) -> Iterator[Path]:
    """Folder to write files to; all of them take their places in `folder` together when the block ends without error.

    A reader that asks `current` for each file sees all old or all new ones, even if moving them is cut off.

    Parameters
    ----------
    folder
        Where the files shall stand; it is made if it does not exist. Other files in it stay.
    names
        Files that belong together: those of them that are not written are removed.

    Raises
    ------
    DataFileError
        If they cannot be written; what stood in `folder` is as it was.

    >>> with tempfile.TemporaryDirectory() as there:
    ...     _ = (Path(there) / "b.csv").write_text("old")
    ...     with new_files(there, ["a.csv", "b.csv"]) as beside:
    ...         _ = (beside / "a.csv").write_text("new")
    ...     sorted(os.listdir(there))
    ['a.csv']
    """
    folder = Path(folder)
    with _named_errors(folder):
        with _workshop(folder, "folder") as beside:
            new = beside / "new"
            new.mkdir()
            yield new
            for file in new.iterdir():
                _store(file)
            (new / _GONE).write_text("\n".join(n for n in names if not (new / n).exists()), encoding="utf8")
            _store(new / _GONE)
            _finish(folder)
            new.replace(folder / PENDING)
        _finish(folder)


def current(folder: Path, name: str) -> Path:
    """Path of a file of a folder, also where writing the folder was cut off while its files were being moved."""
    pending = folder / PENDING
    if not pending.is_dir():
        return folder / name
    unmoved = pending / name
    return unmoved if unmoved.exists() or name in _gone(pending) else folder / name


def _gone(pending: Path) -> list[str]:
    listed = pending / _GONE
    return listed.read_text(encoding="utf8").splitlines() if listed.is_file() else []


def _finish(folder: Path) -> None:
    """Move what is pending into place; the list of files that go is kept until all else is done."""
    pending = folder / PENDING
    if not pending.is_dir():
        return
    for name in _gone(pending):
        (folder / name).unlink(missing_ok=True)
    for file in sorted(pending.iterdir()):
        if file.name != _GONE:
            file.replace(folder / file.name)
    (pending / _GONE).unlink(missing_ok=True)
    pending.rmdir()


@contextmanager
def _workshop(parent: Path, name: str) -> Iterator[Path]:
    """Folder on the same disk that is gone afterwards; a process that is killed leaves it behind, hidden."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{name[:60]}-", suffix=".part", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataFileError(
            f"'{path}' cannot be written: {error.strerror or error}. What stood there before is unchanged."
        ) from error


def _store(file: Path) -> None:
    """See that a file has reached the disk before it takes the place of another."""
    if file.is_file():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
