// A browser as one person holds it: a device, a language, storage of its own that outlives a restart.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./server.mjs";

export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1024, height: 768 }, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
};
/** What a story is told with: each device and each language once; PAIRS=swapped tells it with the other two pairs. */
export const PAIRS = process.env.PAIRS === "swapped" ? [["phone", "ur"], ["tablet", "en"]] : [["phone", "en"], ["tablet", "ur"]];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = join(root, "tests/e2e/screenshots");

/**
 * Opens a browser at a server. `lang` is en, ur or roman and only the first choice: a switch made in the app stays.
 * `tolerate` lists patterns of console errors that the scenario provokes on purpose; `profile` is that of a browser that
 * was closed and kept; `flags` are further ones of Chromium.
 */
export async function open(server, { device = "desktop", lang = "en", tolerate = [], profile, flags = [] } = {}) {
  profile ??= await mkdtemp(join(tmpdir(), "dukandar-profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [...FLAGS, ...flags],
    baseURL: server.url,
    locale: "en-PK",
    timezoneId: "Asia/Karachi",
    acceptDownloads: true,
    ...DEVICES[device],
  });
  await context.addInitScript((first) => {
    try {
      if (localStorage.getItem("dukandar.lang") === null) localStorage.setItem("dukandar.lang", first);
    } catch {
      // about:blank has no storage
    }
  }, lang);
  const complaints = [];
  const watch = (page) => {
    page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const text = `${message.text()} (${message.location().url})`;
      if (!tolerate.some((pattern) => pattern.test(text))) complaints.push(text);
    });
  };
  context.pages().forEach(watch);
  context.on("page", watch);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(40_000);

  return {
    page,
    context,
    /** Goes to an address of the app and waits until the app stands there instead of the shell. */
    async goto(path) {
      await page.goto(server.url + path);
      await ready(page);
    },
    async reload() {
      await page.reload();
      await ready(page);
    },
    /** The service worker holds every file of this version. */
    async cached() {
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
        if (!navigator.serviceWorker.controller) {
          await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
        }
      });
    },
    byId: (id) => page.locator(`[data-testid="${id}"]`),
    /** axe-core finds nothing, in the state the page is in now; every icon on it exists. */
    async axe(what) {
      // A part that is fetched later may not stand yet; a page that never gets its heading is axe's to complain about.
      await page.locator("h1").first().waitFor({ state: "attached", timeout: 10_000 }).catch(() => {});
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        // half way into a sheet's opening no contrast is the one that is read; what turns for ever is not waited for
        const ending = document.getAnimations().filter((it) => Number.isFinite(it.effect.getComputedTiming().endTime));
        await Promise.allSettled(ending.map((it) => it.finished));
        const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
        return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`);
      });
      assert.deepEqual(violations, [], `axe on ${what}`);
      // An icon that the sprite lacks is drawn as nothing at all, and axe does not see it.
      const missing = await page.evaluate(async () => {
        const sprite = new DOMParser().parseFromString(await (await fetch("/icons.svg")).text(), "image/svg+xml");
        const used = [...document.querySelectorAll("use")].map((use) => use.getAttribute("href").split("#")[1]);
        return [...new Set(used)].filter((name) => !sprite.getElementById(name));
      });
      assert.deepEqual(missing, [], `icons on ${what}`);
    },
    async shot(name) {
      await mkdir(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}.png`) });
    },
    /** What Chromium would still object to before it offers to install the app. */
    async installabilityErrors() {
      const session = await context.newCDPSession(page);
      const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
      return installabilityErrors;
    },
    setOffline: (offline) => context.setOffline(offline),
    /** Nothing was logged as an error, no script was blocked, nothing was thrown. */
    assertQuiet() {
      assert.deepEqual(complaints, [], "console errors");
    },
    /** Ends the browser; what it stores stays in `profile` only if it is to be opened again with that. */
    async close({ keep = false } = {}) {
      await context.close();
      if (!keep) await rm(profile, { recursive: true, force: true });
    },
    profile,
  };
}

async function ready(page) {
  await page.waitForFunction(() => !document.getElementById("shell"), null, { timeout: 60_000 });
}

/** Runs a scenario with a server and a browser, keeps a picture when it fails, cleans up always. */
export function scenario(startServer, options, story) {
  return async (t) => {
    const server = await startServer();
    const browser = await open(server, options);
    try {
      await story({ server, browser, page: browser.page, t });
      browser.assertQuiet();
    } catch (error) {
      await browser.shot(`failed-${t.name.replace(/[^a-z0-9]+/gi, "-")}`).catch(() => {});
      if (server.log) t.diagnostic(server.log.slice(-2000));
      throw error;
    } finally {
      await browser.close();
      await server.remove();
    }
  };
}
