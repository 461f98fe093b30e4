"""The results as they were written, and what follows from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.rivals import TOOLS
from benchmarks.tasks import DRAWS, SINGLE, TASKS

FOLDER = Path(__file__).parent / "results"
OWN = "corridors"
TITLES = {**SINGLE, **{name: task.title for name, task in TASKS.items()}}

FURTHER = {
    "large": ["links", "step", "seconds", "peak_mb"],
    "chains": ["what", "seconds", "size"],
    "load": ["step", "seconds"],
    "durations": ["part", "wall_s", "cpu_s", "quick", "date"],
}
"""Tables that a run of some of the parts may lack, with their columns."""


class Results:
    """The tables of a run.

    Attributes
    ----------
    seconds
        Processor time by network and task (rows) and tool (columns); nan where the tool was not asked or not right.
    share
        Part of the task that was run, in the same shape.
    build, networks, machine, own, floor
        As they were written; the last three by name.
    large, chains, load, durations, cores
        As they were written; empty where they were not.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        rows = pd.read_csv(folder / "tasks.csv", keep_default_na=False, na_values=[""])
        self.rows = rows[rows["problem"].isna()]
        self.wrong = rows[rows["problem"].notna()]
        self.seconds, self.share, self.difference = (self._wide(name) for name in ("seconds", "share", "difference"))
        self.build = pd.read_csv(folder / "build.csv").set_index(["network", "tool"])
        self.networks = pd.read_csv(folder / "networks.csv").set_index("network")
        self.machine, self.own, self.floor = (_values(folder / f"{name}.csv") for name in ("machine", "own", "floor"))
        self.large, self.chains, self.load, self.durations = (
            _table(folder / f"{name}.csv", columns) for name, columns in FURTHER.items()
        )
        cores = folder / "cores.csv"
        self.cores = _values(cores) if cores.exists() else {}
        self._add_computed()

    def _wide(self, column: str) -> pd.DataFrame:
        return self.rows.pivot_table(index=["network", "task"], columns="tool", values=column, aggfunc="first")

    def _add_computed(self) -> None:
        """Work out draws times subsets of the other tools: each draw takes what all subsets take."""
        for network in self.networks.index:
            if (network, "both") in self.seconds.index:
                here = (network, "both")
                others = [tool for tool in self.seconds.columns if tool != OWN]
                self.seconds.loc[here, others] = DRAWS * self.seconds.loc[(network, "subsets"), others]
                self.share.loc[here, others] = 0.0

    @property
    def tools(self) -> list[str]:
        """Names of the tools in the order of the adapters, this package first."""
        return [OWN, *(tool for tool in TOOLS if tool != OWN and tool in self.seconds.columns)]

    def best_rival(self, network: str, task: str) -> str:
        """Name the fastest of the other tools."""
        return str(self.seconds.loc[(network, task)].drop(OWN).idxmin())

    def ratio(self, network: str, task: str, rival: str) -> float:
        """Say how many times faster than a rival this package is."""
        row = self.seconds.loc[(network, task)]
        return float(row[rival] / row[OWN])

    def sizes(self, tool: str, task: str = "parameters") -> pd.DataFrame:
        """Edges and seconds on the networks of roads and railways, by size."""
        found = [
            (int(self.networks.loc[network, "edges"]), self.seconds.loc[(network, task), tool])
            for network in self.networks.index
            if network != "reference" and (network, task) in self.seconds.index
        ]
        return pd.DataFrame(found, columns=["edges", "seconds"]).dropna().sort_values("edges")

    def columns(self) -> pd.DataFrame:
        """Seconds by number of draws, on the regional network."""
        rows = self.rows[self.rows["task"].str.startswith("columns ")]
        draws = rows["task"].str.partition(" ")[2].astype(int)
        return pd.DataFrame({"draws": draws, "seconds": rows["seconds"]}).sort_values("draws")


def exponent(x: pd.Series, y: pd.Series) -> float:
    """The exponent b of y = a x^b by least squares of the logarithms.

    >>> round(exponent(pd.Series([1.0, 10.0]), pd.Series([2.0, 200.0])), 6)
    2.0
    """
    return float(np.polyfit(np.log(x.astype(float)), np.log(y.astype(float)), 1)[0])


def _values(file: Path) -> dict[str, str]:
    """Read a table of two columns."""
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    return dict(zip(table.iloc[:, 0], table.iloc[:, 1], strict=True))


def _table(file: Path, columns: list[str]) -> pd.DataFrame:
    return pd.read_csv(file) if file.exists() else pd.DataFrame(columns=columns)


def clock(seconds: float) -> str:
    """Write a time with two digits and its unit.

    >>> [clock(s) for s in (1.4e-5, 0.0123, 0.25, 12.3, 754, 8030, 240_000)]
    ['14 µs', '12 ms', '250 ms', '12 s', '13 min', '2.2 h', '67 h']
    """
    units = {1e-6: "µs", 1e-3: "ms", 1.0: "s", 60.0: "min", 3600.0: "h"}
    limits = {1e-6: 9.5e-4, 1e-3: 0.95, 1.0: 95.0, 60.0: 5700.0, 3600.0: np.inf}
    unit = next(size for size, limit in limits.items() if seconds < limit)
    return f"{digits(seconds / unit)} {units[unit]}"


def digits(number: float) -> str:
    """Write a number with two digits that count.

    >>> [digits(n) for n in (0.123, 1.23, 12.3, 123, 4567)]
    ['0.12', '1.2', '12', '120', '4,600']
    """
    rounded = float(f"{number:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.2g}" if rounded < 1 else f"{rounded:.1f}"
