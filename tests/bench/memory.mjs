// What the browser's pages take, read from the kernel.
import { readFileSync, readdirSync } from "node:fs";

/** The kernel's figure of this name for each process that shows a page, in MB. */
function ofRenderers(name) {
  const renderers = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer");
    } catch {
      return false; // it ended meanwhile
    }
  });
  const figure = new RegExp(`${name}:\\s+(\\d+)`);
  return renderers.map((pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(figure)?.[1] ?? 0) / 1024);
}

const largest = (values) => (values.length ? Math.max(...values) : null);

/** Peak resident memory of the largest page's process in MB: page, worker and their wasm memories together. */
export const peakMegabytes = () => largest(ofRenderers("VmHWM"));

/** The same, as it is now. */
export const residentMegabytes = () => largest(ofRenderers("VmRSS"));
