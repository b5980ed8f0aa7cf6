// The page opens: shell first, then the app; nothing is blocked by its own content security policy.
import assert from "node:assert/strict";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";

for (const [lang, dir] of [["en", "ltr"], ["ur", "rtl"], ["roman", "ltr"]]) {
  test(`opens in ${lang} on a phone`, scenario(startServer, { device: "phone", lang }, async ({ browser, page }) => {
    const response = await page.goto("/");
    assert.equal(response.status(), 200);
    assert.match(response.headers()["content-security-policy"] ?? "", /script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
    await browser.goto("/");
    assert.equal(await page.evaluate(() => document.documentElement.dir), dir);
    assert.equal(await page.title() !== "", true);
    await browser.shot(`open-phone-${lang}`);
  }));
}

test("the browser offers to install it", scenario(startServer, {}, async ({ browser }) => {
  await browser.goto("/");
  await browser.cached();
  assert.deepEqual(await browser.installabilityErrors(), []);
}));
