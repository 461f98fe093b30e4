// The panel: scenarios, the route and what it is compared with, layers that are the legend at the same time.
const sections = document.getElementById("sections");
const COLORS = looks.routes;

function section(name, ...content) {
  const made = el("section", { "aria-label": name }, el("h2", {}, name), ...content);
  sections.append(made);
  return made;
}

function findPlace() {
  const known = places.map((place, n) => [n, `${place.name}, ${place.country}`]);
  const input = el("input", { type: "search", id: "find", list: "places", placeholder: "Find a place", "aria-label": "Find a place",
    autocomplete: "off" });
  const go = () => {
    const wanted = fold(input.value);
    if (!wanted) return;
    const spellings = [(n) => [known[n][1], places[n].name, places[n].id], (n) => places[n].aliases ?? []];
    const tests = [(name) => name === wanted, (name) => name.startsWith(wanted)].flatMap((test) =>
      spellings.map((of) => ([n]) => of(n).some((name) => test(fold(name)))));
    const n = tests.map((test) => known.find(test)).find(Boolean)?.[0];
    input.setAttribute("aria-invalid", String(n === undefined));
    if (n !== undefined) goTo(n);
  };
  input.addEventListener("change", go);
  return el("div", { class: "find" }, input,
    el("datalist", { id: "places" }, known.map(([, label]) => label).sort().map((label) => el("option", { value: label }))));
}
const fold = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

function goTo(n) {
  const at = latLng(places[n]);
  map.setView(at, Math.max(map.getZoom(), 1.25), { animate: false });
  openWindow(at, placeDetails(n));
}

function chooseScenario() {
  const facts = el("p", { class: "about", id: "facts" });
  const choice = el("fieldset", {}, el("legend", { class: "unseen" }, "Scenario"), data.scenarios.map((s, i) => el("label", {},
    el("input", { type: "radio", name: "scenario", value: i, checked: i === state.scenario, onchange: () => {
      const held = state.against.startsWith(`${i}|`) ? `${state.scenario}|${state.route}` : state.against;
      update({ scenario: i, against: held });
    } }), ` ${s.name}`)));
  section(data.scenarios.length > 1 ? "Scenario" : "Network", data.scenarios.length > 1 ? choice : null, facts);
}

function showFacts() {
  const s = scenario();
  const said = [data.scenarios.length > 1 ? `Network: ${s.network}` : s.network, s.built.length ? `built: ${s.built.join(", ")}` : "", s.closed.length ? `closed: ${s.closed.join(", ")}` : ""];
  document.getElementById("facts").textContent = said.filter(Boolean).join("; ");
}

function chooseRoutes() {
  if (!data.scenarios.some((s) => Object.keys(s.routes).length)) return;
  const first = el("select", { id: "route", "aria-label": "Route", onchange: () => turnTo({ route: first.value }) });
  const second = el("select", { id: "against", "aria-label": "Compare with", onchange: () => turnTo({ against: second.value }) });
  section("Routes", el("div", { class: "choices", hidden: allRoutes().length < 2 },
    el("label", { for: "route" }, "Route"), first,
    el("label", { for: "against" }, "Compare with"), second), el("div", { id: "compared", "aria-live": "polite" }));
}

function fillChoices() {
  const first = document.getElementById("route"), second = document.getElementById("against");
  if (!first) return;
  const names = Object.keys(scenario().routes);
  first.replaceChildren(...names.map((name) => el("option", { value: name, selected: name === state.route }, name)));
  second.replaceChildren(el("option", { value: "" }, "nothing"), ...allRoutes().filter(([s, name]) => s !== state.scenario || name !== state.route)
    .sort(([, one], [, other]) => (other === state.route) - (one === state.route))
    .map(([s, name]) => el("option", { value: `${s}|${name}`, selected: state.against === `${s}|${name}` }, routeName(s, name))));
  second.disabled = second.options.length < 2;
}

const allRoutes = () => data.scenarios.flatMap((s, i) => Object.keys(s.routes).map((name) => [i, name]));
function routeName(s, name) {
  const names = allRoutes().map(([, other]) => other);
  if (names.filter((other) => other === name).length === 1) return name;
  return new Set(names).size > 1 ? `${name}, ${data.scenarios[s].name}` : data.scenarios[s].name;
}

function colorKey(color) {
  const made = el("span", { class: "key" });
  made.style.background = color;
  return made;
}

const TOTALS = [["km", "km", 0], ["days", "days", 1], ["USD/t", "cost_usd_t", 0], ["kg CO2e/t", "co2e_kg_t", 0], ["USD/t with time", "generalized_usd_t", 0],
  ["borders", "borders", 0], ["transfers", "transfers", 0], ["gauge breaks", "gauge_breaks", 0]];
const total = (route, key) => key === "days" ? route.hours / 24 : route[key];
const band = ({ hours_p05: low, hours_p95: high }) => low === undefined ? "" : `${number(low / 24, 1)}–${number(high / 24, 1)}`;

// With draws: between which days nine trips of ten end.
function bandRow(shown) {
  if (!shown.some(({ route }) => band(route))) return null;
  return el("tr", { title: "5 and 95 % of trips, with what is known of the means" }, el("th", { scope: "row" }, "5–95 %, days"),
    shown.map(({ route }) => el("td", {}, band(route))), shown.length > 1 ? el("td", {}) : null);
}

function showRoutes() {
  const target = document.getElementById("compared");
  if (!target) return;
  const [a, b] = shownRoutes, asked = [[state.scenario, state.route], ...(state.against ? [againstKey()] : [])];
  const gone = asked.map(([s, name]) => [routeName(s, name), data.scenarios[s].routes[name]?.no_way]).filter(([, reason]) => reason);
  target.replaceChildren(...gone.map(([name, reason]) => el("details", { class: "no-way" }, el("summary", {}, `${name}: no way`), reason)));
  if (!a) return;
  const key = (r) => el("th", { scope: "col" }, b ? colorKey(r.color) : null, r.name);
  target.append(el("table", { class: "totals" },
    el("thead", {}, el("tr", {}, el("td", {}), key(a), b ? key(b) : null, b ? el("th", { scope: "col" }, "Change") : null)),
    el("tbody", {}, TOTALS.flatMap(([name, k, digits]) => [el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, number(total(a.route, k), digits)),
      b ? el("td", {}, number(total(b.route, k), digits)) : null, b ? el("td", { class: "change" }, signed(total(b.route, k) - total(a.route, k), digits)) : null), k === "days" ? bandRow(shownRoutes) : null]))),
    el("p", { class: "about" }, `${a.route.cargo}, least ${a.route.by}; value of time ${plain(24 * a.route.vot_usd_t_h)} USD/t a day.`
      + (b ? " The change is the second less the first." : "")));
  if (b) target.append(el("details", { class: "components" }, el("summary", {}, "Where the difference comes from"), components(a, b)));
  target.append(el("details", { open: true, class: "legs-of" }, el("summary", {}, "Legs"),
    el("div", { class: "legs" }, shownRoutes.map(legTable))));
}

function components(a, b) {
  const sums = (shown) => {
    const found = {};
    for (const leg of shown.route.legs) for (const [component, measure, amount] of leg.terms) {
      found[component] ??= { hours: 0, cost: 0, emissions: 0 };
      found[component][measure] += amount;
    }
    return found;
  };
  const one = sums(a), other = sums(b), of = (found, name, measure) => found[name]?.[measure] ?? 0;
  const rows = [...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) => [name,
    of(other, name, "hours") - of(one, name, "hours"), of(other, name, "cost") - of(one, name, "cost")]);
  rows.sort((x, y) => Math.abs(y[1]) - Math.abs(x[1]) || Math.abs(y[2]) - Math.abs(x[2]));
  return el("table", { class: "totals" }, el("thead", {}, el("tr", {}, el("td", {}), el("th", { scope: "col" }, "hours"), el("th", { scope: "col" }, "USD/t"))),
    el("tbody", {}, rows.map(([name, hours, cost]) => el("tr", {}, el("th", { scope: "row" }, KINDS[name] ?? say(name)),
      el("td", { class: "change" }, signed(hours, 1)), el("td", { class: "change" }, signed(cost, 1))))));
}

function legTable(shown) {
  return el("table", { class: "leg-table" }, el("caption", {}, shownRoutes.length > 1 ? colorKey(shown.color) : null, shown.name),
    el("thead", {}, el("tr", {}, ["Leg", "km", "h", "USD/t"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, shown.route.legs.map((leg, l) => el("tr", {}, el("td", {},
      el("button", { type: "button", onclick: () => showLeg(shown, l), title: legTitle(leg) }, legSign(leg, shown), shortTitle(leg))),
      el("td", {}, leg.km ? number(leg.km) : ""), el("td", {}, number(leg.hours, leg.hours < 10 ? 1 : 0)), el("td", {}, number(leg.cost_usd_t, leg.cost_usd_t < 10 ? 1 : 0))))),
    el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, "Total"), el("td", {}, number(shown.route.km)), el("td", {}, number(shown.route.hours)),
      el("td", {}, number(shown.route.cost_usd_t)))));
}

// In the table the sign says what the leg is.
function shortTitle(leg) {
  const bare = (n) => placeName(n).replace(/ \(.*\)/, "");
  if (leg.kind === "line_haul" || leg.kind === "sea") return leg.from === leg.to ? bare(leg.to) : `${bare(leg.from)} – ${bare(leg.to)}`;
  return leg.kind === "border" ? leg.name : `${KINDS[leg.kind] ?? say(leg.kind)}, ${bare(leg.to)}`;
}

function legSign(leg, shown) {
  const kind = { border: "border", gauge_change: "terminal", transfer: "terminal", port: "port", waiting: "end" }[leg.kind];
  return kind ? sign(kind) : swatch(patterned(shown, leg.system, shownRoutes.length > 1), true);
}

function showLeg(shown, l) {
  const leg = shown.route.legs[l], line = leg.lines.flatMap(points);
  const at = line.length ? line[Math.floor(line.length / 2)] : [places[leg.to].x, places[leg.to].y];
  if (line.length) map.fitBounds(L.latLngBounds(asLatLngs(line)), { padding: [40, 40], maxZoom: 2, animate: false });
  else map.setView([at[1], at[0]], Math.max(map.getZoom(), 0.5), { animate: false });
  openWindow([at[1], at[0]], legDetails(shown, l));
}

// A sample of a line, as the map draws it.
function swatch(style, route) {
  const color = route ? style.color : style.pale;
  const line = (stroke, width, dash) => svg("path", { d: "M1 6H25", stroke, "stroke-width": width, fill: "none", ...(dash ? { "stroke-dasharray": dash } : {}),
    ...(style.dots ? { "stroke-linecap": "round" } : {}) });
  const strokes = style.dots ? [line(color, 2.6, "0.1 5")] : [line(color, route ? 4.4 : 2)];
  if (!route && style.ties) strokes.push(line(color, 7, `1.3 ${1.6 * style.ties}`));
  if (route && style.inlay[0]) strokes.push(line(looks.halo, 1.4, style.inlay[1] ? "5 5" : ""));
  return svg("svg", { viewBox: "0 0 26 12", width: 26, height: 12, class: "swatch", "aria-hidden": "true" }, ...strokes);
}
const dashed = (color, width) => svg("svg", { viewBox: "0 0 26 12", width: 26, height: 12, class: "swatch", "aria-hidden": "true" },
  svg("path", { d: "M1 6H25", stroke: color, "stroke-width": width, "stroke-dasharray": "6 3.4" }));
function discs() {
  const radii = looks.dwell_key_h.map(radius), most = Math.max(...radii), size = 2 * most + 2;
  return svg("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, class: "swatch", "aria-hidden": "true" }, ...radii.reverse().map((r) =>
    svg("circle", { cx: most + 1, cy: size - 1 - r, r, fill: looks.dwell, "fill-opacity": 0.4, stroke: looks.dwell_edge })));
}

function layerRows() {
  const has = (test) => data.scenarios.some(test);
  const systems = ["rail-1520", "rail-1435", "rail-1676", "road"].filter((system) => has((s) => s.links.some((n) => data.links[n].system === system)));
  return [
    looks.dwell_key_h.length ? ["dwell", `Hours at a stop: ${looks.dwell_key_h.join(", ")}`, discs(), true] : null,
    ...systems.map((system) => [system, looks.systems[system].label, swatch(looks.systems[system]), true]),
    has((s) => s.services.length) ? ["sea", "Shipping services", swatch(looks.systems.sea), false] : null,
    has((s) => s.new.length) ? ["new", "Built in this scenario", dashed(looks.ink, 3), true] : null,
    has((s) => s.planned.length) ? ["planned", "Planned", dashed(looks.muted, 2), false] : null,
    has((s) => s.crossings.length) ? ["crossings", "Border crossing", sign("crossing"), true] : null,
    has((s) => s.crossings.some(([n, modes]) => !modes.length && data.crossings[n].status !== "planned")) ? ["closed", "Closed crossing", sign("closed"), true] : null,
    ["names", "Places and names", sign("town"), true],
    document.getElementById("relief") ? ["relief", "Relief", "", true] : null,
  ].filter(Boolean);
}

function chooseLayers() {
  section("Layers", el("div", { class: "layers" }, layerRows().map(([name, label, picture, on]) => {
    if (on) state.layers.add(name);
    const box = el("input", { type: "checkbox", name: "layer", value: name, checked: on, onchange: () => {
      if (box.checked) state.layers.add(name);
      else state.layers.delete(name);
      update({});
    } });
    return el("label", {}, box, el("span", { class: "picture" }, picture), label);
  })), el("div", { class: "layers", id: "signs" }), el("p", { class: "about" }, "Click on a line, sign or name for figures and sources."));
}

// The key to what routes add to the map: only what is shown.
const STOPS = { end: "Origin, destination", border: "Border of a route", terminal: "Terminal, change of gauge", port: "Port" };
function showSigns() {
  const kinds = new Set(shownRoutes.flatMap(({ route }) => route.stops.map((stop) => stop.kind)));
  const legs = shownRoutes.flatMap(({ route }) => route.legs).filter((leg) => leg.lines.length);
  const used = SYSTEM_ORDER.filter((system) => legs.some((leg) => leg.system === system)), several = shownRoutes.length > 1;
  const modes = several ? [...new Set(used.map((system) => system.split("-")[0]))].map((mode) =>
    [`Route by ${mode}`, swatch(patterned({ color: looks.muted }, mode === "rail" ? "rail-1520" : mode, true), true)])
    : used.map((system) => [`Route by ${looks.systems[system].label.toLowerCase()}`, swatch(looks.systems[system], true)]);
  const rows = [...modes, ...(legs.some((leg) => leg.fresh.length) ? [["Route on a line not yet built", dashed(looks.ink, 4)]] : []),
    ...Object.entries(STOPS).filter(([kind]) => kinds.has(kind)).map(([kind, label]) => [label, sign(kind)])];
  document.getElementById("signs").replaceChildren(...rows.map(([label, picture]) => el("span", { class: "row" }, el("span", { class: "picture" }, picture), label)));
}
