// Papers: a receipt on the screen, by a receipt printer (dots, read back as a printer would), as a message and a picture;
// found again in the list; bills that are held, quotations that become bills. Without a network.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { root, startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { addGoods, charge, digits, follow, put } from "../lib/counter.mjs";
import { plugIn, png, readStream } from "../lib/escpos.mjs";
import { eventually, records, startOwnShop } from "../lib/steps.mjs";

const OFFLINE = [/ERR_/, /Failed to load/];
const GOODS = { en: ["Redmi Note 13 Pro 8/256", "Charger 20W"], ur: ["ریڈمی نوٹ 13 پرو", "چارجر 20W"] };
const FOOT = { en: "Exchange within 7 days with this receipt", ur: "7 دن کے اندر رسید کے ساتھ تبدیلی" };

const toast = (browser) => browser.byId("toast").last().textContent();

/** What the printer has got since, as rows of dots; kept as a picture. */
async function printedRows(browser, name) {
  const bytes = await browser.page.evaluate(() => window.printed.splice(0));
  const rows = readStream(bytes);
  await writeFile(join(root, "tests/e2e/screenshots", `${name}.png`), png(rows));
  return rows;
}

for (const [device, lang, way] of [["phone", "en", "usb"], ["tablet", "ur", "serial"]]) {
  test(`papers on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const shot = (what) => browser.shot(`papers-${what}-${device}-${lang}`);
    const [phone, charger] = GOODS[lang];
    await plugIn(browser);
    await startOwnShop(browser);
    await addGoods(browser, [[phone, 52_500], [charger, 1_500]]);
    await browser.goto("/sales");
    await browser.byId("empty").waitFor();
    await browser.axe("no sales yet");
    await browser.cached();
    await server.stop();

    // An open bill outlives a reload; held bills do too, under their names.
    await put(browser, charger, 2);
    await browser.reload();
    await eventually(() => browser.byId("cart-line").count(), (count) => count >= 1);
    await browser.byId("hold-open").click();
    await browser.axe("the sheet of held bills");
    await browser.byId("held-name").fill("Ali bhai");
    await shot("hold");
    await browser.byId("hold").click();
    await eventually(() => browser.byId("cart-line").count(), (count) => count === 0);
    await put(browser, phone);
    await browser.reload();
    assert.equal(await browser.byId("held-count").textContent(), "1");
    // One is taken up, the open one is held in its place.
    await browser.byId("hold-open").click();
    await browser.byId("resume").filter({ hasText: "Ali bhai" }).click();
    await eventually(() => browser.byId("cart-line").first().textContent(), (text) => text.includes(charger));
    await browser.byId("hold-open").click();
    await browser.byId("resume").filter({ hasText: phone }).waitFor();
    await shot("held");
    await page.keyboard.press("Escape");
    const stored = await page.evaluate(() => Object.entries(localStorage).map(([key, value]) => key + value).join());
    assert.ok(!stored.includes("0300"), "no phone number in local storage");

    // Sold: the receipt has number, code and change.
    await charge(browser);
    await browser.byId("received").fill("5000");
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").waitFor();
    assert.equal(await browser.byId("receipt-number").locator("bdi").textContent(), "HC-1-1");
    assert.equal(digits(await browser.byId("receipt-total").locator("bdi").textContent()), 3_000);
    assert.equal(digits(await browser.byId("receipt-change").locator("bdi").textContent()), 2_000);
    assert.equal(await browser.byId("receipt-code").count(), 1);
    const paper = () => browser.byId("receipt").textContent();
    assert.ok(!/COPY|نقل/.test(await paper()), "the first paper is no copy");
    await browser.axe("a receipt");
    await shot("receipt");
    const first = new URL(page.url()).pathname;

    // The message is the paper in words.
    const href = await browser.byId("whatsapp").getAttribute("href");
    const text = new URL(href).searchParams.get("text");
    assert.ok(text.includes("HC-1-1") && text.includes(charger) && /3,000/.test(text), text);

    // The picture is handed to the browser's downloads where it shares no files.
    const [download] = await Promise.all([page.waitForEvent("download"), browser.byId("picture").click()]);
    assert.equal(download.suggestedFilename(), "HC-1-1.png");

    // A printer: refused, then chosen; language and foot of the paper.
    await browser.goto("/settings");
    await page.evaluate(() => localStorage.setItem("test.printer", "refuse"));
    await browser.byId(`connect-${way}`).click();
    await eventually(() => toast(browser), (text) => /No printer was allowed|نہیں چنا/.test(text));
    await page.evaluate(() => localStorage.setItem("test.printer", "on"));
    await browser.byId(`connect-${way}`).click();
    await browser.byId("printer-connected").waitFor();
    await browser.byId(lang === "ur" ? "paper-ur" : "paper-both").check({ force: true });
    await browser.byId("paper-footer").fill(FOOT[lang]);
    await browser.axe("settings of receipts");
    await browser.byId("papers").scrollIntoViewIfNeeded();
    await shot("settings");

    // Found again, it is a copy; the printer gets dots of the right width.
    await browser.goto(first);
    await browser.byId("receipt").waitFor();
    await eventually(paper, (text) => text.includes(FOOT[lang]) && /COPY|نقل/.test(text) && text.includes(charger));
    await browser.byId("print-dots").click();
    await eventually(() => page.evaluate(() => window.printed.length), (length) => length > 1_000);
    const wide = await printedRows(browser, `printed-80-${lang}`);
    assert.equal(wide[0].length, 72);
    const ink = (rows) => rows.flat().reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    assert.ok(wide.length > 400 && ink(wide) > 5_000, `${wide.length} rows, ${ink(wide)} dots`);
    // A message at the foot of a phone's screen lies over the choice for a moment.
    await browser.byId("toast").first().waitFor({ state: "detached" });
    await page.locator('[name="paper"]').nth(1).check({ force: true });
    await browser.byId("print-dots").click();
    await eventually(() => page.evaluate(() => window.printed.length), (length) => length > 1_000);
    const narrow = await printedRows(browser, `printed-58-${lang}`);
    assert.equal(narrow[0].length, 48);
    await browser.axe("a copy");
    await shot("copy");

    // It jams, it is gone: clear words, and the paper is still there.
    for (const [how, words] of [["jam", /out of paper/], ["off", /does not answer|جواب نہیں/]]) {
      await page.evaluate((how) => localStorage.setItem("test.printer", how), how);
      await browser.byId("print-dots").click();
      await eventually(() => toast(browser), (text) => words.test(text));
      assert.equal(await browser.byId("receipt").count(), 1);
    }
    await shot("printer-gone");

    // A second sale; the list finds either by number and amount, and says when there is none.
    await browser.goto("/pos");
    await browser.byId("hold-open").click();
    await browser.byId("resume").first().click();
    await charge(browser);
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").waitFor();
    await browser.goto("/pos");
    await browser.byId("sales-open").click();
    await eventually(() => browser.byId("sale-row").count(), (count) => count === 2);
    await browser.axe("the list of sales");
    await shot("sales");
    for (const [typed, number] of [["HC-1-1", "HC-1-1"], ["52,500", "HC-1-2"], ["3000", "HC-1-1"]]) {
      await browser.byId("sales-search").fill(typed);
      await eventually(() => browser.byId("sale-row").allTextContents(), (rows) => rows.length === 1 && rows[0].includes(number));
    }
    await browser.byId("sales-search").fill("no such thing");
    await browser.byId("empty").waitFor();
    await shot("no-match");

    // A quotation: written from the open bill, listed, made a bill at its price, and gone from the list then.
    await browser.goto("/pos");
    await put(browser, phone);
    await browser.byId("hold-open").click();
    await browser.byId("quote-days").fill("x");
    await browser.byId("quote").click();
    await page.locator(".field .wrong:visible").first().waitFor();
    await browser.byId("quote-days").fill("5");
    await browser.byId("quote").click();
    await browser.byId("receipt-valid").waitFor();
    assert.match(await paper(), /HC-1-Q1/);
    await eventually(paper, (text) => text.includes(phone));
    await browser.axe("a quotation");
    await shot("quote");
    await browser.goto("/sales");
    await browser.byId("tab-quotes").check({ force: true });
    await eventually(() => browser.byId("sale-row").count(), (count) => count === 1);
    await browser.byId("sale-row").click();
    await eventually(paper, (text) => text.includes(phone));
    await follow(browser, "to-bill");
    await charge(browser);
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt-number").getByText("HC-1-3").waitFor();
    const quotations = await records(browser, "quotation");
    assert.deepEqual(quotations.map(({ data }) => data.ended), [undefined, "taken"]);
    const sales = await records(browser, "sale");
    assert.equal(sales.at(-1).seq + 1, quotations[1].seq, "one commit");
    await browser.goto("/sales");
    await browser.byId("tab-quotes").check({ force: true });
    await browser.byId("empty").waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");

    // The printer is forgotten: its button goes, the browser's print stays.
    await browser.goto("/settings");
    await browser.byId("printer-forget").click();
    await browser.byId(`connect-${way}`).waitFor();
  }));
}

test("a paper that is not on this device says so", scenario(startServer, { device: "tablet" }, async ({ browser }) => {
  await startOwnShop(browser);
  for (const place of ["sales", "quotes"]) {
    await browser.goto(`/${place}/00000000-0000-7000-8000-000000000000`);
    await browser.byId("empty").waitFor();
    await browser.axe("a receipt that is not here");
  }
}));

/** Shares files as a phone does; `localStorage["test.share"]` says what becomes of it. What was shared is `window.shared`. */
const phoneThatShares = (page) => page.addInitScript(() => {
  window.shared = [];
  const how = () => localStorage.getItem("test.share") ?? "taken";
  const put = (name, value) => Object.defineProperty(Navigator.prototype, name, { value, configurable: true });
  put("canShare", ({ files }) => how() !== "cannot" && files.length === 1 && files[0].type === "image/png");
  put("share", async ({ files: [file] }) => {
    if (how() === "closed") throw new DOMException("Share canceled", "AbortError");
    if (how() === "late") throw new DOMException("Must be handling a user gesture", "NotAllowedError");
    window.shared.push(file);
  });
});

for (const [device, lang] of PAIRS) {
  test(`the receipt's picture goes to another app on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    await phoneThatShares(page);
    await startOwnShop(browser);
    await addGoods(browser, [[GOODS[lang][1], 1_500]]);
    await browser.cached();
    await server.stop();
    const downloads = [];
    page.on("download", (download) => downloads.push(download.suggestedFilename()));
    await put(browser, GOODS[lang][1], 2);
    await charge(browser);
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").waitFor();
    await browser.byId("picture").click();
    await eventually(() => page.evaluate(() => window.shared.length), (length) => length === 1);
    // The file is what it says: a PNG that decodes, as wide as the roll, with the paper's ink on it.
    const file = await page.evaluate(async () => {
      const [file] = window.shared;
      const bytes = new Uint8Array(await file.arrayBuffer());
      const image = await createImageBitmap(file);
      const context = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }).getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) dark += data[at] < 128;
      const { name, type } = file;
      return { name, type, bytes: Array.from(bytes), width: image.width, height: image.height, dark };
    });
    assert.deepEqual([file.name, file.type, file.width], ["HC-1-1.png", "image/png", 576]);
    assert.deepEqual(file.bytes.slice(0, 8), [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.ok(file.height > 400 && file.dark > 5_000, `${file.height} rows, ${file.dark} dark`);
    await writeFile(join(root, "tests/e2e/screenshots", `shared-${lang}.png`), Buffer.from(file.bytes));
    assert.deepEqual(downloads, []);

    // The list of apps is closed again: that is no error, and no file either.
    await page.evaluate(() => localStorage.setItem("test.share", "closed"));
    await browser.byId("picture").click();
    await page.waitForTimeout(500);
    assert.equal(await browser.byId("toast").count(), 0);
    assert.deepEqual(downloads, []);
    // The browser does not let it through, or shares no such files: the picture is in the downloads.
    for (const how of ["late", "cannot"]) {
      await page.evaluate((how) => localStorage.setItem("test.share", how), how);
      const [download] = await Promise.all([page.waitForEvent("download"), browser.byId("picture").click()]);
      assert.equal(download.suggestedFilename(), "HC-1-1.png");
    }
    assert.equal(await browser.byId("receipt").count(), 1);
  }));
}
