"""What a rate per tonne means for a whole box, truck or wagon."""

from __future__ import annotations

from corridors.base.errors import InputError

PAYLOAD_T = {"tonne": 1.0, "teu": 15.0, "feu": 20.0, "truck": 20.0, "wagon": 60.0}
"""Tonnes of cargo in one unit: the payloads with which rates per box, truck and wagon were turned into USD/t.

A 20-ft container (teu) with 15 t, a 40-ft container (feu) and a truck with 20 t (CPMM's unit), a wagon with 60 t.
"""


def per_unit(cost_usd_t: float, unit: str) -> float:
    """Give the cost of one unit at its usual payload.

    >>> per_unit(100, "feu")
    2000.0
    """
    if unit not in PAYLOAD_T:
        raise InputError("unit", unit, f"one of {', '.join(PAYLOAD_T)}")
    return cost_usd_t * PAYLOAD_T[unit]
