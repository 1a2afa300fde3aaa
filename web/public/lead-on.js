// On the first page: whoever is signed in here is led on to the app, and sees nothing of the page meanwhile.
(function () {
  try {
    if (location.pathname !== "/" || !localStorage.getItem("clubroom.user")) return;
  } catch (e) {
    return; // no storage: nobody is signed in
  }
  document.documentElement.dataset.leaving = "";
  location.replace("/app");
})();
