// A new device of a business with thousands of entries reads sealed runs first, then the tail by pages, and shows what
// the first device shows. The entries come from a till without a screen: plain calls of the API.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { open, scenario } from "../lib/browser.mjs";
import { expectNumber, numberIn, settled, signIn, signUp, startOwnShop, todayStands } from "../lib/steps.mjs";

const SALES = 2_150;
const PROTOCOL = 2;
const LOGIN = "owner@example.pk";
const PASSWORD = "a long pass phrase";
const saved = (browser) =>
  browser.byId("sync-chip").and(browser.page.locator('[data-sync="saved"]')).waitFor({ timeout: 120_000 });

/** A till that speaks to the server only: signs in and sells one piece for 100 rupees, time and again. */
async function till(url, sales) {
  const device = randomUUID();
  let cookie = "";
  const call = async (name, request) => {
    const reply = await fetch(`${url}/api/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify({ request }),
    });
    const text = await reply.text();
    assert.equal(reply.status, 200, `${name}: ${text}`);
    cookie = reply.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return JSON.parse(text);
  };
  const session = await call("sign-in", { login: LOGIN, password: PASSWORD, device, device_name: "Till" });
  const pulled = await call("pull", { protocol: PROTOCOL, device, cursors: [], limit: 1000 });
  const events = pulled.pages.flatMap((page) => page.events.map(({ event }) => event));
  const shop = events.find((event) => event.kind === "shop").data.id;
  const [epoch, product, at] = [randomUUID(), randomUUID(), Date.now()];
  for (let from = 0; from < sales; from += 200) {
    const batch = Array.from({ length: Math.min(200, sales - from) }, (_, place) => ({
      id: randomUUID(), tenant: session.tenant, stream: { shop }, device, epoch, seq: from + place + 1, at,
      grant: session.grant, actor: session.user, kind: "sale", v: 1,
      data: {
        id: randomUUID(), shop, number: `T-${from + place}`, at, zone: events.find((event) => event.kind === "shop").data.zone,
        customer: null, staff: null,
        lines: [{ product, units: [], quantity: 1_000, unit_price: 10_000, discount: 0, amount: 10_000, unit_cost: null }],
        payments: [{ method: "cash", amount: 10_000 }],
      },
    }));
    const reply = await call("push", { protocol: PROTOCOL, device, epoch, events: batch, relay: false });
    assert.ok(reply.outcomes.every(({ outcome }) => outcome === "accepted"), JSON.stringify(reply.outcomes[0]));
  }
}

test("a new device reads sealed runs first", scenario(startServer, { device: "tablet" }, async ({ server, browser }) => {
  await startOwnShop(browser);
  await signUp(browser, LOGIN, PASSWORD);
  await saved(browser);
  await till(server.url, SALES);

  const second = await open(server, { device: "phone", lang: "ur" });
  try {
    const runs = [];
    second.context.on("request", (request) => {
      if (request.url().includes("/api/event-segment/")) runs.push(request.url());
    });
    await signIn(second, LOGIN, PASSWORD);
    await saved(second);
    await second.goto("/");
    await todayStands(second);
    await expectNumber(second, "figure-pieces", SALES);
    assert.equal(runs.length, 1, "one run of 2,000 sales; the rest by pages");
    // The first device reads the same by pages.
    await browser.goto("/");
    await todayStands(browser);
    await settled(browser);
    await expectNumber(browser, "figure-pieces", SALES);
    assert.equal(await numberIn(second, "figure-sales"), await numberIn(browser, "figure-sales"));
    second.assertQuiet();
  } finally {
    await second.close();
  }
}));
