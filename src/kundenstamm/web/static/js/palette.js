// Find and go: Ctrl-K or ⌘K anywhere. The keys stay in the field, which names the chosen entry
// (the pattern "combobox" of WAI-ARIA); without scripts the same entries are a page.

const palette = document.getElementById("palette");
const input = document.getElementById("palette-q");
const found = document.getElementById("palette-found");
const key = document.querySelector("[data-find-key]");
if (key && /Mac|iPhone|iPad/.test(navigator.platform)) key.textContent = "⌘K";

const options = () => [...found.querySelectorAll("[role=option]")].filter((each) => each.getClientRects().length);
const chosen = () => found.querySelector("[aria-selected=true]");

function choose(option) {
  for (const each of found.querySelectorAll("[aria-selected]")) each.removeAttribute("aria-selected");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function open() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.select();
  palette.dispatchEvent(new Event("open"));
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  open();
});

// Fresh entries: each gets a name of its own, and the first one is chosen.
found?.addEventListener("htmx:afterSwap", () => {
  found.querySelectorAll("[role=option]").forEach((each, place) => { each.id = `found-${place}`; });
  input.setAttribute("aria-expanded", String(options().length > 0));
  choose(options()[0]);
});

input?.addEventListener("keydown", (event) => {
  const all = options(), at = all.indexOf(chosen());
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
  if (to !== undefined && all.length) {
    // Around the ends by arrows, up to them by pages.
    const turned = event.key.startsWith("Arrow") ? (to + all.length) % all.length : to;
    choose(all[Math.max(0, Math.min(all.length - 1, turned))]);
    event.preventDefault();
  } else if (event.key === "Enter" && !event.isComposing && chosen()) {
    event.preventDefault();
    chosen().click();
  } else if (event.key === "Escape" && input.value) {
    // A search field would only be emptied.
    event.preventDefault();
    palette.close();
  }
});

found?.addEventListener("click", (event) => {
  if (event.target.closest("[role=option]")) palette.close();
});
found?.addEventListener("pointermove", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && option !== chosen()) choose(option);
});
palette?.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
