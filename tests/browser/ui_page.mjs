// The page of `epochal ui` as a reader has it, in Chromium: every view wide, dark and on a phone, by keyboard alone,
// live, and with names that would run scripts. It tags runs and moves one into the trash and out again, so give it a
// store of its own: several settings with seeds, a failed run, pictures of several epochs, a recorded sweep.
// node ui_page.mjs ADDRESS PLAYWRIGHT [AXE]; exits with 1 and a line for each thing that is wrong. AXE is axe-core's
// axe.min.js; without it accessibility is checked by hand alone.
import { launch, listen } from "./chromium.mjs";

const [given, library, axe] = process.argv.slice(2);
const address = given.replace(/\/$/, "");
const AWKWARD = "<img src=x onerror=alert(1)>";
const wrong = [];
process.on("uncaughtException", (error) => {
  for (const line of wrong) console.error(line);
  console.error(error);
  process.exit(1);
});
const expect = (holds, what) => {
  if (!holds) wrong.push(what);
};

const ask = async (path) => {
  const response = await fetch(`${address}/api/v1/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
};
const change = (method, what, body) => fetch(`${address}/api/v1/${what}`, {
  method, headers: { "Content-Type": "application/json", "X-Epochal": "1" }, body: JSON.stringify(body),
});

const store = await ask("store");
const { rows, total } = await ask("runs?limit=200");
const finished = rows.filter((row) => row.status === "finished").map((row) => row.run);
const runs = finished.slice(0, 16);
const { sweeps } = await ask("sweeps");
const drawn = [...new Set((await ask(`pictures?runs=${rows.slice(0, 200).map((row) => row.run).join(",")}`)).pictures.map((one) => one.run))].slice(0, 6);
const { metrics, parameters } = await ask(`compare?runs=${runs.join(",")}`);
const shows_awkward = JSON.stringify(parameters).includes(AWKWARD);

const browser = await launch(library);

const open = async (name, route, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  if (axe) await context.addInitScript({ path: axe });
  const tab = await context.newPage();
  listen_to(name, tab);
  await tab.goto(`${address}/${route}`);
  return tab;
};

const listen_to = (name, tab) => {
  tab.on("console", (message) => {
    const is_told = message.text().includes("400 (Bad Request)") && name === "keyboard";  // its wrong filter
    if ((message.type() === "error" || message.type() === "warning") && !is_told) wrong.push(`${name}: console: ${message.text()}`);
  });
  listen(name, tab, wrong, (url) => [`${address}/`, "data:", "blob:"].some((own) => url.startsWith(own)));
};

/** Waits for something that shall come; says what did not. */
const until = async (tab, holds, what, argument) => {
  for (let i = 0; i < 80; ++i) {
    if (await tab.evaluate(holds, argument).catch(() => false)) return true;  // what it looks at may not be there yet
    await tab.waitForTimeout(100);
  }
  wrong.push(what);
  return false;
};
const hash = (tab) => tab.evaluate(() => decodeURIComponent(location.hash));
const is_drawn = () => [...document.querySelectorAll(".plot canvas")].some((canvas) => canvas.width > 0 && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v > 0));
const is_there = (selector) => document.querySelector(selector) !== null;

const check = async (name, tab) => {
  const seen = await tab.evaluate(() => ({
    title: document.querySelector("h1")?.textContent ?? "",
    broken: [...document.images].filter((image) => image.complete && image.src && image.naturalWidth === 0).length,
    mute: [...document.images].filter((image) => image.src && !image.alt).length,
    repeated: [...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, i, all) => all.indexOf(id) !== i),
    strange: document.querySelectorAll("main script, main style, iframe, object, embed, main [onerror]").length,
    too_wide: document.documentElement.scrollWidth > window.innerWidth,
    error: document.querySelector(".empty.wrong")?.textContent ?? "",
    paper: getComputedStyle(document.body).backgroundColor,
  }));
  expect(seen.title !== "", `${name}: no title`);
  expect(seen.error === "", `${name}: ${seen.error}`);
  expect(seen.broken === 0, `${name}: ${seen.broken} images do not load`);
  expect(seen.mute === 0, `${name}: ${seen.mute} images have no alternative text`);
  expect(seen.repeated.length === 0, `${name}: ids are there twice: ${seen.repeated}`);
  expect(seen.strange === 0, `${name}: elements that the page does not make`);
  expect(!seen.too_wide, `${name}: the page scrolls sideways`);
  if (axe) {
    const found = await tab.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations
      .filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id} (${nodes.slice(0, 3).map(({ target }) => target.join(" ")).join("; ")})`));
    for (const one of found) wrong.push(`${name}: axe: ${one}`);
  }
  return seen;
};

// Every view: wide, dark, on a phone.
const list = runs.join(",");
const views = [
  ["runs", "#/runs", "table.runs tbody td a"], ["settings", "#/runs?group=seeds", "table.runs tbody td a"],
  ["curves", `#/compare?runs=${list}`, ".plot canvas"], ["bands", `#/compare?runs=${list}&seeds=band&smooth=0.5&logy=1`, ".plot canvas"],
  ["parameters", `#/compare?runs=${list}&tab=parameters&diff=0`, "table.side td"], ["scatter", `#/compare?runs=${list}&tab=scatter`, "svg.scatter circle"],
  ["parallel", `#/compare?runs=${list}&tab=parallel`, ".parallel-frame path, .panel .empty"], ["importance", `#/compare?runs=${list}&tab=importance`, ".bars, .panel .empty"],
  ["run", `#/run/${runs[0]}`, ".plot canvas"], ["pictures", "#/pictures", "h1"], ["sweeps", "#/sweeps", "h1"],
  ...rows.filter((row) => row.status === "failed").slice(0, 1).map((row) => ["failed run", `#/run/${row.run}`, ".error-text"]),
  ...(drawn.length > 0 ? ["epochs", "side", "parameters", "pair"].map((mode) => [`pictures ${mode}`, `#/pictures?runs=${drawn.join(",")}&mode=${mode}`, ".pictures img, .pictures .empty"]) : []),
  ...sweeps.slice(0, 2).map(({ sweep }) => [`sweep ${sweep}`, `#/sweep/${encodeURIComponent(sweep)}`, ".sweep-head"]),
];
const papers = {};
for (const [kind, options] of Object.entries({
  wide: { colorScheme: "light" }, dark: { colorScheme: "dark" }, phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
})) {
  const tab = await open(kind, "#/runs", options);
  for (const [view, route, awaited] of views) {
    const name = `${kind} ${view}`;
    await tab.goto("about:blank");  // so that each view starts the page
    await tab.goto(`${address}/${route}`);
    if (await until(tab, is_there, `${name}: ${awaited} does not come`, awaited)) {
      await tab.waitForTimeout(250);
      papers[kind] = (await check(name, tab)).paper;
      if (awaited === ".plot canvas" && metrics.length > 0) expect(await tab.evaluate(is_drawn), `${name}: nothing is drawn`);
      if (view === "parameters" && shows_awkward) expect((await tab.evaluate(() => document.body.innerText)).includes(AWKWARD), `${name}: the awkward name is not shown as text`);
    }
  }
  await tab.context().close();
}
expect(papers.wide !== papers.dark, "dark: the page is as light as ever");

// Runs by keyboard alone: filter with completion, sort, select, compare, back.
const tab = await open("keyboard", "#/runs");
await until(tab, is_there, "keyboard: no rows", "table.runs tbody td a");
await tab.focus("#filter");
await tab.keyboard.type("sta");
await until(tab, is_there, "no names are offered", "#filter-names li");
await tab.keyboard.press("ArrowDown");
await tab.keyboard.press("Enter");
expect((await tab.inputValue("#filter")).startsWith("run.sta"), `completion wrote ${await tab.inputValue("#filter")}`);
await tab.fill("#filter", "");
await tab.keyboard.type("no_such_name < 1");
await tab.keyboard.press("Enter");
await until(tab, () => /column 1/.test(document.querySelector("#filter-error")?.textContent ?? ""), "an error in a filter is not shown with its column");
expect((await tab.getAttribute("#filter", "aria-invalid")) === "true", "a wrong filter is not told to be invalid");
await tab.fill("#filter", "run.status = 'finished'");
await tab.keyboard.press("Enter");
await until(tab, () => location.hash.includes("where=") && document.querySelector("#filter-error").textContent === "", "a right filter after a wrong one is not taken");
await tab.waitForTimeout(300);
expect((await tab.textContent(".found")).includes("found"), "how many runs are found is not said");

await tab.locator("th button.sort").first().focus();
await tab.keyboard.press("Enter");
await until(tab, () => document.querySelector("th[aria-sort]") !== null && location.hash.includes("sort="), "a heading does not sort");
await tab.waitForTimeout(300);
await tab.locator("tbody tr[tabindex='0']").focus();
await tab.keyboard.press("Space");
await tab.keyboard.press("ArrowDown");
await tab.keyboard.press("ArrowDown");
await tab.keyboard.press("Shift+Space");
await until(tab, () => (location.hash.match(/selected=([^&]*)/)?.[1] ?? "").split(",").length === 3, "shift selects no range");
const named = await hash(tab);
await tab.reload();
await until(tab, () => document.querySelectorAll("tr.selected").length === 3, "the address does not name the selection");
expect((await hash(tab)) === named, `the address changed: ${named} to ${await hash(tab)}`);
expect((await tab.inputValue("#filter")) === "run.status = 'finished'", "the address does not name the filter");
await tab.getByRole("toolbar").getByRole("button", { name: "Compare" }).focus();
await tab.keyboard.press("Enter");
await until(tab, is_there, "Compare does not show curves", ".plot canvas");

// Curves by keyboard: values, zoom, log, legend.
await tab.waitForTimeout(500);
await tab.locator(".chart").first().focus();
for (let i = 0; i < 3; ++i) await tab.keyboard.press("ArrowRight");
expect((await tab.locator(".said").first().textContent()) !== "", "arrow keys read no values of a chart");
await tab.keyboard.press("+");
await until(tab, () => location.hash.includes("zoom="), "zoom is not in the address");
await tab.keyboard.press("0");
await until(tab, () => !location.hash.includes("zoom="), "0 does not show all");
await tab.getByLabel("log y").focus();
await tab.keyboard.press("Space");
await until(tab, () => location.hash.includes("logy=1"), "log y is not in the address");
await tab.locator(".legend-entry").first().focus();
await tab.keyboard.press("Enter");
await until(tab, () => location.hash.includes("hide=") && document.querySelector(".legend-entry").getAttribute("aria-pressed") === "false", "the legend does not toggle");
await tab.getByRole("tab", { name: "Curves" }).focus();
await tab.keyboard.press("ArrowRight");
await until(tab, is_there, "arrow keys do not go from tab to tab", "table.side");
await tab.goBack();
await until(tab, is_there, "Back does not undo a tab", ".plot");
await tab.goBack();
await until(tab, is_there, "Back does not go to the runs", "table.runs tbody td a");
expect((await hash(tab)) === named, "Back forgets the selection");
await tab.context().close();

// Zoom by pointer goes to all charts.
if (metrics.length > 1) {
  const charts = await open("zoom", `#/compare?runs=${list}`);
  await charts.locator(".plot canvas").nth(2).waitFor();
  await charts.waitForTimeout(500);
  const box = await charts.locator(".plot").first().boundingBox();
  await charts.mouse.move(box.x + 160, box.y + 90);
  expect(await charts.isVisible(".values"), "hover shows no values");
  await charts.mouse.down();
  await charts.mouse.move(box.x + 330, box.y + 92, { steps: 6 });
  await charts.mouse.up();
  await until(charts, () => location.hash.includes("zoom="), "dragging over a chart does not zoom");
  await charts.waitForTimeout(500);
  const labels = await charts.evaluate(() => [...document.querySelectorAll(".plot")].slice(0, 2).map((plot) => [...plot.querySelectorAll(".dygraph-axis-label-x")].map((one) => one.textContent).join(" ")));
  expect(labels[0] === labels[1], `zoom is not shared: ${labels.join(" | ")}`);
  await charts.context().close();
}

// On a phone two fingers zoom, and one scrolls.
if (metrics.length > 0) {
  const phone = await open("pinch", `#/compare?runs=${list}`, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.locator(".plot canvas").nth(1).waitFor();
  await phone.waitForTimeout(500);
  await phone.locator(".plot").first().scrollIntoViewIfNeeded();
  const box = await phone.locator(".plot").first().boundingBox();
  const [middle, height] = [box.x + box.width / 2, box.y + 90];
  const session = await phone.context().newCDPSession(phone);
  const touch = (type, ...places) => session.send("Input.dispatchTouchEvent", { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
  await touch("touchStart", [middle, height]);
  await touch("touchMove", [middle, height - 30]);
  await phone.waitForTimeout(300);  // a finger that rests before it leaves does not set the page in motion
  await touch("touchEnd");
  await phone.waitForTimeout(400);
  expect(!(await hash(phone)).includes("zoom="), "one finger zooms a chart");
  await phone.locator(".plot").first().scrollIntoViewIfNeeded();
  const again = await phone.locator(".plot").first().boundingBox();
  const level = again.y + 90;
  await touch("touchStart", [middle - 30, level], [middle + 30, level]);
  for (let i = 1; i <= 5; ++i) await touch("touchMove", [middle - 30 - 12 * i, level], [middle + 30 + 12 * i, level]);
  await touch("touchEnd");
  await until(phone, () => location.hash.includes("zoom="), "two fingers do not zoom a chart");
  await phone.context().close();
}

// Parallel coordinates: a part of an axis selects.
const parallel = await open("brush", `#/compare?runs=${list}&tab=parallel`);
if (await until(parallel, is_there, "brush: nothing is drawn", ".parallel-frame, .panel .empty") && (await parallel.locator(".brush-row").count()) > 0) {
  await parallel.locator(".brushes summary").click();
  const slider = parallel.locator(".brush-row input").last();
  await slider.focus();
  for (let i = 0; i < 60; ++i) await parallel.keyboard.press("ArrowLeft");
  expect(/of \d+/.test(await parallel.textContent(".kept")), "a brush does not say how many runs it keeps");
  expect((await hash(parallel)).includes("brush="), "the brush is not in the address");
}
await parallel.context().close();

// Pictures: large on Enter, away on Escape, two under a slider.
if (drawn.length > 1) {
  const pictures = await open("pictures", `#/pictures?runs=${drawn.join(",")}`);
  await pictures.locator(".thumb").first().focus();
  await pictures.keyboard.press("Enter");
  await until(pictures, () => document.querySelector("dialog[open] img")?.naturalWidth > 0, "a picture does not open");
  await pictures.keyboard.press("Escape");
  await until(pictures, () => !document.querySelector("dialog"), "Escape does not close a picture");
  await pictures.goto(`${address}/#/pictures?runs=${drawn.join(",")}&mode=pair`);
  await pictures.locator(".pair-frame input").focus();
  const clip = () => pictures.evaluate(() => document.querySelector(".pair .upper").style.clipPath);
  const before = await clip();
  for (let i = 0; i < 10; ++i) await pictures.keyboard.press("ArrowRight");
  expect((await clip()) !== before, "the slider of two pictures does not move by arrow keys");
  await pictures.context().close();
}

// A run's log follows its end.
const run = await open("log", `#/run/${runs[0]}`);
await until(run, () => (document.querySelector("pre.log")?.textContent.length ?? 0) > 0, "the log does not come");
await run.context().close();

// Changes: a tag of another program appears by itself; a run goes into the trash and comes back.
if (store.can_write) {
  const live = await open("live", `#/runs?columns=run.run,run.status,tags.round&selected=${runs[0]}&where=${encodeURIComponent("run.status = 'finished'")}`);
  await until(live, is_there, "live: no rows", "table.runs tbody td a");
  await until(live, () => document.querySelector(".connection").textContent === "live", "the page does not listen");
  await change("POST", "tags", { runs: [runs[0]], name: "round", value: AWKWARD });
  await live.reload();  // the column is new
  await until(live, (text) => document.querySelector("table.runs").innerText.includes(text), "a tag is not shown", AWKWARD);
  await change("POST", "tags", { runs: [runs[0]], name: "round", value: "second" });
  await until(live, () => document.querySelector("table.runs").innerText.includes("second"), "a change does not come by itself");
  await live.getByRole("button", { name: "Tag", exact: true }).click();
  await live.getByLabel("Name", { exact: true }).fill("round");
  await live.getByLabel("Value (may be empty)").fill("third");
  await live.keyboard.press("Enter");
  await until(live, () => document.querySelector("table.runs").innerText.includes("third"), "the page does not tag");
  await change("DELETE", "tags", { runs: [runs[0]], name: "round" });
  await live.getByRole("button", { name: "Trash" }).click();
  await until(live, () => !document.querySelector("tr.selected") && document.querySelector(".notice") !== null, "the trash takes nothing");
  await until(live, (gone) => ![...document.querySelectorAll("td.run a")].some((link) => link.textContent === gone), "a run in the trash is still shown", runs[0]);
  await live.locator(".notice").filter({ hasText: "trash" }).getByRole("button", { name: "Undo" }).click();
  await until(live, (back) => [...document.querySelectorAll("td.run a")].some((link) => link.textContent === back), "Undo does not bring a run back", runs[0]);
  expect((await ask("runs?limit=1")).total === total, "after Undo the store has another number of runs");

  // Many changes, the same memory.
  const session = await live.context().newCDPSession(live);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  const round = async () => {
    for (let i = 0; i < 40; ++i) {
      await change("POST", "tags", { runs: runs.slice(0, 8), name: "round", value: `${i}` });
      await live.waitForTimeout(30);
    }
    await live.waitForTimeout(1200);
  };
  await round();
  const first = await heap();
  await round();
  await round();
  const growth = (await heap()) - first;
  expect(growth < 1_500_000, `80 changes cost ${Math.round(growth / 1000)} KB of memory`);
  await change("DELETE", "tags", { runs: runs.slice(0, 8), name: "round" });
  await live.context().close();
}

await browser.close();
for (const line of wrong) console.error(line);
console.log(wrong.length === 0 ? "the page of epochal ui holds in Chromium" : `${wrong.length} things are wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;
