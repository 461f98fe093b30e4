// State and its picture: every change goes through `update`.
const state = { scenario: 0, route: "", against: "", layers: new Set() };
const scenario = () => data.scenarios[state.scenario];
const layerOn = (name) => state.layers.has(name);
const againstKey = () => {
  const [s, ...name] = state.against.split("|");
  return [Number(s), name.join("|")];
};
const against = () => (state.against ? data.scenarios[againstKey()[0]].routes[againstKey()[1]] : null);
// a route keeps its colour, whichever it is compared with
const colorOf = (s, name) =>
  COLORS[(data.scenarios.length > 1 ? s : Object.keys(scenario().routes).indexOf(name)) % COLORS.length];
const ground = drawBase();
let drawn = []; // layer groups of the network
const networks = new Map(); // by scenario and name, made when first seen

function update(change) {
  Object.assign(state, change);
  const names = Object.keys(scenario().routes);
  if (!names.includes(state.route)) state.route = names[0] ?? "";
  if (state.against === `${state.scenario}|${state.route}`) state.against = "";
  const chosen = [
    [state.scenario, state.route, scenario().routes[state.route]],
    [...(state.against ? againstKey() : [0, ""]), against()],
  ];
  shownRoutes = chosen
    .filter(([, , route]) => route?.legs)
    .map(([s, name, route]) => ({ scenario: s, name: routeName(s, name), route, color: colorOf(s, name) }));
  // of one pair in two scenarios the scenario says enough
  if (state.against && chosen[0][1] === chosen[1][1])
    shownRoutes.forEach((r) => {
      r.name = data.scenarios[r.scenario].name;
    });
  const [one, other] = shownRoutes;
  if (other && other.color === one.color) other.color = COLORS[(COLORS.indexOf(one.color) + 1) % COLORS.length];
  map.closePopup();
  drawRoutes();
  showLayers();
  showFacts();
  fillChoices();
  showRoutes();
  showSigns();
}

function showLayers() {
  drawNetwork();
  for (const layer of [routeLines, stopMarks, nameMarks]) layer.addTo(map);
  show(stopCircles, layerOn("dwell"));
  resizeRoutes();
  placeNames();
}

function show(layer, on) {
  if (on) layer.addTo(map);
  else layer.remove();
}

function group(name) {
  const key = `${state.scenario}|${name}`,
    s = scenario();
  if (!networks.has(key)) {
    const both = name === "crossings" || name === "closed" ? crossingLayers(s) : null;
    networks.set(
      key,
      both
        ? name === "closed"
          ? both.closed
          : both.open
        : name === "sea"
          ? seaLayer(s.services)
          : name === "planned" || name === "new"
            ? dashedLayer(s[name], name === "new")
            : systemLayer(name, s.links),
    );
  }
  return networks.get(key);
}

function drawNetwork() {
  const wantedNow = ["road", "rail-1435", "rail-1676", "rail-1520", "sea", "planned", "new", "crossings", "closed"]
    .filter(layerOn)
    .map(group);
  for (const layer of drawn) if (!wantedNow.includes(layer)) layer.remove();
  for (const layer of wantedNow) layer.addTo(map);
  drawn = wantedNow;
  if (ground.relief) show(ground.relief, layerOn("relief"));
  resize();
}

function extent() {
  const lines = shownRoutes.flatMap(({ route }) => route.legs.flatMap((leg) => leg.lines));
  const shown = lines.length ? lines : scenario().links.map((n) => data.links[n].line_of);
  const box = L.latLngBounds(shown.flatMap((n) => asLatLngs(points(n))));
  const [west, south, east, north] = data.frame;
  return box.isValid()
    ? box
    : L.latLngBounds([
        [south, west],
        [north, east],
      ]);
}
const fit = () => map.fitBounds(extent(), { animate: false, paddingTopLeft: [24, 28], paddingBottomRight: [64, 44] });

// Choose other routes, and move to them where they are not in view.
function turnTo(change) {
  update(change);
  if (!map.getBounds().contains(extent())) fit();
}

function controls() {
  L.control
    .zoom({ position: "topright", zoomInTitle: t("Zoom in"), zoomOutTitle: t("Zoom out") })
    .addTo(map);
  const all = new L.Control({ position: "topright" });
  all.onAdd = () =>
    el(
      "div",
      { class: "leaflet-bar" },
      el(
        "button",
        { type: "button", class: "fit", title: t("Show all"), "aria-label": t("Show all of the routes"), onclick: fit },
        "⤢",
      ),
    );
  all.addTo(map);
  const find = new L.Control({ position: "topleft" });
  find.onAdd = findPlace;
  find.addTo(map);
  L.Control.Scale.include({
    _updateMetric(most) {
      const metres = this._getRoundNum(most),
        label = metres < 1000 ? t("{n} m", { n: metres }) : t("{n} km", { n: number(metres / 1000) });
      this._updateScale(this._mScale, label, metres / most);
    },
  });
  L.control.scale({ imperial: false, position: "topleft", maxWidth: 120 }).addTo(map);
  const credit = new L.Control({ position: "bottomright" });
  credit.onAdd = () => el("div", { class: "credits" }, [...base.credits, t("map by Leaflet")].join(" · "));
  credit.addTo(map);
  for (const bar of map.getContainer().querySelectorAll(".leaflet-bar, .find")) L.DomEvent.disableClickPropagation(bar);
}

// Who opens a window from the keyboard is led into it, and back when it closes.
function leadFocus() {
  let keyboard = false,
    before = null;
  addEventListener(
    "keydown",
    (event) => {
      keyboard = true;
      if (event.key === "Escape") map.closePopup();
    },
    true,
  );
  addEventListener(
    "pointerdown",
    () => {
      keyboard = false;
    },
    true,
  );
  map.on("popupopen", ({ popup: opened }) => {
    map.getContainer().classList.add("reading");
    const frame = opened.getElement();
    frame.setAttribute("role", "dialog");
    frame.setAttribute("tabindex", "-1");
    frame.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", t("Close"));
    before = document.activeElement;
    if (keyboard) frame.focus({ preventScroll: true });
  });
  map.on("popupclose", () => {
    map.getContainer().classList.remove("reading");
    if (keyboard && before?.isConnected) before.focus({ preventScroll: true });
  });
}

function foldPanel() {
  const button = document.getElementById("fold");
  const set = (open) => {
    const all = map.getBounds().contains(extent());
    document.body.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", String(open));
    map.invalidateSize();
    if (all) fit(); // who had moved closer stays there
  };
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
}

// Past the panel in one step. An anchor alone would leave the frame of a notebook.
function skipPanel() {
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    map.getContainer().focus();
  });
}

function begin() {
  chooseScenario();
  chooseRoutes();
  chooseLayers();
  const [west, south, east, north] = data.frame,
    whole = L.latLngBounds([
      [south, west],
      [north, east],
    ]);
  const found = allRoutes().filter(([s, name]) => data.scenarios[s].routes[name].legs),
    first = found.find(([s]) => s === 0);
  const others = found.filter(([s, name]) => s || name !== first?.[1]);
  const pick = others.find(([, name]) => name === first?.[1]) ?? others[0];
  state.route = first?.[1] ?? "";
  if (pick && first) state.against = `${pick[0]}|${pick[1]}`;
  map.setView(whole.getCenter(), -1);
  update({});
  map.setMaxBounds(whole.extend(extent()).pad(0.4));
  map.setMinZoom(Math.min(map.getBoundsZoom(whole, false), map.getBoundsZoom(extent(), false)) - 0.25);
  controls();
  leadFocus();
  foldPanel();
  skipPanel();
  fit();
  new ResizeObserver(() => map.invalidateSize()).observe(map.getContainer());
  document.body.dataset.ready = "yes";
}
begin();
