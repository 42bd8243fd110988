// Chromium, for pages that are looked at: see scripts/browser-test for where playwright-core lies.
import { pathToFileURL } from "node:url";

export const launch = async (library) => {
  const { chromium } = (await import(pathToFileURL(library))).default;
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-dev-shm-usage"],
  });
};

/** Whatever a page must not do is wrong: fail, run a script of the store's, ask for what it may not. */
export const listen = (name, tab, wrong, may_ask) => {
  tab.on("pageerror", (error) => wrong.push(`${name}: error: ${error.message}`));
  tab.on("dialog", (dialog) => {
    wrong.push(`${name}: a name of the store ran a script`);
    dialog.dismiss();
  });
  tab.on("request", (request) => {
    if (!may_ask(request.url())) wrong.push(`${name}: asks for ${request.url()}`);
  });
};
