"""Charts: what is drawn equals the tables, labels neither overlap nor are cut off, and nothing is left behind.

The pictures in `baseline/` are compared with a tolerance; see `pictures.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

import corridors as co
from corridors.base.drawing import Drawing
from corridors.base.units import HOURS
from corridors.measures.attribution import shapley
from corridors.model import parts
from corridors.model.projects import construction_cost, published
from corridors.plot import gain_by_value_of_time, style, wording
from corridors.plot.charts import frame, profiles
from corridors.plot.maps import labels
from corridors.uncertainty import totals
from corridors.uncertainty.distribution import Distribution
from support.networks import POSITIONS, crossing, link, make, place, terminal
from support.pictures import assert_as_before

WIDE = {
    "line_haul/rail/hours": {"low": 30.0, "high": 70.0},
    "border/hours": {"low": 2.0, "high": 30.0},
    "gauge_change/hours": {"low": 12.0, "high": 48.0},
    "border/cost": {"low": 1.0, "high": 6.0},
}


@pytest.fixture(scope="module")
def small() -> co.Network:
    r"""Rail over a border with a break of gauge at D, and a planned line that avoids it.

    ::

        A --100 km-- B |--10 km (4 + 6)--| C --90 km-- D ==60 km== E
                                           C ..p, 120 km, 1520.... E
    """
    project = {"id": "p", "name": "P", "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    bare = make(
        [place(i, *at) for i, at in POSITIONS.items()],
        [
            link("a", "b", "rail", 100), link("b", "c", "rail", 10, crossing="x", border_km=4),
            link("c", "d", "rail", 90), link("d", "e", "rail", 60, "1435"),
            link("c", "e", "rail", 120, status="planned", project="p"),
        ],
        crossings=[crossing("x", "b", "c")],
        terminals=[terminal("d", "rail-1520", "rail-1435")],
        projects=[{**project, "confidence": "A", "costs_published": "100;300;40 (study)"}],
    )  # fmt: skip
    return bare.with_parameters(WIDE)


@pytest.fixture(scope="module")
def gain(small: co.Network) -> co.Comparison:
    return co.compare({"today": small, "built": small.build("p")}, ["a", "b", "c"], ["d", "e"], draws=200)


def two(small: co.Network) -> dict[str, co.Route]:
    return {"Today": small.route("a", "e"), "Built": small.build("p").route("a", "e")}


def shares() -> pd.DataFrame:
    gains = {"": 0, "a": 4, "b": 6, "ab": 15}
    return shapley(lambda built: gains["".join(sorted(built))], ["a", "b"])


DRAWN: dict[str, Callable[[co.Network, co.Comparison, float], Drawing]] = {
    "time-distance": lambda net, _, cm: co.plot.time_distance(two(net), draws=200, width_cm=cm),
    "cost-distance": lambda net, _, cm: co.plot.cost_distance(two(net), unit="feu", draws=200, width_cm=cm),
    "breakdown-component": lambda net, _, cm: co.plot.breakdown_bars(two(net), width_cm=cm),
    "breakdown-country": lambda net, _, cm: co.plot.breakdown_bars(two(net), "cost_usd_t", "country", width_cm=cm),
    "density": lambda net, _, cm: co.plot.distributions(two(net), promised=40, draws=500, width_cm=cm),
    "dots": lambda net, _, cm: co.plot.distributions(two(net), kind="dots", draws=500, width_cm=cm),
    "tornado": lambda net, _, cm: co.plot.tornado(two(net)["Today"], width_cm=cm),
    "slope": lambda _, gain, cm: co.plot.slope(gain, width_cm=cm),
    "shapley": lambda _, __, cm: co.plot.shapley_bars(shares(), unit="h", width_cm=cm),
    "gain-cost": lambda _, gain, cm: co.plot.gain_against_cost(gain, width_cm=cm),
}


def labelled(ax: Axes) -> list[Text]:
    """All texts of a chart that somebody reads."""
    own = [text for text in ax.findobj(Text) if text.get_text().strip() and text.get_visible()]
    ticks = {id(text) for axis in (ax.xaxis, ax.yaxis) for text in axis.get_ticklabels(which="both")}
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    seen = [*(t for t in ax.get_xticklabels() if left <= t.get_position()[0] <= right),
            *(t for t in ax.get_yticklabels() if low <= t.get_position()[1] <= high)]  # fmt: skip
    return [text for text in own if id(text) not in ticks] + [text for text in seen if text.get_text()]


def extent(text: Text) -> Bbox:
    return Text.get_window_extent(text)  # of an annotation the text alone, without the line that leads to it


def assert_tidy(fig: Figure, ax: Axes) -> None:
    """No text overlaps another, and none is cut off at the edge of the figure, at any resolution."""
    given = fig.dpi
    for dpi in (100, given):
        fig.dpi = dpi
        fig.draw_without_rendering()
        assert_tidy_as_drawn(fig, ax)


def assert_tidy_as_drawn(fig: Figure, ax: Axes) -> None:
    boxes = [(text.get_text(), extent(text)) for text in labelled(ax)]
    sheet = fig.bbox.padded(2)
    for text, box in boxes:
        assert box.min[0] >= sheet.x0, f"'{text}' is cut off on the left"
        assert box.max[0] <= sheet.x1, f"'{text}' is cut off on the right"
        assert box.min[1] >= sheet.y0, f"'{text}' is cut off below"
        assert box.max[1] <= sheet.y1, f"'{text}' is cut off above"
    for (first, a), (second, b) in itertools.combinations(boxes, 2):
        over = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(over) < 2.5, f"'{first}' and '{second}' overlap by {over} pixels"


def named(ax: Axes, gid: str) -> list[Line2D]:
    return [line for line in ax.lines if str(line.get_gid()) == gid]


def text_of(ax: Axes, gid: str) -> str:
    return " ".join(text.get_text() for text in ax.findobj(Annotation) if text.get_gid() == gid).replace("\n", " ")


# --- all charts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width_cm", [8, 18])
@pytest.mark.parametrize("name", DRAWN)
def test_labels_are_tidy_at_every_width(name: str, width_cm: float, small: co.Network, gain: co.Comparison) -> None:
    settings = dict(mpl.rcParams)
    fig, ax = DRAWN[name](small, gain, width_cm)
    assert dict(mpl.rcParams) == settings
    assert not plt.get_fignums(), "the figure is known to pyplot"
    assert fig.get_figwidth() * 2.54 == pytest.approx(width_cm)
    assert_tidy(fig, ax)
    assert ax.get_title(loc="left")
    assert text_of(ax, "subtitle")
    assert text_of(ax, "note")


@pytest.mark.parametrize("name", DRAWN)
def test_picture_is_as_before(name: str, small: co.Network, gain: co.Comparison, tmp_path: Path) -> None:
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        drawing = DRAWN[name](small, gain, 12)
    assert_as_before(drawing.fig, name, tmp_path)


@pytest.mark.parametrize(
    "draw",
    [
        lambda routes, _, ax: co.plot.time_distance(routes, ax, draws=50),
        lambda routes, _, ax: co.plot.cost_distance(routes, ax, draws=50),
        lambda routes, _, ax: co.plot.breakdown_bars(routes, ax=ax),
        lambda routes, _, ax: co.plot.distributions(routes, ax, draws=50),
        lambda routes, _, ax: co.plot.tornado(routes["Today"], ax=ax),
        lambda _, gain, ax: co.plot.slope(gain, ax=ax),
        lambda _, __, ax: co.plot.shapley_bars(shares(), ax),
        lambda _, gain, ax: co.plot.gain_against_cost(gain, ax=ax),
    ],
)
@pytest.mark.parametrize("layout", [None, "constrained"])
def test_charts_draw_on_given_axes(
    draw: Callable[..., Drawing], layout: str | None, small: co.Network, gain: co.Comparison
) -> None:
    figure = Figure(figsize=(8, 5), layout=layout)  # type: ignore[arg-type]
    if layout is None:
        figure.subplots_adjust(left=0.3, right=0.97, top=0.75, bottom=0.25)
    ax = figure.add_subplot()
    drawn = draw(two(small), gain, ax)
    assert drawn.ax is ax
    assert drawn.fig is figure
    assert figure.get_size_inches().tolist() == [8, 5]
    assert_tidy(figure, ax)


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_charts_are_saved_in_any_format(kind: str, small: co.Network, tmp_path: Path) -> None:
    small.route("a", "e").time_distance(draws=20).fig.savefig(tmp_path / f"x.{kind}")
    assert (tmp_path / f"x.{kind}").stat().st_size > 5000


def test_methods_give_what_the_functions_give(small: co.Network, gain: co.Comparison) -> None:
    route = small.route("a", "e")
    assert route.time_distance(draws=20, title="T").ax.get_title(loc="left") == "T"
    assert "USD per truck" in route.cost_distance(unit="truck", draws=20).ax.get_title(loc="left")
    assert route.breakdown_bars("cost_usd_t", "country").ax.get_title(loc="left") == "A to E: cost by country"
    assert len(route.tornado(most=2).ax.get_yticks()) == 2
    assert route.distribution(draws=50).plot(unit="h").ax.get_xlabel() == "hours"
    assert gain.slope("km").ax.get_title(loc="left") == "Change of length from today to built"
    assert gain.gain_against_cost().ax.get_xlabel().startswith("construction cost")
    assert list(gain.between("a", "e")) == ["today", "built"]
    assert route.profile(draws=0)["expected"].iloc[-1] == pytest.approx(route.hours)


def test_every_public_chart_is_in_the_package() -> None:
    assert set(co.plot.__all__) >= {
        "breakdown_bars", "cost_distance", "distributions", "gain_against_cost", "plot_network", "plot_routes",
        "plot_scenarios", "shapley_bars", "slope", "time_distance", "tornado",
    }  # fmt: skip
    assert all(hasattr(co.plot, name) for name in co.plot.__all__)
    with pytest.raises(AttributeError, match="no attribute 'plots'"):
        co.plots  # noqa: B018


# --- profiles -------------------------------------------------------------------------------------------------


def test_profile_by_hand(line: co.Network) -> None:
    table = line.route("a", "e").profile(draws=0)
    # movement takes 1/50 h and yards 20/1000 h per km; the wait 10 h, the border 4 + 6 h, the change of gauge 24 h
    assert table["km"].tolist() == [0, 0, 100, 104, 104, 110, 200, 200, 260]
    expected = [0, 10, 14, 14.16, 24.16, 24.4, 28, 52, 54.4]
    assert table["expected"].to_numpy() == pytest.approx(expected)
    assert table["kind"].tolist()[1] == "waiting"
    assert table["kind"].tolist()[4] == "border"
    assert table["kind"].tolist()[7] == "gauge_change"


def test_band_is_of_running_sums(small: co.Network) -> None:
    route = small.route("a", "e")
    table = route.profile(draws=500, seed=3)
    whole = route.distribution("hours", draws=500, seed=3)
    last = table.iloc[-1]
    assert [last["p05"], last["p50"], last["p95"]] == pytest.approx([whole.percentile(p) for p in (5, 50, 95)])
    steps = table[["p05", "p95"]].diff().fillna(0.0)
    assert (steps.to_numpy() >= -1e-9).all(), "a running sum falls"
    # stops vary on their own, so that the band of the sum is narrower than the sum of the bands
    alone = 0.0
    for kind in ("waiting", "line_haul", "border", "gauge_change"):
        weights = parts.coefficients(route, "hours", components=[kind, "yard"] if kind == "line_haul" else [kind])
        drawn = totals.spread_of(route, weights, HOURS, draws=500, seed=3)
        alone += drawn.percentile(95) - drawn.percentile(5)
    assert last["p95"] - last["p05"] < alone


def test_profile_of_the_reference_network_ends_at_the_total(net: co.Network) -> None:
    route = net.route("Almaty", "Mundra", modes={"rail", "sea"})
    for measure in ("hours", "cost_usd_t", "co2e_kg_t"):
        table = route.profile(measure, draws=0)
        assert table["expected"].iloc[-1] == pytest.approx(getattr(route, measure))
        assert table["km"].iloc[-1] == pytest.approx(route.km)
    with pytest.raises(co.InputError, match="measure"):
        route.profile("generalized_usd_t")


def test_profile_draws_the_table_in_days(net: co.Network) -> None:
    route = net.route("Almaty", "Karachi", modes={"rail"})
    _, ax = co.plot.time_distance({"Today": route}, draws=100)
    table = route.profile(draws=100)
    (drawn,) = named(ax, "profile-Today")
    assert np.asarray(drawn.get_xdata()) == pytest.approx(table["km"].to_numpy())
    assert np.asarray(drawn.get_ydata()) == pytest.approx(table["expected"].to_numpy() / 24)
    assert any(f"{route.days:.1f} d" in text.get_text() for text in ax.texts)
    # every gauge change and every larger border has a marker in the middle of its step
    assert len(named(ax, "step-gauge_change")) == route.count("gauge_change")
    assert len(named(ax, "step-border")) == route.count("border")
    legend = ax.get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["Wait for departure", "Border", "Gauge change"]


def test_steps_are_named_and_shared_ones_once(net: co.Network) -> None:
    nets = {"Today": net, "Kabul": net.build("uap-kabul"), "Western": net.build("western-route")}
    routes = {name: n.route("Almaty", "Karachi", modes={"rail"}) for name, n in nets.items()}
    fig, ax = co.plot.time_distance(routes, draws=100)
    assert_tidy(fig, ax)
    said = [text.get_text() for text in ax.texts if text.get_gid() == frame.LABEL]
    assert sum("Saryagash" in text for text in said) == 1
    assert any("Kharlachi\ngauge change, 54 h" in text for text in said)
    assert all(any(text.startswith(name) for text in said) for name in routes)
    strips = {str(patch.get_gid()) for patch in ax.patches if str(patch.get_gid()).startswith("country-")}
    assert strips >= {"country-Kabul-AF", "country-Western-TM", "country-Today-IR"}
    assert not any(gid.startswith("country-Kabul-IR") for gid in strips)


def test_many_routes_are_named_in_the_key(net: co.Network) -> None:
    route = net.route("Almaty", "Karachi")
    fig, ax = co.plot.time_distance({f"Way {i}": route for i in range(6)}, draws=20)
    legend = ax.get_legend()
    assert legend is not None
    assert sum(t.get_text().startswith("Way ") for t in legend.get_texts()) == 6
    assert_tidy(fig, ax)


def test_stretches_follow_the_countries(net: co.Network) -> None:
    route = net.route("Almaty", "Mundra", modes={"rail", "sea"})
    parts = profiles.stretches(route)
    assert [code for code, *_ in parts if code != "sea"] == [c for c in route.countries if c in dict.fromkeys(
        code for code, *_ in parts)]  # fmt: skip
    assert parts[0][1] == 0
    assert parts[-1][2] == pytest.approx(route.km)
    assert all(a[2] == pytest.approx(b[1]) for a, b in itertools.pairwise(parts))


# --- bars -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["component", "country"])
@pytest.mark.parametrize("measure", ["hours", "cost_usd_t", "co2e_kg_t"])
def test_bars_are_as_long_as_the_breakdown(measure: str, by: str, small: co.Network) -> None:
    routes = two(small)
    _, ax = co.plot.breakdown_bars(routes, measure, by, unit="h" if measure == "hours" else None)
    widths = dict.fromkeys(routes, 0.0)
    for patch in ax.patches:
        widths[list(routes)[round(patch.get_y() + patch.get_height() / 2)]] += patch.get_width()
    assert widths == pytest.approx({name: getattr(route, measure) for name, route in routes.items()})
    table = co.plot.breakdown_table(routes, measure, by)
    for name, route in routes.items():
        own = route.breakdown(by)[measure]
        assert table.loc[name][table.loc[name] > 0].to_dict() == pytest.approx(own[own > 0].to_dict())


def test_key_of_bars_holds_what_is_shown(small: co.Network) -> None:
    built = {"Built": two(small)["Built"]}
    shown = co.plot.breakdown_bars(two(small)).ax.get_legend()
    fewer = co.plot.breakdown_bars(built).ax.get_legend()
    assert shown is not None
    assert fewer is not None
    assert "Gauge changes" in [t.get_text() for t in shown.get_texts()]
    assert "Gauge changes" not in [t.get_text() for t in fewer.get_texts()]


def test_tornado_shows_the_widest_first(small: co.Network) -> None:
    route = small.route("a", "e")
    fig, ax = co.plot.tornado(route, most=2, unit="h")
    table = route.sensitivity("hours").head(2)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Gauge change", "Border"]
    far = [patch.get_x() + patch.get_width() for patch in ax.patches]
    assert far == pytest.approx(table[["at_low", "at_high"]].to_numpy().ravel())
    written = [text.get_text() for text in ax.texts if text.get_gid() == frame.LABEL]
    assert written[:4] == ["12 h", "48 h", "2 h", "30 h"]
    assert "rests on" in ax.get_title(loc="left")
    assert "2 of" in text_of(ax, "note")
    assert_tidy(fig, ax)


def test_parameters_have_names_that_can_be_read(net: co.Network) -> None:
    tables = net.tables
    for name in net.parameter_names:
        label = wording.parameter_label(tables, name)
        assert label[0].isupper()
        assert not set(label) & set("_/|")
        low, high = wording.parameter_ends(tables, name)
        assert low[0].isdigit()
        assert high[0].isdigit()


# --- spread ---------------------------------------------------------------------------------------------------


def test_distribution_shows_its_percentiles(net: co.Network) -> None:
    hours = net.route("Almaty", "Karachi").distribution(draws=500)
    _, ax = co.plot.distributions({"Today": hours}, promised={"Plan": 9})
    (bar,), (middle,), (mark,) = (named(ax, gid) for gid in ("interval", "median", "expected"))
    assert np.asarray(bar.get_xdata()) * 24 == pytest.approx([hours.percentile(5), hours.percentile(95)])
    assert float(np.asarray(middle.get_xdata())[0]) * 24 == pytest.approx(hours.percentile(50))
    assert float(np.asarray(mark.get_xdata()).ravel()[0]) * 24 == pytest.approx(hours.expected)
    kept = (hours.samples <= 9 * 24).mean()
    assert any(f"kept by {100 * kept:.0f} %" in text.get_text() for text in ax.texts)


def test_dots_are_twentieths_of_the_draws(net: co.Network) -> None:
    hours = net.route("Almaty", "Karachi").distribution(draws=500)
    _, ax = co.plot.distributions(hours, kind="dots")
    (dots,) = named(ax, "dots")
    x = np.sort(np.asarray(dots.get_xdata(), dtype=float))
    assert len(x) == 20
    values = np.percentile(hours.samples, (np.arange(20) + 0.5) * 5) / 24
    assert np.abs(x - values).max() < (values.max() - values.min()) / 8, "a dot stands far from its value"


def test_a_certain_quantity_is_drawn_too() -> None:
    sure = Distribution(np.full(100, 48.0), 48.0, "h", 20.0)
    fig, ax = co.plot.distributions({"Sure": sure, "Not sure": Distribution(np.linspace(30, 60, 100), 45, "h", 20)})
    assert_tidy(fig, ax)


# --- comparisons ----------------------------------------------------------------------------------------------


def test_slopes_join_the_values_of_the_table(gain: co.Comparison) -> None:
    _, ax = co.plot.slope(gain, "km")
    table = gain.table("km")
    for (origin, destination), row in table.iterrows():
        (drawn,) = named(ax, f"pair-{origin}-{destination}")
        assert np.asarray(drawn.get_ydata()) == pytest.approx([row["today"], row["built"]])
    said = [text.get_text() for text in ax.texts if text.get_gid() == frame.LABEL]
    assert "A–E 260" in said
    assert "230" in said
    assert not any(text.startswith("A–D") for text in said), "a pair that does not change needs no name"


def test_slopes_tell_who_is_joined_anew(small: co.Network) -> None:
    base = small.close("d:rail-1520--rail-1435")
    found = co.compare({"today": base, "built": base.build("p")}, ["a", "b"], ["d", "e"])
    fig, ax = co.plot.slope(found)
    assert len(named(ax, "ring")) == 2
    assert "built joins 2 pairs anew" in text_of(ax, "note")
    assert_tidy(fig, ax)


def test_slopes_of_many_pairs(net: co.Network) -> None:
    scenarios = {"today": net, "Kabul": net.build("uap-kabul"), "Western": net.build("western-route")}
    found = co.compare(scenarios, "kazakhstan", "south-asian-ports", modes={"rail"})
    for width_cm in (8, 12, 18):
        fig, ax = co.plot.slope(found, width_cm=width_cm)
        assert_tidy(fig, ax)
    assert "12 of 64 pairs named" in text_of(ax, "subtitle")


def test_a_scenario_that_changes_nothing_is_drawn(small: co.Network) -> None:
    found = co.compare({"today": small, "same": small}, ["a"], ["d", "e"], draws=20)
    fig, ax = co.plot.slope(found)
    assert_tidy(fig, ax)
    assert "no pair changes" in text_of(ax, "subtitle")
    with pytest.raises(co.InputError, match="costs"):
        co.plot.gain_against_cost(found)
    fig, ax = co.plot.gain_against_cost(found, costs={"same": (10, 20)})
    assert_tidy(fig, ax)
    assert any("same\n0.0 (0.0 to 0.0) USD/t" in text.get_text() for text in ax.texts)


def test_shares_are_sorted_and_marked() -> None:
    _, ax = co.plot.shapley_bars(shares(), names={"a": "First", "b": "Second"})
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Second", "First"]
    assert [float(bar.get_width()) for bar in ax.patches] == [8.5, 6.5]
    assert np.asarray(named(ax, "isolation")[0].get_xdata()).tolist() == [6, 4]
    assert np.asarray(named(ax, "complement")[0].get_xdata()).tolist() == [11, 9]


def test_losses_are_drawn_to_the_left() -> None:
    losses = {"": 0, "a": -4, "b": 6, "ab": -1}
    table = shapley(lambda built: losses["".join(sorted(built))], ["a", "b"])
    fig, ax = co.plot.shapley_bars(table, unit="h", width_cm=10)
    assert_tidy(fig, ax)
    assert [float(bar.get_width()) for bar in ax.patches] == [4.5, -5.5]
    assert ax.get_xlim()[0] < -7
    assert ax.get_xlim()[1] > 6


def test_gain_against_cost_shows_both_bands(gain: co.Comparison) -> None:
    _, ax = co.plot.gain_against_cost(gain)
    (cost,), (band,), (mark,) = (named(ax, f"{what}-built") for what in ("cost", "gain", "point"))
    assert np.asarray(cost.get_xdata()).tolist() == [0.1, 0.3]
    low, high = gain.overall_band("built")
    assert sorted(np.asarray(band.get_ydata())) == pytest.approx([-high, -low])
    mean = -gain.overall().loc["built", "generalized_usd_t_delta"]
    assert float(np.asarray(mark.get_ydata()).ravel()[0]) == pytest.approx(mean)
    table = co.plot.gain_cost_table(gain, "hours")
    assert table.loc["built", "gain"] == pytest.approx(-gain.overall().loc["built", "hours_delta"])


def test_construction_costs_by_hand(net: co.Network) -> None:
    assert published("4600;7000") == (4600, 7000)
    assert published("1500-2000") == (1500, 2000)
    assert published("170 (165 grant, 5 government);6.3 (rehabilitation)") == ()
    assert published("") == ()
    both = construction_cost(net.tables, ["uap-kabul", "western-route"])
    assert (both.low_musd, both.high_musd) == (4600 + 7000, 8200 + 7000)
    assert both.figures["western-route"] == (7000,)
    parts = construction_cost(net.tables, ["torghundi-herat", "herat-kandahar"])
    assert np.isnan(parts.low_musd)
    assert parts.missing == ("herat-kandahar",)


# --- refusals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda _: co.plot.time_distance([]), "routes"),
        (lambda _: co.plot.time_distance({"x": None}), "routes"),
        (lambda r: co.plot.time_distance(r, unit="weeks"), "'h' or 'd'"),
        (lambda r: co.plot.time_distance(r, draws=-1), "draws"),
        (lambda r: co.plot.time_distance(r, width_cm=1), "width_cm"),
        (lambda r: co.plot.cost_distance(r, unit="camel"), "unit"),
        (lambda r: co.plot.breakdown_bars(r, "minutes"), "measure"),
        (lambda r: co.plot.breakdown_bars(r, by="mode"), "by"),
        (lambda r: co.plot.tornado(r, "minutes"), "measure"),
        (lambda r: co.plot.tornado(r, most=0), "most"),
        (lambda _: co.plot.distributions({}), "routes"),
        (lambda r: co.plot.distributions(r, kind="violin"), "kind"),
        (lambda r: co.plot.distributions(r, measure="minutes"), "measure"),
        (lambda r: co.plot.distributions(r, promised=-3), "promised"),
        (lambda r: co.plot.distributions({"a": r.distribution(draws=9), "b": r.distribution("cost_usd_t", draws=9)}),
         "one unit"),
        (lambda _: co.plot.shapley_bars(pd.DataFrame({"project": ["a"]})), "table"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(draw: Callable[[co.Route], object], said: str, line: co.Network) -> None:
    with pytest.raises(co.InputError, match=said):
        draw(line.route("a", "e"))


def test_comparisons_refuse_what_they_do_not_hold(gain: co.Comparison, small: co.Network) -> None:
    with pytest.raises(co.UnknownNameError, match="Near matches: built"):
        gain.slope(scenario="build")
    with pytest.raises(co.InputError, match="measure"):
        gain.slope("minutes")
    with pytest.raises(co.InputError, match="most"):
        gain.slope(most=0)
    with pytest.raises(co.InputError, match="besides the base"):
        co.compare({"today": small}, ["a"], ["e"]).slope()
    with pytest.raises(co.InputError, match="costs"):
        gain.gain_against_cost(costs={"built": (5, 2)})
    with pytest.raises(co.UnknownNameError, match="scenario 'built2'"):
        gain.gain_against_cost(costs={"built2": (1, 2)})
    with pytest.raises(co.UnknownNameError, match="pair 'a - x'"):
        gain.between("a", "x")


def test_measures_may_be_named_either_way(small: co.Network, gain: co.Comparison) -> None:
    route = small.route("a", "e")
    for short, column in (("cost", "cost_usd_t"), ("emissions", "co2e_kg_t")):
        one, other = (co.plot.breakdown_table(route, name) for name in (short, column))
        pd.testing.assert_frame_equal(one, other)
        assert route.tornado(short).ax.get_xlabel() == route.tornado(column).ax.get_xlabel()
    assert gain.slope("distance").ax.get_title(loc="left") == "Change of length from today to built"


# --- room for labels ------------------------------------------------------------------------------------------


def test_spread_moves_least() -> None:
    assert labels.spread([0, 10], [2, 2]).tolist() == [0, 10]
    assert labels.spread([5, 5, 5], [2, 2, 2]).tolist() == [3, 5, 7]
    rng = np.random.default_rng(1)
    for _ in range(20):
        wanted, heights = rng.uniform(0, 10, 9), rng.uniform(0.5, 3, 9)
        found = labels.spread(wanted, heights)
        order = np.argsort(wanted)
        gaps = np.diff(found[order]) - (heights[order][1:] + heights[order][:-1]) / 2
        assert gaps.min() > -1e-9
        assert found.mean() == pytest.approx(wanted.mean())


def test_colours_of_neighbouring_parts_differ_in_grey() -> None:
    """Neighbours in a bar differ in lightness, or one of them is hatched."""

    def grey(color: str) -> float:
        return float(np.dot([int(color[i : i + 2], 16) for i in (1, 3, 5)], [0.2126, 0.7152, 0.0722]))

    for (a, hatch_a), (b, hatch_b) in itertools.pairwise(style.COUNTRY_LOOKS):
        assert hatch_a != hatch_b or abs(grey(a) - grey(b)) > 25


@pytest.mark.parametrize("draw", ["time_distance", "cost_distance", "breakdown_bars", "tornado", "plot"])
def test_a_way_without_length_is_drawn(net: co.Network, draw: str) -> None:
    """The two sides of a border at one point: hours and cost, but no km (warnings are errors here)."""
    route = net.route("dustlik", "dostuk", cargo="truck")
    assert route.km == 0
    drawing = getattr(route, draw)()
    left, right = drawing.ax.get_xlim()
    assert left < right


def test_a_total_of_nothing_is_drawn_or_said(net: co.Network) -> None:
    route = net.route("dustlik", "dostuk", cargo="truck")
    assert route.distribution("distance", draws=20).plot().ax.get_xlim() == (0, 1)
    with pytest.raises(co.InputError, match="it has no emissions"):
        route.tornado("co2e")
    assert route.profile("co2e", draws=20)["p95"].tolist() == [0, 0]


def test_gains_by_value_of_time_are_those_of_the_table() -> None:
    gain = co.compare([co.load(), "uap-kabul"], ["Almaty", "Astana"], ["Karachi", "Port Qasim"])
    found = gain.by_value_of_time()
    panels = found.plot(names={"uap-kabul": "Kabul"})
    assert list(panels.axes) == ["gaining", "generalized_usd_t", "rail_share"]
    top = panels.axes["gaining"]
    marks = {line.get_gid() for line in top.get_lines()}
    assert {f"good-{name}" for name in ("flour", "fertilizer", "vegetable-oil", "confectionery", "general")} <= marks
    curve = next(line for line in panels.axes["rail_share"].get_lines() if line.get_gid() == "curve-uap-kabul")
    general = found.table([30]).iloc[0]
    at = np.searchsorted(curve.get_xdata(), np.log10(30))
    assert curve.get_ydata()[at] == pytest.approx(100 * general["rail_share"])
    names = [text for text in top.texts if text.get_gid() == "good-name"]
    boxes = [text.get_window_extent() for text in names]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    legend = top.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["Kabul", "base"]
    with pytest.raises(co.InputError, match="gaining, generalized_usd_t"):
        gain_by_value_of_time(found, "beauty")
    with pytest.raises(co.InputError, match="commodities within the range"):
        gain_by_value_of_time(found, goods=["gold"])
    days = gain_by_value_of_time(found, "days", goods=["flour"], width_cm=9)
    assert " ".join(days.ax.get_title(loc="left").split()) == "What is gained, by the value of time of the goods"
