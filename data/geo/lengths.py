"""Lengths of roads that no source prints: estimated from the network of lines and the great circle.

For maintainers. A regression over the roads whose length is printed and whose line was traced says by how much the
network of lines and the great circle are too short, by class and terrain. With it the lengths of the basis ``network``
(traced) and ``circuity`` (not traced) are computed anew, with the spread of the regression as their range. Rows of the
validation tables are not used. Needs the library and the layers:

    python data/geo/lengths.py          # shows the regression
    python data/geo/lengths.py --write  # writes the computed lengths into links.csv, too
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from layers.checks import read_layer

from corridors.base.sphere import geodesic_km

HERE = Path(__file__).resolve().parent
PRINTED = ("published", "derived")
COMPUTED = ("network", "circuity")
OWN_SOURCES = ("osm-scgraph", "road-regression", "computed")
SHORTEST_KM = 30.0  # of shorter links the ends decide
FURTHEST = 1.6  # printed over network beyond which one of them is not of this road
ROUNDS = 20  # of reweighting, so that single misfits do not decide
HUBER = 1.345
RANGE = 1.2816  # p10 to p90
# Roads of the wider network and those that lead to it: the factors stay those of the roads of the region, so that its
# computed lengths do not shift with each road that is added beyond it.
NOT_FITTED = {
    "aktobe--alimbet-rail:road", "astrakhan-city--volgograd:road", "atyrau--kurmangazy:road",
    "chelyabinsk--bugristoe:road", "kairak--kostanay:road", "qazvin--rasht-ir:road", "qazvin--tabriz:road",
    "tehran--ahvaz:road", "tehran--qazvin:road", "uralsk--syrym:road", "volgograd--moscow:road",
}  # fmt: skip
LOCAL = "local"  # drayage and border hops are not roads between towns: they keep their own lengths
TERRAIN = {"mountain": "mountain", "motorway": "motorway", "trunk": "trunk"}  # every other class is `secondary`


@dataclass(frozen=True)
class Fit:
    """A regression of log(length / great circle): factors by class, a weight of the network, and the spread.

    ``length = great_circle * factor[class] * (network / great_circle) ** share``; the spread is of the logarithm.
    """

    factor: dict[str, float]
    share: float
    spread: dict[str, float]
    rows: dict[str, int]


def roads(folder: Path = HERE) -> pd.DataFrame:
    """Roads with their great circle in km and, where they were traced, their length on the network of lines."""
    links = pd.read_csv(folder / "links.csv", dtype=str, keep_default_na=False)
    places = pd.read_csv(folder / "places.csv", dtype=str, keep_default_na=False).set_index("id")[["lon", "lat"]]
    layer = read_layer(folder / "osm" / "alignments.fgb.zip").set_index("link_id")
    table = links[(links["mode"] == "road") & ~links["id"].str.contains("@")].reset_index(names="row")
    ends = [places.loc[table[end]].astype(float) for end in ("from_id", "to_id")]
    table["length"] = table["length_km"].astype(float)
    table["straight"] = geodesic_km(*ends)
    traced = layer["osm_km"].where(layer["method"] == "traced")
    table["network"] = np.maximum(table["id"].map(traced), table["straight"])
    table["fitted"] = ~table["id"].isin(NOT_FITTED)
    table["group"] = [TERRAIN.get(name, "secondary") for name in table["class"]]
    return table


def fit(table: pd.DataFrame, *, with_network: bool) -> Fit:
    """Fit the regression to the printed lengths, with or without the network of lines as a second measure.

    Misfits beyond 1.345 standard deviations count less (Huber's weights).
    """
    known = table[table["length_basis"].isin(PRINTED) & (table["length"] >= SHORTEST_KM) & (table["class"] != LOCAL)]
    if "fitted" in known:
        known = known[known["fitted"]]
    known = known[known["network"].notna() & (known["length"] / known["network"] < FURTHEST)]
    groups = sorted(known["group"].unique())
    columns = [(known["group"] == name).astype(float) for name in groups]
    if with_network:
        columns.append(np.log(known["network"] / known["straight"]))
    design, wanted = np.column_stack(columns), np.log(known["length"] / known["straight"]).to_numpy()
    weight = np.ones(len(known))
    for _ in range(ROUNDS):
        root = np.sqrt(weight)
        found = np.linalg.lstsq(design * root[:, None], wanted * root, rcond=None)[0]
        misfit = wanted - design @ found
        scale = 1.4826 * np.median(np.abs(misfit))
        weight = np.minimum(1, HUBER * scale / np.maximum(np.abs(misfit), 1e-9))
    spread = {name: float(np.std(misfit[known["group"] == name])) for name in groups}
    factor = dict(zip(groups, np.exp(found[: len(groups)]).tolist(), strict=True))
    rows = known["group"].value_counts().to_dict()
    return Fit(factor, float(found[-1]) if with_network else 0.0, spread, {name: int(rows[name]) for name in groups})


def estimates(table: pd.DataFrame) -> pd.DataFrame:
    """Estimated length of every road with its range, in km; `on_network` where its line was traced."""
    traced, bare = fit(table, with_network=True), fit(table, with_network=False)
    on_network = table["network"].notna()
    ratio = (table["network"] / table["straight"].clip(lower=1e-9)).fillna(1.0)
    by_network = table["straight"] * table["group"].map(traced.factor) * ratio**traced.share
    by_circle = table["straight"] * table["group"].map(bare.factor)
    spread = np.where(on_network, table["group"].map(traced.spread), table["group"].map(bare.spread))
    km = np.where(on_network, np.maximum(by_network, table["network"]), by_circle)
    low = np.maximum(km * np.exp(-RANGE * spread), table["straight"])
    return pd.DataFrame({"km": km, "low": low, "high": km * np.exp(RANGE * spread), "on_network": on_network})


def left_out(table: pd.DataFrame) -> pd.Series:
    """Misfit in percent of every printed length, estimated without its own row."""
    printed = table["length_basis"].isin(PRINTED) & (table["length"] >= SHORTEST_KM) & (table["class"] != LOCAL)
    known = table.index[printed & table["network"].notna()]
    found = {}
    for row in known:
        without = table.assign(length_basis=table["length_basis"].where(table.index != row, ""))
        found[row] = float(estimates(without)["km"][row])
    return 100 * (pd.Series(found) / table["length"][known] - 1)


def write(table: pd.DataFrame, folder: Path = HERE) -> int:
    """Write the estimates into the rows of computed lengths; return how many."""
    file = folder / "links.csv"
    with file.open(encoding="utf-8", newline="") as text:
        head, *rows = csv.reader(text)
    column = {name: head.index(name) for name in head}
    found = estimates(table)
    asked = table.index[table["length_basis"].isin(COMPUTED) & (table["class"] != LOCAL) & (table["straight"] > 0)]
    for place in asked:
        row, km = rows[table["row"][place]], found.loc[place]
        for name, value in (("length_km", km["km"]), ("length_low_km", km["low"]), ("length_high_km", km["high"])):
            row[column[name]] = f"{value:.1f}".rstrip("0").rstrip(".")
        row[column["length_basis"]] = "network" if km["on_network"] else "circuity"
        others = [name for name in row[column["source"]].split(";") if name not in OWN_SOURCES]
        own = OWN_SOURCES if km["on_network"] else OWN_SOURCES[1:2]
        row[column["source"]] = ";".join([*own[:2], *others])
        row[column["confidence"]] = "C" if km["on_network"] else "assumed"
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([head, *rows])
    return len(asked)


def main() -> int:
    """Show the regression, and write the lengths if that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the computed lengths into links.csv")
    options = parser.parse_args()
    table = roads()
    for name, found in (("traced", fit(table, with_network=True)), ("not traced", fit(table, with_network=False))):
        print(f"{name}: share of the network {found.share:.2f}")
        for group, factor in found.factor.items():
            print(f"  {group:<10} rows {found.rows[group]:>3}  factor {factor:.3f}  spread {found.spread[group]:.3f}")
    misfit = left_out(table)
    print(f"left out one by one: {len(misfit)} rows, median {misfit.median():+.1f} %, "
          f"within 5 % {(misfit.abs() <= 5).mean():.0%}, within 10 % {(misfit.abs() <= 10).mean():.0%}")  # fmt: skip
    if options.write:
        print(f"{write(table)} lengths written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
