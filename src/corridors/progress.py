"""Progress bars: on a terminal and in a notebook, never in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from typing import TypeVar

T = TypeVar("T")

DELAY_S = 1.0
"""Work that is done sooner shows no bar."""


def in_notebook() -> bool:
    """Tell whether this runs in a Jupyter kernel."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    return shell is not None and "IPKernelApp" in shell.config


def progress(things: Collection[T], what: str, *, least: int = 3) -> Iterable[T]:
    """Go through things with a bar, if somebody can see it and there are at least `least`."""
    if len(things) < least or not (in_notebook() or sys.stderr.isatty()):
        return things
    from tqdm import tqdm

    return tqdm(things, desc=what, leave=False, delay=DELAY_S)
