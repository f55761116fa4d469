// The slip as a page: print at once when asked to by ?print=1, or by the button.
document.getElementById("print").addEventListener("click", () => window.print());
if (new URLSearchParams(location.search).get("print") === "1") window.addEventListener("load", () => window.print());
