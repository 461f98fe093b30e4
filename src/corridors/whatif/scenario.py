"""Scenarios: an ordered, named diff of a network, as a call chain or a TOML file, checked before it is applied."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from corridors.base.arguments import checked
from corridors.base.dates import date_text
from corridors.base.errors import CorridorsError, ScenarioError, UnknownNameError
from corridors.base.names import near
from corridors.base.reading import read_text, readable
from corridors.base.writing import new_file
from corridors.data import bundled
from corridors.network.network import Network
from corridors.whatif.link_step import as_step
from corridors.whatif.scenario_file import ABOUT, PARTS, Step, as_toml, check_keys, frozen, read_steps
from corridors.whatif.steps import apply_step, difference


@checked
@dataclass(frozen=True, slots=True)
class Scenario:
    """A named list of steps, with its story and sources.

    >>> import corridors as co
    >>> kabul = co.Scenario("kabul").build("uap-kabul").close("AF-PK")
    >>> [str(step) for step in kabul.steps]
    ['build uap-kabul', 'close AF-PK']
    >>> kabul.apply(co.load()).closed
    ['AF-PK']
    """

    name: str
    steps: tuple[Step, ...] = ()
    title: str = ""
    story: str = ""
    date: str = ""
    sources: tuple[str, ...] = ()
    variants: tuple[tuple[str, Scenario], ...] = ()
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def _and(self, kind: str, value: Any) -> Scenario:
        return replace(self, steps=(*self.steps, Step(kind, frozen(kind, value))))

    def build(self, *projects: str, year: object = None) -> Scenario:
        """Add projects to build.

        Parameters
        ----------
        projects
            Ids of projects, each of which may stand for several.
        year
            Year, or any date, from which they are in use in networks of a date; `staged` has those of `project_years`.
        """
        built = self._and("build", projects)
        return built if year is None else built.staged(dict.fromkeys(projects, year))

    def staged(self, years: Mapping[str, object] | str) -> Scenario:
        """Open what is built in stages, each from its own year on (see `Network.staged`).

        Parameters
        ----------
        years
            Year, or any date, by project, or by part of the scenario (`parts`); or `stated`, `earliest` or `latest`:
            what the table `project_years` states of all that is built.

        >>> import corridors as co
        >>> west = co.scenario("western-route").staged({"stage-1": 2028, "stage-2": 2032})
        >>> net = west.apply(co.load())
        >>> [len(net.in_year(year).links.query("in_use and status != 'open'")) for year in (2027, 2028, 2032)]
        [0, 2, 11]
        """
        if isinstance(years, str):
            return self._and("years", years)
        parts = dict(self.parts)
        dates = {one: date_text(year, name="year") for key, year in years.items() for one in parts.get(key, (key,))}
        return self._and("stages", dates)

    def in_year(self, year: object) -> Scenario:
        """Look at the lines that have opened by a year (see `Network.in_year`).

        Parameters
        ----------
        year
            A year, or any date.
        """
        return self._and("in_year", date_text(year, name="year"))

    def close(self, *what: str) -> Scenario:
        """Add crossings, pairs of countries, links, terminals or services to close.

        Parameters
        ----------
        what
            Ids, or pairs of countries such as `AF-PK`.
        """
        return self._and("close", what)

    def open(self, *what: str) -> Scenario:
        """Add things to open.

        Parameters
        ----------
        what
            As in `close`.
        """
        return self._and("open", what)

    def at(self, date: object) -> Scenario:
        """Look at a date.

        Parameters
        ----------
        date
            As in `Network.at`, such as `2026-11`.
        """
        return self._and("at", date if isinstance(date, str) else date_text(date))

    def in_season(self, season: str) -> Scenario:
        """Look at a season.

        Parameters
        ----------
        season
            `normal` or `winter`.
        """
        return self._and("season", season)

    def with_parameters(
        self,
        changes: Mapping[str, float | Mapping[str, float]] | None = None,
        *,
        scale: Mapping[str, float] | None = None,
    ) -> Scenario:
        """Set or scale parameters by name or pattern.

        Parameters
        ----------
        changes
            Values, or value, low and high, by name.
        scale
            Factors by name.
        """
        changed = self._and("parameters", changes) if changes else self
        return changed._and("scale", scale) if scale else changed

    def with_lengths(self, lengths_km: Mapping[str, float]) -> Scenario:
        """Set total lengths of projects; their links are scaled alike.

        Parameters
        ----------
        lengths_km
            Length in km by project.
        """
        return self._and("lengths", lengths_km)

    def with_gauge(self, gauges_mm: Mapping[str, int]) -> Scenario:
        """Set gauges of projects; terminals follow (see `corridors.whatif.gauges.with_gauges`).

        Parameters
        ----------
        gauges_mm
            Gauge in mm by project.
        """
        return self._and("gauge", {name: int(gauge) for name, gauge in gauges_mm.items()})

    def add_link(self, from_place: str, to_place: str, **options: object) -> Scenario:
        """Add a link (see `Network.add_link`).

        Parameters
        ----------
        from_place, to_place
            Names of its ends.
        options
            As in `Network.add_link`; new places as (latitude, longitude), a line as (longitude, latitude) pairs.

        >>> import corridors as co
        >>> line = co.Scenario("line").add_link("Herat", "Kandahar", mode="rail", gauge_mm=1435, length_km=560)
        >>> round(line.apply(co.load()).route("Herat", "Kandahar", modes={"rail"}).km)
        560
        """
        return self._and("add_link", as_step(from_place, to_place, options))

    def change(self, ident: str, column: str, *, was: object, to: object) -> Scenario:
        """Change one cell of a link, crossing, terminal or service, which must hold `was` before.

        Parameters
        ----------
        ident
            Id of the row.
        column
            Column of the cell.
        was
            Value that the cell must have had.
        to
            New value.
        """
        return self._and("change", {ident: {"column": column, "was": was, "to": to}})

    def variant(self, name: str) -> Scenario:
        """Variant: the same scenario with further steps, such as another published length.

        Parameters
        ----------
        name
            Name of the variant.

        Raises
        ------
        UnknownNameError
            If there is no such variant.
        """
        variants = dict(self.variants)
        if name not in variants:
            matches = near(name, variants, cutoff=0.3) or variants
            raise UnknownNameError(f"variant of scenario '{self.name}'", name, matches)
        extra = variants[name]
        steps = (*self.steps, *extra.steps)
        return replace(
            extra,
            name=f"{self.name}/{name}",
            steps=steps,
            title=f"{self.title}: {extra.title or name}",
            story=extra.story or self.story,
            date=extra.date or self.date,
            sources=extra.sources or self.sources,
            parts=self.parts,
        )

    def apply(self, net: Network) -> Network:
        """Network after every step, in order; it has the name of the scenario.

        Parameters
        ----------
        net
            Network that the scenario changes.

        Raises
        ------
        CorridorsError
            Naming the step; the network given is never changed.
        """
        changed = net
        for number, step in enumerate(self.steps, start=1):
            try:
                changed = apply_step(changed, step.kind, step.plain())
            except CorridorsError as error:
                raise ScenarioError(f"scenario '{self.name}', step {number} ({step}): {error}") from error
        return replace(changed, name=self.name)

    def diff(self, net: Network) -> pd.DataFrame:
        """Table of what the scenario changes in a network; see `corridors.whatif.steps.difference`.

        Parameters
        ----------
        net
            Network that the scenario changes.

        >>> import corridors as co
        >>> co.Scenario("shut").close("AF-PK").diff(co.load()).query("table == 'crossings'")["what"].unique().tolist()
        ['open_to']
        """
        return difference(net, self.apply(net))

    def to_toml(self) -> str:
        """Text of the scenario as TOML; `read` makes it again without loss.

        >>> print(Scenario("kabul").build("uap-kabul").to_toml())
        [[steps]]
        build = ["uap-kabul"]
        <BLANKLINE>
        """
        lines = [f"{key} = {as_toml(getattr(self, key))}" for key in ABOUT if getattr(self, key)]
        if self.parts:
            lines.append(f"{PARTS} = {as_toml(dict(self.parts))}")
        for step in self.steps:
            lines += ["", "[[steps]]", f"{step.kind} = {as_toml(step.plain())}"]
        for name, extra in self.variants:
            lines += ["", f"[variants.{name if re.fullmatch(r'[A-Za-z0-9_-]+', name) else as_toml(name)}]"]
            lines += [f"{key} = {as_toml(getattr(extra, key))}" for key in ABOUT if getattr(extra, key)]
            lines += [f"steps = [{', '.join(as_toml({s.kind: s.plain()}) for s in extra.steps)}]"]
        return "\n".join(lines).strip() + "\n"

    def write(self, path: str | Path) -> Path:
        """Write the scenario into a TOML file.

        Parameters
        ----------
        path
            File to write.

        Returns
        -------
        Path
            The file written.
        """
        with new_file(path) as beside:
            beside.write_text(self.to_toml(), encoding="utf8")
        return Path(path)

    @classmethod
    def read(cls, path: str | Path) -> Scenario:
        """Read a scenario from a TOML file; its name is that of the file.

        Parameters
        ----------
        path
            File to read.

        Raises
        ------
        DataFileError
            If the file cannot be read, or a key is unknown: with the line and near matches.
        """
        path = Path(path)
        text = read_text(path, "TOML")
        with readable(path, "TOML"):
            content = tomllib.loads(text)
        return _from_dict(path.stem, content, text, str(path))

    def __repr__(self) -> str:
        rows = [f"Scenario '{self.name}'" + (f": {self.title}" if self.title else ""), *map(str, self.steps)]
        if self.variants:
            rows.append(f"variants: {', '.join(name for name, _ in self.variants)}")
        return "\n  ".join(rows)


def _from_dict(name: str, content: Mapping[str, Any], text: str, where: str) -> Scenario:
    check_keys(content, text, where)
    steps = tuple(read_steps(content.get("steps", []), text, where))
    extras = tuple((key, _from_dict(key, extra, text, where)) for key, extra in content.get("variants", {}).items())
    about = {key: content.get(key, "") for key in ("title", "story", "date")}
    parts = tuple((key, tuple(names)) for key, names in content.get(PARTS, {}).items())
    return Scenario(name, steps, **about, sources=tuple(content.get("sources", ())), variants=extras, parts=parts)


def scenarios() -> pd.DataFrame:
    """List the bundled scenarios: title, steps, variants and date, by name.

    Returns
    -------
    DataFrame
        One row per scenario.

    >>> import corridors as co
    >>> co.scenarios().loc["uap-kabul", ["title", "variants"]].tolist()
    ['Kabul corridor', 'long, medium, short, gauge-1435, closed, slow-border, peshawar, rehabilitated']
    """
    bundle = [scenario(path.stem) for path in sorted((bundled.folder() / "scenarios").glob("*.toml"))]
    rows = [
        (s.name, s.title, "; ".join(map(str, s.steps)), ", ".join(v for v, _ in s.variants), s.date) for s in bundle
    ]
    return pd.DataFrame(rows, columns=["name", "title", "steps", "variants", "date"]).set_index("name")


@checked
def scenario(name: str, *, gauge_mm: int | None = None) -> Scenario:
    """Bundled scenario of a name, or a variant of it as `name/variant`.

    Parameters
    ----------
    name
        Name of the scenario; `co.scenarios()` lists all.
    gauge_mm
        Gauge of the railways that it builds, as far as it is open: parts in a country of one gauge keep that. Terminals
        and costs follow (see `corridors.whatif.gauges.with_gauges`).

    Raises
    ------
    UnknownNameError
        With near matches.

    >>> import corridors as co
    >>> co.scenario("uap-kabul").title
    'Kabul corridor'
    >>> net = co.scenario("uap-kabul", gauge_mm=1435).apply(co.load())
    >>> net.route("Tashkent", "Karachi", modes={"rail"}).summary()["gauge_breaks"]
    2
    """
    base, _, extra = name.partition("/")
    path = bundled.folder() / "scenarios" / f"{base}.toml"
    if not path.is_file():
        existing = [file.stem for file in path.parent.glob("*.toml")]
        hint = "co.scenarios() lists them all."
        raise UnknownNameError("scenario", name, near(base, existing, cutoff=0.4), hint, "among the bundled ones")
    main = Scenario.read(path)
    found = main.variant(extra) if extra else main
    if gauge_mm is None:
        return found
    built = [name for step in found.steps if step.kind == "build" for name in step.value]
    if not built:
        raise ScenarioError(f"scenario '{name}' builds nothing whose gauge could be chosen.")
    return replace(found.with_gauge(dict.fromkeys(built, gauge_mm)), name=f"{name} {gauge_mm} mm")
