// What was not like the rest: a day of five times the trade and a charger that went for a tenth are found, looked at and
// settled, offline; a wrong alarm makes that detector slower to speak; a locked counter shows none of it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { startServer } from "../lib/server.mjs";
import { eventually, importFile, records, settled, startOwnShop, takeSample, todayStands } from "../lib/steps.mjs";

const DAYS = 130;

/** Chargers and covers up to yesterday, a little more on some weekdays; two faults of the last week. */
function sales() {
  const rows = [];
  const today = Math.floor((Date.now() + 5 * 3_600_000) / 86_400_000);
  let receipt = 0;
  const sell = (day, name, price) => {
    receipt += 1;
    const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
    rows.push(`R${receipt},${date} 12:${String(receipt % 60).padStart(2, "0")},${name.slice(0, 3).toUpperCase()},${name},1,${price}`);
  };
  for (let back = DAYS; back >= 1; back -= 1) {
    const day = today - back;
    const many = back === 3 ? 45 : 5 + (day % 7 === 2 ? 3 : 0) + ((day * 37) % 4);
    for (let piece = 0; piece < many; piece += 1) sell(day, "Charger 20 W", 1000 + 10 * (piece % 3));
    for (let piece = 0; piece < 3 + ((day * 17) % 3); piece += 1) sell(day, "Silicone cover", 300);
    if (back === 2) sell(day, "Charger 20 W", 100);
  }
  return `Receipt,Date,Code,Product,Quantity,Price\n${rows.join("\n")}\n`;
}

for (const [device, lang] of PAIRS) {
  test(`what needs a look on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: [/ERR_/, /Failed to load/] }, async ({ server, browser, page }) => {
    const folder = await mkdtemp(join(tmpdir(), "dukandar-unusual-"));
    try {
      await writeFile(join(folder, "sales.csv"), sales());
      await startOwnShop(browser);
      await importFile(browser, join(folder, "sales.csv"), { currency: "PKR" });
      await browser.cached();
      await server.stop();
      await browser.setOffline(true);

      // On Today: how many, and the first of them.
      await browser.goto("/");
      await todayStands(browser);
      const card = browser.byId("unusual-card");
      await card.waitFor({ timeout: 60_000 });
      await settled(browser);
      await card.scrollIntoViewIfNeeded();
      await browser.axe("today with something to look at");
      await browser.shot(`unusual-today-${device}-${lang}`);
      await browser.byId("unusual-all").click();

      // The page: the day, the product and the price.
      const rows = browser.byId("unusual");
      const before = await eventually(() => browser.byId("unusual-list").getByTestId("unusual").count(), (count) => count >= 3);
      await browser.axe("what needs a look");
      await browser.shot(`unusual-list-${device}-${lang}`);

      // The bill at a tenth of the price leads to itself.
      const price = rows.filter({ has: page.locator('use[href="/icons.svg#tag"]') });
      assert.equal(await price.count(), 1);
      assert.match(await price.textContent(), /100/);
      await price.click();
      await browser.byId("unusual-why").waitFor();
      await browser.axe("one thing to look at");
      await browser.shot(`unusual-one-${device}-${lang}`);
      assert.match(await browser.byId("unusual-way").getAttribute("href"), /^\/sales\/[0-9a-f-]+$/);

      // Put right: one commit, gone from the list, and with its note among the settled.
      await browser.byId("unusual-often").nth(2).click();
      const note = await browser.byId("unusual-note").inputValue();
      assert.ok(note.length > 3);
      await browser.byId("settle-mended").click();
      await browser.byId("toast").first().waitFor();
      await eventually(() => rows.count(), (count) => count === before - 1);
      await browser.byId("unusual-gone").getByText(note).waitFor();
      const [outcome, ...more] = await records(browser, "prediction_outcome");
      assert.deepEqual(more, []);
      assert.deepEqual([outcome.data.actual_outcome.detector, outcome.data.actual_outcome.settled, outcome.data.actual_outcome.note], ["price", "mended", note]);
      const issued = (await records(browser, "prediction_issued")).flatMap(({ data }) => data.predictions);
      assert.ok(issued.some((row) => row.id === outcome.data.prediction && row.prediction_type === "anomaly"), "the outcome is of a prediction");

      // A wrong alarm: its detector is slower to speak from now on, and says so.
      const day = rows.filter({ hasText: { en: "Sales of the shop", ur: "دکان کی بکری" }[lang] });
      assert.equal(await day.count(), 1);
      await day.click();
      await browser.byId("settle-wrong").click();
      await eventually(() => rows.count(), (count) => count === before - 2);
      await browser.byId("unusual-slower").waitFor();

      // All of it outlives a reload, without a network.
      await browser.reload();
      await browser.byId("unusual-gone").nth(1).waitFor();
      assert.equal(await rows.count(), before - 2);
      await browser.axe("settled things");
      await browser.byId("unusual-settled").scrollIntoViewIfNeeded();
      await browser.shot(`unusual-settled-${device}-${lang}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");

      // Behind the owner's PIN there is none of it.
      await browser.goto("/settings");
      await browser.byId("pin-set").click();
      await browser.byId("new-pin").fill("4711");
      await browser.byId("save").click();
      await browser.byId("save").waitFor({ state: "detached" });
      await browser.byId("lock").click();
      for (const path of ["/", "/anomalies"]) {
        await browser.goto(path);
        await browser.byId("closed").waitFor();
        assert.equal(await rows.count(), 0);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }));
}

test("the sample shop has a few things to look at, each with a sentence", scenario(startServer, { device: "desktop", lang: "en" }, async ({ browser }) => {
  await takeSample(browser);
  await browser.goto("/anomalies");
  const rows = browser.byId("unusual");
  const count = await eventually(() => rows.count(), (count) => count > 0);
  assert.ok(count <= 40, `${count} things: a flood`);
  for (const text of await rows.allTextContents()) assert.match(text, /\d/, text);
  await browser.axe("what needs a look in the sample shop");
  await browser.shot("unusual-sample-desktop-en");
}));
