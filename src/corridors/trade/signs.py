"""Words for the sign of a change, and percentiles of draws as columns of a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridors.whatif.bands import POINTS

Floats = NDArray[np.float64]

UNDECIDED = 0.1
"""Share of draws with the other sign from which on a sign is undecided."""

ONE = 1e-9
"""A change of tonnes by less than this share is none."""

NONE = 0.5
"""A change by less than this is none, in USD/t: far below what is known of any price."""


def sign_of(rises: float, falls: float) -> str:
    """Word for the sign of a change, by the shares of draws in which it rises and falls.

    Parameters
    ----------
    rises, falls
        Shares of draws (0 to 1).

    >>> sign_of(0.95, 0.05), sign_of(0.8, 0.2), sign_of(0, 0)
    ('rises', 'undecided', 'unchanged')
    """
    if rises == 0 and falls == 0:
        return "unchanged"
    if min(rises, falls) > UNDECIDED or max(rises, falls) < 1 - UNDECIDED:
        return "undecided"
    return "rises" if rises > falls else "falls"


def percentiles(prefix: str, samples: Floats) -> dict[str, Floats]:
    """Percentiles 5, 50 and 95 of draws (rows), as columns of a table.

    Parameters
    ----------
    prefix
        How the names of the columns begin.
    samples
        Draws by rows of the table.

    >>> list(percentiles("share_", np.arange(101.0)[:, None]))
    ['share_p05', 'share_p50', 'share_p95']
    """
    if np.isfinite(samples).all():
        points = np.percentile(samples, POINTS, axis=0)
    else:  # between infinite prices there is no middle
        points = np.percentile(samples, POINTS, axis=0, method="nearest")
    return {f"{prefix}p{point:02d}": row for point, row in zip(POINTS, points, strict=True)}


def change_band(after: Floats | None, before: Floats | None) -> tuple[float, float, str]:
    """5 and 95 % points of a change, and its sign in words."""
    if after is None or before is None:
        return np.nan, np.nan, ""
    change = after - before
    low, high = np.percentile(change, [5, 95])
    rises, falls = float((change > NONE).mean()), float((change < -NONE).mean())
    return float(low), float(high), sign_of(rises, falls) if rises + falls > UNDECIDED else "unchanged"
