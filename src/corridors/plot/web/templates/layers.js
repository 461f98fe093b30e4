// The map: base map on a canvas that takes no clicks, the network above it as lines that do.
const map = L.map("map", {
  crs,
  zoomSnap: 0.25,
  zoomDelta: 0.75,
  wheelPxPerZoomLevel: 90,
  zoomControl: false,
  attributionControl: false,
  minZoom: -2.5,
  maxZoom: 4,
  maxBoundsViscosity: 0.8,
  zoomAnimation: !matchMedia("(prefers-reduced-motion)").matches,
});
for (const [name, order] of [
  ["relief", 200],
  ["base", 210],
  ["network", 410],
  ["routes", 420],
  ["circles", 430],
])
  map.createPane(name).style.zIndex = order;
for (const name of ["relief", "base"]) map.getPane(name).style.pointerEvents = "none";
const network = L.svg({ pane: "network", padding: 0.3 }),
  onTop = L.svg({ pane: "routes", padding: 0.3 });
const circles = L.svg({ pane: "circles", padding: 0.3 });

function drawBase() {
  const sheet = L.canvas({ pane: "base", padding: 0.3 }),
    [west, south, east, north] = data.frame;
  const common = { renderer: sheet, pane: "base", interactive: false };
  const fill = (shapes, color, options = {}) =>
    L.polygon(
      (shapes ?? []).map((rings) => rings.map((r) => asLatLngs(decode(r)))),
      { ...common, stroke: false, fillColor: color, fillOpacity: 1, ...options },
    );
  const draw = (lines, color, weight, options = {}) =>
    L.polyline(
      (lines ?? []).map((l) => asLatLngs(decode(l))),
      { ...common, color, weight, ...options },
    );
  const edge = { stroke: true, color: looks.lake_edge, weight: 0.7 };
  const land = fill([], looks.land).addTo(map);
  land.setLatLngs([
    [south, west],
    [south, east],
    [north, east],
    [north, west],
  ]);
  const picture = document.getElementById("relief");
  const relief = picture
    ? L.imageOverlay(
        picture.src,
        [
          [south, west],
          [north, east],
        ],
        { pane: "relief", alt: "" },
      )
    : null;
  if (relief) land.setStyle({ fillColor: looks.veil, fillOpacity: 0.3 });
  fill(base.faded, "#ffffff", { fillOpacity: 0.5 }).addTo(map);
  draw(base.rivers, looks.river, 0.8).addTo(map);
  fill(base.sea, looks.sea, edge).addTo(map);
  fill(base.lakes, looks.sea, edge).addTo(map);
  draw(base.boundaries, looks.boundary, 1).addTo(map);
  draw(base.disputed, looks.boundary, 1, { dashArray: "5 3" }).addTo(map);
  return { relief };
}

// One visible line for everything of a system, and one unseen, broad line for each link, which takes the clicks.
function seenLine(lines, options) {
  return L.polyline(
    lines.map((n) => asLatLngs(points(n))),
    { renderer: network, pane: "network", interactive: false, lineCap: "butt", ...options },
  );
}

function touchLine(line, label, content) {
  const touch = L.polyline(asLatLngs(points(line)), {
    renderer: network,
    pane: "network",
    weight: 14,
    opacity: 0,
    className: "touch link",
  });
  opens(touch.bindTooltip(label, { sticky: true }), content);
  touch.on("mouseover", () => touch.setStyle({ opacity: 0.25, color: looks.ink }));
  touch.on("mouseout", () => touch.setStyle({ opacity: 0 }));
  return touch;
}

// Windows keep clear of the controls in the corners, whatever the size of the map.
function openWindow(at, content) {
  const { x, y } = map.getSize();
  L.popup({
    maxWidth: Math.min(340, x - 80),
    minWidth: 180,
    maxHeight: Math.max(Math.min(340, y - 190), 120),
    autoPanPaddingTopLeft: [10, Math.min(72, y / 5)],
    autoPanPaddingBottomRight: [52, 40],
  })
    .setLatLng(at)
    .setContent(content)
    .openOn(map);
}

function opens(layer, content) {
  const open = (event) => openWindow(layer.getLatLng ? layer.getLatLng() : event.latlng, content());
  return layer.on("click", open).on("keypress", (event) => {
    if (event.originalEvent.key === "Enter") open(event);
  });
}

const linkLabel = (link) => text(`${placeName(link.from)} – ${placeName(link.to)}`);
const text = (content) => el("span", {}, content); // tooltips take elements as they are

const sized = []; // lines whose width follows the zoom: [line, options by factor]
function follow(line, options) {
  sized.push([line, options]);
  return line;
}
map.on("zoomend", () => resize());
function resize() {
  const factor = grown(map.getZoom());
  for (const [line, options] of sized) line.setStyle(options(factor));
}

function systemLayer(system, numbers) {
  const mine = numbers.filter((n) => data.links[n].system === system),
    style = looks.systems[system];
  const lines = mine.map((n) => data.links[n].line_of),
    group = L.layerGroup();
  follow(seenLine(lines, { color: style.pale }), (f) => ({ weight: 2 * style.thin * f })).addTo(group);
  if (style.ties)
    follow(seenLine(lines, { color: style.pale }), (f) => ({
      weight: 6 * f,
      dashArray: `${1.3 * f} ${1.6 * style.ties * f}`,
    })).addTo(group);
  for (const n of mine) touchLine(data.links[n].line_of, linkLabel(data.links[n]), () => linkDetails(n)).addTo(group);
  return group;
}

function dashedLayer(numbers, built) {
  const group = L.layerGroup(),
    [dash, gap] = looks.planned_dash;
  for (const system of SYSTEM_ORDER) {
    const mine = numbers.filter((n) => data.links[n].system === system),
      style = looks.systems[system];
    if (!mine.length) continue;
    const lines = mine.map((n) => data.links[n].line_of);
    if (built) follow(seenLine(lines, { color: looks.halo, opacity: 0.9 }), (f) => ({ weight: 6.5 * f })).addTo(group);
    follow(seenLine(lines, { color: built ? style.color : style.pale }), (f) => {
      const weight = (built ? 3.2 : 1.9) * f;
      return { weight, dashArray: `${dash * weight} ${gap * weight}` };
    }).addTo(group);
  }
  for (const n of numbers)
    touchLine(data.links[n].line_of, linkLabel(data.links[n]), () => linkDetails(n)).addTo(group);
  return group;
}

function seaLayer(numbers) {
  const group = L.layerGroup(),
    style = looks.systems.sea;
  const hops = new Map(numbers.map((n) => [data.services[n].line_of, n]));
  follow(seenLine([...hops.keys()], { color: style.pale, lineCap: "round" }), (f) => ({
    weight: 2 * f,
    dashArray: `0.1 ${4.5 * f}`,
  })).addTo(group);
  for (const [line, first] of hops) {
    const here = numbers.filter((n) => data.services[n].line_of === line);
    touchLine(line, linkLabel(data.services[first]), () => el("div", {}, here.map(serviceDetails))).addTo(group);
  }
  return group;
}

const SHAPES = {
  end: () => svg("circle", { cx: 8, cy: 8, r: 5.2, fill: looks.ink, stroke: "#fff", "stroke-width": 1.6 }),
  border: () =>
    svg("path", { d: "M8 2.6 13.4 8 8 13.4 2.6 8Z", fill: "#f4c430", stroke: looks.ink, "stroke-width": 1.3 }),
  terminal: () =>
    svg("rect", { x: 4, y: 4, width: 8, height: 8, fill: "#fff", stroke: looks.ink, "stroke-width": 1.4 }),
  port: () =>
    svg("path", { d: "M8 2.2 13.8 6.4 11.6 13.2H4.4L2.2 6.4Z", fill: "#1d4e79", stroke: "#fff", "stroke-width": 1 }),
  town: () => svg("circle", { cx: 8, cy: 8, r: 2.4, fill: "#fff", stroke: looks.ink, "stroke-width": 1.1 }),
  "port-small": () =>
    svg("path", { d: "M8 4 12 7 10.5 11.7H5.5L4 7Z", fill: "#1d4e79", stroke: "#fff", "stroke-width": 0.8 }),
  crossing: () =>
    svg("path", { d: "M8 4.4 11.6 8 8 11.6 4.4 8Z", fill: "#f4c430", stroke: looks.ink, "stroke-width": 1 }),
  closed: () =>
    svg("path", { d: "M4.5 4.5 11.5 11.5M11.5 4.5 4.5 11.5", stroke: looks.cross, "stroke-width": 2.4, fill: "none" }),
};
const sign = (kind) =>
  svg(
    "svg",
    { viewBox: "0 0 16 16", width: 16, height: 16, class: "sign", "aria-hidden": true },
    ...(kind === "closed"
      ? [svg("path", { d: "M4.5 4.5 11.5 11.5M11.5 4.5 4.5 11.5", stroke: "#fff", "stroke-width": 5, fill: "none" })]
      : []),
    SHAPES[kind](),
  );

function marker(at, kind, name, content, options = {}) {
  const icon = L.divIcon({ className: `mark ${kind}`, html: sign(kind), iconSize: [16, 16] });
  const made = L.marker(latLng(at), { icon, alt: name, title: name, riseOnHover: true, ...options });
  made.on("add", () => made.getElement().setAttribute("aria-label", name));
  return opens(made, content);
}

function crossingLayers(scenario) {
  const open = L.layerGroup(),
    closed = L.layerGroup();
  for (const [n, modes] of scenario.crossings) {
    const crossing = data.crossings[n];
    if (modes.length) marker(crossing, "crossing", crossing.name, () => crossingDetails(n)).addTo(open);
    else if (crossing.status !== "planned")
      marker(crossing, "closed", t("{name}, closed", { name: crossing.name }), () => crossingDetails(n), { zIndexOffset: 200 }).addTo(
        closed,
      );
  }
  return { open, closed };
}
