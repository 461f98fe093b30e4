"""Pictures as they were before: compared with a tolerance, drawn anew with `CORRIDORS_BASELINE=write`.

Look at new pictures before they are committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

BASELINE = Path(__file__).parents[1] / "plot" / "baseline"
TOLERANCE = 3.0
"""Root mean square of the difference of two pictures, of 255: text a pixel off passes, a missing label does not."""


def assert_as_before(figure: Figure, name: str, folder: Path, *, dpi: int = 100) -> None:
    """Compare a figure with the picture kept under a name."""
    drawn, kept = folder / f"{name}.png", BASELINE / f"{name}.png"
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        figure.savefig(drawn, dpi=dpi, metadata={"Software": None})
    if os.environ.get("CORRIDORS_BASELINE") == "write":
        kept.write_bytes(drawn.read_bytes())
    difference = compare_images(str(kept), str(drawn), TOLERANCE)
    assert difference is None, difference
