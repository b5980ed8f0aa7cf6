// Goods come back: in parts, off the udhaar, exchanged for dearer and for cheaper, without a receipt; never more than was
// sold. Drawer, khata and records agree; without a network.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { addGoods, charge, digits, follow, put, sell, tabTo } from "../lib/counter.mjs";
import { eventually, expectNumber, records, startOwnShop, todayStands } from "../lib/steps.mjs";

const OFFLINE = [/ERR_/, /Failed to load/];
const GOODS = { en: ["Redmi Note 13", "Charger 20W"], ur: ["ریڈمی نوٹ 13", "چارجر 20W"] };

const figure = async (browser, id) => digits(await browser.byId(id).locator("visible=true").first().textContent());

async function openReturn(browser, sale) {
  await browser.goto(sale);
  await browser.byId("receipt").waitFor();
  await browser.byId("take-back").click();
  await browser.byId("back-lines").waitFor();
}

async function drawer(browser, rupees) {
  await browser.goto("/");
  await todayStands(browser);
  await expectNumber(browser, "figure-cash", rupees);
}

for (const [device, lang] of PAIRS) {
  test(`returns and exchanges on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const shot = (what) => browser.shot(`returns-${what}-${device}-${lang}`);
    const [phone, charger] = GOODS[lang];
    await startOwnShop(browser);
    await addGoods(browser, [[phone, 50_000], [charger, 1_500]]);
    await browser.cached();
    await server.stop();

    // Three chargers; one comes back, then all that is left, and then nothing may.
    const three = await sell(browser, charger, 3);
    await openReturn(browser, three);
    await browser.byId("none-chosen").waitFor();
    await browser.axe("a return with nothing chosen");
    await browser.byId("back-more").click();
    assert.equal(await figure(browser, "back-value"), 1_500);
    assert.equal(await figure(browser, "back-pays"), 1_500);
    await browser.axe("a return");
    await shot("choose");
    await browser.byId("give-back").click();
    await browser.byId("receipt").waitFor();
    await browser.byId("receipt-about").getByText("HC-1-1").waitFor();
    assert.equal(await browser.byId("receipt-number").locator("bdi").textContent(), "HC-1-2");
    await eventually(() => browser.byId("receipt").textContent(), (text) => text.includes(charger));
    await browser.axe("a return's paper");
    await shot("paper");
    await openReturn(browser, three);
    await browser.byId("back-all").click();
    assert.equal(await figure(browser, "back-value"), 3_000);
    for (let more = 0; more < 3; more += 1) await browser.byId("back-more").click();
    assert.equal(await figure(browser, "back-value"), 3_000, "no more than is left");
    await browser.byId("give-back").click();
    await browser.byId("receipt-number").getByText("HC-1-3").waitFor();
    await browser.goto(three);
    await eventually(() => browser.byId("its-return").count(), (count) => count === 2);
    await browser.goto(`${three}/return`);
    await browser.byId("empty").waitFor();
    await shot("nothing-left");
    await drawer(browser, 0);

    // 50,000: 20,000 in cash, 30,000 on udhaar. It comes back: the debt ends, 20,000 go out by Easypaisa.
    await put(browser, phone);
    await charge(browser);
    await browser.byId("way-4").click();
    await browser.byId("part-credit").fill("30000");
    await browser.byId("pay-pick").click();
    await browser.byId("customer-new").click();
    await browser.byId("customer-name-new").fill(lang === "ur" ? "بلال احمد" : "Bilal Ahmed");
    await browser.byId("customer-phone-new").fill("0300 1234567");
    await browser.byId("customer-save").click();
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt-owed").waitFor();
    assert.equal(digits(await browser.byId("receipt-owed").locator("bdi").textContent()), 30_000);
    const onCredit = new URL(page.url()).pathname;
    await openReturn(browser, onCredit);
    await browser.byId("back-all").click();
    assert.equal(await figure(browser, "back-lowers"), 30_000);
    assert.equal(await figure(browser, "back-pays"), 20_000);
    await page.locator('[name="back-way"]').nth(2).check({ force: true });
    await browser.axe("a return off the udhaar");
    await shot("udhaar");
    await browser.byId("give-back").click();
    await browser.byId("receipt-number").getByText("HC-1-5").waitFor();
    const back = (await records(browser, "return")).at(-1);
    assert.deepEqual(back.data.payments, [{ method: "credit", amount: 3_000_000 }, { method: "easypaisa", amount: 2_000_000 }]);
    const entry = (await records(browser, "credit_entry")).at(-1);
    assert.deepEqual([entry.data.amount, entry.data.kind, entry.seq], [-3_000_000, "returned", back.seq + 1], "one commit");
    await browser.goto("/khata");
    await browser.byId("empty").waitFor();
    await browser.goto(`/khata/${back.data.customer}`);
    await eventually(() => browser.byId("ledger-line").count(), (count) => count === 2);
    await shot("khata");
    await drawer(browser, 20_000);

    // A charger is exchanged for a phone: 48,500 are left to pay, and both records are one commit.
    const small = await sell(browser, charger);
    await openReturn(browser, small);
    await browser.byId("back-all").click();
    await follow(browser, "exchange");
    await put(browser, phone);
    if (device === "phone") await browser.byId("open-bill").click();
    assert.equal(await figure(browser, "exchange-due"), 48_500);
    await browser.axe("an exchange on the bill");
    await shot("exchange");
    // The open exchange outlives a reload, as the bill does.
    await browser.reload();
    await charge(browser);
    await browser.byId("received").fill("50000");
    assert.equal(digits(await browser.byId("change").textContent()), 1_500);
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt-about").waitFor();
    assert.deepEqual((await browser.byId("receipt-tender").locator("bdi").allTextContents()).map(digits), [1_500, 50_000]);
    await shot("exchange-receipt");
    const [sale, swapped] = [(await records(browser, "sale")).at(-1), (await records(browser, "return")).at(-1)];
    assert.deepEqual([swapped.data.exchange, swapped.seq], [sale.data.id, sale.seq + 1]);
    assert.deepEqual([sale.data.number, swapped.data.number], ["HC-1-7", "HC-1-8"]);
    await drawer(browser, 70_000);

    // The phone is exchanged for a charger: 48,500 go back in cash.
    await openReturn(browser, `/sales/${sale.data.id}`);
    await browser.byId("back-all").click();
    await follow(browser, "exchange");
    await put(browser, charger);
    await charge(browser);
    assert.equal(await figure(browser, "pay-rest"), 48_500);
    await browser.axe("an exchange that gives money back");
    await shot("exchange-rest");
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt-number").getByText("HC-1-9").waitFor();
    await drawer(browser, 21_500);

    // Without a receipt: the owner's, from the open bill.
    await put(browser, charger);
    await browser.byId("hold-open").click();
    await browser.byId("unseen-open").click();
    await browser.byId("unseen").scrollIntoViewIfNeeded();
    await browser.axe("a return without a receipt");
    await shot("unseen");
    await browser.byId("unseen").click();
    await browser.byId("receipt-number").getByText("HC-1-11").waitFor();
    const unseen = (await records(browser, "return")).at(-1).data;
    assert.deepEqual([unseen.original, unseen.of_lines], [null, undefined]);
    await drawer(browser, 20_000);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  }));
}

test("a sale, its receipt and its return without a hand off the keyboard", scenario(startServer, { device: "desktop" }, async ({ browser, page }) => {
  await startOwnShop(browser);
  await addGoods(browser, [["Charger 20W", 1_500]]);
  await browser.goto("/pos");
  await eventually(() => browser.byId("product").count(), (count) => count === 1);
  await page.keyboard.press("Alt+3");
  await page.keyboard.type("charger");
  await page.keyboard.press("Enter");
  await eventually(() => browser.byId("cart-line").count(), (count) => count === 1);
  await page.keyboard.press("Alt+d");
  await browser.byId("confirm-sale").waitFor();
  await page.keyboard.press("Alt+x");
  await browser.byId("receipt").waitFor();
  await tabTo(browser, "take-back");
  await page.keyboard.press("Enter");
  await browser.byId("back-lines").waitFor();
  await tabTo(browser, "back-more");
  await page.keyboard.press("Enter");
  await browser.byId("give-back").waitFor();
  await tabTo(browser, "give-back");
  await page.keyboard.press("Enter");
  await browser.byId("receipt-number").getByText("HC-1-2").waitFor();
  assert.equal((await records(browser, "return")).length, 1);
}));

test("a piece is on its receipt by its IMEI, found by it, and comes back as that piece", scenario(startServer, { device: "tablet" }, async ({ browser, page }) => {
  const [first, second] = ["001010880000011", "001010880000029"];
  await startOwnShop(browser);
  await browser.goto("/stock");
  await browser.byId("add-product-open").first().click();
  const form = browser.byId("add-product");
  for (const [name, value] of [["name", "Galaxy A15"], ["price", "50000"], ["opening", "2"]]) await form.locator(`[name="${name}"]`).fill(value);
  await form.locator('[data-testid="imeis"]').selectOption("2");
  await form.locator('[data-testid="save"]').click();
  await form.waitFor({ state: "hidden" });
  await page.getByRole("link", { name: "Galaxy A15" }).click();
  await browser.byId("units-add").click();
  const add = browser.byId("add-units");
  await add.locator('[data-testid="imeis"]').fill(`${first}\n${second}`);
  await add.locator('[data-testid="save"]').click();
  await eventually(() => browser.byId("unit-row").count(), (count) => count === 2);
  await browser.goto("/pos");
  for (const imei of [first, second]) {
    await browser.byId("pos-search").fill(imei.slice(-6));
    await browser.byId("unit-hits").getByText(imei).click();
    await browser.byId("unit-hits").waitFor({ state: "hidden" });
  }
  await charge(browser);
  await browser.byId("confirm-sale").click();
  for (const imei of [first, second]) await browser.byId("receipt").getByText(imei).waitFor();
  await browser.goto("/sales");
  await browser.byId("sales-search").fill(second);
  await eventually(() => browser.byId("sale-row").count(), (count) => count === 1);
  await browser.byId("sale-row").click();
  await browser.byId("receipt").getByText(second).waitFor();
  await browser.byId("take-back").click();
  await browser.byId("back-unit").nth(1).check();
  assert.equal(await figure(browser, "back-value"), 50_000);
  await browser.axe("a return of a piece");
  await browser.shot("returns-piece-tablet-en");
  await browser.byId("give-back").click();
  await browser.byId("receipt-about").waitFor();
  await browser.byId("receipt").getByText(second).waitFor();
  const units = await records(browser, "unit");
  const back = (await records(browser, "return"))[0].data;
  assert.deepEqual(back.lines[0].units, [units.find((it) => it.data.imei1 === second).data.id]);
  await browser.goto(`/sales/${back.original}/return`);
  await eventually(() => browser.byId("back-unit").count(), (count) => count === 1);
}));
