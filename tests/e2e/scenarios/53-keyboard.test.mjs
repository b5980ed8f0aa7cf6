// A whole sale without a hand off the keyboard, as a screen reader speaks it: each stop is known by its role and name, in
// the language of the page, and what changes is said by itself. Without a network.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { addGoods, tabTo } from "../lib/counter.mjs";
import { eventually, records, startOwnShop } from "../lib/steps.mjs";

const OFFLINE = [/ERR_/, /Failed to load/];
const SPOKEN = {
  en: {
    goods: "Charger 20W",
    search: ["searchbox", /^Search or scan: Name, code or barcode$/],
    camera: ["button", /^Scan with the camera$/],
    price: ["textbox", /^Price of Charger 20W$/],
    less: ["button", /^One less Charger 20W$/],
    more: ["button", /^One more Charger 20W$/],
    discount: ["button", /^Discount on Charger 20W$/],
    charge: ["button", /^Charge$/],
    received: ["textbox", /^Cash received$/],
    confirm: ["button", /^Take cash$/],
    next: ["link", /^New sale$/],
    change: /Change/,
    sheet: /Scan with the camera/,
    close: ["button", /^Close$/],
  },
  ur: {
    goods: "چارجر 20W",
    search: ["searchbox", /^تلاش یا اسکین: نام، کوڈ یا بارکوڈ$/],
    camera: ["button", /^کیمرے سے سکین کریں$/],
    price: ["textbox", /^چارجر 20W کی قیمت$/],
    less: ["button", /^چارجر 20W ایک کم$/],
    more: ["button", /^چارجر 20W ایک اور$/],
    discount: ["button", /^چارجر 20W پر رعایت$/],
    charge: ["button", /^وصول کریں$/],
    received: ["textbox", /^نقد ملا$/],
    confirm: ["button", /^نقد لیں، رسید بنائیں$/],
    next: ["link", /^نیا بل$/],
    change: /واپس|باقی/,
    sheet: /کیمرے سے سکین کریں/,
    close: ["button", /^بند کریں$/],
  },
};

/** What a screen reader is told of the element in focus: Chromium's own accessibility tree. */
async function spoken(page, session) {
  const { result } = await session.send("Runtime.evaluate", { expression: "document.activeElement" });
  const { nodes } = await session.send("Accessibility.getPartialAXTree", { objectId: result.objectId, fetchRelatives: false });
  // Marks that keep a name apart from the sentence around it are not spoken.
  return [nodes[0].role?.value, (nodes[0].name?.value ?? "").replace(/[\u2066-\u2069\u200e\u200f]/g, "").trim()];
}

for (const [device, lang] of [["desktop", "en"], ["tablet", "ur"]]) {
  test(`a sale by keyboard and ear on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const words = SPOKEN[lang];
    await startOwnShop(browser);
    await addGoods(browser, [[words.goods, 1_500]]);
    await browser.cached();
    await server.stop();
    await browser.goto("/pos");
    await eventually(() => browser.byId("product").count(), (count) => count === 1);
    const session = await browser.context.newCDPSession(page);
    await session.send("Accessibility.enable");
    const hears = async (what, [role, name] = words[what]) => {
      const [is, said] = await spoken(page, session);
      assert.equal(is, role, `${what}: ${said}`);
      assert.match(said, name, what);
    };
    /** Tab until this is heard. */
    const to = async (what, most = 60) => {
      const [role, name] = words[what];
      for (let tries = 0; tries < most; tries += 1) {
        const [is, said] = await spoken(page, session);
        if (is === role && name.test(said)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`Tab never comes to ${what}`);
    };

    await page.keyboard.press("Alt+3");
    await hears("search");
    await page.keyboard.type(words.goods);
    await page.keyboard.press("Enter");
    await eventually(() => browser.byId("cart-line").count(), (count) => count === 1);
    await hears("search");
    // The camera is one stop further; there is none here, and that is an alert.
    await page.keyboard.press("Tab");
    await hears("camera");
    await page.keyboard.press("Enter");
    await browser.byId("camera-trouble").waitFor();
    assert.equal(await browser.byId("camera-trouble").getAttribute("role"), "alert");
    const tree = await browser.byId("camera").ariaSnapshot();
    assert.match(tree, words.sheet);
    assert.match(tree, /- alert/);
    await hears("close");
    await page.keyboard.press("Escape");
    await browser.byId("camera-trouble").waitFor({ state: "detached" });
    await eventually(() => page.evaluate(() => document.activeElement?.dataset?.testid), (id) => id === "pos-search");

    // The line: its price, one less, one more, its discount, in this order.
    await to("price");
    await page.keyboard.type("1400");
    await page.keyboard.press("Tab");
    await hears("less");
    await page.keyboard.press("Tab");
    await hears("more");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await hears("discount");
    await eventually(() => browser.byId("cart-total").first().textContent(), (text) => /2,800/.test(text));
    await to("charge");
    await page.keyboard.press("Enter");
    await browser.byId("confirm-sale").waitFor();
    await to("received");
    await page.keyboard.type("3000");
    await eventually(() => browser.byId("change").textContent(), (text) => /200/.test(text));
    const live = await browser.byId("change").evaluate((change) => change.closest("[aria-live]")?.textContent ?? "");
    assert.match(live, words.change, "the change is said by itself");
    await to("confirm");
    await page.keyboard.press("Enter");
    await browser.byId("receipt").waitFor();
    assert.match(await page.locator("main").ariaSnapshot(), /HC-1-1/);
    await to("next");
    await page.keyboard.press("Enter");
    await eventually(() => page.evaluate(() => document.activeElement?.dataset?.testid), (id) => id === "pos-search");
    await hears("search");
    const [sale] = await records(browser, "sale");
    assert.equal(sale.data.lines[0].amount, 280_000);
    await tabTo(browser, "camera-open", 2);
  }));
}
