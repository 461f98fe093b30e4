"""Compute the table ``sea_distances``: distances by sea between all ports of the same waters.

For maintainers. Within the waters of the region the length of a pair is the way by water that ``layers/sea.py`` draws,
times one factor that brings such ways to the lengths of the services; a pair with a service has the length of the
service. Legs that leave these waters are drawn coarsely, so their length is that of the shipping lanes of the package
``searoute`` (Apache-2.0). It is asked for every pair, as a second opinion that stands in the notes, and needed here
only:

    pip install searoute==1.6.0
    python data/geo/build_sea_distances.py

Prints how both compare with the lengths of the services. Then draw the new legs with ``build_layers.py --only sea``.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import searoute
from layers.checks import read_layer
from layers.network import great_circle_km
from layers.sea import in_region, legs_between
from layers.tables import Tables, read_tables

HERE = Path(__file__).resolve().parent
LAKE = "Lake Van"  # the train ferry alone sails there, and nothing is chartered
INLAND = {"Caspian": (46.0, 35.0, 56.0, 48.0), LAKE: (42.0, 38.0, 44.0, 39.2)}  # west, south, east, north
SERVICE_ERROR = 0.05  # lengths of services are known within so much (source searoute-waypoints)
BARRED = {("IN", "PK")}  # ships between them are barred since May 2025, as the services of these pairs say
SOURCE = "sea-legs;searoute-1.6"
YEAR = "2026"


def main() -> int:
    """Compute, compare and write."""
    tables = read_tables([HERE])
    pairs = _pairs(tables)
    pairs["drawn_km"] = legs_between(tables, read_layer(HERE / "basemap" / "land.fgb.zip"), pairs)["sea_km"]
    pairs["searoute_km"] = [_searoute_km(tables, *pair, ports=False) for pair in _ends(pairs)]
    pairs["searoute_ports_km"] = [_searoute_km(tables, *pair, ports=True) for pair in _ends(pairs)]
    hops = tables.services.drop_duplicates(["from_id", "to_id"])
    hops = {frozenset((row["from_id"], row["to_id"])): row for row in hops.to_dict("records")}
    pairs["near"] = [all(in_region(tables, port) for port in pair) for pair in _ends(pairs)]
    served = pairs[pairs["near"] & pd.Series([frozenset(pair) in hops for pair in _ends(pairs)])].copy()
    served["service_km"] = [float(hops[frozenset(pair)]["length_km"]) for pair in _ends(served)]
    factor = float((served["service_km"] / served["drawn_km"]).median())
    low, high = np.percentile(served["service_km"] / (factor * served["drawn_km"]), (5, 95))
    print(_compared(served, factor))
    print(f"factor {factor:.3f}, service / (factor x drawn) from {low:.3f} to {high:.3f} (p05, p95)")
    span = low * (1 - SERVICE_ERROR), high * (1 + SERVICE_ERROR)
    rows = [_row(tables, row, hops, factor, span) for row in pairs.to_dict("records")]
    pd.DataFrame(rows).to_csv(HERE / "sea_distances.csv", index=False, lineterminator="\n")
    print(f"wrote {len(rows)} rows to sea_distances.csv")
    return 0


def _pairs(tables: Tables) -> pd.DataFrame:
    """List the pairs of ports with a sea terminal, in the order of a service that joins them, if one does."""
    at_sea = (tables.terminals[["from_system", "to_system"]] == "sea").any(axis=1)
    ports = sorted(set(tables.terminals["place"][at_sea]))
    served = set(zip(tables.services["from_id"], tables.services["to_id"], strict=True))
    found = []
    for first, second in combinations(ports, 2):
        if _waters(tables, first) == _waters(tables, second) != LAKE:
            found.append((second, first) if (second, first) in served else (first, second))
    return pd.DataFrame(found, columns=["from_id", "to_id"])


def _ends(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(pairs["from_id"], pairs["to_id"], strict=True))


def _waters(tables: Tables, port: str) -> str:
    """Waters that a port lies at; all but the inland ones are joined."""
    lon, lat = tables.position(port)
    inside = (name for name, (west, south, east, north) in INLAND.items() if west < lon < east and south < lat < north)
    return next(inside, "ocean")


def _searoute_km(tables: Tables, first: str, second: str, *, ports: bool) -> float:
    """Length of the way of searoute with the straight lines to the two ports, or by way of its own ports."""
    ends = tables.position(first), tables.position(second)
    return float(searoute.searoute(*ends, append_orig_dest=True, include_ports=ports).properties["length"])


def _row(
    tables: Tables, pair: dict[str, object], hops: dict[frozenset[str], dict[str, str]], factor: float,
    span: tuple[float, float],
) -> dict[str, object]:  # fmt: skip
    """Make one row of the table."""
    first, second = str(pair["from_id"]), str(pair["to_id"])
    countries = tuple(sorted(str(tables.places.loc[port, "country"]) for port in (first, second)))
    note = f"searoute {pair['searoute_km']:.0f} km, by its own ports {pair['searoute_ports_km']:.0f} km"
    hop = hops.get(frozenset((first, second)))
    if hop is None and pair["near"]:
        km = factor * float(str(pair["drawn_km"]))
        lengths = [f"{part * km:.0f}" for part in (1.0, *span)]
        basis, source, confidence = "network", SOURCE, "C"
    elif hop is None:
        # its lanes run past a port, so the ends may be cut off where two ports are near
        ends = (np.array([tables.position(port)]) for port in (first, second))
        km = max(float(str(pair["searoute_km"])), factor * float(great_circle_km(*ends)[0]))
        lengths = [f"{part * km:.0f}" for part in (1.0, 1 - SERVICE_ERROR, 1 + SERVICE_ERROR)]
        basis, source, confidence = "network", "searoute-1.6", "C"
    else:
        lengths = [hop[name] for name in ("length_km", "length_low_km", "length_high_km")]
        basis, confidence = hop["length_basis"], "B" if hop["length_basis"] == "published" else "C"
        own = [name for name in ("searoute-wider", "computed") if name in hop["source"].split(";")]
        source = "agrosektor-2025" if basis == "published" else (own or ["searoute-waypoints"])[0]
        note = f"length of the service; {note}"
    barred = countries in BARRED
    if barred:
        source, note = f"dawn-2025-india-ban;{source}", f"ships between the two countries are barred; {note}"
    return {
        "id": f"{first}--{second}", "from_id": first, "to_id": second, "length_km": lengths[0],
        "length_low_km": lengths[1], "length_high_km": lengths[2], "length_basis": basis,
        "status": "suspended" if barred else "open", "source": source, "year": YEAR, "confidence": confidence,
        "note": note,
    }  # fmt: skip


def _compared(served: pd.DataFrame, factor: float) -> str:
    """Compare both ways of finding a distance with the lengths of the services."""
    table = served.set_index("service_km")
    ratios = pd.DataFrame(
        {
            "drawn x factor": factor * table["drawn_km"] / table.index,
            "searoute": table["searoute_km"] / table.index,
            "searoute by its ports": table["searoute_ports_km"] / table.index,
        }
    )
    within = (abs(ratios - 1) <= SERVICE_ERROR).sum().rename("within 5 %")
    points = ratios.describe(percentiles=[0.05, 0.5, 0.95]).T
    listed = served.assign(**{name: column.to_numpy().round(3) for name, column in ratios.items()})
    return listed.to_string(index=False) + "\n\n" + points.join(within).round(3).to_string()


if __name__ == "__main__":
    sys.exit(main())
