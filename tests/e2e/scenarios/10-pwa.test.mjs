// What makes it an app: it opens without a network and without a server, an update waits until it is let in, and a
// file shared from another app arrives.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { startOwnShop } from "../lib/steps.mjs";

const UNREACHABLE = { tolerate: [/ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|Failed to load resource/] };

test("a deep link opens with the server killed", scenario(startServer, { device: "phone", ...UNREACHABLE }, async ({ server, browser, page }) => {
  // A device without a shop is led to the welcome from anywhere.
  await startOwnShop(browser);
  await browser.cached();
  await server.stop();
  await browser.goto("/settings");
  await browser.byId("add-shop").waitFor();
  assert.equal(new URL(page.url()).pathname, "/settings");
  await browser.shot("deep-link-server-killed-phone-en");
}));

test("it reloads offline, in Urdu from right to left", scenario(startServer, { device: "phone", lang: "ur", ...UNREACHABLE }, async ({ browser, page }) => {
  await browser.goto("/");
  await browser.cached();
  await browser.setOffline(true);
  await browser.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
}));

test("every file of the version is in the cache, with the content the server sends", scenario(startServer, {}, async ({ server, browser, page }) => {
  await browser.goto("/");
  await browser.cached();
  const kept = await page.evaluate(async () => {
    const cache = await caches.open("dukandar-" + document.querySelector('meta[name="dukandar-revision"]').content);
    const entries = [];
    for (const key of await cache.keys()) {
      const digest = await crypto.subtle.digest("SHA-256", await (await cache.match(key)).arrayBuffer());
      entries.push([new URL(key.url).pathname, [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("")]);
    }
    return entries;
  });
  assert.ok(kept.length >= 10, `only ${kept.length} entries`);
  const differing = [];
  for (const [path, digest] of kept) {
    // From outside the browser, so that the service worker cannot answer for itself.
    const served = Buffer.from(await (await fetch(server.url + path)).arrayBuffer());
    if (createHash("sha256").update(served).digest("hex") !== digest) differing.push(path);
  }
  assert.deepEqual(differing, []);
}));

test("the API never comes from a cache", scenario(startServer, { ...UNREACHABLE }, async ({ server, browser, page }) => {
  await browser.goto("/");
  await browser.cached();
  await server.stop();
  const answer = await page.evaluate(() => fetch("/api/anything").then((response) => response.status, () => "no network"));
  assert.equal(answer, "no network");
}));

test("a file shared from another app waits for the import page", scenario(startServer, {
  // A fetch follows the redirect as no navigation would, and the server has no file of that name.
  tolerate: [/stock\/import/],
}, async ({ browser, page }) => {
  await browser.goto("/");
  await browser.cached();
  const [landed, text] = await page.evaluate(async () => {
    const form = new FormData();
    form.append("file", new File(["sku,qty\nA,1"], "sales.csv", { type: "text/csv" }));
    const response = await fetch("/stock/import", { method: "POST", body: form });
    return [new URL(response.url).pathname + new URL(response.url).search, await (await fetch("/shared-file")).text()];
  });
  assert.equal(landed, "/stock/import?shared=1");
  assert.equal(text, "sku,qty\nA,1");
}));
