// Forecasts as a shopkeeper meets them: the product's page, own days, the run over a whole shop and its stop.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { eventually, importFile, records, settled, startOwnShop, stored, takeSample } from "../lib/steps.mjs";

const SAMPLE = "dukandar-sample";

/** The kept forecasts, without what was learned for them. */
async function forecasts(browser, database) {
  const rows = await stored(browser, "forecasts", database);
  return Object.fromEntries(Object.entries(rows).filter(([key]) => !key.startsWith("learned/")));
}

/** Numbers of a cell such as "3 – 17". */
const numbers = (text) => [...text.replace(/,/g, "").matchAll(/-?\d+(?:\.\d+)?/g)].map(([number]) => Number(number));

/** Expected and range of each period on the page. */
async function periods(browser) {
  return browser.byId("period").evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)))
    .then((rows) => rows.map(([expected, range]) => ({ expected: numbers(expected)[0], range: numbers(range) })));
}

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** The page of a suggested product whose shelf ran empty: which suggestion comes first depends on the time of day. */
async function openEmptyShelf(browser) {
  for (let at = 0, count = 1; at < count; at += 1) {
    await browser.goto("/reorder");
    await settled(browser);
    const suggestions = browser.byId("suggestion");
    await suggestions.first().waitFor();
    count = await suggestions.count();
    await suggestions.nth(at).locator("a.name").click();
    await browser.byId("product-forecast").waitFor();
    await browser.byId("product-why").waitFor();
    if (await browser.byId("seen").count() > 0) return;
  }
  assert.fail("no suggested product's shelf ran empty");
}

for (const [device, lang] of [["phone", "en"], ["tablet", "en"], ["phone", "ur"], ["tablet", "ur"], ["phone", "roman"]]) {
  test(`a product's forecast on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser, page }) => {
    await takeSample(browser);
    await browser.cached();
    await openEmptyShelf(browser);
    assert.match(new URL(page.url()).pathname, /^\/stock\/.+/);

    // Day, week and four weeks: each range holds what is expected, and a surer range is a wider one.
    const narrow = await periods(browser);
    assert.equal(narrow.length, 3);
    assert.ok(narrow.every(({ expected, range: [low, high] }) => low <= Math.ceil(expected) && expected <= high + 0.5), JSON.stringify(narrow));
    assert.ok(narrow[2].expected > narrow[1].expected, "four weeks are more than one");
    await browser.byId("level-95").check({ force: true });
    const wide = await eventually(() => periods(browser), ([, , month]) => month.range[1] > narrow[2].range[1]);
    assert.ok(wide[1].range[1] >= narrow[1].range[1]);
    await browser.byId("level-85").check({ force: true });
    const mixed = await eventually(() => periods(browser), ([, , month]) => month.range[1] < wide[2].range[1]);
    assert.ok(mixed[2].range[1] <= narrow[2].range[1], "the month is asked at 75 %");

    // Why, in words: at least the model, its error beside last week's, and how often the range held.
    assert.ok(await browser.byId("product-why").locator("p").count() >= 3, "the reasons");
    assert.match(await browser.byId("product-why").textContent(), /\d+%/);
    assert.equal(await browser.byId("chart").count(), 1);
    // The sample's shelf ran empty: its days are told, and nothing else yet.
    assert.equal(await browser.byId("seen").count(), 1, "the empty shelf");
    await settled(browser);
    await browser.axe(`forecast on a ${device} in ${lang}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
    await browser.shot(`forecast-${device}-${lang}`);
    await browser.byId("product-why").scrollIntoViewIfNeeded();
    await browser.shot(`forecast-why-${device}-${lang}`);

    // Every series was kept, with what stands for its history, and what the run chose stands among the models.
    const product = page.url();
    const before = await forecasts(browser, SAMPLE);
    assert.ok(Object.keys(before).length > 20, "the whole shop was looked ahead of");
    const trained = Object.values(await stored(browser, "ai_models", SAMPLE)).find(({ name }) => name === "shop_forecasting");
    assert.ok(trained.last_trained && trained.next_training > trained.last_trained, "when it was trained");
    assert.ok(Object.values(trained.configuration.won).reduce((sum, count) => sum + count, 0) > 20, "which models won");

    // An offer of the past is entered: it stands in the list, on the product's page, and in every forecast.
    await browser.goto("/settings");
    await browser.byId("day-name").fill("Gala 10%");
    await browser.byId("day-from").fill(day(-20));
    await browser.byId("day-until").fill(day(-25));
    await browser.byId("day-add").click();
    await page.locator("#own-days .wrong").waitFor();
    await browser.byId("day-until").fill(day(-15));
    await browser.byId("day-add").click();
    await browser.byId("own-day").waitFor();
    await browser.byId("own-days").scrollIntoViewIfNeeded();
    await browser.axe(`own days on a ${device} in ${lang}`);
    await browser.shot(`own-days-${device}-${lang}`);
    const [row] = await records(browser, "feed_row", SAMPLE);
    assert.equal(row.data.feed, "promotions");
    await browser.goto("/reorder");
    await settled(browser);
    const after = await eventually(() => forecasts(browser, SAMPLE), (rows) =>
      Object.keys(before).every((key) => JSON.stringify(rows[key]) !== JSON.stringify(before[key])));
    assert.equal(Object.keys(after).length, Object.keys(before).length);

    // The page as it was, without a network.
    await browser.setOffline(true);
    await browser.goto(new URL(product).pathname);
    await browser.byId("seen").filter({ hasText: "Gala 10%" }).waitFor();
    assert.equal(await browser.byId("seen").count(), 2);
    assert.equal((await periods(browser)).length, 3);
    await browser.byId("product-known").scrollIntoViewIfNeeded();
    await browser.shot(`forecast-known-${device}-${lang}`);
    // Taken back, it is known no more.
    await browser.goto("/settings");
    await browser.byId("remove-day").click();
    await browser.byId("own-day").waitFor({ state: "detached" });
  }));
}

test("the weekend, advertising and price tiers are entered", scenario(startServer, { device: "phone", lang: "ur" }, async ({ browser }) => {
  await takeSample(browser);
  await browser.goto("/settings");
  await browser.byId("weekend-4").check({ force: true });
  await eventually(() => records(browser, "feed_row", SAMPLE), (rows) => rows.some(({ data }) => data.feed === "weekend" && data.value.includes(4)));
  await browser.byId("spend-name").fill("Facebook");
  await browser.byId("spend-amount").fill("2,500");
  await browser.byId("spend-add").click();
  await browser.byId("spend").locator("li").waitFor();
  assert.match(await browser.byId("spend").locator("li").textContent(), /2,500/);
  await browser.byId("tier-budget").fill("60000");
  await browser.byId("tier-premium").fill("50000");
  await browser.byId("tiers-save").click();
  await browser.page.locator("#tiers .wrong").waitFor();
  await browser.byId("tier-premium").fill("400000");
  await browser.byId("tiers-save").click();
  const rows = await eventually(() => records(browser, "feed_row", SAMPLE), (rows) => rows.some(({ data }) => data.feed === "price_tiers"));
  assert.deepEqual(rows.find(({ data }) => data.feed === "price_tiers").data.value, [6_000_000, 15_000_000, 40_000_000]);
  await browser.byId("tiers").scrollIntoViewIfNeeded();
  await browser.shot("tiers-phone-ur");
}));

for (const lang of ["en", "ur"]) {
  test(`branches beside each other add up in ${lang}`, scenario(startServer, { device: "phone", lang }, async ({ browser }) => {
    await takeSample(browser);
    await browser.byId("branch").first().waitFor({ timeout: 60_000 });
    const amounts = (await browser.byId("branch").locator(".amount").allTextContents()).map((text) => numbers(text)[0]);
    assert.equal(amounts.length, 3, "two branches and the whole");
    assert.ok(Math.abs(amounts[0] + amounts[1] - amounts[2]) <= 2, `${amounts}`);
    await settled(browser);
    await browser.axe(`branches in ${lang}`);
    await browser.byId("branches").scrollIntoViewIfNeeded();
    await browser.shot(`branches-phone-${lang}`);
  }));
}

test("too little data is said, not made up", scenario(startServer, { device: "phone" }, async ({ browser }) => {
  await startOwnShop(browser);
  await browser.goto("/stock");
  await browser.byId("add-product-open").first().click();
  const form = browser.byId("add-product");
  await form.getByTestId("name").fill("Charger 20W");
  await form.getByTestId("save").click();
  await form.getByTestId("name").waitFor({ state: "detached" });
  await browser.byId("stock-table").locator("tbody a").first().click();
  assert.match(await browser.byId("too-little").textContent(), /28/);
  assert.equal(await browser.byId("period").count(), 0);
  await browser.shot("forecast-too-little-phone-en");
}));

test("a run over a whole shop says how far it is, leaves the page free, and can be stopped", scenario(startServer, { device: "phone" }, async ({ browser, page }) => {
  const folder = await mkdtemp(join(tmpdir(), "dukandar-many-"));
  try {
    const products = 600;
    const rows = [];
    for (let back = 320; back > 0; back -= 1) {
      for (let product = back % 4; product < products; product += 4) {
        rows.push(`R${back}-${product},${day(-back)} 12:00,P${product},Product ${product},${1 + ((product * 7 + back * 3) % 5)},900`);
      }
    }
    const file = join(folder, "many.csv");
    await writeFile(file, `Receipt,Date,Code,Product,Quantity,Price\n${rows.join("\n")}\n`);
    await startOwnShop(browser);
    assert.equal((await importFile(browser, file, { currency: "PKR" })).kept, rows.length);
    await page.evaluate(() => {
      window.longTasks = [];
      new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
    });
    await page.locator('a[href="/reorder"]:visible').first().click();
    // At once: on a busy machine a picture takes as long as the run.
    await browser.byId("forecasting-stop").click();
    await browser.byId("forecasting").waitFor({ state: "detached" });
    const kept = Object.keys(await forecasts(browser)).length;
    assert.ok(kept > 0 && kept < products, `${kept} forecasts were made before the stop`);
    // The plan comes all the same.
    await browser.byId("suggestion").first().waitFor({ timeout: 60_000 });
    // Again, to its end: the rest is made, and what was made is not made again.
    await browser.reload();
    await browser.goto("/");
    await eventually(async () => Object.keys(await forecasts(browser)).length, (count) => count >= products);
    const longest = await page.evaluate(() => Math.max(0, ...(window.longTasks ?? [])));
    assert.ok(longest < 200, `the page was held up for ${longest} ms`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}));
