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
const from = (numbers) => ([t("Source"), numbers?.length ? joined(sourceLinks(numbers)) : ""]);
const span = (low, high, unit) =>
  low === undefined || high === undefined ? "" : ` (${t("{low} to {high}", { low: plain(low), high: plain(high) })}${unit})`;
const GRADES = {
  A: t("official or primary"),
  B: t("secondary"),
  C: t("weak"),
  assumed: t("an assumption"),
};
const grade = (thing) => (thing.confidence ? (GRADES[thing.confidence] ?? thing.confidence) : "");
const heading = (name, about) => [el("h3", {}, name), about ? el("p", { class: "about" }, about) : null];

// What is stated of a thing, with its sources; statements that contradict the one that is used come after it.
function stated(numbers) {
  if (!numbers?.length) return null;
  return [
    el("h4", {}, t("Statements")),
    ...numbers.map((n) => {
      const said = data.statements[n];
      const about = [say(said.status), said.year, said.used ? "" : t("not used"), said.note].filter(Boolean).join(", ");
      return el("p", {}, `${said.name}: ${said.told} (${about}) `, joined(sourceLinks(said.sources)));
    }),
  ];
}

function linkDetails(n) {
  const link = data.links[n],
    planned = scenario().planned.includes(n),
    built = scenario().new.includes(n);
  const state = planned ? t("not built in this scenario") : built ? t("built in this scenario") : say(link.status);
  return el(
    "div",
    { class: "details" },
    heading(
      `${placeName(link.from)} – ${placeName(link.to)}`,
      [systemName(link.system), link.class && say(link.class), link.line].filter(Boolean).join(", "),
    ),
    pairs(
      [
        t("Length"),
        `${km(link.length_km)}${span(link.length_low_km, link.length_high_km, t(" km"))}, ${say(link.length_basis)}`,
      ],
      from(link.sources),
      [t("Evidence"), grade(link)],
      [t("Status"), state],
      [t("Opened"), link.opened],
      [t("Closed"), link.closed],
      [t("Project"), link.project],
      [t("Crossing"), link.crossing],
      [t("Tracks"), link.tracks && say(link.tracks)],
      [t("Traction"), link.traction && say(link.traction)],
      [t("Line drawn"), ["straight", "chord"].includes(link.alignment) ? t("straight between its ends") : ""],
      [t("Note"), link.note],
    ),
    stated(link.stated),
  );
}

function serviceDetails(n) {
  const hop = data.services[n];
  return el(
    "div",
    { class: "details" },
    heading(`${placeName(hop.from)} – ${placeName(hop.to)}`, `${hop.name}, ${say(hop.class)}`),
    pairs(
      [
        t("Distance"),
        `${km(hop.length_km)}${span(hop.length_low_km, hop.length_high_km, t(" km"))}, ${say(hop.length_basis)}`,
      ],
      [t("Sails every"), t("{n} d", { n: plain(hop.headway_d) }) + span(hop.headway_low_d, hop.headway_high_d, t(" d"))],
      [t("Cargo"), hop.cargo?.map(say).join(", ")],
      from(hop.sources),
      [t("Evidence"), grade(hop)],
      [t("Status"), say(hop.status)],
      [t("Opened"), hop.opened],
      [t("Note"), hop.note],
    ),
  );
}

const km = (length) => t("{n} km", { n: number(length, length < 10 ? 1 : 0) });
const hoursNow = () => data.hours[scenario().hours];

function crossingDetails(n) {
  const crossing = data.crossings[n],
    [, modes, used] = scenario().crossings.find(([m]) => m === n) ?? [n, [], []];
  const dwell = hoursNow().crossings.filter((row) => row.crossing === n);
  return el(
    "div",
    { class: "details" },
    heading(crossing.name, t("Border crossing")),
    pairs(
      [
        t("In this scenario"),
        used.length
          ? t("open by {modes}", { modes: used.map(say).join(t(" and ")) })
          : modes.length
            ? t("open, but no line in use passes it")
            : t("closed"),
      ],
      [t("Status"), say(crossing.status)],
      [t("Opened"), crossing.opened],
      [t("Closed"), crossing.closed],
      from(crossing.sources),
      [t("Note"), crossing.note],
    ),
    dwell.map((row) =>
      worked(row, t("By {mode}, {way}", { mode: say(row.mode), way: row.way.join(" → ") }) +
          (used.includes(row.mode) ? "" : t(" (no line in use)"))),
    ),
    crossing.closures?.length ? el("h4", {}, t("Closures")) : null,
    (crossing.closures ?? []).map((c) =>
      el("p", {}, `${months(c)}${c.modes ? ` (${say(c.modes)})` : ""}: ${c.reason} `, joined(sourceLinks(c.sources))),
    ),
    stated(crossing.stated),
  );
}

function months(closure) {
  const when = closure.start || closure.end ? t("{low} to {high}", { low: closure.start ?? "…", high: closure.end ?? t("now") }) : t("every year");
  return closure.months ? `${when}, ${t("months {months}", { months: closure.months.replaceAll(";", ", ") })}` : when;
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
      `, ${number(row.cost, 1)} ${t("USD/t")}`,
      row.cargo !== data.cargo ? ` (${say(row.cargo)})` : "",
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
      [t("Also called"), place.aliases?.join(", ")],
      [t("Inhabitants"), place.population ? number(place.population) : ""],
      [t("Position"), place.position_km ? t("within {n} km", { n: plain(place.position_km) }) : ""],
      from(place.sources),
      [t("Note"), place.note],
      [t("Ships"), ships.join("; ")],
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
      [t("Handles"), t("{cargo}, by {method}", { cargo: terminal.cargo?.map(say).join(", "), method: say(terminal.method) })],
      [t("Status"), say(terminal.status)],
      [t("Capacity"), terminal.capacity],
      from(terminal.sources),
      [t("Note"), terminal.note],
    ),
    hoursNow()
      .terminals.filter((row) => row.terminal === n)
      .map((row) => worked(row, row.way.map((system) => data.texts[system] ?? system.replace("rail-", "rail ")).join(" → "))),
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
  return leg.kind === "border" && leg.name ? t("Border {name}", { name: leg.name }) : `${KINDS[leg.kind] ?? say(leg.kind)}, ${way}`;
}

function legDetails(shown, l) {
  const leg = shown.route.legs[l],
    moving = leg.kind === "line_haul" || leg.kind === "sea";
  const about = [
    shownRoutes.length > 1 ? shown.name : "",
    moving ? systemName(leg.system) : leg.kind === "border" ? t("by {mode}", { mode: say(leg.mode) }) : leg.name,
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
      moving ? el("span", {}, el("b", {}, number(leg.km)), t(" km")) : null,
      el("span", {}, el("b", {}, number(leg.hours, 1)), ` ${MEASURES.hours}`),
      el("span", {}, el("b", {}, number(leg.cost_usd_t, 1)), ` ${MEASURES.cost}`),
      el("span", {}, el("b", {}, number(leg.co2e_kg_t, 1)), ` ${MEASURES.emissions}`),
    ),
    el(
      "p",
      { class: "about" },
      t("After it: {km} km, {days} d from {place}", {
        km: number(leg.cum_km),
        days: number(leg.cum_hours / 24, 1),
        place: placeName(shown.route.origin),
      }),
    ),
    terms(leg.terms),
    leg.passes.length ? passes(leg) : null,
  );
}

function passes(leg) {
  return el(
    "details",
    {},
    el("summary", {}, leg.passes.length > 1 ? t("Lengths of {n} links", { n: leg.passes.length }) : t("Length of one link")),
    el(
      "ul",
      { class: "terms" },
      leg.passes.map(([n, length]) => {
        const link = data.links[n];
        return el(
          "li",
          {},
          `${placeName(link.from)} – ${placeName(link.to)}: `,
          el("b", {}, km(length)),
          `, ${say(link.length_basis)} `,
          joined(sourceLinks(link.sources)),
        );
      }),
    ),
  );
}

const BEHIND = {
  hours: t("Behind the hours"),
  cost: t("Behind the cost"),
  emissions: t("Behind the emissions"),
};

// The parameters behind figures, by measure: amount, value with its range, grade and sources.
function terms(list) {
  return Object.entries(MEASURES).map(([measure, unit]) => {
    const mine = list.filter((term) => term[1] === measure).sort((a, b) => b[2] - a[2]);
    if (!mine.length) return null;
    const total = mine.reduce((sum, term) => sum + term[2], 0);
    return el(
      "details",
      { open: measure === "hours" && list.length < 40 },
      el("summary", {}, `${BEHIND[measure]}: ${number(total, 1)} ${unit}`),
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
      parameter.overridden ? t(", your own value") : parameter.confidence === "assumed" ? t(", assumed") : "",
    ),
    ". ",
    joined(sourceLinks(parameter.sources)),
    parameter.note ? el("span", { class: "note" }, ` ${parameter.note}`) : null,
  );
}
