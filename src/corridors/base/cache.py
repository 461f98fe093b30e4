"""A typed and bounded store of what was worked out, kept with the tables that it was worked out from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Slot(Generic[Value]):
    """A kind of things in a cache, with the type of its values.

    Attributes
    ----------
    name
        Name of the kind, for messages.
    most
        Number of values that are kept; the one not asked for longest goes first.
    carried
        What a value becomes when the parameters of its tables change: a function of the value and the new tables.
        None where the value depends on the parameters and has to be worked out again.
    """

    name: str
    most: int
    carried: Callable[[Value, Any], Value] | None = None


class Cache:
    """Values by slot and key; each slot holds the most recent ones.

    >>> numbers = Slot[int]("numbers", most=2)
    >>> cache = Cache()
    >>> [cache.get(numbers, key, lambda key=key: 10 * key) for key in (1, 2, 1, 3)]
    [10, 20, 10, 30]
    >>> cache.keys(numbers)
    [1, 3]
    """

    def __init__(self) -> None:
        self._kept: dict[Slot[Any], OrderedDict[Hashable, Any]] = {}
        self._lock = Lock()

    def __reduce__(self) -> tuple[type[Cache], tuple[()]]:
        # what was worked out is made again rather than sent along
        return Cache, ()

    def get(self, slot: Slot[Value], key: Hashable, make: Callable[[], Value]) -> Value:
        """Value of a key, made where it is not kept; threads that ask at the same time get the same one."""
        with self._lock:
            values: OrderedDict[Hashable, Value] = self._kept.setdefault(slot, OrderedDict())
            if key in values:
                values.move_to_end(key)
                return values[key]
        # made outside the lock: it takes long, and may ask this cache itself
        made = make()
        with self._lock:
            made = values.setdefault(key, made)
            while len(values) > slot.most:
                values.popitem(last=False)
        return made

    def find(self, slot: Slot[Value], key: Hashable) -> Value | None:
        """Value of a key, None where it is not kept."""
        with self._lock:
            values: OrderedDict[Hashable, Value] = self._kept.get(slot, OrderedDict())
            return values.get(key)

    def keys(self, slot: Slot[Any]) -> list[Hashable]:
        """Keys of a slot, the one not asked for longest first."""
        with self._lock:
            return list(self._kept.get(slot, ()))

    def take(self, other: Cache, tables: Any) -> None:
        """Take over what holds for tables with other values of the same parameters, too.

        Parameters
        ----------
        other
            Cache of the tables before.
        tables
            The tables with the new values, whose cache this is.
        """
        with other._lock:
            kept = [(slot, list(values.items())) for slot, values in other._kept.items()]
        for slot, values in kept:
            if slot.carried is not None:
                self._kept[slot] = OrderedDict((key, slot.carried(value, tables)) for key, value in values)


def unchanged(value: Value, _: Any) -> Value:
    """For `Slot.carried`: the value does not depend on the parameters."""
    return value
