"""Errors and warnings of the library: each names what, the value, near matches and what to do."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 300
"""Most characters of a value, and of a problem of a table, that a message shows."""


def shortened(text: str) -> str:
    """Text for a message: the middle of a long one is left out.

    >>> len(shortened("x" * 70_000)), shortened("Termez")
    (300, 'Termez')
    """
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 65]} ... {text[-60:]}"


class CorridorsError(Exception):
    """Base of every error that the library raises on purpose; it can be sent to another process."""

    def __reduce__(self) -> tuple[object, ...]:
        # what most errors are made with is not the message that Exception keeps of them
        return _remade, (type(self), self.args, dict(self.__dict__))


def _remade(kind: type[CorridorsError], args: tuple[object, ...], facts: dict[str, object]) -> CorridorsError:
    """Error with the same message and attributes."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class SchemaError(CorridorsError):
    """A table does not fit the schema; `problems` lists every misfit found, `file` is where it was read."""

    def __init__(self, table: str, problems: Iterable[str], file: str = "") -> None:
        self.table, self.file = table, file
        self.problems = list(problems)
        shown = "\n  ".join(map(shortened, self.problems[:20]))
        more = f"\n  (+{len(self.problems) - 20} more)" if len(self.problems) > 20 else ""
        what = f"{file}: table '{table}'" if file else f"table '{table}'"
        hint = f"'corridors schema {table}' lists its columns."
        super().__init__(f"{what} does not fit the schema:\n  {shown}{more}\n{hint}")


class UnknownNameError(CorridorsError):
    """A place, link, crossing, project or other id that the network does not have."""

    def __init__(
        self,
        kind: str,
        value: object,
        matches: Iterable[str] = (),
        hint: str = "",
        where: str = "in this network",
    ) -> None:
        self.kind, self.value, self.matches = kind, value, list(matches)
        near = f" Near matches: {', '.join(self.matches)}." if self.matches else ""
        super().__init__(f"no {kind} '{shortened(str(value))}' {where}.{near}{' ' + hint if hint else ''}")


class AmbiguousNameError(CorridorsError):
    """A name that several places share."""

    def __init__(
        self,
        value: object,
        matches: Iterable[str],
        hint: str = "give the id, or add the country as in 'Alat, AZ'",
    ) -> None:
        self.value, self.matches = value, list(matches)
        super().__init__(f"'{shortened(str(value))}' may be any of {', '.join(self.matches)}: {hint}.")


class NoRouteError(CorridorsError):
    """No way between two places under the conditions asked for; `reasons` says why."""

    def __init__(self, origin: str, destination: str, reasons: Iterable[str]) -> None:
        self.origin, self.destination, self.reasons = origin, destination, list(reasons)
        super().__init__(f"no route from {origin} to {destination}: {'; '.join(self.reasons)}.")


class InputError(CorridorsError):
    """An argument with a value outside its choices or range."""

    def __init__(self, argument: str, value: object, expected: str) -> None:
        self.argument, self.value = argument, value
        super().__init__(f"{shortened(argument)}={shortened(repr(value))} is not possible: {expected}.")


class UnknownOptionError(InputError, TypeError):
    """A keyword that a function does not take; `matches` are options that are spelt alike."""

    def __init__(self, function: str, argument: str, matches: Iterable[str], options: Iterable[str]) -> None:
        self.argument, self.matches = argument, list(matches)
        near = f"did you mean '{self.matches[0]}'?" if self.matches else f"it takes {', '.join(options)}."
        CorridorsError.__init__(self, f"{function} has no option '{argument}'; {near}")


class ScenarioError(CorridorsError):
    """A change that cannot be applied: unknown, already made, in conflict, or without its prerequisite."""


class ParameterError(CorridorsError):
    """A parameter that is missing, doubled or out of range."""


class DataFileError(CorridorsError):
    """A file or folder of data that cannot be found or read."""


class MemoryLimitError(CorridorsError):
    """A job that would need more memory than there is; refused before it starts, with advice."""

    def __init__(self, what: str, needed_bytes: float, available_bytes: float, advice: str) -> None:
        self.needed_bytes, self.available_bytes = needed_bytes, available_bytes
        super().__init__(
            f"{what} would need {needed_bytes / 1e9:.3g} GB of memory, of which {available_bytes / 1e9:.3g} GB are "
            f"free: {advice}."
        )


class MissingPackageError(CorridorsError, ImportError):
    """A package that an optional part of the library needs is not installed."""

    def __init__(self, purpose: str, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(f"{purpose} needs {package}, which is not installed: pip install 'corridors[{extra}]'")


class CorridorsWarning(UserWarning):
    """Base of the library's warnings."""


class ClosedCrossingWarning(CorridorsWarning):
    """A project was built that ends at a border crossing closed in this network."""


class UndatedLinksWarning(CorridorsWarning):
    """A network of the past keeps links whose year of opening is not known."""


class AfterDataWarning(CorridorsWarning):
    """A network of a date that lies after the end of what is known of closures and openings."""


class SlowEngineWarning(CorridorsWarning):
    """A large job runs on scipy, with the same results but slower, because numba is not installed."""


class DamagedHierarchiesWarning(CorridorsWarning):
    """A file of hierarchies beside a network cannot be used; they are found anew, and answers are the same."""


class LostWorkerWarning(CorridorsWarning):
    """A worker of an executor was lost, and its part of the work is done again."""


class MergeError(CorridorsError):
    """Two networks say different things of the same id; `conflicts` lists them."""

    def __init__(self, conflicts: list[str]) -> None:
        self.conflicts = conflicts
        shown = "\n  ".join(conflicts[:20])
        more = f"\n  (+{len(conflicts) - 20} more)" if len(conflicts) > 20 else ""
        super().__init__(
            f"the networks differ in {len(conflicts)} rows that both have:\n  {shown}{more}\n"
            "Give other ids, or say which side counts: prefer='ours' or prefer='theirs'."
        )


class TooFarError(CorridorsError):
    """A point that is farther from the network than the caller allows."""


class SearchLimitError(CorridorsError):
    """A search for a way under limits that has too many partial ways to compare; `labels` is their number."""

    def __init__(self, labels: int) -> None:
        self.labels = labels
        super().__init__(
            f"no answer after {labels:,} partial ways: leave out modes that need not be used, or name places to pass "
            "with via."
        )
