"""Impedance linear in its parameters: `hours = A @ theta`, and the same for cost and emissions.

The table `parameters` has key columns; a blank key means "any". For an edge the most specific row wins: rows are
compared key by key in the order of `KEYS`, and a row that sets an earlier key beats any row that does not.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from corridors.base.errors import ParameterError
from corridors.base.units import QUANTITIES
from corridors.data.parameters import KEYS

_QUANTITIES = tuple(m.quantity for m in QUANTITIES)

REQUIRED = frozenset(
    {(c, m) for c in ("line_haul", "sea") for m in _QUANTITIES}
    | {(c, m) for c in ("border", "gauge_change", "transfer", "port") for m in ("hours", "cost")}
    | {(c, "hours") for c in ("waiting", "shift", "layover")}
)
"""Components that every edge of their kind must find a value for; the others count as zero where no row fits."""


class Resolver:
    """Finds the most specific parameter for the attributes of an edge.

    Attributes
    ----------
    named
        Values that parameters name, by key; edges that agree in them have the same parameters.
    """

    def __init__(self, parameters: pd.DataFrame) -> None:
        self._rows: dict[tuple[str, str], list[tuple[dict[str, str], int]]] = {}
        self._found: dict[tuple[object, ...], int | None] = {}
        # lists, since a table of texts is slow to walk through
        columns = {key: parameters[key].to_numpy(dtype=object).tolist() for key in ("component", "measure", *KEYS)}
        self.named = {key: frozenset(columns[key]) - {""} for key in KEYS}
        weights = {key: 1 << (len(KEYS) - place) for place, key in enumerate(KEYS)}
        ranked = []
        groups = zip(columns["component"], columns["measure"], strict=True)
        rows = zip(*(columns[key] for key in KEYS), strict=True)
        for number, (group, row) in enumerate(zip(groups, rows, strict=True)):
            keys = {key: value for key, value in zip(KEYS, row, strict=True) if value}
            ranked.append((sum(weights[key] for key in keys), group, keys, number))
        for _, group, keys, number in sorted(ranked, key=lambda r: -r[0]):
            self._rows.setdefault(group, []).append((keys, number))

    def find(self, component: str, measure: str, attributes: Mapping[str, str]) -> int | None:
        """Row number of the parameter, or None for an optional component without one.

        Raises
        ------
        ParameterError
            If a required component has no value.
        """
        asked = (component, measure, self.telling(attributes))
        if asked not in self._found:
            self._found[asked] = self._search(component, measure, attributes)
        return self._found[asked]

    def telling(self, attributes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Attributes that some parameter names; edges that agree in them have the same parameters."""
        return tuple((key, attributes[key]) for key, named in self.named.items() if attributes.get(key) in named)

    def _search(self, component: str, measure: str, attributes: Mapping[str, str]) -> int | None:
        for keys, number in self._rows.get((component, measure), ()):
            if all(attributes.get(key, "") == value for key, value in keys.items()):
                return number
        if (component, measure) in REQUIRED:
            shown = ", ".join(f"{key}={value}" for key, value in attributes.items() if value)
            raise ParameterError(
                f"no parameter '{component}/.../{measure}' fits {shown}: add a row to the table 'parameters'."
            )
        return None
