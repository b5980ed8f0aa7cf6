// The camera as a scanner: Chromium's fake camera shows drawn codes, our reader reads them, goods and pieces come on the
// bill; without a network. A camera that is refused, missing, taken or not given to this address is told in words, and
// the bill stands.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { FAKE, code128, ean, film } from "../lib/camera.mjs";
import { addGoods, charge, put } from "../lib/counter.mjs";
import { eventually, records, startOwnShop } from "../lib/steps.mjs";

const OFFLINE = [/ERR_/, /Failed to load/];
const [EAN, IMEI] = ["8964000123454", "356938035643809"];
const folder = mkdtempSync(join(tmpdir(), "dukandar-film-"));
after(() => rmSync(folder, { recursive: true }));
const flags = film(join(folder, "both.y4m"), [ean(EAN), code128(IMEI)]);

/** All tracks that the page was ever given, so that none is left on. */
const keepTracks = (page) => page.addInitScript(() => {
  window.tracks = [];
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (...args) {
    const stream = await ask.apply(this, args);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
});
const allOff = (page) => eventually(() => page.evaluate(() => window.tracks.map((track) => track.readyState)),
  (states) => states.length > 0 && states.every((state) => state === "ended"));
const billed = (page) => page.evaluate(() => [...document.querySelectorAll('.bill [data-testid="cart-line"]')].map((line) => line.textContent));

async function addProduct(browser, fields, imeis) {
  await browser.goto("/stock");
  await browser.byId("add-product-open").first().click();
  const form = browser.byId("add-product");
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).fill(value);
  await form.locator('[data-testid="imeis"]').selectOption(imeis);
  await form.locator('[data-testid="save"]').click();
  await form.waitFor({ state: "hidden" });
}

for (const [device, lang] of PAIRS) {
  test(`codes come before the camera on a ${device} in ${lang}`, scenario(startServer, { device, lang, flags, tolerate: OFFLINE }, async ({ server, browser, page, t }) => {
    const shot = (what) => browser.shot(`camera-${what}-${device}-${lang}`);
    await keepTracks(page);
    await startOwnShop(browser);
    await addProduct(browser, { name: "Charger 20W", price: "1500", opening: "50", sku: EAN }, "0");
    await addProduct(browser, { name: "Galaxy A15", price: "50000", opening: "1" }, "1");
    await browser.cached();
    await server.stop();

    // A piece is written down by its box: its IMEI is taken, the box's other code is not.
    await page.getByRole("link", { name: "Galaxy A15" }).click();
    await browser.byId("units-add").click();
    const add = browser.byId("add-units");
    await add.locator('[data-testid="camera-open"]').click();
    await eventually(() => add.locator('[data-testid="imeis"]').inputValue(), (text) => text.trim() === IMEI);
    await page.keyboard.press("Escape");
    await browser.byId("camera-video").waitFor({ state: "detached" });
    await allOff(page);
    await shot("pieces");
    await add.locator('[data-testid="save"]').click();
    await eventually(() => browser.byId("unit-row").count(), (count) => count === 1);

    // At the till both go on the bill while the camera stays open.
    await browser.goto("/pos");
    await eventually(() => browser.byId("product").count(), (count) => count === 2);
    await page.evaluate(() => {
      window.long = [];
      new PerformanceObserver((list) => window.long.push(...list.getEntries().map((it) => Math.round(it.duration)))).observe({ type: "longtask" });
    });
    await browser.byId("camera-open").click();
    await browser.byId("camera-video").waitFor();
    await eventually(() => browser.byId("camera-read").textContent(), (text) => text.includes(EAN) || text.includes(IMEI));
    await shot("read");
    await browser.axe("the camera");
    await eventually(() => billed(page), (lines) => lines.some((it) => it.includes("Charger 20W")) && lines.some((it) => it.includes(IMEI)));
    t.diagnostic(`long tasks while the camera was read: ${JSON.stringify(await page.evaluate(() => window.long))} ms`);
    await page.keyboard.press("Escape");
    await browser.byId("camera-video").waitFor({ state: "detached" });
    await allOff(page);
    await eventually(() => page.evaluate(() => document.activeElement?.dataset?.testid), (id) => id === "pos-search");
    await shot("bill");
    await charge(browser);
    await browser.byId("confirm-sale").click();
    await browser.byId("receipt").getByText(IMEI).waitFor();
    const [sale] = await records(browser, "sale");
    assert.equal(sale.data.lines.length, 2);
    assert.equal(sale.data.lines.flatMap((line) => line.units ?? []).length, 1);

    // Leaving the page by its own back way switches the camera off, too.
    await browser.goto("/pos");
    await browser.byId("camera-open").click();
    await eventually(() => page.evaluate(() => window.tracks.length), (count) => count > 0);
    await page.goBack();
    await browser.byId("receipt").waitFor();
  }));
}

test("a browser that reads codes itself needs no reader of ours", scenario(startServer, { device: "phone", flags: FAKE }, async ({ browser, page }) => {
  await page.addInitScript((code) => {
    window.BarcodeDetector = class {
      static async getSupportedFormats() { return ["code_128", "ean_13", "qr_code"]; }
      constructor({ formats }) { window.formats = formats; }
      async detect(picture) {
        const at = (y, rawValue) => ({ rawValue, boundingBox: { y, height: 10 } });
        return [at(0, "a neighbour"), at(picture.height / 2 - 5, code)];
      }
    };
  }, EAN);
  await startOwnShop(browser);
  await addProduct(browser, { name: "Charger 20W", price: "1500", opening: "50", sku: EAN }, "0");
  await browser.goto("/pos");
  await browser.byId("camera-open").click();
  await eventually(() => billed(page), (lines) => lines.length === 1);
  // What lies before the camera is one piece, however long it lies there.
  await page.waitForTimeout(3_000);
  assert.match((await page.locator('.bill [data-testid="cart-line"] output').first().textContent()).trim(), /^1$/);
  assert.deepEqual(await page.evaluate(() => window.formats), ["ean_13", "code_128"]);
  assert.ok(page.workers().every((worker) => !worker.url().includes("scan")), "no worker of ours");
}));

test("a reader that is there by name only is replaced by ours", scenario(startServer, { device: "phone", flags }, async ({ browser, page }) => {
  await page.addInitScript(() => {
    window.BarcodeDetector = class {
      static async getSupportedFormats() { return ["code_128", "ean_13"]; }
      async detect() { throw new DOMException("Barcode detection service unavailable.", "NotSupportedError"); }
    };
  });
  await startOwnShop(browser);
  await addGoods(browser, [["Charger 20W", 1_500]]);
  await browser.goto("/pos");
  await browser.byId("camera-open").click();
  // No product has the code: the sheet says so itself, as a message of the page would lie behind it.
  await eventually(() => browser.byId("camera-said").textContent(), (text) => text.includes(EAN) || text.includes(IMEI));
  await browser.shot("camera-unknown-phone-en");
}));

const WORDS = {
  refused: { en: /was not allowed/, ur: /اجازت نہیں/ },
  missing: { en: /No camera was found/, ur: /کوئی کیمرہ نہیں ملا/ },
  busy: { en: /Another app is using/, ur: /کسی اور ایپ/ },
  insecure: { en: /https/, ur: /https/ },
};

/** The camera fails with these words; the bill stands, and a typed name still sells. */
async function fails(browser, trouble, lang, device) {
  await browser.byId("camera-open").click();
  await eventually(() => browser.byId("camera-trouble").textContent(), (text) => WORDS[trouble][lang].test(text));
  await browser.axe(`a camera that is ${trouble}`);
  await browser.shot(`camera-${trouble}-${device}-${lang}`);
  await browser.byId("camera-again").click();
  await eventually(() => browser.byId("camera-trouble").textContent(), (text) => WORDS[trouble][lang].test(text));
  await browser.page.keyboard.press("Escape");
  await browser.byId("camera-trouble").waitFor({ state: "detached" });
  const before = (await billed(browser.page)).length;
  assert.ok(before >= 1, "the bill stands");
  await put(browser, "Charger 20W");
  const pieces = browser.page.locator('.bill [data-testid="cart-line"] output').first();
  return Number((await pieces.textContent()).trim());
}

for (const [device, lang] of PAIRS) {
  // This machine has no camera: that much is real.
  test(`a camera that is not there on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser, page }) => {
    await page.addInitScript(() => {
      const how = () => localStorage.getItem("test.camera");
      const ask = MediaDevices.prototype.getUserMedia;
      MediaDevices.prototype.getUserMedia = function (...args) {
        if (how() === "busy") throw new DOMException("Could not start video source", "NotReadableError");
        return ask.apply(this, args);
      };
      if (how() === "insecure") {
        Object.defineProperty(Navigator.prototype, "mediaDevices", { get: () => undefined });
        Object.defineProperty(window, "isSecureContext", { get: () => false });
      }
    });
    await startOwnShop(browser);
    await addGoods(browser, [["Charger 20W", 1_500]]);
    await put(browser, "Charger 20W");
    assert.equal(await fails(browser, "missing", lang, device), 2);
    await page.evaluate(() => localStorage.setItem("test.camera", "busy"));
    assert.equal(await fails(browser, "busy", lang, device), 3);
    await page.evaluate(() => localStorage.setItem("test.camera", "insecure"));
    await browser.reload();
    await eventually(() => billed(page), (lines) => lines.length === 1);
    assert.equal(await fails(browser, "insecure", lang, device), 4);
  }));

  test(`a refused camera on a ${device} in ${lang}`, scenario(startServer, { device, lang, flags: ["--use-fake-device-for-media-stream", "--deny-permission-prompts"] }, async ({ browser }) => {
    await startOwnShop(browser);
    await addGoods(browser, [["Charger 20W", 1_500]]);
    await put(browser, "Charger 20W");
    assert.equal(await fails(browser, "refused", lang, device), 2);
  }));
}
