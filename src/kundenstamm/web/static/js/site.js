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

// A slider says what it stands at.
document.addEventListener("input", (event) => {
  const told = event.target.matches(".slider input") && event.target.parentElement.querySelector("output");
  if (told) told.textContent = Number(event.target.value).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1 }) + "\u00a0%";
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

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});

// A click on a row opens it.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".list.cards tbody tr");
  if (!row || event.target.closest("a, button, input, label, form") || String(getSelection())) return;
  row.querySelector("a")?.click();
});

// An address may lead into something that is closed.
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();

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
