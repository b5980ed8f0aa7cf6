// What a shop decides and what becomes of it: orders, arrivals, predictions kept and judged, names, branches.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { eventually, importFile, records, sellOne, settled, startOwnShop, stored, takeSample, todayStands } from "../lib/steps.mjs";

const SAMPLE = "dukandar-sample";

/** Rows of the plan as they stand: name and pieces. */
async function plan(browser) {
  await settled(browser);
  return browser.byId("suggestion").evaluateAll((rows) => rows.map((row) => ({
    name: row.querySelector(".name").textContent,
    pieces: Number(row.querySelector("[data-testid=order-pieces]").value.replace(/[^0-9.]/g, "")),
  })));
}

for (const [device, lang] of [["phone", "en"], ["tablet", "ur"], ["phone", "ur"]]) {
  test(`an order on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser, page }) => {
    await takeSample(browser);
    await browser.goto("/reorder");
    const before = await plan(browser);
    assert.ok(before.length >= 3, "the sample shop has something to order");
    const open = await browser.byId("open-order").count();

    // One line is changed, one is left out, the rest is taken as it is.
    const field = browser.byId("order-pieces").first();
    await field.fill(String(before[0].pieces + 3));
    await field.press("Tab");
    await browser.byId("suggestion").nth(1).locator("input[type=checkbox]").uncheck();
    await browser.shot(`order-before-${device}-${lang}`);
    await browser.byId("order-place").click();
    await browser.byId("toast").first().waitFor();

    const decisions = await records(browser, "order_decision", SAMPLE);
    assert.equal(decisions.length, before.length, "a decision for every suggestion");
    const changed = decisions.find(({ data }) => data.decided > data.suggested);
    assert.deepEqual([changed.data.suggested, changed.data.decided], [before[0].pieces * 1000, (before[0].pieces + 3) * 1000]);
    const refused = decisions.filter(({ data }) => data.decided === 0);
    assert.equal(refused.length, 1);
    assert.equal(refused[0].data.order, null);
    const orders = await records(browser, "purchase_order", SAMPLE);
    assert.equal(orders.flatMap(({ data }) => data.lines).length, before.length - 1);
    assert.ok(decisions.filter(({ data }) => data.decided).every(({ data }) => orders.some((order) => order.data.id === data.order)));
    // Each decision names a prediction that was kept when the plan was shown.
    const kept = new Set(Object.keys(await stored(browser, "model_predictions", SAMPLE)));
    assert.ok(decisions.every(({ data }) => kept.has(data.prediction)), "a decision names no kept prediction");

    // What is on its way is not suggested again; what was left out still is.
    const left = await eventually(async () => plan(browser), (rows) => rows.length < before.length && !rows.some(({ name }) => name === before[0].name));
    assert.ok(left.some(({ name }) => name === before[1].name), "the line that was left out is gone");
    assert.equal(await browser.byId("open-order").count(), open + orders.length);
    await browser.axe("reorder with open orders");
    await browser.byId("open-orders").scrollIntoViewIfNeeded();
    await browser.shot(`order-placed-${device}-${lang}`);

    // Taken back, each order by itself: the same need is suggested again. Then all at once, by the way back that
    // the message offers.
    for (let more = orders.length; more > 0; more -= 1) {
      await browser.byId("order-take-back").first().click();
      await eventually(() => browser.byId("open-order").count(), (count) => count === open + more - 1);
    }
    await eventually(async () => plan(browser), (rows) => rows.length === before.length);
    await browser.byId("toast").locator("button").first().waitFor({ state: "detached" });
    await browser.byId("order-place").click();
    await browser.byId("toast").locator("button").click();
    await eventually(() => records(browser, "purchase_order", SAMPLE), (rows) => rows.length === 4 * orders.length);
    await eventually(async () => plan(browser), (rows) => rows.length === before.length);
    assert.equal(await browser.byId("open-order").count(), open);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  }));
}

test("ordered goods arrive on the shelf", scenario(startServer, { device: "phone" }, async ({ browser }) => {
  await takeSample(browser);
  await browser.goto("/reorder");
  const before = await plan(browser);
  await browser.byId("order-place").click();
  await eventually(async () => plan(browser), (rows) => rows.length < before.length);
  const open = await browser.byId("open-order").count();
  await browser.byId("order-arrived").first().click();
  await browser.byId("came").first().waitFor();
  await browser.axe("goods that came");
  await browser.shot("order-arrived-phone-en");
  await browser.byId("save").click();
  await eventually(() => browser.byId("open-order").count(), (count) => count === open - 1);
  const [receipt] = await records(browser, "supplier_receipt", SAMPLE);
  assert.ok(receipt.data.order, "the receipt names its order");
  assert.ok(receipt.data.lines.every(({ quantity }) => quantity > 0));
}));

test("customers have their names on screen and nowhere in clear", scenario(startServer, { device: "phone" }, async ({ browser, page }) => {
  await takeSample(browser);
  await browser.goto("/customers");
  await settled(browser);
  const first = browser.byId("customer-name").first();
  const name = await eventually(() => first.textContent(), (text) => !/^Customer /.test(text));
  await browser.byId("customer-list").scrollIntoViewIfNeeded();
  await browser.shot("names-phone-en");
  await first.click();
  await browser.byId("customer-phone").first().waitFor();
  assert.equal(await browser.byId("customer-name").first().textContent(), name);
  await browser.axe("customer");
  await browser.shot("customer-phone-en");
  await browser.byId("sell-to").click();
  await browser.byId("product").first().click();
  await browser.byId("open-bill").click();
  await page.locator('[data-testid="bill-customer"]:visible').getByText(name).waitFor();
  await browser.byId("charge").locator("visible=true").first().click();
  await browser.byId("received").fill("999999");
  await browser.byId("confirm-sale").click();
  await browser.byId("receipt-customer").getByText(name).waitFor();
  const change = await browser.byId("receipt-change").textContent();
  await browser.reload();
  await browser.byId("receipt-customer").getByText(name).waitFor();
  assert.equal(await browser.byId("receipt-change").textContent(), change, "cash and change outlive a reload");
  await browser.shot("receipt-customer-phone-en");
  // Every store of the database as text: the name stands in none of them.
  const all = await page.evaluate(async (database) => {
    const db = await new Promise((resolve, reject) => {
      const request = indexedDB.open(database);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const texts = [];
    for (const store of db.objectStoreNames) {
      const values = await new Promise((resolve, reject) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      texts.push(...values.map((value) => (ArrayBuffer.isView(value) ? new TextDecoder().decode(value) : String(value))));
    }
    db.close();
    return texts.join("\n") + JSON.stringify({ ...localStorage });
  }, SAMPLE);
  assert.ok(all.length > 10_000, "the database was read");
  assert.ok(!all.includes(name), `${name} is stored in clear`);
}));

test("a forecast is kept when it is shown and judged when its days are over", scenario(startServer, { device: "tablet" }, async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), "dukandar-days-"));
  try {
    const day = (index) => new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10);
    const amount = (index) => 1000 + 100 * (index % 7);
    const file = async (name, from, to) => {
      const rows = [];
      for (let index = from; index < to; index += 1) rows.push(`R${index},${day(index)} 12:00,CHG,Charger,1,${amount(index)}`);
      await writeFile(join(folder, name), `Receipt,Date,Code,Product,Quantity,Price\n${rows.join("\n")}\n`);
      return join(folder, name);
    };
    await startOwnShop(browser);
    assert.equal((await importFile(browser, await file("first.csv", 0, 60), { currency: "PKR" })).kept, 60);
    await browser.goto("/");
    await todayStands(browser);
    const issued = await eventually(() => records(browser, "prediction_issued"), (rows) => rows.some(({ data }) => data.predictions.some((row) => row.prediction_type === "forecast")));
    const forecast = issued.flatMap(({ data }) => data.predictions).find((row) => row.prediction_type === "forecast");
    assert.equal(forecast.prediction_date, Date.UTC(2025, 2, 2) / 86_400_000);
    assert.equal((await records(browser, "prediction_outcome")).length, 0, "nothing is over yet");

    // Amounts in another currency are refused once there are sales.
    await browser.goto("/stock/import");
    await browser.byId("import-file").setInputFiles(await file("second.csv", 60, 100));
    await browser.byId("currency").selectOption("GBP");
    await browser.byId("other-currency").waitFor();
    assert.ok(await browser.byId("import-start").isDisabled(), "two currencies would be summed");
    await browser.axe("another currency");
    await browser.shot("import-currency-tablet-en");
    await browser.byId("currency").selectOption("PKR");
    await browser.byId("import-start").click();
    await browser.byId("import-done").waitFor();

    const [outcome, ...more] = await eventually(() => records(browser, "prediction_outcome"), (rows) => rows.length > 0);
    assert.deepEqual(more, [], "judged once");
    assert.equal(outcome.data.prediction, forecast.id);
    const sold = Array.from({ length: forecast.prediction_data.mean.length }, (_, index) => amount(60 + index));
    assert.deepEqual(outcome.data.actual_outcome.actual, sold);
    assert.ok(outcome.data.accuracy_score > 0.5 && outcome.data.accuracy_score <= 1, `${outcome.data.accuracy_score}`);
    const row = (await stored(browser, "model_predictions"))[forecast.id];
    assert.equal(row.accuracy_score, outcome.data.accuracy_score, "the seed's column holds it too");
    await browser.goto("/");
    await todayStands(browser);
    await settled(browser);
    assert.equal((await records(browser, "prediction_outcome")).length, 1, "judged once");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}));

test("a further shop, and what needs attention", scenario(startServer, { device: "phone", lang: "ur" }, async ({ browser, page }) => {
  await startOwnShop(browser);
  await browser.goto("/settings");
  await browser.byId("add-shop").click();
  await browser.byId("shop-name").fill("Saddar Mobile");
  await browser.byId("save").click();
  await browser.byId("shop").nth(1).waitFor();
  await browser.byId("shop-switch").selectOption({ label: "Saddar Mobile" });
  await browser.axe("settings with two shops");
  const codes = (await records(browser, "shop")).map(({ data }) => data.code);
  assert.equal(new Set(codes).size, 2, `receipt numbers of two shops would be the same: ${codes}`);

  // As a server's refusal would have left it.
  await page.evaluate(async () => {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open("dukandar");
      request.onsuccess = () => resolve(request.result);
    });
    const event = {
      id: "019ab000-0000-7000-8000-000000000001", tenant: "019ab000-0000-7000-8000-000000000002", stream: "tenant",
      device: "019ab000-0000-7000-8000-000000000003", epoch: "019ab000-0000-7000-8000-000000000004", seq: 1,
      at: Date.now(), grant: 1, actor: null, kind: "sale", v: 1, data: { number: "HC-9-9" },
    };
    const tx = db.transaction("quarantine", "readwrite");
    tx.objectStore("quarantine").put(JSON.stringify({ event, reason: "malformed", detail: "payments" }), event.id);
    await new Promise((resolve) => { tx.oncomplete = resolve; });
    db.close();
  });
  await browser.reload();
  await browser.byId("put-aside").getByText("HC-9-9").waitFor();
  await browser.axe("needs attention");
  await browser.byId("attention").scrollIntoViewIfNeeded();
  await browser.shot("attention-phone-ur");
}));

test("change is still on the receipt after a reload", scenario(startServer, { device: "phone", lang: "ur" }, async ({ browser }) => {
  await takeSample(browser);
  const total = await sellOne(browser, { cash: 1_000_000 });
  const shown = await browser.byId("receipt-change").textContent();
  assert.equal(Number(shown.replace(/[^0-9.]/g, "")), 1_000_000 - total);
  await browser.reload();
  await browser.byId("receipt-change").waitFor();
  assert.equal(await browser.byId("receipt-change").textContent(), shown);
}));
