// What stands in the windows that open on a click: figures, the parameters behind them, and their sources.
const pairs = (...rows) =>
  el(
    "dl",
    {},
    rows
      .filter(
        ([, value]) =>
          value !== undefined && value !== "" && value !== null && !(Array.isArray(value) && !value.length),
      )
      .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
const joined = (parts) => parts.flatMap((part, i) => (i ? ["; ", part] : [part]));
const from = (numbers) => (numbers?.length ? ["Source", joined(sourceLinks(numbers))] : ["Source", ""]);
const span = (low, high, unit) =>
  low === undefined || high === undefined ? "" : ` (${plain(low)} to ${plain(high)}${unit})`;
const GRADES = { A: "official or primary", B: "secondary", C: "weak", assumed: "an assumption" };
const grade = (thing) => (thing.confidence ? (GRADES[thing.confidence] ?? thing.confidence) : "");
const heading = (name, about) => [el("h3", {}, name), about ? el("p", { class: "about" }, about) : null];

// What is stated of a thing, with its sources; statements that contradict the one that is used come after it.
function stated(numbers) {
  if (!numbers?.length) return null;
  return [
    el("h4", {}, "Statements"),
    ...numbers.map((n) => {
      const said = data.statements[n];
      const about = [say(said.status), said.year, said.used ? "" : "not used", said.note].filter(Boolean).join(", ");
      return el("p", {}, `${said.name}: ${said.told} (${about}) `, joined(sourceLinks(said.sources)));
    }),
  ];
}

function linkDetails(n) {
  const link = data.links[n],
    planned = scenario().planned.includes(n),
    built = scenario().new.includes(n);
  const state = planned ? "not built in this scenario" : built ? "built in this scenario" : say(link.status);
  return el(
    "div",
    { class: "details" },
    heading(
      `${placeName(link.from)} – ${placeName(link.to)}`,
      [systemName(link.system), link.class, link.line].filter(Boolean).join(", "),
    ),
    pairs(
      [
        "Length",
        `${number(link.length_km, link.length_km < 10 ? 1 : 0)} km${span(link.length_low_km, link.length_high_km, " km")}, ${link.length_basis}`,
      ],
      from(link.sources),
      ["Evidence", grade(link)],
      ["Status", state],
      ["Opened", link.opened],
      ["Closed", link.closed],
      ["Project", link.project],
      ["Crossing", link.crossing],
      ["Tracks", link.tracks],
      ["Traction", link.traction],
      ["Line drawn", ["straight", "chord"].includes(link.alignment) ? "straight between its ends" : ""],
      ["Note", link.note],
    ),
    stated(link.stated),
  );
}

function serviceDetails(n) {
  const hop = data.services[n];
  return el(
    "div",
    { class: "details" },
    heading(`${placeName(hop.from)} – ${placeName(hop.to)}`, `${hop.name}, ${hop.class}`),
    pairs(
      [
        "Distance",
        `${number(hop.length_km)} km${span(hop.length_low_km, hop.length_high_km, " km")}, ${hop.length_basis}`,
      ],
      ["Sails every", `${plain(hop.headway_d)} d${span(hop.headway_low_d, hop.headway_high_d, " d")}`],
      ["Cargo", hop.cargo?.join(", ")],
      from(hop.sources),
      ["Evidence", grade(hop)],
      ["Status", say(hop.status)],
      ["Opened", hop.opened],
      ["Note", hop.note],
    ),
  );
}

const hoursNow = () => data.hours[scenario().hours];

function crossingDetails(n) {
  const crossing = data.crossings[n],
    [, modes, used] = scenario().crossings.find(([m]) => m === n) ?? [n, [], []];
  const dwell = hoursNow().crossings.filter((row) => row.crossing === n);
  return el(
    "div",
    { class: "details" },
    heading(crossing.name, "Border crossing"),
    pairs(
      [
        "In this scenario",
        used.length ? `open by ${used.join(" and ")}` : modes.length ? "open, but no line in use passes it" : "closed",
      ],
      ["Status", say(crossing.status)],
      ["Opened", crossing.opened],
      ["Closed", crossing.closed],
      from(crossing.sources),
      ["Note", crossing.note],
    ),
    dwell.map((row) =>
      worked(row, `By ${row.mode}, ${row.way.join(" → ")}${used.includes(row.mode) ? "" : " (no line in use)"}`),
    ),
    crossing.closures?.length ? el("h4", {}, "Closures") : null,
    (crossing.closures ?? []).map((c) =>
      el("p", {}, `${months(c)}${c.modes ? ` (${c.modes})` : ""}: ${c.reason} `, joined(sourceLinks(c.sources))),
    ),
    stated(crossing.stated),
  );
}

function months(closure) {
  const when = closure.start || closure.end ? `${closure.start ?? "…"} to ${closure.end ?? "now"}` : "every year";
  return closure.months ? `${when}, months ${closure.months.replaceAll(";", ", ")}` : when;
}

// Hours and cost of one piece of work, with its parameters folded below.
function worked(row, name) {
  return el(
    "details",
    { class: "worked" },
    el(
      "summary",
      {},
      `${name}: `,
      el("b", {}, duration(row.hours)),
      `, ${number(row.cost, 1)} USD/t`,
      row.cargo !== data.cargo ? ` (${row.cargo})` : "",
    ),
    terms(row.terms),
  );
}

function placeDetails(n) {
  const place = places[n],
    here = scenario().terminals.filter((t) => data.terminals[t].place === n);
  const ships = [
    ...new Set(
      scenario()
        .services.map((s) => data.services[s])
        .filter((s) => s.from === n || s.to === n)
        .map((s) => s.name),
    ),
  ];
  return el(
    "div",
    { class: "details" },
    heading(place.name, `${say(place.kind)}, ${place.country}`),
    pairs(
      ["Also called", place.aliases?.join(", ")],
      ["Inhabitants", place.population ? number(place.population) : ""],
      ["Position", place.position_km ? `within ${plain(place.position_km)} km` : ""],
      from(place.sources),
      ["Note", place.note],
      ["Ships", ships.join("; ")],
    ),
    here.map((t) => terminalDetails(t)),
  );
}

function terminalDetails(n) {
  const terminal = data.terminals[n];
  return el(
    "section",
    {},
    el("h4", {}, terminal.name),
    pairs(
      ["Handles", `${terminal.cargo?.join(", ")}, by ${say(terminal.method)}`],
      ["Status", say(terminal.status)],
      ["Capacity", terminal.capacity],
      from(terminal.sources),
      ["Note", terminal.note],
    ),
    hoursNow()
      .terminals.filter((row) => row.terminal === n)
      .map((row) => worked(row, row.way.map((system) => system.replace("rail-", "rail ")).join(" → "))),
    stated(terminal.stated),
  );
}

function stopDetails(n) {
  const blocks = shownRoutes.flatMap((shown) =>
    shown.route.stops.filter((stop) => stop.place === n).flatMap((stop) => stop.legs.map((l) => legDetails(shown, l))),
  );
  return el("div", {}, blocks, placeDetails(n));
}

function legTitle(leg) {
  const way = leg.from === leg.to ? placeName(leg.to) : `${placeName(leg.from)} – ${placeName(leg.to)}`;
  return leg.kind === "border" && leg.name ? `Border ${leg.name}` : `${KINDS[leg.kind] ?? say(leg.kind)}, ${way}`;
}

function legDetails(shown, l) {
  const leg = shown.route.legs[l],
    moving = leg.kind === "line_haul" || leg.kind === "sea";
  const about = [
    shownRoutes.length > 1 ? shown.name : "",
    moving ? systemName(leg.system) : leg.kind === "border" ? `by ${leg.mode}` : leg.name,
    leg.country.replaceAll("-", " → "),
  ]
    .filter(Boolean)
    .join(", ");
  return el(
    "div",
    { class: "details leg" },
    heading(legTitle(leg), about),
    el(
      "p",
      { class: "figures" },
      moving ? el("span", {}, el("b", {}, number(leg.km)), " km") : null,
      el("span", {}, el("b", {}, number(leg.hours, 1)), " h"),
      el("span", {}, el("b", {}, number(leg.cost_usd_t, 1)), " USD/t"),
      el("span", {}, el("b", {}, number(leg.co2e_kg_t, 1)), " kg CO2e/t"),
    ),
    el(
      "p",
      { class: "about" },
      `After it: ${number(leg.cum_km)} km, ${number(leg.cum_hours / 24, 1)} d from ${placeName(shown.route.origin)}`,
    ),
    terms(leg.terms),
    leg.passes.length ? passes(leg) : null,
  );
}

function passes(leg) {
  return el(
    "details",
    {},
    el("summary", {}, `Lengths of ${leg.passes.length} link${leg.passes.length > 1 ? "s" : ""}`),
    el(
      "ul",
      { class: "terms" },
      leg.passes.map(([n, km]) => {
        const link = data.links[n];
        return el(
          "li",
          {},
          `${placeName(link.from)} – ${placeName(link.to)}: `,
          el("b", {}, `${number(km, km < 10 ? 1 : 0)} km`),
          `, ${link.length_basis} `,
          joined(sourceLinks(link.sources)),
        );
      }),
    ),
  );
}

// The parameters behind figures, by measure: amount, value with its range, grade and sources.
function terms(list) {
  return Object.entries(MEASURES).map(([measure, unit]) => {
    const mine = list.filter((term) => term[1] === measure).sort((a, b) => b[2] - a[2]);
    if (!mine.length) return null;
    const total = mine.reduce((sum, term) => sum + term[2], 0);
    return el(
      "details",
      { open: measure === "hours" && list.length < 40 },
      el("summary", {}, `Behind the ${measure}: ${number(total, 1)} ${unit}`),
      el(
        "ul",
        { class: "terms" },
        mine.map(([component, , amount, n]) => term(component, amount, unit, data.parameters[n])),
      ),
    );
  });
}

function term(component, amount, unit, parameter) {
  return el(
    "li",
    {},
    el("b", {}, `${number(amount, amount < 10 ? 1 : 0)} ${unit}`),
    ` ${(KINDS[component] ?? say(component)).toLowerCase()}: `,
    el("code", {}, parameter.name),
    ` = ${plain(parameter.value)} ${parameter.unit}${span(parameter.low, parameter.high, "")}`,
    el(
      "span",
      { class: "grade" },
      parameter.overridden ? ", your own value" : parameter.confidence === "assumed" ? ", assumed" : "",
    ),
    ". ",
    joined(sourceLinks(parameter.sources)),
    parameter.note ? el("span", { class: "note" }, ` ${parameter.note}`) : null,
  );
}
