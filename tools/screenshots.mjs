// Authoring, not part of a build: takes the manifest's screenshots over from the last browser run (make e2e).
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";

const WANTED = [["today-phone-en", "phone", 390, 844], ["today-desktop-en", "desktop", 1440, 900]];
mkdirSync("public/screenshots", { recursive: true });
for (const [from, to, width, height] of WANTED) {
  const source = `tests/e2e/screenshots/${from}.png`;
  if (!existsSync(source)) throw new Error(`${source} is missing: run make e2e first`);
  const head = readFileSync(source);
  const size = [head.readUInt32BE(16), head.readUInt32BE(20)];
  if (size[0] !== width || size[1] !== height) throw new Error(`${source} is ${size.join("×")}, the manifest says ${width}×${height}`);
  copyFileSync(source, `public/screenshots/${to}.png`);
}
console.log("public/screenshots renewed");
