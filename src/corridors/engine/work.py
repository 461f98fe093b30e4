"""Work in parts: counted, shared out to threads, and stopped within moments when the user interrupts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

from corridors.base.parallel import threads_of
from corridors.base.progress import counter

GRAIN = 16
"""Columns that a vector of the kernel takes at most: shares of threads are multiples of it."""


def shares(columns: int, threads: int | None, grain: int = GRAIN) -> list[tuple[int, int]]:
    """Share columns out to threads (as in `threads_of`), so many at a time at least: begin and end of each share.

    >>> shares(40, 2), shares(5, 2), shares(5, 2, 1)
    ([(0, 32), (32, 40)], [(0, 5)], [(0, 3), (3, 5)])
    """
    blocks = -(-columns // grain)
    each = max(1, -(-blocks // threads_of(threads))) * grain
    return [(first, min(first + each, columns)) for first in range(0, columns, each)]


def do(parts: Sequence[Iterator[int]], total: int, what: str, *, progress: bool) -> None:
    """Go through parts, each in a thread of its own; a part yields how much it has done.

    An interrupt stops every part at its next step.
    """
    with counter(total, what, shown=progress) as done:
        if len(parts) < 2:
            for part in parts:
                for count in part:
                    done(count)
            return
        stop = Event()
        with ThreadPoolExecutor(len(parts)) as pool:
            futures = [pool.submit(_through, part, stop, done) for part in parts]
            try:
                wait(futures)
            finally:
                stop.set()
        for future in futures:
            future.result()


def _through(part: Iterator[int], stop: Event, done: Callable[[int], object]) -> None:
    for count in part:
        done(count)
        if stop.is_set():
            return
