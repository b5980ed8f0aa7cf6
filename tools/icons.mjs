// Authoring, not part of a build: writes public/icons.svg (a sprite of the lucide icons the screens use) and the
// app's own icons as PNG and ICO from public/favicon.svg. `make icons` installs what it needs and calls it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const authoring = createRequire(new URL("../.tools/authoring/package.json", import.meta.url));
const { chromium } = createRequire(new URL("../tests/e2e/package.json", import.meta.url))("playwright-core");

const LUCIDE = ["house", "receipt", "shopping-cart", "package", "package-plus", "truck", "users", "book-open", "tag", "store",
  "chart-line", "chart-column", "settings", "ellipsis", "search", "plus", "minus", "x", "check", "circle-check", "arrow-left",
  "arrow-right", "arrow-up", "arrow-down", "triangle-alert", "info", "wifi", "wifi-off", "refresh-cw", "upload",
  "download", "file-text", "smartphone", "banknote", "user", "log-out", "log-in", "trash-2", "printer", "share-2", "languages",
  "undo-2", "chevron-right", "chevron-left", "chevron-down", "calendar", "history", "clock", "table", "filter", "pencil",
  "shield-check", "message-square", "percent", "cloud", "cloud-off", "sparkles", "eye", "circle", "circle-question-mark", "lock", "lock-open", "search-x",
  "scan-barcode", "zap"];

// The sprite carries geometry only; stroke and size come from the style sheet by way of <use>.
const symbols = LUCIDE.map((name) => {
  const svg = readFileSync(authoring.resolve(`lucide-static/icons/${name}.svg`)).toString();
  const shapes = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "")
    .replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
});
writeFileSync("public/icons.svg",
  `<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide 1.62.0, ISC, see icons.LICENSE -->\n${symbols.join("\n")}\n</svg>\n`);
writeFileSync("public/icons.LICENSE", readFileSync(authoring.resolve("lucide-static/LICENSE")));

// The app's icons. A maskable icon is cut to any shape, so its mark stays in the middle four fifths and its
// ground runs to the edge.
const mark = readFileSync("public/favicon.svg").toString();
const maskable = mark.replace('viewBox="0 0 512 512"', 'viewBox="-64 -64 640 640"')
  .replace('<rect width="512" height="512" rx="112"', '<rect x="-64" y="-64" width="640" height="640"');
mkdirSync("public/icons", { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
async function png(svg, size) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>*{margin:0}svg{display:block;inline-size:${size}px;block-size:${size}px}</style>${svg}`);
  const bytes = await page.screenshot({ omitBackground: true });
  await page.close();
  return bytes;
}
for (const size of [180, 192, 512]) writeFileSync(`public/icons/icon-${size}.png`, await png(mark, size));
writeFileSync("public/icons/maskable-512.png", await png(maskable, 512));
// An ICO file may hold a PNG as it is: a six-byte head, one directory entry, the picture.
const small = await png(mark, 32);
const head = Buffer.alloc(22);
head.writeUInt16LE(1, 2); head.writeUInt16LE(1, 4);
head.writeUInt8(32, 6); head.writeUInt8(32, 7); head.writeUInt16LE(1, 10); head.writeUInt16LE(32, 12);
head.writeUInt32LE(small.length, 14); head.writeUInt32LE(22, 18);
writeFileSync("public/favicon.ico", Buffer.concat([head, small]));
await browser.close();
console.log(`${LUCIDE.length} icons in the sprite, app icons drawn`);
