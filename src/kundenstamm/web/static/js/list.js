// Lists by keyboard, rows that are selected, and the preview beside the list.

const WIDE = matchMedia("(min-width: 1100px)");
const SETTLED = 150; // whoever runs down the list does not look at each
const panel = document.getElementById("preview");
let shown = "", waiting = 0, loading = null, last = null;

const rows = () => [...document.querySelectorAll("main [data-rows] :is(tbody tr, li)")].filter((row) => row.querySelector("a"));
const here = () => {
  const row = document.activeElement?.closest("main [data-rows] :is(tbody tr, li)");
  return row || (last?.isConnected ? last : null);
};

function go(step) {
  const all = rows(), at = all.indexOf(here());
  if (!all.length) return;
  const row = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))];
  row.querySelector("a").focus({ focusVisible: true });
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("main [data-rows] :is(tbody tr, li)");
  if (!row) return;
  last = row;
  if (panel && !panel.hidden && row.querySelector("[data-preview]")) show(row);
});

const deeds = {
  next: () => go(1),
  previous: () => go(-1),
  open: () => here()?.querySelector("a")?.click(),
  select: () => here()?.querySelector("input[name=customer]")?.click(),
  // The row's star; on a customer's page, the customer's.
  star: () => (here()?.querySelector(".star") || document.querySelector("header.page .star"))?.click(),
  preview: () => {
    const row = here();
    if (!panel || !WIDE.matches || !row?.querySelector("[data-preview]")) return false;
    if (!panel.hidden && shown === addressOf(row)) close(); else show(row, 0);
  },
};
document.addEventListener("shortcut", (event) => {
  if (deeds[event.detail] && deeds[event.detail]() !== false) event.preventDefault();
});

// The preview: one request for each customer that one stays at, and the audit notes it.
const addressOf = (row) => row.querySelector("[data-preview]").dataset.preview;
const place = panel?.querySelector("[data-shown]");

function mark(row) {
  for (const each of document.querySelectorAll("tr.previewed")) each.classList.remove("previewed");
  row?.classList.add("previewed");
}

function show(row, after = SETTLED) {
  const address = addressOf(row);
  mark(row);
  panel.hidden = false;
  document.body.classList.add("previewing");
  if (address === shown) return;
  shown = address;
  clearTimeout(waiting);
  waiting = setTimeout(() => load(address), after);
}

async function load(address) {
  loading?.abort();
  loading = new AbortController();
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: loading.signal });
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    place.innerHTML = await answer.text();
    htmx.process(place);
  } catch (failed) {
    if (failed.name !== "AbortError") { place.textContent = panel.dataset.failed; shown = ""; }
  }
}

function close() {
  clearTimeout(waiting);
  loading?.abort();
  panel.hidden = true;
  document.body.classList.remove("previewing");
  mark(null);
  shown = "";
  place.replaceChildren();
  last?.querySelector("a")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-preview]");
  if (button) {
    last = button.closest("tr");
    if (shown === button.dataset.preview) close(); else show(last, 0);
  }
  if (event.target.closest("#preview [data-close]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel && !panel.hidden && !document.querySelector("dialog[open]")) close();
});
// Another list, or no room any more.
document.getElementById("rows")?.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "rows") return; // a star within it
  last = null;
  if (panel && !panel.hidden) close();
  count();
});
WIDE.addEventListener("change", () => { if (panel && !panel.hidden && !WIDE.matches) close(); });

// A star looks the same wherever the customer is shown.
document.addEventListener("htmx:afterRequest", (event) => {
  // Not the event's own element: that is another one once the button is swapped.
  const pressed = event.detail.requestConfig?.elt?.matches(".star") && event.detail.successful;
  if (!pressed) return;
  const path = event.detail.pathInfo.requestPath.split("?")[0];
  const starred = path.endsWith("/star/");
  const other = path.replace(/\/(un)?star\/$/, starred ? "/unstar/" : "/star/");
  for (const each of document.querySelectorAll(`.star[formaction="${path}"]`)) {
    const query = each.getAttribute("hx-post").split("?")[1];
    each.setAttribute("aria-pressed", String(starred));
    each.setAttribute("formaction", other);
    each.setAttribute("hx-post", query ? `${other}?${query}` : other);
  }
});

// How many rows are selected; all of them at once.
function count() {
  const boxes = [...document.querySelectorAll("#rows tbody input[name=customer]")];
  const on = boxes.filter((box) => box.checked).length;
  for (const each of document.querySelectorAll("[data-selected]")) each.textContent = on;
  const all = document.querySelector("#rows [data-all]");
  if (all) { all.checked = on > 0 && on === boxes.length; all.indeterminate = on > 0 && on < boxes.length; }
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    for (const box of document.querySelectorAll("#rows tbody input[name=customer]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-all], input[name=customer]")) count();
});
addEventListener("pageshow", count);
