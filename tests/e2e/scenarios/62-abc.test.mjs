// A B C of the stock: the grid adds up, a box shows its goods and what to do, a product tells its class; and what one
// branch has too much of goes to the other before anything is bought. Without a network from the first look on.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { eventually, records, settled, startOwnShop, takeSample } from "../lib/steps.mjs";

const SAMPLE = "dukandar-sample";
const number = (text) => Number(text.replace(/[^0-9.]/g, ""));
const OFFLINE = { tolerate: [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/] };

for (const [device, lang] of PAIRS) {
  test(`classes on a ${device} in ${lang}`, scenario(startServer, { device, lang, ...OFFLINE }, async ({ browser, page }) => {
    await takeSample(browser);
    await browser.goto("/stock");
    await browser.byId("stock-table").waitFor();
    await browser.byId("classes-open").click();
    await browser.byId("abc-grid").waitFor();
    await browser.setOffline(true);
    const cells = [];
    for (const letter of ["A", "B", "C"]) {
      for (const column of [0, 1, 2, 3]) cells.push([letter, column, number(await browser.byId(`abc-${letter}-${column}`).locator("b").textContent())]);
    }
    const all = cells.reduce((sum, [, , count]) => sum + count, 0);
    const listed = () => browser.byId("abc-count").textContent().then(number);
    assert.ok(all > 100, `${all} products`);
    assert.equal(await listed(), all, "the grid and the list count alike");
    for (const letter of ["A", "B", "C"]) assert.ok(cells.some(([of, , count]) => of === letter && count > 0), letter);
    await browser.axe("classes");
    await browser.shot(`abc-${device}-${lang}`);

    // A box: as many as it says, each with its class and its reasons, and what to do about them.
    const [letter, column, count] = cells.find(([of, , count]) => of === "A" && count > 0);
    const box = browser.byId(`abc-${letter}-${column}`);
    await box.click();
    await browser.byId("abc-advice").waitFor();
    assert.equal(await box.getAttribute("aria-pressed"), "true");
    assert.equal(await listed(), count);
    assert.equal(await browser.byId("abc-row").count(), Math.min(count, 30));
    const rows = await browser.byId("abc-row").allTextContents();
    assert.ok(rows.every((text) => text.includes("A") && text.includes("%")), rows[0]);
    await browser.axe("a box of the grid");
    await browser.byId("abc-list").scrollIntoViewIfNeeded();
    await browser.shot(`abc-box-${device}-${lang}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");

    // Pressed again it shows all; by the keyboard too.
    await box.focus();
    await page.keyboard.press("Enter");
    await browser.byId("abc-advice").waitFor({ state: "detached" });
    assert.equal(await listed(), all);

    await browser.byId("abc-row").first().locator("a").click();
    await browser.byId("product-class").waitFor();
    await settled(browser);
    await browser.axe("a product with its class");
    await browser.byId("product-class").scrollIntoViewIfNeeded();
    await browser.shot(`abc-product-${device}-${lang}`);
  }));

  test(`goods go to the other shop on a ${device} in ${lang}`, scenario(startServer, { device, lang, ...OFFLINE }, async ({ browser, page }) => {
    await takeSample(browser);
    await browser.goto("/reorder");
    await settled(browser);
    const offers = browser.byId("transfer");
    await offers.first().waitFor();
    const before = await offers.count();
    const name = await offers.first().locator("a").textContent();
    const to = await offers.first().getAttribute("data-to");
    await browser.axe("transfers");
    await browser.byId("transfers").scrollIntoViewIfNeeded();
    await browser.shot(`transfers-${device}-${lang}`);

    // What the shop that runs out would have to buy.
    await browser.byId("shop-switch").locator("visible=true").first().selectOption({ label: to });
    await settled(browser);
    const wanted = async () => {
      await settled(browser);
      const row = browser.byId("suggestion").filter({ hasText: name });
      return (await row.count()) === 0 ? 0 : number(await row.first().locator("[data-testid=order-pieces]").inputValue());
    };
    const needed = await eventually(wanted, (pieces) => pieces > 0);
    await browser.setOffline(true);
    const offer = offers.filter({ hasText: name });
    await offer.first().getByTestId("transfer-send").click();
    await browser.byId("toast").first().waitFor();
    const sent = await records(browser, "transfer", SAMPLE);
    assert.deepEqual(sent.map(({ data }) => data.leg), ["out", "in"]);
    const [{ data: out }, { data: into }] = sent;
    assert.equal(out.id, into.id);
    assert.notEqual(out.from, out.to);
    const [line] = out.lines;
    assert.ok(line.quantity > 0 && line.quantity % 1000 === 0);
    assert.deepEqual(into.lines, out.lines);
    assert.ok(line.units.length * 1000 <= line.quantity, "no more IMEIs than pieces");
    assert.deepEqual(sent.map(({ stream }) => stream.shop), [out.from, out.to], "each end in its own shop's log");
    // Less to buy by as much as came, and the same is not offered again.
    await eventually(wanted, (pieces) => pieces <= Math.max(0, needed - line.quantity / 1000));
    await eventually(() => offers.filter({ hasText: name }).count(), (count) => count === 0);
    await browser.shot(`transfer-sent-${device}-${lang}`);

    // Taken back: a further transfer the other way, and the offer stands again.
    await browser.byId("toast").locator("button").first().click();
    await eventually(() => records(browser, "transfer", SAMPLE), (rows) => rows.length === 4);
    await eventually(() => offers.filter({ hasText: name }).count(), (count) => count === 1);
    await eventually(wanted, (pieces) => pieces === needed);
    assert.ok(before >= 1);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  }));
}

test("a shop without sales is told so, and one shop alone sends nothing", scenario(startServer, { device: "phone", lang: "roman" }, async ({ browser }) => {
  await startOwnShop(browser);
  await browser.goto("/stock/classes");
  await browser.page.locator(".empty").first().waitFor();
  await settled(browser);
  assert.equal(await browser.byId("abc-grid").count(), 0);
  await browser.axe("no classes yet");
  await browser.shot("abc-empty-phone-roman");
  await browser.goto("/reorder");
  await settled(browser);
  assert.equal(await browser.byId("transfers").count(), 0);
}));
