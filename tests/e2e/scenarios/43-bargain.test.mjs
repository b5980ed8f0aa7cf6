// Bargaining: loose goods by an amount, an agreed total and the way back, floors and margins by role, the letter code,
// and the owner's word from another phone. Without a network but for that last one.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, open, scenario } from "../lib/browser.mjs";
import { eventually, records, settled, signIn, signUp, startOwnShop } from "../lib/steps.mjs";

const OFFLINE = [/ERR_/, /Failed to load/];
const digits = (text) => Number(text.replace(/[^0-9.-]/g, ""));
const seen = (browser, id) => browser.byId(id).locator("visible=true").first();
const wrong = (browser) => browser.page.locator("dialog[open] .wrong:visible").first();
const toast = (browser) => browser.byId("toast").last();

/** Phones with list price, cost and stock, by the form that a shopkeeper uses. */
async function addGoods(browser) {
  await browser.goto("/stock");
  for (const [name, price, cost] of [["Redmi Note 13", 50_000, 46_000], ["Charger 20W", 1_500, 900]]) {
    await browser.byId("add-product-open").first().click();
    const form = browser.byId("add-product");
    await form.locator('[name="name"]').fill(name);
    await form.locator('[name="price"]').fill(String(price));
    await form.locator('[name="cost"]').fill(String(cost));
    await form.locator('[name="opening"]').fill("10");
    await form.locator('[data-testid="save"]').click();
    await form.waitFor({ state: "hidden" });
  }
}

async function put(browser, name) {
  await browser.byId("pos-search").fill(name);
  await browser.byId("product").filter({ hasText: name }).click();
}

/** Loose goods: kind, price of one, pieces. */
async function openItem(browser, kind, price, pieces) {
  await browser.byId("open-item").click();
  await browser.byId(`kind-${kind}`).click();
  await browser.byId("open-amount").fill(String(price));
  if (pieces !== undefined) await browser.byId("open-pieces").fill(String(pieces));
  await browser.byId("open-put").click();
  await browser.byId("open-item-sheet").waitFor({ state: "hidden" });
}

/** On a phone the bill is behind its bar. */
async function openBill(browser) {
  if (browser.page.viewportSize().width < 600 && !(await browser.byId("bill-sheet").isVisible())) await browser.byId("open-bill").click();
  await seen(browser, "agree-open").waitFor();
}

const total = async (browser) => digits(await seen(browser, "cart-total").textContent());

async function agree(browser, amount) {
  await openBill(browser);
  if (!(await browser.byId("agree-sheet").isVisible())) await seen(browser, "agree-open").click();
  await browser.byId("agreed").fill(String(amount));
  await browser.byId("agree-sheet").locator('[data-testid="save"]').click();
}

async function charge(browser) {
  await openBill(browser);
  await seen(browser, "charge").click();
  await browser.byId("confirm-sale").click();
}

/** Who is signed in on this device, as it keeps that itself; nobody can be invited as staff yet. */
async function becomes(browser, role) {
  await browser.page.evaluate(async (role) => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const db = await done(indexedDB.open("dukandar"));
    const meta = db.transaction("meta", "readwrite").objectStore("meta");
    const known = await done(meta.get("account"));
    await done(meta.put(JSON.stringify({ login: "staff", ...(known && JSON.parse(known)), role }), "account"));
    db.close();
  }, role);
  await browser.reload();
}

for (const [device, lang] of PAIRS) {
  test(`a bargain on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const shot = (what) => browser.shot(`bargain-${what}-${device}-${lang}`);
    await startOwnShop(browser);
    await addGoods(browser);
    await browser.cached();
    await server.stop();

    // Loose goods: what is not right is said, and nothing is written.
    await browser.goto("/pos");
    await browser.byId("open-item").click();
    for (const [amount, pieces] of [["0", "1"], ["-5", "1"], ["abc", "1"], ["99999999999", "1"], ["350", "0"], ["350", "-1"], ["90000000", "9"]]) {
      await browser.byId("open-amount").fill(amount);
      await browser.byId("open-pieces").fill(pieces);
      await browser.byId("open-put").click();
      await wrong(browser).waitFor();
    }
    await browser.byId("open-item-sheet").getByRole("alert").waitFor();
    await browser.axe("loose goods that are not right");
    await shot("open-item");
    assert.equal((await records(browser, "product")).filter(({ data }) => data.fields.open).length, 0);
    await page.keyboard.press("Escape");
    await openItem(browser, "cover", 350, 2);
    await openItem(browser, "cover", 500);
    await openItem(browser, "cover", 350);
    await openBill(browser);
    assert.equal(await browser.byId("cart-line").locator("visible=true").count(), 2, "one line for each price");
    assert.equal(await total(browser), 1_550);
    if (device === "phone") await page.keyboard.press("Escape");
    await put(browser, "Redmi");
    const [loose, ...more] = (await records(browser, "product")).filter(({ data }) => data.fields.open);
    assert.deepEqual([loose.data.fields.open, loose.data.fields.category, more.length], ["cover", "cover", 0]);

    // The agreed total: refused in words, spread to the paisa, taken back.
    await openBill(browser);
    assert.equal(await total(browser), 51_550);
    for (const amount of ["60000", "0", "-5", "abc", ""]) {
      await agree(browser, amount);
      await wrong(browser).waitFor();
    }
    await agree(browser, 60_000);
    assert.match(await wrong(browser).textContent(), /51,550/);
    await browser.axe("an agreed total above the bill");
    await shot("agree-above");
    await agree(browser, 50_000);
    await browser.byId("agree-sheet").waitFor({ state: "hidden" });
    assert.equal(await total(browser), 50_000);
    assert.equal(digits(await seen(browser, "bill-off").locator("bdi").textContent()), -1_550);
    // 50,000 less 46,000 less what the phone gave; covers have no cost.
    const phone = browser.byId("cart-line").locator("visible=true").filter({ hasText: "Redmi" });
    const margin = digits(await phone.locator('[data-testid="line-margin"] bdi').textContent());
    assert.equal(margin, 4_000 + digits(await phone.locator('[data-testid="line-off"] bdi').textContent()));
    await browser.axe("an agreed total");
    await shot("agreed");
    if (device === "tablet") {
      await toast(browser).getByRole("button").click();
    } else {
      await seen(browser, "take-off").click();
    }
    await eventually(() => total(browser), (sum) => sum === 51_550);

    // One line: no more than it comes to.
    const cover = browser.byId("cart-line").locator("visible=true").filter({ hasText: "500" }).first();
    await cover.locator('[data-testid="line-discount"]').click();
    await browser.byId("discount").fill("501");
    await browser.byId("discount-sheet").locator('[data-testid="save"]').click();
    await wrong(browser).waitFor();
    await browser.byId("discount").fill("50");
    await browser.byId("discount-sheet").locator('[data-testid="save"]').click();
    await eventually(() => total(browser), (sum) => sum === 51_500);
    // The owner may sell below cost, and is told.
    await agree(browser, 45_000);
    await eventually(() => total(browser), (sum) => sum === 45_000);
    await seen(browser, "bill-margin").locator(".badge").waitFor();
    await browser.axe("below cost");
    await shot("below-cost");
    await agree(browser, 50_000);
    await charge(browser);
    await browser.byId("receipt").waitFor();
    await shot("receipt");
    const [sale] = await records(browser, "sale");
    const sum = (field) => sale.data.lines.reduce((all, line) => all + line[field], 0);
    assert.deepEqual([sum("amount"), sum("discount"), sale.data.approval], [5_000_000, 155_000, undefined]);

    // A price that is typed lower is a discount of whoever sold: the list price stays on the receipt.
    await browser.goto("/pos");
    await put(browser, "Charger");
    await openBill(browser);
    await browser.byId("cart-line").locator("visible=true").locator("input").fill("1400");
    await charge(browser);
    await browser.byId("receipt").waitFor();
    const typed = (await records(browser, "sale")).at(-1).data.lines[0];
    assert.deepEqual([typed.unit_price, typed.discount, typed.amount], [150_000, 10_000, 140_000]);

    // The owner's rules: a word with ten different letters, a share, a floor on the phone.
    await browser.goto("/settings");
    const card = browser.byId("bargaining");
    await browser.byId("code-word").fill("BLACKHORSS");
    await browser.byId("cashier-percent").fill("101");
    await browser.byId("rules-save").click();
    await eventually(() => card.locator(".wrong").count(), (count) => count === 2);
    await browser.byId("code-word").fill("BLACKHORSE");
    await browser.byId("cashier-percent").fill("3");
    await browser.byId("code-example").getByText("CKEEE").waitFor();
    assert.equal(await card.locator(".wrong").count(), 0, "what was mended is no longer said to be wrong");
    await card.scrollIntoViewIfNeeded();
    await browser.axe("the rules of bargaining");
    await shot("rules");
    await browser.byId("rules-save").click();
    await toast(browser).waitFor();
    await browser.goto("/stock");
    await browser.goto(await page.getByRole("link", { name: /Redmi Note 13/ }).first().getAttribute("href"));
    await page.getByRole("heading", { name: "Redmi Note 13" }).waitFor();
    await browser.byId("floor-open").click();
    const floor = page.locator('dialog[open] input[name="floor"]');
    await floor.fill("-1");
    await browser.byId("save").locator("visible=true").click();
    await wrong(browser).waitFor();
    await floor.fill("48000");
    await page.waitForTimeout(300);
    await shot("floor");
    await browser.byId("save").locator("visible=true").click();
    await eventually(() => browser.byId("figure-floor").locator(".value").textContent(), (text) => text.includes("48,000"));
    await browser.goto("/pos");
    await settled(browser);
    // 46,000 in letters: 4 C, 6 H.
    await browser.byId("product").filter({ hasText: "Redmi" }).getByText("CHEEE").waitFor();
    await put(browser, "Redmi");
    await openBill(browser);
    await seen(browser, "line-code").getByText("CHEEE").waitFor();
    assert.match(await seen(browser, "line-margin").textContent(), /CEEE/, "a customer who looks on reads no figure");
    await browser.axe("costs in letters");
    await shot("code");

    // A cashier: neither cost nor margin nor letters, and no further down than the floor.
    await becomes(browser, "cashier");
    await browser.goto("/pos");
    // The bill is still there.
    await openBill(browser);
    for (const id of ["tile-code", "line-code", "line-margin", "bill-margin"]) assert.equal(await browser.byId(id).count(), 0, id);
    await agree(browser, 48_000);
    await eventually(() => total(browser), (sum) => sum === 48_000);
    await eventually(() => browser.byId("bill-low").count(), (count) => count === 0);
    await agree(browser, 47_000);
    await seen(browser, "bill-low").waitFor();
    await browser.axe("below what the owner allows");
    await shot("below-floor");
    const sold = (await records(browser, "sale")).length;
    await charge(browser);
    await browser.byId("pay-wrong").getByText("Redmi Note 13").waitFor();
    await shot("refused");
    assert.equal((await records(browser, "sale")).length, sold, "nothing was sold");
    await page.keyboard.press("Escape");
    await openBill(browser);
    await seen(browser, "ask-open").click();
    await browser.byId("ask-away").waitFor();
    assert.equal(await browser.byId("ask-phone").count(), 0, "no network, no question");
    const message = new URL(await browser.byId("ask-message").getAttribute("href")).searchParams.get("text");
    assert.match(message, /47,000[\s\S]*Redmi Note 13/);
    assert.ok(!/46,000|48,000/.test(message), `neither cost nor floor leaves the shop: ${message}`);
    await browser.axe("asking the owner without a network");
    await shot("ask-offline");
    await page.keyboard.press("Escape");
    // The charger has no floor: the shop's share, 3 % of 1,500.
    await agree(browser, 48_000);
    if (device === "phone") await page.keyboard.press("Escape");
    await put(browser, "Charger");
    await agree(browser, 49_455);
    await eventually(() => total(browser), (sum) => sum === 49_455);
    assert.equal(await browser.byId("bill-low").count(), 0, "each line at its lowest");
    await agree(browser, 49_454);
    await seen(browser, "bill-low").waitFor();
    // The owner takes the device: the same bill may go.
    await becomes(browser, "owner");
    await browser.goto("/pos");
    await agree(browser, 47_000);
    await charge(browser);
    await browser.byId("receipt").waitFor();
    // What a product costs, and what it will sell, is not for the counter.
    await becomes(browser, "cashier");
    await browser.goto("/stock");
    await browser.goto(await page.getByRole("link", { name: /Redmi Note 13/ }).first().getAttribute("href"));
    await browser.byId("closed").waitFor();
    for (const id of ["figure-cost", "floor-open"]) assert.equal(await browser.byId(id).count(), 0, id);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  }));
}

test("a bargain by the keyboard alone", scenario(startServer, { device: "tablet", tolerate: OFFLINE }, async ({ server, browser, page }) => {
  await startOwnShop(browser);
  await addGoods(browser);
  await browser.cached();
  await server.stop();
  await browser.goto("/pos");
  const tabTo = async (id) => {
    for (let tries = 0; tries < 80; tries += 1) {
      if (await page.evaluate((id) => document.activeElement?.dataset.testid === id, id)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`no way to ${id} by Tab`);
  };
  await browser.byId("pos-search").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("Charger");
  await page.keyboard.press("Enter");
  await tabTo("open-item");
  await page.keyboard.press("Enter");
  await tabTo("kind-glass");
  await page.keyboard.press("Space");
  await tabTo("open-amount");
  await page.keyboard.type("300");
  await page.keyboard.press("Enter");
  await browser.byId("open-item-sheet").waitFor({ state: "hidden" });
  await eventually(() => total(browser), (sum) => sum === 1_800);
  await tabTo("agree-open");
  await page.keyboard.press("Enter");
  await tabTo("agreed");
  await page.keyboard.type("1700");
  await page.keyboard.press("Enter");
  await eventually(() => total(browser), (sum) => sum === 1_700);
  await tabTo("take-off");
  await page.keyboard.press("Enter");
  await eventually(() => total(browser), (sum) => sum === 1_800);
  await tabTo("line-discount");
  await page.keyboard.press("Enter");
  await tabTo("discount");
  await page.keyboard.type("100");
  await page.keyboard.press("Enter");
  await eventually(() => total(browser), (sum) => sum === 1_700);
}));

test("the owner says yes and no from another phone", scenario(startServer, { device: "tablet", tolerate: OFFLINE }, async ({ server, browser, page }) => {
  const saved = (one) => one.byId("sync-chip").and(one.page.locator('[data-sync="saved"]')).waitFor({ timeout: 120_000 });
  await startOwnShop(browser);
  await addGoods(browser);
  await signUp(browser, "owner@example.pk", "a long pass phrase");
  await saved(browser);
  const owner = await open(server, { device: "phone", lang: "ur", tolerate: OFFLINE });
  try {
    await signIn(owner, "owner@example.pk", "a long pass phrase");
    await saved(owner);
    await owner.goto("/");
    await becomes(browser, "cashier");
    await browser.goto("/pos");
    await put(browser, "Redmi");
    await agree(browser, 45_000);
    await seen(browser, "ask-open").click();
    await browser.axe("asking the owner");
    await browser.shot("bargain-ask-tablet-en");
    await browser.byId("ask-phone").click();
    await browser.byId("ask-sheet").waitFor({ state: "hidden" });

    // Whatever page the owner looks at shows it by itself.
    const question = owner.byId("approval");
    await question.waitFor({ timeout: 90_000 });
    const words = await question.textContent();
    for (const figure of ["45,000", "50,000", "46,000"]) assert.ok(words.includes(figure), `${figure} in ${words}`);
    assert.equal(digits(await owner.byId("approval-margin").textContent()), -1_000);
    await owner.axe("a question to the owner");
    await owner.shot("bargain-question-phone-ur");
    assert.ok(await owner.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the question is wider than the screen");
    await owner.byId("approval-no").click();
    await question.waitFor({ state: "detached" });
    await page.locator('[data-testid="bill-low"].bad').locator("visible=true").waitFor({ timeout: 90_000 });
    await browser.shot("bargain-no-tablet-en");

    // A better offer, and yes: the bill goes on, and names the word that let it.
    await agree(browser, 45_500);
    await seen(browser, "ask-open").click();
    await browser.byId("ask-phone").click();
    await question.waitFor({ timeout: 90_000 });
    await owner.byId("approval-yes").click();
    await page.locator('[data-testid="bill-low"].calm').locator("visible=true").waitFor({ timeout: 90_000 });
    await browser.axe("the owner said yes");
    await browser.shot("bargain-yes-tablet-en");
    await charge(browser);
    await browser.byId("receipt").waitFor();
    const [sale] = await records(browser, "sale");
    const questions = await records(browser, "approval");
    const asked = questions.filter(({ data }) => data.step.asked);
    assert.equal(sale.data.approval, asked.at(-1).data.id);

    // The word was for that bill, once.
    await browser.goto("/pos");
    await put(browser, "Redmi");
    await agree(browser, 45_500);
    await seen(browser, "bill-low").waitFor();
    await charge(browser);
    await browser.byId("pay-wrong").waitFor();
    assert.equal((await records(browser, "sale")).length, 1);
    owner.assertQuiet();
  } finally {
    await owner.close();
  }
}));
