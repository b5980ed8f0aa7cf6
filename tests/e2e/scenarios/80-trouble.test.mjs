// What goes wrong on a device: no storage, storage full, a dead worker, a session that ran out. Words, and nothing lost.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { expectNumber, numberIn, sellOne, settled, signIn, signUp, startOwnShop, takeSample, todayStands } from "../lib/steps.mjs";

const NOISE = { tolerate: [/Failed to load resource/, /ERR_/, /planted/] };

for (const lang of ["en", "ur"]) {
  test(`a window without storage says so in ${lang}`, scenario(startServer, { device: "phone", lang }, async ({ browser, page }) => {
    // As a private window of some browsers does.
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => { throw new DOMException("no storage here", "SecurityError"); };
    });
    await browser.goto("/");
    const alert = page.getByRole("alert").first();
    await alert.waitFor();
    assert.ok((await alert.textContent()).trim().length > 20);
    await browser.axe("no storage");
    await browser.shot(`no-storage-phone-${lang}`);
  }));
}

test("a sale that finds no room is refused with words, and goes through once there is room", scenario(startServer, { device: "tablet", ...NOISE }, async ({ browser, page }) => {
  await takeSample(browser);
  await settled(browser);
  const before = await numberIn(browser, "figure-sales");
  await browser.goto("/pos");
  await browser.byId("product").first().click();
  const total = Number((await browser.byId("cart-total").first().textContent()).replace(/[^0-9.]/g, ""));
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    const add = IDBObjectStore.prototype.add;
    const full = () => { throw new DOMException("planted", "QuotaExceededError"); };
    IDBObjectStore.prototype.put = full;
    IDBObjectStore.prototype.add = full;
    window.makeRoom = () => Object.assign(IDBObjectStore.prototype, { put, add });
  });
  await browser.byId("charge").first().click();
  await browser.byId("confirm-sale").click();
  await page.getByText(/storage is full/i).first().waitFor();
  assert.equal(await browser.byId("receipt").count(), 0, "no receipt without a kept sale");
  await browser.shot("storage-full-tablet-en");

  await page.evaluate(() => window.makeRoom());
  await browser.byId("confirm-sale").click();
  await browser.byId("receipt").waitFor();
  await browser.goto("/");
  await todayStands(browser);
  await expectNumber(browser, "figure-sales", before + total);
}));

test("a worker that dies is started again and the figures stand", scenario(startServer, { device: "tablet", ...NOISE }, async ({ browser, page }) => {
  await takeSample(browser);
  await settled(browser);
  const before = await numberIn(browser, "figure-sales");
  const born = page.waitForEvent("worker");
  await page.workers()[0].evaluate(() => { setTimeout(() => { throw new Error("planted"); }); });
  await born;
  const total = await sellOne(browser);
  await browser.goto("/");
  await todayStands(browser);
  await expectNumber(browser, "figure-sales", before + total);
}));

test("a session that ran out loses nothing", scenario(startServer, { device: "tablet", ...NOISE }, async ({ browser, page }) => {
  const chip = (state) => browser.byId("sync-chip").and(page.locator(`[data-sync="${state}"]`));
  await startOwnShop(browser);
  await signUp(browser, "owner@example.pk", "a long pass phrase");
  await chip("saved").waitFor({ timeout: 60_000 });
  await browser.context.clearCookies();
  await browser.goto("/stock");
  await browser.byId("add-product-open").first().click();
  const form = browser.byId("add-product");
  await form.getByTestId("name").fill("Charger 20W");
  await form.getByTestId("price").fill("900");
  await form.getByTestId("save").click();
  await form.getByTestId("name").waitFor({ state: "detached" });
  await sellOne(browser);
  await chip("signed-out").waitFor({ timeout: 60_000 });
  await browser.goto("/");
  await todayStands(browser);
  await expectNumber(browser, "figure-sales", 900);
  await browser.shot("session-over-tablet-en");

  await signIn(browser, "owner@example.pk", "a long pass phrase");
  await chip("saved").waitFor({ timeout: 60_000 });
  await browser.goto("/");
  await todayStands(browser);
  await expectNumber(browser, "figure-sales", 900);
}));
