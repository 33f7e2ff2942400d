// Draws every chart of the page. Specifications name colours as custom properties of the style
// sheet and so does the drawing: it follows the colour scheme, on screen and on paper, by itself.

const drawn = new Map();

const ink = "var(--ink-2)", line = "var(--line)";
const config = {
  font: "system-ui, sans-serif",
  axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 400 },
  view: { stroke: null },
};

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
  for (const place of root.querySelectorAll("[data-chart]")) {
    const source = document.getElementById(place.dataset.chart);
    if (!source) continue;
    const spec = JSON.parse(source.textContent);
    drawn.get(place)?.finalize();
    const made = await window.vegaEmbed(place, spec, {
      // The interpreter does without eval, which the content security policy forbids.
      ast: true, actions: false, defaultStyle: false, renderer: "svg", config,
      formatLocale, timeFormatLocale: calendar(), tooltip: { theme: "custom", disableDefaultStyle: true },
    });
    drawn.set(place, made);
  }
}

draw();
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) draw(event.target); });
