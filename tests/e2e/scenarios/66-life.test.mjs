// A model's life on its page: where it stands, what is left to sell, who follows it; a new one judged by those like it.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { startServer } from "../lib/server.mjs";
import { scenario } from "../lib/browser.mjs";
import { importFile, settled, startOwnShop } from "../lib/steps.mjs";

/** A day of the shop, which is in Karachi: five hours ahead of UTC, all year. */
const day = (offset) => new Date(Date.now() + 5 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10);

/** Phones by code, name and the days since their launch. */
const PHONES = [
  ["P1", "Galaxy A05", 400], ["P2", "Galaxy S21", 390], ["P3", "Galaxy M12", 380], ["P4", "Galaxy A06", 150],
  ["P5", "Galaxy F30", 300], ["P6", "Galaxy Z40", 280], ["P7", "Galaxy X50", 16],
];

/** A charger that always sold, and the phones: four a day for twelve weeks, one a day from then on. */
function sales() {
  const rows = ["Receipt,Date,Code,Product,Category,Brand,Quantity,Price"];
  for (let back = 500; back > 0; back -= 1) {
    rows.push(`C${back},${day(-back)} 12:00,C1,Charger,Accessories,Anker,1,900`);
    for (const [code, name, launched] of PHONES) {
      if (back > launched) continue;
      const pieces = launched - back < 84 ? 4 : 1;
      rows.push(`${code}-${back},${day(-back)} 13:00,${code},${name},Mobiles,Samsung,${pieces},40000`);
    }
  }
  return `${rows.join("\n")}\n`;
}

for (const [device, lang, words] of [
  ["phone", "en", { old: /successor Galaxy A06/, alike: /judged by 6 models/, elsewhere: /Elsewhere, new products/ }],
  ["tablet", "ur", { old: /Galaxy A06/, alike: /6\u2069? ماڈلوں/, elsewhere: /دوسری جگہوں/ }],
]) {
  test(`a model's life on a ${device} in ${lang}`, scenario(startServer, { device, lang }, async ({ browser, page }) => {
    const folder = await mkdtemp(join(tmpdir(), "dukandar-life-"));
    try {
      const file = join(folder, "phones.csv");
      await writeFile(file, sales());
      await startOwnShop(browser);
      await importFile(browser, file, { currency: "PKR" });
      await browser.cached();
      await browser.setOffline(true);
      const open = async (name) => {
        await browser.goto("/stock");
        await settled(browser);
        await browser.byId("stock-table").getByText(name, { exact: true }).click();
        await browser.byId("life-cycle").waitFor({ timeout: 60_000 });
        await settled(browser);
        return browser.byId("life-cycle").textContent();
      };
      assert.match(await open("Galaxy A05"), words.old);
      await browser.byId("life-cycle").scrollIntoViewIfNeeded();
      await browser.shot(`life-old-${device}-${lang}`);
      const young = await open("Galaxy X50");
      assert.match(young, words.alike);
      // the file beside the app is read without a network too
      assert.match(young, words.elsewhere);
      assert.match(await browser.byId("too-little").textContent(), /12/, "how much is missing stays beside it");
      await browser.axe(`life of a new model on a ${device} in ${lang}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
      await browser.byId("life-cycle").scrollIntoViewIfNeeded();
      await browser.shot(`life-new-${device}-${lang}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }));
}
