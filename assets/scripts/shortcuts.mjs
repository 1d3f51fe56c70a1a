// Keys on the review bench: j, k, n follow the links that name them, 1 to 4 choose a finding, s saves.
// Single keys can get in the way of speech input and of slips, so they are off until the reader turns them on; the
// choice is remembered in this browser.

const MEMORY = "review-shortcuts";

function isTyping(target) {
  return target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function act(key) {
  const link = document.querySelector(`[data-shortcut="${key}"]`);
  if (link) {
    link.click();
    return true;
  }
  const choices = document.querySelectorAll('[data-shortcuts] input[name="rating"]');
  const choice = choices[Number(key) - 1];
  if (choice) {
    choice.click();
    choice.focus();
    return true;
  }
  const save = key === "s" && document.querySelector('[data-shortcuts] button[name="then"]');
  if (save) save.click();
  return Boolean(save);
}

export function initShortcuts(memory = window.localStorage) {
  const button = document.querySelector("[data-shortcuts-toggle]");
  if (!button) return;
  const show = () => button.setAttribute("aria-pressed", String(memory.getItem(MEMORY) === "on"));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    memory.setItem(MEMORY, memory.getItem(MEMORY) === "on" ? "off" : "on");
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (memory.getItem(MEMORY) !== "on" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (act(event.key)) event.preventDefault();
  });
}
