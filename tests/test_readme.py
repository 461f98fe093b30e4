"""What the README shows is what a reader gets."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pandas as pd

import corridors as co

ROOT = Path(__file__).parents[1]


def blocks() -> list[tuple[str, str]]:
    text = (ROOT / "README.md").read_text(encoding="utf8")
    return re.findall(r"```(\w+)\n(.*?)```", text, flags=re.DOTALL)


def test_shown_output_is_real() -> None:
    found = blocks()
    scope: dict[str, object] = {}
    checked = 0
    for (kind, code), (after, shown) in pairwise(found):
        if kind == "python" and after == "text":
            *lines, last = re.split(r"\n(?=\S)(?![)\]])", code.rstrip())
            exec("\n".join(lines), scope)  # noqa: S102 - the README's own code
            result = eval(last, scope)  # noqa: S307 - the README's own code
            printed = result.round(1).to_string() if isinstance(result, pd.DataFrame) else repr(result)
            assert [line.rstrip() for line in shown.rstrip().splitlines()] == [
                line.rstrip() for line in printed.splitlines()
            ]
            checked += 1
    assert checked == 3


def test_every_python_line_runs() -> None:
    scope: dict[str, object] = {"co": co, "net": co.load()}
    last = [code for kind, code in blocks() if kind == "python"][-1]
    for line in last.strip().splitlines():
        if "2010" not in line:
            eval(line.partition("  #")[0], scope)  # noqa: S307 - the README's own code
