// Welcome → sample shop → every screen, in two languages on phone and tablet: figures stand, axe finds nothing.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { numberIn, settled, takeSample } from "../lib/steps.mjs";

const SCREENS = [["sell", "/pos"], ["stock", "/stock"], ["reorder", "/reorder"], ["customers", "/customers"],
  ["import", "/stock/import"], ["settings", "/settings"]];

for (const device of ["phone", "tablet"]) {
  for (const lang of ["en", "ur"]) {
    test(`sample shop on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser, page }) => {
      await browser.goto("/");
      await browser.byId("try-sample").waitFor();
      await browser.axe("welcome");
      await browser.shot(`welcome-${device}-${lang}`);

      await takeSample(browser);
      await settled(browser);
      assert.ok((await numberIn(browser, "figure-receivable")) > 0, "the sample shop has udhaar to collect");
      assert.ok((await browser.byId("actions").locator("li").count()) >= 1, "something to do today");
      await browser.byId("chart").first().waitFor();
      await browser.axe("today");
      await browser.shot(`today-${device}-${lang}`);

      for (const [name, path] of SCREENS) {
        await browser.goto(path);
        await settled(browser);
        assert.equal(await browser.byId("failed").count(), 0, `${name} shows a failure`);
        await browser.axe(name);
        await browser.shot(`${name}-${device}-${lang}`);
      }
      // No sideways scrolling anywhere: the last screen stands for the frame that all share.
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
    }));
  }
}

test("sample shop on a desktop", scenario(startServer, { device: "desktop" }, async ({ browser }) => {
  await takeSample(browser);
  await settled(browser);
  await browser.byId("chart").first().waitFor();
  await browser.axe("today");
  await browser.shot("today-desktop-en");
}));

test("the sample shop opens without a network", scenario(startServer, { device: "phone", tolerate: [/ERR_/, /Failed to load/] }, async ({ server, browser }) => {
  await browser.goto("/");
  await browser.cached();
  await server.stop();
  await takeSample(browser);
  const before = await numberIn(browser, "figure-receivable");
  await browser.reload();
  await settled(browser);
  assert.equal(await numberIn(browser, "figure-receivable"), before);
}));
