"""Seeded damage: to bytes, to text, to cells of tables, to JSON and XML, and to archives."""

from __future__ import annotations

import copy
import csv
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

CELLS = (
    "", " ", "nan", "NaN", "inf", "-inf", "1e308", "1e999", "1e-320", "-1", "0", "-0.0", "1", "1520.0", "95", "-200",
    "１２", "1,5", "1_000", "0x1F", "9" * 400, "abc", "Mazar", "\x00", "\x0b", "\x1b[2J", "\u202e", "\ufeff", "\u2028",
    "é" * 300, "🚂", "'", '"', ";", ";;", "a;b;a", "a; c", "2011-13", "2011-12", "0000", "13/2011", "before-1992",
    "True", "None", "NULL", "=1+1", "@x", "a\nb", "a\r\nb", "../..", "<a>&amp;", "%s", "{0}", "[1, 2]", "_x0041_", "KZ",
    "open", "rail;road;sea", "AF-PK", "kz", "c", "crossing a", "POINT (1 2)", "LINESTRING EMPTY",
    "LINESTRING (0 0, nan 1)",
    "K" * 70_000,
)  # fmt: skip
"""What may stand in a cell."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1e308, -0.0, "", "x", [], {}, [1], [[]], {"a": 1}, [None, None], "EPSG:4326",
    "places", "\ud800", [1e9, 1e9], [[1, 2], [3, 4]], {"type": "Point", "coordinates": [1]},
    {"type": "name", "properties": None},
)  # fmt: skip
"""What may stand in JSON."""

ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1251", "cp1252", "koi8-r", "utf-7")


def of_bytes(data: bytes, rng: Random) -> bytes:
    """Damage anywhere: bits turned, pieces cut out, doubled, put elsewhere, or the end lost."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        at = rng.randrange(len(made) + 1)
        length = min(rng.choice((1, 1, 2, 8, 64, 1024)), len(made) - at)
        kind = rng.randrange(6)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del made[at : at + length]
        elif kind == 2:
            made[at:at] = rng.randbytes(rng.choice((1, 4, 32)))
        elif kind == 3:
            made[at:at] = made[at : at + length] * rng.choice((1, 3))
        elif kind == 4:
            made[at : at + length] = rng.choice((b"\x00", b"\xff", b"\n", b'"', b"<", b"{")) * length
        else:
            del made[rng.randrange(len(made) + 1) :]
    return bytes(made)


def of_text(data: bytes, rng: Random) -> bytes:
    """Damage to text: as bytes, in another encoding, or lines lost, doubled, joined and put elsewhere."""
    if rng.random() < 0.5:
        return of_bytes(data, rng)
    text = data.decode("utf8")
    if rng.random() < 0.3:
        return text.encode(rng.choice(ENCODINGS), errors="replace")
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(rng.randrange(len(lines)), lines[at])
    elif kind == 2:
        lines[at] = lines[at].rstrip("\r\n")
    else:
        words = lines[at].split(" ")
        words[rng.randrange(len(words))] = rng.choice(CELLS)
        lines[at] = " ".join(words)
    return "".join(lines).encode("utf8", errors="replace")


Rows = list[list[Any]]


def of_rows(rows: Rows, rng: Random, values: tuple[Any, ...] = CELLS) -> Rows:
    """Damage to a table whose first row names the columns."""
    made = [list(row) for row in rows]
    for _ in range(rng.choice((1, 1, 2, 3))):
        kind = rng.choice((_cell, _cell, _cell, _cell, _column, _name, _row, _twice, _short, _empty))
        if len(made) > 1 and made[0]:
            made = kind(made, rng, values)
    return made


def _cell(rows: Rows, rng: Random, values: tuple[Any, ...]) -> Rows:
    row = rows[rng.randrange(1, len(rows))]
    if row:
        row[rng.randrange(len(row))] = rng.choice(values)
    return rows


def _column(rows: Rows, rng: Random, values: tuple[Any, ...]) -> Rows:
    """One column of the same everywhere, lost, or doubled."""
    column, value, kind = rng.randrange(len(rows[0])), rng.choice(values), rng.randrange(3)
    if kind == 0:
        return [rows[0], *([*row[:column], value, *row[column + 1 :]] for row in rows[1:])]
    if kind == 1:
        return [[cell for place, cell in enumerate(row) if place != column] for row in rows]
    return [[*row, row[column] if column < len(row) else ""] for row in rows]


def _name(rows: Rows, rng: Random, _: tuple[Any, ...]) -> Rows:
    names = ("", "id", "name", "geometry", "fid_1", "layer", "alignment", "x" * 300, "lat ", "é")
    rows[0][rng.randrange(len(rows[0]))] = rng.choice(names)
    return rows


def _row(rows: Rows, rng: Random, _: tuple[Any, ...]) -> Rows:
    del rows[rng.randrange(1, len(rows))]
    return rows


def _twice(rows: Rows, rng: Random, _: tuple[Any, ...]) -> Rows:
    return [*rows, list(rows[rng.randrange(len(rows))])]


def _short(rows: Rows, rng: Random, _: tuple[Any, ...]) -> Rows:
    row = rows[rng.randrange(1, len(rows))]
    del row[rng.randrange(len(row) + 1) :]
    return rows


def _empty(rows: Rows, rng: Random, _: tuple[Any, ...]) -> Rows:
    rows.insert(rng.randrange(len(rows) + 1), [] if rng.random() < 0.5 else [""] * 3)
    return rows


def of_csv(data: bytes, rng: Random) -> bytes:
    """Damage to a CSV file: its cells, its text or its separator."""
    if rng.random() < 0.3:
        return of_text(data, rng)
    rows = of_rows(list(csv.reader(io.StringIO(data.decode("utf8")))), rng)
    out = io.StringIO()
    delimiter = rng.choice((",", ",", ",", ",", ",", ";", "\t"))
    csv.writer(out, delimiter=delimiter, lineterminator=rng.choice(("\n", "\r\n", "\r"))).writerows(rows)
    return out.getvalue().encode("utf8", errors="replace")


def of_json(data: bytes, rng: Random) -> bytes:
    """Damage to one or a few values of JSON, or to its text."""
    if rng.random() < 0.3:
        return of_text(data, rng)
    tree = json.loads(data)
    for _ in range(rng.choice((1, 1, 2))):
        tree = _changed(tree, rng, depth=rng.randrange(1, 7))
    return json.dumps(tree).encode()


def _changed(tree: Any, rng: Random, *, depth: int) -> Any:
    if depth == 0 or not tree or not isinstance(tree, dict | list):
        return rng.choice(VALUES)
    key = rng.choice(list(tree)) if isinstance(tree, dict) else rng.randrange(len(tree))
    kind = rng.random()
    if kind < 0.1:
        del tree[key]
    elif kind < 0.15 and isinstance(tree, dict):
        tree[rng.choice(("id", "table", "crs", "type", "x"))] = tree.pop(key)
    elif kind < 0.2 and isinstance(tree, list):
        tree.append(tree[key])
    else:
        tree[key] = _changed(tree[key], rng, depth=depth - 1)
    return tree


def of_xml(data: bytes, rng: Random) -> bytes:
    """Damage to elements and attributes of XML, or to its text."""
    if rng.random() < 0.4:
        return of_text(data, rng)
    root = ET.fromstring(data)  # noqa: S314 - our own text
    for _ in range(rng.choice((1, 1, 2, 3))):
        elements = list(root.iter())
        one = rng.choice(elements)
        kind = rng.randrange(6)
        if kind == 0 and one.attrib:
            one.set(rng.choice(list(one.attrib)), _xml_text(rng))
        elif kind == 1 and one.attrib:
            del one.attrib[rng.choice(list(one.attrib))]
        elif kind == 2:
            one.text = _xml_text(rng)
        elif kind == 3:
            one.tag = rng.choice(("node", "way", "edge", "key", "data", "x"))
        elif kind == 4 and len(one):
            one.remove(rng.choice(list(one)))
        else:
            # a copy, or the tree would hold itself
            one.append(copy.deepcopy(rng.choice(elements[1:] or [ET.Element("x")])))
    return ET.tostring(root)


def _xml_text(rng: Random) -> str:
    return "".join(c for c in rng.choice(CELLS) if c in "\t\n" or c >= " ")


def of_zip(data: bytes, rng: Random, member: Callable[[bytes, Random], bytes]) -> bytes:
    """Damage to a member of an archive, to the list of members, or to the bytes of the archive."""
    if rng.random() < 0.2:
        return of_bytes(data, rng)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        names = old.namelist()
        chosen = rng.choice([n for n in names if n.startswith("xl/")] or names)
        for name in names:
            part = old.read(name)
            if name == chosen:
                if rng.random() < 0.1:
                    continue
                part = member(part, rng)
            new.writestr(name, part)
    return out.getvalue()


def of_pbf(data: bytes, rng: Random) -> bytes:
    """Damage to the unpacked data of a blob of OpenStreetMap, or to the bytes of the file."""
    if rng.random() < 0.4:
        return of_bytes(data, rng)
    blobs = list(_blobs(data))
    chosen = rng.randrange(len(blobs))
    made = b""
    for number, (kind, raw) in enumerate(blobs):
        inner = of_bytes(raw, rng) if number == chosen else raw
        packed = zlib.compress(inner, 1)
        blob = b"\x10" + _varint(len(inner)) + b"\x1a" + _varint(len(packed)) + packed
        head = b"\x0a" + _varint(len(kind)) + kind + b"\x18" + _varint(len(blob))
        made += struct.pack(">I", len(head)) + head + blob
    return made


def _blobs(data: bytes) -> Any:
    """Yield kind and unpacked data of every blob of a file that osmium wrote."""
    at = 0
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        head = dict(_fields(data[at + 4 : at + 4 + size]))
        begin = at + 4 + size
        blob = dict(_fields(data[begin : begin + head[3]]))
        yield head[1], zlib.decompress(blob[3]) if 3 in blob else blob[1]
        at = begin + head[3]


def _fields(data: bytes) -> Any:
    """Yield the fields of a message of protocol buffers: their number, and a number or bytes."""
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        value, at = _read_varint(data, at)
        if key & 7 == 2:
            yield key >> 3, data[at : at + value]
            at += value
        else:
            yield key >> 3, value


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varint(value: int) -> bytes:
    made = b""
    while value > 0x7F:
        made += bytes([value & 0x7F | 0x80])
        value >>= 7
    return made + bytes([value])
