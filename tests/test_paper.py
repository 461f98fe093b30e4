"""The paper: its figures are those of the pages that are generated, and its references exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import corridors as co

ROOT = Path(__file__).parents[1]
PAPER = " ".join((ROOT / "paper" / "paper.md").read_text(encoding="utf8").split())

FIGURES = [
    ("validation", r"\*\*(\d+) counted journeys\*\* half are modelled within a factor of \*\*([\d.]+)\*\*, and (\d+)",
     "Of {0} counted journeys half are modelled within a factor of {1}, and {2} within a factor of two"),
    ("validation", r"modelled median is \*\*([\d.]+) times\*\*", "the modelled median is {0} times the observed hours"),
    ("validation", r"\*\*(\d+ of \d+)\*\* (\(\d+%\)) meet", "{0} {1} meet the range from p05 to p95"),
    ("validation", r"\n\| all \| \d+ \| ([\d.]+) \| ([\d.]+) \|", "the model has {0} against {1} of a naive model"),
    ("validation", r"\| mode: rail and sea \| \d+ \| ([\d.]+) \| ([\d.]+) \|", "rail and sea, with {0} against {1}"),
    ("validation", r"Of \*\*(\d+) counted prices\*\* half are met within a factor of \*\*([\d.]+)\*\*",
     "Of {0} counted prices half are met within a factor of {1}"),
    ("validation", r"\*\*(\d+ of \d+)\*\* published rail distances are met to 2 %, and \*\*(\d+ of \d+)\*\* road",
     "{0} published rail distances are met to 2 %, and {1} road distances to 5 %"),
    ("benchmarks", r"\| 1,000 draws x 60 x 60, from parameters \| ([^|]+) \| ([^|]+) \| ([^|]+) \((\w+)\) \|",
     "take {0} of processor time, {1} with SciPy and {2} with the best other tool ({3})"),
    ("benchmarks", r"\| corridors [\d.]+ \| ([^|]+) \|[\s\S]*?\| pyroutingkit [\d.]+ \| \*\*([^|*]+)\*\* \|",
     "A single route takes {0} against {1} with pyroutingkit"),
    ("benchmarks", r"\| Portfolio: [^|]+\|[^|]+\| ([^|]+) \|[^\n]+\n\| the same by wagon[^|]+\|[^|]+\| ([^|]+) \|",
     "takes {0} by container and {1} by wagon"),
    ("claims", r"\| C005-rail \|.*?\| 5 days \| ([\d.]+) \| ([\d.]+ to [\d.]+) \|", "the model says {0} days ({1})"),
    ("claims", r"\| C007-rail \|.*?\| -40 to -30 % \| -([\d.]+) \| -(\d+) to -(\d+) \|",
     "the model says {0} % ({2} to {1})"),
]  # fmt: skip
"""Page, where its figures stand, and the words of the paper."""


@pytest.mark.parametrize(("page", "there", "words"), FIGURES, ids=[words[:30] for *_, words in FIGURES])
def test_figures_are_those_of_the_pages(page: str, there: str, words: str) -> None:
    found = re.search(there, (ROOT / "docs" / f"{page}.md").read_text(encoding="utf8"))
    assert found, f"docs/{page}.md has changed its form"
    assert words.format(*found.groups()) in PAPER


def test_the_size_of_the_data_is_told(net: co.Network) -> None:
    parameters = net.parameters
    assert f"{len(net.places)} places in {net.places['country'].nunique()} countries" in PAPER
    assert f"{len(parameters)} parameters" in PAPER
    assert (
        f"out of {len(net.sources)}; {(parameters['confidence'] == 'assumed').sum()} of them are assumptions" in PAPER
    )


def test_references_are_cited_and_listed() -> None:
    keys = re.findall(r"^@\w+\{(\w+),", (ROOT / "paper" / "paper.bib").read_text(encoding="utf8"), flags=re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))
    assert set(re.findall(r"\[@(\w+)\]", PAPER)) == set(keys)


def test_the_paper_has_the_parts_that_the_journal_asks_for() -> None:
    text = (ROOT / "paper" / "paper.md").read_text(encoding="utf8")
    front, body = text.split("---\n")[1], text.partition("\n---\n")[2]
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= yaml.safe_load(front).keys()
    heads = re.findall(r"^# (.+)$", body, flags=re.MULTILINE)
    assert heads[:3] == ["Summary", "Statement of need", "State of the field"]
    assert heads[-1] == "References"
    assert 750 <= len(body.split()) <= 1750
