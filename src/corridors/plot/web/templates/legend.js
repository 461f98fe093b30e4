// Layers and legend in one: samples of lines and signs, each with its switch, and the key to routes.
// A sample of a line, as the map draws it.
function swatch(style, route) {
  const color = route ? style.color : style.pale;
  const line = (stroke, width, dash) =>
    svg("path", {
      d: "M1 6H25",
      stroke,
      "stroke-width": width,
      fill: "none",
      ...(dash ? { "stroke-dasharray": dash } : {}),
      ...(style.dots ? { "stroke-linecap": "round" } : {}),
    });
  const strokes = style.dots ? [line(color, 2.6, "0.1 5")] : [line(color, route ? 4.4 : 2)];
  if (!route && style.ties) strokes.push(line(color, 7, `1.3 ${1.6 * style.ties}`));
  if (route && style.inlay[0]) strokes.push(line(looks.halo, 1.4, style.inlay[1] ? "5 5" : ""));
  return svg(
    "svg",
    { viewBox: "0 0 26 12", width: 26, height: 12, class: "swatch", "aria-hidden": "true" },
    ...strokes,
  );
}
const dashed = (color, width) =>
  svg(
    "svg",
    { viewBox: "0 0 26 12", width: 26, height: 12, class: "swatch", "aria-hidden": "true" },
    svg("path", { d: "M1 6H25", stroke: color, "stroke-width": width, "stroke-dasharray": "6 3.4" }),
  );
function discs() {
  const radii = looks.dwell_key_h.map(radius),
    most = Math.max(...radii),
    size = 2 * most + 2;
  return svg(
    "svg",
    { viewBox: `0 0 ${size} ${size}`, width: size, height: size, class: "swatch", "aria-hidden": "true" },
    ...radii
      .reverse()
      .map((r) =>
        svg("circle", {
          cx: most + 1,
          cy: size - 1 - r,
          r,
          fill: looks.dwell,
          "fill-opacity": 0.4,
          stroke: looks.dwell_edge,
        }),
      ),
  );
}

function layerRows() {
  const has = (test) => data.scenarios.some(test);
  const systems = ["rail-1520", "rail-1435", "rail-1676", "road"].filter((system) =>
    has((s) => s.links.some((n) => data.links[n].system === system)),
  );
  return [
    looks.dwell_key_h.length ? ["dwell", t("Hours at a stop: {hours}", { hours: looks.dwell_key_h.join(", ") }), discs(), true] : null,
    ...systems.map((system) => [system, looks.systems[system].label, swatch(looks.systems[system]), true]),
    has((s) => s.services.length) ? ["sea", t("Shipping services"), swatch(looks.systems.sea), false] : null,
    has((s) => s.new.length) ? ["new", t("Built in this scenario"), dashed(looks.ink, 3), true] : null,
    has((s) => s.planned.length) ? ["planned", t("Planned"), dashed(looks.muted, 2), false] : null,
    has((s) => s.crossings.length) ? ["crossings", t("Border crossing"), sign("crossing"), true] : null,
    has((s) => s.crossings.some(([n, modes]) => !modes.length && data.crossings[n].status !== "planned"))
      ? ["closed", t("Closed crossing"), sign("closed"), true]
      : null,
    ["names", t("Places and names"), sign("town"), true],
    document.getElementById("relief") ? ["relief", t("Relief"), "", true] : null,
  ].filter(Boolean);
}

function chooseLayers() {
  section(
    t("Layers"),
    el(
      "div",
      { class: "layers" },
      layerRows().map(([name, label, picture, on]) => {
        if (on) state.layers.add(name);
        const box = el("input", {
          type: "checkbox",
          name: "layer",
          value: name,
          checked: on,
          onchange: () => {
            if (box.checked) state.layers.add(name);
            else state.layers.delete(name);
            showLayers();
          },
        });
        return el("label", {}, box, el("span", { class: "picture" }, picture), label);
      }),
    ),
    el("div", { class: "layers", id: "signs" }),
    el("p", { class: "about" }, t("Click on a line, sign or name for figures and sources.")),
  );
}

// The key to what routes add to the map: only what is shown.
const STOPS = {
  end: t("Origin, destination"),
  border: t("Border of a route"),
  terminal: t("Terminal, change of gauge"),
  port: t("Port"),
};
function showSigns() {
  const kinds = new Set(shownRoutes.flatMap(({ route }) => route.stops.map((stop) => stop.kind)));
  const legs = shownRoutes.flatMap(({ route }) => route.legs).filter((leg) => leg.lines.length);
  const used = SYSTEM_ORDER.filter((system) => legs.some((leg) => leg.system === system)),
    several = shownRoutes.length > 1;
  const modes = several
    ? [...new Set(used.map((system) => system.split("-")[0]))].map((mode) => [
        t("Route by {way}", { way: say(mode) }),
        swatch(patterned({ color: looks.muted }, mode === "rail" ? "rail-1520" : mode, true), true),
      ])
    : used.map((system) => [
        t("Route by {way}", { way: looks.systems[system].label.toLowerCase() }),
        swatch(looks.systems[system], true),
      ]);
  const rows = [
    ...modes,
    ...(legs.some((leg) => leg.fresh.length) ? [[t("Route on a line not yet built"), dashed(looks.ink, 4)]] : []),
    ...Object.entries(STOPS)
      .filter(([kind]) => kinds.has(kind))
      .map(([kind, label]) => [label, sign(kind)]),
  ];
  document
    .getElementById("signs")
    .replaceChildren(
      ...rows.map(([label, picture]) => el("span", { class: "row" }, el("span", { class: "picture" }, picture), label)),
    );
}
