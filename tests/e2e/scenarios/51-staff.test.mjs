// The people at the counter: the owner names Bilal, Bilal comes, takes the counter by his PIN, sells within what a cashier
// may and sees no cost; the owner comes back by the owner's PIN, and sees what Bilal sold, earned and when he was there.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { PAIRS, open, scenario } from "../lib/browser.mjs";
import { eventually, records, settled, signIn, signUp, startOwnShop, stored } from "../lib/steps.mjs";

const OFFLINE = [/ERR_/, /Failed to load/];
const digits = (text) => Number(text.replace(/[^0-9.-]/g, ""));
const seen = (browser, id) => browser.byId(id).locator("visible=true").first();
const plain = (text) => text.replace(/[\u2066-\u2069]/g, "").replaceAll("\u00a0", " ");

/** The page's clock begins at noon and can be put forward: no scenario is caught by midnight. */
async function clock(browser) {
  const [day, zone, start] = [86_400_000, 5 * 3_600_000, Date.now()];
  const noon = Math.floor((start + zone) / day) * day - zone + day / 2 - start;
  await browser.context.addInitScript((noon) => {
    const real = Date.now.bind(Date);
    try {
      window.testShift = Number(localStorage.getItem("test.shift") ?? 0);
    } catch {
      window.testShift = 0;
    }
    Date.now = () => real() + noon + window.testShift;
    // A page that comes to the front looks for a new version; without a network that throws, and is not this story.
    if (window.ServiceWorkerRegistration) ServiceWorkerRegistration.prototype.update = () => Promise.resolve();
  }, noon);
}

async function forward(page, minutes) {
  await page.evaluate((minutes) => {
    window.testShift += minutes * 60_000;
    localStorage.setItem("test.shift", String(window.testShift));
    document.dispatchEvent(new Event("visibilitychange"));
  }, minutes);
}

/** Two things to sell, with price and cost. */
async function addGoods(browser) {
  await browser.goto("/stock");
  for (const [name, price, cost] of [["Redmi Note 13", 50_000, 46_000], ["Charger 20W", 1_500, 900]]) {
    await browser.byId("add-product-open").first().click();
    const form = browser.byId("add-product");
    for (const [field, value] of Object.entries({ name, price, cost, opening: 10 })) await form.locator(`[name="${field}"]`).fill(String(value));
    await form.locator('[data-testid="save"]').click();
    await form.waitFor({ state: "hidden" });
  }
}

async function namePerson(browser, { name, role, kind, rate, pin }) {
  await browser.byId("staff-add").click();
  await browser.byId("staff-name").fill(name);
  if (role) await browser.byId("staff-role").selectOption(role);
  await browser.byId("staff-kind").selectOption(kind);
  await browser.byId("staff-rate").fill(rate);
  await browser.byId("staff-pin").fill(pin);
  await browser.byId("save").click();
  await browser.byId("staff-form").waitFor({ state: "hidden" });
  await browser.byId("staff-row").filter({ hasText: name }).waitFor();
}

async function setOwnerPin(browser, pin) {
  await browser.goto("/settings");
  await browser.byId("pin-set").click();
  await browser.byId("new-pin").fill(pin);
  await browser.byId("save").click();
  await browser.byId("save").waitFor({ state: "detached" });
}

/** The sheet of the counter, with one name chosen and its PIN typed. */
async function asPerson(browser, name, pin) {
  await seen(browser, "hand-open").click();
  await browser.byId("hand-name").filter({ hasText: name }).click();
  await browser.byId("hand-pin").fill(pin);
}

async function gone(browser) {
  await browser.byId("hand-sheet").waitFor({ state: "hidden" });
}

async function put(browser, name) {
  await browser.byId("pos-search").fill(name);
  await browser.byId("product").filter({ hasText: name }).click();
}

async function openBill(browser) {
  if (browser.page.viewportSize().width < 600 && !(await browser.byId("bill-sheet").isVisible())) await browser.byId("open-bill").click();
  await seen(browser, "agree-open").waitFor();
}

async function agree(browser, amount) {
  await openBill(browser);
  await seen(browser, "agree-open").click();
  await browser.byId("agreed").fill(String(amount));
  await browser.byId("agree-sheet").locator('[data-testid="save"]').click();
  await browser.byId("agree-sheet").waitFor({ state: "hidden" });
}

async function charge(browser) {
  await openBill(browser);
  await seen(browser, "charge").click();
  await browser.byId("confirm-sale").click();
}

const isLocked = (browser) => browser.byId("lock").getAttribute("data-locked");

for (const [device, lang] of PAIRS) {
  test(`a cashier at the counter on a ${device} in ${lang}`, scenario(startServer, { device, lang, tolerate: OFFLINE }, async ({ server, browser, page }) => {
    const shot = (what) => browser.shot(`staff-${what}-${device}-${lang}`);
    await clock(browser);
    await startOwnShop(browser);
    await addGoods(browser);
    await browser.goto("/pos");
    await browser.byId("product").first().waitFor();
    assert.equal(await browser.byId("hand-open").count(), 0, "without people all is as before");
    await browser.cached();
    await server.stop();
    await browser.setOffline(true);

    // The owner names Bilal; what is not right is said, and nothing is written.
    await browser.goto("/settings");
    await browser.byId("staff-add").click();
    await browser.byId("staff-kind").selectOption("1");
    await browser.byId("staff-rate").fill("101");
    await browser.byId("save").click();
    for (const field of ["staff-name", "staff-rate", "staff-pin"]) {
      await eventually(() => browser.byId(field).getAttribute("aria-invalid"), (wrong) => wrong === "true");
    }
    await browser.axe("a person that is not right");
    await shot("form");
    assert.equal((await records(browser, "member")).length, 0);
    await page.keyboard.press("Escape");
    await namePerson(browser, { name: "Bilal", kind: "1", rate: "2", pin: "1234" });
    const [member] = await records(browser, "member");
    assert.deepEqual([member.data.role, member.data.commission, member.data.left], ["cashier", { of_sales: 200 }, false]);
    assert.ok(!JSON.stringify(await stored(browser, "events")).includes("Bilal"), "a name lies sealed");
    const bilal = member.data.user;
    await browser.byId("staff").scrollIntoViewIfNeeded();
    await browser.axe("the people of the shop");
    await shot("settings");

    // Without an owner's PIN nobody could bring the owner back; coming needs none.
    await browser.goto("/pos");
    await asPerson(browser, "Bilal", "1234");
    await browser.byId("hand-no-owner").waitFor();
    await browser.byId("hand-come").click();
    await gone(browser);
    const acts = () => records(browser, "staff_act");
    await eventually(async () => (await acts()).length, (count) => count === 1);
    assert.deepEqual((await acts()).map(({ data }) => [data.user, data.act]), [[bilal, "clock_in"]]);
    await setOwnerPin(browser, "4711");

    // Bilal takes the counter; a wrong PIN does not.
    await browser.goto("/pos");
    await asPerson(browser, "Bilal", "9999");
    await browser.byId("hand-take").click();
    await eventually(() => browser.byId("hand-pin").inputValue(), (value) => value === "");
    assert.equal(await isLocked(browser), "false");
    await browser.axe("a wrong PIN");
    await shot("wrong-pin");
    await browser.byId("hand-pin").fill("1234");
    await browser.byId("hand-take").click();
    await gone(browser);
    await seen(browser, "hand-open").getByText("Bilal").waitFor();
    assert.equal(await isLocked(browser), "true");
    await browser.axe("Bilal at the counter");
    await shot("till");

    // Below what a cashier may is refused; within it is his sale, and he sees no cost.
    await put(browser, "Redmi");
    await agree(browser, 47_000);
    await openBill(browser);
    assert.equal(await browser.byId("line-margin").locator("visible=true").count(), 0, "no margin");
    await charge(browser);
    await browser.byId("pay-wrong").getByText("Redmi Note 13").waitFor();
    assert.equal((await records(browser, "sale")).length, 0, "too low");
    await browser.goto("/pos");
    await agree(browser, 48_500);
    await charge(browser);
    await browser.byId("receipt").waitFor();
    const [sale] = await records(browser, "sale");
    assert.deepEqual([sale.data.staff, sale.actor, sale.data.lines[0].amount], [bilal, bilal, 4_850_000]);
    await browser.goto("/");
    await browser.byId("closed").waitFor();

    // He sees his own sales and commission, no margin, no month of others.
    await browser.goto("/day");
    const row = browser.byId("day-member").filter({ hasText: "Bilal" });
    await eventually(() => row.textContent().then(plain), (text) => text.includes("Rs 48,500") && text.includes("Rs 970"));
    assert.ok(!plain(await row.textContent()).includes("Rs 2,500"), "no margin");
    assert.equal(await browser.byId("staff-month").count(), 0);
    assert.equal(await browser.byId("day-profit").count(), 0);
    await browser.byId("day-staff").scrollIntoViewIfNeeded();
    await browser.axe("Bilal's day");
    await shot("day-own");

    // A reload and five quiet minutes leave him there: he may no more than a locked counter lets anybody.
    await browser.reload();
    await browser.goto("/pos");
    await seen(browser, "hand-open").getByText("Bilal").waitFor();
    await forward(page, 90);
    await seen(browser, "hand-open").getByText("Bilal").waitFor();

    // The owner comes back by the owner's PIN.
    await browser.byId("lock").click();
    await browser.byId("pin").fill("4711");
    await browser.byId("pin-ok").click();
    await eventually(() => isLocked(browser), (locked) => locked === "false");
    await eventually(() => seen(browser, "hand-open").textContent(), (text) => !text.includes("Bilal"));
    await put(browser, "Charger");
    await charge(browser);
    await browser.byId("receipt").waitFor();
    assert.equal((await records(browser, "sale")).at(-1).data.staff, null, "the owner's sale is not Bilal's");

    // Bilal goes with his PIN, without having been at the counter.
    await browser.goto("/day");
    await asPerson(browser, "Bilal", "1234");
    await browser.byId("hand-go").click();
    await gone(browser);
    await eventually(() => row.textContent().then(plain), (text) => text.includes("1.5") && text.includes("Rs 2,500"));

    // His month; hours that nobody wrote down are added, and taken back by counter-entries.
    await row.locator('[data-testid="member-open"]').click();
    const month = async () => plain(await browser.byId("member-month").textContent());
    await eventually(month, (text) => text.includes("Rs 48,500") && text.includes("Rs 970"));
    await browser.byId("hours-open").click();
    await browser.byId("hours-save").click();
    await eventually(() => browser.byId("hours-from").getAttribute("aria-invalid"), (wrong) => wrong === "true");
    await browser.byId("hours-from").fill("02:00");
    await browser.byId("hours-until").fill("04:30");
    await browser.byId("hours-save").click();
    await eventually(month, (text) => text.includes("4 "));
    await eventually(() => browser.byId("span").count(), (count) => count === 2);
    await browser.axe("Bilal's month");
    await shot("profile");
    await browser.byId("span-undo").last().click();
    await eventually(() => browser.byId("span").count(), (count) => count === 1);
    assert.deepEqual((await acts()).slice(-2).map(({ data }) => data.taken_back), [true, true]);
    await page.keyboard.press("Escape");

    // The month's list goes out by WhatsApp and as a table.
    const link = new URL(await browser.byId("month-whatsapp").getAttribute("href"));
    const text = plain(link.searchParams.get("text"));
    for (const part of ["Hafeez Centre", "Bilal", "Rs 48,500", "Rs 970", "Rs 2,500"]) assert.ok(text.includes(part), `${part} in ${text}`);
    const [file] = await Promise.all([page.waitForEvent("download"), browser.byId("month-csv").click()]);
    assert.equal(file.suggestedFilename(), "staff.csv");
    await settled(browser);
    await browser.byId("staff-month").scrollIntoViewIfNeeded();
    await browser.axe("the month's list");
    await shot("month");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");

    // Who has left is gone from the counter, and stands where he was named.
    await browser.goto("/settings");
    await browser.byId("staff-edit").click();
    await browser.byId("staff-left").check();
    await browser.byId("save").click();
    await browser.byId("staff-form").waitFor({ state: "hidden" });
    await browser.goto("/pos");
    await browser.byId("product").first().waitFor();
    await eventually(() => browser.byId("hand-open").count(), (count) => count === 0);
  }));
}

test("a manager named on one device takes the counter of another", scenario(startServer, { device: "tablet" }, async ({ server, browser }) => {
  const saved = (browser) => browser.byId("sync-chip").and(browser.page.locator('[data-sync="saved"]')).waitFor({ timeout: 120_000 });
  await startOwnShop(browser);
  await addGoods(browser);
  await browser.goto("/settings");
  await namePerson(browser, { name: "Sana", role: "1", kind: "3", rate: "150", pin: "2468" });
  await signUp(browser, "owner@example.pk", "a long pass phrase");
  await saved(browser);

  const second = await open(server, { device: "phone", lang: "ur" });
  try {
    await signIn(second, "owner@example.pk", "a long pass phrase");
    await saved(second);
    await setOwnerPin(second, "4711");
    await second.byId("staff-row").filter({ hasText: "Sana" }).waitFor();
    await second.goto("/pos");
    await asPerson(second, "Sana", "2468");
    await second.byId("hand-take").click();
    await gone(second);
    assert.equal(await isLocked(second), "true");
    await second.goto("/reorder");
    await settled(second);
    assert.equal(await second.byId("closed").count(), 0, "a manager sees what to order");
    await second.goto("/settings");
    await second.byId("pin-state").waitFor();
    assert.equal(await second.byId("staff").count(), 0, "naming people is the owner's");
    await second.goto("/pos");
    await put(second, "Charger");
    await charge(second);
    await second.byId("receipt").waitFor();
    await saved(second);
    assert.equal((await records(second, "sale")).at(-1).data.staff, (await records(browser, "member"))[0].data.user);
    second.assertQuiet();
  } finally {
    await second.close();
  }
  await browser.goto("/settings");
  await browser.byId("sync-now").click();
  await browser.goto("/day");
  const row = browser.byId("day-member").filter({ hasText: "Sana" });
  await eventually(() => row.textContent().then(plain), (text) => text.includes("Rs 1,500"));
}));
