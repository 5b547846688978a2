// Runs before the first paint: the chosen theme, and a sign that scripts work.
"use strict";
(() => {
  const root = document.documentElement;
  root.setAttribute("data-js", "");
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage may be forbidden; the theme of the device applies.
  }
  if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
})();
