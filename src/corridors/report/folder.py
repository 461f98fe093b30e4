"""The folder of the report: the page, and beside it the tables, the maps and the geodata."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Unpack

import geopandas as gpd
import pandas as pd

from corridors.base.languages import ENGLISH, words
from corridors.base.options import takes
from corridors.base.phrases import Phrases, templates
from corridors.base.writing import new_files
from corridors.network.network import Network
from corridors.network.reading import load
from corridors.plot.explore import explore
from corridors.plot.translate import translate
from corridors.plot.web.page import InteractiveMap
from corridors.report.appraised import appraised
from corridors.report.goods import section
from corridors.report.page import render
from corridors.report.pictures import Picture, pictures
from corridors.report.study import DESTINATIONS, SCENARIOS, Ends, Study, StudyOptions, study
from corridors.report.trade import Trade, trade_of
from corridors.report.trade_pictures import trade_pictures
from corridors.report.worth import worth_section, worth_tables
from corridors.report.worth_pictures import worth_pictures
from corridors.routing.route import Route
from corridors.trade.capacity import KNOWN
from corridors.uncertainty.draws import DRAWS
from corridors.whatif.named import Scenarios
from corridors.whatif.weights import Weights

GEODATA = "report.gpkg"
INTERACTIVE = "map.html"


@takes(StudyOptions)
def write_report(
    folder: str | Path,
    *,
    origins: str | Iterable[str] = "kazakhstan",
    destinations: Ends | Mapping[str, Ends] = DESTINATIONS,
    scenarios: Scenarios = SCENARIOS,
    weights: Weights = None,
    draws: int = DRAWS,
    net: Network | None = None,
    trade: bool = True,
    appraisal: bool = True,
    capacities: pd.DataFrame | str | None = KNOWN,
    lang: str = ENGLISH,
    **options: Unpack[StudyOptions],
) -> Path:
    """Compute the comparison and write it into a folder.

    Parameters
    ----------
    folder
        Folder to write into; it is made if it does not exist. Files of the same names are replaced, all together when
        the last of them is written.
    origins
        Places, or the name of a set of places.
    destinations
        Places, or the name of a set of places, or several of these by the name of the group; the ports and the cities
        by default.
    scenarios
        Names of bundled scenarios, scenarios or networks, in a list or by name.
    weights
        As in `compare`, for the pairs of all groups.
    draws
        Draws for bands and probabilities.
    net
        Network in normal operation; the reference network by default.
    trade
        Whether to tell of goods: delivered prices with rivals, and the flows of the tables. Without prices of suppliers
        in the countries of the origins the section is left out in any case.
    appraisal
        Whether to tell what tonnage pays for the lines, and whether they pay at the flows of the tables. Without a
        published cost and year of opening the section is left out in any case.
    capacities
        Limits of lines, crossings, terminals and ports that the flows are held against, as in `co.carry`.
    lang
        Language of the page, its pictures and the interactive map, `en` or `ru`. Notes of the tables and titles of
        sources stay as they are written; a text without a translation stays English, and the foot of the page counts
        these. The tables beside the page are in English.
    options
        As in `corridors.report.study.StudyOptions`.

    Returns
    -------
    Path
        The page, `index.html`.

    Raises
    ------
    DataFileError
        If the folder cannot be written to.
    """
    words(lang)
    base = load() if net is None else net
    results = study(base, origins, destinations, scenarios=scenarios, weights=weights, draws=draws, **options)
    goods = trade_of(results, capacities) if trade else None
    worth = appraised(results) if appraisal else None
    say = None if lang == ENGLISH else Phrases(lang, own=_own(results))
    drawn = [
        *pictures(results), *(trade_pictures(goods) if goods else []), *(worth_pictures(worth) if worth else []),
    ]  # fmt: skip
    if say is not None:
        for picture in drawn:
            translate(picture.figure, say)
    sections = section(goods) if goods else None, worth_section(worth) if worth else None
    page = render(results, drawn, *sections, say=say)
    with new_files(folder) as beside:
        more = {**(_trade_tables(goods) if goods else {}), **(worth_tables(worth) if worth else {})}
        for name, table in {**_tables(results), **more}.items():
            table.round(3).to_csv(beside / f"{name}.csv", index=False, lineterminator="\n")
        _write_geodata(beside / GEODATA, {"legs": results.legs(), "flows": results.flows(), "days": results.days()})
        _write_pictures(beside, drawn)
        (beside / INTERACTIVE).write_text(_interactive_map(results, lang).html, encoding="utf8", newline="\n")
        (beside / "index.html").write_text(page, encoding="utf8")
    return Path(folder) / "index.html"


def _own(results: Study) -> set[str]:
    """Names that no language has: those of places, crossings and scenarios."""
    tables = results.net.tables
    places, crossings = tables["places"]["name"], tables["crossings"]["name"]
    titles = {f"{title[:1].lower()}{title[1:]}" for title in results.titles.values()} | set(results.titles.values())
    bundled = set(templates("ru")) | {f"{one[:1].lower()}{one[1:]}" for one in templates("ru")}
    return (set(results.titles) | titles) - bundled | (set(map(str, [*places, *crossings])) - set(words("ru").names))


def _interactive_map(results: Study, lang: str) -> InteractiveMap:
    """Make the map of the ways of the pair shown, by rail alone and free, in every scenario."""
    routes: dict[str, dict[str, Route]] = {title: {} for title in results.titles.values()}
    for way in results.head.ways:
        for title, route in results.shown(results.titled(way)):
            routes[title][way] = route
    title = " \N{EN DASH} ".join(words(lang).name(results.net.tables.name(place)) for place in results.pair)
    return explore(results.titled().networks, routes, draws=results.draws, title=title, lang=lang)


def _tables(results: Study) -> dict[str, pd.DataFrame]:
    rankings: dict[str, list[pd.DataFrame]] = {}
    for (group, name), table in results.robust.items():
        rankings.setdefault(f"ranking-by-{name}", []).append(table.rename_axis(name).reset_index().assign(group=group))
    over_values = {
        "value-of-time": results.by_value(),
        "break-even": results.break_even(),
        "single-assumptions": results.single_assumptions(),
    } if results.values else {}  # fmt: skip
    return {
        "pairs": results.pairs(),
        "gains": results.gains(),
        "markets": results.gains("market"),
        "legs": pd.DataFrame(results.legs().drop(columns="geometry")),
        "flows": pd.DataFrame(results.flows().drop(columns="geometry")),
        "days": results.reach.table(),
        "assumptions": results.assumptions(),
        **over_values,
        **{name: pd.concat(tables, ignore_index=True) for name, tables in rankings.items()},
    }


def _trade_tables(goods: Trade) -> dict[str, pd.DataFrame]:
    tables = {"gains": goods.gains, "prices": goods.prices(), "tonnes": goods.tonnes(), "payments": goods.payments(),
              "capacities": goods.capacities(), "not-carried": goods.not_carried()}  # fmt: skip
    return {f"trade-{name}": table for name, table in tables.items() if len(table)}


def _write_geodata(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    # GDAL cannot write to every name that a folder may have
    with TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        for name, layer in layers.items():
            layer.to_file(made, layer=name, driver="GPKG", engine="pyogrio")
        shutil.copyfile(made, path)


def _write_pictures(folder: Path, drawn: Sequence[Picture]) -> None:
    for picture in drawn:
        (folder / f"{picture.name}.png").write_bytes(picture.png)
