// Draws every chart of the page and draws it anew when the colour scheme changes.
// Specifications name colours as custom properties; here they become what they are right now.

const drawn = new Map();

function colours(value, style) {
  if (typeof value === "string") {
    const named = /^var\((--[\w-]+)\)$/.exec(value);
    return named ? resolved(style.getPropertyValue(named[1])) : value;
  }
  if (Array.isArray(value)) return value.map((each) => colours(each, style));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, colours(v, style)]));
  }
  return value;
}

// A canvas understands light-dark() and oklch() and gives back plain numbers.
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);
function resolved(colour) {
  probe.style.color = colour;
  return getComputedStyle(probe).color;
}

function config(style) {
  const ink = resolved(style.getPropertyValue("--ink-2"));
  const line = resolved(style.getPropertyValue("--line"));
  return {
    font: "system-ui, sans-serif",
    axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 400 },
    view: { stroke: null },
  };
}

const german = document.documentElement.lang === "de";
const formatLocale = german
  ? { decimal: ",", thousands: ".", grouping: [3], currency: ["", "\u00a0€"], percent: "\u00a0%" }
  : { decimal: ".", thousands: ",", grouping: [3], currency: ["€", ""] };
function calendar() {
  const locale = german ? "de-DE" : "en-GB";
  const list = (count, first, options) =>
    Array.from({ length: count }, (_, i) => new Date(2024, options.month ? i : 0, options.month ? 1 : first + i).toLocaleDateString(locale, options));
  return {
    dateTime: "%A, %e. %B %Y, %X", date: german ? "%d.%m.%Y" : "%d/%m/%Y", time: "%H:%M:%S", periods: ["", ""],
    days: list(7, 7, { weekday: "long" }), shortDays: list(7, 7, { weekday: "short" }),
    months: list(12, 1, { month: "long" }), shortMonths: list(12, 1, { month: "short" }),
  };
}

export async function draw(root = document) {
  if (!window.vegaEmbed) return;
  const style = getComputedStyle(document.documentElement);
  for (const place of root.querySelectorAll("[data-chart]")) {
    const source = document.getElementById(place.dataset.chart);
    if (!source) continue;
    const spec = colours(JSON.parse(source.textContent), style);
    drawn.get(place)?.finalize();
    const made = await window.vegaEmbed(place, spec, {
      // The interpreter does without eval, which the content security policy forbids.
      ast: true, actions: false, defaultStyle: false, renderer: "svg", config: config(style),
      formatLocale, timeFormatLocale: calendar(), tooltip: { theme: "custom", disableDefaultStyle: true },
    });
    drawn.set(place, made);
  }
}

draw();
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) draw(event.target); });
document.addEventListener("theme", () => draw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
