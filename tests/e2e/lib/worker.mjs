// The worker's own answers, in full: asked in the page's protocol, read with core's own types by `native`.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { binary, root } from "./server.mjs";

/** Helper of the scenarios, built beside the server; `make e2e` and `make test` build it. */
export function native(...args) {
  const helper = join(dirname(binary), "native");
  if (!existsSync(helper)) throw new Error(`${helper} is missing: cargo build --release --locked -p dukandar-tests --bins`);
  const options = { maxBuffer: 1 << 28 };
  if (args.at(-1) instanceof Uint8Array) options.input = args.pop();
  return execFileSync(helper, args, options).toString().trim();
}

/** Position of a variant in an enum of the Rust source: postcard writes it as the tag. */
function tag(file, name, variant) {
  const body = readFileSync(join(root, file), "utf8").match(new RegExp(`pub enum ${name} \\{\\n([\\s\\S]*?)\\n\\}`))[1];
  const variants = [...body.matchAll(/^ {4}([A-Z]\w*)/gm)].map((match) => match[1]);
  const position = variants.indexOf(variant);
  if (position < 0 || position > 127) throw new Error(`${name}::${variant} is not in ${file}`);
  return position;
}

/** The answer to a task (as JSON, as core's types are written in it), computed in the browser's worker. */
export async function ask(page, task) {
  return JSON.parse(native("answer", await askRaw(page, task)))[Object.keys(task)[0]];
}

/** A message without fields and without an answer, as the page would send it. */
export async function tell(page, variant) {
  const message = [tag("app/src/message.rs", "ToWorker", variant)];
  const [worker] = page.workers();
  await worker.evaluate((message) => {
    self.dispatchEvent(new MessageEvent("message", { data: [new Uint8Array(message).buffer] }));
  }, message);
}

/** Milliseconds from the question to the answer, both in the browser's worker. */
export async function timeOf(page, task) {
  return (await posed(page, task)).ms;
}

/** The answer in postcard. */
async function askRaw(page, task) {
  const { bytes, starts } = await posed(page, task);
  let at = starts.answer.length;
  while (bytes[at] & 0x80) at += 1; // the version of the tables, a varint
  return bytes.subarray(at + 1);
}

/** Puts a question to the worker. No request of the page has its number, so that the page does not hear of it. */
async function posed(page, task) {
  const id = [0xff, 0xff, 0x7f];
  const message = [tag("app/src/message.rs", "ToWorker", "Run"), ...id, ...Buffer.from(native("task", JSON.stringify(task)), "hex")];
  const starts = { answer: [tag("app/src/message.rs", "FromWorker", "Answer"), ...id], failed: [tag("app/src/message.rs", "FromWorker", "Failed"), ...id] };
  const [worker] = page.workers();
  const { answer, ms } = await worker.evaluate(({ message, starts }) => new Promise((resolve, reject) => {
    const post = self.postMessage;
    const from = performance.now();
    self.postMessage = (parts, ...rest) => {
      const head = new Uint8Array(parts[0]);
      const is = (start) => start.every((byte, at) => head[at] === byte);
      if (!is(starts.answer) && !is(starts.failed)) return post.call(self, parts, ...rest);
      self.postMessage = post;
      const ms = performance.now() - from;
      if (is(starts.failed)) reject(new Error(`the worker refused: ${head}`));
      else resolve({ answer: btoa(Array.from(head, (byte) => String.fromCharCode(byte)).join("")), ms });
    };
    self.dispatchEvent(new MessageEvent("message", { data: [new Uint8Array(message).buffer] }));
  }), { message, starts });
  return { bytes: Buffer.from(answer, "base64"), starts, ms };
}
