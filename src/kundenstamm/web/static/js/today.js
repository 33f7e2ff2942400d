// The day's list by keyboard: j, k and enter are every list's; d, s and a open an answer.
document.addEventListener("keydown", (event) => {
  if (!"dsa".includes(event.key) || event.key.length > 1) return;
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = document.querySelector("[data-steps]");
  const row = document.activeElement?.closest("[data-steps] > li") || list?.querySelector("li");
  const answer = row?.querySelector(`[data-key="${event.key}"]`);
  if (!answer) return;
  answer.open = true;
  answer.querySelector("select, input:not([type=hidden])")?.focus();
  event.preventDefault();
});
