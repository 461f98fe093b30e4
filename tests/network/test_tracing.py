"""Lines traced on a detailed network: the length is kept, the difference is reported."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import LineString

import corridors as co
from corridors.data.geography import great_circle_km
from support.networks import link, make, place

AT = {"a": (50, 60), "m": (50.5, 60.6), "n": (50.5, 59.2), "b": (51, 60)}


def detailed(km: float = 70.0, gauge: str = "1520") -> co.Network:
    """Two ways from A to B: a short one by M, a long one by N.

    ::

            B
          / |
         N  |  M
          | | /
            A
    """
    places = [place(i, "KZ", *xy) for i, xy in AT.items()]
    rows = [link("a", "m", "rail", km, gauge), link("m", "b", "rail", km, gauge), link("a", "n", "rail", 90, gauge),
            link("n", "b", "rail", 90, gauge)]  # fmt: skip
    return make(places, rows)


def straight(km: float, gauge: str = "1520") -> co.Network:
    return make([place(i, "KZ", *AT[i]) for i in "ab"], [link("a", "b", "rail", km, gauge)])


@pytest.mark.parametrize(("km", "by", "base"), [(140, "m", 140), (150, "m", 140), (200, "m", 140)])
def test_the_line_follows_the_detailed_network(km: float, by: str, base: float) -> None:
    net = straight(km)
    traced, report = co.trace(net, detailed())
    assert traced.tables.shape("links", 0).equals(LineString([AT[i][::-1] for i in ("a", by, "b")]))
    row = report.iloc[0]
    assert (row["id"], row["traced"], row["length_km"]) == ("a--b:rail-1520", True, km)
    assert row["base_km"] == pytest.approx(base)
    assert row["difference_km"] == pytest.approx(base - km, abs=1e-4)
    assert row["difference_pct"] == pytest.approx(100 * (base - km) / km, abs=1e-4)
    # what is routed does not change
    assert traced.route("a", "b").km == net.route("a", "b").km == km
    assert traced.links["alignment"].tolist() == ["traced"]
    assert net.links["alignment"].tolist() == ["straight"]


@pytest.mark.parametrize(
    ("net", "base", "reason"),
    [
        (straight(250), detailed(), "no way of 65% to 130% of its length"),
        (straight(100), detailed(), "no way of 65% to 130% of its length"),
        (straight(140, "1435"), detailed(), "no way of 65% to 130% of its length"),
        (straight(7), detailed(), "shorter than 8 km"),
    ],
)
def test_links_that_cannot_be_traced_stay_straight(net: co.Network, base: co.Network, reason: str) -> None:
    traced, report = co.trace(net, base)
    assert report["reason"].tolist() == [reason]
    assert not report["traced"].any()
    assert np.isnan(report["base_km"]).all()
    assert len(traced.tables.shape("links", 0).coords) == 2


def test_places_off_the_detailed_network_snap() -> None:
    moved = make([place("a", "KZ", 50.05, 60), place("b", "KZ", 51, 60)], [link("a", "b", "rail", 140)])
    assert not co.trace(moved, detailed(), snap_km=2)[1]["traced"].any()
    traced, report = co.trace(moved, detailed(), snap_km=8)
    assert report["traced"].all()
    line = traced.tables.shape("links", 0)
    assert line.coords[0] == (60, 50.05)
    assert great_circle_km(line) > great_circle_km(LineString([(60, 50.05), (60, 51)]))


def test_what_is_traced_and_what_is_refused() -> None:
    traced, _ = co.trace(straight(140), detailed())
    again, report = traced.trace(detailed())
    assert len(report) == 0
    assert again.tables.shape("links", 0).equals(traced.tables.shape("links", 0))
    assert len(traced.trace(detailed(), again=True)[1]) == 1
    assert len(traced.trace(detailed(), links="a--b:rail-1520", again=True)[1]) == 1
    with pytest.raises(co.UnknownNameError, match="no link 'a--c'"):
        co.trace(traced, detailed(), "a--c")
    with pytest.raises(co.InputError, match="snap_km=0"):
        co.trace(traced, detailed(), snap_km=0)


def test_reference_lines_are_found_again(net: co.Network) -> None:
    """Links without their lines, traced on the network that has them, come out along the same way."""
    part = net.select(country=["KG", "TJ"], mode="road", status="open")
    bare = co.Network.from_tables(part.tables["places"], part.tables["links"], crossings=part.tables["crossings"])
    traced, report = bare.trace(net, snap_km=1)
    long = report[report["length_km"] > 30]
    assert long["traced"].mean() > 0.9
    found = long[long["traced"]]
    assert found["difference_pct"].abs().median() < 0.5
    rows = traced.tables.rows("links")
    gaps = [
        traced.tables.shape("links", rows[i]).hausdorff_distance(part.tables.shape("links", rows[i]))
        for i in found["id"]
    ]
    assert np.median(gaps) < 0.01
