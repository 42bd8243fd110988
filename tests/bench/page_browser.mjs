// What a reader of `epochal ui` waits for in Chromium, in milliseconds: from the address to the first rows, from a filter
// that is typed to its rows, from a hundred curves asked for to their drawing, and the longest task while the list scrolls.
// node page_browser.mjs ADDRESS PLAYWRIGHT RUNS...: prints JSON.
import { launch } from "../browser/chromium.mjs";

const [address, library, ...runs] = process.argv.slice(2);
const browser = await launch(library);
const tab = await (await browser.newContext({ viewport: { width: 1300, height: 900 } })).newPage();
await tab.addInitScript(() => {
  globalThis.longest_task = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.longest_task = Math.max(globalThis.longest_task, entry.duration);
  }).observe({ type: "longtask", buffered: true });
});

/** Milliseconds on the page's own clock until `holds`, looked at in every frame; `from` as performance.now() has it. */
const until = (holds, from, argument) => tab.evaluate(([text, begin, given]) => new Promise((done) => {
  const is_so = new Function("given", `return (${text})(given)`);
  const look = () => (is_so(given) ? done(performance.now() - begin) : requestAnimationFrame(look));
  look();
}), [holds.toString(), from, argument]);

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounds = async (count, measure) => {
  const taken = [];
  for (let i = 0; i < count; ++i) taken.push(await measure(i));
  return middle(taken);
};

const has_rows = () => document.querySelectorAll("table.runs tbody td a").length > 10;
const first_rows = await rounds(5, async () => {
  await tab.goto("about:blank");
  await tab.goto(`${address}#/runs`, { waitUntil: "commit" });
  return until(has_rows, 0);  // the page's clock begins with its address
});

const filters = ["params.batch_size = 32", "metrics.val.total < 0.06", "params.gamma = 2 and run.seed = 1", "params.dataset_size = 100", "params.batch_size = 44"];
const filter = await rounds(filters.length, async (i) => {
  const before = await tab.evaluate(() => document.querySelector(".summary").firstChild.textContent);
  await tab.fill(".filter-box input", filters[i]);
  const from = await tab.evaluate(() => performance.now());
  await tab.keyboard.press("Enter");
  return until((old) => document.querySelector(".summary")?.firstChild.textContent !== old, from, before);
});
await tab.goto("about:blank");
await tab.goto(`${address}#/runs`);
await until(has_rows, 0);
await tab.waitForTimeout(500);
await tab.evaluate(() => { globalThis.longest_task = 0; });
await tab.mouse.move(600, 500);
for (let i = 0; i < 40; ++i) {
  await tab.mouse.wheel(0, 400);
  await tab.waitForTimeout(16);
}
await tab.waitForTimeout(500);
const scrolling = await tab.evaluate(() => globalThis.longest_task);

await tab.goto("about:blank");
await tab.goto(`${address}#/compare?runs=${runs.join(",")}`, { waitUntil: "commit" });
const curves = await until(() => [...document.querySelectorAll(".plot canvas")].some((canvas) => canvas.width > 0), 0);
await browser.close();
console.log(JSON.stringify({ first_rows, filter, scrolling, curves }));
