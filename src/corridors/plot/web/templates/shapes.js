// Lines: decoded once, split where routes run together, and drawn side by side there.
const decoded = new Map();

function points(n) {
  if (!decoded.has(n)) decoded.set(n, decode(data.lines[n]));
  return decoded.get(n);
}

function decode(steps) {
  const found = [];
  let x = 0,
    y = 0;
  for (let i = 0; i < steps.length; i += 2) found.push([(x += steps[i]), (y += steps[i + 1])]);
  return found;
}

const asLatLngs = (line) => line.map(([x, y]) => [y, x]);
const keyOf = (a, b) => (a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? [`${a};${b}`, true] : [`${b};${a}`, false]);

function* segments(routes) {
  for (const [n, route] of routes.entries())
    for (const [l, leg] of route.legs.entries())
      for (const [i, line] of leg.lines.entries()) {
        const at = points(line);
        for (let k = 1; k < at.length; k++) yield { n, l, fresh: leg.fresh.includes(i), a: at[k - 1], b: at[k] };
      }
}

// Runs of a route along which the same routes lie: each with its place among them, in the direction of the first.
function runs(routes) {
  const used = new Map(),
    found = [];
  for (const { n, a, b } of segments(routes)) {
    const [key, forward] = keyOf(a, b);
    if (!used.has(key)) used.set(key, { routes: [], forward });
    if (!used.get(key).routes.includes(n)) used.get(key).routes.push(n);
  }
  let run = null,
    last = "";
  for (const { n, l, fresh, a, b } of segments(routes)) {
    const [key, forward] = keyOf(a, b),
      use = used.get(key),
      side = forward === use.forward ? 1 : -1;
    const label = [n, l, fresh, side, ...use.routes].join();
    if (!run || label !== last || String(run.points.at(-1)) !== String(a)) {
      const lane = (use.routes.indexOf(n) - (use.routes.length - 1) / 2) * side;
      found.push((run = { route: n, leg: l, fresh, lane, points: [a] }));
    }
    run.points.push(b);
    last = label;
  }
  return found;
}

// A line moved aside by its lane, in pixels, so that routes on one line stay apart at every zoom.
const Lane = L.Polyline.extend({
  _projectLatlngs(latlngs, result, bounds) {
    const rings = [];
    L.Polyline.prototype._projectLatlngs.call(this, latlngs, rings, bounds);
    const aside = this.options.lane * this.options.gap(this._map.getZoom());
    for (const ring of rings) result.push(aside ? moved(L.LineUtil.simplify(ring, 2), aside) : ring);
  },
});

function moved(ring, aside) {
  const normals = ring.slice(1).map((point, i) => {
    const dx = point.x - ring[i].x,
      dy = point.y - ring[i].y,
      length = Math.hypot(dx, dy) || 1;
    return L.point(-dy / length, dx / length);
  });
  return ring.map((point, i) => {
    const before = normals[Math.max(i - 1, 0)] ?? L.point(0, 0),
      after = normals[Math.min(i, normals.length - 1)] ?? before;
    const sum = before.add(after),
      share = 2 / Math.max(sum.x ** 2 + sum.y ** 2, 1);
    return point.add(sum.multiplyBy(aside * share));
  });
}

// Width of lines: they grow more slowly than the map.
const grown = (zoom) => Math.min(Math.max(2 ** (0.2 * zoom + 0.1), 0.75), 1.6);
