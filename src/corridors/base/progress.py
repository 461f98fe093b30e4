"""Progress bars: on a terminal and in a notebook, never in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

DELAY_S = 1.0
"""Work that is done sooner shows no bar."""


def in_notebook() -> bool:
    """Tell whether this runs in a Jupyter kernel."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    return shell is not None and "IPKernelApp" in shell.config


def visible() -> bool:
    """Tell whether somebody can see a bar."""
    return in_notebook() or sys.stderr.isatty()


def progress(things: Collection[T], what: str, *, least: int = 3) -> Iterable[T]:
    """Go through things with a bar, if somebody can see it and there are at least `least`."""
    if len(things) < least or not visible():
        return things
    from tqdm import tqdm

    return tqdm(things, desc=what, leave=False, delay=DELAY_S)


@contextmanager
def counter(total: int, what: str, *, shown: bool = True) -> Iterator[Callable[[int], object]]:
    """Count things that are done several at a time, with a bar and their rate if somebody can see it.

    >>> with counter(10, "matrices") as done:
    ...     _ = done(10)
    """
    if not shown or not visible():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit=f" {what}", unit_scale=True, leave=False, delay=DELAY_S) as bar:
        yield bar.update
