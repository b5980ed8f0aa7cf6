// What several scenarios and the bench do.
import assert from "node:assert/strict";

/** Welcome → the sample shop's Today, with its figures computed. */
export async function takeSample(browser) {
  await browser.goto("/");
  await browser.byId("try-sample").click();
  await todayStands(browser);
}

/** Welcome → a shop of one's own, empty. */
export async function startOwnShop(browser) {
  await browser.goto("/");
  await browser.byId("start-mine").click();
  await browser.byId("shop-name").fill("Hafeez Centre");
  await browser.byId("save").click();
  await browser.byId("shop-name").waitFor({ state: "detached" });
}

/** A product by the form that a shopkeeper uses, with price and cost, not counted. */
export async function addProduct(browser) {
  await browser.goto("/stock");
  await browser.byId("add-product-open").first().click();
  const field = (name) => browser.byId("add-product").locator(`[name="${name}"]`);
  await field("name").fill("Charger 20W");
  await field("price").fill("1500");
  await field("cost").fill("1000");
  await browser.byId("save").click();
  await browser.byId("stock-table").waitFor();
}

export async function todayStands(browser) {
  await browser.byId("figure-sales").waitFor({ timeout: 60_000 });
}

/** Imports a file with the guesses as they are; returns the counts that the page shows. */
export async function importFile(browser, path, { currency = "GBP" } = {}) {
  await browser.goto("/stock/import");
  await browser.byId("import-file").setInputFiles(path);
  await browser.byId("currency").selectOption(currency);
  await browser.byId("import-start").click();
  await browser.byId("import-done").waitFor({ timeout: 180_000 });
  return counts(browser);
}

export async function counts(browser) {
  const number = (id) => numberIn(browser, id);
  return { rows: await number("rows-in"), kept: await number("rows-kept"), rejected: await number("rows-rejected") };
}

/** The figure of a card as a number: "Rs 41,250" → 41250. */
export async function numberIn(browser, id) {
  const text = await browser.byId(id).first().locator(".value, bdi").first().textContent();
  const digits = text.replace(/[^0-9.]/g, "");
  assert.notEqual(digits, "", `no number in ${id}: ${text}`);
  return Number(digits);
}

/** The figure comes to this value: what was answered before is painted at once and renewed in place. */
export async function expectNumber(browser, id, expected) {
  let seen = null;
  for (let tries = 0; tries < 400; tries += 1) {
    // A dash stands where nothing is known yet.
    seen = await numberIn(browser, id).catch(() => null);
    if (seen === expected) return;
    await browser.page.waitForTimeout(100);
  }
  assert.equal(seen, expected, id);
}

/** Sells the first product of the list for cash (exactly, unless told); returns the total in rupees. */
export async function sellOne(browser, { cash } = {}) {
  const { page } = browser;
  await browser.goto("/pos");
  await browser.byId("product").first().click();
  // A phone with IMEIs: which piece is asked.
  const piece = browser.byId("unit-hit").first();
  await page.locator(["unit-hit", "cart-line", "open-bill"].map((id) => `[data-testid="${id}"]:visible`).join()).first().waitFor();
  if (await piece.isVisible()) await piece.click();
  // On a phone the bill is a bar below; its first line counts the lines, the bold one is the total.
  const isPhone = page.viewportSize().width < 600;
  const shown = isPhone ? browser.byId("open-bill").locator("b") : browser.byId("cart-total").first();
  const total = Number((await shown.textContent()).replace(/[^0-9.]/g, ""));
  assert.ok(total > 0, "the cart has a total");
  await browser.byId(isPhone ? "charge-phone" : "charge").first().click();
  if (cash !== undefined) await browser.byId("received").fill(String(cash));
  await browser.byId("confirm-sale").click();
  await browser.byId("receipt").waitFor();
  assert.match(new URL(page.url()).pathname, /^\/sales\//);
  return total;
}

/** An account for the shop on this device; its records go to the server. `first` is done before, on the same page. */
export async function signUp(browser, login, password, first = async () => {}) {
  await browser.goto("/login?new=1");
  await first();
  await browser.byId("login").fill(login);
  await browser.byId("new-password").fill(password);
  await browser.byId("save").click();
}

export async function signIn(browser, login, password) {
  await browser.goto("/login");
  await browser.byId("login").fill(login);
  await browser.byId("password").fill(password);
  await browser.byId("save").click();
}

/** Nothing on the page is still being fetched or computed. */
export async function settled(browser) {
  await browser.page.waitForFunction(() => !document.querySelector('[data-testid="loading"]'), null, { timeout: 60_000 });
}

/** Asks again until the answer is as wanted; gives the answer. */
export async function eventually(ask, wanted) {
  let answer;
  for (let tries = 0; tries < 400; tries += 1) {
    answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never came: ${String(wanted)}; last ${JSON.stringify(answer)}`);
}

/** A store of the device's database: key → value, parsed where it is JSON. */
export async function stored(browser, store, database = "dukandar") {
  const rows = await browser.page.evaluate(async ([database, store]) => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const db = await done(indexedDB.open(database));
    const from = db.transaction(store).objectStore(store);
    const [keys, values] = await Promise.all([done(from.getAllKeys()), done(from.getAll())]);
    db.close();
    return keys.map((key, index) => [key, values[index]]);
  }, [database, store]);
  return Object.fromEntries(rows.map(([key, value]) => [key, typeof value === "string" ? JSON.parse(value) : value]));
}

/** The events of a kind in the device's journal, oldest first. */
export async function records(browser, kind, database = "dukandar") {
  const events = Object.values(await stored(browser, "events", database)).sort((a, b) => a.order - b.order);
  return events.map(({ event }) => event).filter((event) => event.kind === kind);
}
