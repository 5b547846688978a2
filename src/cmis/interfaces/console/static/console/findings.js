// The findings queue by keyboard: a decided card goes away and the next takes the focus.
"use strict";
(() => {
  const list = document.querySelector("[data-findings]");
  if (!list) return;
  let chosen = null;

  const cards = () => [...list.querySelectorAll("[data-finding]")];
  const link = (card) => card.querySelector("[data-row-link]");

  list.addEventListener("focusin", (event) => {
    chosen = event.target.closest("[data-finding]");
  });

  for (const button of document.querySelectorAll("[data-decide]")) {
    button.addEventListener("click", () => {
      const card = chosen && chosen.isConnected ? chosen : cards()[0];
      if (!card) return;
      const wanted = `button[name="decision"][value="${button.dataset.decide}"]`;
      const press = card.querySelector(wanted);
      if (press) press.click();
      else link(card).focus();
    });
  }

  // A decision may settle other doubts of the same visit: their cards go as well.
  let place = 0;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const card = event.target.closest("[data-finding]");
    if (!card) return;
    place = cards().indexOf(card);
    for (const button of card.querySelectorAll("button")) button.disabled = true;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    for (const button of event.target.querySelectorAll?.("button") ?? []) button.disabled = false;
  });

  // Not decided: the card came back with the reason.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.matches?.("[data-finding]")) link(event.target).focus();
  });

  document.body.addEventListener("finding-decided", (event) => {
    const told = event.detail;
    const open = new Set(told.open.map(String));
    for (const card of cards()) {
      if (card.dataset.point === told.point && !open.has(card.dataset.finding)) card.remove();
    }
    for (const count of document.querySelectorAll("[data-finding-count]")) {
      count.textContent = new Intl.NumberFormat(document.documentElement.lang).format(told.count);
    }
    window.cmisAnnounce(told.text);
    const left = cards();
    const next = left[Math.min(place, left.length - 1)];
    if (next) {
      link(next).focus();
      return;
    }
    const empty = document.querySelector("[data-findings-empty]");
    empty.hidden = false;
    document.getElementById("main").focus();
  });
})();
