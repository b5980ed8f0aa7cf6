// Trunk's post_build hook. After a release build it finishes what lies in the staging folder:
//   1. cuts the page's wasm into what a till needs and the pages that are fetched later (app/src/page/lazy.rs), and
//      minifies the scripts around both,
//   2. shrinks the wasm with wasm-opt, 3. joins the style sheets into one request,
//   4. writes revision and precache list into sw.js, 5. writes the Content-Security-Policy with the hashes of
//      the page's inline scripts to csp.txt (the server sends it), 6. puts .br and .gz beside what compresses.
// After a debug build (`make dev`) it does nothing: the page keeps revision "dev" and no service worker.
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, existsSync, copyFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = process.env.TRUNK_STAGING_DIR;
if (!dist) throw new Error("TRUNK_STAGING_DIR is not set: this runs as Trunk's post_build hook");
if (process.env.TRUNK_PROFILE !== "release") process.exit(0);
const profile = process.env.DUKANDAR_PROFILE ?? "wasm-release";
const isQuick = profile === "wasm-quick";

const started = Date.now();
const runLater = promisify(execFile);
const sha256 = (bytes, encoding) => createHash("sha256").update(bytes).digest(encoding);
const read = (name) => readFileSync(join(dist, name));
const files = () =>
  readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();

// 1. The cut. Trunk has run wasm-bindgen on the whole page; it runs again on what is left of it without the chunks. Their
// names come from the chunks' numbers, so they are revisioned by the precache list, as the worker is.
const page = files().find((name) => /^app-[0-9a-f]+\.js$/.test(name)).slice(0, -3);
const whole = join(process.env.CARGO_TARGET_DIR ?? "target", "wasm32-unknown-unknown", profile, "app.wasm");
const cut = join(dist, ".cut");
mkdirSync(cut);
const run = (tool, args) => execFileSync(join(".tools/bin", tool), args, { stdio: "inherit" });
run("wasm-split-cli", [whole, cut, "--target", "web", "--out-name", page]);
run("wasm-bindgen", [join(cut, page + ".wasm"), "--target", "web", "--keep-lld-exports", "--no-demangle", "--no-typescript",
  "--out-dir", dist, "--out-name", page]);
for (const name of readdirSync(cut)) if (name !== page + ".wasm") renameSync(join(cut, name), join(dist, name));
rmSync(cut, { recursive: true });
// wasm-bindgen writes for readers.
for (const name of isQuick ? [] : [page + ".js", "worker.js", "scan.js", "__wasm_split.js"]) {
  const path = join(dist, name);
  execFileSync(".tools/npm/node_modules/.bin/esbuild", [path, "--minify", "--target=esnext", "--allow-overwrite",
    "--log-level=warning", "--outfile=" + path], { stdio: "inherit" });
}

// 2. wasm-opt. The features are those that rustc's wasm32-unknown-unknown target switches on, no more: -all
// lets it emit encodings that browsers refuse. The page is shrunk, the worker is the arithmetic and made fast.
// The result is kept by the hash of its input, because a change of the page rarely changes the worker.
const WASM_OPT = ["--enable-bulk-memory", "--enable-bulk-memory-opt", "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int", "--enable-sign-ext", "--enable-reference-types", "--enable-multivalue",
  "--strip-debug", "--strip-producers",
  // The linker puts the stack first, growing down: its last 1024 bytes are as good as never used.
  "--low-memory-unused"];
const wasmOpt = ".tools/npm/node_modules/binaryen/bin/wasm-opt";
const kept = ".tools/wasm-opt";
mkdirSync(kept, { recursive: true });
const later = [];
for (const name of isQuick ? [] : files().filter((name) => name.endsWith(".wasm"))) {
  const path = join(dist, name);
  // Flattened and structured anew, the page takes 3 KB less (brotli).
  const level = name.startsWith("worker") ? ["-O2"] : ["--flatten", "--rereloop", "-Oz", "-Oz"];
  const flags = [...level, ...WASM_OPT];
  const cached = join(kept, sha256(Buffer.concat([readFileSync(path), Buffer.from(flags.join(" "))]), "hex") + ".wasm");
  later.push(async () => {
    if (!existsSync(cached)) {
      await runLater(process.execPath, [wasmOpt, ...flags, path, "-o", cached + ".part"]);
      renameSync(cached + ".part", cached);
    }
    const before = statSync(path).size;
    copyFileSync(cached, path);
    console.log(`  ${name}: ${before} → ${statSync(path).size} bytes`);
  });
}
await Promise.all(later.map((shrink) => shrink()));

// 3. One style sheet, in the order of the page.
let html = read("index.html").toString();
const links = [...html.matchAll(/<link\b[^>]*rel="?stylesheet"?[^>]*>/g)].map((match) => match[0]);
const sheets = links.map((link) => link.match(/href="?\/?([^"\s>]+)/)[1]);
const css = sheets.map((sheet) => read(sheet).toString()).join("\n");
const cssName = `style-${sha256(css, "hex").slice(0, 16)}.css`;
for (const sheet of sheets) rmSync(join(dist, sheet));
writeFileSync(join(dist, cssName), css);
links.forEach((link, index) => {
  html = html.replace(link, index === 0 ? `<link rel="stylesheet" href="/${cssName}">` : "");
});

// 4. The precache list: what the app needs without a network. Screenshots are for the install dialogue,
// licences for readers, sw.js and csp.txt never go through the cache.
const optional = (name) =>
  name === "sw.js" || name === "csp.txt" || name.startsWith("screenshots/") || name.endsWith(".txt") ||
  name.endsWith("LICENSE");
const listed = files().filter((name) => !optional(name) && name !== "index.html");
const entries = listed.map((name) => ["/" + name, sha256(read(name), "hex").slice(0, 16)]);
// The page names the revision and is itself part of it, so it is hashed before the name is put in.
const revision = sha256(JSON.stringify(entries) + html + read("sw.js"), "hex").slice(0, 12);
if (!html.includes('name="dukandar-revision" content="dev"')) throw new Error("index.html has no revision meta");
html = html.replace('name="dukandar-revision" content="dev"', `name="dukandar-revision" content="${revision}"`);
writeFileSync(join(dist, "index.html"), html);
entries.unshift(["/", sha256(html, "hex").slice(0, 16)]);
const worker = read("sw.js").toString();
const filled = worker
  .replace(/^ *\/\/.*\n/gm, "") // comments are for readers of the source
  .replace('const REVISION = "dev";', `const REVISION = ${JSON.stringify(revision)};`)
  .replace("const PRECACHE = [];", `const PRECACHE = ${JSON.stringify(entries)};`);
if (filled.includes("const PRECACHE = [];") || filled.includes('const REVISION = "dev";')) {
  throw new Error("sw.js has lost its REVISION or PRECACHE line");
}
writeFileSync(join(dist, "sw.js"), filled);

// 5. Content-Security-Policy. Inline scripts run by hash only; wasm may be compiled, nothing may be eval'ed.
const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)].filter(([, attrs]) => !/\bsrc=/.test(attrs));
const hashes = scripts.map(([, , body]) => `'sha256-${sha256(body, "base64")}'`);
const csp = [
  "default-src 'self'",
  `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(" ")}`,
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");
writeFileSync(join(dist, "csp.txt"), csp + "\n");

// 6. Compressed siblings. PNG and woff2 are compressed already.
for (const name of files()) {
  if (/\.(png|woff2|ico|br|gz|txt)$/.test(name)) continue;
  const bytes = read(name);
  if (bytes.length < 512) continue;
  writeFileSync(join(dist, name + ".br"), brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: isQuick ? 1 : 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }));
  writeFileSync(join(dist, name + ".gz"), gzipSync(bytes, { level: 9 }));
}
console.log(`  revision ${revision}, ${entries.length} files precached, ${((Date.now() - started) / 1000).toFixed(1)} s`);
