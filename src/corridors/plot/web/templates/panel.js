// The panel: finding a place, scenarios, and the route with what it is compared with.
const sections = document.getElementById("sections");
const COLORS = looks.routes;

function section(name, ...content) {
  const made = el("section", { "aria-label": name }, el("h2", {}, name), ...content);
  sections.append(made);
  return made;
}

// Number of the place that is called so: by label, name, id or alias, with its country after a comma or as a port.
function placeCalled(text) {
  const [name, country] = text.split(",");
  const lies = (n) => country && [places[n].country, countryName(places[n].country)].map(fold).includes(fold(country));
  const asked = [
    [unbroken(text), () => true],
    [unbroken(name), lies],
    [unbroken(text.replace(/^port (of )?| (sea)?port$/i, "")), () => true],
  ];
  const labels = ({ name, country, id }) => [`${name}, ${country}`, name, id];
  const spellings = [(n) => labels(places[n]), (n) => places[n].aliases ?? []];
  const all = places.map((_, n) => n);
  for (const same of [(one, wanted) => one === wanted, (one, wanted) => one.startsWith(wanted)])
    for (const [wanted, fits] of asked)
      for (const of of spellings) {
        const n = wanted ? all.find((n) => fits(n) && of(n).some((one) => same(unbroken(one), wanted))) : undefined;
        if (n !== undefined) return n;
      }
}
// Jalal-Abad is a Jalalabad.
const unbroken = (name) => fold(name).replaceAll(" ", "");
const countryName = (code) => new Intl.DisplayNames(["en"], { type: "region" }).of(code);

function findPlace() {
  const known = places.map((place, n) => [n, `${place.name}, ${place.country}`]);
  const input = el("input", {
    type: "search",
    id: "find",
    list: "places",
    placeholder: t("Find a place"),
    "aria-label": t("Find a place"),
    autocomplete: "off",
    "aria-describedby": "found",
  });
  const answer = el("p", { id: "found", role: "status" });
  const go = () => {
    if (!fold(input.value)) return;
    const n = placeCalled(input.value);
    input.setAttribute("aria-invalid", String(n === undefined));
    answer.textContent = n === undefined ? t('No place "{name}" on this map', { name: input.value.trim() }) : "";
    if (n !== undefined) goTo(n);
  };
  // typing again takes the answer away
  input.addEventListener("input", () => {
    answer.textContent = "";
    input.setAttribute("aria-invalid", "false");
  });
  input.addEventListener("change", go);
  return el(
    "div",
    { class: "find" },
    input,
    el(
      "datalist",
      { id: "places" },
      known
        .map(([, label]) => label)
        .sort()
        .map((label) => el("option", { value: label })),
    ),
    answer,
  );
}
const fold = (name) =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[كيىةھہ]/g, (letter) => ONE_LETTER[letter])
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

// Letters that Arabic, Persian, Pashto and Urdu keyboards write in different ways.
const ONE_LETTER = { ك: "ک", ي: "ی", ى: "ی", ة: "ه", ھ: "ه", ہ: "ه" };

function goTo(n) {
  const at = latLng(places[n]);
  map.setView(at, Math.max(map.getZoom(), 1.25), { animate: false });
  openWindow(at, placeDetails(n));
}

function chooseScenario() {
  const facts = el("p", { class: "about", id: "facts" });
  const choice = el(
    "fieldset",
    {},
    el("legend", { class: "unseen" }, t("Scenario")),
    data.scenarios.map((s, i) =>
      el(
        "label",
        {},
        el("input", {
          type: "radio",
          name: "scenario",
          value: i,
          checked: i === state.scenario,
          onchange: () => {
            const held = state.against.startsWith(`${i}|`) ? `${state.scenario}|${state.route}` : state.against;
            update({ scenario: i, against: held });
          },
        }),
        ` ${s.name}`,
      ),
    ),
  );
  section(data.scenarios.length > 1 ? t("Scenario") : t("Network"), data.scenarios.length > 1 ? choice : null, facts);
}

function showFacts() {
  const s = scenario();
  const said = [
    data.scenarios.length > 1 ? t("Network: {name}", { name: s.network }) : s.network,
    s.built.length ? t("built: {names}", { names: s.built.join(", ") }) : "",
    t("borders: {state}", { state: s.borders }),
  ];
  document.getElementById("facts").textContent = said.filter(Boolean).join("; ");
}

function chooseRoutes() {
  if (!data.scenarios.some((s) => Object.keys(s.routes).length)) return;
  const first = el("select", { id: "route", "aria-label": t("Route"), onchange: () => turnTo({ route: first.value }) });
  const second = el("select", {
    id: "against",
    "aria-label": t("Compare with"),
    onchange: () => turnTo({ against: second.value }),
  });
  section(
    t("Routes"),
    el(
      "div",
      { class: "choices", hidden: allRoutes().length < 2 },
      el("label", { for: "route" }, t("Route")),
      first,
      el("label", { for: "against" }, t("Compare with")),
      second,
    ),
    el("div", { id: "compared" }),
  );
}

function fillChoices() {
  const first = document.getElementById("route"),
    second = document.getElementById("against");
  if (!first) return;
  const names = Object.keys(scenario().routes);
  first.replaceChildren(...names.map((name) => el("option", { value: name, selected: name === state.route }, name)));
  second.replaceChildren(
    el("option", { value: "" }, t("nothing")),
    ...allRoutes()
      .filter(([s, name]) => s !== state.scenario || name !== state.route)
      .sort(([, one], [, other]) => (other === state.route) - (one === state.route))
      .map(([s, name]) =>
        el("option", { value: `${s}|${name}`, selected: state.against === `${s}|${name}` }, routeName(s, name)),
      ),
  );
  second.disabled = second.options.length < 2;
}

const allRoutes = () => data.scenarios.flatMap((s, i) => Object.keys(s.routes).map((name) => [i, name]));
function routeName(s, name) {
  const names = allRoutes().map(([, other]) => other);
  if (names.filter((other) => other === name).length === 1) return name;
  return new Set(names).size > 1 ? `${name}, ${data.scenarios[s].name}` : data.scenarios[s].name;
}
