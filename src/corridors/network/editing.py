"""Networks that are joined, cut and thinned: the methods of `Network` that change its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from corridors.routing.queries import Questions

if TYPE_CHECKING:
    from corridors.model.state import Contents
    from corridors.network.nearest import Where


class Editing(Questions):
    """Changes of the tables of a network; every one gives a new network."""

    def insert_place(self, name: str, link: str, **options: Any) -> Self:
        """Give the network with a new place on a link, split there; see `corridors.network.split.insert_place`.

        >>> import corridors as co
        >>> net = co.load()
        >>> split = net.insert_place("Halt", "hairatan--naibabad:road", where=(37.0, 67.4), max_km=10)
        >>> bool(abs(split.route("Termez", "Kabul").hours - net.route("Termez", "Kabul").hours) < 1e-9)
        True
        """
        from corridors.network.split import insert_place

        return insert_place(self, name, link, **options)

    def connect(self, where: Where, *, max_km: float, **options: Any) -> Self:
        """Give the network with a place off the network joined to it; see `corridors.network.connect.connect`.

        >>> import corridors as co
        >>> net = co.load().connect("Balkh", max_km=20)
        >>> net.route("Balkh", "Kabul", cargo="truck").legs["from_id"].iloc[0]
        'balkh'
        """
        from corridors.network.connect import connect

        return connect(self, where, max_km=max_km, **options)

    def merge(
        self,
        other: Contents,
        *,
        same: Mapping[str, str] | None = None,
        within_km: float | None = None,
        prefer: str | None = None,
    ) -> Self:
        """Give the network with the tables of another added; see `corridors.network.merge.merge`.

        >>> import corridors as co
        >>> net = co.load()
        >>> both = net.select(country="KZ").merge(net.select(country="UZ"))
        >>> len(both.places) == len(net.select(country=["KZ", "UZ"]).places)
        True
        """
        from corridors.network.merge import merge

        return merge(self, other, same=same, within_km=within_km, prefer=prefer)

    def simplify(self, *, keep: str | Iterable[str] = (), drop: Iterable[str] | None = None) -> Self:
        """Give the network without places on the way of one line; see `corridors.network.simplify.simplify`.

        >>> import corridors as co
        >>> net = co.load().simplify()
        >>> len(net.links) < len(co.load().links)
        True
        """
        from corridors.network.simplify import DROP, simplify

        return simplify(self, keep=keep, drop=DROP if drop is None else drop)

    def trace(self, base: Contents, **options: Any) -> tuple[Self, pd.DataFrame]:
        """Give the network with lines for its straight links, and a report; see `corridors.network.trace.trace`."""
        from corridors.network.trace import trace

        return trace(self, base, **options)
