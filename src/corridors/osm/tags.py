"""Tags of OpenStreetMap: which are kept, and what they say of mode, gauge, class, traction and status."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from corridors.data import schema
from corridors.osm.rules import RAILWAYS, Rules

WAY_TAGS = (
    "railway", "gauge", "electrified", "usage", "service", "tracks", "maxspeed", "highway", "surface", "oneway", "area",
    "access", "vehicle", "motor_vehicle", "motorcar", "hgv", "route", "ferry", "train", "interval", "duration", "name",
    "name:en", "ref", "construction", "proposed",
)  # fmt: skip
"""Tags of ways that are kept."""

POINT_TAGS = (
    "railway", "station", "subway", "light_rail", "tram", "monorail", "barrier", "place", "industrial",
    "name", "name:en",
)  # fmt: skip
"""Tags of points and areas that are kept."""

FREIGHT_AREAS = ("intermodal_freight_terminal", "container_terminal", "freight_terminal")
"""Values of `industrial` that mark a freight terminal."""

BORDER_POINTS = (("barrier", "border_control"), ("railway", "border"))
"""Tags of points that mark a border crossing."""

UNPAVED = frozenset(
    ("unpaved", "gravel", "fine_gravel", "dirt", "earth", "ground", "sand", "mud", "compacted", "pebblestone", "grass",
     "rock", "ice", "snow", "salt")
)  # fmt: skip
"""Values of `surface` that make a road weak."""

_LONGEST = 255
_NO_TRAINS = frozenset(("tourism", "military", "test", "scientific", "leisure"))
_YARD = frozenset(("yard", "siding", "spur"))
_SHUT = frozenset(("no", "private"))
_ELECTRIC = frozenset(("contact_line", "yes", "rail", "4th_rail", "contact_line;rail", "rail;contact_line"))
_NUMBER = re.compile(r"\d+")


def kept(tags: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, ...]:
    """Values of some tags in order; a value beyond the length that OpenStreetMap allows is cut."""
    return tuple(tags.get(name, "")[:_LONGEST] for name in names)


def gauges(text: str, alike: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Read a `gauge` tag: every gauge that the schema knows, in the order of their width.

    Parameters
    ----------
    text
        Such as `1435`, `1435;1520`, `1520 mm`, `standard`.
    alike
        Gauges that are taken for another.

    >>> gauges("1520;1435"), gauges("1524", {"1524": "1520"}), gauges("standard"), gauges("broad")
    (('1435', '1520'), ('1520',), ('1435',), ())
    """
    choices = schema.tables()["links"]["gauge_mm"].choices
    words = _NUMBER.findall(text.replace("standard", "1435"))
    found = {(alike or {}).get(word, word) for word in words}
    return tuple(sorted((g for g in found if g in choices), key=int))


def speed_kmh(text: str) -> float:
    """Read a `maxspeed` tag in km/h; NaN where it has no number.

    >>> speed_kmh("80"), round(speed_kmh("50 mph"), 1), speed_kmh("RU:urban")
    (80.0, 80.5, nan)
    """
    number = re.match(r"\s*(\d+(?:\.\d+)?)\s*(mph)?", text)
    if not number:
        return float("nan")
    return float(number[1]) * (1.609344 if number[2] else 1.0)


def classify(tags: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Say of every way what it is to a network.

    Returns
    -------
    DataFrame
        Per way: mode (`rail`, `road`, `sea`), kind (its tag class, such as `rail main` or `motorway`), class,
        gauges (`1435;1520`), traction, status, and dropped (the reason, blank where it is kept).
    """
    read = ["railway", "gauge", "electrified", "usage", "service", "highway", "surface", "area", "access", "vehicle",
            "motor_vehicle", "motorcar", "hgv", "route", "train", "construction", "proposed"]  # fmt: skip
    columns = ["mode", "kind", "class", "gauges", "traction", "status", "dropped"]
    group = tags.groupby(read, sort=False, dropna=False).ngroup() if len(tags) else pd.Series([], dtype=int)
    cases = tags[read].drop_duplicates().to_dict("records")
    rows = [_classify({str(k): str(v) for k, v in case.items()}, rules) for case in cases]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    return table.iloc[group.to_numpy()].reset_index(drop=True)


Row = tuple[str, str, str, str, str, str, str]


def _classify(tags: dict[str, str], rules: Rules) -> Row:
    status = "open"
    for stage in ("construction", "proposed"):
        if stage in (tags["railway"], tags["highway"]):
            status = {"construction": "under_construction", "proposed": "planned"}[stage]
            key = "railway" if tags["railway"] == stage else "highway"
            tags = {**tags, key: tags[stage]}
    if tags["route"] == "ferry" or tags["railway"] == "ferry":
        return _ferry(tags, rules, status)
    if tags["railway"] and (tags["railway"] in RAILWAYS or not tags["highway"]):
        return _railway(tags, rules, status)
    return _road(tags, rules, status)


def _railway(tags: dict[str, str], rules: Rules, status: str) -> Row:
    usage = tags["usage"]
    kind = f"{tags['railway']} {tags['service'] or usage}".strip()
    traction = "electric" if tags["electrified"] in _ELECTRIC else "diesel" if tags["electrified"] == "no" else ""
    found = ";".join(gauges(tags["gauge"], rules.alike))
    if tags["railway"] not in rules.railways:
        dropped = f"railway={tags['railway']}"
    elif status != "open":
        dropped = "not yet built"
    elif tags["service"] in _YARD and not rules.service_tracks:
        dropped = f"service={tags['service']}"
    elif usage in _NO_TRAINS:
        dropped = f"usage={usage}"
    elif tags["gauge"] and not found and not _silent(tags["gauge"]):
        dropped = f"gauge={tags['gauge'][:20]}"
    else:
        dropped = ""
    small = tags["railway"] == "narrow_gauge" or tags["service"] in _YARD
    klass = "weak" if small else rules.rail_class.get(usage, rules.rail_class.get("", "secondary"))
    return "rail", kind, klass, found, traction, status, dropped


def _silent(text: str) -> bool:
    """Tell whether a gauge tag says no width at all, such as `broad` or `unknown`."""
    return not _NUMBER.search(text)


def _road(tags: dict[str, str], rules: Rules, status: str) -> Row:
    kind = tags["highway"].removesuffix("_link")
    shut = next((f"{key}={tags[key]}" for key in ("hgv", "motor_vehicle", "vehicle", "access") if tags[key]), "")
    if kind not in rules.roads:
        dropped = f"highway={tags['highway']}" if kind else "neither rail, road nor ferry"
    elif status != "open":
        dropped = "not yet built"
    elif shut.partition("=")[2] in _SHUT:
        dropped = shut
    elif tags["area"] == "yes":
        dropped = "area=yes"
    else:
        dropped = ""
    klass = "weak" if tags["surface"] in UNPAVED else rules.road_class.get(kind, "local")
    return "road", kind, klass, "", "", status, dropped


def _ferry(tags: dict[str, str], rules: Rules, status: str) -> Row:
    trains = tags["railway"] == "ferry" or tags["train"] in ("yes", "designated")
    closed = [f"{key}={tags[key]}" for key in ("hgv", "motor_vehicle", "motorcar", "vehicle", "access")
              if tags[key] in _SHUT]  # fmt: skip
    if not rules.ferries:
        dropped = "ferry"
    elif status != "open":
        dropped = "not yet built"
    elif closed and not trains:
        dropped = f"ferry, {closed[0]}"
    else:
        dropped = ""
    found = ";".join(gauges(tags["gauge"], rules.alike)) if trains else ""
    return "sea", "ferry rail" if trains else "ferry", "ferry", found, "", status, dropped
