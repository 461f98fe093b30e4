"""Spread of routes and matrices, events, seasons, CPMM indicators and units, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import corridors as co
from corridors.base.units import Load, in_unit
from corridors.measures import cpmm
from corridors.uncertainty import totals
from support.networks import PARAMETERS, POSITIONS, crossing, link, make, parameter, place

PLACES = [place(i, *at) for i, at in POSITIONS.items()]


def two_roads(cv: float = 0.5) -> co.Network:
    """Two ways from C to D, 100 and 110 km, on lines of their own with speeds that vary apart."""
    speeds = [parameter("line_haul", "hours", 25, "km/h", line=n, mode="road", trip_cv=cv) for n in ("north", "south")]
    links = [link("c", "d", "road", km, line=n, id=n) for n, km in (("north", 100), ("south", 110))]
    return make(PLACES, links, parameters=[*PARAMETERS, *speeds])


def test_adapting_is_never_worse_and_sometimes_better() -> None:
    route = two_roads().route("c", "d", by="hours", cargo="truck")
    kept = route.distribution(draws=400, seed=2)
    free = route.distribution(draws=400, seed=2, adapt=True)
    assert (free.samples <= kept.samples + 1e-9).all()
    assert free.mean < kept.mean - 0.1


def test_adapting_without_spread_changes_nothing() -> None:
    route = two_roads(0).route("c", "d", by="hours", cargo="truck")
    assert np.ptp(route.distribution(draws=5, adapt=True).samples) == 0
    assert route.distribution(draws=5, adapt=True).samples[0] == pytest.approx(route.hours)


def border(**more: object) -> co.Network:
    event = {"id": "x", "kind": "crossing", "target": "x", "mode": "road", "rate_per_year": 2, "duration_d": 10}
    return make(
        PLACES,
        [link("a", "b", "road", 50), link("b", "c", "road", 2, crossing="x", border_km=1), link("c", "d", "road", 30)],
        crossings=[crossing("x", "b", "c"), crossing("y", "b", "d")],
        events=[{**event, "source": "s", "confidence": "C", **more}],
    )


def test_closures_come_at_their_rate_and_are_off_by_default() -> None:
    route = border().route("a", "d", cargo="truck")
    assert np.ptp(route.distribution(draws=100).samples) == 0
    found = route.distribution(draws=60_000, closures=True)
    share = 2 * 10 / 365
    assert found.expected == pytest.approx(route.hours + share * 240)
    assert found.mean == pytest.approx(found.expected, rel=0.05)
    late = found.samples > route.hours
    assert late.mean() == pytest.approx(share, rel=0.05)
    waits = found.samples[late] - route.hours
    assert np.percentile(waits, 50) == pytest.approx(stats.expon(scale=240).median(), rel=0.06)
    with pytest.raises(co.InputError, match="closures add hours"):
        route.distribution("cost_usd_t", closures=True)


def test_closures_of_another_mode_or_place_do_not_count() -> None:
    for more in ({"mode": "rail"}, {"target": "y"}):
        route = border(**more).route("a", "d", cargo="truck")
        assert totals.closure_hours(route, 10, 0)[1] == 0


def test_matrix_with_draws_agrees_with_routes(net: co.Network) -> None:
    options = {"cargo": "truck", "by": "generalized"}
    table = net.matrix(["Tashkent"], ["Karachi", "Kabul"], "hours", draws=300, seed=5, **options)
    route = net.route("Tashkent", "Karachi", cargo="truck")
    spread = route.distribution(draws=300, seed=5)
    assert table.loc[("tashkent", "karachi"), "p95"] == spread.percentile(95)
    assert table.loc[("tashkent", "karachi"), "expected"] == pytest.approx(route.hours)
    _, samples = totals.matrix(net.routes(["Tashkent"], ["Karachi"], **options), draws=300, seed=5)
    assert np.array_equal(samples["tashkent", "karachi"], spread.samples)


def test_unreachable_pairs_stay_infinite(net: co.Network) -> None:
    table = net.matrix(["Almaty"], ["Gwadar"], "hours", draws=10, modes={"rail"})
    assert table.loc[("almaty", "gwadar"), "p50"] == np.inf


def test_a_project_on_no_path_changes_no_draw(net: co.Network) -> None:
    options = {"cargo": "wagon", "modes": {"rail"}}
    before = net.route("Almaty", "Tashkent", **options).distribution(draws=200, seed=9).samples
    after = net.build("chabahar-zahedan").route("Almaty", "Tashkent", **options).distribution(draws=200, seed=9).samples
    assert np.array_equal(before, after)


def test_winter_on_the_salang(net: co.Network) -> None:
    winter = net.in_season("winter")
    slow = winter.route("Tashkent", "Kabul", cargo="truck", via="salang")
    fast = net.route("Tashkent", "Kabul", cargo="truck", via="salang")
    salang = net.links.loc[["doshi--salang:road", "salang--charikar:road"], "length_km"].sum()
    base = net.parameters.loc["stops/AF/road/hours", "value"]
    snow = net.parameters.loc["stops/Salang/winter/road/hours", "value"]
    assert slow.hours - fast.hours == pytest.approx(salang / 1000 * (snow - base))
    assert winter.in_season("").view == net.view
    with pytest.raises(co.UnknownNameError, match="winter"):
        net.in_season("monsoon")


def test_cpmm_indicators_by_hand(line: co.Network) -> None:
    route = line.route("a", "e", cargo="container")
    table = cpmm.sections(route)
    kz, uz = table.loc[("KZ", "rail")], table.loc[("UZ", "rail")]
    assert kz["swod_kmh"] == uz["swod_kmh"] == pytest.approx(50)
    # 104 km in Kazakhstan: 2.08 h moving, 2.08 h yards, 4 h to leave; 3 USD/t at the border
    assert kz["swd_kmh"] == pytest.approx(104 / (2.08 + 2.08 + 4))
    assert kz["tfi3_usd"] == pytest.approx((104 * 0.02 + 3) / 104 * 500 * 20)
    sides = cpmm.border_sides(route)
    assert list(sides["hours"]) == [4, 6]
    assert list(sides["tfi2_usd"]) == [60, 60]
    whole = cpmm.all_sections(route)
    assert whole["swd_kmh"] == pytest.approx(260 / (260 / 50 + 260 * 0.02 + 10))


def test_cpmm_of_metrics() -> None:
    """500 km, 10 h moving, 15 h stops: SWOD 50 and SWD 20; 900 USD over 750 km with 24 t: 500 USD per 500 km, 20 t."""
    rows = [
        parameter("line_haul", "hours", 50, "km/h", mode="road"),
        parameter("stops", "hours", 30, "h/1000km", mode="road"),
        parameter("line_haul", "cost", 900 / 24 / 750, "USD/tkm", mode="road"),
        parameter("line_haul", "emissions", 0, "g/tkm", mode="road"),
    ]
    net = make(PLACES, [link("c", "d", "road", 500)], parameters=rows)
    whole = cpmm.all_sections(net.route("c", "d", cargo="truck"))
    assert (whole["swod_kmh"], whole["swd_kmh"]) == (pytest.approx(50), pytest.approx(20))
    assert whole["tfi3_usd"] == pytest.approx(500)


def test_costs_per_box_truck_and_wagon(line: co.Network) -> None:
    route = line.route("a", "e")
    assert [route.cost_usd(u) / route.cost_usd_t for u in ("tonne", "teu", "feu", "truck", "wagon")] == [
        1,
        pytest.approx(12.8),
        20,
        20,
        60,
    ]
    with pytest.raises(co.InputError, match="one of tonne"):
        in_unit("camel", Load("feu", 20.0), "land")
