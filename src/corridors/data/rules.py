"""Rules for the rows of crossings, events, projects and parameters beyond form and references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from corridors.base.dates import last_day
from corridors.base.errors import InputError
from corridors.base.names import fold, near_labels
from corridors.data import closures, schema
from corridors.data.opening import open_hours
from corridors.data.parameters import parameter_names

Misfit = tuple[int, str, str]
"""Row number (-1 for the whole table), column (blank for the whole row) and what is wrong."""

Frames = Mapping[str, pd.DataFrame]


def one_name(parameters: pd.DataFrame) -> Iterator[Misfit]:
    """Yield rows with the name of an earlier one, such as those of a line and of a class that are called alike."""
    first: dict[str, int] = {}
    keys = list(schema.parameter_keys())
    for row, name in enumerate(parameter_names(parameters)):
        before = first.setdefault(name, row)
        if before != row and (parameters.loc[row, keys] != parameters.loc[before, keys]).any():
            set_keys = [[key for key in keys if parameters[key][i]] for i in (before, row)]
            apart = " and ".join(", ".join(k for k in these if k not in others) for these, others in
                                 (set_keys, set_keys[::-1]))  # fmt: skip
            yield (
                row,
                "",
                f"the name '{name}' is that of an earlier row as well (it differs in {apart}): rename one value",
            )


def check_crossings(crossings: pd.DataFrame, _: Frames) -> Iterator[Misfit]:
    """Yield load limits and opening hours that cannot be."""
    for row in np.flatnonzero(crossings["max_load_t"] <= 0).tolist():
        yield row, "max_load_t", f"{crossings['max_load_t'][row]:g} must be positive (blank = no limit)"
    timed = (crossings["open_hours"] != "") | (crossings["open_days"] != "")
    for row in np.flatnonzero(timed & (crossings["wait_in_dwell"] == "")).tolist():
        yield (
            row,
            "wait_in_dwell",
            "needed with opening hours: do the border hours hold the wait for opening (yes, no)?",
        )
    for row in np.flatnonzero(crossings["open_hours"] != "").tolist():
        try:
            open_hours(crossings["open_hours"][row])
        except InputError as error:
            yield row, "open_hours", str(error)


def check_events(events: pd.DataFrame, made: Frames) -> Iterator[Misfit]:
    """Yield events of what does not exist, and rates and durations that cannot be."""
    links = made["links"]
    lines = set(map(tuple, links[["line", "mode"]].drop_duplicates().to_numpy(dtype=object).tolist()))
    for row, event in enumerate(events.to_dict("records")):
        kind, target, mode = (str(event[name]) for name in ("kind", "target", "mode"))
        if kind == "crossing" and (problem := closures.unknown(made, kind, target)):
            yield row, "target", problem
        elif kind == "crossing" and (problem := closures.modes_misfit(made, kind, target, [mode])):
            yield row, "mode", problem
        elif kind == "line" and (target, mode) not in lines:
            names = {fold(line): line for line, other in lines if other == mode and line}
            hints = near_labels(target, names, most=2)
            yield (
                row,
                "target",
                f"no line '{target}' of {mode}" + (f"; near matches: {', '.join(hints)}" if hints else ""),
            )
        for column, most in (("rate_per_year", 366.0), ("duration_d", 36_600.0)):
            if not 0 < event[column] <= most:
                yield row, column, f"{event[column]:g} is not above 0 and at most {most:g}"


def check_projects(projects: pd.DataFrame, _: Frames) -> Iterator[Misfit]:
    """Yield projects that are parts of themselves."""
    parts = {ident: schema.items(cell) for ident, cell in zip(projects["id"], projects["parts"], strict=True)}
    for row, ident in enumerate(parts):
        if circle := _circle(parts, ident):
            yield row, "parts", f"a project is part of itself: {' > '.join(circle)}"


def check_project_years(years: pd.DataFrame, _: Frames) -> Iterator[Misfit]:
    """Yield dates that do not fit their basis or their range, and second statements that are taken."""
    dated, chosen = (years["opens"] != "").to_numpy(), (years["chosen"] == "yes").to_numpy()
    for row in np.flatnonzero(dated == (years["basis"] == "none").to_numpy()).tolist():
        yield row, "opens", "a date of opening is needed, unless the basis is none"
    for row in np.flatnonzero(chosen & ~dated).tolist():
        yield row, "chosen", "a statement without a date cannot be taken"
    for row in np.flatnonzero(chosen)[years["project"][chosen].duplicated()].tolist():
        yield row, "chosen", f"another statement is taken for '{years['project'][row]}' already"
    ranged = ((years["opens_low"] != "") | (years["opens_high"] != "")).to_numpy()
    for row in np.flatnonzero(ranged & dated).tolist():
        ends = [last_day(date) for name in ("opens_low", "opens", "opens_high") if (date := years[name][row])]
        if ends != sorted(ends):
            yield row, "opens", f"{years['opens'][row]} is not between opens_low and opens_high"


def _circle(parts: Mapping[str, list[str]], start: str) -> list[str]:
    """Way from a project over its parts back to itself, empty where there is none."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop()
        for part in parts.get(way[-1], []):
            if part == start:
                return [*way, part]
            if part not in seen:
                seen.add(part)
                ways.append([*way, part])
    return []
