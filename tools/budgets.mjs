// Bytes of each artefact of dist/ as they cross the wire (brotli; woff2 as it is) against the budgets of the
// design. Exits 1 on an overrun.
import { readdirSync, statSync, existsSync } from "node:fs";
import { join } from "node:path";

const KB = 1024;
// The design's aims are 350 KB for the page and 600 KB for the worker; README's "Not yet" says so. Until then these hold
// the line. What is fetched when a page of the back office is first opened has no budget there and gets one here.
const BUDGETS = [
  ["page wasm", /^app-[0-9a-f]+_bg\.wasm$/, 450 * KB],
  ["parts fetched later", /^(split|chunk)_\w+\.wasm$/, 530 * KB],
  ["page and worker JS, sw.js", /^(app-[0-9a-f]+|worker|worker_loader|sw|__wasm_split)\.js$/, 22 * KB],
  ["CSS", /\.css$/, 15 * KB],
  ["fonts (Urdu only)", /\.woff2$/, 32 * KB],
  ["worker wasm (after first paint)", /^worker_bg\.wasm$/, 840 * KB],
  ["reader of barcodes (when first used)", /^scan(_bg\.wasm|_loader\.js|\.js)$/, 40 * KB],
];
const dist = process.argv[2] ?? "dist";
if (!existsSync(join(dist, "index.html"))) {
  console.error(`${dist}/ has no build: run make build first`);
  process.exit(1);
}
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
  .map((entry) => ({ name: entry.name, path: join(entry.parentPath ?? entry.path, entry.name) }));
let over = 0;
for (const [what, pattern, budget] of BUDGETS) {
  const matching = files.filter(({ name }) => pattern.test(name));
  if (matching.length === 0) {
    console.error(`no file for "${what}" (${pattern}): the build is incomplete or its names have changed`);
    over += 1;
    continue;
  }
  const bytes = matching.reduce((sum, { path }) => sum + statSync(existsSync(path + ".br") ? path + ".br" : path).size, 0);
  const verdict = bytes <= budget ? "ok  " : "OVER";
  if (bytes > budget) over += 1;
  console.log(`${verdict} ${what.padEnd(34)} ${(bytes / KB).toFixed(1).padStart(7)} of ${budget / KB} KB`);
}
process.exit(over ? 1 : 0);
