// A film for Chromium's fake camera: barcodes drawn from their encoding tables, one after the other, with nothing between.
import { closeSync, openSync, writeSync } from "node:fs";

const ODD = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
const PARITY = ["OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"];
const WIDTHS = `212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
  113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
  232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121
  211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124
  121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241
  114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141
  114131 311141 411131 211412 211214 211232 2331112`.split(/\s+/);
const [START_C, TO_B, STOP] = [105, 100, 106];

/** Modules of an EAN-13, dark is 1. */
export function ean(code) {
  const digits = [...code].map(Number);
  const complement = (pattern) => [...pattern].map((it) => 1 - it).join("");
  const left = digits.slice(1, 7).map((digit, place) =>
    PARITY[digits[0]][place] === "O" ? ODD[digit] : [...complement(ODD[digit])].reverse().join(""));
  return `101${left.join("")}01010${digits.slice(7).map((digit) => complement(ODD[digit])).join("")}101`;
}

/** Modules of a Code 128 of digits: in pairs, an odd one out at the end. */
export function code128(text) {
  const values = [START_C, ...(text.match(/../g) ?? []).map(Number)];
  if (text.length % 2) values.push(TO_B, text.charCodeAt(text.length - 1) - 32);
  values.push(values.reduce((sum, value, place) => sum + value * Math.max(place, 1), 0) % 103, STOP);
  return values.map((value) => [...WIDTHS[value]].map((width, place) => String(1 - (place % 2)).repeat(width)).join("")).join("");
}

const [WIDE, HIGH, RATE] = [640, 360, 10];

/** Writes a film of these codes, each in sight for so many seconds; flags that make it Chromium's camera. */
export function film(path, codes, { seconds = 2, between = 0.8 } = {}) {
  const file = openSync(path, "w");
  writeSync(file, `YUV4MPEG2 W${WIDE} H${HIGH} F${RATE}:1 Ip A1:1 C420\n`);
  const colours = Buffer.alloc((WIDE * HIGH) / 2, 128);
  const frames = (modules, count) => {
    const grey = Buffer.alloc(WIDE * HIGH, 200);
    const [module, from] = [3, Math.round((WIDE - modules.length * 3) / 2)];
    for (let y = HIGH * 0.25; y < HIGH * 0.75; y += 1) {
      for (let x = 0; x < modules.length * module; x += 1) grey[y * WIDE + from + x] = modules[Math.floor(x / module)] === "1" ? 20 : 200;
    }
    for (let frame = 0; frame < count; frame += 1) for (const part of ["FRAME\n", grey, colours]) writeSync(file, part);
  };
  for (const code of codes) {
    frames(code, seconds * RATE);
    frames("", between * RATE);
  }
  closeSync(file);
  return [...FAKE, `--use-file-for-fake-video-capture=${path}`];
}

/** A camera that shows Chromium's own test picture, allowed without a question. */
export const FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
