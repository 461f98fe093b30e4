// The data of the page, and small helpers: numbers, elements, names, sources.
const data = JSON.parse(document.getElementById("data").textContent);
const { looks, base, places } = data;
// Texts of the page in its language, by the English ones; what is in braces is filled in.
const t = (english, values = {}) =>
  (data.texts[english] ?? english).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const LOCALE = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const MEASURES = { hours: t("h"), cost: t("USD/t"), emissions: t("kg CO2e/t") };
const KINDS = {
  line_haul: t("Line-haul"),
  border: t("Border"),
  gauge_change: t("Gauge change"),
  transfer: t("Transfer"),
  port: t("Port"),
  sea: t("Sea"),
  waiting: t("Waiting"),
  rest: t("Rest"),
  stops: t("Stops and checks"),
  yard: t("Yards"),
};
const SYSTEM_ORDER = ["rail-1520", "rail-1435", "rail-1676", "road", "sea"];

const number = (value, digits = 0) =>
  Number(value).toLocaleString(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const signed = (value, digits = 0) => {
  const text = number(Math.abs(value), digits);
  return /[1-9]/.test(text) ? (value < 0 ? "−" : "+") + text : text;
};
const duration = (hours) =>
  hours < 72 ? t("{n} h", { n: number(hours, hours < 10 ? 1 : 0) }) : t("{n} d", { n: number(hours / 24, 1) });
const plain = (value) => {
  if (typeof value !== "number") return String(value);
  const text = String(+value.toPrecision(4));
  return LOCALE === "en-GB" ? text : text.replace(".", (0.1).toLocaleString(LOCALE)[1]);
};
// words of the tables
const say = (text) => data.texts[text] ?? String(text).replaceAll("_", " ").replaceAll("-", " ");
const systemName = (system) => {
  const known = looks.systems[system];
  return known ? known.label : say(system);
};

// Texts become text nodes: nothing in the data is ever read as HTML.
function el(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    if (name === "onclick" || name === "onchange") made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name in made && typeof value === "boolean") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const placeName = (n) => places[n].name;
const latLng = (thing) => L.latLng(thing.y, thing.x);

function sourceLinks(numbers) {
  return (numbers ?? []).map((n) => {
    const [title, publisher, year, url] = data.sources[n];
    const text = publisher ? `${publisher}${year ? ` ${year}` : ""}` : title;
    const about = [title, publisher, year].filter(Boolean).join(", ");
    if (!/^https?:\/\//.test(url)) return el("span", { class: "source", title: about }, text);
    return el("a", { class: "source", href: url, target: "_blank", rel: "noopener noreferrer", title: about }, text);
  });
}

// On the map a metre is not the same everywhere: the factor by which lengths are drawn too long, from a grid.
function stretch(x, y) {
  const {
      box: [west, south, east, north],
      rows,
    } = data.scale,
    most = rows.length - 1;
  const at = (value, low, high) => Math.min(Math.max((value - low) / (high - low), 0), 1) * most;
  const column = at(x, west, east),
    row = at(y, south, north);
  const i = Math.min(Math.floor(column), most - 1),
    j = Math.min(Math.floor(row), most - 1),
    u = column - i,
    v = row - j;
  return (
    (1 - v) * ((1 - u) * rows[j][i] + u * rows[j][i + 1]) + v * ((1 - u) * rows[j + 1][i] + u * rows[j + 1][i + 1])
  );
}

const UNITS_PER_PIXEL = 2000 / data.unit_m; // at zoom 0: two kilometres
const crs = L.extend({}, L.CRS.Simple, {
  transformation: new L.Transformation(1 / UNITS_PER_PIXEL, 0, -1 / UNITS_PER_PIXEL, 0),
  distance: (a, b) =>
    (data.unit_m * Math.hypot(a.lng - b.lng, a.lat - b.lat)) / stretch((a.lng + b.lng) / 2, (a.lat + b.lat) / 2),
});
