"""Memory: what there is, and jobs that would not fit refused before they start."""

from __future__ import annotations

import os
from pathlib import Path

from corridors.base.errors import MemoryLimitError

SHARE = 0.8
"""Share of the free memory that a job may take."""

_GROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat",
    ),
)
"""Limit and use of the memory of a container, and what of the use is cache, in both forms that Linux has."""


def available_bytes() -> float:
    """Free memory in bytes: of the machine, or of the container if that has less; inf if unknown.

    >>> available_bytes() > 0
    True
    """
    found = [_of_machine()]
    for limit, use, details in _GROUPS:
        most, now = _number(Path(limit)), _number(Path(use))
        if most is not None and now is not None:
            found.append(most - now + _field(Path(details), "inactive_file"))
    return max(0.0, min(found))


def require(needed_bytes: float, what: str, advice: str) -> None:
    """Refuse a job that would not fit.

    Raises
    ------
    MemoryLimitError
        With what is needed, what is free and what to do.

    >>> require(1000.0, "this", "nothing to do")
    """
    free = available_bytes()
    if needed_bytes > SHARE * free:
        raise MemoryLimitError(what, needed_bytes, free, advice)


def _of_machine() -> float:
    free = _field(Path("/proc/meminfo"), "MemAvailable:")
    if free:
        return free * 1024
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):  # a system that does not tell
        return float("inf")


def _field(path: Path, name: str) -> float:
    """Read a number by its name from a file of such lines; 0 if there is none."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0.0
    found = [line.split() for line in lines if line.startswith(name)]
    return float(found[0][1]) if found else 0.0


def _number(path: Path) -> float | None:
    """Read a number from a file; None if there is none."""
    try:
        return float(path.read_text())
    except (OSError, ValueError):
        return None
