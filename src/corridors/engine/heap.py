"""A heap in compiled code, of four items below each: items by a key, the least first."""

from __future__ import annotations

from typing import Any

from corridors.engine.kernel import compiled

Array = Any
"""An array inside compiled code."""


@compiled
def push(key: Array, item: Array, size: int, value: float, number: int) -> int:
    """Put an item into a heap; its new size."""
    at = size
    while at > 0 and key[(at - 1) >> 2] > value:
        key[at], item[at] = key[(at - 1) >> 2], item[(at - 1) >> 2]
        at = (at - 1) >> 2
    key[at], item[at] = value, number
    return size + 1


@compiled
def pop(key: Array, item: Array, size: int) -> int:
    """Take the first item, in `item[size - 1]` afterwards, from a heap; its new size."""
    size -= 1
    first_key, first = key[0], item[0]
    value, number = key[size], item[size]
    at = 0
    while 4 * at + 1 < size:
        below = 4 * at + 1
        for other in range(below + 1, min(below + 4, size)):
            if key[other] < key[below]:
                below = other
        if key[below] >= value:
            break
        key[at], item[at] = key[below], item[below]
        at = below
    key[at], item[at] = value, number
    key[size], item[size] = first_key, first
    return size
