// Small comforts; every page works without them.

// The colour scheme: as the device, light or dark.
function pressTheme() {
  const chosen = localStorage.getItem("theme") || "";
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === chosen));
  }
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme]");
  if (!button) return;
  const theme = button.dataset.setTheme;
  if (theme) { localStorage.setItem("theme", theme); document.documentElement.dataset.theme = theme; }
  else { localStorage.removeItem("theme"); delete document.documentElement.dataset.theme; }
  pressTheme();
});
pressTheme();

// Forms that ask before they do something, and those that are sent as soon as one chooses.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !confirm(question)) event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// Addresses worth keeping: what was left empty, or as usual, is not in them.
function lean(form, parameters) {
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name).filter((value) => value !== "");
    parameters.delete(name);
    if (name === "column" && values.join(" ") === form.dataset.usual) continue;
    for (const value of values) parameters.append(name, value);
  }
}
document.addEventListener("formdata", (event) => {
  if (event.target.matches("[data-lean]")) lean(event.target, event.formData);
});

// Menus close when one goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Find and go: Ctrl-K or ⌘K anywhere.
const palette = document.getElementById("palette");
const key = document.querySelector("[data-find-key]");
if (key && /Mac|iPhone|iPad/.test(navigator.platform)) key.textContent = "⌘K";
function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  const input = palette.querySelector("input");
  input.select();
  palette.dispatchEvent(new Event("open"));
}
palette?.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
palette?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = [...palette.querySelectorAll("li a")];
  if (step && links.length) {
    const at = links.indexOf(document.activeElement) + step;
    (at < 0 ? palette.querySelector("input") : links[Math.min(at, links.length - 1)]).focus();
    event.preventDefault();
  } else if (event.key === "Enter" && event.target.matches("input") && links.length) {
    links[0].click();
    event.preventDefault();
  }
});

// Lists by keyboard: j and k choose, enter opens. / leads to the search. A click on a row opens it.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    openPalette();
    event.preventDefault();
    return;
  }
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey || palette?.open) return;
  if (event.key === "/") {
    (document.querySelector("main [type=search]") || document.getElementById("find"))?.focus();
    event.preventDefault();
    return;
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = [...document.querySelectorAll("main [data-rows] :is(tbody tr, li)")].map((row) => row.querySelector("a")).filter(Boolean);
  if (!links.length) return;
  const row = document.activeElement?.closest("tr, li");
  const at = links.findIndex((link) => row?.contains(link));
  const next = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + step))];
  next.focus({ focusVisible: true });
  next.scrollIntoView({ block: "nearest" });
});
document.addEventListener("click", (event) => {
  const row = event.target.closest(".list.cards tbody tr");
  if (!row || event.target.closest("a, button, input, form") || String(getSelection())) return;
  row.querySelector("a")?.click();
});

// A file may be dropped anywhere on the zone; the form beneath works without it.
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const over = (on) => zone.classList.toggle("over", on);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
  });
  input.addEventListener("change", () => input.files.length && input.form.requestSubmit());
}
