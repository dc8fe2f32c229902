// The server never sees what stands behind `#`: this carries it over.
"use strict";
const behind = location.hash.slice(1);
const at = behind.indexOf("?");
const main = document.querySelector("main");
if (at >= 0 && behind.slice(0, at) === main.dataset.fragment) {
  location.replace("/-/behind" + location.pathname + behind.slice(at));
} else {
  main.textContent = "The parameters belong behind #" + main.dataset.fragment + "?";
}
