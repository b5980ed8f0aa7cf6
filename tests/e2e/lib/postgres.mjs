// A Postgres of a scenario's own, from the distribution's binaries; it ends with the scenario.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./server.mjs";

const isRoot = process.getuid() === 0;
const [NOBODY, NOGROUP] = [65_534, 65_534];

export async function startPostgres() {
  const home = "/usr/lib/postgresql";
  const [version] = readdirSync(home).map(Number).filter(Boolean).sort((a, b) => b - a);
  const bin = (name) => join(home, String(version), "bin", name);
  const folder = mkdtempSync(join(tmpdir(), "dukandar-postgres-"));
  if (isRoot) chownSync(folder, NOBODY, NOGROUP);
  // Postgres refuses to run as root.
  const as = isRoot ? { uid: NOBODY, gid: NOGROUP } : {};
  const data = join(folder, "data");
  execFileSync(bin("initdb"), ["--auth=trust", "--username=dukandar", "--encoding=UTF8", "--locale=C", "--no-sync", "-D", data],
    { cwd: "/", stdio: ["ignore", "ignore", "inherit"], ...as });
  const port = await freePort();
  const child = spawn(bin("postgres"), ["-h", "127.0.0.1", "-F", "-p", String(port), "-k", folder, "-D", data],
    { cwd: "/", stdio: "ignore", ...as });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `postgres://dukandar@127.0.0.1:${port}/postgres`;
  const query = (sql) => execFileSync(bin("psql"), ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url],
    { input: sql, maxBuffer: 1 << 28 }).toString().trim();
  for (let tries = 0; ; tries += 1) {
    try {
      execFileSync(bin("pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port), "-U", "dukandar"]);
      break;
    } catch (error) {
      if (tries > 600 || child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    url,
    /** Runs SQL; the last query is to give one column of one row, in JSON. */
    json: (sql) => JSON.parse(query(sql)),
    async remove() {
      child.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
