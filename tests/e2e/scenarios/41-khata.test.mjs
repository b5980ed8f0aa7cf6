// Khata: a sale on udhaar to somebody new, paid in parts; given, received, taken back, written off; ages, limits, the
// statement. Without a network from the first tap on, and all of it still there after a reload.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { eventually, expectNumber, numberIn, records, settled, startOwnShop, stored, takeSample, todayStands } from "../lib/steps.mjs";

const SAMPLE = "dukandar-sample";
const OFFLINE = [/ERR_/, /Failed to load/];

/** A phone of the shop for 50,000 and a charger for 1,500. */
async function addGoods(browser) {
  await browser.goto("/stock");
  for (const [name, price] of [["Redmi Note 13", 50_000], ["Charger 20W", 1_500]]) {
    await browser.byId("add-product-open").first().click();
    const form = browser.byId("add-product");
    await form.locator('[name="name"]').fill(name);
    await form.locator('[name="price"]').fill(String(price));
    await form.locator('[name="opening"]').fill("10");
    await form.locator('[data-testid="save"]').click();
    await form.waitFor({ state: "hidden" });
  }
}

/** Puts a product on the bill and opens the payment. */
async function charge(browser, name) {
  await browser.goto("/pos");
  // Typed, not picked: the list moves what sells most to the top once the worker has counted the last sale.
  await browser.byId("pos-search").fill(name);
  await browser.byId("product").filter({ hasText: name }).click();
  await browser.byId("charge-phone").or(browser.byId("charge")).locator("visible=true").first().click();
  await browser.byId("confirm-sale").waitFor();
}

const digits = (text) => Number(text.replace(/[^0-9.]/g, ""));
const wrongWords = (browser) => browser.page.locator(".field .wrong:visible").first();
const amounts = (browser) => browser.byId("ledger-line").evaluateAll((rows) => rows.map((row) => row.querySelector(".amount").textContent));

/** Amount and way into the open sheet, and saved. */
async function enter(browser, button, amount, way) {
  await browser.byId(button).click();
  const sheet = browser.byId("entry");
  await sheet.locator('[name="amount"]').fill(String(amount));
  if (way !== undefined) await sheet.locator('input[name="way"]').nth(way).check({ force: true });
  await sheet.locator('[data-testid="save"]').click();
}

for (const [device, lang] of PAIRS) {
  test(`udhaar from the sale to the write-off on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const name = lang === "ur" ? "بلال احمد" : "Bilal Ahmed";
    const shot = (what) => browser.shot(`khata-${what}-${device}-${lang}`);
    await startOwnShop(browser);
    await addGoods(browser);
    await browser.cached();
    await server.stop();

    await browser.goto("/khata");
    await browser.byId("empty").waitFor();
    await browser.axe("an empty khata");

    // Parts that do not fit are told in words; udhaar asks who.
    await charge(browser, "Redmi");
    await browser.byId("way-0").click();
    assert.equal(digits(await browser.byId("part-card").inputValue()), 50_000, "the first part takes all that is left");
    assert.equal(await browser.byId("received").count(), 0, "nothing is left for cash");
    await browser.byId("part-card").fill("60000");
    await browser.byId("pay-wrong").waitFor();
    assert.match(await browser.byId("pay-wrong").textContent(), /60,000.*50,000|50,000.*60,000/s);
    await browser.byId("part-card").fill("0");
    await browser.byId("pay-wrong").waitFor();
    await browser.byId("part-card").fill("15000");
    await browser.byId("way-4").click();
    assert.equal(digits(await browser.byId("part-credit").inputValue()), 35_000);
    await browser.byId("part-credit").fill("30000");
    assert.equal(digits(await browser.byId("cash-part").textContent()), 5_000);
    await browser.byId("received").fill("4000");
    assert.ok(await browser.byId("confirm-sale").isDisabled(), "cash is short");
    await browser.byId("received").fill("6000");
    assert.equal(digits(await browser.byId("change").textContent()), 1_000);
    await browser.axe("a payment in parts");
    await shot("pay");
    await browser.byId("confirm-sale").click();
    // Nobody is chosen yet: the sheet opens by itself. New: one tap, name and number, save.
    await browser.byId("customer-new").click();
    await browser.byId("customer-save").click();
    await wrongWords(browser).waitFor();
    await browser.byId("customer-name-new").fill(name);
    await browser.byId("customer-phone-new").fill("12");
    await browser.byId("customer-save").click();
    await wrongWords(browser).waitFor();
    await browser.byId("customer-phone-new").fill("0300 1234567");
    await browser.axe("a new customer");
    await shot("new-customer");
    await browser.byId("customer-save").click();
    await browser.byId("pay-customer").getByText(name).waitFor();
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").waitFor();
    await browser.byId("receipt-customer").getByText(name).waitFor();
    assert.equal(digits(await browser.byId("receipt-change").textContent()), 1_000);
    await shot("receipt");

    const [sale] = await records(browser, "sale");
    assert.deepEqual(sale.data.payments, [
      { method: "cash", amount: 500_000, tendered: 600_000 },
      { method: "card", amount: 1_500_000 },
      { method: "credit", amount: 3_000_000 },
    ]);
    const [owed] = await records(browser, "credit_entry");
    assert.deepEqual([owed.data.amount, owed.data.sale, owed.data.customer], [3_000_000, sale.data.id, sale.data.customer]);
    assert.equal(owed.seq, sale.seq + 1, "written with its sale");
    assert.ok(!JSON.stringify(await stored(browser, "events")).includes(name), "the name is stored in clear");

    // The khata and Today say the same; only the cash part lies in the drawer.
    await browser.goto("/");
    await todayStands(browser);
    await expectNumber(browser, "figure-receivable", 30_000);
    await expectNumber(browser, "figure-cash", 5_000);
    await browser.goto("/khata");
    await expectNumber(browser, "figure-dues", 30_000);
    await expectNumber(browser, "age-30", 30_000);
    await browser.byId("khata-row").getByText(name).waitFor();
    await browser.axe("khata");
    await shot("list");
    await browser.byId("khata-row").click();

    // Amounts that are none are told, and nothing is written.
    for (const amount of ["0", "-5", "abc", ""]) {
      await enter(browser, "got", amount);
      await wrongWords(browser).waitFor();
      await page.keyboard.press("Escape");
      await browser.byId("entry").waitFor({ state: "hidden" });
    }
    assert.equal((await records(browser, "credit_entry")).length, 1);

    // Received by Easypaisa: three taps, and no cash.
    await browser.byId("got").click();
    await browser.axe("received");
    await shot("received");
    await page.keyboard.press("Escape");
    await enter(browser, "got", "10000", 2);
    await browser.byId("toast").first().waitFor();
    await expectNumber(browser, "figure-balance", 20_000);
    const received = (await records(browser, "credit_entry"))[1].data;
    assert.deepEqual([received.amount, received.method], [-1_000_000, "easypaisa"]);
    await browser.byId("toast").locator("button").first().waitFor({ state: "detached" });

    // Given, and taken back by the message's own button: a further entry, nothing is erased.
    await enter(browser, "gave", "700", 1);
    await expectNumber(browser, "figure-balance", 20_700);
    await browser.byId("toast").locator("button").click();
    await expectNumber(browser, "figure-balance", 20_000);
    const lines = await eventually(() => amounts(browser), (found) => found.length === 4);
    assert.deepEqual(lines.map(digits), [700, 700, 10_000, 30_000], "newest first");
    const [, , gave, back] = (await records(browser, "credit_entry")).map(({ data }) => data);
    assert.deepEqual([back.undoes, back.amount, back.method], [gave.id, -70_000, "cash"]);
    await browser.axe("a customer's khata");
    await browser.byId("toast").first().waitFor({ state: "detached" });
    await shot("customer");
    await browser.byId("ledger").scrollIntoViewIfNeeded();
    await shot("ledger");

    // The statement, in the reader's language, to the customer's number; what was taken back is not in it.
    const href = await browser.byId("statement").getAttribute("href");
    assert.match(href, /^https:\/\/wa\.me\/923001234567\?text=/);
    const text = new URL(href).searchParams.get("text");
    assert.ok(text.includes(name) && text.includes("Hafeez Centre"), text);
    assert.equal(text.split("\n").length, 4, text);
    assert.match(text.split("\n").at(-1), lang === "ur" ? /کل بقایا.*20,000/ : /To pay: Rs.20,000/);

    // A limit, and a sale beyond it: said with the figures, and the owner may go on.
    await browser.byId("set-limit").click();
    await browser.byId("entry").locator('[name="amount"]').fill("-1");
    await browser.byId("entry").locator('[data-testid="save"]').click();
    await wrongWords(browser).waitFor();
    await browser.byId("entry").locator('[name="amount"]').fill("21000");
    await browser.byId("entry").locator('[data-testid="save"]').click();
    await eventually(() => browser.byId("figure-limit").textContent(), (text) => text.includes("21,000"));
    await charge(browser, "Charger");
    await browser.byId("way-4").click();
    await browser.byId("pay-pick").click();
    await browser.byId("customer-search").fill("1234567");
    await browser.byId("customer-hit").filter({ hasText: name }).waitFor();
    await browser.axe("the choice of a customer");
    await shot("pick");
    await browser.byId("customer-hit").filter({ hasText: name }).click();
    await browser.byId("over-limit").waitFor();
    const warning = await browser.byId("over-limit").textContent();
    for (const figure of ["21,000", "20,000", "21,500"]) assert.ok(warning.includes(figure), warning);
    await browser.byId("months").selectOption("3");
    await browser.axe("over the limit");
    await shot("over-limit");
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").waitFor();
    const [plan] = await records(browser, "instalment_plan");
    assert.deepEqual(plan.data.parts.map(({ amount }) => amount), [50_000, 50_000, 50_000]);

    // Written off: no more than is owed, no cash, and seen as what it is.
    await browser.goto(`/khata/${owed.data.customer}`);
    await expectNumber(browser, "figure-balance", 21_500);
    await enter(browser, "write-off", "99999");
    await wrongWords(browser).waitFor();
    await browser.byId("all-of-it").click();
    await browser.byId("entry").locator('[data-testid="save"]').click();
    await expectNumber(browser, "figure-balance", 0);
    const off = (await records(browser, "credit_entry")).at(-1).data;
    assert.deepEqual([off.kind, off.amount, off.method], ["write_off", -2_150_000, undefined]);
    await browser.goto("/");
    await todayStands(browser);
    await expectNumber(browser, "figure-receivable", 0);
    await expectNumber(browser, "figure-cash", 5_000);

    // All of it outlives a reload.
    await browser.goto(`/khata/${owed.data.customer}`);
    await browser.reload();
    await eventually(() => browser.byId("ledger-line").count(), (count) => count === 6);
    await browser.byId("customer-name").getByText(name).waitFor();
    await expectNumber(browser, "figure-limit", 21_000);
    await browser.byId("ledger").scrollIntoViewIfNeeded();
    await shot("after-reload");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  }));
}

test("the khata of a shop with debts of all ages agrees with Today, and a name is found", scenario(startServer, { device: "phone", lang: "ur" }, async ({ browser, page }) => {
  await takeSample(browser);
  await settled(browser);
  const dues = await numberIn(browser, "figure-receivable");
  // The navigation leads there on a phone too.
  await browser.byId("nav-more").click();
  await page.locator('dialog[open] a[href="/khata"]').click();
  await expectNumber(browser, "figure-dues", dues);
  const ages = await Promise.all(["age-30", "age-60", "age-90", "age-more"].map((id) => numberIn(browser, id)));
  assert.ok(Math.abs(ages.reduce((sum, part) => sum + part, 0) - dues) < 0.01, `${ages} are not ${dues}`);
  assert.ok(ages.filter((part) => part > 0).length >= 3, `debts of several ages: ${ages}`);
  const rows = await browser.byId("khata-row").evaluateAll((rows) => rows.map((row) => Number(row.querySelector(".amount").textContent.replace(/[^0-9.]/g, ""))));
  assert.deepEqual(rows, [...rows].sort((a, b) => b - a), "largest dues first");
  const named = browser.byId("customer-name").first();
  const name = await eventually(() => named.textContent(), (text) => !/\d/.test(text));
  await browser.axe("khata of the sample shop");
  await browser.shot("khata-sample-phone-ur");
  await browser.byId("khata-find").click();
  await browser.byId("customer-search").fill(name.split(" ")[0]);
  await browser.byId("customer-hit").filter({ hasText: name }).first().click();
  await browser.byId("figure-balance").waitFor();
  await browser.byId("ledger-line").first().waitFor();
  await browser.shot("khata-sample-ledger-phone-ur");
  assert.equal((await records(browser, "credit_entry", SAMPLE)).length, 0, "looking writes nothing");
}));

test("paying in cash takes no tap more than before", scenario(startServer, { device: "phone" }, async ({ browser }) => {
  await takeSample(browser);
  await browser.goto("/pos");
  await browser.byId("product").first().click();
  await browser.byId("charge-phone").click();
  await browser.byId("confirm-sale").waitFor();
  // The sheet has risen.
  await browser.page.waitForTimeout(300);
  await browser.shot("khata-cash-phone-en");
  const box = await browser.byId("confirm-sale").boundingBox();
  assert.ok(box.y + box.height <= 844, "the button is in sight");
  await browser.byId("confirm-sale").click();
  await browser.byId("receipt").waitFor();
  const [sale] = await records(browser, "sale", SAMPLE);
  assert.deepEqual(sale.data.payments.map(({ method }) => method), ["cash"]);
  assert.equal((await records(browser, "credit_entry", SAMPLE)).length, 0);
}));
