// A receipt printer that is none: takes bytes by Web Serial or WebUSB, and a reader of its own turns them into a picture.
import assert from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";

/**
 * Puts the printer into every page of the browser. `localStorage["test.printer"]` says how it is: nothing or "on", "off"
 * (unplugged), "jam" (stops while it prints), "tear" (stops half way, once), "refuse" (nobody chooses it in the browser's list). What it printed is
 * `window.printed`.
 */
export async function plugIn(browser) {
  await browser.context.addInitScript(() => {
    window.printed = [];
    const how = () => localStorage.getItem("test.printer") ?? "on";
    const taken = (bytes) => {
      if (how() === "jam") throw new Error("out of paper");
      if (how() === "tear") {
        window.printed.push(...bytes.slice(0, bytes.length / 2));
        localStorage.setItem("test.printer", "off");
        throw new Error("unplugged");
      }
      window.printed.push(...bytes);
    };
    const chosen = (kind, device) => {
      if (how() === "refuse") throw new DOMException("No device selected.", "NotFoundError");
      localStorage.setItem("test.paired", kind);
      return device;
    };
    const paired = (kind, device) => (localStorage.getItem("test.paired") === kind && how() !== "off" ? [device] : []);
    const forget = async () => localStorage.removeItem("test.paired");
    const port = {
      open: async ({ baudRate }) => { if (!(baudRate > 0)) throw new TypeError("baudRate"); },
      close: async () => {},
      forget,
      writable: { getWriter: () => ({ write: async (bytes) => taken(bytes), releaseLock: () => {} }) },
    };
    const endpoint = (direction, endpointNumber) => ({ direction, endpointNumber, type: "bulk" });
    const outlet = { interfaceClass: 7, endpoints: [endpoint("in", 1), endpoint("out", 2)] };
    const device = {
      configuration: null,
      open: async () => {},
      close: async () => {},
      forget,
      async selectConfiguration() { device.configuration = { interfaces: [{ interfaceNumber: 0, alternates: [outlet] }] }; },
      async claimInterface(number) { if (number !== 0) throw new Error("interface"); },
      async transferOut(number, bytes) { if (number !== 2) throw new Error("endpoint"); taken(bytes); },
    };
    const put = (name, value) => Object.defineProperty(Navigator.prototype, name, { get: () => value, configurable: true });
    put("serial", { getPorts: async () => paired("serial", port), requestPort: async () => chosen("serial", port) });
    put("usb", { getDevices: async () => paired("usb", device), requestDevice: async () => chosen("usb", device) });
  });
}

/** Reads a stream by the command reference: gives the rows of dots, each a row of bytes. */
export function readStream(bytes) {
  const rows = [];
  let at = 0;
  const next = (count) => bytes.slice(at, (at += count));
  let cuts = 0;
  assert.deepEqual(next(2), [0x1b, 0x40], "ESC @ first");
  while (at < bytes.length) {
    const [lead, command] = next(2);
    if (lead === 0x1b && command === 0x64) next(1);
    else if (lead === 0x1d && command === 0x56) { next(2); cuts += 1; }
    else if (lead === 0x1d && command === 0x76) {
      const [zero, mode, xl, xh, yl, yh] = next(6);
      assert.deepEqual([zero, mode], [0x30, 0]);
      const width = xl + 256 * xh;
      for (let row = 0; row < yl + 256 * yh; row += 1) rows.push(next(width));
    } else assert.fail(`no such command: ${lead} ${command} at ${at}`);
  }
  assert.equal(cuts, 1, "one cut");
  return rows;
}

/** Rows of dots as a PNG: one bit a dot, black on white. */
export function png(rows) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(rows[0].length * 8, 0);
  head.writeUInt32BE(rows.length, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const lines = rows.map((row) => Buffer.from([0, ...row.map((byte) => byte ^ 0xff)]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.concat(lines))), chunk("IEND", Buffer.alloc(0))]);
}
