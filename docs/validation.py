"""Write `validation.md` and `claims.md` with their figure from what the model gives: run by `make docs`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import corridors as co
from corridors import datasets
from corridors.claims import Claims, claims, figure, span
from corridors.plot.style import FONT, INK, MUTED, ROUTE_COLORS
from corridors.validate import DistanceValidation, TimeValidation, distances, times

HERE = Path(__file__).parent
PICTURE = "validation-times.svg"
COLORS = {"road": ROUTE_COLORS[1], "rail": ROUTE_COLORS[0], "with a sea leg": ROUTE_COLORS[2]}
GROUPS = {
    "counted": "no parameter was set from them, and nothing special is known of them; these test the model",
    "in-sample": "a parameter or its range was set from them; agreement proves only that it was carried over",
    "special": "pilot runs, snow, jammed borders; a model of normal operation is not expected to meet them",
    "apart": "plans, quotes and claims; never counted",
}
TICKS = {1: "1 h", 3: "3 h", 6: "6 h", 12: "12 h", 24: "1 day", 48: "2", 120: "5", 240: "10", 480: "20", 960: "40 days"}


def main() -> None:
    """Write both pages and the figure beside this script."""
    net = co.load()
    found = times(net)
    (HERE / "validation.md").write_text(validation_page(net, found, distances(net)), encoding="utf8")
    (HERE / "claims.md").write_text(claims_page(claims(net)), encoding="utf8")
    with mpl.rc_context({"svg.hashsalt": "corridors", "font.family": FONT}):
        scatter(journeys(net, found)).savefig(HERE / PICTURE, metadata={"Date": None})


def journeys(net: co.Network, found: TimeValidation) -> pd.DataFrame:
    """Give the observed journeys with what is known of their ends: journey, way, observed, ratio."""
    file = pd.read_csv(datasets.folder() / "validation" / "observed_times.csv", dtype=str, keep_default_na=False)
    table = found.table.merge(file[["id", "from_id", "to_id", "cargo", "year"]], on="id", how="left")
    country = net.places["country"]
    ends = [[net.places["name"].get(i, i) for i in table[end]] for end in ("from_id", "to_id")]
    table["journey"] = [f"{a} - {b}, {y}" for a, b, y in zip(*ends, table["year"], strict=True)]
    abroad = table["from_id"].map(country) != table["to_id"].map(country)
    table["system"] = ["with a sea leg" if "sea" in m else m.replace("+", " and ") for m in table["mode"]]
    table["way"] = table["system"] + np.where(abroad, ", over a border", ", within one country")
    table["observed"] = np.sqrt(table["low_h"] * table["high_h"])
    table["ratio"] = np.exp(table["log_error"])
    return table


def markdown(table: pd.DataFrame, right: Iterable[str] = ()) -> str:
    """Write a table as Markdown; the columns named in `right` are set to the right."""
    numbers = set(right)
    head = [str(name) for name in table.columns]
    rule = ["---:" if name in numbers else "---" for name in head]
    rows = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in table.to_numpy()]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def validation_page(net: co.Network, found: TimeValidation, lengths: DistanceValidation) -> str:
    """Give the text of `validation.md`."""
    table = journeys(net, found)
    counted = table[table["group"] == "counted"]
    parts = [
        "# The model against published figures",
        "<!-- Written by docs/validation.py: change that file or the data, and run `make docs`. -->",
        INTRODUCTION,
        "## In short",
        _headlines(counted, lengths),
        "## Hours",
        HOURS,
        f"![Observed and modelled hours]({PICTURE})",
        "\n".join(f"- **{name}**: {(table['group'] == name).sum()} rows; {what}." for name, what in GROUPS.items()),
        _summary(found),
        "## Where the model misses",
        _misses(counted),
        "## All journeys",
        _all_journeys(table),
        "## Distances by rail",
        _distances(net, lengths),
        "## Run it again",
        REPRODUCE,
    ]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """\
Two things can be held against the model from outside: distances printed by railways, and journeys whose hours were
observed or printed in a timetable. Every figure on this page is computed from the bundled tables
[`observed_times.csv`](../data/geo/validation/observed_times.csv) and
[`rail_distances.csv`](../data/geo/validation/rail_distances.csv), which name the source of every row. What was
promised of projects stands on a page of its own: [claims](claims.md)."""

HOURS = """\
Each journey is routed over the way that was taken, for its cargo unit and modes. Hours run from departure to arrival
unless the source counts the wait for the train, too, or the time of movement alone; the modelled hours are cut to the
same. The modelled figure is the median trip (p50) with the range from p05 to p95, which holds both what differs from
trip to trip and what is not known of the means. A single journey is one draw of many: it should fall between p05 and
p95 nine times in ten, but not on the median."""

REPRODUCE = """\
```sh
make docs                      # writes this page, its figure and the page of claims
corridors validate times       # the hours, as a table in the terminal
corridors validate distances
```"""


def _factor(log: float) -> str:
    return f"{np.exp(abs(log)):.2f}"


def _tilt(log: float) -> str:
    """Say which way the model leans."""
    share = 100 * (np.exp(log) - 1)
    return (
        "neither longer nor shorter" if abs(share) < 1 else f"{abs(share):.0f} % {'longer' if log > 0 else 'shorter'}"
    )


def _headlines(counted: pd.DataFrame, lengths: DistanceValidation) -> str:
    error = counted["log_error"]
    within = int((error.abs() <= np.log(2)).sum())
    inside = int(counted["inside"].sum())
    good = int(lengths.table["within"].sum())
    return "\n".join(
        [
            f"- Of **{len(counted)} counted journeys** half are modelled within a factor of "
            f"**{_factor(error.abs().median())}**, and {within} within a factor of two.",
            f"- On average (geometric mean) the modelled median is **{_tilt(error.mean())}** than the observed hours.",
            f"- **{inside} of {len(counted)}** ({inside / len(counted):.0%}) meet the range from p05 to p95; "
            "with right ranges nine in ten would.",
            f"- **{good} of {len(lengths.table)}** published rail distances are met within {lengths.tolerance_pct:g} %.",
            f"- {len(counted)} journeys are few: one row more or less moves these figures.",
        ]
    )


def _summary(found: TimeValidation) -> str:
    table = found.summary()
    table["group"] = pd.Categorical(table["group"], list(GROUPS))
    table["mode"] = table["mode"].str.replace("+", " and ")
    table = table[table["group"].notna()].sort_values(["group", "mode"])
    shown = pd.DataFrame(
        {
            "group": table["group"],
            "mode": table["mode"],
            "rows": table["rows"],
            "median factor": table["median_abs_log_error"].map(_factor),
            "modelled / observed": np.exp(table["bias"]).map("{:.2f}".format),
            "meet p05 to p95": table["inside"].map("{:.0%}".format),
        }
    )
    text = markdown(shown, list(shown.columns[2:]))
    return f"{text}\n\nThe median factor says how far off half of the rows are at most, either way; modelled / observed is\na geometric mean, above one where the model is too slow."


def _misses(counted: pd.DataFrame) -> str:
    """Say which kinds of journeys miss most, and list the widest misses."""
    rows = [
        {
            "kind of journey": kind,
            "rows": len(part),
            "modelled / observed": f"{part['ratio'].agg(lambda r: np.exp(np.log(r).mean())):.2f}",
            "median factor": _factor(part["log_error"].abs().median()),
            "meet p05 to p95": f"{int(part['inside'].sum())} of {len(part)}",
        }
        for kind, part in _kinds(counted)
    ]
    typical = {kind: float(part["log_error"].abs().median()) for kind, part in _kinds(counted) if len(part) > 1}
    worst, best = max(typical, key=typical.__getitem__), min(typical, key=typical.__getitem__)
    widest = counted.reindex(counted["log_error"].abs().sort_values(ascending=False).index)[:5]
    lines = [
        f"- {row.journey} ({row.system}): observed {span(row.low_h, row.high_h)} h, modelled {figure(row.p50)} h, "
        f"{row.ratio:.2f} times the observed. {row.note}".rstrip()
        for row in widest.itertuples()
    ]
    return "\n\n".join(
        [
            f"Among kinds with at least two counted journeys, the widest misses are *{worst}* (half within a factor of "
            f"{np.exp(typical[worst]):.2f}), the narrowest *{best}* (a factor of {np.exp(typical[best]):.2f}).",
            markdown(pd.DataFrame(rows), list(rows[0])[1:]),
            "The five counted journeys that are furthest off, with the note of the data:",
            "\n".join(lines),
            _outside(counted),
        ]
    )


def _kinds(counted: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    by_way = [(str(kind), part) for kind, part in counted.groupby("way")]
    hours = [("up to a day", 0, 24), ("one to four days", 24, 96), ("over four days", 96, np.inf)]
    by_length = [(name, counted[(counted["observed"] > a) & (counted["observed"] <= b)]) for name, a, b in hours]
    return [(name, part) for name, part in [*by_way, *by_length] if len(part)]


def _outside(counted: pd.DataFrame) -> str:
    missed = counted[~counted["inside"]]
    if missed.empty:
        return "No counted journey lies outside p05 to p95."
    slow, quick = missed[missed["log_error"] > 0]["journey"], missed[missed["log_error"] < 0]["journey"]
    parts = [
        f"the model is too {word} for {'; '.join(names)}"
        for word, names in (("slow", slow), ("quick", quick))
        if len(names)
    ]
    return f"Outside p05 to p95: {', and '.join(parts)}."


def _all_journeys(table: pd.DataFrame) -> str:
    parts = []
    for group in [*GROUPS, "not routed"]:
        rows = table[table["group"] == group]
        if group == "not routed":
            lines = [f"- {row.journey}: {row.note}" for row in rows.itertuples()]
            parts += ["### Not routed", "\n".join(lines)] if lines else []
        elif len(rows):
            parts += [f"### {group.capitalize()}", _journey_table(rows)]
    return "\n\n".join(parts)


def _journey_table(rows: pd.DataFrame) -> str:
    shown = pd.DataFrame(
        {
            "journey": rows["journey"],
            "by": rows["mode"].str.replace("+", " and "),
            "cargo": rows["cargo"],
            "kind": rows["kind"].str.cat(rows["conditions"].fillna(""), sep=", ").str.rstrip(", "),
            "observed h": [span(*ends) for ends in zip(rows["low_h"], rows["high_h"], strict=True)],
            "modelled h": rows["p50"].map(figure),
            "p05 to p95": [span(*ends) for ends in zip(rows["p05"], rows["p95"], strict=True)],
            "ratio": rows["ratio"].map("{:.2f}".format),
            "meets": rows["inside"].map({True: "yes", False: "no"}),
        }
    )
    return markdown(shown, ["observed h", "modelled h", "p05 to p95", "ratio"])


def _distances(net: co.Network, lengths: DistanceValidation) -> str:
    table = lengths.table
    own = table["independent"].str.startswith("yes")
    missed = table[~table["within"]]
    name = net.places["name"]
    lines = [
        f"- {name[row.from_id]} - {name[row.to_id]}: published {row.published_km:,.0f} km, routed {row.model_km:,.0f} km "
        f"({row.error_pct:+.1f} %). {row.problem or row.note}".rstrip()
        for row in missed.itertuples()
    ]
    shown = pd.DataFrame(
        {
            "from": table["from_id"].map(name),
            "to": table["to_id"].map(name),
            "by way of": [", ".join(name.get(v, v) for v in via.split(", ")) if via else "" for via in table["via"]],
            "published km": table["published_km"].map("{:,.0f}".format),
            "routed km": table["model_km"].map("{:,.0f}".format),
            "difference %": [
                f"{error:+.1f}".replace("+0.0", "0.0").replace("-0.0", "0.0") for error in table["error_pct"]
            ],
        }
    )
    return "\n\n".join(
        [
            f"{int(table['within'].sum())} of {len(table)} distances are met within {lengths.tolerance_pct:g} % over the "
            f"way of the source. {int(own.sum())} come from documents that the lengths of the links were not taken from "
            f"({int(table['within'][own].sum())} of them met); they prove that the links were copied and summed rightly, "
            "not that the track measures so.",
            f"Beyond {lengths.tolerance_pct:g} %:",
            "\n".join(lines),
            markdown(shown, list(shown.columns[3:])),
        ]
    )


HEADLINES = {
    "How long it takes": ["C002", "C002-border", "C004", "C001", "C005", "C005-rail"],
    "What it costs": ["C006", "C007", "C007-rail", "C009"],
    "How long the line is": ["C021-kharlachi", "C022", "C023", "C024", "C021", "C025", "C035"],
    "Which way is shorter": ["C026", "C027"],
}
"""Claims that are quoted most, by what they are about."""

MEASURED = ("observed",)


def claims_page(found: Claims) -> str:
    """Give the text of `claims.md`."""
    table = found.table
    first = [ident for group in HEADLINES.values() for ident in group]
    rest = table[~table["id"].isin(first)]
    said = rest["kind"].isin(MEASURED)
    parts = [
        "# What was promised, and what the model gives",
        "<!-- Written by docs/validation.py: change that file or the data, and run `make docs`. -->",
        CLAIMS,
        _overview(found),
        "## Headline claims",
    ]
    for title, ids in HEADLINES.items():
        parts += [f"### {title}", _claim_section(table[table["id"].isin(ids)])]
    parts += ["## Other promises and plans", _claim_section(rest[~said])]
    parts += ["## Observed journeys, lengths and prices that are quoted as claims", _claim_section(rest[said])]
    parts += [f"## What the model cannot be asked ({len(found.not_modelled)})", NOT_ASKED, _not_asked(found)]
    return "\n\n".join([*parts, "## Run it again", CLAIMS_AGAIN]) + "\n"


CLAIMS = """\
Every claim that the model can answer is asked of it as a question: its projects are built on the reference network
(border crossings open as in 2024), its way is routed for its cargo unit, and the answer stands beside the published
figure. Sources and readings are in [`claims.csv`](../data/geo/validation/claims.csv).

- **model** is the expected value. Days run from departure to arrival, so that the wait for a train to be formed is
  left out, in the promise's favour.
- **p05 to p95** of days and prices is of trips, with what is not known of the means in it. Of a difference it is of
  what is known of the means, with the same draws on both ways. Of a length it is the sum of the lowest and of the
  highest published lengths of the links.
- **ratio** is the model's answer over the middle of the promised range; **inside** says whether that range meets p05
  to p95. A promise of "at least" or "within" is one-sided, which `inside` does not know.
- Negative changes are shorter or cheaper, positive savings are quicker.
- Most railway claims name no end points; then Tashkent and Karachi are taken, and the note says so."""

NOT_ASKED = """\
Capacity, traffic, trade, money for building, dates, structures, and journeys that begin or end outside the network."""

CLAIMS_AGAIN = """\
```sh
make docs
```

```python
import corridors as co
from corridors.claims import claims

found = claims(co.load())
found.table  # with the way that was routed, and the notes
found.not_modelled
```"""


def _overview(found: Claims) -> str:
    table = found.table
    answered = table[table["problem"] == ""]
    same = answered[(answered["other_way"] != "") & (answered["way"] == answered["other_way"])]
    text = (
        f"{len(table) + len(found.not_modelled)} claims are listed; {len(table)} can be asked, {len(answered)} have an "
        f"answer, and of these {int(answered['inside'].sum())} published figures meet p05 to p95."
    )
    if len(same):
        text += (
            f" In {len(same)} rows ({', '.join(same['id'])}) the best way is the same with and without the project "
            f"({'; '.join(dict.fromkeys(_means(way) for way in same['way']))}), so that the difference is nil: "
            "what is chosen freely goes by generalized cost, and rows marked `-rail` compare rail with rail."
        )
    return text


def _means(way: str) -> str:
    modes, countries, _ = way.split(", ", 2)
    return f"by {modes} through {countries}"


def _claim_section(rows: pd.DataFrame) -> str:
    shown = Claims(rows, rows[:0]).shown()
    shown.insert(
        2,
        "said by, in",
        [f"{who} ({year})" if year else who for who, year in zip(rows["who"], rows["year"], strict=True)],
    )
    ways = [
        f"{way}; against {other}" if other else way for way, other in zip(rows["way"], rows["other_way"], strict=True)
    ]
    shown["routed"] = [problem or way for problem, way in zip(rows["problem"], ways, strict=True)]
    notes = [f"- {row.id}: {row.note}" for row in rows.itertuples() if row.note]
    return "\n\n".join([markdown(shown, ["promised", "model", "p05 to p95", "ratio"]), "\n".join(notes)]).rstrip()


def _not_asked(found: Claims) -> str:
    rows = found.not_modelled
    spans = [
        f"{span(float(low), float(high))} {unit}"
        for low, high, unit in zip(rows["low"], rows["high"], rows["unit"], strict=True)
    ]
    shown = pd.DataFrame(
        {
            "id": rows["id"],
            "claim": rows["claim"],
            "said by, in": rows["who"] + " (" + rows["year"] + ")",
            "figure": spans,
            "note": rows["note"],
        }
    )
    return f"<details><summary>List</summary>\n\n{markdown(shown, ['figure'])}\n\n</details>"


def scatter(table: pd.DataFrame) -> Figure:
    """Draw observed against modelled hours."""
    table = table[table["group"].isin(["counted", "in-sample", "special"])]
    counted = table[table["group"] == "counted"]["log_error"].abs()
    fig = Figure(figsize=(7.4, 7.3), facecolor="white")
    ax = fig.add_axes((0.09, 0.075, 0.88, 0.74))
    _frame(ax)
    for system, color in COLORS.items():
        for group in ("in-sample", "special", "counted"):
            _points(ax, table[(table["system"] == system) & (table["group"] == group)], color, group)
    worst = table.reindex(table["log_error"].abs().sort_values(ascending=False).index)[:5]
    _labels(ax, worst, table)
    _legend(fig, table)
    fig.add_artist(Line2D([0.022, 0.075], [0.984, 0.984], color="#c8102e", linewidth=5, solid_capstyle="butt"))
    title = f"Half of the {len(counted)} counted journeys are modelled within a factor of {_factor(counted.median())}"
    fig.text(0.022, 0.962, title, fontsize=12.5, weight="bold", color=INK, va="top")
    subtitle = "Hours of freight journeys, modelled median trip against observed; bars from p05 to p95; log scales"
    fig.text(0.022, 0.929, subtitle, fontsize=9, color=MUTED, va="top")
    return fig


def _frame(ax: Axes) -> None:
    """Set scales, the line of agreement and the band of a factor of two."""
    ends = np.array([0.9, 1500.0])
    ax.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(mpl.ticker.FixedLocator(list(TICKS)))
        axis.set_major_formatter(mpl.ticker.FixedFormatter(list(TICKS.values())))
        axis.set_minor_locator(mpl.ticker.NullLocator())
    ax.grid(color="#dcdcd6", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.fill_between(ends, ends / 2, ends * 2, color="#e9e6dc", alpha=0.75, linewidth=0, zorder=0.5)
    ax.plot(ends, ends, color=INK, linewidth=0.9, zorder=1)
    ax.tick_params(length=0, labelsize=8.5, labelcolor=MUTED)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(INK)
    ax.set_xlabel("Observed", fontsize=9, color=INK, loc="right")
    ax.set_ylabel("Modelled", fontsize=9, color=INK, loc="top")
    words = {"fontsize": 7.5, "color": MUTED, "rotation": 45, "rotation_mode": "anchor"}
    for factor, text in ((1, "as observed"), (2, "twice as long"), (0.5, "half as long")):
        ax.text(1.12 / min(factor, 1), 1.12 * max(factor, 1) * 1.06, text, va="bottom", **words)


def _points(ax: Axes, rows: pd.DataFrame, color: str, group: str) -> None:
    face = color if group == "counted" else "white"
    fade = 1.0 if group == "counted" else 0.55
    ax.vlines(rows["observed"], rows["p05"], rows["p95"], color=color, linewidth=1.1, alpha=0.55 * fade, zorder=2)
    ax.hlines(rows["p50"], rows["low_h"], rows["high_h"], color=color, linewidth=1.1, alpha=0.55 * fade, zorder=2)
    shape, size = ("D", 27) if group == "special" else ("o", 38)
    ax.scatter(
        rows["observed"], rows["p50"], s=size, marker=shape, facecolor=face, edgecolor=color, linewidth=1.2, zorder=3
    )


def _labels(ax: Axes, rows: pd.DataFrame, table: pd.DataFrame) -> None:
    """Name the rows furthest off, above or below their bars, where nothing else stands."""
    for row in rows.itertuples():
        slow = row.log_error > 0
        text = f"{row.journey}" + (f"\n{row.conditions}" if row.conditions else "")
        ax.annotate(
            text, (row.observed, row.p95 if slow else row.p05), xytext=(0, 4 if slow else -4),
            textcoords="offset points", ha="center", va="bottom" if slow else "top", fontsize=7.2, color=INK,
            linespacing=1.15, zorder=4,
        )  # fmt: skip


def _legend(fig: Figure, table: pd.DataFrame) -> None:
    x = 0.022
    for system, color in COLORS.items():
        if (table["system"] == system).any():
            x = _entry(fig, x, system.capitalize(), marker="s", markerfacecolor=color, markeredgecolor=color)
    x += 0.03
    looks = {"counted": ("o", INK), "in-sample": ("o", "white"), "special": ("D", "white")}
    names = {"counted": "Counted", "in-sample": "In-sample", "special": "Special (pilot, snow, jam)"}
    for group, (marker, face) in looks.items():
        number = int((table["group"] == group).sum())
        x = _entry(fig, x, f"{names[group]}, {number}", marker=marker, markerfacecolor=face, markeredgecolor=INK)


def _entry(fig: Figure, x: float, text: str, **look: str) -> float:
    fig.add_artist(Line2D([x + 0.008], [0.868], linestyle="none", markersize=6.5, **look))
    fig.text(x + 0.024, 0.868, text, fontsize=8.8, color=INK, va="center")
    return x + 0.05 + 0.0118 * len(text)


if __name__ == "__main__":
    main()
