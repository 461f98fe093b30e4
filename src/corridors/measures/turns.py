"""Which single assumption turns the answer: each is changed alone, and every way is asked again.

Rail alone and the free choice of a mode can move in opposite directions: dearer railways make a shorter railway worth
more to cargo that goes by rail in any case, and less to cargo that could take a truck.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Unpack

import pandas as pd

from corridors.base.errors import InputError
from corridors.base.options import takes
from corridors.base.progress import progress
from corridors.base.results import Result
from corridors.measures.answer import less, listed
from corridors.measures.headline import WAYS
from corridors.model.parameters import has_parts
from corridors.model.question import Asked
from corridors.network.network import Network
from corridors.whatif.compare import Comparison, compare
from corridors.whatif.named import Scenarios, named_beside_base, under
from corridors.whatif.scenario import Scenario
from corridors.whatif.weights import Weights

REFERENCE = "reference"
"""Name of the row in which no assumption is changed."""

SLIGHT = {"days": 0.05, "usd_t": 0.5, "generalized_usd_t": 0.5}
"""Changes that are no change as they are told: half of the last digit of days and of USD/t."""

SIGNS = {"days": "days", "usd_t": "cost", "generalized_usd_t": "gain"}
"""Columns whose sign is looked at, and what they are called."""


class Assumption(NamedTuple):
    """One change of parameters.

    Attributes
    ----------
    pattern
        Parts of names of parameters, as in `Network.with_parameters`.
    factor
        Factor on the value, or None.
    value
        Value in the unit of the table, where no factor is set.
    general
        Whether rows for a single terminal or crossing keep their values.
    """

    pattern: str
    factor: float | None = None
    value: float | None = None
    general: bool = False


ASSUMPTIONS: Mapping[str, Assumption] = {
    "rail tariffs x 1.5": Assumption("line_haul/rail/cost", 1.5),
    "rail tariffs / 1.5": Assumption("line_haul/rail/cost", 1 / 1.5),
    "road cost x 0.8": Assumption("line_haul/road/cost", 0.8),
    "road cost x 1.25": Assumption("line_haul/road/cost", 1.25),
    "changes of gauge of 110 h": Assumption("gauge_change/hours", value=110.0, general=True),
    "hours at Kharlachi x 2": Assumption("border/kharlachi/rail/hours", 2.0),
    "hours at Chaman x 2": Assumption("border/chaman/rail/hours", 2.0),
    "Pakistani rail tariff x 2": Assumption("line_haul/PK/rail/cost", 2.0),
    "Afghan rail tariff x 2": Assumption("line_haul/AF/rail/cost", 2.0),
    "rail speeds / 1.5": Assumption("line_haul/rail/hours", 1 / 1.5),
}
"""Single assumptions that are tried: tariffs and costs up and down, and what is disputed of the new lines.

110 h is the upper end of what is assumed of a change of gauge where no terminal has a figure of its own.
"""


@dataclass(frozen=True, eq=False, repr=False)
class Turns(Result):
    """What each single assumption makes of the answer.

    Attributes
    ----------
    rows
        One row per assumption, way and scenario; those without a change stand first.
    """

    rows: pd.DataFrame

    _indexed: ClassVar[bool] = False

    def table(self) -> pd.DataFrame:
        """Table of one row per assumption, way and scenario.

        Columns: assumption (`reference` for none), way, scenario, pairs, compared, gaining and joined (questions),
        days, usd_t and generalized_usd_t (weighted mean change), more (change of generalized cost against the
        reference: below zero is a larger gain), and turned (which signs of the reference are others: `days`, `cost`,
        `gain`, `joined`; blank where none is).
        """
        return self.rows.copy()

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios beside the base."""
        return list(dict.fromkeys(self.rows["scenario"]))

    def turning(self, way: str, scenario: str) -> list[str]:
        """Assumptions that turn a sign for one way and scenario.

        Parameters
        ----------
        way, scenario
            As in the table.
        """
        mine = self.rows[(self.rows["way"] == way) & (self.rows["scenario"] == scenario)]
        return list(mine["assumption"][mine["turned"] != ""])

    def opposed(self, scenario: str) -> list[str]:
        """Assumptions under which the gain of one way grows and that of another falls.

        Parameters
        ----------
        scenario
            As in the table.
        """
        mine = self.rows[self.rows["scenario"] == scenario].pivot(index="assumption", columns="way", values="more")
        slight = SLIGHT["generalized_usd_t"]
        both = (mine < -slight).any(axis=1) & (mine > slight).any(axis=1)
        return [name for name in dict.fromkeys(self.rows["assumption"]) if both[name]]

    def sentences(self, names: Mapping[str, str] | None = None) -> list[str]:
        """Sentences on what turns the answer, and on what moves the ways apart.

        Parameters
        ----------
        names
            Names of scenarios in a sentence.
        """
        said = []
        for scenario in self.scenarios:
            name = (names or {}).get(scenario, scenario)
            said += [self._turns(way, scenario, name) for way in dict.fromkeys(self.rows["way"])]
            said += self._apart(scenario, name)
        return said

    def _turns(self, way: str, scenario: str, name: str) -> str:
        """What turns the signs of one way and scenario."""
        mine = self.rows[(self.rows["way"] == way) & (self.rows["scenario"] == scenario)].set_index("assumption")
        turned = mine[mine["turned"] != ""]
        tried = len(mine) - 1
        if turned.empty:
            return f"{name}, {way}: none of {tried} single assumptions turns a sign."
        alike: dict[str, list[str]] = {}
        for assumption, row in turned.iterrows():
            alike.setdefault(_turned(row, mine.loc[REFERENCE]), []).append(str(assumption))
        texts = "; ".join(f"{listed(some)} ({text})" for text, some in alike.items())
        verb = "turns" if len(turned) == 1 else "turn"
        return f"{name}, {way}: of {tried} single assumptions {len(turned)} {verb} a sign: {texts}."

    def _apart(self, scenario: str, name: str) -> list[str]:
        """Say what makes one way gain more and the other less."""
        opposed = self.opposed(scenario)
        if not opposed:
            return []
        mine = self.rows[self.rows["scenario"] == scenario].set_index(["assumption", "way"])["generalized_usd_t"]
        texts = []
        for assumption in opposed:
            ways = [
                f"{way} {_number(mine[REFERENCE, way])} to {_number(mine[assumption, way])}"
                for way in dict.fromkeys(self.rows["way"])
            ]
            texts.append(f"{assumption} ({', '.join(ways)})")
        return [f"{name}: the ways move in opposite directions, in USD/t of generalized cost, with {'; '.join(texts)}."]


def _number(value: float) -> str:
    return "0" if abs(value) < 0.5 else f"{value:+.0f}".replace("-", "\N{MINUS SIGN}")


def _turned(row: pd.Series, before: pd.Series) -> str:
    """What turned, from what to what."""
    texts = []
    for what in str(row["turned"]).split(";"):
        if what == "gain":
            texts.append(f"{before['gaining']} to {row['gaining']} pairs gain")
        elif what == "joined":
            texts.append(f"{before['joined']} to {row['joined']} pairs joined anew")
        else:
            column, unit, digits = ("days", "days", 1) if what == "days" else ("usd_t", "USD/t", 0)
            texts.append(f"{less(before[column], unit, digits)} becomes {less(row[column], unit, digits)}")
    return listed(texts)


@takes(Asked)
def turns(
    net: Scenarios,
    scenarios: Scenarios = (),
    origins: str | Iterable[str] = "kazakhstan",
    destinations: str | Iterable[str] = "south-asian-ports",
    *,
    assumptions: Mapping[str, Assumption] = ASSUMPTIONS,
    weights: Weights = None,
    **options: Unpack[Asked],
) -> Turns:
    """Change one assumption at a time, and see which signs of the answer turn, by rail alone and in free choice.

    Parameters
    ----------
    net
        The network, which is the base; or networks and scenarios as in `compare`, of which the first is the base.
    scenarios
        Further scenarios: names of bundled ones, scenarios or networks, in a list or by name.
    origins, destinations, weights
        As in `compare`.
    assumptions
        Changes by name; those of parameters that a network does not have are left out.
    options
        The same for every scenario and assumption. Without `modes`, rail only and all modes stand side by side.

    Raises
    ------
    InputError
        If there is no scenario beside the base.

    >>> import corridors as co
    >>> few = {"road cost x 0.8": ASSUMPTIONS["road cost x 0.8"]}
    >>> found = turns(co.load(), ["uap-kabul"], ["Almaty"], ["Karachi"], assumptions=few)
    >>> found.table()[["assumption", "way", "gaining"]].head(1).to_numpy().tolist()
    [['reference', 'rail only', 1]]
    """
    named, base = named_beside_base(scenarios, net)
    asked: dict[str, Any] = dict(options)
    modes = asked.pop("modes")
    ways: Mapping[str, Any] = WAYS if modes is None else {"as asked": modes}
    rows = []
    for label, setting in progress(list(settings(base, assumptions).items()), "assumptions"):
        changed = under(setting, named)
        for way, used in ways.items():
            found = compare(changed, origins, destinations, modes=used, weights=weights, **asked)
            rows += [{"assumption": label, "way": way, **row} for row in _changes(found)]
    return Turns(_judged(pd.DataFrame(rows)))


def settings(net: Network, assumptions: Mapping[str, Assumption] = ASSUMPTIONS) -> dict[str, Scenario]:
    """Scenarios that change one assumption each, the reference first.

    Parameters
    ----------
    net
        The network.
    assumptions
        Changes by name.

    >>> import corridors as co
    >>> tried = {"rail": Assumption("line_haul/rail/cost", 2.0), "none": Assumption("no/cost", 2.0)}
    >>> found = settings(co.load(), tried)
    >>> list(found), found["rail"].apply(co.load()) is not None
    (['reference', 'rail'], True)
    """
    table, names = net.tables.parameters, net.parameter_names
    single = (table[["link", "crossing", "terminal", "service"]] != "").any(axis=1).to_numpy()
    made = {REFERENCE: Scenario(REFERENCE)}
    for label, one in assumptions.items():
        rows = [r for r, name in enumerate(names) if has_parts(name, one.pattern) and not (one.general and single[r])]
        if not rows:
            continue
        if one.factor is not None:
            made[label] = Scenario(label).with_parameters(scale={names[row]: one.factor for row in rows})
        elif one.value is not None:
            made[label] = Scenario(label).with_parameters({names[row]: one.value for row in rows})
        else:
            raise InputError(label, one, "an assumption with a factor or a value")
    return made


def _changes(comparison: Comparison) -> list[dict[str, Any]]:
    """Counts and mean changes of every scenario beside the base."""
    overall = comparison.overall().drop(comparison.base)
    return [
        {
            "scenario": name,
            **{column: int(row[column]) for column in ("pairs", "compared", "gaining", "joined")},
            "days": row["hours_delta"] / 24,
            "usd_t": row["cost_usd_t_delta"],
            "generalized_usd_t": row["generalized_usd_t_delta"],
        }
        for name, row in overall.iterrows()
    ]


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what changes against the reference, and which signs are others."""
    keys = ["way", "scenario"]
    before = rows[rows["assumption"] == REFERENCE].set_index(keys)
    reference = before.loc[list(zip(rows["way"], rows["scenario"], strict=True))]
    turned = []
    for row, was in zip(rows.to_dict("records"), reference.to_dict("records"), strict=True):
        signs = {"gain": (row["gaining"] > 0) != (was["gaining"] > 0)}
        signs["joined"] = (row["joined"] > 0) != (was["joined"] > 0)
        for column in ("days", "usd_t"):
            # what gains nothing has no sign of days and cost of its own
            signs[SIGNS[column]] = not signs["gain"] and _sign(row[column], column) != _sign(was[column], column)
        turned.append(";".join(name for name, is_other in signs.items() if is_other))
    more = rows["generalized_usd_t"].to_numpy() - reference["generalized_usd_t"].to_numpy()
    return rows.assign(more=more, turned=turned)


def _sign(value: float, column: str) -> int:
    return 0 if abs(value) < SLIGHT[column] else 1 if value > 0 else -1
