"""The charts of the section on worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from corridors.base.progress import progress
from corridors.plot import npv_outlook, npv_tornado
from corridors.report.appraised import Appraised
from corridors.report.pictures import Picture
from corridors.report.words import capital, name_of
from corridors.report.worth import NOTHING_MUSD

WIDTH_CM: Final = 13.0
"""Width of the pictures, for which they are read on a telephone as well."""

TORNADO, OUTLOOK = "chart-net-present-value", "chart-border-outlook"
"""File names."""


def worth_pictures(found: Appraised) -> list[Picture]:
    """Draw the pictures of the section that there is something for.

    Parameters
    ----------
    found
        What was computed.
    """
    makers = [_tornado, _outlook]
    return [picture for make in progress(makers, "pictures of worth") for picture in make(found)]


def _tornado(found: Appraised) -> Iterator[Picture]:
    for name, one in list(found.appraisals.items())[:1]:
        subject = name_of(found.results, name)
        yield Picture(
            TORNADO,
            f"What the worth of {subject} rests on",
            f"Net present value of {subject} for the flows of the tables, with one assumption at a time at either end "
            "of its range.",
            npv_tornado(one, title=f"{capital(subject)}: what its worth rests on", width_cm=WIDTH_CM).fig,
        )


def _outlook(found: Appraised) -> Iterator[Picture]:
    """Draw the spread over the paths of the border, where it makes a difference."""
    outlooks = {capital(name_of(found.results, name).removeprefix("the ")): one.outlook()
                for name, one in found.appraisals.items() if one.chain is not None}  # fmt: skip
    if any(abs(one.expected_musd - one.constant_musd()) >= NOTHING_MUSD for one in outlooks.values()):
        yield Picture(
            OUTLOOK,
            "Net present value under borders that open and shut",
            "Net present value of the lines for the flows of the tables, over many paths of the border through the "
            "years, the same for all lines.",
            npv_outlook(outlooks, width_cm=WIDTH_CM).fig,
        )
