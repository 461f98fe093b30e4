"""Work in chunks on threads or an executor: results in order, a lost worker's chunk done again, interrupts felt."""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

from corridors.base.errors import InputError, LostWorkerWarning

T = TypeVar("T")

AHEAD = 16
"""Chunks that are handed out before the first of them is back: enough for as many workers."""

RETRIES = 3
"""Times that a lost chunk is handed out again."""


def threads_of(threads: int | None) -> int:
    """Threads that are asked for; by default one for each core that the process may use.

    A process that another one started for its work has one, because there is likely to be one for each core.

    Raises
    ------
    InputError
        If the number is not a whole one above zero.

    >>> threads_of(3)
    3
    """
    if threads is not None:
        if not isinstance(threads, int | np.integer) or isinstance(threads, bool) or threads < 1:
            raise InputError("threads", threads, "a whole number above zero, or None for all cores")
        return int(threads)
    if multiprocessing.parent_process() is not None:
        return 1
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # a system that does not tell which cores a process may use
        return os.cpu_count() or 1


def ordered_map(
    function: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    executor: Executor | None = None,
    *,
    threads: int | None = 1,
) -> Iterator[T]:
    """Yield the result of a function for every tuple of arguments, in their order.

    Parameters
    ----------
    function
        Function that can be sent to a worker.
    tasks
        Its arguments, chunk by chunk.
    executor
        Where the work is done: threads, processes, or a cluster (`client.get_executor()` of Dask). Here, if none.
    threads
        Threads of this process where there is no executor, as in `threads_of`.

    Warns
    -----
    LostWorkerWarning
        If a chunk was lost and is done again: on the executor, or here if that takes no more work.

    >>> list(ordered_map(pow, [(2, 3), (3, 2)]))
    [8, 9]
    """
    count = min(threads_of(threads), len(tasks))
    if executor is None and count > 1:
        pool = ThreadPoolExecutor(count)
        try:
            yield from ordered_map(function, tasks, pool)
        finally:  # an interrupt does not wait for chunks that are being worked on
            pool.shutdown(wait=False, cancel_futures=True)
        return
    if executor is None:
        for arguments in tasks:
            yield function(*arguments)
        return
    waiting: deque[tuple[tuple[Any, ...], Future[T] | None]] = deque()
    try:
        for arguments in tasks:
            waiting.append((arguments, _submit(executor, function, arguments)))
            if len(waiting) > AHEAD:
                yield _result(executor, function, *waiting.popleft())
        while waiting:
            yield _result(executor, function, *waiting.popleft())
    finally:
        for _, future in waiting:
            if future is not None:
                future.cancel()


def _submit(executor: Executor, function: Callable[..., T], arguments: tuple[Any, ...]) -> Future[T] | None:
    """Hand out a chunk; None if the executor takes no more work."""
    try:
        return executor.submit(function, *arguments)
    except BrokenExecutor:
        return None


def _result(executor: Executor, function: Callable[..., T], arguments: tuple[Any, ...], future: Future[T] | None) -> T:
    """Wait for a chunk, and hand it out again while workers are lost."""
    for _ in range(RETRIES):
        if future is None:
            break
        error = _error(future)
        if error is None:
            return future.result()
        if not _is_loss(error):
            raise error
        warnings.warn(f"a chunk was lost ({error!r}) and is done again", LostWorkerWarning, stacklevel=2)
        future = _submit(executor, function, arguments)
    if future is not None and (error := _error(future)) is not None:
        raise error
    if future is not None:
        return future.result()
    warnings.warn("the executor is broken; the rest is done in this process", LostWorkerWarning, stacklevel=2)
    return function(*arguments)


def _is_loss(error: BaseException) -> bool:
    """Tell the loss of a worker from an error of the work itself."""
    of_cluster = type(error).__module__.partition(".")[0] == "distributed"
    return of_cluster or isinstance(error, BrokenExecutor | CancelledError | ConnectionError)


def _error(future: Future[Any]) -> BaseException | None:
    """Error of a chunk, one that was cancelled included."""
    try:
        return future.exception()
    except CancelledError as error:
        return error
