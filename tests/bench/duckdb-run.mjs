// Serves tests/bench on loopback and runs duckdb.html in the given browser context.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const data = join(here, "../data/online_retail_2010_2011.csv.gz");
const TYPES = { ".html": "text/html", ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };

export async function measureDuckDb(context, rounds) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://x").pathname);
    if (path === "/online_retail.csv") {
      response.writeHead(200, { "content-type": "text/csv" });
      createReadStream(data).pipe(createGunzip()).pipe(response);
      return;
    }
    const file = join(here, path);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await context.newPage();
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/duckdb.html`);
    await page.waitForFunction(() => typeof window.measure === "function", null, { timeout: 60_000 });
    return await page.evaluate((n) => window.measure(n), rounds);
  } finally {
    await page.close();
    server.close();
  }
}
