"""Run damaged files through every reader, and count what comes of it: `python -m fuzz.run --inputs 100000`."""

from __future__ import annotations

import argparse
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import pandas as pd

import corridors as co
from fuzz.readers import Reader, readers

SECONDS, MEGABYTES = 300.0, 300.0
"""Most processor time and memory that one input may take: no slow machine needs as long for what does not hang."""


class Hangs(BaseException):
    """An input that takes longer than it may."""


@contextmanager
def guarded() -> Iterator[None]:
    """Break off what hangs."""
    before = signal.signal(signal.SIGPROF, _hang)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@dataclass
class Outcomes:
    """What came of the inputs of one reader, and the first few that came out as they should not."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    most_mb: float = 0.0


def run(reader: Reader, inputs: range) -> Outcomes:
    """Read damaged inputs, each made from its number alone."""
    found = Outcomes()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        good = Path(folder) / "good"
        shutil.copytree(reader.good, good)
        expected = reader.read(good)
        for number in inputs:
            work = Path(folder) / "work"
            work.mkdir()
            reader.damage(work, Random(f"{reader.name} {number}"))  # noqa: S311 - not for secrets
            _one(reader, work, number, expected, found)
            shutil.rmtree(work)
    return found


def _hang(_: int, __: FrameType | None) -> None:
    raise Hangs


def _one(reader: Reader, work: Path, number: int, expected: Any, found: Outcomes) -> None:
    begin, memory = time.perf_counter(), megabytes()
    try:
        with guarded():
            made = reader.read(work)
            outcome = "equal" if _same(made, expected) else "accepted"
            if isinstance(made, co.Network) and number % 25 == 0:
                _use(made)
    except co.CorridorsError as error:
        outcome = "refused"
        if not str(error) or len(str(error)) > 20_000:
            outcome = "other"
            found.wrong.append(f"{reader.name} {number}: message of {len(str(error))} characters")
    except (Exception, Hangs):  # noqa: BLE001 - whatever else comes is what is looked for
        outcome = "other"
        found.wrong.append(f"{reader.name} {number}: " + "".join(traceback.format_exc().splitlines(keepends=True)[-5:]))
    taken, grown = time.perf_counter() - begin, megabytes() - memory
    if grown > MEGABYTES:
        outcome = "other"
        found.wrong.append(f"{reader.name} {number}: {grown:.0f} MB")
    found.slowest_s, found.most_mb = max(found.slowest_s, taken), max(found.most_mb, grown)
    found.counts[outcome] += 1


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _same(made: Any, expected: Any) -> bool:
    if isinstance(made, co.Network):
        pairs = zip(made.tables.frames.values(), expected.tables.frames.values(), strict=True)
        same = all(len(a) == len(b) and (len(a) == 0 or a.equals(b)) for a, b in pairs)
        return same and (made.view, made.name) == (expected.view, expected.name)
    return bool(made == expected)


def _use(net: co.Network) -> None:
    """What is accepted can be looked at, checked and routed, or refused by name."""
    ids = list(net.tables["places"]["id"])
    repr(net)
    try:
        net.route(ids[0], ids[-1], by="distance")
    except co.CorridorsError:
        return


def table(found: dict[str, Outcomes]) -> pd.DataFrame:
    """Counts by reader."""
    kinds = {"equal": "accepted, equal", "accepted": "accepted, different", "refused": "refused by name",
             "other": "anything else"}  # fmt: skip
    rows = {name: {"inputs": one.counts.total(), **{title: one.counts[kind] for kind, title in kinds.items()}}
            for name, one in found.items()}  # fmt: skip
    made = pd.DataFrame.from_dict(rows, orient="index")
    made.loc["all"] = made.sum()
    return made


def main() -> None:
    """Run so many inputs over all readers, and show what came of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input of each reader")
    parser.add_argument("--readers", nargs="*", default=[])
    parser.add_argument("--even", action="store_true", help="as many inputs for every reader")
    options = parser.parse_args()
    found: dict[str, Outcomes] = {}
    with tempfile.TemporaryDirectory() as folder:
        chosen = [one for one in readers(Path(folder)) if not options.readers or one.name in options.readers]
        total = sum(one.share for one in chosen)
        for one in chosen:
            share = 1 / len(chosen) if options.even else one.share / total
            begin = time.process_time()
            count = max(1, round(options.inputs * share))
            found[one.name] = run(one, range(options.first, options.first + count))
            took = time.process_time() - begin
            worst = f"slowest {found[one.name].slowest_s:.2f} s, most {found[one.name].most_mb:.0f} MB"
            sys.stderr.write(f"{one.name}: {count} in {took:.0f} s, {worst}\n")
    sys.stdout.write(table(found).to_string() + "\n")
    wrong = [text for one in found.values() for text in one.wrong]
    sys.stdout.write("\n".join(wrong[:40]) + "\n" * bool(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
