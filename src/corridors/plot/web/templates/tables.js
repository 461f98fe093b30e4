// Tables of the panel: totals of one or two routes and their change, where it comes from, and the legs.
function colorKey(color) {
  const made = el("span", { class: "key" });
  made.style.background = color;
  return made;
}

const TOTALS = [
  [t("km"), "km", 0],
  [t("days"), "days", 1],
  [t("USD/t"), "cost_usd_t", 0],
  [t("kg CO2e/t"), "co2e_kg_t", 0],
  [t("USD/t with time"), "generalized_usd_t", 0],
  [t("borders"), "borders", 0],
  [t("transfers"), "transfers", 0],
  [t("gauge breaks"), "gauge_breaks", 0],
];
const total = (route, key) => (key === "days" ? route.hours / 24 : route[key]);
const band = ({ hours_p05: low, hours_p95: high }) =>
  low === undefined ? "" : `${number(low / 24, 1)}–${number(high / 24, 1)}`;

// With draws: between which days nine trips of ten end.
function bandRow(shown) {
  if (!shown.some(({ route }) => band(route))) return null;
  return el(
    "tr",
    { title: t("5 and 95 % of trips, with what is known of the means") },
    el("th", { scope: "row" }, t("5–95 %, days")),
    shown.map(({ route }) => el("td", {}, band(route))),
    shown.length > 1 ? el("td", {}) : null,
  );
}

function showRoutes() {
  const target = document.getElementById("compared");
  if (!target) return;
  const [a, b] = shownRoutes,
    asked = [[state.scenario, state.route], ...(state.against ? [againstKey()] : [])];
  const gone = asked
    .map(([s, name]) => [routeName(s, name), data.scenarios[s].routes[name]?.no_way])
    .filter(([, reason]) => reason);
  target.replaceChildren(
    ...gone.map(([name, reason]) => el("details", { class: "no-way" }, el("summary", {}, t("{name}: no way", { name })), reason)),
  );
  if (!a) return;
  const key = (r) => el("th", { scope: "col" }, b ? colorKey(r.color) : null, r.name);
  target.append(
    el(
      "table",
      { class: "totals" },
      el(
        "thead",
        {},
        el("tr", {}, el("td", {}), key(a), b ? key(b) : null, b ? el("th", { scope: "col" }, t("Change")) : null),
      ),
      el(
        "tbody",
        {},
        TOTALS.flatMap(([name, k, digits]) => [
          el(
            "tr",
            {},
            el("th", { scope: "row" }, name),
            el("td", {}, number(total(a.route, k), digits)),
            b ? el("td", {}, number(total(b.route, k), digits)) : null,
            b ? el("td", { class: "change" }, signed(total(b.route, k) - total(a.route, k), digits)) : null,
          ),
          k === "days" ? bandRow(shownRoutes) : null,
        ]),
      ),
    ),
    el(
      "p",
      { class: "about" },
      t("{cargo}, least {by}; value of time {n} USD/t a day.", {
        cargo: say(a.route.cargo),
        by: say(a.route.by),
        n: plain(24 * a.route.vot_usd_t_h),
      }) + (b ? t(" The change is the second less the first.") : ""),
    ),
  );
  if (b)
    target.append(
      el("details", { class: "components" }, el("summary", {}, t("Where the difference comes from")), components(a, b)),
    );
  target.append(
    el(
      "details",
      { open: innerWidth > 640, class: "legs-of" },
      el("summary", {}, t("Legs")),
      el("div", { class: "legs" }, shownRoutes.map(legTable)),
    ),
  );
}

function components(a, b) {
  const sums = (shown) => {
    const found = {};
    for (const leg of shown.route.legs)
      for (const [component, measure, amount] of leg.terms) {
        found[component] ??= { hours: 0, cost: 0, emissions: 0 };
        found[component][measure] += amount;
      }
    return found;
  };
  const one = sums(a),
    other = sums(b),
    of = (found, name, measure) => found[name]?.[measure] ?? 0;
  const rows = [...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) => [
    name,
    of(other, name, "hours") - of(one, name, "hours"),
    of(other, name, "cost") - of(one, name, "cost"),
  ]);
  rows.sort((x, y) => Math.abs(y[1]) - Math.abs(x[1]) || Math.abs(y[2]) - Math.abs(x[2]));
  return el(
    "table",
    { class: "totals" },
    el(
      "thead",
      {},
      el("tr", {}, el("td", {}), el("th", { scope: "col" }, t("hours")), el("th", { scope: "col" }, t("USD/t"))),
    ),
    el(
      "tbody",
      {},
      rows.map(([name, hours, cost]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, KINDS[name] ?? say(name)),
          el("td", { class: "change" }, signed(hours, 1)),
          el("td", { class: "change" }, signed(cost, 1)),
        ),
      ),
    ),
  );
}

function legTable(shown) {
  return el(
    "table",
    { class: "leg-table" },
    el("caption", {}, shownRoutes.length > 1 ? colorKey(shown.color) : null, shown.name),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        [t("Leg"), t("km"), t("h"), t("USD/t")].map((name) => el("th", { scope: "col" }, name)),
      ),
    ),
    el(
      "tbody",
      {},
      shown.route.legs.map((leg, l) =>
        el(
          "tr",
          {},
          el(
            "td",
            {},
            el(
              "button",
              { type: "button", onclick: () => showLeg(shown, l), title: legTitle(leg) },
              legSign(leg, shown),
              shortTitle(leg),
            ),
          ),
          el("td", {}, leg.km ? number(leg.km) : ""),
          el("td", {}, number(leg.hours, leg.hours < 10 ? 1 : 0)),
          el("td", {}, number(leg.cost_usd_t, leg.cost_usd_t < 10 ? 1 : 0)),
        ),
      ),
    ),
    el(
      "tfoot",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "row" }, t("Total")),
        el("td", {}, number(shown.route.km)),
        el("td", {}, number(shown.route.hours)),
        el("td", {}, number(shown.route.cost_usd_t)),
      ),
    ),
  );
}

// In the table the sign says what the leg is.
function shortTitle(leg) {
  const bare = (n) => placeName(n).replace(/ \(.*\)/, "");
  if (leg.kind === "line_haul" || leg.kind === "sea")
    return leg.from === leg.to ? bare(leg.to) : `${bare(leg.from)} – ${bare(leg.to)}`;
  return leg.kind === "border" ? leg.name : `${KINDS[leg.kind] ?? say(leg.kind)}, ${bare(leg.to)}`;
}

function legSign(leg, shown) {
  const kind = { border: "border", gauge_change: "terminal", transfer: "terminal", port: "port", waiting: "end" }[
    leg.kind
  ];
  return kind ? sign(kind) : swatch(patterned(shown, leg.system, shownRoutes.length > 1), true);
}

function showLeg(shown, l) {
  const leg = shown.route.legs[l],
    line = leg.lines.flatMap(points);
  const at = line.length ? line[Math.floor(line.length / 2)] : [places[leg.to].x, places[leg.to].y];
  if (line.length) map.fitBounds(L.latLngBounds(asLatLngs(line)), { padding: [40, 40], maxZoom: 2, animate: false });
  else map.setView([at[1], at[0]], Math.max(map.getZoom(), 0.5), { animate: false });
  openWindow([at[1], at[0]], legDetails(shown, l));
}
