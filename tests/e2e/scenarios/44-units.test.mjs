// Pieces by IMEI: written down with wrong and repeated numbers among them, PTA's reply, sold by their very number, an
// old phone taken in exchange, another bought of a walk-in with photos and an agreement. Without a network throughout.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { imei as imeiOf } from "../lib/counter.mjs";
import { eventually, expectNumber, records, startOwnShop, stored } from "../lib/steps.mjs";

const OFFLINE = [/ERR_/, /Failed to load/];

const imei = (serial) => imeiOf("00101088", serial);

/** A picture of some 10 MB, without compression. */
function bitmap(width, height) {
  const row = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + row * height);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let at = 54; at < bytes.length; at += 1) bytes[at] = (at * 2_654_435_761) >>> 24;
  return bytes;
}

const toast = (browser, words) => browser.byId("toast").filter({ hasText: words }).first().waitFor();
const wrongWords = (browser) => browser.page.locator(".field .wrong:visible").first();
const daysAgo = (days) => new Date(Date.now() + 5 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);

async function addProduct(browser, name, price, opening, imeis) {
  await browser.goto("/stock");
  await browser.byId("add-product-open").first().click();
  const form = browser.byId("add-product");
  await form.locator('[name="name"]').fill(name);
  await form.locator('[name="price"]').fill(String(price));
  await form.locator('[name="opening"]').fill(String(opening));
  await form.locator('[data-testid="imeis"]').selectOption(String(imeis));
  await form.locator('[data-testid="save"]').click();
  await form.waitFor({ state: "hidden" });
}

/** Like a scanner: fast keys that end in Enter. */
async function scan(page, code) {
  await page.keyboard.type(code, { delay: 4 });
  await page.keyboard.press("Enter");
}

async function payCash(browser) {
  await browser.byId("charge-phone").or(browser.byId("charge")).locator("visible=true").first().click();
  await browser.byId("confirm-sale").waitFor();
}

for (const [device, lang] of PAIRS) {
  test(`pieces by IMEI on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const shot = (what) => browser.shot(`units-${what}-${device}-${lang}`);
    const [first, second, third, fourth] = [imei(1), imei(2), imei(3), imei(4)];
    const wrong = first.slice(0, 14) + ((Number(first[14]) + 1) % 10);
    await startOwnShop(browser);
    await addProduct(browser, "Galaxy A15", 50_000, 2, 2);
    await browser.cached();
    await server.stop();

    // Two that lie on the shelf, with a repeated and a mistyped number between them.
    await browser.goto("/stock");
    await page.getByRole("link", { name: "Galaxy A15" }).click();
    await browser.byId("units-add").click();
    const add = browser.byId("add-units");
    await add.locator('[data-testid="imeis"]').fill("12345");
    await add.locator('[data-testid="save"]').click();
    await wrongWords(browser).waitFor();
    await add.locator('[data-testid="imeis"]').fill(`${first}\n${first}\n${wrong}\nIMEI: ${second}`);
    await browser.axe("adding pieces");
    await shot("add");
    await add.locator('[data-testid="save"]').click();
    await eventually(() => browser.byId("units-refused").locator("li").count(), (count) => count === 2);
    assert.match(await browser.byId("units-refused").textContent(), new RegExp(first.slice(14)), "the digit that should stand there");
    assert.equal((await records(browser, "unit")).length, 2);
    assert.equal((await records(browser, "supplier_receipt")).length, 0, "they were counted already");
    await shot("refused");
    // What is in the books is refused with its place.
    await add.locator('[data-testid="imeis"]').fill(first);
    await add.locator('[data-testid="save"]').click();
    await eventually(() => browser.byId("units-refused").textContent(), (text) => text.includes("Galaxy A15") && text.includes("Hafeez"));
    assert.equal((await records(browser, "unit")).length, 2);
    await page.keyboard.press("Escape");
    await add.waitFor({ state: "hidden" });
    await eventually(() => browser.byId("unit-row").count(), (count) => count === 2);
    await browser.axe("pieces of a product");
    await shot("product");

    // PTA's reply; the tax day runs from the first use.
    await browser.byId("unit-row").filter({ hasText: second }).click();
    await browser.byId("unit-change").click();
    const change = browser.byId("change-unit");
    await change.locator('[data-testid="pta-reply"]').fill(`IMEI ${first} is Compliant`);
    await eventually(() => browser.byId("pta-read").textContent(), (text) => text !== "");
    assert.equal(await change.locator('[data-testid="first-use"]').count(), 0);
    await change.locator('[data-testid="pta-reply"]').fill(`IMEI ${second} is Valid`);
    await change.locator('[data-testid="first-use"]').fill(daysAgo(50));
    await change.locator('[data-testid="warranty"]').fill("12");
    await browser.axe("changing a piece");
    await shot("change");
    await change.locator('[data-testid="save"]').click();
    await eventually(() => browser.byId("unit-due").textContent(), (text) => /10/.test(text));
    await browser.axe("a piece");
    await shot("piece");

    // Near its day: in the stock's own filter, and found by its last digits.
    await browser.goto("/stock");
    await page.locator('input[name="stock-filter"]').nth(3).check({ force: true });
    await browser.byId("units-due").getByText(second).waitFor();
    await browser.axe("pieces near their tax day");
    await shot("due");
    await page.locator('input[name="stock-filter"]').first().check({ force: true });
    await browser.byId("stock-search").fill(second.slice(-4));
    await browser.byId("units-found").getByText(second).waitFor();

    // At the till: by its digits, by a scan, and by choice.
    await browser.goto("/pos");
    await browser.byId("pos-search").fill(first.slice(-4));
    await browser.byId("unit-hits").getByText(first).click();
    await browser.byId("unit-hits").waitFor({ state: "hidden" });
    await scan(page, first);
    await browser.byId("toast").first().waitFor();
    const lines = () => page.evaluate(() => document.querySelectorAll('.bill [data-testid="cart-line"]').length);
    const pieces = async () => (await page.locator('.bill [data-testid="cart-line"] output').first().textContent()).trim();
    assert.equal(await lines(), 1);
    assert.equal(await pieces(), "1", "a second scan of one piece is no second piece");
    await browser.byId("pos-search").fill("");
    await browser.byId("product").filter({ hasText: "Galaxy A15" }).click();
    await browser.byId("unit-hit").first().waitFor();
    assert.equal(await browser.byId("unit-hit").count(), 1, "what is on the bill is not offered");
    await browser.axe("which piece");
    await shot("which");
    await browser.byId("unit-search").fill(second.slice(-4));
    await page.keyboard.press("Enter");
    await browser.byId("pick-unit").waitFor({ state: "hidden" });
    assert.equal(await pieces(), "2");
    if (device === "phone") await browser.byId("open-bill").click();
    const bill = device === "phone" ? browser.byId("bill-sheet") : page.locator(".bill");
    await bill.locator(".stepper button").first().click();
    assert.equal(await bill.locator('[data-testid="line-imei"]').count(), 1);
    await browser.axe("a bill with a piece");
    await shot("bill");
    if (device === "phone") await page.keyboard.press("Escape");
    await payCash(browser);
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").getByText(first).waitFor();
    await browser.axe("a receipt with an IMEI");
    await shot("receipt");
    const [sale] = await records(browser, "sale");
    const units = await records(browser, "unit");
    assert.deepEqual(sale.data.lines[0].units, [units.find((it) => it.data.imei1 === first).data.id]);

    // Sold: a scan says when and on which receipt.
    await browser.goto("/pos");
    await browser.byId("product").first().waitFor();
    await scan(page, first);
    await toast(browser, sale.data.number);
    assert.equal(await lines(), 0);

    // The other one, and an old phone for it.
    await scan(page, second);
    await eventually(lines, (count) => count === 1);
    await browser.byId("exchange-open").click();
    await browser.byId("used-name").fill("iPhone 11 64GB");
    await browser.byId("imei1").fill(wrong);
    await browser.byId("value").fill("20000");
    await browser.byId("save").click();
    await wrongWords(browser).waitFor();
    await browser.axe("a wrong IMEI in an exchange");
    await shot("exchange");
    await browser.byId("imei1").fill(third);
    await browser.byId("save").click();
    await browser.byId("exchange-line").locator("visible=true").first().or(browser.byId("open-bill")).first().waitFor();
    await payCash(browser);
    await browser.axe("paying with an exchange");
    await shot("pay");
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").waitFor();
    await shot("exchange-receipt");
    const exchanged = (await records(browser, "sale"))[1];
    assert.deepEqual(exchanged.data.payments, [{ method: "cash", amount: 3_000_000 }, { method: "trade_in", amount: 2_000_000 }]);
    const [taken] = await records(browser, "trade_in");
    assert.deepEqual([taken.data.sale, taken.data.value], [exchanged.data.id, 2_000_000]);
    const inOne = (await records(browser, "unit")).at(-1);
    assert.deepEqual([inOne.data.imei1, inOne.data.id], [third, taken.data.unit]);

    // A walk-in sells his phone: every wrong field is told, and nothing is written before.
    const name = lang === "ur" ? "ناصر محمود" : "Nasir Mahmood";
    await browser.goto("/used");
    await browser.byId("used-name").fill("iPhone 11 64GB");
    await browser.byId("imei1").fill(third);
    await browser.byId("value").fill("15000");
    await browser.byId("seller").fill(name);
    await browser.byId("cnic").fill("42101-12345");
    await browser.byId("save").click();
    await wrongWords(browser).waitFor();
    await browser.byId("cnic").fill("4210112345671");
    await browser.byId("photo-cnic").setInputFiles({ name: "cnic.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(10_000_000, 7) });
    await wrongWords(browser).waitFor();
    await browser.byId("photo-cnic").setInputFiles({ name: "cnic.bmp", mimeType: "image/bmp", buffer: bitmap(2_000, 1_700) });
    await browser.byId("photo-cnic-ready").waitFor();
    const kilobytes = Number((await browser.byId("photo-cnic-ready").textContent()).replace(/[^0-9]/g, ""));
    assert.ok(kilobytes > 0 && kilobytes <= 200, `${kilobytes} KB`);
    await browser.byId("register-1").check({ force: true });
    await browser.byId("reference").fill("CPLC-778");
    await browser.byId("save").click();
    // It lies in stock: refused with its place.
    await eventually(() => wrongWords(browser).textContent(), (text) => text.includes("Hafeez"));
    assert.equal((await records(browser, "trade_in")).length, 1);
    await browser.byId("imei1").fill(fourth);
    await browser.axe("buying a used phone");
    await shot("used");
    await browser.byId("save").click();
    await browser.byId("unit-paper").waitFor();
    await browser.byId("unit-photo").waitFor();
    await browser.axe("a used piece");
    await shot("used-piece");
    const [cash] = await records(browser, "cash_movement");
    assert.equal(cash.data.amount, -1_500_000);
    const everything = JSON.stringify([await stored(browser, "events"), await stored(browser, "meta")]);
    for (const secret of [name, "42101-1234567-1", "data:image"]) assert.ok(!everything.includes(secret), `${secret} is stored in clear`);
    await browser.byId("unit-paper").click();
    await browser.byId("agreement").getByText(name).waitFor();
    await browser.byId("agreement").getByText("42101-1234567-1").waitFor();
    await browser.axe("the agreement");
    await shot("agreement");

    // The drawer by hand: 50,000 + 30,000 − 15,000; and all of it after a reload.
    await browser.goto("/day");
    await expectNumber(browser, "day-expected", 65_000);
    await browser.goto(`/units/${(await records(browser, "trade_in"))[1].data.unit}`);
    await browser.reload();
    await browser.byId("unit-photo").waitFor();
    await browser.byId("unit-repair").click();
    await eventually(() => browser.byId("unit-step").count(), (count) => count === 2);
  }));
}
