"""From tagged ways to a network: the steps that every reader shares, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.base.errors import DataFileError
from corridors.base.sphere import Floats
from corridors.data import bundled
from corridors.data.osm_account import Log
from corridors.network.network import Network
from corridors.osm import borders, sites
from corridors.osm.frames import make_network
from corridors.osm.linking import link_up
from corridors.osm.rules import Rules
from corridors.osm.tags import classify
from corridors.osm.ways import Ways, clean
from corridors.osm.web import make_web

CODED = ["mode", "kind", "class", "gauges", "traction", "status"]


def assemble(
    ways: Ways,
    *,
    source: str,
    name: str,
    country: str | gpd.GeoDataFrame | None,
    rules: Rules,
    as_of: str = "",
    notes: Mapping[str, int] | None = None,
) -> Network:
    """Make a network of tagged ways; `notes` go into the report as repairs.

    Raises
    ------
    DataFileError
        If nothing is left of what the rules ask for.
    """
    log = Log(source)
    ways, repaired = clean(ways)
    for what, number in {**{_REPAIRED[what]: number for what, number in repaired.items()}, **(notes or {})}.items():
        log.repair(what, number)
    ways, kinds, countries = _choose(ways, country, rules, log)
    kinds = kinds.assign(code=kinds.groupby(CODED, sort=False).ngroup())
    found = sites.find(ways.points, rules)
    web = make_web(ways, kinds, found, rules, log, one_country=len(countries.codes) == 1)
    linked = link_up(web, countries, log)
    if linked.links.empty:
        raise DataFileError(
            f"{source} gives no link: {_reasons(log)}. Lines outside all countries need country=, a code such as 'FI' "
            "or a layer of countries."
        )
    return make_network(web, linked, log, name=name, as_of=as_of)


_REPAIRED = {
    "clipped": "ways cut where the file lacks their nodes",
    "lost": "ways lost because the file lacks their nodes",
    "doubled": "ways that repeat another",
}


def _choose(
    ways: Ways, country: str | gpd.GeoDataFrame | None, rules: Rules, log: Log
) -> tuple[Ways, pd.DataFrame, borders.Countries]:
    """Keep the ways that the rules ask for, with a gauge for every track."""
    kinds = classify(ways.tags, rules)
    km = np.bincount(ways.way_of_ref, ways.edge_km(), minlength=len(ways))
    box = _box(ways.lonlat)
    countries = borders.countries_of(country, box)
    bare = np.flatnonzero((kinds["mode"] == "rail") & (kinds["dropped"] == "") & (kinds["gauges"] == ""))
    if len(bare):
        middle = ways.refs[(ways.start[bare] + ways.start[bare + 1]) // 2]
        here = countries.at(ways.lonlat[middle])
        here[here < 0] = countries.nearest(ways.lonlat[middle[here < 0]], rules.coast_km)
        codes = [countries.codes[n] if n >= 0 else "" for n in here]
        given = [_gauge(code, rules) for code in codes]
        kinds.loc[bare, "gauges"] = given
        without = np.array([not g for g in given])
        kinds.loc[bare[without], "dropped"] = "no gauge tag and no rule for its country"
        log.assume("gauge of tracks without a tag", int((~without).sum()), float(km[bare[~without]].sum()))
    log.ways(kinds, km)
    rows = np.flatnonzero(kinds["dropped"] == "")
    if len(rows) == 0:
        raise DataFileError(
            f"{log.source} holds no railway, road or ferry that the rules ask for; "
            f"of {len(ways)} ways looked at were dropped: {_reasons(log)}."
        )
    return ways.take(rows), kinds.iloc[rows].reset_index(drop=True), countries


def _reasons(log: Log) -> str:
    """Name the most frequent reasons for which ways were dropped."""
    ranked = sorted(log.dropped, key=lambda row: -row[2])[:6]
    return "; ".join(f"{reason} ({number})" for reason, _, number, _ in ranked) or "none"


def _box(lonlat: Floats) -> tuple[float, float, float, float]:
    if not np.isfinite(lonlat).any():
        return (0.0, 0.0, 0.0, 0.0)
    west, south = np.nanmin(lonlat, axis=0)
    east, north = np.nanmax(lonlat, axis=0)
    return float(west), float(south), float(east), float(north)


def _gauge(country: str, rules: Rules) -> str:
    """Gauge in mm that a rule states for a country, blank where none does."""
    if isinstance(rules.gauge, str):
        return rules.gauge
    stated = rules.gauge or {}
    return stated.get(country, "") or reference_gauges().get(country, "")


@cache
def reference_gauges() -> dict[str, str]:
    """Gauge in mm with the most km of open line in each country of the reference network.

    >>> reference_gauges()["KZ"], reference_gauges()["PK"]
    ('1520', '1676')
    """
    tables = bundled.reference()
    links = tables["links"][(tables["links"]["mode"] == "rail") & (tables["links"]["status"] == "open")]
    country = links["from_id"].map(tables["places"].set_index("id")["country"])
    km = links.groupby([country.rename("country"), "gauge_mm"])["length_km"].sum().sort_values()
    return {str(code): str(gauge) for code, gauge in km.index}
