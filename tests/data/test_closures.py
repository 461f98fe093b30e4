"""What closures, events, crossings, projects and parameters may not say: each is refused by name, or put in order."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy import stats

import corridors as co
from corridors.data import opening, schema
from corridors.data.parameters import KEYS
from support.networks import PARAMETERS, POSITIONS, crossing, link, make, parameter, place, terminal

PLACES = [place(ident, *at) for ident, at in POSITIONS.items()]
SOURCED = {"source": "s", "confidence": "A"}
CLOSURE = {"id": "k", "kind": "countries", "target": "KZ-UZ", "reason": "r", **SOURCED}


def border(*, closures: tuple = (), **more: object) -> co.Network:
    """A - B |x| C - D, with a ship from A to D and a planned road over the crossing y."""
    return make(
        PLACES,
        [
            link("a", "b", "road", 50),
            link("b", "c", "road", 2, crossing="x", border_km=1),
            link("c", "d", "road", 30),
            link("b", "d", "road", 9, crossing="y", border_km=1, status="planned", project="new", id="later"),
        ],
        crossings=[crossing("x", "b", "c", modes="road"), crossing("y", "b", "d", status="planned")],
        projects=[
            {"id": "new", "name": "N", "kind": "new", "status": "p", "countries": "UZ", **SOURCED}
        ],
        services=[
            {"id": "s--a--d", "service": "s", "name": "S", "from_id": "a", "to_id": "d", "mode": "sea",
             "class": "liner", "cargo": "container;truck", "length_km": 100, "length_basis": "published",
             "headway_d": 2, "status": "open", **SOURCED}
        ],
        terminals=[terminal(p, "road", "sea", "container;truck", method="port") for p in ("a", "d")],
        closures=[{**CLOSURE, **closure} for closure in closures],
        **more,
    )  # fmt: skip


@pytest.mark.parametrize("target", ["KZ-UZ", "UZ-KZ", "uz-kz", "KZ--UZ", "uz–kz", " kz / uz "])
def test_a_pair_of_countries_has_one_form(target: str) -> None:
    for more in ({}, {"modes": "road"}):
        net = border(closures=({"target": target, "start": "2025", **more},)).at("2026-01")
        assert net.tables["closures"]["target"].tolist() == ["KZ-UZ"]
        with pytest.raises(co.NoRouteError, match="crossing 'x'"):
            net.route("a", "d", cargo="truck", modes="road")
        again = net.open(target.strip().replace(" / ", "-"))
        assert again.closed == []
        assert again.route("a", "d", cargo="truck", modes="road").crossings == ["x"]


def test_a_spelling_of_a_crossing_is_its_id() -> None:
    net = border(closures=({"kind": "crossing", "target": "X", "modes": "road"},)).at("2026-01")
    assert net.closed == ["x (road)"]
    assert net.open("x").route("a", "d", cargo="truck", modes="road").crossings == ["x"]


@pytest.mark.parametrize(
    ("closure", "match"),
    [
        (
            {"target": "KZ-PK"},
            r"row 2, column 'target': no crossing joins the countries 'KZ-PK'; pairs with one: KZ-UZ",
        ),
        ({"target": "KZ-KZ"}, "no crossing joins"),
        ({"target": "KZ"}, "not two country codes such as AF-PK"),
        ({"kind": "crossing", "target": "xx"}, "no crossing 'xx'"),
        ({"kind": "link", "target": "a--b:raod"}, "no link 'a--b:raod'; near matches: a--b:road"),
        ({"kind": "service", "target": "t"}, "no service 't'"),
        ({"kind": "terminal", "target": "a:road--se"}, "near matches: a:road--sea"),
        ({"kind": "port", "target": "b"}, "no port at which a service calls 'b'"),
        ({"kind": "bridge"}, "'bridge' is none of crossing"),
        ({"modes": "raod"}, r"'raod' is none of rail, road \(did you mean 'road'\?\)"),
        ({"kind": "crossing", "target": "x", "modes": "rail"}, "'x' admits road only"),
        ({"kind": "link", "target": "a--b:road", "modes": "road"}, "modes count at crossings only"),
        ({"months": "13"}, "'13' is no month: they are numbers from 1 to 12"),
        ({"months": "1;Jan"}, "'Jan' is no month"),
        ({"start": "2027-01", "end": "2026-12"}, "'2026-12' is before the start, '2027-01'"),
        ({"start": "2026-13"}, "column 'start'"),
        ({"headway_factor": 2}, "headway_factor': 2: it is above 1, and for the kind port only"),
        ({"kind": "port", "target": "a", "headway_factor": 0.5}, "0.5 is not possible: 1 to 1,000"),
    ],
)
def test_closures_that_close_nothing_are_refused(closure: dict[str, object], match: str) -> None:
    with pytest.raises(co.SchemaError, match=match):
        border(closures=(closure,))


@pytest.mark.parametrize(
    ("cell", "match"),
    [
        ("crossing xx", "no crossing 'xx'"),
        ("crossing x raod", "'raod' is none of rail, road"),
        ("countries KZ-PK", "no crossing joins"),
        ("bridge x", r"a kind \(crossing, countries"),
        ("crossing", "an id"),
        ("link a--b:raod", "near matches: a--b:road"),
    ],
)
def test_closed_cells_of_a_written_network_are_checked(tmp_path, cell: str, match: str) -> None:
    border().close("KZ-UZ").write(tmp_path)
    rows = pd.read_csv(tmp_path / "network.csv", dtype=str, keep_default_na=False)
    for column in ("closed", "opened"):
        rows.assign(**{"closed": "", "opened": "", column: cell}).to_csv(tmp_path / "network.csv", index=False)
        with pytest.raises(co.SchemaError, match=rf"(?s)network.csv.*row 2, column '{column}'.*{match}"):
            co.read(tmp_path)
    rows.assign(closed="countries uz-kz road").to_csv(tmp_path / "network.csv", index=False)
    assert co.read(tmp_path).closed == ["KZ-UZ (road)"]


def test_what_is_left_of_closures_goes_with_what_they_are_about() -> None:
    net = co.load()
    for part in (net.select(country="UZ"), net.select(country="PK", mode="rail"), net.select(mode="road")):
        again = co.Network.from_tables(**part.tables.frames)
        assert list(again.tables["closures"]["id"]) == list(part.tables["closures"]["id"])
    assert "af-pk-2025" not in set(net.select(country="KZ").tables["closures"]["id"])
    assert "af-pk-2025" in set(net.select(country=["AF", "PK"]).tables["closures"]["id"])


@pytest.mark.parametrize(
    ("event", "match"),
    [
        ({"target": "z"}, "no crossing 'z'"),
        ({"mode": "rail"}, "'x' admits road only"),
        ({"kind": "line", "target": "N-5"}, "no line 'N-5' of road"),
        ({"rate_per_year": 0}, "rate_per_year': 0 is not above 0"),
        ({"duration_d": -1}, "duration_d': -1 is not possible"),
    ],
)
def test_events_of_nothing_are_refused(event: dict[str, object], match: str) -> None:
    base = {"id": "e", "kind": "crossing", "target": "x", "mode": "road", "rate_per_year": 1, "duration_d": 2}
    with pytest.raises(co.SchemaError, match=match):
        border(events=[{**base, "source": "s", "confidence": "A", **event}])


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"max_load_t": 0}, "max_load_t': 0 is not possible"),
        ({"open_hours": "8-25", "wait_in_dwell": "no"}, "hours of the day are written like 8-17"),
        ({"open_hours": "morning", "wait_in_dwell": "no"}, "hours of the day"),
        ({"open_hours": "8-17"}, "do the border hours hold the wait for opening"),
        ({"open_days": "mon;fryday", "wait_in_dwell": "no"}, "'fryday' is none of mon, tue"),
        ({"traffic": "no transit"}, "did you mean 'no-transit'"),
    ],
)
def test_restrictions_that_cannot_be_are_refused(more: dict[str, object], match: str) -> None:
    links = [link("b", "c", "road", 2, crossing="x", border_km=1)]
    with pytest.raises(co.SchemaError, match=match):
        make(PLACES, links, crossings=[crossing("x", "b", "c", **more)])


def test_a_project_cannot_be_part_of_itself() -> None:
    def project(ident: str, parts: str) -> dict[str, object]:
        base = {"id": ident, "name": ident, "kind": "new", "status": "p", "countries": "UZ", "source": "s"}
        return {**base, "confidence": "A", "parts": parts}

    links = [link("c", "d", "road", 9)]
    for rows in ([project("p", "p")], [project("p", "q"), project("q", "r"), project("r", "q;p")]):
        with pytest.raises(co.SchemaError, match="a project is part of itself: p > "):
            make(PLACES, links, projects=rows)
    assert len(make(PLACES, links, projects=[project("p", "q;r"), project("q", "r"), project("r", "")]).projects) == 3


def test_two_parameters_cannot_have_one_name() -> None:
    rows = [
        parameter("stops", "hours", 5, "h/1000km", line="local"),
        parameter("stops", "hours", 7, "h/1000km", **{"class": "local"}),
    ]
    with pytest.raises(
        co.SchemaError, match=r"'stops/local/hours' is that of an earlier row.*differs in line and class"
    ):
        make(PLACES, [link("c", "d", "road", 9)], parameters=[*PARAMETERS, *rows])
    assert len(make(PLACES, [link("c", "d", "road", 9)], parameters=[*PARAMETERS, rows[0]]).parameters) == 23


def test_a_wait_of_ones_own_takes_the_place_of_the_derived_one() -> None:
    own = parameter("waiting", "hours", 5, "h", service="s", mode="sea")
    before, after = border(), border(parameters=[*PARAMETERS, own])
    name = "waiting/s/sea/hours"
    assert before.parameters.loc[name, "value"] == 24
    assert after.parameter_names.count(name) == 1
    assert after.parameters.loc[name, "value"] == 5
    way = {"modes": {"sea", "road"}, "avoid": ["x"], "cargo": "truck"}
    assert before.route("b", "c", **way).hours - after.route("b", "c", **way).hours == pytest.approx(19)


def test_the_rank_of_keys_is_the_order_of_the_schema() -> None:
    columns = list(schema.tables()["parameters"])
    assert list(KEYS) == [
        name for name in columns if schema.tables()["parameters"][name].description.startswith("Key:")
    ]
    assert columns[columns.index("link") : columns.index("value")] == list(KEYS)


def test_waits_for_opening_by_hand() -> None:
    # closed 15 h a day: 7 x 15^2 / 336
    assert opening.expected_wait_h("8-17", "") == pytest.approx(7 * 225 / 336)
    # with Friday closed, five gaps of 15 h and one of 39 h
    assert opening.expected_wait_h("8-17", "mon;tue;wed;thu;sat;sun") == pytest.approx((5 * 225 + 39**2) / 336)
    # open day and night on working days: one gap of 48 h
    assert opening.expected_wait_h("", "mon;tue;wed;thu;fri") == pytest.approx(48**2 / 336)
    assert opening.closed_times("22-6", "") == [16.0] * 7
    assert opening.closed_times("0-24", "") == []
    assert opening.wait_cv("0-24", "") == 0.0


def test_waits_for_opening_agree_with_trucks_that_come_at_any_time() -> None:
    come = stats.qmc.Halton(1, seed=1).random(40_000)[:, 0] * 168
    day, hour = (come // 24).astype(int), come % 24
    opens = [day_ * 24 + 8.0 for day_ in range(8) if day_ % 7 != 4]
    waits = [
        0.0 if d != 4 and 8 <= h < 17 else min(o for o in opens if o >= t) - t
        for t, d, h in zip(come, day, hour, strict=True)
    ]
    days = "mon;tue;wed;thu;sat;sun"
    assert pd.Series(waits).mean() == pytest.approx(opening.expected_wait_h("8-17", days), rel=2e-3)
    assert pd.Series(waits).std() / pd.Series(waits).mean() == pytest.approx(opening.wait_cv("8-17", days), rel=5e-3)
