// One file, three ways: `lab` on the file, core in the browser after an import, SQL on a real Postgres after sync.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { binary, root, startServer } from "../lib/server.mjs";
import { open } from "../lib/browser.mjs";
import { startPostgres } from "../lib/postgres.mjs";
import { importFile, signUp, startOwnShop } from "../lib/steps.mjs";
import { ask, tell } from "../lib/worker.mjs";

const FILE = join(root, "tests/data/online_retail_2010_2011.csv.gz");
const PRODUCTS = 5;
const HORIZON = 28;
const run = (args, options = {}) =>
  execFileSync(binary, args, { maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "ignore"], ...options }).toString();

/** A day as core counts it. */
const dayNumber = (iso) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
const units = (paisa) => paisa / 100;

/** The browser's answer in the lab's words. */
function report({ summary, top_products, rfm }) {
  return {
    revenue: units(summary.revenue), units: summary.quantity / 1000, sales: summary.sales, returns: summary.returns,
    lines: summary.lines, customers: summary.customers,
    top: top_products.map(({ sku, revenue, quantity }) => [sku, units(revenue), quantity / 1000]),
    rfm: rfm.map(({ segment, customers, spend }) => [segment, customers, units(spend)]),
  };
}

/** The same of `lab report` and `sql-report`, which share their names. */
function written({ summary, top_products, rfm }) {
  return {
    revenue: summary.revenue, units: summary.quantity, sales: summary.sales, returns: summary.returns,
    lines: summary.lines, customers: summary.customers,
    top: top_products.map(({ sku, revenue, quantity }) => [sku, revenue, quantity]),
    rfm: rfm.map(({ segment, customers, spend }) => [segment, customers, spend]),
  };
}

/**
 * The series with what the shop's own calendar knows where no days were entered: the payday week (days 1 to 7). Days
 * are numbers here, as the lab gives dated series columns of its own beside known ones.
 */
function withPaydays(series) {
  const known = rows(series).map(({ series_id, t, value }) => [series_id, dayNumber(t), value]);
  const last = new Map(known.map(([id, day]) => [id, day]));
  const future = [...last].flatMap(([id, day]) => Array.from({ length: HORIZON }, (_, step) => [id, day + step + 1, ""]));
  const isPayday = (day) => Number(new Date(day * 86_400_000).getUTCDate() <= 7);
  const written = [...known, ...future].map(([id, day, value]) => `${id},${day},${value},${isPayday(day)}\n`);
  return `series_id,t,value,is_payday_week\n${written.join("")}`;
}

/** Rows of a CSV without quotes, by header. */
function rows(csv) {
  const [header, ...lines] = csv.trim().split("\n").map((line) => line.trim().split(","));
  return lines.map((line) => Object.fromEntries(header.map((name, at) => [name, line[at]])));
}

test("lab, browser and SQL give the same figures of the real file", async () => {
  const postgres = await startPostgres();
  const server = await startServer({ database: postgres.url });
  const browser = await open(server, { device: "desktop" });
  try {
    const lab = JSON.parse(run(["lab", "report", "--input", FILE, "--currency", "GBP", "--zone-minutes", "300"]));
    const expected = written(lab);
    assert.equal(expected.rfm.length, 8, "eight segments");
    assert.equal(expected.top.length, 10, "ten products");

    await startOwnShop(browser);
    await importFile(browser, FILE);
    const period = { from: dayNumber(lab.period.from), to: dayNumber(lab.period.to) };
    const answer = await ask(browser.page, { Report: { shop: null, period } });
    assert.deepEqual(report(answer), expected, "the browser, against the lab");

    // The lab is asked for five series alone, so the worker must not learn from all products before it is asked.
    await signUp(browser, "owner@example.pk", "a long pass phrase", () => tell(browser.page, "StopForecasting"));
    await browser.byId("sync-chip").and(browser.page.locator('[data-sync="saved"]')).waitFor({ timeout: 180_000 });
    const env = { ...process.env, DATABASE_URL: postgres.url };
    assert.deepEqual(written(JSON.parse(run(["sql-report"], { env }))), expected, "SQL, against the lab");

    // The five products with most revenue: daily pieces by SQL, forecast by the lab, which is
    // told of paydays as the worker's calendar knows them; and by the worker from its tables.
    const series = run(["sql-report", "--series", String(PRODUCTS)], { env });
    const options = ["--horizon", String(HORIZON), "--season", "7", "--levels", "80,95", "--input", "-"];
    const forecast = rows(run(["lab", "forecast", ...options], { input: withPaydays(series) }));
    assert.equal(forecast.length, PRODUCTS * HORIZON);
    for (const { sku, product } of answer.top_products.slice(0, PRODUCTS)) {
      const ahead = forecast.filter((row) => row.series_id === product || row.series_id === sku);
      const task = { shop: null, product, today: period.to + 1, horizon_days: HORIZON };
      const inBrowser = await ask(browser.page, { Forecast: task });
      assert.equal(inBrowser.mean.length, HORIZON, `${sku} has a forecast`);
      for (const [column, key] of [["mean", "mean"], ["lo80", "lo80"], ["hi80", "hi80"], ["lo95", "lo95"], ["hi95", "hi95"]]) {
        inBrowser[key].forEach((value, at) => {
          const other = Number(ahead[at][column]);
          // The same arithmetic on two machines: exp and ln may differ in the last bits.
          assert.ok(Math.abs(value - other) <= 1e-6 * Math.max(1, Math.abs(other)), `${sku} ${column} ${at + 1}: ${value} and ${other}`);
        });
      }
    }
    browser.assertQuiet();
  } catch (error) {
    await browser.shot("failed-equality").catch(() => {});
    throw error;
  } finally {
    await browser.close();
    await server.remove();
    await postgres.remove();
  }
});
