// A report's page as a reader has it, in Chromium: wide, on a phone, dark, printed, by keyboard.
// node report_page.mjs PAGE PLAYWRIGHT; exits with 1 and a line for each thing that is wrong.
import { pathToFileURL } from "node:url";

import { launch, listen } from "./chromium.mjs";

const [page, library] = process.argv.slice(2);
const address = pathToFileURL(page).href;
const wrong = [];
const expect = (holds, what) => {
  if (!holds) wrong.push(what);
};

const browser = await launch(library);

const open = async (name, options) => {
  const tab = await browser.newPage(options);
  tab.on("console", (message) => wrong.push(`${name}: console: ${message.text()}`));
  listen(name, tab, wrong, (url) => url === address || url.startsWith("data:"));
  await tab.goto(address);
  return tab;
};

const look = async (tab) =>
  tab.evaluate(() => ({
    broken: [...document.images].filter((image) => image.src && image.naturalWidth === 0).length,
    mute: [...document.images].filter((image) => image.src && !image.alt).length,
    images: document.images.length,
    lost: [...document.querySelectorAll("a[href^='#']")].filter(
      (link) => !document.getElementById(link.hash.slice(1))).map((link) => link.hash),
    repeated: [...document.querySelectorAll("[id]")].map((e) => e.id).filter(
      (id, i, all) => all.indexOf(id) !== i),
    strange: document.querySelectorAll("main script, iframe, object, embed").length,
    too_wide: document.documentElement.scrollWidth > window.innerWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    text: document.body.innerText,
  }));

const check = (name, seen) => {
  expect(seen.images > 5, `${name}: only ${seen.images} images`);
  expect(seen.broken === 0, `${name}: ${seen.broken} images do not load`);
  expect(seen.mute === 0, `${name}: ${seen.mute} images have no alternative text`);
  expect(seen.lost.length === 0, `${name}: links lead nowhere: ${seen.lost}`);
  expect(seen.repeated.length === 0, `${name}: ids are there twice: ${seen.repeated}`);
  expect(seen.strange === 0, `${name}: elements that the templates do not have`);
  expect(!seen.too_wide, `${name}: the page scrolls sideways`);
};

const wide = await open("wide", { viewport: { width: 1300, height: 900 }, colorScheme: "light" });
const light = await look(wide);
check("wide", light);
expect(light.text.includes("<img src=x onerror=alert(1)>"), "wide: the awkward name is not shown as text");

const phone = await open("phone", { viewport: { width: 390, height: 800 } });
check("phone", await look(phone));

const dark = await open("dark", { viewport: { width: 1300, height: 900 }, colorScheme: "dark" });
const night = await look(dark);
check("dark", night);
expect(night.paper !== light.paper, "dark: the page is as light as ever");

// Two runs on one picture, with the keyboard alone.
const clip = () => wide.evaluate(() => document.getElementById("compare-upper").style.clipPath);
const under = () => wide.evaluate(() => document.getElementById("compare-under").src);
expect(await wide.isVisible("#compare"), "the comparison of two runs is not shown");
const before = await clip();
await wide.focus("#compare-split");
for (let i = 0; i < 10; ++i) await wide.keyboard.press("ArrowRight");
expect((await clip()) !== before, "the slider does not move with the arrow keys");
const other = await under();
await wide.selectOption("#compare-right", { index: 0 });
expect((await under()) !== other, "choosing another run changes nothing");

const printed = await wide.pdf({ format: "A4" });
expect(printed.length > 10000, "the page does not print");

await browser.close();
for (const line of wrong) console.error(line);
console.log(wrong.length === 0 ? "the page holds in Chromium" : `${wrong.length} things are wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;
