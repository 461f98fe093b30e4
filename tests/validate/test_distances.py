"""Published distances by rail, road and sea against the routed ones: ranges, places passed, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import corridors as co
from corridors.validate.distances import distances


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype=object).fillna("")


def one(net: co.Network, row: dict[str, object], mode: str = "road", **more: object) -> pd.Series:
    return distances(net, table({**row, **more}), mode=mode).table().iloc[0]


def test_a_range_is_met_anywhere_inside(net: co.Network) -> None:
    km = net.route("kabul", "herat", modes=["road"], by="distance", cargo="truck").km
    row = {"from_id": "kabul", "to_id": "herat", "published_km": km + 100}
    assert one(net, row)["error_pct"] == pytest.approx(-10000 / (km + 100), abs=0.1)
    inside = one(net, row, low_km=km - 1, high_km=km + 150)
    assert inside["error_pct"] == 0
    assert inside["within"]
    assert one(net, row, low_km=km * 1.06, high_km=km * 1.2)["error_pct"] == pytest.approx(-5.66, abs=0.01)


def test_below_the_great_circle_is_impossible_and_not_counted(net: co.Network) -> None:
    rows = table(
        {"from_id": "kabul", "to_id": "herat", "published_km": 400},
        {"from_id": "karachi", "to_id": "peshawar", "published_km": 1421, "low_km": 1300, "high_km": 1600},
    )
    found = distances(net, rows, mode="road")
    assert found.table()["impossible"].tolist() == [True, False]
    assert found.share_within == 1.0
    text = str(found)
    assert "1 of 1 within 5 % (100%)" in text
    assert "impossible, below the great circle: Kabul - Herat (400 km, great circle 64" in text


def test_places_passed_count_for_the_great_circle(net: co.Network) -> None:
    row = {"from_id": "karachi", "to_id": "peshawar", "published_km": 1300}
    assert not one(net, row)["impossible"]
    assert one(net, row, via="quetta, lahore")["impossible"]
    assert one(net, row, via="quetta, lahore")["way"] == "Karachi - Peshawar by Quetta, Lahore"


def test_sea_is_measured_from_port_to_port(net: co.Network) -> None:
    hops = net.services.groupby(["from_id", "to_id"])["length_km"].min()
    km = hops["karachi", "jebel-ali"]
    row = {"from_id": "karachi", "to_id": "jebel-ali", "published_km": 1361}
    assert one(net, row, "sea")["model_km"] == km
    assert distances(net, table({**row, "mode": "sea"}), mode="road").table().iloc[0]["model_km"] == km
    assert "no services join these ports" in one(net, {**row, "to_id": "aktau"}, "sea")["problem"]


def test_in_sample_rows_are_told_apart(net: co.Network) -> None:
    km = net.route("almaty", "lugovaya", modes=["rail"], by="distance", cargo="wagon").km
    rows = table(
        {
            "from_id": "almaty",
            "to_id": "lugovaya",
            "published_km": km,
            "independent": "no (a length was taken from it)",
        },
        {"from_id": "almaty", "to_id": "saryagash", "published_km": 1100, "independent": "yes"},
    )
    assert str(distances(net, rows)).endswith("1 of 2 within 2 % (50%); independent: 0 of 1; in-sample: 1 of 1")


def test_arguments_that_cannot_be(net: co.Network, tmp_path: Path) -> None:
    with pytest.raises(co.InputError, match="one of rail, road, sea"):
        distances(net, mode="air")
    with pytest.raises(co.InputError, match="no published distances by sea are bundled"):
        distances(net, mode="sea")
    row = {"from_id": "kabul", "to_id": "herat", "published_km": 1, "mode": "air"}
    assert "is not one of rail, road, sea" in distances(net, table(row)).table()["problem"].item()
    with pytest.raises(co.DataFileError, match="no file"):
        distances(net, tmp_path / "none.csv")
