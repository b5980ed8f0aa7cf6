// A Dukandar of its own for a scenario: free port, data in a temporary folder, killed and started at will.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const binary = process.env.DUKANDAR_BIN ?? resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "release/dukandar");
// Scenarios use SQLite in their own folder, whatever database the shell around them names.
const { DATABASE_URL: _, ...environment } = process.env;
const dist = process.env.DUKANDAR_DIST ?? join(root, "dist");

/** Starts a server with an empty database: SQLite, or the one at `database`. `url` stays over stop() and start(). */
export async function startServer({ database } = {}) {
  for (const needed of [binary, join(dist, "index.html")]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: run make build first`);
  }
  const data = await mkdtemp(join(tmpdir(), "dukandar-e2e-"));
  const port = await freePort();
  const server = {
    url: `http://127.0.0.1:${port}`,
    data,
    log: "",
    child: null,
    async start() {
      const child = spawn(binary, ["serve", "--addr", `127.0.0.1:${port}`, "--dist", dist, "--data", data], {
        env: { ...environment, ...(database && { DATABASE_URL: database }), RUST_LOG: process.env.RUST_LOG ?? "warn" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout.on("data", (text) => { server.log += text; });
      child.stderr.on("data", (text) => { server.log += text; });
      server.child = child;
      server.ended = new Promise((resolve) => child.once("exit", resolve));
      await answering(server);
    },
    /** Stops it as hard as a power cut unless asked to be gentle. */
    async stop(signal = "SIGKILL") {
      server.child.kill(signal);
      await server.ended;
    },
    async remove() {
      if (server.child.exitCode === null && server.child.signalCode === null) await server.stop("SIGTERM");
      await rm(data, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function answering(server) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (server.child.exitCode !== null) break;
    try {
      if ((await fetch(server.url + "/")).ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the server does not answer at ${server.url}:\n${server.log}`);
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
