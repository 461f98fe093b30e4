// Routes with their casing and patterns, and stops with circles of hours.
const gap = (zoom) => 5.2 * grown(zoom);
let shownRoutes = []; // [{ route, color, name }]
const routeLines = L.layerGroup(),
  stopMarks = L.layerGroup(),
  stopCircles = L.layerGroup(),
  nameMarks = L.layerGroup();
let routeSized = [];

function drawRoutes() {
  for (const group of [routeLines, stopMarks, stopCircles]) group.clearLayers();
  const found = runs(shownRoutes.map((r) => r.route)),
    several = shownRoutes.length > 1;
  routeSized = [];
  const add = (run, weight, options) => {
    const line = new Lane(asLatLngs(run.points), {
      renderer: onTop,
      pane: "routes",
      interactive: false,
      lane: run.lane,
      gap,
      lineCap: "butt",
      ...options,
    });
    routeSized.push([line, weight]);
    line.addTo(routeLines);
    return line;
  };
  const styleOf = (run) => patterned(shownRoutes[run.route], leg(run).system, several);
  const leg = (run) => shownRoutes[run.route].route.legs[run.leg];
  for (const run of found)
    if (!styleOf(run).dots)
      add(run, (f) => ({ weight: (several ? 7.2 : 8) * f }), { color: looks.halo, opacity: 0.9, lineCap: "round" });
  for (const run of found) drawRun(run, styleOf(run), add, several ? 4.4 : 4.8);
  for (const run of found) {
    const touch = add(run, () => ({ weight: 14 }), {
      opacity: 0,
      interactive: true,
      className: `touch route route-${run.route}`,
    });
    touch.bindTooltip(() => text(legTitle(leg(run))), { sticky: true });
    opens(touch, () => legDetails(shownRoutes[run.route], run.leg));
  }
  drawStops(several);
  resizeRoutes();
}

function patterned({ color }, system, several) {
  const own = looks.systems[system] ?? looks.systems.road;
  if (!several) return own;
  return { ...own, color, inlay: system === "road" ? [0, 0] : [1.3, 1.3] };
}

function drawRun(run, style, add, width) {
  if (style.dots) {
    add(run, (f) => ({ weight: width * f, dashArray: `0.1 ${1.9 * width * f}` }), {
      color: style.color,
      lineCap: "round",
    });
    return;
  }
  const dash = (f) => (run.fresh ? { dashArray: `${1.6 * width * f} ${0.7 * width * f}` } : {});
  add(run, (f) => ({ weight: width * f, ...dash(f) }), { color: style.color, lineCap: run.fresh ? "butt" : "round" });
  const [white, pause] = style.inlay;
  if (white && !run.fresh)
    add(
      run,
      (f) => ({
        weight: 0.3 * width * f,
        ...(pause ? { dashArray: `${white * width * f} ${pause * width * f}` } : {}),
      }),
      { color: looks.halo },
    );
}

function resizeRoutes() {
  const factor = grown(map.getZoom());
  for (const [line, options] of routeSized) line.setStyle(options(factor));
}
map.on("zoomend", resizeRoutes);

// Circles: the area is in proportion to the hours, on one scale for all routes of the page.
const radius = (hours) => Math.sqrt((looks.dwell_px2_h * hours) / Math.PI);

function drawStops(several) {
  const all = shownRoutes.flatMap((r, n) => r.route.stops.map((stop) => ({ stop, n })));
  for (const { stop, n } of [...all].sort((a, b) => b.stop.hours - a.stop.hours)) {
    if (!stop.hours) continue;
    const color = several ? shownRoutes[n].color : looks.dwell,
      edge = several ? color : looks.dwell_edge;
    opens(
      L.circleMarker(latLng(places[stop.place]), {
        renderer: circles,
        pane: "circles",
        radius: radius(stop.hours),
        color: edge,
        weight: 1,
        fillColor: color,
        fillOpacity: 0.4,
        className: "touch dwell",
      }),
      () => stopDetails(stop.place),
    ).addTo(stopCircles);
  }
  for (const stop of new Map(all.map(({ stop }) => [stop.place, stop])).values())
    marker(places[stop.place], stop.kind, stopLabel(stop), () => stopDetails(stop.place), { zIndexOffset: 500 }).addTo(
      stopMarks,
    );
}

function stopLabel(stop) {
  return stop.hours >= (stop.kind === "end" ? 12 : 1) ? `${stop.name}, ${duration(stop.hours)}` : stop.name;
}
