"""Styles of the layers of a GeoPackage for QGIS (QML): the colours and dashes of the maps of the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from corridors.base.looks import CROSS, DWELL, DWELL_EDGE, HALO, INK, MUTED, SYSTEMS
from corridors.base.names import mode_and_gauge

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.28"
_MM_PER_PT = 25.4 / 72
_LABELS_TO = 4_000_000
"""Names of places are shown from this scale on (its denominator)."""

NOT_BUILT = "\"status\" IN ('planned', 'under_construction')"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one group of features looks like: a QGIS filter, a name for the legend, and the parts of its symbol."""

    label: str
    where: str
    parts: tuple[dict[str, str], ...]
    kind: str


def styles(layers: Iterable[str]) -> dict[str, str]:
    """Style of every layer as QML."""
    return {layer: _MAKERS[layer]() for layer in layers}


def _rgb(color: str, alpha: int = 255) -> str:
    parts = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return ",".join(map(str, [*parts, alpha]))


def _stroke(color: str, width_mm: float, *, dash: str = "", dots: bool = False) -> dict[str, str]:
    options = {"line_color": _rgb(color), "line_width": f"{width_mm:.2f}", "line_width_unit": "MM"}
    options |= {"capstyle": "flat", "joinstyle": "round", "line_style": "dot" if dots else "solid"}
    if dash:
        options |= {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "MM"}
    return options


def _marker(color: str, size_mm: float, shape: str = "circle", edge: str = INK) -> dict[str, str]:
    options = {"name": shape, "color": _rgb(color), "size": f"{size_mm:.1f}", "size_unit": "MM"}
    return options | {"outline_color": _rgb(edge), "outline_width": "0.2", "outline_width_unit": "MM"}


def _line_rules() -> list[Rule]:
    rules = []
    for system, style in SYSTEMS.items():
        if system == "sea":
            continue
        mode, gauge = mode_and_gauge(system)
        which = f"\"mode\" = '{mode}'" + (f" AND \"gauge_mm\" = '{gauge}'" if gauge else "")
        wide = 2.0 * style.thin * _MM_PER_PT
        built = [_stroke(style.color, wide)]
        if style.inlay != (0, 0):
            # as on the maps: 1435 mm with white strokes, 1676 mm with a white line
            dash = "" if style.inlay == (1, 0) else "1.6;1.6"
            built.append(_stroke(HALO, wide / 3, dash=dash))
        rules.append(Rule(style.label, f"{which} AND \"status\" IN ('open', 'seasonal')", tuple(built), "line"))
        dashed = (_stroke(style.color, wide, dash="2;1.2"),)
        rules.append(Rule(f"{style.label}, not built", f"{which} AND {NOT_BUILT}", dashed, "line"))
        rules.append(Rule(f"{style.label}, suspended", f"{which} AND \"status\" = 'suspended'",
                          (_stroke(MUTED, wide, dash="0.6;1"),), "line"))  # fmt: skip
    return rules


def _links() -> str:
    return _qml(_line_rules(), geometry=1)


def _services() -> str:
    sea = SYSTEMS["sea"]
    return _qml([Rule(sea.label, "", (_stroke(sea.color, 2 * sea.thin * _MM_PER_PT, dots=True),), "line")], geometry=1)


def _crossings() -> str:
    shut = "\"status\" NOT IN ('open', 'seasonal')"
    rules = [
        Rule("Border crossing", f"NOT ({shut})", (_marker(DWELL, 2.2, "diamond", DWELL_EDGE),), "marker"),
        Rule("Border crossing, not open", shut, (_marker(HALO, 2.2, "diamond", CROSS),), "marker"),
    ]
    return _qml(rules, geometry=0)


def _terminals() -> str:
    port = "\"from_system\" = 'sea' OR \"to_system\" = 'sea'"
    gauge = "\"from_system\" LIKE 'rail%' AND \"to_system\" LIKE 'rail%'"
    rules = [
        Rule("Port", port, (_marker(SYSTEMS["sea"].color, 2.6, "triangle"),), "marker"),
        Rule("Gauge change", gauge, (_marker(SYSTEMS["rail-1520"].color, 2.4, "square"),), "marker"),
        Rule("Rail-road terminal", f"NOT ({port}) AND NOT ({gauge})", (_marker(HALO, 2.4, "square"),), "marker"),
    ]
    return _qml(rules, geometry=0)


def _places() -> str:
    large = "\"kind\" IN ('city', 'port')"
    border = "\"kind\" IN ('border', 'pass')"
    rules = [
        Rule("City or port", large, (_marker(HALO, 1.8),), "marker"),
        Rule("Border point or pass", border, (_marker(DWELL, 1.0, edge=DWELL_EDGE),), "marker"),
        Rule("Other place", f"NOT ({large}) AND NOT ({border})", (_marker(MUTED, 0.8, edge=MUTED),), "marker"),
    ]
    return _qml(rules, geometry=0, label="name")


_MAKERS: dict[str, Callable[[], str]] = {
    "links": _links,
    "services": _services,
    "crossings": _crossings,
    "terminals": _terminals,
    "places": _places,
}

_SYMBOL_LAYER = {"line": "SimpleLine", "marker": "SimpleMarker"}


def _qml(rules: list[Rule], *, geometry: int, label: str = "") -> str:
    """Write a style of rules, with labels by a column if one is named."""
    root = ET.Element(
        "qgis",
        version=_VERSION,
        styleCategories="Symbology|Labeling",
        labelsEnabled="1" if label else "0",
    )
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    tree = ET.SubElement(renderer, "rules", key="corridors")
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        named = {"key": f"rule-{number}", "symbol": str(number), "label": rule.label}
        ET.SubElement(tree, "rule", {**named, **({"filter": rule.where} if rule.where else {})})
        symbol = ET.SubElement(symbols, "symbol", type=rule.kind, name=str(number), alpha="1", clip_to_extent="1")
        for part in rule.parts:
            layer = ET.SubElement(symbol, "layer", {"class": _SYMBOL_LAYER[rule.kind], "enabled": "1", "pass": "0"})
            options = ET.SubElement(layer, "Option", type="Map")
            for name, value in part.items():
                ET.SubElement(options, "Option", type="QString", name=name, value=value)
    if label:
        _add_labels(root, label)
    ET.SubElement(root, "layerGeometryType").text = str(geometry)
    ET.indent(root)
    return _HEAD + ET.tostring(root, encoding="unicode")


def _add_labels(root: ET.Element, column: str) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    text = ET.SubElement(
        settings, "text-style", fieldName=column, isExpression="0", fontFamily="DejaVu Sans", fontSize="7.5",
        fontSizeUnit="Point", textColor=_rgb(INK), textOpacity="1",
    )  # fmt: skip
    ET.SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.7", bufferSizeUnits="MM", bufferColor=_rgb(HALO),
        bufferOpacity="1",
    )  # fmt: skip
    ET.SubElement(settings, "placement", placement="6", dist="0.8", distUnits="MM")
    ET.SubElement(settings, "rendering", scaleVisibility="1", scaleMin=str(_LABELS_TO), scaleMax="1", obstacle="1")
