// Runs before the first paint, so that no night opens with a white flash. Kept by src/state/choices.svelte.ts.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("clubroom.theme");
  } catch (e) {
    // no storage: the system decides
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  var meta = document.querySelector('meta[name="theme-color"]');
  if (meta) meta.setAttribute("content", dark ? "#0d1714" : "#eeefe6");
})();
