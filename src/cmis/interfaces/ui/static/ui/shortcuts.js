// Keyboard shortcuts (tinykeys). Single keys can be switched off in the help (WCAG 2.1.4).
// A page adds its own with data-shortcut="g h" on a link, button or field; they list themselves.
"use strict";
(() => {
  let on = true;
  try {
    on = localStorage.getItem("shortcuts") !== "off";
  } catch {
    // Storage may be forbidden; shortcuts stay on.
  }
  const help = document.getElementById("keyboard-help");
  const control = document.querySelector("[data-shortcuts-switch]");
  if (control) {
    control.checked = on;
    control.addEventListener("change", () => {
      on = control.checked;
      try {
        localStorage.setItem("shortcuts", on ? "on" : "off");
      } catch {
        // The choice then lasts for this page.
      }
    });
  }

  const rowLinks = () =>
    [...document.querySelectorAll("[data-rows] tr:not([hidden]), [data-rows] li:not([hidden])")]
      .map((row) => row.querySelector("[data-row-link], a[href], button:not([data-sort-button])"))
      .filter((link) => link && link.closest("tbody, ul, ol"));

  const step = (by) => {
    const links = rowLinks();
    if (!links.length) return;
    const row = document.activeElement.closest?.("[data-rows] tr, [data-rows] li");
    const at = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
    links[Math.min(Math.max(next, 0), links.length - 1)].focus();
  };

  // Telex and VNI compose inline: keys pressed while composing are letters, never commands.
  const typing = (event) =>
    !on ||
    event.isComposing ||
    event.target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]") ||
    (document.querySelector("dialog[open]") && event.key !== "?");

  const bindings = {
    "/": (event) => {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    },
    j: () => step(1),
    k: () => step(-1),
    "[Shift]+?": () => {
      if (!help) return;
      if (help.open) help.close();
      else help.showModal();
    },
  };

  const list = document.querySelector("[data-shortcut-list] tbody");
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const keys = element.dataset.shortcut;
    bindings[keys] = (event) => {
      event.preventDefault();
      if (element.matches("input:not([type=submit]), select, textarea")) element.focus();
      else element.click();
    };
    element.setAttribute("aria-keyshortcuts", keys);
    if (!list) continue;
    const row = list.insertRow();
    const cell = row.insertCell();
    for (const key of keys.split(" ")) {
      const mark = document.createElement("kbd");
      mark.textContent = key.replace("[Shift]+", "");
      cell.append(mark, " ");
    }
    const plain = element.cloneNode(true);
    for (const count of plain.querySelectorAll(".count")) count.remove();
    row.insertCell().textContent =
      element.dataset.shortcutLabel || element.getAttribute("aria-label") || plain.textContent.trim();
  }

  window.tinykeys.tinykeys(window, bindings, { ignore: typing });
})();
