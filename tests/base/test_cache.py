"""What is kept with the tables: bounded, and safe to share between threads."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from corridors.base.cache import Cache, Slot, unchanged


@dataclass(frozen=True)
class Key:
    """A key whose hash is worked out in Python, as that of a view is: threads may change in between."""

    number: int


@pytest.fixture
def hasty() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_what_is_kept_can_be_taken_over_while_others_add_to_it() -> None:
    slots = [Slot[int](str(number), most=3, carried=unchanged) for number in range(50)]
    cache = Cache()

    def add(seed: int) -> int:
        return sum(cache.get(slots[n % 50], Key((n + seed) % 17), lambda n=n: n % 50) == n % 50 for n in range(5000))

    def take(_: int) -> int:
        other = Cache()
        other.take(cache, None)
        return max(len(other.keys(slot)) for slot in slots)

    with ThreadPoolExecutor(8) as pool:
        added, taken = [pool.submit(add, n) for n in range(2)], [pool.submit(take, n) for n in range(300)]
        assert [future.result() for future in added] == [5000, 5000]
        assert max(future.result() for future in taken) == 3


def test_threads_that_ask_at_the_same_time_get_the_same_value() -> None:
    slot, cache = Slot[object]("things", most=2), Cache()

    def make() -> object:
        # asked for the same while it is made
        return object() if cache.keys(slot) else (cache.get(slot, 1, object), object())[1]

    assert cache.get(slot, 1, make) is cache.get(slot, 1, object)


def test_a_cache_that_is_sent_away_arrives_empty() -> None:
    slot, cache = Slot[int]("numbers", most=2), Cache()
    cache.get(slot, 1, lambda: 1)
    assert pickle.loads(pickle.dumps(cache)).keys(slot) == []  # noqa: S301 - of this test
