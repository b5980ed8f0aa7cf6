// The browser's part of `make bench-forecast`: `auto` in a worker of headless Chromium, on series of ../shared and on an
// invented shop. Prints Markdown. `node forecast.mjs <folder with forecast_wasm.js and forecast_wasm_bg.wasm>`
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, "../e2e/package.json"))("playwright-core");
const series = join(here, "../../../shared/data/series");
const built = process.argv[2];

const SETS = [["m3_monthly", 12, 18], ["nn5_daily", 7, 56]];
const [PRODUCTS, DAYS, HORIZON, WORKERS, UPDATES] = [1_000, 730, 28, 2, 50];

/** Runs in each worker: answers with milliseconds. */
const WORKER = `
importScripts("forecast_wasm.js");
const ready = wasm_bindgen({ module_or_path: "forecast_wasm_bg.wasm" });
const timed = (work) => { const from = performance.now(); work(); return performance.now() - from; };
onmessage = async ({ data: { series, products, lesson, learned } }) => {
  await ready;
  const { forecast, product_ahead, learn, hear } = wasm_bindgen;
  if (series) return postMessage(series.map(([values, season, horizon]) => timed(() => forecast(values, season, horizon))));
  if (lesson) return postMessage(learn(lesson, ${DAYS}));
  const chosen = learned ? hear(learned) : "";
  postMessage({ chosen, ms: products.map((number) => timed(() => product_ahead(number, ${DAYS}))) });
};`;

const files = {
  "/": ["text/html", "<!doctype html><title>bench</title>"],
  "/worker.js": ["text/javascript", WORKER],
  "/forecast_wasm.js": ["text/javascript", readFileSync(join(built, "forecast_wasm.js"))],
  "/forecast_wasm_bg.wasm": ["application/wasm", readFileSync(join(built, "forecast_wasm_bg.wasm"))],
};
const server = createServer(({ url }, response) => {
  const [type, body] = files[url] ?? [];
  response.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain" }).end(body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

/** The training parts of a set, as the worker takes them. */
function training([name, season, horizon]) {
  const [header, ...lines] = gunzipSync(readFileSync(join(series, `${name}.csv.gz`))).toString().trim().split("\n");
  const value = header.split(",").indexOf("value");
  const parts = new Map();
  for (const cells of lines.map((line) => line.split(","))) {
    if (cells[1] === "test") continue;
    if (!parts.has(cells[0])) parts.set(cells[0], []);
    parts.get(cells[0]).push(Number(cells[value]));
  }
  return [...parts.values()].map((values) => [values, season, horizon]);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  // What the page itself feels meanwhile: its longest task, and the gaps between the frames it could draw.
  const ask = (tasks) => page.evaluate(async (tasks) => {
    const held = [], gaps = [];
    const observer = new PerformanceObserver((list) => held.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ entryTypes: ["longtask"] });
    let [last, isOver] = [performance.now(), false];
    const from = last;
    const frame = () => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const answers = await Promise.all(tasks.map((task) => new Promise((done, fail) => {
      const worker = new Worker("worker.js");
      worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
      worker.onerror = ({ message }) => fail(new Error(message));
      worker.postMessage(task);
    })));
    const ms = performance.now() - from;
    isOver = true;
    observer.disconnect();
    return { answers, ms, held: Math.max(0, ...held), gaps };
  }, tasks);

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = [];
  for (const set of SETS) {
    const { answers: [ms] } = await ask([{ series: training(set) }]);
    rows.push([`\`auto\` by itself, ${set[0]}, per series`, `${mean(ms).toFixed(1)} ms`, set[0] === "m3_monthly" ? "≤ 25 ms" : "–",
      set[0] === "m3_monthly" ? (mean(ms) <= 25 ? "met" : "missed") : "–"]);
  }
  const numbers = Array.from({ length: PRODUCTS }, (_, at) => at);
  const portions = Array.from({ length: WORKERS }, (_, at) => numbers.filter((it) => it % WORKERS === at));
  const shop = await ask(portions.map((products) => ({ products })));
  const lesson = await ask([{ lesson: PRODUCTS }]);
  const [learned] = lesson.answers;
  const anew = await ask(portions.map((products) => ({ products, learned })));
  const seconds = (ms) => `${(ms / 1e3).toFixed(1)} s`;
  const what = `${PRODUCTS} products × ${DAYS} days, ${HORIZON} ahead with bands`;
  rows.push([`${what}, cold, each by itself, ${WORKERS} workers`, seconds(shop.ms), "≤ 20 s", shop.ms <= 20_000 ? "met" : "missed"]);
  rows.push([`The weekly lesson of them (boosting, forest and network raced), 1 worker, behind the screens`, seconds(lesson.ms), "–", "–"]);
  rows.push([`– what is kept of it`, `${(learned.length / 1024).toFixed(0)} KB`, "–", "–"]);
  rows.push([`${what}, with the lesson, ${WORKERS} workers`, seconds(anew.ms), "–", "–"]);
  for (const [name, { answers }] of [["by itself", shop], ["with the lesson", anew]]) {
    const each = answers.flatMap(({ ms }) => ms);
    rows.push([`– per product ${name}, mean and slowest`, `${mean(each).toFixed(1)} ms, ${Math.max(...each).toFixed(0)} ms`, "–", "–"]);
  }
  for (const [name, { held, gaps }] of [["by itself", shop], ["with the lesson", anew]]) {
    const late = gaps.filter((gap) => gap > 50).length / gaps.length;
    rows.push([`– the page meanwhile, ${name}: longest task (0: none above 50 ms); frames late by more than 50 ms, the longest gap`,
      `${held.toFixed(0)} ms; ${(100 * late).toFixed(1)} % of ${gaps.length}, ${Math.max(...gaps).toFixed(0)} ms`, "free throughout", held <= 50 && late <= 0.01 ? "met" : "missed"]);
  }
  const update = Math.max(...anew.answers[0].ms.slice(0, UPDATES));
  rows.push([`One product anew after a sale, with the lesson, slowest of ${UPDATES}`, `${update.toFixed(0)} ms`, "≤ 1 s", update <= 1_000 ? "met" : "missed"]);
  console.log(`\n## In Chromium's worker\n\nChromium ${browser.version()}, headless; the models alone, compiled as the app's worker is (but for wasm-opt), without`);
  console.log("the database around them. Wall-clock milliseconds; products are invented (seeded Poisson days).\n");
  console.log("| what | took | aim | verdict |\n|---|---|---|---|");
  console.log(rows.map((row) => `| ${row.join(" | ")} |`).join("\n"));
  console.log(`\nWho speaks for whom after the lesson (root mean squared error as a part of the default's): ${anew.answers[0].chosen}.`);
} finally {
  await browser.close();
  server.close();
}
