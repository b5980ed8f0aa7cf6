// The opening day: a shop as it stands is brought into the books out of its own lists, without a network; bad rows are
// named and mended, the same list twice is noticed, a step is taken back, and the drawer and the khata say the same.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { eventually, expectNumber, records, settled, startOwnShop } from "../lib/steps.mjs";
import { workbook } from "../lib/workbook.mjs";

const GOODS = "Shop list\nItem Name\tStock\tSale Price\tCost\nCharger 20W\t12\t1,500\t1,000\nGlass A15\tmany\t250\t90\nCover A15\t40\t350\t120\nTotal\t52\t\t";
const IMEIS = ["490154203237518", "356938035643809", "352099001761481"];

async function enter(browser, step) {
  await browser.byId(step).getByTestId("enter").click();
}

async function close(browser) {
  await browser.page.keyboard.press("Escape");
  await browser.byId("save").waitFor({ state: "detached" });
}

const found = (browser) => browser.byId("paste-found").textContent();

for (const [device, lang] of PAIRS) {
  test(`the opening day on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: [/ERR_/, /Failed to load/] }, async ({ server, browser, page }) => {
    await startOwnShop(browser);
    await browser.byId("checklist").waitFor({ timeout: 60_000 });
    await browser.axe("the first steps");
    await browser.shot(`opening-first-${device}-${lang}`);
    const done = () => browser.byId("check").evaluateAll((all) => all.map((it) => it.dataset.done));
    assert.ok((await done()).every((it) => it === "false"), "nothing is done in a new shop");
    await browser.cached();
    await server.stop();
    await browser.setOffline(true);

    await browser.byId("check").first().click();
    await browser.byId("step-goods").waitFor();
    await settled(browser);
    await browser.axe("the opening day, empty");

    // Goods out of a spreadsheet: two good rows, one with words for pieces, and the sum at the foot.
    await enter(browser, "step-goods");
    const list = (name, buffer) => browser.byId("list-file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
    await list("stock.pdf", Buffer.from("%PDF-1.7"));
    await eventually(() => browser.byId("form-wrong").textContent(), (text) => text.includes("PDF"));
    await browser.shot(`opening-pdf-${device}-${lang}`);
    await list("stock.xlsx", workbook({
      Stock: [["Shop list"], ["Item Name", "Stock", "Sale Price", "Cost"], ["Charger 20W", 12, 1500, 1000], ["Glass A15", "many", 250, 90], ["Cover A15", 40, 350, 120], ["Total", 52, null, { error: "#REF!" }]],
      Other: [["x"]],
    }));
    await browser.byId("sheet").waitFor();
    await browser.byId("error-cells").getByText("Stock!D6 #REF!").waitFor();
    await eventually(() => browser.byId("paste").inputValue(), (text) => text.startsWith("Shop list\nItem Name\tStock"));
    await browser.axe("a list out of a workbook");
    await browser.shot(`opening-workbook-${device}-${lang}`);
    await eventually(() => found(browser), (text) => /2/.test(text));
    assert.equal((await browser.byId("paste-fault").allTextContents()).length, 2, "the same two rows as pasted");
    await browser.byId("paste").fill(GOODS);
    await eventually(() => found(browser), (text) => /2/.test(text));
    assert.equal(await browser.byId("paste-row").count(), 2);
    const faults = await browser.byId("paste-fault").allTextContents();
    assert.equal(faults.length, 2);
    assert.match(faults[0], /4.*many.*12/s, "the line, what stood there, what was expected");
    await browser.axe("a pasted list");
    await browser.shot(`opening-goods-${device}-${lang}`);
    await browser.byId("save").click();
    // What is to be mended stays in the field, with its headings.
    await eventually(() => browser.byId("paste").inputValue(), (text) => !text.includes("Cover"));
    assert.equal((await browser.byId("paste").inputValue()).split("\n").length, 3);
    await browser.byId("paste").fill("Item Name\tStock\tSale Price\tCost\nGlass A15\t10\t250\t90");
    await browser.byId("save").click();
    await browser.byId("save").waitFor({ state: "detached" });
    assert.equal((await records(browser, "product")).length, 3);
    const receipts = await records(browser, "supplier_receipt");
    assert.deepEqual(receipts.map(({ data }) => [data.supplier, data.order, data.lines.length]), [[null, null, 2], [null, null, 1]]);
    await expectNumber(browser, "opening-stock", 12 * 1_000 + 40 * 120 + 10 * 90);

    // The same list once more: every row is known, nothing is doubled.
    await enter(browser, "step-goods");
    await browser.byId("paste").fill(GOODS);
    await browser.byId("paste-again").waitFor();
    assert.equal(await browser.byId("save").isDisabled(), true, "nothing is left to write down");
    await browser.shot(`opening-again-${device}-${lang}`);
    await close(browser);
    assert.equal((await records(browser, "supplier_receipt")).length, 2);

    // Phones, as a scanner types them: digits and Enter. One is mistyped, one scanned twice.
    await enter(browser, "step-phones");
    await browser.byId("model").fill("Redmi 13");
    await browser.byId("phone-price").fill("42000");
    await browser.byId("phone-cost").fill("39500");
    await browser.byId("imeis").focus();
    for (const imei of [...IMEIS, "490154203237519", IMEIS[0]]) await page.keyboard.type(`${imei}\n`);
    await eventually(() => browser.byId("imei-fault").count(), (count) => count === 2);
    await browser.axe("phones by IMEI");
    await browser.shot(`opening-phones-${device}-${lang}`);
    await browser.byId("save").click();
    await eventually(() => browser.byId("imeis").inputValue(), (text) => text.split("\n").length === 2);
    await close(browser);
    const units = await records(browser, "unit");
    assert.deepEqual(units.map(({ data }) => data.imei1), IMEIS);
    await expectNumber(browser, "opening-stock", 17_700 + 3 * 39_500);

    // Udhaar: a list, then one customer's statement.
    await enter(browser, "step-dues");
    await browser.byId("paste").fill("Name\tPhone\tBalance\tSince\nAli Raza\t0300 1234567\t12,500\t5-Oct-2026\nBilal\t\tnothing\t\n");
    await eventually(() => browser.byId("paste-fault").count(), (count) => count === 1);
    await browser.byId("save").click();
    await eventually(() => browser.byId("paste-row").count(), (count) => count === 0);
    // The statement comes as a file.
    const statement = "Date,Details,You Gave,You Got,Balance\n01-Oct-2026,Cover,\"1,500\",,\"1,500\"\n05-Oct-2026,,,500,\"1,000\"\n";
    await browser.byId("list-file").setInputFiles({ name: "Bilal.csv", mimeType: "text/csv", buffer: Buffer.from(statement) });
    await browser.byId("statement-name").fill("Bilal");
    await browser.axe("a statement");
    await browser.byId("save").click();
    await browser.byId("save").waitFor({ state: "detached" });
    const entries = await records(browser, "credit_entry");
    assert.deepEqual(entries.map(({ data }) => [data.amount, data.kind]), [[1_250_000, "opening"], [150_000, "opening"], [-50_000, "opening"]]);
    assert.equal((await records(browser, "customer")).length, 2, "two entries of one statement are one customer");
    await expectNumber(browser, "opening-dues", 13_500);

    await enter(browser, "step-bills");
    await browser.byId("paste").fill("Supplier, Amount\nHall Road Traders, 1,20,000\nKhan Mobile, -5");
    await eventually(() => browser.byId("paste-fault").count(), (count) => count === 1);
    await browser.byId("save").click();
    await eventually(() => browser.byId("paste-row").count(), (count) => count === 0);
    await close(browser);
    await expectNumber(browser, "opening-bills", 120_000);

    // The drawer, by its notes, with the load balance.
    await enter(browser, "step-drawer");
    await browser.byId("count-1000").fill("5");
    await browser.byId("balance-load").fill("2000");
    await browser.byId("save").click();
    await browser.byId("save").waitFor({ state: "detached" });
    await expectNumber(browser, "opening-cash", 5_000);

    // Taken back: entries of the other sign, all of them stay in the journal.
    await browser.byId("step-bills").getByTestId("take-back").click();
    await expectNumber(browser, "opening-bills", 0);
    const bills = (await records(browser, "supplier_bill")).map(({ data }) => data);
    assert.deepEqual(bills.map(({ amount, opening }) => [amount, opening]), [[12_000_000, true], [-12_000_000, true]]);
    assert.equal(bills[1].undoes, bills[0].id);

    await browser.byId("opening-done").click();
    await browser.byId("opening-is-done").waitFor();
    await settled(browser);
    await browser.axe("the opening day, complete");
    await browser.shot(`opening-done-${device}-${lang}`);

    // Left and resumed: what was entered stands, and the rest of the app says the same.
    await browser.reload();
    await browser.byId("opening-is-done").waitFor();
    await expectNumber(browser, "opening-dues", 13_500);
    await browser.goto("/day");
    await expectNumber(browser, "day-expected", 5_000);
    await browser.goto("/");
    await browser.byId("checklist").waitFor();
    await eventually(done, (all) => all[0] === "true" && all[2] === "true" && all[1] === "false");
    await browser.byId("checklist-hide").click();
    await browser.byId("checklist").waitFor({ state: "detached" });
    await browser.reload();
    await browser.byId("empty").or(browser.byId("figure-sales")).first().waitFor();
    assert.equal(await browser.byId("checklist").count(), 0, "hidden stays hidden");
  }));
}
