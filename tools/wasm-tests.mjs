// Authoring: gives every test module of core the line by which its tests run in the browser too; with --check it
// only names the modules that lack it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LINE = '#[cfg(target_family = "wasm")]\n    use wasm_bindgen_test::wasm_bindgen_test as test;\n';
const check = process.argv.includes("--check");
let lacking = 0;
for (const entry of readdirSync("core/src", { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  if (!path.endsWith(".rs")) continue;
  const text = readFileSync(path, "utf8");
  if (!/^\s*#\[test\]/m.test(text) || text.includes("wasm_bindgen_test as test")) continue;
  lacking += 1;
  if (check) {
    console.error(`${path}: its tests do not run in the browser: node tools/wasm-tests.mjs puts the line in`);
  } else if (/mod tests \{\n/.test(text)) {
    writeFileSync(path, text.replace(/mod tests \{\n/, `mod tests {\n    ${LINE}\n`));
  } else {
    // A test module with a file of its own: after its inner comments and attributes.
    const head = text.match(/^(?:\/\/!.*\n|#!\[.*\n|\s*\n)*/)[0];
    writeFileSync(path, head + LINE.replace("\n    ", "\n") + "\n" + text.slice(head.length));
  }
}
process.exit(check && lacking ? 1 : 0);
