// The Galla: a day is opened, money moves in every way there is, the drawer is counted short, the owner is told; all of it
// without a network.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, scenario } from "../lib/browser.mjs";
import { addProduct, eventually, expectNumber, numberIn, records, sellOne, settled, signUp, startOwnShop, takeSample } from "../lib/steps.mjs";

/** The clock begins at noon, and a day later for each one in `test.days`: no scenario is caught by midnight. */
async function noon(browser) {
  const [day, zone] = [86_400_000, 5 * 3_600_000];
  const start = Date.now();
  const shift = Math.floor((start + zone) / day) * day - zone + day / 2 - start;
  await browser.context.addInitScript(([shift, day]) => {
    let days = 0;
    try {
      days = Number(localStorage.getItem("test.days") ?? 0);
    } catch {
      // about:blank has no storage
    }
    const real = Date.now.bind(Date);
    Date.now = () => real() + shift + days * day;
  }, [shift, day]);
}

/** Opens a form of the page, fills it and saves it; the sheet is gone then. */
async function enter(browser, name, fields, taps = []) {
  await browser.byId(name).click();
  for (const tap of taps) await browser.byId(tap).check({ force: true });
  for (const [field, value] of Object.entries(fields)) await browser.byId(field).fill(String(value));
  await browser.byId("save").click();
  await browser.byId("save").waitFor({ state: "detached" });
}

const expected = (browser, rupees) => expectNumber(browser, "day-expected", rupees);

for (const [device, lang] of PAIRS) {
  test(`a day at the counter on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: [/ERR_/, /Failed to load/] }, async ({ server, browser, page }) => {
    await noon(browser);
    await startOwnShop(browser);
    await addProduct(browser);
    await browser.cached();
    await server.stop();
    await browser.setOffline(true);

    // Bad input: clear words at the field, nothing written.
    await browser.goto("/day");
    await browser.axe("a drawer that was never counted");
    await browser.byId("day-open").click();
    const tens = browser.byId("count-10");
    for (const wrong of ["-1", "1.5", "200000", "x"]) {
      await tens.fill(wrong);
      assert.equal(await tens.getAttribute("aria-invalid"), "true", wrong);
      await browser.byId("save").click();
      assert.notEqual((await browser.byId("form-wrong").textContent()).trim(), "", wrong);
    }
    await tens.fill("");
    await browser.byId("save").click();
    assert.notEqual((await browser.byId("form-wrong").textContent()).trim(), "", "nothing is counted");
    await browser.byId("count-1000").fill("5");
    await browser.byId("balance-load").fill("2000");
    await browser.byId("balance-jazzcash").fill("10,000");
    await browser.axe("counting the drawer");
    await browser.shot(`day-open-${device}-${lang}`);
    await browser.byId("save").click();
    await expected(browser, 5_000);
    assert.equal((await records(browser, "closing")).length, 1, "wrong input wrote nothing");

    assert.equal(await sellOne(browser), 1_500);
    await browser.goto("/day");
    await expected(browser, 6_500);

    // An expense: open, what for, amount, save.
    await browser.byId("day-expense").click();
    for (const wrong of ["0", "-250", "", "9999999999"]) {
      await browser.byId("act-amount").fill(wrong);
      await browser.byId("save").click();
      assert.equal(await browser.byId("act-amount").getAttribute("aria-invalid"), "true", wrong);
    }
    await browser.byId("act-amount").fill("250");
    await browser.axe("an expense");
    await browser.shot(`day-expense-${device}-${lang}`);
    await browser.byId("save").click();
    await expected(browser, 6_250);
    await enter(browser, "day-expense", { "act-amount": 40_000 }, ["act-0", "paid-1"]);
    await eventually(() => browser.byId("day-entry").count(), (count) => count === 2);
    await expected(browser, 6_250);
    await enter(browser, "day-cash", { "act-amount": 1_000 }, ["act-11"]);
    await expected(browser, 5_250);

    // Taken back: a counter-entry, and both stay in the list.
    await enter(browser, "day-expense", { "act-name": "Bulb", "act-amount": 90 }, ["act-6"]);
    await expected(browser, 5_160);
    await browser.byId("day-undo").first().click();
    await expected(browser, 5_250);
    const bulbs = (await records(browser, "expense")).filter(({ data }) => data.category === "Bulb");
    assert.deepEqual(bulbs.map(({ data }) => data.amount), [9_000, -9_000]);
    assert.equal(bulbs[1].data.undoes, bulbs[0].data.id);

    // Easyload: more than the balance holds is warned of; commission comes into the balance.
    await browser.byId("day-service").click();
    await browser.byId("act-amount").fill("5000");
    await browser.byId("float-low").waitFor();
    await browser.axe("a service");
    await browser.shot(`day-service-${device}-${lang}`);
    await browser.byId("act-commission").fill("6000");
    await browser.byId("save").click();
    assert.equal(await browser.byId("act-commission").getAttribute("aria-invalid"), "true", "more than was moved");
    await browser.byId("act-amount").fill("500");
    await browser.byId("act-commission").fill("12");
    await browser.byId("float-low").waitFor({ state: "detached" });
    await browser.byId("save").click();
    await expected(browser, 5_750);
    await expectNumber(browser, "float-load", 1_512);
    // Money out of a wallet: the customer leaves a fee on the counter.
    await enter(browser, "day-service", { "act-amount": 3_000, "act-commission": 30 }, ["kind-2", "wallet-1"]);
    await expected(browser, 2_780);
    await expectNumber(browser, "float-jazzcash", 13_000);
    // 1,500 − 1,000 + 12 + 30 − 250 − 40,000, as SQL or a pencil would say.
    await eventually(() => browser.byId("day-profit").textContent(), (text) => text.replace(/[^0-9-]/g, "") === "-39708");
    await settled(browser);
    await browser.axe("the day");
    await page.evaluate(() => scrollTo(0, 0));
    await browser.shot(`day-${device}-${lang}`);
    await browser.byId("profit").scrollIntoViewIfNeeded();
    await browser.shot(`day-profit-${device}-${lang}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");

    // Another window has the form open too: the second closing is refused in words.
    const second = await browser.context.newPage();
    await second.goto(`${server.url}/day`);
    await second.locator('[data-testid="day-close"]').click();
    await second.locator('[data-testid="count-1"]').fill("7");

    await browser.byId("day-close").click();
    for (const [note, pieces] of [[1000, 2], [500, 1], [100, 2]]) await browser.byId(`count-${note}`).fill(String(pieces));
    await browser.byId("note").fill("Ali counted");
    await eventually(() => browser.byId("count-difference").textContent(), (text) => /80/.test(text));
    await browser.axe("closing");
    await browser.byId("counted").scrollIntoViewIfNeeded();
    await browser.shot(`day-count-${device}-${lang}`);
    await browser.byId("save").click();
    await browser.byId("day-closed").waitFor();
    await expected(browser, 2_700);
    assert.equal(await browser.byId("day-close").count(), 0, "a closed day is not closed again");

    await second.locator('[data-testid="day-closed"]').waitFor({ state: "attached" });
    await second.locator('[data-testid="save"]').click();
    await second.locator('[data-testid="form-wrong"] .wrong').waitFor();
    await second.close();

    const counts = await records(browser, "closing");
    assert.deepEqual(counts.map(({ data }) => [data.opening ?? false, data.expected, data.counted]), [[true, 0, 500_000], [false, 278_000, 270_000]]);
    assert.deepEqual(counts[1].data.denominations, { 100: 2, 500: 1, 1000: 2 });
    assert.deepEqual(counts[1].data.sums.service, { count: 2, amount: -247_000 });

    // The message has every figure, in the reader's language.
    const link = new URL(await browser.byId("closing-whatsapp").first().getAttribute("href"));
    assert.equal(link.origin, "https://wa.me");
    const text = link.searchParams.get("text").replace(/[\u2066-\u2069]/g, "").replaceAll("\u00a0", " ");
    for (const part of ["Hafeez Centre", "Rs 2,780", "Rs 2,700", "Rs 80", "Rs 1,500", "Ali counted", lang === "en" ? "short" : "کم"]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    await browser.byId("closings").scrollIntoViewIfNeeded();
    await browser.axe("a closed day");
    await browser.shot(`day-closed-${device}-${lang}`);

    // A reload keeps all of it; the next day opens with what was counted.
    await browser.reload();
    await browser.byId("day-closed").waitFor();
    await expected(browser, 2_700);
    assert.equal(await browser.byId("closing").count(), 1);
    await page.evaluate(() => localStorage.setItem("test.days", "1"));
    await browser.reload();
    await expected(browser, 2_700);
    await browser.byId("day-open").click();
    assert.equal(await browser.byId("count-1000").inputValue(), "2");
    assert.equal(await browser.byId("count-500").inputValue(), "1");
    await browser.shot(`day-next-${device}-${lang}`);
    await browser.byId("save").click();
    await browser.byId("day-open").waitFor({ state: "detached" });
    await expected(browser, 2_700);
    const [, , opening] = await records(browser, "closing");
    assert.deepEqual([opening.data.opening, opening.data.counted, opening.data.expected], [true, 270_000, 270_000]);
    assert.equal(opening.data.day, counts[1].data.day + 1);
  }));
}

test("the sample shop's past closings on a desktop", scenario(startServer, { device: "desktop" }, async ({ browser }) => {
  await takeSample(browser);
  await browser.page.getByRole("link", { name: "Galla" }).click();
  await browser.byId("closing").first().waitFor();
  assert.ok((await browser.byId("closing").count()) >= 10);
  assert.ok((await numberIn(browser, "day-expected")) > 0);
  await browser.axe("past closings");
  await browser.shot("day-desktop-en");
}));

test("whoever is signed in comes and goes, and the server takes every record of the day", scenario(startServer, { device: "phone" }, async ({ browser }) => {
  await startOwnShop(browser);
  await signUp(browser, "owner@example.pk", "a long pass phrase");
  const saved = () => browser.byId("sync-chip").and(browser.page.locator('[data-sync="saved"]')).waitFor({ timeout: 60_000 });
  await saved();
  await browser.goto("/day");
  const button = browser.byId("day-clock");
  const words = await button.textContent();
  await button.click();
  await browser.byId("day-member").getByText("owner@example.pk").waitFor();
  await eventually(() => button.textContent(), (now) => now !== words);
  await button.click();
  await eventually(() => button.textContent(), (now) => now === words);
  const acts = await records(browser, "staff_act");
  assert.deepEqual(acts.map(({ data }) => data.act), ["clock_in", "clock_out"]);
  await enter(browser, "day-open", { "count-500": 3, "balance-easypaisa": 900 });
  await enter(browser, "day-expense", { "act-amount": 120 });
  await enter(browser, "day-cash", { "act-amount": 700 }, ["act-8"]);
  await enter(browser, "day-service", { "act-amount": 400, "act-commission": 5 }, ["kind-1", "wallet-2"]);
  await expected(browser, 1_500 - 120 + 700 + 405);
  await browser.byId("day-undo").first().click();
  await expected(browser, 1_500 - 120 + 700);
  await enter(browser, "day-close", { "count-1000": 2, "count-50": 1, "count-20": 2 });
  await browser.byId("day-closed").waitFor();
  await saved();
  assert.deepEqual((await records(browser, "closing")).map(({ data }) => data.staff !== null), [true, true]);
  await browser.goto("/settings");
  assert.equal(await browser.byId("put-aside").count(), 0, "the server put a record of the day aside");
}));
