// The artifacts of a run: previews of pictures, sound, tables and texts, and a list of all files.

import { artifact_address } from "./api.js";
import { preview } from "./artifact_preview.js";
import { element, fill } from "./element.js";
import { show_picture } from "./picture_dialog.js";
import { bytes } from "./quantity.js";

const FILES_AT_FIRST = 40;

/** @param {any} artifact */
const title_of = (artifact) => artifact.name || artifact.path.split("/").pop();

/** @param {string} run @param {any[]} artifacts @param {AbortSignal} signal */
export function run_artifacts(run, artifacts, signal) {
  const shown = artifacts.filter(({ media, type }) => media || type);
  /** @type {Map<string, any[]>} */
  const by_name = new Map();
  for (const artifact of shown) {
    if (artifact.kind === "log" || artifact.kind === "checkpoint") continue;
    const name = title_of(artifact);
    by_name.set(name, [...(by_name.get(name) ?? []), artifact]);
  }
  const groups = [...by_name].map(([name, versions]) => versions_of(run, name, versions.sort((a, b) => (a.epoch ?? 0) - (b.epoch ?? 0)), signal));
  return element("div", {}, groups.length > 0 ? element("div", { class: "artifacts" }, groups) : element("p", { class: "hint" }, "This run recorded no pictures, sound, tables or texts."), file_table(run, artifacts));
}

/** One artifact in the epochs in which it was recorded. @param {string} run @param {string} name @param {any[]} versions @param {AbortSignal} signal */
function versions_of(run, name, versions, signal) {
  const place = element("div", { class: "artifact-place" });
  const caption = element("p", { class: "hint" });
  const output = element("output", {});
  let asking = new AbortController();
  const put = (/** @type {number} */ index) => {
    const artifact = versions[index];
    asking.abort();
    asking = new AbortController();
    output.textContent = artifact.epoch === undefined ? "" : `epoch ${artifact.epoch}`;
    fill(caption, artifact.caption ?? "");
    const address = artifact_address(run, artifact.id);
    const media = artifact.media ?? "";
    if (media.startsWith("image/")) {
      const pictures = versions.map((version) => ({ address: artifact_address(run, version.id), title: `${name}, epoch ${version.epoch ?? "?"}`, caption: version.caption }));
      const old = place.querySelector("img");
      if (old) {  // the previous picture stays until the next has loaded
        old.src = address;
        old.alt = pictures[index].title;
        old.parentElement.onclick = () => show_picture(pictures, index);
        return;
      }
      const button = element("button", { type: "button", class: "thumb" }, element("img", { src: address, alt: pictures[index].title, loading: "lazy" }));
      button.onclick = () => show_picture(pictures, index);
      fill(place, button);
    } else if (media.startsWith("audio/")) {
      fill(place, element("audio", { src: address, controls: true, preload: "none", "aria-label": name }));
    } else if (media.startsWith("text/")) {
      const text = element("div", { class: "preview", tabindex: 0, role: "region", "aria-label": name });
      fill(place, text, element("p", {}, element("a", { href: address, target: "_blank", rel: "noopener" }, "the whole file")));
      preview(artifact, address, text, AbortSignal.any([signal, asking.signal]));
    } else {
      fill(place, element("a", { href: address, target: "_blank", rel: "noopener" }, `open (${bytes(artifact.bytes)})`));
    }
  };
  const last = versions.length - 1;
  const slider = last > 0 ? element("input", { type: "range", min: 0, max: last, value: last, "aria-label": `Epoch of ${name}`, on: { input: () => put(Number(slider.value)) } }) : null;
  put(last);
  return element("figure", { class: "artifact" }, element("figcaption", {}, element("span", { class: "name", title: name }, name), output), place, slider, caption);
}

/** @param {string} run @param {any[]} artifacts */
function file_table(run, artifacts) {
  if (artifacts.length === 0) return null;
  const body = element("tbody");
  const put = (/** @type {any[]} */ some) => fill(body, some.map((artifact) => element("tr", {},
    element("td", {}, element("a", { href: artifact_address(run, artifact.id), target: "_blank", rel: "noopener" }, artifact.path)), element("td", {}, artifact.kind),
    element("td", { class: "number" }, artifact.epoch ?? ""), element("td", { class: "number" }, bytes(artifact.bytes)))));
  put(artifacts.slice(0, FILES_AT_FIRST));
  const all = artifacts.length > FILES_AT_FIRST ? element("button", { type: "button", on: { click: () => { put(artifacts); all.remove(); } } }, `Show all ${artifacts.length}`) : null;
  return element("details", { class: "files" }, element("summary", {}, `All files (${artifacts.length}, ${bytes(artifacts.reduce((sum, { bytes: size }) => sum + size, 0))})`),
    element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Files" }, element("table", { class: "plain-table" }, element("thead", {}, element("tr", {}, ["file", "kind", "epoch", "size"].map((text) => element("th", { scope: "col" }, text)))), body)), all);
}
