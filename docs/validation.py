"""Write `validation.md` and `claims.md` with their figure from what the model gives: run by `make docs`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

import corridors as co
from corridors.base.looks import INK, MUTED
from corridors.base.numbers import figure, published
from corridors.plot.style import FONT, ROUTE_COLORS
from corridors.validate import (
    Claims,
    DistanceValidation,
    PriceValidation,
    TimeValidation,
    claims,
    distances,
    prices,
    times,
)

DRAWS = 2000
"""Draws behind the percentiles of both pages."""

HERE = Path(__file__).parent
PICTURE = "validation-times.svg"
PRICES = "validation-prices.svg"
GENERATED = "<!-- Written by docs/validation.py: change that file or the data, and run `make docs`. -->"
COLORS = {"road": ROUTE_COLORS[1], "rail": ROUTE_COLORS[0], "with a sea leg": ROUTE_COLORS[2]}
GROUPS = {
    "counted": "no parameter was set from them, and nothing special is known of them; these test the model",
    "in-sample": "a parameter or its range was set from them; agreement proves only that it was carried over",
    "special": "pilot runs, snow, jammed borders; a model of normal operation is not expected to meet them",
    "apart": "plans, quotes and claims; never counted",
}
LOOKS = {
    "counted": ("o", 38, "Counted"),
    "in-sample": ("o", 38, "In-sample"),
    "special": ("D", 27, "Special (pilot run, snow, jam)"),
}
"""Marker, its size and its name by group; only counted points are filled."""
TICKS = {1: "1 h", 3: "3 h", 6: "6 h", 12: "12 h", 24: "1 day", 48: "2", 120: "5", 240: "10", 480: "20", 960: "40 days"}
HEADLINES = {
    "How long it takes": ["C002", "C002-border", "C004", "C001", "C005", "C005-rail"],
    "What it costs": ["C006", "C007", "C007-rail", "C009"],
    "How long the line is": ["C021-kharlachi", "C022", "C023", "C024", "C021", "C025", "C035"],
    "Which way is shorter": ["C026", "C027"],
}
"""Claims that are quoted most, by what they are about."""


def main() -> None:
    """Write both pages and the figure beside this script."""
    net = co.load()
    found, rates = times(net, draws=DRAWS), prices(net, draws=DRAWS)
    lengths = distances(net), distances(net, mode="road")
    (HERE / "validation.md").write_text(validation_page(net, found, lengths, rates), encoding="utf8")
    (HERE / "claims.md").write_text(claims_page(claims(net, draws=DRAWS)), encoding="utf8")
    with mpl.rc_context({"svg.hashsalt": "corridors", "font.family": FONT}):
        scatter(journeys(net, found)).savefig(HERE / PICTURE, metadata={"Date": None, "Creator": None})
        price_chart(rates.table()).savefig(HERE / PRICES, metadata={"Date": None, "Creator": None})


def journeys(net: co.Network, found: TimeValidation) -> pd.DataFrame:
    """The observed journeys with what is known of their ends: system, way, observed and ratio."""
    table, country = found.table(), net.places["country"]
    table["system"] = ["with a sea leg" if "sea" in mode else mode.replace("+", " and ") for mode in table["mode"]]
    abroad = table["from_id"].map(country) != table["to_id"].map(country)
    table["way"] = table["system"] + np.where(abroad, ", over a border", ", within one country")
    return table.assign(observed=np.sqrt(table["low_h"] * table["high_h"]), ratio=np.exp(table["log_error"]))


def markdown(table: pd.DataFrame, right: Iterable[str] = ()) -> str:
    """Write a table as Markdown; the columns named in `right` are set to the right."""
    numbers = set(right)
    head = [str(name) for name in table.columns]
    rule = ["---:" if name in numbers else "---" for name in head]
    rows = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in table.to_numpy()]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


INTRODUCTION = """\
Three things can be held against the model from outside: distances printed by railways, journeys whose hours were
observed or printed in a timetable, and published prices. Every figure on this page is computed from the bundled tables
[`observed_times.csv`](../data/geo/validation/observed_times.csv),
[`observed_prices.csv`](../data/geo/validation/observed_prices.csv) and
[`rail_distances.csv`](../data/geo/validation/rail_distances.csv), which name the source of every row. What was
promised of projects stands on a page of its own: [claims](claims.md)."""

HOURS = """\
Each journey is routed over the way that was taken, for its cargo unit and modes. Hours run from departure to arrival
unless the source counts the wait for the train, too, or the time of movement alone; the modelled hours are cut to the
same. The modelled figure is the median trip (p50) with the range from p05 to p95, which holds both what differs from
trip to trip and what is not known of the means. A single journey is one draw of many: it should fall between p05 and
p95 nine times in ten, but not on the median."""

FACTORS = """\
The median factor says how far off half of the rows are at most, either way; modelled / observed is a geometric mean,
above one where the model is too slow."""

NAIVE = """\
A naive model needs no data: **km / 25 + 24 h a border**, with the spread of its own errors on the other counted rows
(leave one out). Both are scored by the interval score of Gneiting and Raftery (2007) for nine trips in ten, in logs:
the width of the range, plus twenty times what lies outside. The lower score is the better one. The widths are medians
of the upper over the lower end: a range that is wide enough holds everything and says nothing."""

KABUL = """\
One order of two observed journeys is the other way round in the model. A press article of November 2025 has
three to four days from Kabul to Karachi, and seven to eight from Chabahar to Kabul; by truck the model has
{karachi:.0f} h to Karachi and {chabahar:.0f} h from Chabahar (and {back:.0f} h from Karachi). The two are not
alike: the first is an export by road, the second an import by a port, and whether the days in the port are in
it is not said; with the model's {port:.0f} h there it is {with_port:.1f} days. What contradicts the model is
the first row alone. It does not fit what others saw of the way through Pakistan, for which the model has
{pakistan:.0f} h: four days Karachi-Peshawar and five Karachi-Torkham in 2020, four to five days to the border
as drivers reckoned in 2012 (Foreign Policy, 2 January 2013). These are northbound; nobody has measured trucks
southbound. No mean wait at Milak is published, and what is known of the way through Iran (four days on the road
in 2019) is less than the model has, not more. So nothing was changed: a fit to the two rows would say nothing
of the rest. The sources that were looked through stand in [the notes on the data](../data/geo/NOTES.md)."""

REPRODUCE = """\
```sh
make docs                      # writes this page, its figures and the page of claims
corridors validate times       # the hours, as a table in the terminal
corridors validate prices
corridors validate distances
corridors validate distances --mode road
```"""


def validation_page(
    net: co.Network,
    found: TimeValidation,
    lengths: tuple[DistanceValidation, DistanceValidation],
    rates: PriceValidation,
) -> str:
    """The text of `validation.md`."""
    table = journeys(net, found)
    counted = table[table["group"] == "counted"]
    groups = "\n".join(f"- **{name}**: {(table['group'] == name).sum()} rows; {what}." for name, what in GROUPS.items())
    parts = ["# The model against published figures", GENERATED, INTRODUCTION]
    parts += ["## In short", _headlines(counted, lengths, rates)]
    parts += ["## Hours", HOURS, f"![Observed and modelled hours]({PICTURE})", groups, _summary(found), FACTORS]
    parts += ["## Against a naive model", NAIVE, _scores(found.scores())]
    parts += ["## Where the model misses", *_misses(counted), _kabul(net)]
    parts += ["## All journeys", *_all_journeys(table)]
    parts += ["## Prices", *_prices(rates)]
    parts += ["## Distances by rail", *_distances(net, lengths[0])]
    parts += ["## Distances by road", *_road_distances(lengths[1])]
    return "\n\n".join([*parts, "## Run it again", REPRODUCE]) + "\n"


def _kabul(net: co.Network) -> str:
    """Say why Kabul-Karachi is not the quicker way to the sea."""
    out, back = (net.route(*ends, cargo="truck") for ends in (("Kabul", "Karachi"), ("Karachi", "Kabul")))
    iran = net.route("Chabahar", "Kabul", cargo="truck")
    port = net.route("Jebel Ali", "Chabahar", modes={"sea"}, charter=True).legs
    landed = float(port.loc[port["kind"] == "port", "hours"].iloc[-1])
    pakistan = float(out.legs.loc[out.legs["country"] == "PK", "hours"].sum())
    return KABUL.format(
        karachi=out.hours, chabahar=iran.hours, back=back.hours, port=landed, pakistan=pakistan,
        with_port=(iran.hours + landed) / 24,
    )  # fmt: skip


def _price_line(table: pd.DataFrame) -> str:
    counted = table[table["group"] == "counted"]
    inside, width = counted["inside"].mean(), (counted["p95"] / counted["p05"]).median()
    return (
        f"- Of **{len(counted)} counted prices** half are met within a factor of "
        f"**{_factor(counted['log_error'].abs().median())}**; {inside:.0%} meet the range from p05 to p95, whose upper "
        f"end is {width:.1f} times the lower."
    )


PRICE_TEXT = """\
Published freight rates, quotes and tariffs in USD for one box, truck or tonne, over the way that they are for. A price
holds what its source says: the haul alone, ocean freight without the port, or all with port and empty return. What was
said in another currency is turned with the rate of that time. **In-sample** are the prices that a rate of the model
was taken from; **special** those of a closed border, of 2010 to 2015, or for infrastructure alone."""

PRICE_NAIVE = """\
The naive price is km times the mean rate per tonne-km of the other counted prices of the mode, with the spread of its
own errors on them: it has seen the prices that it is compared with."""


def _prices(rates: PriceValidation) -> list[str]:
    table, scores = rates.table(), rates.scores()
    counted = table[(table["group"] == "counted")]
    far = counted.loc[counted["log_error"].abs().sort_values(ascending=False, kind="stable").index[:5]]
    lines = [
        f"- {row.journey} ({row.unit}): published {published(round(row.low_usd), round(row.high_usd))} USD, modelled "
        f"{figure(row.p50)}, {np.exp(row.log_error):.2f} times the published. {row.note}".rstrip()
        for row in far.itertuples()
    ]
    parts = [PRICE_TEXT, f"![Published and modelled prices]({PRICES})", _summary(rates), PRICE_NAIVE, _scores(scores)]
    parts += [f"The {len(lines)} counted prices that are furthest off, with the note of the data:", "\n".join(lines)]
    for group in ("counted", "in-sample", "special", "apart"):
        shown = rates.shown(group)
        if len(shown):
            numbers = ["published USD", "modelled USD", "p05 to p95", "ratio"]
            parts += [f"### Prices: {group}", markdown(shown, numbers)]
    failed = [f"- {row.journey}: {row.note}" for row in table[table["group"] == "not routed"].itertuples()]
    return [*parts, "### Prices that could not be routed", "\n".join(failed)] if failed else parts


def _scores(scores: pd.DataFrame) -> str:
    """Table of interval scores, and a sentence that says where the model loses."""
    shown = pd.DataFrame(
        {
            "journeys": [of if split == "all" else f"{split}: {of}".replace("+", " and ") for split, of in
                         zip(scores["split"], scores["of"], strict=True)],
            "rows": scores["rows"],
            "model": scores["score"].map("{:.2f}".format),
            "naive": scores["naive_score"].map("{:.2f}".format),
            "width": scores["width"].map("{:.1f}".format),
            "width, naive": scores["naive_width"].map("{:.1f}".format),
            "better": scores["better"],
        }
    )  # fmt: skip
    lost = shown[shown["better"] == "naive"]["journeys"].tolist()
    won = f"The model has the better score in {len(shown) - len(lost)} of {len(shown)} rows"
    lines = f"{won}; it loses in: {', '.join(lost)}." if lost else f"{won}."
    return f"{markdown(shown, shown.columns[1:6])}\n\n{lines}"


def _factor(log: float) -> str:
    return f"{np.exp(abs(log)):.2f}"


def _mean(rows: pd.DataFrame) -> str:
    return f"{np.exp(rows['log_error'].mean()):.2f}"


def _widest(rows: pd.DataFrame, most: int = 5) -> pd.DataFrame:
    return rows.loc[rows["log_error"].abs().sort_values(ascending=False, kind="stable").index[:most]]


def _headlines(
    counted: pd.DataFrame, lengths: tuple[DistanceValidation, DistanceValidation], rates: PriceValidation
) -> str:
    rails, roads = lengths
    unseen = roads.possible[~roads.possible["in_sample"]]
    error, rows = counted["log_error"], len(counted)
    within, inside, good = (error.abs() <= np.log(2)).sum(), counted["inside"].sum(), rails.table()["within"].sum()
    return "\n".join(
        [
            f"- Of **{rows} counted journeys** half are modelled within a factor of "
            f"**{_factor(error.abs().median())}**, and {within} within a factor of two.",
            f"- The modelled median is **{_mean(counted)} times** the observed hours on average (geometric mean).",
            f"- **{inside} of {rows}** ({inside / rows:.0%}) meet the range from p05 to p95; with right ranges nine in "
            "ten would.",
            _price_line(rates.table()),
            f"- **{good} of {len(rails.table())}** published rail distances are met to {rails.tolerance_pct:g} %, and "
            f"**{unseen['within'].sum()} of {len(unseen)}** road distances that no length was taken from to "
            f"{roads.tolerance_pct:g} %.",
            f"- {rows} journeys are few: one row more or less moves these figures.",
        ]
    )


def _summary(found: TimeValidation | PriceValidation) -> str:
    table = found.summary()
    table = table[table["group"].isin(GROUPS)]
    table = table.sort_values("group", key=lambda names: names.map(list(GROUPS).index), kind="stable")
    shown = pd.DataFrame(
        {
            "group": table["group"],
            "mode": table["mode"].str.replace("+", " and "),
            "rows": table["rows"],
            "median factor": table["median_abs_log_error"].map(_factor),
            "modelled / observed": np.exp(table["bias"]).map("{:.2f}".format),
            "meet p05 to p95": table["inside"].map("{:.0%}".format),
        }
    )
    return markdown(shown, shown.columns[2:])


def _misses(counted: pd.DataFrame) -> list[str]:
    """Say which kinds of journeys miss most, and list the widest misses."""
    ways = {str(way): rows for way, rows in counted.groupby("way")}
    ends = {"up to a day": (0, 24), "over one and up to four days": (24, 96), "over four days": (96, np.inf)}
    cut = {k: counted[(counted["observed"] > a) & (counted["observed"] <= b)] for k, (a, b) in ends.items()}
    lasting = {name: rows for name, rows in cut.items() if len(rows)}
    far = {way: float(rows["log_error"].abs().mean()) for way, rows in ways.items() if len(rows) > 1}
    worst, best = max(far, key=far.__getitem__), min(far, key=far.__getitem__)
    leans = ", ".join(f"{_mean(rows)} for journeys of {name}" for name, rows in lasting.items())
    lines = [
        f"- {row.journey} ({row.system}): observed {published(row.low_h, row.high_h)} h, modelled {figure(row.p50)} h, "
        f"{row.ratio:.2f} times the observed. {row.note}".rstrip()
        for row in _widest(counted).itertuples()
    ]
    return [
        f"Of the kinds with at least two counted journeys, *{worst}* is furthest off (mean factor "
        f"{_factor(far[worst])}, either way), *{best}* least ({_factor(far[best])}). "
        f"By length, modelled / observed is {leans}.",
        _kinds({**ways, **lasting}),
        f"The {len(lines)} counted journeys that are furthest off, with the note of the data:",
        "\n".join(lines),
        _outside(counted),
    ]


def _kinds(kinds: dict[str, pd.DataFrame]) -> str:
    rows = [
        {
            "kind of journey": kind,
            "rows": len(part),
            "mean factor": _factor(part["log_error"].abs().mean()),
            "modelled / observed": _mean(part),
            "meet p05 to p95": f"{part['inside'].sum()} of {len(part)}",
        }
        for kind, part in kinds.items()
    ]
    return markdown(pd.DataFrame(rows), list(rows[0])[1:])


def _outside(counted: pd.DataFrame) -> str:
    missed = counted[~counted["inside"]]
    signs = {"slow": missed["log_error"] > 0, "quick": missed["log_error"] < 0}
    parts = [f"too {word} for {'; '.join(missed['journey'][rows])}" for word, rows in signs.items() if rows.any()]
    where = f"the model is {', and '.join(parts)}" if parts else "no counted journey"
    return f"Outside p05 to p95: {where}."


def _all_journeys(table: pd.DataFrame) -> list[str]:
    parts = []
    for group in GROUPS:
        rows = table[table["group"] == group]
        parts += [f"### {group.capitalize()}", _journeys(rows)] if len(rows) else []
    failed = [f"- {row.journey}: {row.note}" for row in table[table["group"] == "not routed"].itertuples()]
    return [*parts, "### Not routed", "\n".join(failed)] if failed else parts


def _journeys(rows: pd.DataFrame) -> str:
    return markdown(TimeValidation(rows).shown(), ["observed h", "modelled h", "p05 to p95", "ratio"])


def _distances(net: co.Network, lengths: DistanceValidation) -> list[str]:
    table, name = lengths.table(), net.places["name"]
    own, limit = table["independent"].str.startswith(("yes", "independent")), f"{lengths.tolerance_pct:g} %"
    lines = [
        f"- {name[row.from_id]} - {name[row.to_id]}: published {row.published_km:,.0f} km, "
        + (row.problem or f"routed {row.model_km:,.0f} km ({row.error_pct:+.1f} %). {row.note}").rstrip()
        for row in table[~table["within"]].itertuples()
    ]
    shown = pd.DataFrame(
        {
            "from": table["from_id"].map(name),
            "to": table["to_id"].map(name),
            "by way of": [", ".join(name[v] for v in via.split(", ")) if via else "" for via in table["via"]],
            "published km": table["published_km"].map("{:,.0f}".format),
            "routed km": table["model_km"].map("{:,.0f}".format),
            "difference %": [f"{round(error, 1) + 0.0:.1f}" for error in table["error_pct"]],
        }
    )
    return [
        f"{table['within'].sum()} of {len(table)} distances are met to {limit} over the way of the source. {own.sum()} "
        f"come from other documents than the lengths of the links ({table['within'][own].sum()} of them met), though "
        "many of the same tariff system. They prove that the links were copied and summed rightly, not that the track "
        "measures so.",
        f"Beyond {limit}:",
        "\n".join(lines),
        markdown(shown, shown.columns[3:]),
    ]


ROADS = """\
Published distances by road, most of them from press and travellers. A row is **in-sample** if the length of a link was
taken from it, as itself, as a share or as a difference; the others test the lengths. Where several figures are printed
they make a range, and the difference is against its nearer end. A figure below the great circle cannot be, and is not
counted."""


def _road_distances(roads: DistanceValidation) -> list[str]:
    table = roads.table()
    lines = []
    for name, rows in (("independent", table[~table["in_sample"]]), ("in-sample", table[table["in_sample"]])):
        counted = rows[~rows["impossible"]]
        good, bias = counted["within"].sum(), counted["error_pct"].mean()
        lines.append(
            f"- **{name}**: {good} of {len(counted)} ({good / len(counted):.0%}) within {roads.tolerance_pct:g} % of "
            f"the published range, mean difference {bias:+.1f} %."
        )
    shown = pd.DataFrame(
        {
            "way": table["way"],
            "published km": [published(low, high) for low, high in zip(table["low_km"], table["high_km"], strict=True)],
            "routed km": table["model_km"].map("{:,.0f}".format),
            "difference %": [f"{round(error, 1) + 0.0:.1f}" for error in table["error_pct"]],
            "row": np.where(
                table["impossible"], "impossible", np.where(table["in_sample"], "in-sample", "independent")
            ),
            "note": table["note"],
        }
    )
    return [ROADS, "\n".join(lines), markdown(shown, shown.columns[1:4])]


CLAIMS = """\
Every claim that the model can answer is asked of it as a question: its projects are built on the reference network
(border crossings open as in 2024), its way is routed for its cargo unit, and the answer stands beside the published
figure. Sources and readings are in [`claims.csv`](../data/geo/validation/claims.csv).

- **model** is the expected value. Days run from departure to arrival: the wait for a train to be formed at the origin
  is left out, which is in the promise's favour.
- **p05 to p95** of days and prices is of trips, with what is not known of the means in it. Of a difference it is of
  what is known of the means, with the same draws on both ways. Of a length it is the sum of the lowest and of the
  highest published lengths of the links.
- **ratio** is the model's answer over the middle of the promised range; **inside** says whether that range meets p05
  to p95. A promise of "at least" or "within" is one-sided, which `inside` does not know.
- Negative changes are shorter or cheaper, positive savings are quicker.
- Most railway claims name no end points; then Tashkent and Karachi are taken, and the note says so."""

NOT_ASKED = "Capacity, traffic, trade, money for building, dates, structures, and ways that leave the network."

CLAIMS_AGAIN = """\
```sh
make docs
```

```python
import corridors as co

found = co.validate.claims(co.load(), draws=2000)
found.table()  # with the way that was routed, and the notes
found.not_modelled
```"""


def claims_page(found: Claims) -> str:
    """The text of `claims.md`."""
    table = found.table().set_index("id", drop=False)
    rest = table.drop([ident for ids in HEADLINES.values() for ident in ids])
    seen = rest["kind"] == "observed"
    parts = ["# What was promised, and what the model gives", GENERATED, CLAIMS, _overview(found), "## Headline claims"]
    for title, ids in HEADLINES.items():
        parts += [f"### {title}", *_asked(table.loc[ids])]
    parts += ["## Other promises and plans", *_asked(rest[~seen])]
    parts += ["## Observed journeys, lengths and prices that are quoted as claims", *_asked(rest[seen])]
    rows = found.not_modelled
    others = pd.DataFrame({"id": rows["id"], "claim": rows["claim"], "said by, in": _said(rows), "note": rows["note"]})
    listed = f"<details><summary>List</summary>\n\n{markdown(others)}\n\n</details>"
    parts += [f"## What the model cannot be asked ({len(rows)})", NOT_ASKED, listed]
    return "\n\n".join([*parts, "## Run it again", CLAIMS_AGAIN]) + "\n"


def _overview(found: Claims) -> str:
    table = found.table()
    answered = table[table["problem"] == ""]
    same = answered[answered["way"] == answered["other_way"]]
    text = (
        f"{len(table) + len(found.not_modelled)} claims are listed; {len(table)} can be asked, {len(answered)} have an "
        f"answer, and of these {answered['inside'].sum()} published figures meet p05 to p95."
    )
    if same.empty:
        return text
    ways = "; ".join(dict.fromkeys("by {} through {}".format(*way.split(", ")[:2]) for way in same["way"]))
    return (
        f"{text} In {len(same)} rows ({', '.join(same['id'])}) the best way is the same with and without the project "
        f"({ways}), so the difference is nil: what may choose freely goes by generalized cost. The rows marked `-rail` "
        "compare rail with rail."
    )


def _asked(rows: pd.DataFrame) -> list[str]:
    shown = Claims(rows, rows[:0]).shown()
    shown.insert(2, "said by, in", _said(rows))
    against = [f"; against {way}" if way else "" for way in rows["other_way"]]
    ways = zip(rows["problem"], rows["way"], against, strict=True)
    shown["routed"] = [problem or way + other for problem, way, other in ways]
    notes = "\n".join(f"- {row.id}: {row.note}" for row in rows.itertuples() if row.note)
    table = markdown(shown, ["promised", "model", "p05 to p95", "ratio"])
    return [table, notes] if notes else [table]


def _said(rows: pd.DataFrame) -> list[str]:
    return [f"{who} ({year})" if year else who for who, year in zip(rows["who"], rows["year"], strict=True)]


def scatter(table: pd.DataFrame) -> Figure:
    """Draw observed against modelled hours."""
    table = table[table["group"].isin(LOOKS)]
    counted = table[table["group"] == "counted"]["log_error"].abs()
    fig = Figure(figsize=(7.4, 8.0), facecolor="white")
    ax = fig.add_axes((0.09, 0.05, 0.88, 0.88 * 7.4 / 8.0))
    _frame(ax)
    for system, color in COLORS.items():
        for group in ("in-sample", "special", "counted"):
            _points(ax, table[(table["system"] == system) & (table["group"] == group)], color, group)
    _labels(ax, table)
    fig.add_artist(Line2D([0.022, 0.075], [0.992, 0.992], color="#c8102e", linewidth=5, solid_capstyle="butt"))
    title = f"Half of the {len(counted)} counted journeys are modelled within a factor of {_factor(counted.median())}"
    fig.text(0.022, 0.980, title, fontsize=12.5, weight="bold", color=INK, va="top")
    subtitle = "Median trip in the model against observed hours of freight journeys, bars from p05 to p95, log scales"
    fig.text(0.022, 0.953, subtitle, fontsize=9, color=MUTED, va="top")
    _legend(fig, table)
    return fig


def _frame(ax: Axes) -> None:
    """Set scales, the line of agreement and the band of a factor of two."""
    ends = np.array([0.9, 1500.0])
    ax.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator(list(TICKS)))
        axis.set_major_formatter(FixedFormatter(list(TICKS.values())))
        axis.set_minor_locator(NullLocator())
    ax.grid(color="#dcdcd6", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.fill_between(ends, ends / 2, ends * 2, color="#e9e6dc", alpha=0.75, linewidth=0, zorder=0.5)
    ax.plot(ends, ends, color=INK, linewidth=0.9, zorder=1)
    ax.tick_params(length=0, labelsize=8.5, labelcolor=MUTED)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(INK)
    ax.set_xlabel("Observed", fontsize=9, color=INK, loc="right", labelpad=1)
    ax.text(-0.075, 1.012, "Modelled", transform=ax.transAxes, fontsize=9, color=INK)
    for factor, text in ((1.0, "as observed"), (2.0, "twice as long"), (0.5, "half as long")):
        ax.annotate(
            text, (6.5 / factor**0.5, 6.5 * factor**0.5), xytext=(-2, 2), textcoords="offset points", fontsize=7.5,
            color=MUTED, rotation=45, rotation_mode="anchor", ha="center", va="bottom",
        )  # fmt: skip


def _points(ax: Axes, rows: pd.DataFrame, color: str, group: str) -> None:
    marker, size, _ = LOOKS[group]
    face, alpha = (color, 0.6) if group == "counted" else ("white", 0.35)
    ax.vlines(rows["observed"], rows["p05"], rows["p95"], color=color, linewidth=1.1, alpha=alpha, zorder=2)
    ax.hlines(rows["p50"], rows["low_h"], rows["high_h"], color=color, linewidth=1.1, alpha=alpha, zorder=2)
    ax.scatter(
        rows["observed"], rows["p50"], s=size, marker=marker, facecolor=face, edgecolor=color, linewidth=1.2, zorder=3
    )


def _labels(ax: Axes, table: pd.DataFrame) -> None:
    """Put numbers beside the five rows furthest off, and name them in the free corner."""
    points = ax.transData.transform(table[["observed", "p50"]])
    spots = [(9, 0), (-9, 0), (8, 8), (-8, 8), (8, -8), (-8, -8)]
    key: dict[str, Any] = {"transform": ax.transAxes, "fontsize": 8.2, "color": INK, "va": "center"}
    key["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(0.025, 0.965, "Furthest off, modelled / observed", weight="bold", **key)
    for number, row in enumerate(_widest(table).itertuples(), start=1):
        here = ax.transData.transform((row.observed, row.p50))
        free = [np.sort(np.hypot(*(points - here - 1.4 * np.array(spot)).T))[0] for spot in spots]
        ax.annotate(
            str(number), (row.observed, row.p50), xytext=spots[int(np.argmax(np.minimum(free, 12)))], zorder=4,
            textcoords="offset points", fontsize=8.2, weight="bold", color=INK, ha="center", va="center",
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )  # fmt: skip
        y = 0.965 - 0.028 * number
        name = ", ".join(filter(None, [row.journey, row.conditions]))
        ax.text(0.025, y, str(number), weight="bold", **key)
        ax.text(0.048, y, f"{name}: {row.ratio:.2f}", **key)


def _legend(fig: Figure, table: pd.DataFrame) -> None:
    size = table.groupby("group").size()
    colors = [_key(system.capitalize(), "s", color, color) for system, color in COLORS.items()]
    looks = [
        _key(f"{name}, {size.get(group, 0)}", marker, INK if group == "counted" else "white", INK)
        for group, (marker, _, name) in LOOKS.items()
    ]
    for x, handles in ((0.009, colors), (0.385, looks)):
        fig.legend(
            handles=handles, ncols=3, loc="upper left", bbox_to_anchor=(x, 0.935), frameon=False, fontsize=8.8,
            labelcolor=INK, handlelength=1.0, handletextpad=0.4, columnspacing=1.2,
        )  # fmt: skip


def price_chart(table: pd.DataFrame) -> Figure:
    """Draw modelled over published prices of the counted and in-sample rows: a dot, and a bar from p05 to p95."""
    rows = table[table["group"].isin(["counted", "in-sample"])].copy()
    rows["order"] = rows["group"].map({"counted": 0, "in-sample": 1})
    rows = rows.sort_values(["order", "mode", "km"], ascending=[False, False, False], ignore_index=True)
    fig = Figure(figsize=(7.4, 1.5 + 0.2 * len(rows)), facecolor="white")
    ax = fig.add_axes((0.34, 0.045, 0.63, 0.875))
    middle = np.sqrt(rows["low_usd"] * rows["high_usd"])
    colors = {"road": COLORS["road"], "rail": COLORS["rail"], "sea": COLORS["with a sea leg"]}
    for at, row in rows.iterrows():
        color, face = colors[row["mode"]], colors[row["mode"]] if row["group"] == "counted" else "white"
        ends = [row["p05"] / middle[at], row["p95"] / middle[at]]
        ax.hlines(at, *ends, color=color, linewidth=1.6, alpha=0.6, zorder=2)
        ax.scatter(row["p50"] / middle[at], at, s=26, facecolor=face, edgecolor=color, linewidth=1.2, zorder=3)
    ax.set(xscale="log", xlim=(0.22, 4.5), ylim=(-0.8, len(rows) - 0.2))
    ax.xaxis.set_major_locator(FixedLocator([0.25, 0.5, 1, 2, 4]))
    ax.xaxis.set_major_formatter(FixedFormatter(["a quarter", "half", "as published", "twice", "4 times"]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.axvline(1, color=INK, linewidth=0.9, zorder=1)
    names = [f"{row.journey}, {row.unit.upper() if len(row.unit) == 3 else row.unit}" for row in rows.itertuples()]
    ax.set_yticks(range(len(rows)), names, fontsize=7.5, color=INK)
    ax.tick_params(length=0, labelsize=7.5)
    ax.grid(axis="x", color="#dcdcd6", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    counted = rows[rows["group"] == "counted"]["log_error"].abs()
    fig.add_artist(Line2D([0.022, 0.075], [0.992, 0.992], color="#c8102e", linewidth=5, solid_capstyle="butt"))
    title = f"Half of the {len(counted)} counted prices are modelled within a factor of {_factor(counted.median())}"
    fig.text(0.022, 0.983, title, fontsize=12.5, weight="bold", color=INK, va="top")
    subtitle = "Modelled over published price, bars from p05 to p95, log scale; open dots: the model was set from them"
    fig.text(0.022, 0.958, subtitle, fontsize=9, color=MUTED, va="top")
    handles = [_key(name.capitalize(), "s", color, color) for name, color in colors.items()]
    fig.legend(
        handles=handles, ncols=3, loc="upper left", bbox_to_anchor=(0.009, 0.944), frameon=False, fontsize=8.8,
        labelcolor=INK, handlelength=1.0, handletextpad=0.4, columnspacing=1.2,
    )  # fmt: skip
    return fig


def _key(name: str, marker: str, face: str, edge: str) -> Line2D:
    return Line2D([], [], label=name, marker=marker, markerfacecolor=face, markeredgecolor=edge, linestyle="none")


if __name__ == "__main__":
    main()
