// Goods that come in by their numbers: an order received with IMEIs, wrong and repeated ones told; a used phone in
// exchange that waits with its bill, over a hold and a reload, photos and all; pieces of one line that cost differently.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { imei as imeiOf } from "../lib/counter.mjs";
import { eventually, records, settled, startOwnShop, stored, takeSample } from "../lib/steps.mjs";

const SAMPLE = "dukandar-sample";
const OFFLINE = [/ERR_/, /Failed to load/];

const imei = (serial) => imeiOf("00101077", serial);

const wrongWords = (browser) => browser.page.locator(".field .wrong:visible").first();
const digits = (text) => text.replace(/[^0-9]/g, "");

for (const [device, lang] of PAIRS) {
  test(`an order is received by IMEI on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser }) => {
    const shot = (what) => browser.shot(`receive-${what}-${device}-${lang}`);
    await takeSample(browser);
    await browser.goto("/reorder");
    await settled(browser);
    await browser.byId("order-place").click();
    await browser.byId("open-order").first().waitFor();
    await settled(browser);
    // The first order with phones in it.
    const orders = await browser.byId("order-arrived").count();
    const sheet = browser.byId("receive");
    for (let order = 0; order < orders; order += 1) {
      await browser.byId("order-arrived").nth(order).click();
      await sheet.getByTestId("came").first().waitFor();
      if (await sheet.getByTestId("came-imeis").count() > 0) break;
      await browser.page.keyboard.press("Escape");
      await sheet.waitFor({ state: "hidden" });
    }
    const areas = sheet.getByTestId("came-imeis");
    const phones = await areas.count();
    assert.ok(phones > 0, "some order of the sample shop has phones in it");
    const area = areas.first();
    const count = sheet.locator('.stack:has(> .field [data-testid="came-imeis"])').first().getByTestId("came");
    await count.fill("3");
    const seen = () => sheet.getByTestId("came-seen").first().textContent();
    await eventually(seen, (text) => digits(text).startsWith("33"));
    // As a scanner types: digits and Enter; the last is mistyped, one came twice.
    const wrong = imei(1).slice(0, 14) + ((Number(imei(1)[14]) + 1) % 10);
    await area.focus();
    for (const number of [imei(1), imei(2), imei(2), wrong]) await browser.page.keyboard.type(`${number}\n`);
    await eventually(() => sheet.getByTestId("came-fault").count(), (count) => count === 2);
    await browser.axe("receiving by IMEI");
    await shot("faults");
    await sheet.getByTestId("save").click();
    await wrongWords(browser).waitFor();
    assert.equal((await records(browser, "supplier_receipt", SAMPLE)).length, 0, "nothing is written while something is wrong");
    // More numbers than pieces; then what is in the books already, with its place.
    await area.fill([1, 2, 3, 4].map(imei).join("\n"));
    await sheet.getByTestId("save").click();
    await eventually(() => wrongWords(browser).textContent(), (text) => text.includes("4") && text.includes("3"));
    assert.equal((await records(browser, "supplier_receipt", SAMPLE)).length, 0);
    await area.fill(`1. ${imei(1)}\nIMEI: ${imei(2)} / ${imei(3)}`);
    await eventually(seen, (text) => digits(text).startsWith("13") || digits(text).startsWith("31"));
    await shot("fewer");
    await sheet.getByTestId("save").click();
    await sheet.waitFor({ state: "hidden" });
    const [receipt] = await records(browser, "supplier_receipt", SAMPLE);
    const units = await records(browser, "unit", SAMPLE);
    assert.deepEqual(units.map(({ data }) => [data.imei1, data.imei2]), [[imei(1), null], [imei(2), imei(3)]]);
    const line = receipt.data.lines.find(({ units }) => units.length > 0);
    assert.deepEqual([line.quantity, line.units], [3_000, units.map(({ data }) => data.id)], "pieces and goods in one act");
    assert.equal(units[0].data.cost, line.unit_cost);
    await browser.byId("toast").filter({ hasText: "IMEI" }).first().waitFor();
    await shot("received");
    // A second time the same number is refused, with where it lies.
    await browser.goto("/stock");
    await browser.byId("stock-search").fill(imei(2).slice(-6));
    await browser.byId("units-found").getByText(imei(2)).waitFor();
  }));

  test(`a phone in exchange waits with its bill on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const shot = (what) => browser.shot(`taken-${what}-${device}-${lang}`);
    const seller = lang === "ur" ? "ناصر محمود" : "Nasir Mahmood";
    await startOwnShop(browser);
    await browser.goto("/stock");
    await browser.byId("add-product-open").first().click();
    const form = browser.byId("add-product");
    await form.locator('[name="name"]').fill("Galaxy A15");
    await form.locator('[name="price"]').fill("50000");
    await form.locator('[data-testid="imeis"]').selectOption("2");
    await form.locator('[data-testid="save"]').click();
    await form.waitFor({ state: "hidden" });
    await browser.cached();
    await server.stop();

    // Two pieces of one model, bought at different costs.
    for (const [number, cost] of [[imei(11), "40000.01"], [imei(12), "39000"]]) {
      await browser.goto("/stock");
      await page.getByRole("link", { name: "Galaxy A15" }).click();
      await browser.byId("units-add").click();
      const add = browser.byId("add-units");
      await add.locator('[data-testid="imeis"]').fill(number);
      await add.getByTestId("unit-cost").fill(cost);
      await add.locator('[data-testid="goods-0"]').check({ force: true });
      await add.locator('[data-testid="save"]').click();
      await add.waitFor({ state: "hidden" });
    }
    await browser.goto("/pos");
    for (const number of [imei(11), imei(12)]) {
      await browser.byId("pos-search").fill(number.slice(-6));
      await browser.byId("unit-hits").getByText(number).click();
      await browser.byId("unit-hits").waitFor({ state: "hidden" });
    }

    // The old phone, with a photo: whose it is must be said.
    await browser.byId("exchange-open").click();
    await browser.byId("used-name").fill("iPhone 11 64GB");
    await browser.byId("imei1").fill(imei(13));
    await browser.byId("value").fill("20000");
    const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    await browser.byId("photo-phone").setInputFiles({ name: "phone.png", mimeType: "image/png", buffer: dot });
    await browser.byId("photo-phone-ready").waitFor();
    await browser.byId("save").click();
    await wrongWords(browser).waitFor();
    await browser.axe("photos of nobody");
    await shot("whose");
    await browser.byId("seller").fill(seller);
    await browser.byId("save").click();
    await page.waitForURL("**/pos");

    // Over a reload and a hold, sealed: neither name nor picture lies anywhere in clear.
    const openBill = async () => {
      if (device === "phone") await browser.byId("open-bill").click();
      await browser.byId("exchange-line").locator("visible=true").first().waitFor();
    };
    await openBill();
    await browser.axe("a bill with an exchange");
    await shot("bill");
    await browser.reload();
    await openBill();
    if (device === "phone") await page.keyboard.press("Escape");
    await browser.byId("hold-open").click();
    await browser.byId("held-name").fill("A");
    await browser.byId("hold").click();
    await browser.byId("held-count").first().waitFor();
    assert.equal(await browser.byId("exchange-line").locator("visible=true").count(), 0);
    const all = JSON.stringify([await page.evaluate(() => ({ ...localStorage })), await stored(browser, "meta"), await stored(browser, "events")]);
    assert.ok(all.includes("iPhone 11 64GB"), "the held bill was read");
    for (const secret of [seller, "data:image"]) assert.ok(!all.includes(secret), `${secret} lies in clear`);
    assert.equal((await records(browser, "trade_in")).length, 0, "nothing is bought before the bill is charged");
    await browser.byId("hold-open").click();
    await browser.byId("resume").getByText("iPhone 11 64GB").waitFor();
    await browser.axe("held bills");
    await shot("held");
    await browser.byId("resume").click();
    await browser.byId("hold-sheet").waitFor({ state: "hidden" });

    await browser.byId("charge-phone").or(browser.byId("charge")).locator("visible=true").first().click();
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").waitFor();
    await shot("receipt");
    const [sale] = await records(browser, "sale");
    assert.deepEqual(sale.data.payments.map(({ method, amount }) => [method, amount]), [["cash", 8_000_000], ["trade_in", 2_000_000]]);
    // Each piece at its own cost: 40,000.01 + 39,000, not twice a mean.
    assert.deepEqual(sale.data.lines.map(({ unit_cost, quantity, amount }) => [unit_cost, quantity, amount]), [[4_000_001, 1_000, 5_000_000], [3_900_000, 1_000, 5_000_000]]);
    const [trade] = await records(browser, "trade_in");
    const [customer] = await records(browser, "customer");
    assert.deepEqual([trade.data.sale, trade.data.value, trade.data.seller], [sale.data.id, 2_000_000, customer.data.id]);
    const photos = (await stored(browser, "meta"))[`photos:${trade.data.unit}`];
    assert.equal(photos.length, 1);
    assert.equal(photos[0].key, customer.data.person.key, "erasing the seller reaches the photo");
    await browser.goto(`/units/${trade.data.unit}`);
    await browser.byId("unit-photo").waitFor();
    await browser.axe("a taken phone");
    await shot("piece");

    // Photos without a name are those of the bill's customer, under the very key that erasing them destroys. An exchange
    // that is left takes its photos with it.
    await browser.goto("/pos");
    await browser.byId("product").filter({ hasText: "Galaxy A15" }).click();
    await browser.byId("unit-without").click();
    if (device === "phone") await browser.byId("open-bill").click();
    await browser.byId("bill-pick").locator("visible=true").first().click();
    await browser.byId("customer-search").fill(seller);
    await browser.byId("customer-hit").first().click();
    await browser.byId("bill-customer").locator("visible=true").first().waitFor();
    await browser.goto("/used?exchange=1");
    await browser.byId("used-name").fill("iPhone 11 64GB");
    await browser.byId("imei1").fill(imei(14));
    await browser.byId("value").fill("10000");
    await browser.byId("photo-phone").setInputFiles({ name: "phone.png", mimeType: "image/png", buffer: dot });
    await browser.byId("photo-phone-ready").waitFor();
    await browser.byId("save").click();
    await page.waitForURL("**/pos");
    const kept = async () => Object.entries(await stored(browser, "meta")).filter(([key, value]) => key.startsWith("photos:") && value.length > 0).length;
    await eventually(kept, (count) => count === 2);
    const ofBill = Object.entries(await stored(browser, "meta")).find(([key, value]) => key.startsWith("photos:") && value.length > 0 && !key.endsWith(trade.data.unit));
    assert.equal(ofBill[1][0].key, customer.data.person.key);
    await openBill();
    await browser.byId("exchange-line").locator("visible=true").first().locator("button").click();
    await eventually(kept, (count) => count === 1);
  }));
}
