"""Checks of lengths: against the great circle, against their ranges, and against the lines that are drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridors.base.sphere import Floats, geodesic_km
from corridors.data.geography import great_circle_km
from corridors.data.tables import Tables
from corridors.network.findings import Hits

DETOUR = {"rail": 2.0, "road": 2.2, "sea": 2.5}
"""Length over great circle above which a link of more than 50 km is worth a look."""

ALIGNMENT_TOLERANCE = 0.25
"""Share by which a line that follows a map may be longer or shorter than its link before that is worth a look."""

SHORTEST_SHARE = 0.99
"""A link is at least as long as this share of its drawn line, which leaves out bends and never adds any."""

SHORT_KM = 15.0
"""Links up to this length are not compared with their lines: where the line begins decides too much."""

LINE_END_KM = 1.0
"""A line ends so near to its place."""

DRAWN_STRAIGHT = ("straight", "chord", "via")
"""Methods of lines that say nothing about the length: they run straight between the places of the link."""


def great_circle(tables: Tables) -> Hits:
    """Expect no link to be shorter than the great circle less the position errors, and detours to be plausible."""
    accuracy = _position_km(tables)
    for table in ("links", "services", "sea_distances"):
        frame = tables[table]
        straight = great_circle_km(tables, table)
        length = frame["length_km"].to_numpy()
        slack = (frame["from_id"].map(accuracy) + frame["to_id"].map(accuracy)).to_numpy()
        for row in np.flatnonzero(straight > length + slack):
            yield (
                "error", table, int(row), "length_km",
                f"{length[row]:g} km is shorter than the great circle of {straight[row]:.1f} km",
            )  # fmt: skip
        ratio = length / np.maximum(straight, 1e-9)
        limit = frame["mode"].map(DETOUR).to_numpy() if "mode" in frame else DETOUR["sea"]
        for row in np.flatnonzero((ratio > limit) & (length > 50)):
            yield "warning", table, int(row), "length_km", f"is {ratio[row]:.2f} times the great circle"


def length_range(tables: Tables) -> Hits:
    """Expect low and high lengths to enclose the length."""
    for table in ("links", "services", "sea_distances"):
        frame = tables[table]
        wrong = (frame["length_low_km"] > frame["length_km"]) | (frame["length_high_km"] < frame["length_km"])
        for row in np.flatnonzero(wrong):
            yield "error", table, int(row), "length_km", "length_km is outside its low and high"


def alignments(tables: Tables) -> Hits:
    """Expect lines to end at their places."""
    rows, lines, _ = _drawn(tables)
    if not len(rows):
        return
    links = tables["links"].iloc[rows]
    where = tables["places"].set_index("id")[["lon", "lat"]]
    counts = shapely.get_num_coordinates(lines)
    points = shapely.get_coordinates(lines)
    last = np.cumsum(counts) - 1
    gaps = [
        geodesic_km(points[index], where.loc[links[end]])
        for index, end in ((last - counts + 1, "from_id"), (last, "to_id"))
    ]
    worst = np.max(gaps, axis=0)
    for number in np.flatnonzero(worst > LINE_END_KM):
        yield "error", "links", int(rows[number]), "", f"its line ends {worst[number]:.1f} km from its place"


def drawn_length(tables: Tables) -> Hits:
    """Expect links to be no shorter than the line that is drawn for them, and not much longer.

    What is shorter all the same is explained by the position errors of its ends, or says why in its `line_note`.
    """
    rows, lines, methods = _drawn(tables)
    told = ~np.isin(methods, DRAWN_STRAIGHT)
    rows, drawn = rows[told], line_km(lines[told])
    links = tables["links"].iloc[rows]
    length, why = links["length_km"].to_numpy(), links["line_note"].to_numpy()
    error = sum(links[end].map(_position_km(tables)).to_numpy() for end in ("from_id", "to_id"))
    far = np.maximum(length, drawn) > SHORT_KM
    for number in np.flatnonzero((length < SHORTEST_SHARE * drawn) & far):
        near = drawn[number] - length[number] <= error[number]
        text = f"is {length[number]:g} km, shorter than its line of {drawn[number]:.1f} km"
        text += f"; its ends are known to {error[number]:g} km" if near else ""
        text += "" if near or why[number] else "; say in line_note why, or mend one of them"
        level = "explained" if near or why[number] else "error"
        yield level, "links", int(rows[number]), "length_km", text
    beyond = np.abs(length - drawn) > ALIGNMENT_TOLERANCE * np.minimum(length, drawn) + 2
    for number in np.flatnonzero(beyond & ((length > drawn) | ~far)):
        text = f"its line measures {drawn[number]:.0f} km against {length[number]:g} km"
        yield "warning", "links", int(rows[number]), "length_km", text


def line_km(lines: NDArray[np.object_]) -> Floats:
    """Lengths of lines in km, on the ellipsoid.

    Parameters
    ----------
    lines
        Lines in longitude and latitude.

    >>> line_km(np.array([shapely.LineString([(0, 0), (1, 0), (1, 1)])])).round(1).tolist()
    [221.9]
    """
    counts = shapely.get_num_coordinates(lines)
    points = shapely.get_coordinates(lines)
    if len(points) < 2:
        return np.zeros(len(lines))
    steps = geodesic_km(points[:-1], points[1:])
    ends = np.cumsum(counts)
    steps[ends[:-1] - 1] = 0.0  # from the end of a line to the start of the next
    total = np.concatenate([[0.0], np.cumsum(steps)])
    found: Floats = total[ends - 1] - total[ends - counts]
    return found


def _position_km(tables: Tables) -> dict[str, float]:
    """Position errors of places in km by id."""
    return dict(zip(tables["places"]["id"], tables["places"]["position_km"], strict=True))


def _drawn(tables: Tables) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.object_]]:
    """Rows of the links that have a line of their own, their lines, and how these were made."""
    alignments = tables.alignments
    found = [(row, *alignments[i]) for row, i in enumerate(tables["links"]["id"]) if i in alignments]
    table = pd.DataFrame(found, columns=["row", "line", "method"])
    return table["row"].to_numpy(dtype=np.int64), table["line"].to_numpy(), table["method"].to_numpy()
