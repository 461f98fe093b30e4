"""A new place on a link: the link is split there, and keeps its kilometres, hours and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point
from shapely.ops import substring

from corridors.base.errors import InputError
from corridors.base.names import fold
from corridors.base.sphere import Floats, lon_scale
from corridors.data import schema
from corridors.data.geography import great_circle_km
from corridors.data.tables import Tables, free_id, make_tables
from corridors.formats.content import Lines
from corridors.model import parameters
from corridors.model.state import N
from corridors.model.targets import Target
from corridors.model.view import View
from corridors.network.nearest import Where, locate

OFF_KM = 5.0
"""A place this far from the line of a link is not on it, unless the caller says so."""


@dataclass(frozen=True, slots=True)
class LinkCut:
    """Where a link is cut: the share of its length before the cut, and the ids of its parts."""

    link: str
    share: float
    parts: tuple[str, str]


def insert_place(
    net: N,
    name: str,
    link: str,
    *,
    km: float | None = None,
    where: Where | None = None,
    ident: str = "",
    kind: str = "junction",
    source: str = "",
    max_km: float = OFF_KM,
) -> N:
    """Return the network with a new place on a link, which is split there.

    The parts share length, range of length and line in proportion, so that every route keeps its kilometres, hours
    and cost. Parameters, closures and upgrades of the link go over to its parts; an upgrade between the same ends is
    split at the same place.

    Parameters
    ----------
    net
        The network.
    name
        Name of the place.
    link
        Id of the link. A link over a border is not split: its two ends are the border places.
    km
        Distance along the link from its first end, or
    where
        the position, a name or (latitude, longitude); the link is split at the nearest point of its line.
    ident
        Id of the place; by default made from its name.
    kind
        As in the table `places`.
    source
        Ids of sources of the position; by default those of the link.
    max_km
        With `where`: how far the place may lie from the line of the link.

    Returns
    -------
    Network
        With the place and the two parts of the link in its stead; in the same view.

    Raises
    ------
    UnknownNameError, InputError
        If there is no such link, the place exists already or does not lie on the link, or the link crosses a border.

    >>> import corridors as co
    >>> net = co.load().insert_place("Road works", "naibabad--mazar-i-sharif:road", km=10)
    >>> net.links.loc[["naibabad--road-works:road", "road-works--mazar-i-sharif:road"], "length_km"].round(1).tolist()
    [10.0, 18.6]
    """
    tables = net.tables
    row = tables.find("links", link)
    ident = new_ident(tables, ident or fold(name))
    if row["crossing"]:
        raise InputError("link", link, "a link over a border is not split; insert the place on a link beside it")
    line = tables.shape("links", tables.rows("links")[link])
    if (km is None) == (where is None):
        raise InputError("km", km, "give either km or where")
    if where is not None:
        share, point = _on_line(tables, link, line, where, max_km)
    else:
        share = float(km or 0) / row["length_km"]
        point = at_share(line, share)
    if not 0 < share < 1:
        raise InputError("km", km, f"'{link}' has {row['length_km']:g} km; the place lies between its ends")
    cuts = _cuts(tables, row, ident, share)
    place = {
        **_place_facts(tables, row),
        "id": ident,
        "name": name,
        "lat": point.y,
        "lon": point.x,
        "kind": kind,
        "source": source or row["source"],
        "note": f"on {link}",
    }
    frames = {
        "places": pd.concat([tables["places"], pd.DataFrame([place])], ignore_index=True),
        "links": _split_rows(tables, cuts, ident),
        "parameters": _doubled(tables["parameters"], "link", cuts),
        "closures": _split_closures(tables["closures"], cuts),
        "attributes": _split_stated(tables["attributes"], cuts),
    }
    return renewed(net, frames, lines=_split_lines(tables, cuts, point), cuts=cuts)


def new_ident(tables: Tables, ident: str) -> str:
    """Check the id of a new place."""
    if not ident:
        raise InputError("name", ident, "a name with letters or digits is expected, or an id")
    if ident in tables.place_row:
        raise InputError("ident", ident, f"the network has this place already: {tables.label(ident)}")
    return ident


def _on_line(tables: Tables, link: str, line: LineString, where: Where, max_km: float) -> tuple[float, Point]:
    """Share of the line before the point nearest to a position (0 to 1), and the position."""
    at = locate(tables, where)
    flat = flattened(line)
    share = float(flat.project(flattened(at.point, like=line), normalized=True))
    gap = great_circle_km(LineString([at.point, at_share(line, share)]))
    if gap > max_km:
        raise InputError("where", where, f"it lies {gap:.1f} km from the line of '{link}' (max_km={max_km:g})")
    return share, at.point


T = TypeVar("T", Point, LineString)


def flattened(shape: T, *, like: LineString | None = None) -> T:
    """Shrink longitudes so that lengths in degrees are true to scale around a line.

    They go on beyond 180 degrees where a line passes the antimeridian.
    """
    factor = lon_scale((like or shape).centroid.y)

    def change(xy: Floats) -> Floats:
        lon = np.unwrap(xy[:, 0], period=360)
        if like is not None:
            off = lon - like.coords[0][0]
            lon = lon - 360 * ((off > 180).astype(int) - (off < -180))
        return np.column_stack([lon * factor, xy[:, 1]])

    flat: T = shapely.transform(shape, change)
    return flat


def _around(lon: Floats) -> Floats:
    """Longitudes that `flattened` let go on beyond 180 degrees, within it again."""
    return np.asarray(lon - 360 * ((lon > 180).astype(int) - (lon < -180)))


def at_share(line: LineString, share: float) -> Point:
    """Point after a share of a line (0 to 1)."""
    point = flattened(line).interpolate(share, normalized=True)
    return Point(_around(np.array([point.x / lon_scale(line.centroid.y)]))[0], point.y)


def cut_line(line: LineString, share: float, point: Point) -> tuple[LineString, LineString]:
    """Cut a line after a share of its length; both parts end at the point."""
    factor = lon_scale(line.centroid.y)
    found = []
    for start, end in ((0.0, share), (share, 1.0)):
        flat = shapely.get_coordinates(substring(flattened(line), start, end, normalized=True))
        flat = flat / [factor, 1]
        flat[:, 0] = _around(flat[:, 0])
        found.append(flat)
    found[0][0], found[1][-1] = line.coords[0], line.coords[-1]
    found[0][-1] = found[1][0] = point.x, point.y
    return LineString(found[0]), LineString(found[1])


def _cuts(tables: Tables, row: pd.Series, ident: str, share: float) -> list[LinkCut]:
    """List the link and its upgrades between the same ends, each with its parts."""
    taken = set(tables["links"]["id"])
    cuts = []
    for other in tables["links"].to_dict("records"):
        upgrade = schema.items(other["replaces"]) == [row["id"]]
        if other["id"] != row["id"] and not (upgrade and {other["from_id"], other["to_id"]} == set(_ends(row))):
            continue
        own = share if other["from_id"] == row["from_id"] else 1 - share
        _, colon, system = other["id"].partition(":")
        pair = ((other["from_id"], ident), (ident, other["to_id"]))
        first, second = (free_id(f"{a}--{b}{colon}{system}", taken) for a, b in pair)
        taken |= {first, second}
        cuts.append(LinkCut(other["id"], own, (first, second)))
    return cuts


def _ends(row: pd.Series) -> tuple[str, str]:
    return row["from_id"], row["to_id"]


def _place_facts(tables: Tables, row: pd.Series) -> dict[str, Any]:
    """Columns that a place on a link has from its ends."""
    ends = tables["places"].iloc[[tables.place_row[end] for end in _ends(row)]]
    return {
        **dict.fromkeys(tables["places"].columns, ""),
        "country": ends["country"].iloc[0],
        "position_km": float(ends["position_km"].max()),
        "population": np.nan,
        "confidence": "C",
    }


def _split_rows(tables: Tables, cuts: list[LinkCut], ident: str) -> pd.DataFrame:
    """Put the parts of links in their place."""
    by_id = {cut.link: cut for cut in cuts}
    parts = {cut.link: cut.parts for cut in cuts}
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(tables["links"].to_dict("records")):
        cut = by_id.get(row["id"])
        if cut is None:
            gone = [part for i in schema.items(row["replaces"]) for part in parts.get(i, (i,))]
            rows.append({**row, "replaces": schema.SEPARATOR.join(gone)})
            continue
        shares = (cut.share, 1 - cut.share)
        via = _split_via(tables, number, row, cut.share, ident)
        for half in (0, 1):
            lengths = {c: row[c] * shares[half] for c in ("length_km", "length_low_km", "length_high_km")}
            end = {"to_id": ident} if half == 0 else {"from_id": ident}
            gone = [_half(tables, row, i, parts, half) for i in schema.items(row["replaces"])]
            note = "; ".join(filter(None, [row["note"], f"part of {row['id']} ({row['length_km']:g} km)"]))
            new = {"id": cut.parts[half], "length_basis": "derived", "via": via[half], "note": note}
            rows.append({**row, **lengths, **end, **new, "replaces": schema.SEPARATOR.join(gone)})
    return pd.DataFrame(rows)


def _half(
    tables: Tables, row: Mapping[str, Any], replaced: str, parts: Mapping[str, tuple[str, str]], half: int
) -> str:
    """Id of the part of a replaced link on one side of the cut of the link that replaces it."""
    if replaced not in parts:
        return replaced
    turned = tables.find("links", replaced)["from_id"] != row["from_id"]
    return parts[replaced][1 - half if turned else half]


def _split_via(tables: Tables, number: int, row: Mapping[str, Any], share: float, ident: str) -> tuple[str, str]:
    """Share out the places that a link passes."""
    line = tables.shape("links", number)
    flat = flattened(line)
    halves: tuple[list[str], list[str]] = ([], [])
    for place in schema.items(row["via"]):
        if place != ident:
            along = flat.project(flattened(tables.point(place), like=line), normalized=True)
            halves[int(along > share)].append(place)
    return schema.SEPARATOR.join(halves[0]), schema.SEPARATOR.join(halves[1])


def _doubled(frame: pd.DataFrame, column: str, cuts: list[LinkCut]) -> pd.DataFrame:
    """Repeat the rows of a split link for both parts."""
    parts = {cut.link: list(cut.parts) for cut in cuts}
    if not frame[column].isin(parts).any():
        return frame
    both = frame.assign(**{column: [parts.get(cell, [cell]) for cell in frame[column]]})
    return both.explode(column, ignore_index=True).astype({column: frame[column].dtype})


def _split_closures(closures: pd.DataFrame, cuts: list[LinkCut]) -> pd.DataFrame:
    """Close both parts of a link that is closed for a time."""
    concerned = (closures["kind"] == "link") & closures["target"].isin([cut.link for cut in cuts])
    if not concerned.any():
        return closures
    split = _doubled(closures[concerned], "target", cuts)
    split["id"] = [f"{ident}-{number % 2 + 1}" for number, ident in enumerate(split["id"])]
    return pd.concat([closures[~concerned], split], ignore_index=True)


def _split_stated(attributes: pd.DataFrame, cuts: list[LinkCut]) -> pd.DataFrame:
    """Let what is stated of a link hold for both of its parts."""
    concerned = attributes["kind"] == "link"
    if not concerned.any():
        return attributes
    parts = {cut.link: schema.SEPARATOR.join(cut.parts) for cut in cuts}
    split = [schema.SEPARATOR.join(parts.get(ident, ident) for ident in schema.items(cell))
             for cell in attributes["subject"]]  # fmt: skip
    return attributes.assign(subject=attributes["subject"].where(~concerned, split))


def _split_lines(tables: Tables, cuts: list[LinkCut], point: Point) -> Lines:
    lines = dict(tables.alignments)
    for cut in cuts:
        if cut.link in lines:
            line, method = lines.pop(cut.link)
            pair = cut_line(line, cut.share, point)
            lines |= {part: (half, method) for part, half in zip(cut.parts, pair, strict=True)}
    return lines


def renewed(
    net: N,
    frames: Mapping[str, pd.DataFrame],
    *,
    lines: Lines,
    cuts: list[LinkCut] | None = None,
    as_of: str | None = None,
) -> N:
    """Check changed tables and put the network together again, with its overrides and its view."""
    tables, cuts = net.tables, cuts or []
    made = make_tables(
        {**tables.frames, **frames},
        as_of=tables.as_of if as_of is None else as_of,
        read_alignments=partial(dict, lines),
        files={name: origin for name, origin in tables.files.items() if name not in frames},
        checked=tables,
    )
    made = replace(made, osm_report=tables.osm_report)
    own = _renamed(parameters.overridden(tables), cuts)
    return replace(net, tables=parameters.override(made, own) if own else made, view=_view(net.view, cuts))


def _renamed(own: dict[str, dict[str, float]], cuts: list[LinkCut]) -> dict[str, dict[str, float]]:
    """Overrides in which a split link is named by its parts."""
    parts = {cut.link: cut.parts for cut in cuts}
    found = {}
    for name, ends in own.items():
        pieces = name.split("/")
        old = next((piece for piece in pieces if piece in parts), None)
        for new in parts[old] if old else (None,):
            found["/".join(str(new) if piece == old else piece for piece in pieces)] = ends
    return found


def _view(view: View, cuts: list[LinkCut]) -> View:
    """Close or open both parts of a link that is closed or opened by hand."""
    parts = {cut.link: cut.parts for cut in cuts}

    def both(targets: frozenset[Target]) -> frozenset[Target]:
        return frozenset(
            replace(target, ident=ident)
            for target in targets
            for ident in (parts.get(target.ident, (target.ident,)) if target.kind == "link" else (target.ident,))
        )

    return replace(view, closed=both(view.closed), opened=both(view.opened))
