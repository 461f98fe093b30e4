"""Maps: what is drawn, that names do not overlap, and that nothing is left behind."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from pyproj import Geod
from shapely.geometry import LineString, box

import corridors as co
from corridors.base.looks import SYSTEMS
from corridors.plot import canvas
from corridors.plot.maps import basemap, stops
from corridors.plot.maps.labels import Field, Label
from corridors.plot.maps.labels import place as place_labels
from corridors.plot.maps.routes import plot_network, plot_routes, plot_scenarios, route_names
from support.networks import POSITIONS, crossing, link, make, place, terminal


@pytest.fixture
def loop() -> co.Network:
    r"""Two ways over one border: rail with a break of gauge, and road; a planned line beside them.

    ::

        A --rail-- B |--x--| C --rail-- D ==1435== E
        A --road-- B |--x--| C --road------------- E
                             C ..planned p.. ----- E
    """
    rail = [
        link("a", "b", "rail", 100), link("b", "c", "rail", 10, crossing="x", border_km=4),
        link("c", "d", "rail", 90), link("d", "e", "rail", 60, "1435"),
    ]  # fmt: skip
    road = [
        link("a", "b", "road", 100), link("b", "c", "road", 10, crossing="x", border_km=4),
        link("c", "e", "road", 900),
        link("c", "e", "rail", 80, status="planned", project="p"),
    ]  # fmt: skip
    project = {"id": "p", "name": "P", "kind": "new", "status": "planned", "countries": "UZ", "source": "s"}
    return make(
        [
            place(i, *at, **({"kind": "city", "population": 1_000_000} if i == "e" else {}))
            for i, at in POSITIONS.items()
        ],
        rail + road,
        crossings=[crossing("x", "b", "c")],
        terminals=[terminal("d", "rail-1520", "rail-1435")],
        projects=[{**project, "confidence": "A"}],
    )


def entries(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def written(ax: Axes, gid: str = "place-label") -> list[Text]:
    return [text for text in ax.texts if text.get_gid() == gid]


def names(ax: Axes) -> set[str]:
    return {text.get_text().split(",")[0] for text in written(ax)}


def gids(ax: Axes) -> set[str]:
    return {str(artist.get_gid()) for artist in ax.get_children() if artist.get_gid()}


def is_within(inner: Bbox, outer: Bbox) -> bool:
    return bool((inner.min >= outer.min).all() and (inner.max <= outer.max).all())


def assert_tidy(fig: Figure, ax: Axes) -> None:
    """Names overlap neither each other nor markers nor the legend, and lie inside the map, at any resolution."""
    given = fig.dpi
    for dpi in (72, 200):
        fig.dpi = dpi
        fig.draw_without_rendering()
        assert_tidy_as_drawn(ax)
    fig.dpi = given


def assert_tidy_as_drawn(ax: Axes) -> None:
    texts = written(ax) + written(ax, "area-label")
    found = {text: text.get_window_extent() for text in texts}
    for (first, a), (second, b) in itertools.combinations(found.items(), 2):
        over = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(over) < 1, f"'{first.get_text()}' and '{second.get_text()}' overlap by {over} pixels"
    frame = ax.get_window_extent()
    legend = ax.get_legend()
    points = [line for line in ax.lines if str(line.get_gid()).startswith(("stop-", "closed-"))]
    for text, extent in found.items():
        assert is_within(extent, frame), text
        assert legend is None or not legend.get_window_extent().overlaps(extent), f"the legend covers {text}"
        for line in points:
            x, y = ax.transData.transform((line.get_xdata()[0], line.get_ydata()[0]))
            assert not extent.contains(x, y), f"{text} covers {line.get_gid()}"


def assert_inside_figure(fig: Figure) -> None:
    """Nothing is cut off at the edge of the sheet."""
    fig.draw_without_rendering()
    sheet = Bbox.from_extents(-0.01, -0.01, fig.get_figwidth() + 0.01, fig.get_figheight() + 0.01)
    assert is_within(fig.get_tightbbox(), sheet)


# --- one route ------------------------------------------------------------------------------------------------


def test_route_of_two_gauges_over_a_border(line: co.Network) -> None:
    fig, ax = plot_routes(line.route("a", "e"))
    assert {"route-0-rail-1520", "route-0-rail-1435", "stop-a", "stop-e", "stop-d"} <= gids(ax)
    assert {"A", "E", "D"} <= names(ax)
    assert entries(ax) == [
        SYSTEMS["rail-1520"].label, SYSTEMS["rail-1435"].label, "Hours at a stop:\n6, 24",
        "Origin, destination", "Border crossing", "Terminal, change of gauge",
    ]  # fmt: skip
    assert_tidy(fig, ax)
    assert_inside_figure(fig)


def test_legend_has_only_what_is_shown(loop: co.Network) -> None:
    rail = loop.route("a", "e", modes={"rail"})
    without = entries(plot_routes(rail, context=False).ax)
    assert SYSTEMS["road"].label not in without
    assert SYSTEMS["road"].label in entries(plot_routes(rail).ax)
    assert "Planned" not in entries(plot_routes(rail).ax)
    assert "Planned" in entries(plot_routes(rail, planned=True).ax)
    assert not any(e.startswith("Hours") for e in entries(plot_routes(rail, dwell=False).ax))
    assert plot_routes(rail, legend=False).ax.get_legend() is None


def test_route_on_a_line_that_a_scenario_builds(loop: co.Network) -> None:
    route = loop.build("p").route("a", "e", modes={"rail"})
    shown = entries(plot_routes(route).ax)
    assert "Built in this scenario" in shown
    assert "Built in this scenario" in shown


def test_circles_are_in_proportion_to_hours(line: co.Network) -> None:
    _, ax = plot_routes(line.route("a", "e"))
    sizes = {str(c.get_gid()): c.get_markersize() ** 2 for c in ax.lines if str(c.get_gid()).startswith("dwell-")}
    border = next(key for key in sizes if key in ("dwell-b", "dwell-c"))
    assert sizes["dwell-d"] / sizes[border] == pytest.approx(24 / 10)


def test_extent_contains_the_route(line: co.Network) -> None:
    route = line.route("a", "e")
    _, ax = plot_routes(route)
    shown = Bbox.from_extents(*itertools.chain(*zip(ax.get_xlim(), ax.get_ylim(), strict=True)))
    assert is_within(Bbox.from_extents(*route.to_gdf().to_crs(canvas.REGION_CRS).total_bounds), shown)


def test_extent_can_be_given(line: co.Network) -> None:
    _, ax = plot_routes(line.route("a", "e"), extent=(55, 45, 70, 55))
    x, _ = canvas._transformer(canvas.REGION_CRS).transform([55, 70], [45, 45])
    assert ax.get_xlim() == pytest.approx(x)
    with pytest.raises(co.InputError, match="extent"):
        plot_routes(line.route("a", "e"), extent=(70, 45, 55, 55))


@pytest.mark.parametrize("width_cm", [6, 18, pytest.param(42, marks=pytest.mark.slow)])
def test_width_is_kept_and_sizes_follow(line: co.Network, width_cm: float) -> None:
    fig, ax = plot_routes(line.route("a", "e"), width_cm=width_cm, title="A long title that needs room on a narrow map")
    assert fig.get_figwidth() * 2.54 == pytest.approx(width_cm)
    assert all(text.get_fontsize() >= 3.9 for text in written(ax))
    assert_tidy(fig, ax)
    assert_inside_figure(fig)


def test_width_that_cannot_be(line: co.Network) -> None:
    with pytest.raises(co.InputError, match="width_cm"):
        plot_routes(line.route("a", "e"), width_cm=0)


def test_aspect_is_equal(line: co.Network) -> None:
    fig, ax = plot_routes(line.route("a", "e"))
    fig.draw_without_rendering()
    size = ax.get_window_extent()
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    assert size.height / size.width == pytest.approx((y1 - y0) / (x1 - x0), rel=1e-3)


# --- several routes -------------------------------------------------------------------------------------------


def test_routes_have_colours_and_names(loop: co.Network) -> None:
    routes = [loop.route("a", "e", modes={"rail"}), loop.route("a", "e", modes={"road"}, cargo="truck")]
    fig, ax = plot_routes(routes)
    assert entries(ax)[:2] == [f"Container: {routes[0].km:,.0f} km, {routes[0].days:.1f} d",
                               f"Truck: {routes[1].km:,.0f} km, {routes[1].days:.1f} d"]  # fmt: skip
    assert {"Route by rail", "Route by road"} <= set(entries(ax))
    colors = {
        g: mpl.colors.to_hex(c.get_colors()[0])
        for c in ax.collections
        if (g := str(c.get_gid())).startswith("route-") and c.get_colors().size
    }
    assert (
        len(
            {colors[g] for g in colors if g.startswith("route-0")}
            & {colors[g] for g in colors if g.startswith("route-1")}
        )
        <= 1
    )
    assert_tidy(fig, ax)


def test_routes_by_name(line: co.Network) -> None:
    _, ax = plot_routes({"there": line.route("a", "e"), "back": line.route("e", "a")})
    assert [e.partition(":")[0] for e in entries(ax)[:2]] == ["there", "back"]


def test_names_tell_routes_apart(line: co.Network, loop: co.Network) -> None:
    assert route_names([line.route("a", "e")]) == ["A – E"]
    assert route_names([line.route("a", "d"), line.route("a", "e")]) == ["A – D", "A – E"]
    same = [line.route("a", "e")] * 2
    assert route_names(same) == [f"A – E ({i})" for i in (1, 2)]


def test_no_route_is_refused() -> None:
    with pytest.raises(co.InputError, match="at least one route"):
        plot_routes([])
    with pytest.raises(co.InputError, match="at least one scenario"):
        plot_scenarios({})


def test_what_is_no_route_is_refused(line: co.Network) -> None:
    route = line.route("a", "e")
    with pytest.raises(co.InputError, match=r"routes\['back'\]=None"):
        plot_routes({"there": route, "back": None})  # type: ignore[dict-item]
    with pytest.raises(co.InputError, match=r"routes\[1\]=None"):
        plot_routes([route, None])  # type: ignore[list-item]


def test_scenarios_share_extent_and_scale(loop: co.Network) -> None:
    panels = {"base": loop.route("a", "d"), "built": [loop.build("p").route("a", "e"), loop.route("a", "b")]}
    fig, axes = plot_scenarios(panels, title="Two scenarios")
    assert list(axes) == ["base", "built"]
    assert axes["base"].get_xlim() == axes["built"].get_xlim()
    assert [ax.get_title(loc="left") for ax in axes.values()] == ["base", "built"]
    assert sum(e.startswith("Hours") for ax in axes.values() for e in entries(ax)) == 1
    assert_inside_figure(fig)


# --- networks -------------------------------------------------------------------------------------------------


def test_network_shows_what_is_in_use(loop: co.Network) -> None:
    fig, ax = plot_network(loop)
    assert entries(ax) == [SYSTEMS[s].label for s in ("road", "rail-1435", "rail-1520")] + ["Border crossing"]
    assert_tidy(fig, ax)


def test_network_marks_closed_crossings_and_built_lines(loop: co.Network) -> None:
    _, ax = plot_network(loop.close("x").build("p"))
    assert "closed-x" in gids(ax)
    assert "Closed crossing" in entries(ax)
    assert "Built in this scenario" in entries(ax)
    assert "planned-rail-1520" in gids(ax)
    assert "Border crossing" not in entries(ax)


def test_network_far_away_has_its_own_projection() -> None:
    spots = {"a": ("ES", 40.4, -3.7), "b": ("ES", 41.4, 2.2), "c": ("ES", 37.4, -6.0)}
    net = make([place(i, *at) for i, at in spots.items()], [link("a", "b", "rail", 620), link("a", "c", "rail", 470)])
    fig, ax = plot_network(net)
    assert_tidy(fig, ax)
    assert not ax.images, "the relief is of another region"
    fig, ax = plot_routes(net.route("b", "c"))
    assert {"B", "C"} <= names(ax)


def test_network_on_the_equator() -> None:
    ends = [place("a", "KE", -1.3, 36.8), place("b", "UG", 0.3, 32.6)]
    road = link("a", "b", "road", 650, crossing="x", border_km=1)
    net = make(ends, [road], crossings=[crossing("x", "a", "b")])
    fig, ax = plot_network(net)
    assert_tidy(fig, ax)


# --- where it is drawn ----------------------------------------------------------------------------------------


def test_given_axes_are_used_and_others_left_alone(line: co.Network) -> None:
    fig = Figure(figsize=(10, 5))
    left, right = fig.subplots(1, 2)
    right.plot([1, 2], [3, 4])

    def state() -> list[float]:
        return [*right.get_position().bounds, *left.get_position().bounds, *right.get_xlim(), *fig.get_size_inches()]

    before = state()
    drawn = plot_routes(line.route("a", "e"), ax=left, title="Left")
    assert drawn.fig is fig
    assert drawn.ax is left
    assert state() == pytest.approx(before)
    assert_tidy(fig, left)


def test_axes_of_pyplot_can_be_used(line: co.Network) -> None:
    fig, ax = plt.subplots()
    drawn = plot_routes(line.route("a", "e"), ax=ax)
    assert drawn.fig is fig
    assert drawn._repr_jpeg_() is None, "pyplot shows its figures by itself"
    plt.close(fig)


def test_nothing_is_left_behind(line: co.Network) -> None:
    before = dict(mpl.rcParams)
    plot_routes(line.route("a", "e"))
    plot_network(line)
    assert dict(mpl.rcParams) == before
    assert not plt.get_fignums()


def test_notebooks_show_the_figure(line: co.Network) -> None:
    data, size = plot_routes(line.route("a", "e"), width_cm=8)._repr_jpeg_() or (b"", {})
    assert data.startswith(b"\xff\xd8")
    assert size["width"] == pytest.approx(8 / 2.54 * 96, abs=1)


def test_notebooks_show_maps_as_jpeg_and_charts_as_png(line: co.Network) -> None:
    route = line.route("a", "e")
    drawn_map, chart = route.plot(width_cm=8), route.breakdown_bars(width_cm=8)
    assert drawn_map._repr_png_() is None
    assert chart._repr_jpeg_() is None
    data, size = chart._repr_png_() or (b"", {})
    assert data.startswith(b"\x89PNG")
    assert size["width"] == pytest.approx(8 / 2.54 * 96, abs=1)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_formats(line: co.Network, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"map.{ending}"
    line.route("a", "e").plot(width_cm=10).fig.savefig(target)
    assert target.stat().st_size > 5_000


def test_the_same_map_twice_is_the_same(loop: co.Network) -> None:
    first, second = (plot_routes(loop.route("a", "e")) for _ in range(2))
    assert [(t.get_text(), t.get_position()) for t in written(first.ax)] == [
        (t.get_text(), t.get_position()) for t in written(second.ax)
    ]


def test_scale_bar_is_true_at_the_centre(line: co.Network) -> None:
    _, ax = plot_routes(line.route("a", "e"))
    bars = [p for p in ax.patches if p.get_gid() == "scale-bar"]
    length = sum(bar.get_width() for bar in bars)
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    ends = [
        canvas._transformer(canvas.REGION_CRS).transform(
            (x0 + x1) / 2 + s * length / 2, (y0 + y1) / 2, direction="INVERSE"
        )
        for s in (-1, 1)
    ]
    km = Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2] / 1000
    labels = [t.get_text() for t in ax.texts if t.get_text().endswith(" km")]
    assert labels == [f"{round(km):g} km"]
    assert km == pytest.approx(round(km), rel=1e-3)


def test_maps_without_any_layer(line: co.Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for reader in (basemap.layer, basemap.relief, basemap._folder):
        reader.cache_clear()
    monkeypatch.setattr(basemap.bundled, "folder", lambda: tmp_path)
    fig, ax = plot_routes(line.route("a", "e"))
    assert {"A", "E"} <= names(ax)
    assert not any("Natural Earth" in t.get_text() for t in ax.texts)
    assert_tidy(fig, ax)
    for reader in (basemap.layer, basemap.relief, basemap._folder):
        reader.cache_clear()


# --- labels and numbers -----------------------------------------------------------------------------------------


def sheet_of_a_square() -> canvas.Sheet:
    return canvas.open_sheet(None, (np.array([60, 70]), np.array([40, 46])), {"extent": None, "width_cm": 10})


def test_the_less_important_label_gives_way() -> None:
    sheet = sheet_of_a_square()
    x, y = (sheet.extent[0] + sheet.extent[2]) / 2, (sheet.extent[1] + sheet.extent[3]) / 2
    crowd = [Label(f"Place number {i}", x, y, importance=i, size=9, radius=2) for i in range(80)]
    placed = [label.importance for label, _ in place_labels(Field(sheet), crowd)]
    assert 3 < len(placed) < 80
    assert placed[0] == 79
    assert placed == sorted(placed, reverse=True)


def test_labels_keep_off_routes_and_edges() -> None:
    sheet = sheet_of_a_square()
    x0, y0, x1, y1 = sheet.extent
    field = Field(sheet)
    track = LineString([(x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2)])
    field.add_lines([track], route=True)
    corners = [Label("Corner", x, y, 1, 9) for x, y in itertools.product((x0, x1), (y0, y1))]
    beside = [Label("On the route", x0 + s * (x1 - x0), (y0 + y1) / 2, 2, 9) for s in (0.25, 0.5, 0.75)]
    placed = place_labels(field, [*corners, *beside])
    assert len(placed) == 7
    frame = sheet.ax.get_window_extent()
    way = LineString(sheet.ax.transData.transform(track.coords))
    for _, text in placed:
        extent = text.get_window_extent()
        assert is_within(extent, frame)
        assert not way.intersects(box(extent.x0, extent.y0, extent.x1, extent.y1))


def test_key_of_circles_has_round_numbers_up_to_the_longest() -> None:
    for most in (3, 10, 30, 100, 500, 2000):
        steps = stops.key_hours(most)
        assert steps == sorted(set(steps))
        assert steps[-1] <= most
    assert stops.Scale(1.0, ()).diameter(100) == pytest.approx(2 * math.sqrt(100 / math.pi))


def test_systems_differ_in_colour_and_pattern() -> None:
    rails = [looks for name, looks in SYSTEMS.items() if name.startswith("rail")]
    assert len({looks.color for looks in SYSTEMS.values()}) == len(SYSTEMS)
    assert len({looks.inlay for looks in rails}) == len({looks.ties for looks in rails}) == len(rails)


# --- the reference network --------------------------------------------------------------------------------------

JOURNEYS = [
    ("Almaty", "Karachi", {"cargo": "container"}),
    ("Astana", "Karachi", {"cargo": "wagon"}),
    ("Kostanay", "Nhava Sheva", {}),
]


@pytest.mark.parametrize("width_cm", [pytest.param(6, marks=pytest.mark.slow), 18])
@pytest.mark.parametrize(("origin", "destination", "options"), JOURNEYS)
def test_reference_routes_are_tidy(
    net: co.Network, origin: str, destination: str, options: dict[str, str], width_cm: float
) -> None:
    route = net.route(origin, destination, **options)
    fig, ax = route.plot(width_cm=width_cm, title=f"{origin} – {destination}")
    assert {net.tables.name(route.origin), net.tables.name(route.destination)} <= names(ax)
    assert_tidy(fig, ax)
    assert_inside_figure(fig)
    credit = " ".join(t.get_text().replace("\n", " ") for t in ax.texts)
    assert "OpenStreetMap contributors" in credit
    assert "Natural Earth" in credit


def test_reference_network_is_tidy(net: co.Network) -> None:
    fig, ax = net.at("2026-11").plot()
    assert "Closed crossing" in entries(ax)
    assert_tidy(fig, ax)
    assert_inside_figure(fig)


def test_reference_scenario_shows_what_is_built(net: co.Network) -> None:
    kabul = net.build("uap-kabul")
    assert "Built in this scenario" in entries(kabul.plot().ax)
    route = kabul.route("Tashkent", "Karachi", cargo="wagon", modes={"rail"})
    fig, ax = route.plot()
    assert "Built in this scenario" in entries(ax)
    assert_tidy(fig, ax)


def test_maps_of_reach_stay_in_the_region_where_most_places_lie_there() -> None:
    net = co.load()
    home, more = ["Almaty", "Tehran", "Lahore"], ["Almaty", "Tehran", "Lahore", "Tianjin"]
    limits = []
    for origins in (home, more):
        axes = co.reach(net, origins, ["Karachi"], cargo="container").plot(width_cm=8, labels=False).ax
        limits.append((*axes.get_xlim(), *axes.get_ylim()))
    assert limits[0] == pytest.approx(limits[1])
