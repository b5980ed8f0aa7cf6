// Two devices of one shop: what was imported and sold on the first stands on the second after signing in.
import { join } from "node:path";
import test from "node:test";
import { root, startServer } from "../lib/server.mjs";
import { open, scenario } from "../lib/browser.mjs";
import { expectNumber, importFile, numberIn, sellOne, settled, signIn, signUp, startOwnShop, todayStands } from "../lib/steps.mjs";

const FILE = join(root, "tests/data/online_retail_2010_2011.csv.gz");
const FIGURES = ["figure-sales", "figure-pieces", "figure-receivable"];
const read = async (browser) => {
  await todayStands(browser);
  await settled(browser);
  return Promise.all(FIGURES.map((id) => numberIn(browser, id)));
};

test("a second device shows the same figures", scenario(startServer, { device: "tablet" }, async ({ server, browser }) => {
  await startOwnShop(browser);
  await importFile(browser, FILE);
  await sellOne(browser);
  await signUp(browser, "owner@example.pk", "a long pass phrase");
  await browser.byId("sync-chip").and(browser.page.locator('[data-sync="saved"]')).waitFor({ timeout: 120_000 });
  await browser.goto("/");
  const first = await read(browser);

  const second = await open(server, { device: "phone", lang: "ur" });
  try {
    await signIn(second, "owner@example.pk", "a long pass phrase");
    await second.byId("sync-chip").and(second.page.locator('[data-sync="saved"]')).waitFor({ timeout: 120_000 });
    await second.goto("/");
    await todayStands(second);
    for (const [index, id] of FIGURES.entries()) await expectNumber(second, id, first[index]);
    await second.shot("second-device-phone-ur");
    second.assertQuiet();
  } finally {
    await second.close();
  }
}));
