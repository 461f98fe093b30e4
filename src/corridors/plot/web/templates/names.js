// Names: the most important first, on the side where there is room; what finds none is left out until one zooms in.
const pen = document.createElement("canvas").getContext("2d");
const SIDES = ["right", "left", "above", "below"];
const TOWN_RANK = { city: 3e5, port: 1e6, border: 3e4, town: 2e4 };

function wanted() {
  const stops = new Map();
  for (const { route } of shownRoutes)
    for (const stop of route.stops) {
      const known = stops.get(stop.place);
      stops.set(stop.place, { ...stop, hours: Math.max(stop.hours, known?.hours ?? 0) });
    }
  const passed = new Set(
    shownRoutes.flatMap(({ route }) =>
      route.legs.flatMap((l) => l.passes.flatMap(([n]) => [data.links[n].from, data.links[n].to])),
    ),
  );
  const found = [...stops.values()].map((stop) => ({
    ...places[stop.place],
    place: stop.place,
    label: shownRoutes.length > 1 ? stop.name : stopLabel(stop),
    rank: (stop.kind === "end" ? 9e9 : 8e9) + stop.hours,
    size: stop.kind === "end" ? 14 : 12,
    bold: stop.kind === "end",
    around: Math.max(radius(stop.hours), 7),
    kind: "stop",
  }));
  for (const item of base.names ?? [])
    found.push({
      ...item,
      label: item.kind === "country" ? item.name.toUpperCase() : item.name,
      rank: item.kind === "country" ? 7e9 : 6e9,
      size: item.kind === "country" ? 11 : 12,
      around: 0,
    });
  for (const n of scenario().places)
    if (!stops.has(n)) {
      const place = places[n],
        town = ["city", "town", "port"].includes(place.kind);
      found.push({
        ...place,
        place: n,
        label: place.name.replace(/ \(.*\)/, ""),
        around: 4,
        size: 11,
        kind: place.kind === "port" ? "port-small" : "town",
        rank: (passed.has(n) && town ? 1e9 : 0) + (place.population ?? 0) + (TOWN_RANK[place.kind] ?? 1e3),
      });
    }
  return found.sort((a, b) => b.rank - a.rank);
}

function placeNames() {
  nameMarks.clearLayers();
  if (!layerOn("names")) return;
  const taken = [],
    zoom = map.getZoom(),
    at = (p) => map.project(latLng(p), zoom);
  const crowded = cells(
    shownRoutes.flatMap(({ route }) => route.legs.flatMap((leg) => leg.lines)),
    zoom,
  );
  const lines = cells(
    [...scenario().links, ...scenario().new].map((n) => data.links[n].line_of),
    zoom,
    map.getBounds().pad(0.2),
  );
  const least = zoom < 0 ? 2.5e4 : zoom < 1.25 ? 1.5e4 : 0; // few names on a map of everything
  const view = map.getBounds().pad(-0.04),
    items = wanted(),
    sheet = seen(zoom),
    stops = items.filter((item) => item.kind === "stop").length;
  for (const [order, item] of items.entries()) {
    if (order === stops) taken.push(...scenario().crossings.map(([n]) => around(at(data.crossings[n]), 4)));
    if (item.rank < least) continue;
    const area = item.kind === "country" || item.kind === "sea";
    if (area) {
      areaName(item, { zoom, taken, crowded, view });
      continue;
    }
    const spot = at(item);
    pen.font = `${item.bold ? "bold " : ""}${item.size}px system-ui, sans-serif`;
    const width = pen.measureText(item.label).width + 4,
      height = item.size + 3;
    const boxes = Object.fromEntries(SIDES.map((side) => [side, sideBox(side, spot, item.around, width, height)]));
    const own = item.kind === "stop" ? null : around(spot, 3);
    if (own && taken.some((other) => hit(other, own))) continue;
    const free = Object.keys(boxes).filter((side) => !taken.some((other) => hit(other, boxes[side])));
    const cost = (side) => covered(boxes[side], crowded),
      light = (side) => covered(boxes[side], lines);
    const edge = (side) => hit(sheet, around(spot, 0)) && !within(sheet, boxes[side]);
    const best = free.sort(
      (a, b) => edge(a) - edge(b) || cost(a) - cost(b) || light(a) - light(b) || SIDES.indexOf(a) - SIDES.indexOf(b),
    )[0];
    if (!best || cost(best) > (item.kind === "stop" ? 99 : 0)) {
      if (item.kind === "stop") taken.push(around(spot, 6));
      continue;
    }
    taken.push(boxes[best], around(spot, item.kind === "stop" ? 6 : 3));
    nameMark(item, best).addTo(nameMarks);
  }
}
map.on("moveend", placeNames);

// The name of a country or sea stands at the first of its spots that is seen and free.
function areaName(item, { zoom, taken, crowded, view }) {
  const country = item.kind === "country";
  pen.font = `${item.size}px system-ui, sans-serif`;
  const width = pen.measureText(item.label).width + (country ? 2.2 * item.label.length : 0) + 4,
    height = item.size + 3;
  for (const [x, y, room] of item.spots) {
    if (room / (UNITS_PER_PIXEL / 2 ** zoom) < (country ? 0.3 : 0.6) * width || !view.contains([y, x])) continue;
    const spot = map.project([y, x], zoom),
      place = box(spot, -width / 2, -height / 2, width, height);
    if (taken.some((other) => hit(other, place)) || covered(place, crowded)) continue;
    taken.push(place);
    nameMark({ ...item, x, y }, "middle").addTo(nameMarks);
    return;
  }
}

const box = (p, dx, dy, width, height) => [p.x + dx, p.y + dy, p.x + dx + width, p.y + dy + height];
const around = (p, r) => box(p, -r, -r, 2 * r, 2 * r);
const within = (a, b) => a[0] < b[0] && a[1] < b[1] && b[2] < a[2] && b[3] < a[3];
// What of the map is seen beside the controls on its right.
function seen(zoom) {
  const middle = map.project(map.getCenter(), zoom),
    { x, y } = map.getSize();
  return box(middle, -x / 2, -y / 2, x - 46, y - 30);
}
const hit = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
function sideBox(side, p, r, width, height) {
  if (side === "right") return box(p, r + 2, -height / 2, width, height);
  if (side === "left") return box(p, -r - 2 - width, -height / 2, width, height);
  return box(p, -width / 2, side === "above" ? -r - 1 - height : r + 1, width, height);
}

// Cells of a grid of pixels through which lines pass, within bounds if there are any.
const CELL = 6;
function cells(numbers, zoom, bounds = null) {
  const found = new Set();
  for (const n of numbers) {
    const line = points(n);
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1], line[i]].map(([x, y]) => L.latLng(y, x));
      if (bounds && !bounds.intersects(L.latLngBounds(a, b))) continue;
      const [p, q] = [a, b].map((end) => map.project(end, zoom)),
        steps = Math.ceil(p.distanceTo(q) / CELL) || 1;
      for (let s = 0; s <= steps; s++)
        found.add(
          `${Math.floor((p.x + ((q.x - p.x) * s) / steps) / CELL)},${Math.floor((p.y + ((q.y - p.y) * s) / steps) / CELL)}`,
        );
    }
  }
  return found;
}
function covered([x0, y0, x1, y1], crowded) {
  let found = 0;
  for (let i = Math.floor(x0 / CELL); i <= x1 / CELL; i++)
    for (let j = Math.floor(y0 / CELL); j <= y1 / CELL; j++) found += crowded.has(`${i},${j}`);
  return found;
}

function nameMark(item, side) {
  const area = item.kind === "country" || item.kind === "sea",
    stop = item.kind === "stop";
  const label = el("span", { class: `name ${side} ${item.bold ? "end" : stop ? "stop" : item.kind}` }, item.label);
  label.style.setProperty("--away", `${item.around + 2}px`);
  const icon = L.divIcon({
    className: `named ${area ? "area" : ""}`,
    iconSize: [0, 0],
    html: el("span", {}, ...(stop || area ? [] : [sign(item.kind)]), label),
  });
  const made = L.marker(latLng(item), { icon, interactive: !area, keyboard: false, zIndexOffset: area ? -500 : 100 });
  // a window of its own: the name itself is set anew when the map moves
  if (!area) opens(made, () => (stop ? stopDetails(item.place) : placeDetails(item.place)));
  return made;
}
