// A sale: search, cart, cash, receipt; it counts at once, without a network too, and survives a reload.
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { expectNumber, numberIn, sellOne, settled, takeSample, todayStands } from "../lib/steps.mjs";

for (const device of ["phone", "tablet"]) {
  for (const lang of ["en", "ur"]) {
    test(`a sale on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser }) => {
      await takeSample(browser);
      await settled(browser);
      const before = await numberIn(browser, "figure-sales");
      const total = await sellOne(browser);
      await browser.axe("receipt");
      await browser.shot(`receipt-${device}-${lang}`);
      await browser.goto("/");
      await todayStands(browser);
      await settled(browser);
      await expectNumber(browser, "figure-sales", before + total);
    }));
  }
}

test("a sale without a network is kept over a reload", scenario(startServer, { device: "phone", tolerate: [/ERR_/, /Failed to load/] }, async ({ server, browser }) => {
  await takeSample(browser);
  await settled(browser);
  const before = await numberIn(browser, "figure-sales");
  await browser.cached();
  await server.stop();
  const total = await sellOne(browser);
  await browser.goto("/");
  await todayStands(browser);
  await browser.reload();
  await todayStands(browser);
  await settled(browser);
  await expectNumber(browser, "figure-sales", before + total);
}));
