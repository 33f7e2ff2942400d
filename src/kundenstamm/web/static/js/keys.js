// Single keys. Which do what is told by the server, once, in the body's data-keys; nothing there
// means that the person switched them off. Others listen for the "shortcut" that a key stands for.

const keys = JSON.parse(document.body.dataset.keys || "{}");
const PATIENCE = 1500; // between a key and the one that follows it
let first = "", since = 0;

function writing(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

// What the browser does with these keys on such elements, it goes on doing.
function pressing(target, key) {
  if (key === "Enter") return target.matches("a, button, summary, input, label");
  return key === "Space" && target.matches("button, summary, input, label");
}

function asked(key) {
  const both = `${first} ${key}`;
  const follows = first && Date.now() - since < PATIENCE && keys[both];
  first = Object.keys(keys).some((each) => each.startsWith(`${key} `)) ? key : "";
  since = Date.now();
  return follows || keys[key];
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = event.key === " " ? "Space" : event.key;
  if (writing(event.target) || pressing(event.target, key) || document.querySelector("dialog[open]")) return;
  const does = asked(key);
  if (!does) return;
  if (does.startsWith("/")) {
    location.assign(does);
  } else if (!document.dispatchEvent(new CustomEvent("shortcut", { detail: does, cancelable: true }))) {
    event.preventDefault();
  }
});

// The search of the page, or that of every page.
document.addEventListener("shortcut", (event) => {
  if (event.detail !== "search") return;
  (document.querySelector("main [type=search]") || document.getElementById("find"))?.focus();
  event.preventDefault();
});

// The list of shortcuts: by ?, or by a link to its page.
const list = document.getElementById("shortcut-list");
async function showList() {
  const place = list.querySelector("[data-from]");
  if (!place.childElementCount) {
    const answer = await fetch(place.dataset.from, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return location.assign(place.dataset.from);
    place.innerHTML = await answer.text();
  }
  if (!list.open) list.showModal();
}
document.addEventListener("shortcut", (event) => {
  if (event.detail !== "shortcuts" || !list) return;
  event.preventDefault();
  showList();
});
document.addEventListener("click", (event) => {
  if (event.target === list) list.close();
  if (!list || !event.target.closest("a[data-shortcuts]") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  showList();
});
