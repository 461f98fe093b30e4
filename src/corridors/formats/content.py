"""What a file holds of a network: tables, lines, view and own parameters; taken apart and put together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import LineString

from corridors.base.dates import date_text
from corridors.base.errors import InputError, SchemaError
from corridors.base.reading import parsed_json, readable
from corridors.data import schema
from corridors.data.schema import NOWHERE, Origin
from corridors.data.tables import Tables, make_tables
from corridors.model import parameters
from corridors.model.state import State
from corridors.model.targets import Target, target_of
from corridors.model.view import View

Lines = dict[str, tuple[LineString, str]]
"""Lines by id of the link, or `from--to` of a sea hop, each with the method by which it was made."""

Fill = Mapping[str, Mapping[str, object]]
"""Values of required columns that a file does not have, by table and column."""

ALWAYS = ("places", "links", "parameters", "commodities")
"""Tables that are written even without rows; other empty ones are left out."""


@dataclass
class Content:
    """Tables as they are written or were read, with the file tables `network` and `overrides`, and the lines.

    `order` has the ids of links and services in the order of their tables, where a form does not keep it.
    """

    frames: dict[str, pd.DataFrame]
    lines: Lines = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)


def packed(content: Content) -> str:
    """Tables, order and lines of a content as JSON text, for forms of files that hold a graph."""
    tables = {name: _plain(frame) for name, frame in content.frames.items()}
    lines = {key: [line.wkt, method] for key, (line, method) in content.lines.items()}
    return json.dumps({"tables": tables, "order": content.order, "lines": lines})


def _plain(frame: pd.DataFrame) -> dict[str, object]:
    """Return a table as plain lists, None for what is missing."""
    cells = frame.astype(object).where(frame.notna(), None)
    return {"columns": list(frame.columns), "rows": cells.to_numpy().tolist()}


def unpacked(text: str) -> Content:
    """Content of the text that `packed` wrote.

    Raises
    ------
    DataFileError
        If it is none.
    """
    with readable("graph['corridors']", "tables in JSON", ShapelyError):
        parts = parsed_json(text)
        tables = {str(n): pd.DataFrame(t["rows"], columns=t["columns"]) for n, t in parts.get("tables", {}).items()}
        order = {str(name): list(map(str, ids)) for name, ids in parts.get("order", {}).items()}
        lines = {str(key): (as_line(wkt), str(method)) for key, (wkt, method) in parts.get("lines", {}).items()}
    return Content(tables, lines, order=order)


def as_line(text: str) -> LineString:
    """Line of a WKT text.

    Raises
    ------
    ShapelyError, TypeError
        If the text is no WKT, or that of no line.
    """
    found = shapely.from_wkt(text)
    if not isinstance(found, LineString):
        raise TypeError(f"{str(text)[:60]!r} is no line")
    return found


def content_of(state: State) -> Content:
    """Take a network apart into what a file holds of it.

    Parameters
    ----------
    state
        Network.

    Returns
    -------
    Content
        Tables, view and name as a file holds them.

    >>> import corridors as co
    >>> content = content_of(co.load())
    >>> len(content.frames["places"]) == len(co.load().places)
    True
    """
    tables, view = state.tables, state.view
    frames = {name: tables[name] for name in schema.tables() if name in ALWAYS or len(tables[name])}
    facts = {"name": state.name, "as_of": tables.as_of, "date": view.date or "", "season": view.season}
    facts["horizon"] = view.horizon or ""
    openings = [f"{project} {date}" for project, date in sorted(view.openings)]
    sets = {"built": sorted(view.built), "openings": openings}
    sets |= {"closed": _shown(view.closed), "opened": _shown(view.opened)}
    frames["network"] = pd.DataFrame([{**facts, **{key: schema.SEPARATOR.join(v) for key, v in sets.items()}}])
    if tables.overridden:
        own = parameters.overridden(tables)
        frames["overrides"] = pd.DataFrame([{"parameter": name, **ends} for name, ends in own.items()])
    at_sea = [tables[name]["from_id"] + "--" + tables[name]["to_id"] for name in ("services", "sea_distances")]
    named = set(tables["links"]["id"]).union(*at_sea)
    return Content(frames, {key: line for key, line in tables.alignments.items() if key in named})


def _shown(targets: frozenset[Target]) -> list[str]:
    return [" ".join([t.kind, t.ident, *([",".join(t.modes)] if t.modes else [])]) for t in sorted(targets)]


def state_of(content: Content, *, name: str, fill: Fill | None = None) -> State:
    """Put tables and view of a network together.

    Parameters
    ----------
    content
        What was read. Without the tables `parameters` and `commodities` the bundled ones are used.
    name
        Name of the network, unless the content has one.
    fill
        Values for columns that the content lacks, and for blank cells of them.

    Returns
    -------
    State
        Checked tables with their view and name.

    Raises
    ------
    SchemaError, UnknownNameError
        Naming file, row and column of every misfit.

    >>> import corridors as co
    >>> state = state_of(content_of(co.load().close("AF-PK")), name="shut")
    >>> len(state.tables.frames["places"]) == len(co.load().places)
    True
    """
    frames = {table: frame for table, frame in content.frames.items() if table in schema.tables()}
    frames = filled(frames, fill or {})
    facts = _facts(content)
    tables = make_tables(
        parameters.with_bundled(frames),
        as_of=str(facts.get("as_of", "")),
        read_alignments=partial(dict, content.lines) if content.lines else None,
        files=content.origins,
    )
    if "overrides" in content.frames:
        own = schema.conform("overrides", content.frames["overrides"], origin=_origin(content, "overrides"))
        ends = list(parameters.ENDS)
        changes = {row["parameter"]: {end: row[end] for end in ends} for row in own.to_dict("records")}
        tables = parameters.override(tables, changes)
    return State(tables, _view(facts, content, tables), str(facts.get("name") or name))


def filled(frames: Mapping[str, pd.DataFrame], fill: Fill) -> dict[str, pd.DataFrame]:
    """Set columns that are missing, and blank cells of them."""
    made = dict(frames)
    for table, values in fill.items():
        if table not in schema.tables():
            raise SchemaError(table, [f"no such table to fill; there are {', '.join(schema.tables())}"])
        if table not in made:
            continue
        frame = made[table].copy()
        for column, value in values.items():
            cells = frame[column].astype(object) if column in frame else pd.Series(None, frame.index, dtype=object)
            frame[column] = cells.where(cells.notna() & (cells != ""), value)
        made[table] = frame
    return made


def _origin(content: Content, table: str) -> Origin:
    return content.origins.get(table, NOWHERE)


def _facts(content: Content) -> dict[str, object]:
    """Row of the table `network`, empty where there is none."""
    if "network" not in content.frames:
        return {}
    origin = _origin(content, "network")
    frame = schema.conform("network", content.frames["network"], origin=origin)
    if len(frame) != 1:
        raise SchemaError("network", [f"has {len(frame)} rows; it describes one network in one row"], origin.file)
    return {str(key): value for key, value in frame.iloc[0].items()}


def _view(facts: Mapping[str, object], content: Content, tables: Tables) -> View:
    """Make the view of the table `network`; what it names must be in the tables."""
    problems: list[str] = []
    origin = _origin(content, "network")
    all_projects = set(content.frames["projects"]["id"]) if "projects" in content.frames else set()
    built = schema.items(facts.get("built", ""))
    problems += [origin.say(0, "built", f"no project '{i}'") for i in built if i not in all_projects]
    openings = _openings(facts.get("openings", ""), all_projects, origin, problems)
    closed, opened = (_targets(tables, facts.get(name, ""), name, origin, problems) for name in ("closed", "opened"))
    if problems:
        raise SchemaError("network", problems, origin.file)
    date, season, horizon = (str(facts.get(name, "")) for name in ("date", "season", "horizon"))
    return View(date or None, season, frozenset(built), closed, opened, openings, horizon or None)


def _openings(cell: object, existing: set[str], origin: Origin, problems: list[str]) -> frozenset[tuple[str, str]]:
    """Projects with the dates from which they are in use."""
    found = []
    for text in schema.items(cell):
        project, _, date = text.partition(" ")
        if project not in existing:
            problems.append(origin.say(0, "openings", f"no project '{project}'"))
            continue
        try:
            found.append((project, date_text(date)))
        except InputError as error:
            problems.append(origin.say(0, "openings", str(error)))
    return frozenset(found)


def _targets(tables: Tables, cell: object, column: str, origin: Origin, problems: list[str]) -> frozenset[Target]:
    found = []
    for text in schema.items(cell):
        try:
            found.append(target_of(tables, text))
        except InputError as error:
            problems.append(origin.say(0, column, str(error)))
    return frozenset(found)
