// The Forecasts screen: the next month, how right forecasts have been, who answers; held against `lab` on the same file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { binary, startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { eventually, importFile, settled, startOwnShop, takeSample } from "../lib/steps.mjs";
import { ask } from "../lib/worker.mjs";

const DAY_MS = 86_400_000;
// Too few to teach each other: the lab learns nothing of that kind either.
const PRODUCTS = 7;
const DAYS = 600;
const WEEK = [1, 0.7, 0.8, 0.9, 1.1, 1.9, 1.4];

/** So many days back, as ISO. */
const iso = (back, now) => new Date(now - back * DAY_MS).toISOString().slice(0, 10);

/** The fraction that follows from a number, always the same: no band's end falls on what was sold by more than chance. */
const noise = (number) => {
  const wild = Math.sin(number) * 43_758.5453;
  return wild - Math.floor(wild);
};

/** Pieces of a product on a day: its weekday's, more or less. */
const sold = (product, day) => Math.round((product + 3) * WEEK[day % 7] * (0.5 + noise(day * 7 + product)));

/** A shop's file: smartphones and covers, each sold on most days up to yesterday. */
function file(now) {
  const rows = [];
  for (let back = DAYS; back > 0; back -= 1) {
    const day = Math.floor(now / DAY_MS) - back;
    for (let product = 0; product < PRODUCTS; product += 1) {
      const pieces = sold(product, day);
      if (pieces < 1) continue;
      const [name, category, price] = product < 4 ? ["Phone", "Mobile phones", 40_000 + product * 9_000] : ["Cover", "Covers", 600 + product * 40];
      rows.push(`R${back}-${product},${iso(back, now)} 12:00,P${product},${name} ${product},${category},${pieces},${price}`);
    }
  }
  return `Receipt,Date,Code,Product,Category,Quantity,Price\n${rows.join("\n")}\n`;
}

const lab = (...args) =>
  JSON.parse(execFileSync(binary, ["lab", ...args], { maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "ignore"] }).toString());
const digits = (text) => Number(text.replace(/[^0-9.-]/g, ""));
const close = (a, b, what) => {
  if (a === null || b === null) return assert.equal(a, b, what);
  assert.ok(Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)), `${what}: ${a} and ${b}`);
};

/** Every number of two answers, whatever their shape. */
function same(ours, theirs, what) {
  if (typeof theirs === "number") return close(ours, theirs, what);
  if (theirs === null || typeof theirs !== "object") return assert.equal(ours, theirs, what);
  assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort(), what);
  for (const key of Object.keys(theirs)) same(ours[key], theirs[key], `${what}.${key}`);
}

/** Cells of each row as the page shows them. */
const cells = (browser, id) => browser.byId(id).evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));

async function openForecasts(browser) {
  await browser.goto("/forecasts");
  await browser.byId("next-month").waitFor({ timeout: 240_000 });
  await browser.byId("accuracy").waitFor({ timeout: 240_000 });
  await browser.byId("learners").waitFor({ timeout: 240_000 });
  await settled(browser);
}

for (const lang of ["en", "ur"]) {
  test(`the Forecasts screen shows what lab says of the same file in ${lang}`, scenario(startServer, { device: "desktop", lang }, async ({ browser, page }) => {
    const folder = await mkdtemp(join(tmpdir(), "dukandar-forecasts-"));
    try {
      // the shop's day is Karachi's, five hours ahead of UTC
      const [path, now] = [join(folder, "shop.csv"), Date.now() + 5 * 3_600_000];
      await writeFile(path, file(now));
      await startOwnShop(browser);
      await importFile(browser, path, { currency: "PKR" });
      await openForecasts(browser);

      const today = Math.floor(now / DAY_MS);
      const said = lab("demand", "--input", path, "--currency", "PKR", "--zone-minutes", "300", "--today", iso(0, now), "--top", "50", "--accuracy");
      const accuracy = await ask(page, { Accuracy: { shop: null, today } });
      same(accuracy, said.accuracy, "accuracy");
      const month = await ask(page, { NextMonth: { shop: null, today } });
      same(month.revenue, said.next_month.revenue, "revenue");
      same(month.goods, said.next_month.goods, "goods");
      same(month.voices, said.next_month.voices, "voices");
      assert.equal(month.products.length, PRODUCTS);
      const byName = (products) => Object.fromEntries(products.map(({ product: _, ...rest }) => [rest.name, rest]));
      same(byName(month.products), byName(said.next_month.products), "products");
      assert.equal(accuracy.judged, PRODUCTS);
      assert.equal(accuracy.levels.length, 9, "three levels at three spans");

      // The screen shows those figures: percent as rounded, beside both habits.
      const shown = await cells(browser, "accuracy-row");
      const percent = (share) => Math.round(share * 100);
      accuracy.levels.forEach(({ own, seasonal_naive, naive }, at) =>
        assert.deepEqual(shown[at].map(digits), [own, seasonal_naive, naive].map(percent), `row ${at}`));
      assert.equal(digits(await browser.byId("accuracy-month").locator(".value").textContent()), percent(accuracy.aim.reached));
      assert.equal(digits(await browser.byId("next-month").locator(".value").textContent()), Math.round(month.revenue.mean));
      assert.equal((await cells(browser, "error-row")).length, 8);
      assert.equal((await cells(browser, "worth-row")).length, 3);
      assert.equal(await browser.byId("month-product").count(), PRODUCTS);
      assert.equal(await browser.byId("voice").count(), month.voices.length);

      // Habits by the lab's own backtest of the same days, one product as `series_id,t,value`.
      const until = accuracy.until;
      const days = Array.from({ length: DAYS }, (_, at) => today - DAYS + at).filter((day) => day < until);
      const series = Array.from({ length: PRODUCTS }, (_, product) =>
        days.map((day) => `P${product},${new Date(day * DAY_MS).toISOString().slice(0, 10)},${Math.max(0, sold(product, day))}\n`).join("")).join("");
      const written = join(folder, "series.csv");
      await writeFile(written, `series_id,t,value\n${series}`);
      const sheets = lab("backtest", "--input", written, "--horizon", "28", "--season", "7", "--origins", "5", "--model", "naive,seasonal_naive", "--metrics");
      for (const [name, model] of [["seasonal_naive", 1], ["naive", 2]]) {
        const [sheet, ours] = [sheets[name], accuracy.sheets[model]];
        assert.equal(ours.model, name);
        for (const figure of ["mape", "rmse", "mae", "smape"]) close(ours[figure], sheet.accuracy[figure], `${name} ${figure}`);
        const at = { daily: 0, weekly: 1, monthly: 2 };
        for (const span of Object.keys(at)) close(accuracy.levels[at[span]][name], sheet.temporal_accuracy[span], `${name} ${span}`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }));
}

/** The long work is waited for once; phone, tablet and desktop are then widths of one window. */
const SIZES = { phone: [390, 844], tablet: [1024, 768], desktop: [1440, 900] };

for (const lang of ["en", "ur"]) {
  test(`the sample shop's forecasts in ${lang}`, scenario(startServer, { device: "phone", lang }, async ({ browser, page }) => {
    await takeSample(browser);
    await openForecasts(browser);
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
      await browser.axe(`forecasts on a ${size} in ${lang}`);
      await browser.shot(`forecasts-${size}-${lang}`);
      for (const part of ["accuracy", "errors", "month-products", "learners", "voices"]) {
        await browser.byId(part).scrollIntoViewIfNeeded();
        await browser.shot(`forecasts-${part}-${size}-${lang}`);
      }
    }
    // Opened again it stands at once: nothing is done twice.
    await browser.reload();
    await browser.byId("accuracy").waitFor({ timeout: 10_000 });
    await settled(browser);
    assert.equal(await browser.byId("partial").count(), 0);
  }));
}

test("long work can be stopped, leaves other screens free, and is finished later", scenario(startServer, { device: "phone" }, async ({ browser, page }) => {
  await takeSample(browser);
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
  });
  await browser.byId("nav-more").click();
  await page.locator('[data-testid="more-sheet"] a[href="/forecasts"]').click();
  await browser.byId("forecasting").waitFor({ timeout: 60_000 });
  await page.locator('a[href="/stock"]:visible').first().click();
  await browser.byId("stock-table").waitFor({ timeout: 20_000 });
  await browser.byId("nav-more").click();
  await page.locator('[data-testid="more-sheet"] a[href="/forecasts"]').click();
  await browser.byId("forecasting-stop").click({ timeout: 60_000 });
  await browser.byId("partial").waitFor({ timeout: 60_000 });
  await browser.shot("forecasts-stopped-phone-en");
  const longest = await page.evaluate(() => Math.max(0, ...window.longTasks));
  assert.ok(longest < 200, `the page was held up for ${longest} ms`);
  await browser.goto("/forecasts");
  await browser.byId("learners").waitFor({ timeout: 240_000 });
  await eventually(() => browser.byId("partial").count(), (count) => count === 0);
}));

test("a new shop is told how many days are missing", scenario(startServer, { device: "phone", lang: "ur" }, async ({ browser }) => {
  await startOwnShop(browser);
  await browser.goto("/forecasts");
  await browser.byId("accuracy-month").waitFor();
  assert.match(await browser.byId("next-month").textContent(), /28/);
  assert.match(await browser.byId("accuracy-month").textContent(), /(5[6-9]|6[0-2])/);
  assert.equal(await browser.byId("accuracy").count(), 0);
  await settled(browser);
  await browser.axe("forecasts of a new shop");
  await browser.shot("forecasts-empty-phone-ur");
}));
