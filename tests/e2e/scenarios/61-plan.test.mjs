// The plan: why each order, the shop's limits and what gives way, a budget that replans, offline; it follows what is decided.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { eventually, settled, takeSample } from "../lib/steps.mjs";

/** Rows of the plan as they stand: name, pieces and reasons. */
async function plan(browser) {
  await settled(browser);
  return browser.byId("suggestion").evaluateAll((rows) => rows.map((row) => ({
    name: row.querySelector(".name").textContent,
    pieces: Number(row.querySelector("[data-testid=order-pieces]").value.replace(/[^0-9.]/g, "")),
    why: row.querySelector(".why").textContent,
  })));
}

const pieces = (rows) => rows.reduce((sum, row) => sum + row.pieces, 0);

for (const [device, lang] of [["phone", "en"], ["tablet", "ur"]]) {
  test(`a plan within limits on a ${device} in ${lang}, offline`, scenario(startServer, { device, lang }, async ({ browser, page }) => {
    await takeSample(browser);
    await browser.goto("/reorder");
    const free = await eventually(() => plan(browser), (rows) => rows.length >= 3);
    assert.ok(free.every(({ why }) => why.trim().length > 10), "every order says why");
    await browser.shot(`plan-${device}-${lang}`);
    await browser.cached();
    await browser.setOffline(true);

    // Half of the money: less is ordered, nothing more than before, and the page says what gave way.
    const slider = browser.byId("budget").locator("xpath=following-sibling::input");
    const most = Number(await slider.getAttribute("max"));
    await slider.evaluate((input, value) => {
      input.value = String(value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }, Math.floor(most / 2));
    const half = await eventually(() => plan(browser), (rows) => rows.length === free.length && pieces(rows) < pieces(free));
    const before = new Map(free.map((row) => [row.name, row.pieces]));
    assert.ok(half.every((row) => row.pieces <= before.get(row.name)), "less money orders more of something");
    await browser.byId("gave-way").waitFor();
    await browser.axe("a plan for half of the money");
    await browser.shot(`plan-half-${device}-${lang}`);
    await browser.byId("budget").fill("");
    await eventually(() => plan(browser), (rows) => pieces(rows) === pieces(free));

    // A supplier who sends nothing below what nobody orders is left out, and named.
    await browser.byId("limits").click();
    await browser.byId("limits-sheet").waitFor();
    const least = browser.byId("least-order").first();
    await least.fill("999999999");
    await browser.axe("limits");
    await browser.shot(`limits-${device}-${lang}`);
    await browser.byId("limits-save").click();
    await browser.byId("limits-sheet").locator("h2").waitFor({ state: "detached" });
    const left = await eventually(() => plan(browser), (rows) => rows.some((row) => row.pieces === 0));
    assert.ok(pieces(left) < pieces(free));
    await browser.byId("gave-way").waitFor();

    // Kept over a reload, still offline; taken away, the plan is whole again.
    await browser.reload();
    await eventually(() => plan(browser), (rows) => rows.length > 0 && pieces(rows) === pieces(left));
    await browser.byId("limits").click();
    await least.fill("");
    await browser.byId("limits-save").click();
    await eventually(() => plan(browser), (rows) => pieces(rows) === pieces(free));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
    if (await browser.byId("clearance").count()) {
      await browser.byId("clearance").first().scrollIntoViewIfNeeded();
      await browser.shot(`clearance-${device}-${lang}`);
    }
  }));
}

test("a plan follows what was decided before, and says so", scenario(startServer, { device: "phone" }, async ({ browser }) => {
  await takeSample(browser);
  await browser.goto("/reorder");
  const before = await eventually(() => plan(browser), (rows) => rows.length >= 3);
  const { name, pieces: suggested } = before[0];
  for (let times = 1; times <= 4; times += 1) {
    const rows = await eventually(() => plan(browser), (rows) => rows.some((row) => row.name === name));
    const at = rows.findIndex((row) => row.name === name);
    const field = browser.byId("order-pieces").nth(at);
    await field.fill(String(2 * rows[at].pieces));
    await field.press("Tab");
    await browser.byId("order-place").click();
    await eventually(() => plan(browser), (rows) => !rows.some((row) => row.name === name));
    await browser.byId("toast").locator("button").first().click();
    await browser.byId("toast").locator("button").first().waitFor({ state: "detached" });
  }
  const rows = await eventually(() => plan(browser), (rows) => rows.some((row) => row.name === name && row.pieces > suggested));
  const row = rows.find((row) => row.name === name);
  assert.match(row.why, /usually take more/);
  await browser.shot("plan-learned-phone-en");
}));
