"""Names looked up offline, and what is near."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely.geometry import Point

import corridors as co
from corridors.data import bundled
from corridors.data.geography import country_distance_km


@pytest.mark.parametrize(
    ("name", "place", "country"),
    [
        ("Naibabad", "naibabad", "AF"),
        ("nayebabad", "naibabad", "AF"),
        ("Mazar i Sharif", "mazar-i-sharif", "AF"),
        ("Alat, AZ", "alat-az", "AZ"),
        ("Jalalabad, kg", "jalal-abad", "KG"),
        ("Tirinkot", "", "AF"),
    ],
)
def test_geocode(name: str, place: str, country: str) -> None:
    found = co.geocode(name)
    assert (found.place, found.country) == (place, country)
    assert found.point == Point(found.lon, found.lat)
    assert (found.kind == "town" and found.population > 0) or place != ""
    assert found.source


def test_every_place_of_the_network_is_found_by_its_id(net: co.Network) -> None:
    for ident, row in net.places.iterrows():
        found = co.gazetteer(str(ident))
        assert ident in set(found["place"])
        assert found[found["place"] == ident][["lat", "lon"]].to_numpy().tolist() == [[row["lat"], row["lon"]]]


def test_names_that_are_unknown_or_shared() -> None:
    with pytest.raises(co.UnknownNameError, match=r"in the gazetteer. Near matches: .*Naibabad \(AF\)"):
        co.geocode("Naibabat")
    with pytest.raises(co.AmbiguousNameError, match=r"Alat \(Baku port\) \(AZ, .*co.gazetteer\('Alat'\) lists them"):
        co.geocode("Alat")
    with pytest.raises(co.InputError, match="a name is expected"):
        co.geocode(" ")
    namesakes = co.gazetteer("Aktogay")
    assert len(namesakes) > 1
    assert namesakes["population"].is_monotonic_decreasing or namesakes["population"].isna().any()


def test_a_place_with_a_large_namesake_abroad_has_to_say_its_country() -> None:
    with pytest.raises(
        co.AmbiguousNameError, match=r"Hyderabad \(Sindh\) \(PK, .*Hyderabad \(IN, .*co.gazetteer\('Hyderabad'\)"
    ):
        co.geocode("Hyderabad")
    assert [co.geocode(f"Hyderabad, {code}").country for code in ("PK", "IN")] == ["PK", "IN"]
    assert co.geocode(co.geocode("Hyderabad, PK").place).country == "PK", "an id is of one place"


def test_a_point_with_swapped_degrees_is_told(net: co.Network) -> None:
    with pytest.warns(co.CorridorsWarning, match=r"Latitude comes first: 43\.24, 76\.95 is 3 km from Almaty"):
        far = net.nearest((76.95, 43.24), k=1)
    assert far["km"].iloc[0] > 1000
    assert net.nearest((43.24, 76.95), k=1)["id"].tolist() == ["almaty"]
    assert net.nearest((50.0, 52.0), k=1)["km"].iloc[0] < 200, "near the network either way: no warning"


def test_towns_lie_in_their_country() -> None:
    towns = co.gazetteer()
    towns = towns[towns["source"] == "geonames"]
    assert len(towns) > 5000
    # coasts and small islands of the base map are coarse
    assert (country_distance_km(towns) > 15).mean() < 0.005


def test_the_data_set_stays_small() -> None:
    size = sum(f.stat().st_size for f in bundled.folder().rglob("*") if f.is_file() and "__pycache__" not in f.parts)
    assert size < 5e6


def test_nearest_places_against_plain_distances(net: co.Network) -> None:
    at = (36.9, 66.2)
    found = net.nearest(at, k=7)
    km = {i: Geod(ellps="WGS84").inv(at[1], at[0], r["lon"], r["lat"])[2] / 1000 for i, r in net.places.iterrows()}
    assert list(found["id"]) == sorted(km, key=lambda i: km[str(i)])[:7]
    assert np.allclose(found["km"], sorted(km.values())[:7])


def test_nearest_of_each_kind(net: co.Network) -> None:
    assert net.nearest("karachi", "port", k=1)["id"].tolist() == ["karachi"]
    assert net.nearest("Tashkent", "port", k=1, country={"IR", "PK", "IN"})["country"].isin(["IR", "PK"]).all()
    assert set(net.nearest("Herat", k=3, system="rail")["country"]) <= {"AF", "IR", "TM"}
    rail = net.nearest("Herat", "terminal", system="rail-1520", k=2)
    assert (rail[["from_system", "to_system"]] == "rail-1520").any(axis=1).all()
    crossing = net.nearest("Kabul", "crossing", k=1, country="PK")
    assert crossing["country"].tolist() == ["AF-PK"]
    # what is closed is not near
    shut = net.close("AF-PK").nearest("Kabul", "crossing", k=3)
    assert "AF-PK" not in set(shut["country"])


def test_all_ways_to_say_where(net: co.Network) -> None:
    here = co.geocode("Naibabad")
    first = net.nearest((here.lat, here.lon), k=3)
    for where in (here.point, here, "Naibabad"):
        pd.testing.assert_frame_equal(net.nearest(where, k=3), first)
    with pytest.raises(co.InputError, match="latitude comes first"):
        net.nearest((167.4, 36.8))
    with pytest.raises(co.InputError, match="a name, \\(latitude, longitude\\)"):
        net.nearest(7)  # type: ignore[arg-type]
    with pytest.raises(co.UnknownNameError, match="Near matches"):
        net.nearest("Kabool City")
    with pytest.raises(co.InputError, match="one of place, terminal"):
        net.nearest("Kabul", "airport")
    with pytest.raises(co.InputError, match="k=0"):
        net.nearest("Kabul", k=0)
