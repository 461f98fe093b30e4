"""The interactive map: what it holds against the tables and routes, and the page in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Transformer

import corridors as co
from corridors.plot.explore import explore_routes
from corridors.plot.web.book import UNIT_M
from corridors.plot.web.page import InteractiveMap
from support.browser import Page, browser, needs_browser
from support.networks import crossing, link, make, place, terminal

NAMES = ("today", "Kabul corridor")
RAIL: dict[str, Any] = {"modes": {"rail"}}


@pytest.fixture(scope="module")
def networks(net: co.Network) -> dict[str, co.Network]:
    return dict(zip(NAMES, (net, net.build("uap-kabul")), strict=True))


@pytest.fixture(scope="module")
def shown(networks: dict[str, co.Network]) -> InteractiveMap:
    return co.explore(networks, [("Almaty", "Karachi"), ("Tashkent", "Gwadar")], **RAIL)


def points(data: dict[str, Any], number: int) -> np.ndarray[Any, Any]:
    """Decode a line, as the page does."""
    return np.cumsum(np.array(data["lines"][number]).reshape(-1, 2), axis=0)


def test_legs_are_those_of_the_route(shown: InteractiveMap, networks: dict[str, co.Network]) -> None:
    for scenario in shown.data["scenarios"]:
        route = networks[scenario["name"]].route("Almaty", "Karachi", **RAIL)
        entered = scenario["routes"]["Almaty – Karachi"]
        for column in ("kind", "km", "hours", "cost_usd_t", "co2e_kg_t", "cum_km", "cum_hours"):
            values = [leg[column] for leg in entered["legs"]]
            expected = list(route.legs[column])
            assert values == (expected if column == "kind" else pytest.approx(expected, abs=1e-3))
        names = [shown.data["places"][leg["to"]]["id"] for leg in entered["legs"]]
        assert names == list(route.legs["to_id"])
        assert entered["hours"] == pytest.approx(route.hours, abs=1e-3)
        assert entered["generalized_usd_t"] == pytest.approx(route.generalized_usd_t, abs=1e-3)


def test_parameters_of_a_leg_add_up_to_it(shown: InteractiveMap) -> None:
    columns = {"hours": "hours", "cost": "cost_usd_t", "emissions": "co2e_kg_t"}
    for leg in shown.data["scenarios"][1]["routes"]["Almaty – Karachi"]["legs"]:
        for measure, column in columns.items():
            amounts = [amount for _, which, amount, _ in leg["terms"] if which == measure]
            assert sum(amounts) == pytest.approx(leg[column], abs=2e-3)
        assert sum(km for _, km in leg["passes"]) == pytest.approx(leg["km"], abs=0.05)


def test_parameters_carry_value_range_and_sources(shown: InteractiveMap, net: co.Network) -> None:
    known, sources = net.parameters, net.sources
    assert shown.data["parameters"]
    for entered in shown.data["parameters"]:
        row = known.loc[entered["name"]]
        assert (entered["value"], entered["low"], entered["high"]) == tuple(row[["value", "low", "high"]])
        titles = [shown.data["sources"][n][0] for n in entered["sources"]]
        assert titles == [sources.loc[ident, "title"] for ident in row["source"].split(";")]


def test_links_of_a_scenario(shown: InteractiveMap, networks: dict[str, co.Network]) -> None:
    rows = shown.data["links"]
    for scenario in shown.data["scenarios"]:
        links = networks[scenario["name"]].links
        entered = {rows[n]["id"] for n in [*scenario["links"], *scenario["new"]]}
        assert entered == set(links.index[links["in_use"]])
    assert not shown.data["scenarios"][0]["new"]
    built = networks["Kabul corridor"].projects
    assert {rows[n]["project"] for n in shown.data["scenarios"][1]["new"]} <= set(built["name"][built["built"]])
    # scenarios that differ only in what is in use share everything else
    assert len(rows) == len(networks["today"].links)
    assert len(shown.data["hours"]) == 1


def test_what_is_stated_stands_with_its_source(shown: InteractiveMap, net: co.Network) -> None:
    data = shown.data
    line = next(link for link in data["links"] if link["id"] == "sayak--aktogay:rail-1520")
    told = [data["statements"][number] for number in line["stated"]]
    capacities = [(row["told"], row["used"]) for row in told if row["name"] == "Capacity"]
    assert capacities == [("60 pairs/day", True), ("12 pairs/day", False)]
    assert all(data["sources"][number][0] for row in told for number in row["sources"])
    post = next(row for row in data["crossings"] if row["id"] == "saryagash-keles")
    words = [data["statements"][number]["told"] for number in post["stated"]]
    assert words[0] == "2,100 wagons/day (2,000 to 2,200) each way"
    ports = [row for row in data["terminals"] if data["places"][row["place"]]["id"] == "chabahar" and "stated" in row]
    assert "8.5 Mt/year" in {data["statements"][number]["told"] for row in ports for number in row["stated"]}
    silent = set(net.links.index) - set(net.attributes["id"])
    assert not any("stated" in link for link in data["links"] if link["id"] in silent)


def test_positions_are_projected(shown: InteractiveMap, net: co.Network) -> None:
    to_map = Transformer.from_crs(
        "EPSG:4326", "+proj=lcc +lat_1=30 +lat_2=48 +lat_0=38 +lon_0=68 +datum=WGS84", always_xy=True
    )
    entered = next(row for row in shown.data["links"] if row["id"] == "altynkol--khorgos-cn:rail-1435")
    shape = net.links.geometry[entered["id"]]
    ends = np.array([to_map.transform(*shape.coords[i]) for i in (0, -1)]) / UNIT_M
    assert np.abs(points(shown.data, entered["line_of"])[[0, -1]] - ends).max() <= 0.5
    karachi = next(row for row in shown.data["places"] if row["id"] == "karachi")
    here = np.array(to_map.transform(*net.places.geometry["karachi"].coords[0])) / UNIT_M
    assert np.abs(np.array([karachi["x"], karachi["y"]]) - here).max() <= 0.5


def test_lines_of_a_route_follow_each_other(shown: InteractiveMap) -> None:
    legs = shown.data["scenarios"][0]["routes"]["Almaty – Karachi"]["legs"]
    lines = [points(shown.data, n) for leg in legs for n in leg["lines"]]
    gaps = [np.abs(a[-1] - b[0]).max() for a, b in pairwise(lines)]
    assert max(gaps) <= 1


def test_hours_at_crossings_and_terminals(line: co.Network) -> None:
    data = line.explore().data
    dwell = {tuple(row["way"]): row["hours"] for row in data["hours"][0]["crossings"]}
    assert dwell == {("KZ", "UZ"): 10.0, ("UZ", "KZ"): 10.0}  # exit 4, entry 6
    work = {tuple(row["way"]): (row["hours"], row["cost"]) for row in data["hours"][0]["terminals"]}
    assert work == {("rail-1520", "rail-1435"): (24.0, 8.0), ("rail-1435", "rail-1520"): (24.0, 8.0)}
    [stop] = [
        s for s in line.explore(("A", "E")).data["scenarios"][0]["routes"]["A – E"]["stops"] if s["kind"] == "border"
    ]
    assert stop["hours"] == 10.0


def test_crossings_closed_and_lines_that_pass(net: co.Network) -> None:
    shown = co.explore({"open": net, "shut": net.close("AF-PK")})
    ids = [row["id"] for row in shown.data["crossings"]]
    for scenario, modes in zip(shown.data["scenarios"], (["road"], []), strict=True):
        torkham = next(row for row in scenario["crossings"] if ids[row[0]] == "torkham")
        assert torkham[2] == modes  # no railway passes Torkham, though one would be let through
    assert shown.data["scenarios"][1]["closed"] == ["AF-PK"]
    closures = next(row for row in shown.data["crossings"] if row["id"] == "torkham")["closures"]
    assert [c["start"] for c in closures] == ["2025-10-11", "2023-02-19", "2023-09-06", "2024-01-12", "2024-05-17",
                                              "2024-08-12", "2025-02-21"]  # fmt: skip
    states = [scenario["borders"] for scenario in shown.data["scenarios"]]
    assert states == [net.border_state, "normal operation; AF-PK closed by hand"]


def test_own_parameters_are_marked(net: co.Network) -> None:
    other = net.with_parameters({"border/torkham/AF/exit/road/hours": 1.0})
    data = co.explore({"ours": net, "theirs": other}, ("Kabul", "Peshawar"), cargo="truck").data
    changed = [p for p in data["parameters"] if p.get("overridden")]
    assert {(p["name"], p["value"]) for p in changed} == {("border/torkham/AF/exit/road/hours", 1.0)}
    hours = [s["routes"]["Kabul – Peshawar"]["hours"] for s in data["scenarios"]]
    assert hours[0] > hours[1]
    assert len(data["hours"]) == 2


def test_routes_may_be_given(line: co.Network) -> None:
    slow = line.with_parameters({"border/hours": 5})
    nets = {"fast": line, "slow": slow}
    one, other = (n.route("A", "E") for n in nets.values())
    by_scenario = co.explore(nets, {"fast": one, "slow": {"slowly": other}}).data["scenarios"]
    assert [list(s["routes"]) for s in by_scenario] == [["A – E"], ["slowly"]]
    alone = line.explore([one, line.route("A", "D")]).data["scenarios"]
    assert [list(s["routes"]) for s in alone] == [["A – E", "A – D"]]
    beside = one.explore(other).data["scenarios"]
    assert [s["name"] for s in beside] == ["network", "network, own parameters"]
    named = explore_routes({"one": one, "other": other}).data["scenarios"]
    assert [list(s["routes"]) for s in named] == [["one"], ["other"]]
    assert line.explore(line.route("A", "D", cargo="wagon")).data["cargo"] == "wagon"


def test_comparison(networks: dict[str, co.Network]) -> None:
    found = co.compare(networks, ["Almaty"], ["Karachi", "Gwadar"], modes={"rail"})
    data = found.explore().data
    assert [s["name"] for s in data["scenarios"]] == list(NAMES)
    routes = data["scenarios"][1]["routes"]
    assert routes["Almaty – Karachi"]["hours"] == pytest.approx(
        found.routes["Kabul corridor", "almaty", "karachi"].hours
    )  # type: ignore[union-attr]
    assert set(routes["Almaty – Gwadar"]) == {"no_way"}


def test_draws_give_the_band_of_trips(net: co.Network) -> None:
    [scenario] = net.explore(("Almaty", "Karachi"), draws=200, seed=1).data["scenarios"]
    hours = net.route("Almaty", "Karachi").distribution(draws=200, seed=1)
    band = [scenario["routes"]["Almaty – Karachi"][name] for name in ("hours_p05", "hours_p95")]
    assert band == pytest.approx([hours.percentile(5), hours.percentile(95)], abs=1e-3)


def test_no_way_is_explained(shown: InteractiveMap) -> None:
    assert "Gwadar" in shown.data["scenarios"][0]["routes"]["Tashkent – Gwadar"]["no_way"]


def test_wrong_questions(net: co.Network, networks: dict[str, co.Network]) -> None:
    route = net.route("Termez", "Kabul")
    for wrong in (
        lambda: co.explore({}),
        lambda: co.explore({"a": co.Scenario("a")}),
        lambda: co.explore(networks, {"nowhere": route}),
        lambda: co.explore(networks, [route]),
        lambda: co.explore(networks, {"Kabul corridor": route}),
        lambda: co.explore(net, [("Almaty", "Karachi", "Gwadar")]),
        lambda: co.explore(net, route, modes={"rail"}),
        lambda: co.explore(net, route, via="Termez"),
        lambda: co.explore(net, ("Almaty", "Karachi"), mode="rail"),
        lambda: net.explore(height_px=10),
    ):
        with pytest.raises(co.InputError):
            wrong()


def test_the_page_needs_nothing_else(shown: InteractiveMap, tmp_path: Path) -> None:
    page = shown.save(tmp_path / "map.html").read_text(encoding="utf8")
    assert len(page.encode("utf8")) < 2_000_000
    code = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    assert not re.search(r"\bsrc=[\"'](?!data:)", code)
    assert set(re.findall(r"href=\"([^\"]*)", code)) <= {"#", "#map", "#close", "https://leafletjs.com"}
    assert not re.search(r"url\((?!#default)", code)
    assert not re.search(r"@import|sourceMappingURL|\bfetch\(|XMLHttpRequest|WebSocket", code)
    assert "default-src 'none'" in page
    assert "THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS" in page
    assert json.loads(re.search(r'id="data">(.*?)</script>', page, flags=re.DOTALL)[1]) == shown.data  # type: ignore[index]


def test_credits_name_what_is_drawn(shown: InteractiveMap) -> None:
    credit = " ".join(shown.data["base"]["credits"])
    for name in ("OpenStreetMap", "GeoNames", "Natural Earth", "shadedrelief", "do not imply endorsement"):
        assert name in credit


def test_notebook_output_is_the_page_in_a_frame(line: co.Network) -> None:
    shown = line.explore(height_px=480)
    output = shown._repr_html_()
    inside = re.fullmatch(r"<iframe srcdoc='([^']*)' .*height='480'.*></iframe>", output, flags=re.DOTALL)
    assert inside
    assert inside[1].replace("&#39;", "'").replace("&amp;", "&") == shown.html


def test_outside_the_region_there_is_no_base_map() -> None:
    far = make([place("x", "KZ", 40, -5), place("y", "KZ", 41, -4)], [link("x", "y", "road", 150)])
    data = far.explore(("X", "Y")).data
    assert data["base"] == {"credits": []}
    assert 'id="relief"' not in far.explore().html
    west, south, east, north = data["frame"]
    assert all(west < p["x"] < east and south < p["y"] < north for p in data["places"])


def test_scale_is_true_to_the_ground(shown: InteractiveMap) -> None:
    """A degree of longitude at 38 N is 87.8 km; the map of the region draws it shorter there, between its parallels."""
    rows = shown.data["scale"]["rows"]
    assert min(min(row) for row in rows) == pytest.approx(0.988, abs=2e-3)
    assert max(rows[0]) > 1.03


NASTY = "<img src=x onerror=alert(1)></script><b>\"'&"


@pytest.fixture(scope="module")
def nasty() -> co.Network:
    """Two places and a border whose texts hold HTML."""
    ends = [place("a", "KZ", 43, 60, name=NASTY, note=NASTY), place("b", "UZ", 42, 61), place("c", "UZ", 41, 62)]
    return make(
        ends,
        [link("a", "b", "rail", 140, crossing="x", border_km=70, note=NASTY), link("b", "c", "rail", 140, line=NASTY)],
        crossings=[crossing("x", "a", "b", name=NASTY, note=NASTY)],
        terminals=[terminal("b", "rail-1520", "road", name=NASTY)],
    )  # fmt: skip


def test_texts_are_no_markup(nasty: co.Network) -> None:
    page = nasty.explore(("a", "c"), title=NASTY).html
    assert "<img src=x" not in page
    assert page.count("</script>") == 3
    assert "<b>" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture(scope="module")
def file(shown: InteractiveMap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shown.save(tmp_path_factory.mktemp("page") / "map.html")


@pytest.fixture
def opened(window: Page, file: Path) -> Iterator[Page]:
    """Open the map, and see afterwards that nothing went wrong and nothing was asked for."""
    window.problems.clear()
    window.requests.clear()
    window.open(file)
    yield window
    window.evaluate("1")
    assert not window.problems
    assert set(window.requests) == {file.as_uri()}


def on_line(page: Page, selector: str) -> tuple[float, float]:
    """A point in the middle of a line on the map."""
    x, y = page.evaluate(
        f"(p => {{ const at = p.getPointAtLength(p.getTotalLength() / 2).matrixTransform(p.getScreenCTM());"
        f" return [at.x, at.y]; }})(document.querySelector({json.dumps(selector)}))"
    )
    return x, y


POPUP = "document.querySelector('.leaflet-popup-content')?.textContent ?? ''"


def boxes(page: Page, selector: str) -> list[list[float]]:
    """Left, top, right and bottom of the elements of a selector."""
    found: list[list[float]] = page.evaluate(
        f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.getBoundingClientRect())"
        ".map(b => [b.left, b.top, b.right, b.bottom])"
    )
    return found


@pytest.mark.browser
@needs_browser
def test_a_click_shows_figures_and_sources(opened: Page, shown: InteractiveMap) -> None:
    opened.click(*on_line(opened, "path.route-0"))
    opened.wait(POPUP)
    text = opened.evaluate(POPUP)
    assert "km CO2e" not in text
    for part in (" h", "USD/t", "Behind the hours", "h/1000km"):
        assert part in text
    links = opened.evaluate(
        "[...document.querySelectorAll('.leaflet-popup-content a.source')].map(a => [a.href, a.rel])"
    )
    assert links
    assert all(address.startswith("http") and rel == "noopener noreferrer" for address, rel in links)


@pytest.mark.browser
@needs_browser
def test_a_crossing_tells_what_is_stated_of_it(opened: Page) -> None:
    opened.evaluate("document.querySelector('.leaflet-marker-icon[title^=\"Saryagash\"]').click()")
    opened.wait(POPUP)
    text = opened.evaluate(POPUP)
    assert "Capacity by rail: 2,100 wagons/day (2,000 to 2,200) each way (observed, 2023, what passes" in text
    assert "35 trains/day (official, 2025, not used" in text
    assert "[object" not in text


@pytest.mark.browser
@needs_browser
def test_a_click_on_a_leg_of_the_table(opened: Page, shown: InteractiveMap) -> None:
    legs = shown.data["scenarios"][0]["routes"]["Almaty – Karachi"]["legs"]
    number = next(n for n, leg in enumerate(legs) if leg["kind"] == "border")
    opened.click_on(f".leg-table tbody tr:nth-child({number + 1}) button")
    opened.wait(POPUP)
    text = opened.evaluate(POPUP)
    assert f"Border {legs[number]['name']}" in text
    assert f"{legs[number]['hours']:.1f} h" in text


@pytest.mark.browser
@needs_browser
def test_two_routes_side_by_side(opened: Page, networks: dict[str, co.Network]) -> None:
    assert opened.evaluate("document.querySelectorAll('.leg-table').length") == 2
    for number in (0, 1):
        assert opened.evaluate(f"document.querySelectorAll('path.route-{number}').length") > 0
    rows = opened.evaluate(
        "[...document.querySelectorAll('.totals tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
    )
    today, kabul = (n.route("Almaty", "Karachi", **RAIL) for n in networks.values())
    assert rows[0] == ["km", f"{today.km:,.0f}", f"{kabul.km:,.0f}", f"{kabul.km - today.km:,.0f}".replace("-", "−")]
    assert rows[1][3] == f"{kabul.days - today.days:.1f}".replace("-", "−")
    opened.evaluate(
        "(s => { s.value = ''; s.dispatchEvent(new Event('change')); })(document.getElementById('against'))"
    )
    assert opened.evaluate("document.querySelectorAll('.leg-table').length") == 1
    assert opened.evaluate("document.querySelectorAll('path.route-1').length") == 0


@pytest.mark.browser
@needs_browser
def test_a_scenario_changes_the_map(opened: Page) -> None:
    drawn = "[...document.querySelectorAll('.leaflet-network-pane path')].length"
    before = opened.evaluate(drawn)
    opened.click_on("input[name=scenario][value='1']")
    assert opened.evaluate(drawn) > before
    assert "Trans-Afghan" in opened.evaluate("document.getElementById('facts').textContent")
    assert opened.evaluate("document.querySelector('.totals thead th').textContent") == "Kabul corridor"


@pytest.mark.browser
@needs_browser
def test_layers_are_switched(opened: Page) -> None:
    for layer, selector in (
        ("road", ".leaflet-network-pane path.link"), ("crossings", ".mark.crossing"), ("names", ".named"),
        ("relief", ".leaflet-relief-pane img"), ("dwell", "path.dwell"),
    ):  # fmt: skip
        count = f"document.querySelectorAll({json.dumps(selector)}).length"
        before = opened.evaluate(count)
        opened.click_on(f"input[name=layer][value={layer}]")
        assert opened.evaluate(count) < before, layer


@pytest.mark.browser
@needs_browser
def test_keyboard_and_wheel(opened: Page) -> None:
    scale = "document.querySelector('.leaflet-control-scale-line').textContent"
    before = opened.evaluate(scale)
    opened.call("Input.dispatchMouseEvent", type="mouseWheel", x=800, y=400, deltaX=0, deltaY=-400)
    opened.wait(f"{scale} !== {json.dumps(before)}")
    opened.evaluate("document.querySelector('.mark.border').focus()")
    opened.call(
        "Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13
    )
    opened.wait(POPUP)
    assert opened.evaluate("document.activeElement.classList.contains('leaflet-popup')")
    opened.press("Escape", 27)
    opened.wait("!document.querySelector('.leaflet-popup')")
    opened.wait("document.activeElement.classList.contains('border')")


@pytest.mark.browser
@needs_browser
def test_fingers(opened: Page, file: Path) -> None:
    """A tap opens a window, two fingers that part zoom in."""
    opened.open(file, 390, 800, phone=True)
    scale = "document.querySelector('.leaflet-control-scale-line').textContent"
    before = opened.evaluate(scale)
    opened.touch([(60 - 6 * k, 300) for k in range(8)], [(200 + 15 * k, 320) for k in range(8)])
    opened.wait(f"{scale} !== {json.dumps(before)}")
    opened.open(file, 390, 800, phone=True)
    opened.touch([on_line(opened, "path.route-0")])
    opened.wait(POPUP)


@pytest.mark.browser
@needs_browser
def test_a_place_is_found(opened: Page) -> None:
    opened.evaluate(
        "(f => { f.value = 'Mazar-i Sharif'; f.dispatchEvent(new Event('change')); })(document.getElementById('find'))"
    )
    opened.wait(POPUP)
    assert opened.evaluate(POPUP).startswith("Mazar-i-Sharif")
    opened.evaluate(
        "(f => { f.value = 'Atlantis'; f.dispatchEvent(new Event('change')); })(document.getElementById('find'))"
    )
    assert opened.evaluate("document.getElementById('find').getAttribute('aria-invalid')") == "true"
    answer = opened.evaluate("document.getElementById('found').textContent")
    assert answer == 'No place "Atlantis" on this map'
    called = {
        "کراچی": "Karachi",
        "KZALA": "Almaty",
        "KHI": "Karachi",
        "Достык": "Dostyk",
        "Jalalabad, KG": "Jalal-Abad",
    }
    for text, name in (called | {"Kabul, Afghanistan": "Kabul", "Mumbai port": "Mumbai"}).items():
        script = f"f => {{ f.value = '{text}'; f.dispatchEvent(new Event('change')); }}"
        opened.evaluate(f"({script})(document.getElementById('find'))")
        opened.wait(f"[...document.querySelectorAll('.leaflet-popup-content h3')].at(-1).textContent === '{name}'")
        assert opened.evaluate("document.getElementById('found').textContent") == ""


@pytest.mark.browser
@needs_browser
def test_the_map_is_the_first_tab_stop_and_fits_when_the_panel_goes(opened: Page, file: Path) -> None:
    opened.press("Tab", 9)
    opened.evaluate("document.activeElement.click()")
    assert opened.evaluate("document.activeElement.id") == "map"
    opened.open(file, 700, 900)  # too narrow beside the panel: what frees width lets the route grow
    before = boxes(opened, ".mark.end")
    opened.click_on("#fold")
    after = boxes(opened, ".mark.end")
    assert abs(after[0][1] - after[1][1]) > 1.1 * abs(before[0][1] - before[1][1])


@pytest.mark.browser
@needs_browser
def test_what_a_finger_touches_is_large_enough(opened: Page, file: Path) -> None:
    opened.open(file, 390, 800, phone=True)
    for selector in ("#fold", "#find", "select", ".layers label", ".fit", ".leaflet-control-zoom a", "summary"):
        shown = [box for box in boxes(opened, selector) if box[2] > box[0]]
        assert shown, selector
        assert min(bottom - top for _, top, _, bottom in shown) >= 40, selector
    area = "getComputedStyle(document.querySelector('.mark'), '::after')"
    assert opened.evaluate(f"parseFloat({area}.width)") >= 40


@pytest.mark.browser
@needs_browser
def test_names_do_not_cover_each_other(opened: Page) -> None:
    found = boxes(opened, ".name")
    assert len(found) > 30
    slack = 2.0
    for i, a in enumerate(found):
        for b in found[:i]:
            apart = a[0] > b[2] - slack or b[0] > a[2] - slack or a[1] > b[3] - slack or b[1] > a[3] - slack
            assert apart, (a, b)


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize(("width", "height"), [(1400, 900), (900, 600), (390, 800)])
def test_routes_are_in_the_window(opened: Page, file: Path, width: int, height: int) -> None:
    opened.open(file, width, height, phone=width < 600)
    [box] = boxes(opened, "#map")
    assert (box[2] - box[0]) * (box[3] - box[1]) > 0.4 * width * height
    for left, top, right, bottom in boxes(opened, ".mark.end"):
        assert box[0] <= left
        assert box[1] <= top
        assert right <= box[2]
        assert bottom <= box[3]
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@needs_browser
def test_texts_stay_texts_in_the_browser(window: Page, nasty: co.Network, tmp_path: Path) -> None:
    window.problems.clear()
    window.open(nasty.explore(("a", "c"), title=NASTY).save(tmp_path / "nasty.html"))
    assert window.evaluate("document.querySelector('h1').textContent") == NASTY
    window.click_on(".mark.border")
    window.wait(POPUP)
    assert NASTY in window.evaluate(POPUP)
    assert window.evaluate("document.querySelectorAll('img:not(#relief):not(.leaflet-image-layer), b b').length") == 0
    assert not window.problems


@pytest.mark.browser
@needs_browser
def test_a_notebook_shows_it(window: Page, line: co.Network, tmp_path: Path) -> None:
    """The frame runs its own scripts only, and says nothing to the console."""
    window.problems.clear()
    page = tmp_path / "cell.html"
    ready = "<script>onload = () => { document.body.dataset.ready = 'yes' }</script>"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{line.explore()._repr_html_()}{ready}", encoding="utf8")
    window.open(page, 900, 640)
    tree = window.call("Page.getFrameTree")["frameTree"]
    [frame] = tree["childFrames"]
    world = window.call("Page.createIsolatedWorld", frameId=frame["frame"]["id"])["executionContextId"]
    ready_inside = window.call(
        "Runtime.evaluate", expression="document.body.dataset.ready", contextId=world, returnByValue=True
    )
    assert ready_inside["result"]["value"] == "yes"
    assert not window.problems
