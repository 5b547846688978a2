// Theme switch, dialogs, announcements. Every page works without it.
"use strict";
(() => {
  const root = document.documentElement;

  const remember = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Storage may be forbidden; the choice then lasts for this page.
    }
  };

  // Theme: device → light → dark → device.
  const toggle = document.querySelector("[data-theme-toggle]");
  if (toggle) {
    const order = ["auto", "light", "dark"];
    const name = toggle.querySelector("[data-theme-name]");
    const current = () => root.getAttribute("data-theme") || "auto";
    const show = () => (name.textContent = toggle.dataset[current()]);
    toggle.addEventListener("click", () => {
      const next = order[(order.indexOf(current()) + 1) % order.length];
      if (next === "auto") root.removeAttribute("data-theme");
      else root.setAttribute("data-theme", next);
      remember("theme", next);
      show();
    });
    show();
  }

  // Dialogs: data-opens="id" on a button. data-closes inside a dialog closes it.
  // A submit button with data-opens keeps working without scripts: it then submits at once.
  document.addEventListener("click", (event) => {
    event.target.closest("[data-closes]")?.closest("dialog").close();
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog || dialog.open) return;
    event.preventDefault();
    dialog.showModal();
  });

  // The error summary takes the focus, so that a screen reader begins there.
  const errors = document.querySelector("[data-error-summary]");
  if (errors) errors.focus();

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.matches("[data-many], [hx-get], [hx-post]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // announce("…") speaks to screen readers without moving the focus.
  const live = document.querySelector("[data-announce]");
  window.cmisAnnounce = (text) => {
    if (live) live.textContent = text;
  };
})();
