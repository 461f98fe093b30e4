"""Draw the figures of the concept pages and the thumbnails of the gallery: run by `make pictures`."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

import corridors as co
from corridors.base.looks import DWELL, INK, MUTED, SYSTEMS
from corridors.model.expansion import EdgeKind

FOLDER = Path(__file__).parent
CONCEPTS = FOLDER / "concepts"
GALLERY = FOLDER / "gallery"
NOTEBOOKS = FOLDER.parent / "notebooks"
RAIL = {"cargo": "wagon", "modes": {"rail"}}
COLORS = {"rail": SYSTEMS["rail-1520"].color, "road": SYSTEMS["road"].color, "sea": SYSTEMS["sea"].color}
BLUE = SYSTEMS["rail-1435"].color
THUMBNAIL_PX = 480


def main() -> None:
    """Draw all of them; the same data gives the same files."""
    mpl.rcParams.update(
        {"svg.fonttype": "none", "svg.hashsalt": "corridors", "font.family": "sans-serif", "font.size": 9}
    )
    for draw in (states, parameters, uncertainty, generalized_cost, journeys):
        figure = Figure(figsize=(5, 3), layout="constrained")  # letters stay legible on a telephone
        axes = figure.subplots()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        keep(figure, draw.__name__.replace("_", "-"))
    keep(co.landed(co.load(), "flour", market="Kabul", draws=100).plot(width_cm=13).fig, "demand")
    thumbnails()


def keep(figure: Figure, name: str) -> None:
    figure.savefig(CONCEPTS / f"{name}.svg", metadata={"Date": None, "Creator": None})


def kabul_by_rail() -> co.Route:
    return co.load().build("uap-kabul").route("Almaty", "Karachi", **RAIL)


def states(axes: Axes) -> None:
    """Draw the states of the small network of `co.write_template`: places from left to right, systems as rows."""
    with tempfile.TemporaryDirectory() as folder:
        net = co.read(co.write_template(Path(folder) / "mine"))
    graph = net.problem(cargo="container").expansion
    places = net.tables["places"].set_index("id")
    order = {place: number for number, place in enumerate(places["lat"].sort_values(ascending=False).index)}
    drawn = {
        number: state for number, state in enumerate(graph.states) if str(state.system).startswith(("rail", "road"))
    }
    rows = {system: row for row, system in enumerate(sorted({str(state.system) for state in drawn.values()}))}
    spots = {
        number: (order[state.place] + aside(state.place, state.border), rows[str(state.system)])
        for number, state in drawn.items()
    }
    looks = {
        EdgeKind.LINE_HAUL: (INK, "line haul"),
        EdgeKind.BORDER: ("#9b1c1c", "border"),
        EdgeKind.TRANSFER: (DWELL, "transfer"),
    }
    told = set()
    for kind, tail, head in zip(graph.kind, graph.tail, graph.head, strict=True):
        if kind in looks and tail in spots and head in spots:
            color, label = looks[EdgeKind(kind)]
            ends = np.array([spots[tail], spots[head]])
            axes.plot(*ends.T, color=color, lw=2, zorder=1, label="" if label in told else label)
            told.add(label)
    points = np.array(list(spots.values()))
    axes.scatter(*points.T, s=45, color="white", edgecolor=INK, zorder=2)
    axes.set_xticks(list(order.values()), [places["name"][place] for place in order])
    axes.set_yticks(list(rows.values()), list(rows))
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.tick_params(axis="x", rotation=30)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)


def aside(place: str, border: str) -> float:
    """How far the state of a place at its border stands from the place itself."""
    return 0.3 * (1 if border.startswith(place) else -1) if border else 0


def parameters(axes: Axes) -> None:
    """Draw the parameters with the largest shares of the hours, with their ranges."""
    table = kabul_by_rail().assumptions().query("measure == 'hours'").nlargest(8, "amount")[::-1]
    factor = table["amount"] / table["value"]
    ends = np.array([table["amount"] - factor * table["low"], factor * table["high"] - table["amount"]]).clip(min=0)
    colors = [MUTED if kind == "assumed" else BLUE for kind in table["kind"]]
    axes.barh(table["name"], table["amount"] / 24, color=colors, xerr=ends / 24, ecolor=INK, error_kw={"lw": 1})
    axes.set_xlabel("days\n(blue: published or official; grey: assumed)")


def uncertainty(axes: Axes) -> None:
    """Draw how trips spread, and what is known of their mean."""
    route = kabul_by_rail()
    kinds = {"trip": ("one trip", DWELL), "knowledge": ("the average of trips", BLUE)}
    bins = np.linspace(0, 70, 71)
    for spread, (label, color) in kinds.items():
        days = np.asarray(route.distribution(draws=2000, spread=spread).samples) / 24
        axes.hist(days, bins=bins, color=color, alpha=0.7, label=label)
    axes.set(xlabel="days", ylabel="draws")
    axes.legend(frameon=False)


def generalized_cost(axes: Axes) -> None:
    """Draw the generalized cost of three ways over the value of time."""
    net = co.load()
    ways = {
        "by rail, wagon": (net.route("Tashkent", "Karachi", **RAIL), COLORS["rail"]),
        "container, least cost": (net.route("Tashkent", "Karachi", cargo="container", by="cost"), COLORS["sea"]),
        "by road, truck": (net.route("Tashkent", "Karachi", cargo="truck"), COLORS["road"]),
    }
    per_day = np.array([0, 4])
    for label, (route, color) in ways.items():
        axes.plot(per_day, route.cost_usd_t + per_day * route.days, color=color, lw=2, label=label)
    axes.set(
        xlabel="value of time, USD per tonne and day", ylabel="generalized cost, USD/t", ylim=(0, None), xlim=(0, 4)
    )
    axes.legend(frameon=False)


def journeys(axes: Axes) -> None:
    """Draw the modes of the least generalized way of each cargo unit, in the order of travel."""
    net = co.load()
    cargos = ("truck", "container", "wagon")
    for row, cargo in enumerate(cargos):
        steps = net.route("Astana", "Karachi", cargo=cargo).steps
        start = 0.0
        for mode, km in zip(steps["mode"], steps["km"], strict=True):
            if km:
                axes.barh(row, km, left=start, color=COLORS[mode], edgecolor=COLORS[mode])
                start += km
    axes.set_yticks(range(len(cargos)), cargos)
    axes.set_xlabel("km")
    for mode, color in COLORS.items():
        axes.barh(0, 0, color=color, label=mode)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)


def thumbnails() -> None:
    """Make a small picture of each notebook from the first picture in it."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf8"))["cells"]
        shown = [out.get("data", {}) for cell in cells for out in cell.get("outputs", ())]
        pictures = [data[kind] for data in shown for kind in ("image/png", "image/jpeg") if kind in data]
        with Image.open(io.BytesIO(base64.b64decode("".join(pictures[0])))) as picture:
            picture.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
            picture.convert("RGB").save(GALLERY / f"{path.stem}.webp", quality=80)


if __name__ == "__main__":
    main()
