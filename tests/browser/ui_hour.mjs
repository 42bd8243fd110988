// An hour's worth of updates, one a second, ten times as fast: four pages of `epochal ui` stay open beside a run of 3,600
// epochs, and their memory must stay steady. node ui_hour.mjs ADDRESS PLAYWRIGHT RUN SWEEP; exits with 1 if it grows.
import { launch } from "./chromium.mjs";

const [given, library, run, sweep] = process.argv.slice(2);
const address = given.replace(/\/$/, "");
const EPOCHS = 3600;
const browser = await launch(library);

const pages = [];
for (const route of ["runs", `compare?runs=${run}`, `run/${run}`, `sweep/${encodeURIComponent(sweep)}`]) {
  const tab = await browser.newPage();
  await tab.goto(`${address}/#/${route}`);
  pages.push({ route, tab, session: await tab.context().newCDPSession(tab) });
}

/** Bytes of live objects and the number of nodes, once what is no longer used is gone. */
const held = async ({ session }) => {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { bytes: usedSize, nodes };
};
const epochs_done = async () => (await (await fetch(`${address}/api/v1/runs/${run}`)).json()).epochs_done;

const measured = new Map(pages.map(({ route }) => [route, []]));
for (let next = 600; next <= EPOCHS; next += 600) {
  for (let done = 0; done < next;) {
    await new Promise((wait) => setTimeout(wait, 1000));
    done = await epochs_done();
  }
  for (const page of pages) measured.get(page.route).push(await held(page));
}
await browser.close();

const MEBI = 1 << 20;
let is_steady = true;
for (const [route, values] of measured) {
  const first = values[0], last = values[values.length - 1];
  // A curve of 3,600 points in place of 600 is some hundred kilobytes; what is kept by mistake is more.
  const grows = last.bytes - first.bytes > 4 * MEBI || last.nodes - first.nodes > 1000;
  is_steady &&= !grows;
  console.log(`${route.split("?")[0]}: ${values.map(({ bytes, nodes }) => `${(bytes / MEBI).toFixed(1)} MiB, ${nodes} nodes`).join("; ")}${grows ? " GROWS" : ""}`);
}
process.exit(is_steady ? 0 : 1);
