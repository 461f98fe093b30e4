"""Files of users: text in whatever encoding it says, and damage named as such instead of an error of a parser."""

from __future__ import annotations

import codecs
import json
import struct
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from corridors.base.errors import CorridorsError, DataFileError

DAMAGE: tuple[type[Exception], ...] = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, BadZipFile, struct.error, zlib.error,
)  # fmt: skip
"""What parsers of other packages raise on files that are damaged, or of another kind than their ending says."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Bytes with which a file says its encoding; the longer ones come first."""

UNPACKED_BYTES, UNPACKED_TIMES = 200_000_000, 200
"""An archive that unpacks to more than both (so many bytes, so many times its size) is refused."""


@contextmanager
def readable(path: object, kind: str, *more: type[Exception]) -> Iterator[None]:
    """Let a parser of another package read a file; whatever it raises on damage is a `DataFileError`.

    Parameters
    ----------
    path
        The file, for the message.
    kind
        What it should be, such as `an Excel workbook (.xlsx)`.
    more
        Errors of the parser beside those of Python.

    Raises
    ------
    DataFileError
        Naming the file, what it should be, and what the parser says.

    >>> with readable("a.json", "JSON"):
    ...     raise KeyError("features")
    Traceback (most recent call last):
    corridors.base.errors.DataFileError: 'a.json' cannot be read as JSON: KeyError: 'features'.
    """
    try:
        yield
    except CorridorsError:
        raise
    except DAMAGE + more as error:
        raise DataFileError(f"'{path}' cannot be read as {kind}: {_shown(error)}.") from error


def _shown(error: BaseException) -> str:
    text = " ".join(str(error).split())[:300].rstrip(".")
    plain = isinstance(error, OSError | ValueError | SyntaxError | BadZipFile) and text
    return text if plain else f"{type(error).__name__}: {text}" if text else type(error).__name__


def read_text(path: Path, kind: str = "text") -> str:
    """Text of a file in UTF-8, or in UTF-16 or UTF-32 where it begins with the mark of these.

    Raises
    ------
    DataFileError
        If it is missing, or in another encoding; it names the byte and the line.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataFileError(f"'{path}' cannot be read as {kind}: there is no such file.") from None
    except OSError as error:
        raise DataFileError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "It may be in an encoding of Windows such as cp1251 or cp1252: " if encoding == "utf-8" else ""
        raise DataFileError(
            f"'{path}' cannot be read as {kind} in {encoding.removesuffix('-sig').upper()}: byte {error.start:,} (line "
            f"{line}) is no character. {hint}save it as UTF-8 (from a spreadsheet, 'CSV UTF-8')."
        ) from error


def read_toml(path: Path) -> dict[str, Any]:
    """Content of a TOML file.

    Raises
    ------
    DataFileError
        If it is missing, no text, or no TOML; it names the line.
    """
    text = read_text(path, "TOML")
    with readable(path, "TOML"):
        return tomllib.loads(text)


def parsed_json(text: str) -> Any:
    """Content of JSON text, for use inside `readable`: halves of characters are refused, which no table can hold."""
    found = json.loads(text)
    if "\\u" in text:
        json.dumps(found, ensure_ascii=False).encode()
    return found


def check_archive(path: Path, kind: str) -> None:
    """Refuse an archive that unpacks to far more than any data does.

    Raises
    ------
    DataFileError
        Naming both sizes.
    """
    with readable(path, kind):
        packed = path.stat().st_size
        with ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > max(UNPACKED_BYTES, UNPACKED_TIMES * packed):
        raise DataFileError(
            f"'{path}' has {packed / 1e6:,.1f} MB and would unpack to {unpacked / 1e6:,.0f} MB: it is refused, for no "
            "table is packed so tightly."
        )
