// Compares two pictures with a slider.
(() => {
  "use strict";
  const pictured = area => [...document.querySelectorAll(`#${area} figure`)].filter(f => f.querySelector("img"));
  // Only pictures of the same inputs can be compared.
  const figures = pictured("drawn").length > 1 ? pictured("drawn") : pictured("newest");
  if (figures.length < 2) return;
  const at = id => document.getElementById("compare-" + id);
  const alike = figures.filter(f => f.dataset.name === figures[0].dataset.name);
  const last = figures.indexOf(alike.length > 1 ? alike.at(-1) : figures.at(-1));
  for (const [side, chosen] of [["left", 0], ["right", last]]) {
    figures.forEach((figure, i) => {
      const what = figure.querySelector(".what");
      const name = figure.querySelector("strong").textContent + (what ? ": " + what.textContent : "");
      at(side).add(new Option(name, i, i === chosen, i === chosen));
    });
  }
  const show = () => {
    for (const [side, image] of [["left", "upper"], ["right", "under"]]) {
      const source = figures[at(side).value].querySelector("img");
      at(image).src = source.src;
      at(image).alt = source.alt;
    }
    at("upper").style.clipPath = `inset(0 ${100 - at("split").value}% 0 0)`;
  };
  for (const id of ["left", "right", "split"]) at(id).addEventListener("input", show);
  show();
  document.getElementById("compare").hidden = false;
})();
