// What a shop's products teach each other once a week: learned beside the screens, heard by every forecast, kept.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { eventually, settled, stored, takeSample } from "../lib/steps.mjs";

const SAMPLE = "dukandar-sample";
const KEPT = "learned/all";

/** Waits for the banner to come, and for what it announced to be kept. */
async function learns(browser) {
  await browser.byId("forecasting").waitFor({ timeout: 60_000 });
  let rows;
  for (let tries = 0; tries < 120 && !rows?.[KEPT]; tries += 1) {
    await browser.page.waitForTimeout(1_000);
    rows = await stored(browser, "forecasts", SAMPLE);
  }
  assert.ok(rows[KEPT], "the lesson was kept");
  await browser.byId("forecasting").waitFor({ state: "detached", timeout: 60_000 });
}

for (const [device, lang, words] of [["phone", "en", /usual choice/], ["tablet", "ur", /عام انتخاب/]]) {
  test(`products teach each other on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser, page }) => {
    await takeSample(browser);
    await browser.goto("/reorder");
    await settled(browser);
    await browser.byId("suggestion").first().waitFor();
    const before = await stored(browser, "forecasts", SAMPLE);
    assert.equal(before[KEPT], undefined, "nobody waits for the lesson");
    await page.evaluate(() => {
      window.longTasks = [];
      new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
    });
    await browser.byId("forecasting").waitFor({ timeout: 60_000 });
    await browser.shot(`lesson-${device}-${lang}`);
    await learns(browser);
    const longest = await page.evaluate(() => Math.max(0, ...window.longTasks));
    assert.ok(longest < 200, `the page was held up for ${longest} ms`);
    const after = await stored(browser, "forecasts", SAMPLE);
    const changed = Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    assert.ok(changed.length > 20, `${changed.length} forecasts were made anew`);

    // The product's page says who speaks and why; offline like online, and after a reload without a new lesson.
    await browser.byId("suggestion").first().locator("a.name").click();
    await browser.byId("product-why").waitFor();
    await eventually(() => browser.byId("product-why").textContent(), (text) => words.test(text));
    await browser.byId("product-why").scrollIntoViewIfNeeded();
    await browser.shot(`lesson-why-${device}-${lang}`);
    await browser.axe(`why, after a lesson, on a ${device} in ${lang}`);
    const kept = JSON.stringify(after[KEPT]);
    await browser.cached();
    await browser.setOffline(true);
    await browser.reload();
    await browser.byId("product-why").waitFor();
    assert.match(await browser.byId("product-why").textContent(), words);
    await page.waitForTimeout(7_000);
    assert.equal(JSON.stringify((await stored(browser, "forecasts", SAMPLE))[KEPT]), kept, "learned once");
  }));
}

test("a lesson can be stopped, and the screens stand", scenario(startServer, { device: "phone" }, async ({ browser, page }) => {
  await takeSample(browser);
  await browser.byId("forecasting").waitFor({ timeout: 60_000 });
  await browser.byId("forecasting-stop").click();
  await browser.byId("forecasting").waitFor({ state: "detached" });
  await page.waitForTimeout(8_000);
  assert.equal(await browser.byId("forecasting").count(), 0, "no new one begins");
  assert.equal((await stored(browser, "forecasts", SAMPLE))[KEPT], undefined);
  await page.locator('a[href="/reorder"]:visible').first().click();
  await browser.byId("suggestion").first().waitFor();
}));
