// The counter: the owner's PIN locks it and opens it without a reload, what was asked for and not there is noted with one
// tap and stands in Reorder as rupees, visits are noted where the shop wants it, and every screen explains itself.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { addProduct, eventually, records, sellOne, settled, startOwnShop } from "../lib/steps.mjs";

/** The page's clock can be put forward. */
async function clock(browser) {
  await browser.context.addInitScript(() => {
    const real = Date.now.bind(Date);
    window.testShift = Number(sessionStorage?.getItem("test.shift") ?? 0);
    Date.now = () => real() + window.testShift;
  });
}

async function forward(page, minutes) {
  await page.evaluate((minutes) => {
    window.testShift += minutes * 60_000;
    // What a minute's tick looks at, it looks at too when the page comes to the front.
    document.dispatchEvent(new Event("visibilitychange"));
  }, minutes);
}

async function typePin(browser, pin) {
  await browser.byId("pin").fill(pin);
  await browser.byId("pin-ok").click();
}

for (const [device, lang] of PAIRS) {
  test(`the owner's PIN on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: [/ERR_/, /Failed to load/] }, async ({ server, browser, page }) => {
    await clock(browser);
    await startOwnShop(browser);
    await addProduct(browser);
    await sellOne(browser);
    await browser.cached();
    await server.stop();
    await browser.setOffline(true);

    await browser.goto("/settings");
    await browser.byId("pin-set").click();
    for (const wrong of ["12", "12345678", "abcd", ""]) {
      await browser.byId("new-pin").fill(wrong);
      await browser.byId("save").click();
      assert.equal(await browser.byId("new-pin").getAttribute("aria-invalid"), "true", wrong);
    }
    await browser.axe("a new PIN");
    await browser.byId("new-pin").fill("4711");
    await browser.byId("save").click();
    await browser.byId("save").waitFor({ state: "detached" });
    await browser.byId("pin-state").waitFor();
    await browser.axe("settings with a PIN");
    await browser.shot(`pin-settings-${device}-${lang}`);
    for (const kind of ["feed_row", "staff_act"]) assert.equal((await records(browser, kind)).length, 0, "a PIN is no record");

    // Locked with one tap: costs, reports and settings are gone, selling is not.
    await browser.byId("lock").click();
    await eventually(() => browser.byId("shops").count(), (count) => count === 0);
    assert.equal(await browser.byId("lock").getAttribute("data-locked"), "true");
    await browser.axe("settings, locked");
    assert.equal(await page.locator('nav a[href="/reorder"]').count(), 0, "not in the navigation");
    for (const path of ["/", "/reorder", "/forecasts", "/stock/import", "/opening"]) {
      await browser.goto(path);
      await browser.byId("closed").waitFor();
      assert.equal(await browser.byId("figure-profit").count(), 0);
    }
    await browser.axe("an owner's page, locked");
    await browser.shot(`pin-closed-${device}-${lang}`);
    await browser.goto("/stock");
    await browser.byId("stock-table").waitFor();
    assert.equal(await browser.byId("add-product-open").count(), 0);
    await browser.goto("/day");
    await browser.byId("day-expected").waitFor();
    assert.equal(await browser.byId("day-profit").count(), 0, "no profit");
    await sellOne(browser);

    // Wrong five times: one has to wait, and the right PIN waits too.
    await browser.goto("/");
    await browser.byId("unlock").click();
    for (let tries = 0; tries < 5; tries += 1) {
      await typePin(browser, "0000");
      await eventually(() => browser.byId("pin").inputValue(), (value) => value === "");
    }
    await typePin(browser, "4711");
    await eventually(() => browser.byId("pin").inputValue(), (value) => value === "");
    await browser.axe("too many tries");
    await browser.shot(`pin-wait-${device}-${lang}`);
    assert.equal(await browser.byId("closed").count(), 1, "still locked");
    await forward(page, 2);
    await typePin(browser, "4711");
    // Without a reload the page that was closed stands there.
    await browser.byId("closed").waitFor({ state: "detached" });
    await browser.byId("figure-sales").waitFor();
    assert.equal(await browser.byId("lock").getAttribute("data-locked"), "false");

    // Left alone it locks itself; opened again it is locked still.
    await forward(page, 3);
    assert.equal(await browser.byId("lock").getAttribute("data-locked"), "false", "not after three minutes");
    await forward(page, 6);
    await browser.byId("closed").waitFor();
    await browser.reload();
    await browser.byId("closed").waitFor();
    await browser.byId("unlock").click();
    await typePin(browser, "4711");
    await browser.byId("figure-sales").waitFor();

    // Done without: everything is the owner's again.
    await browser.goto("/settings");
    await browser.byId("pin-remove").click();
    await browser.byId("lock").waitFor({ state: "detached" });
  }));

  test(`nahi mila, visits and help on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: [/ERR_/, /Failed to load/] }, async ({ server, browser, page }) => {
    await startOwnShop(browser);
    await addProduct(browser);
    await browser.cached();
    await server.stop();
    await browser.setOffline(true);

    // Every screen explains itself in two sentences until they are closed, and remembers it.
    await browser.goto("/pos");
    await browser.byId("help-band").locator("p").waitFor();
    await browser.axe("the till with its help");
    await browser.byId("help-close").click();
    await browser.byId("help-band").locator("p").waitFor({ state: "detached" });
    await browser.reload();
    await browser.byId("product").first().waitFor();
    assert.equal(await browser.byId("help-band").locator("p").count(), 0, "closed stays closed");
    await browser.byId("help").click();
    await browser.byId("help-band").locator("p").waitFor();
    await browser.byId("help").click();

    // Nothing found: one tap notes the very words.
    await browser.byId("pos-search").fill("Tecno Spark 20");
    await browser.byId("missing").waitFor();
    await browser.axe("nothing found");
    await browser.shot(`missing-none-${device}-${lang}`);
    await browser.byId("missing").click();
    await eventually(async () => (await records(browser, "interaction")).length, (count) => count === 1);
    const [words] = (await records(browser, "interaction")).map(({ data }) => data);
    assert.deepEqual([words.kind, words.text, words.product], ["not_in_stock", "Tecno Spark 20", null]);

    // A product that the shop sells and has none of, by the button of the tool row; a slip is taken back.
    await browser.byId("missing-open").click();
    await browser.byId("missing-save").click();
    assert.equal(await browser.byId("missing-words").getAttribute("aria-invalid"), "true", "nothing was asked for");
    await browser.byId("missing-words").fill("charg");
    await browser.axe("what was asked for");
    await browser.shot(`missing-${device}-${lang}`);
    await browser.byId("missing-hit").first().click();
    await browser.byId("missing-save").waitFor({ state: "detached" });
    await eventually(async () => (await records(browser, "interaction")).length, (count) => count === 2);
    // Both say the same: the one with the slip's own button is the one that is left.
    await eventually(() => browser.byId("toast").count(), (count) => count === 0);
    await browser.byId("missing-open").click();
    await browser.byId("missing-words").fill("charg");
    await browser.byId("missing-hit").first().click();
    await browser.byId("toast").last().getByRole("button").click();
    await eventually(async () => (await records(browser, "interaction")).length, (count) => count === 4);
    const slip = (await records(browser, "interaction")).map(({ data }) => data);
    assert.equal(slip[3].undoes, slip[2].id);

    // In Reorder it stands as rupees; words become a product, a product an order.
    await browser.goto("/reorder");
    await eventually(() => browser.byId("asked-row").count(), (count) => count === 2);
    const lost = async () => Number((await browser.byId("asked-lost").textContent()).replace(/[^0-9]/g, ""));
    assert.equal(await lost(), 1_500, "once, at its price");
    await settled(browser);
    await browser.axe("asked for, not there");
    await browser.shot(`asked-${device}-${lang}`);
    await browser.byId("asked-order").click();
    await eventually(async () => (await records(browser, "purchase_order")).length, (count) => count === 1);
    const [order] = (await records(browser, "purchase_order")).map(({ data }) => data);
    assert.equal(order.lines[0].quantity, 1_000);
    await browser.byId("asked-make").click();
    assert.equal(await browser.byId("add-named").locator('[name="name"]').inputValue(), "Tecno Spark 20");
    await browser.byId("add-named").locator('[name="price"]').fill("30000");
    await browser.byId("save").click();
    await eventually(lost, (rupees) => rupees === 31_500);

    // Visits: hidden until the shop wants them; then two taps.
    await browser.goto("/pos");
    await browser.byId("missing-open").waitFor();
    assert.equal(await browser.byId("visit-open").count(), 0);
    await browser.goto("/settings");
    await browser.byId("note-visits").check();
    await browser.goto("/pos");
    await browser.byId("visit-open").click();
    await browser.byId("minutes-15").click();
    await browser.axe("a visit");
    await browser.shot(`visit-${device}-${lang}`);
    await browser.byId("visit-2").click();
    await eventually(async () => (await records(browser, "interaction")).at(-1)?.data.kind, (kind) => kind === "negotiation");
    const visit = (await records(browser, "interaction")).at(-1).data;
    assert.deepEqual([visit.minutes, visit.text, visit.product], [15, null, null]);
    await browser.shot(`till-tools-${device}-${lang}`);
    await walk(page);
  }));
}

/** The tool row can be walked with the keyboard, in its order. */
async function walk(page) {
  await page.getByTestId("visit-open").focus();
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => document.activeElement?.dataset.testid);
  assert.equal(focused, "missing-open");
}
