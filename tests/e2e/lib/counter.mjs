// What the stories of papers, returns and pieces do at the counter.
import assert from "node:assert/strict";

/** An IMEI of the test range, its check digit by Luhn's rule from the right. */
export function imei(range, serial) {
  const body = `${range}${String(serial).padStart(6, "0")}`;
  const sum = [...body].reverse().reduce((sum, digit, place) => {
    const worth = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return sum + (worth > 9 ? worth - 9 : worth);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

/** Products of the shop: name, price, pieces. */
export async function addGoods(browser, goods) {
  await browser.goto("/stock");
  for (const [name, price] of goods) {
    await browser.byId("add-product-open").first().click();
    const form = browser.byId("add-product");
    await form.locator('[name="name"]').fill(name);
    await form.locator('[name="price"]').fill(String(price));
    await form.locator('[name="opening"]').fill("10");
    await form.locator('[data-testid="save"]').click();
    await form.waitFor({ state: "hidden" });
  }
}

/** Puts so many pieces on the bill. */
export async function put(browser, name, pieces = 1) {
  if (!new URL(browser.page.url()).pathname.startsWith("/pos")) await browser.goto("/pos");
  for (let piece = 0; piece < pieces; piece += 1) {
    await browser.byId("pos-search").fill(name);
    await browser.byId("product").filter({ hasText: name }).first().click();
  }
}

/** Opens the payment of the bill. */
export async function charge(browser) {
  await browser.byId("charge-phone").or(browser.byId("charge")).locator("visible=true").first().click();
  await browser.byId("confirm-sale").waitFor();
}

/** Sells for exact cash; gives the sale's path. */
export async function sell(browser, name, pieces = 1) {
  await put(browser, name, pieces);
  await charge(browser);
  await browser.byId("confirm-sale").click();
  await browser.byId("receipt").waitFor();
  return new URL(browser.page.url()).pathname;
}

/** A tap that leads to another page of the app. */
export async function follow(browser, id) {
  await browser.byId(id).locator("visible=true").first().click();
}

/** Tab until this stands in focus: no hand leaves the keyboard. */
export async function tabTo(browser, id, most = 80) {
  for (let tries = 0; tries < most; tries += 1) {
    const at = await browser.page.evaluate(() => document.activeElement?.dataset?.testid);
    if (at === id) return;
    await browser.page.keyboard.press("Tab");
  }
  assert.fail(`Tab never comes to ${id}`);
}

export const digits = (text) => Number(text.replace(/[^0-9.]/g, ""));
