// Workbooks as a spreadsheet writes them, small: a zip of deflated parts, shared strings, one style for days.
import { crc32, deflateRawSync } from "node:zlib";

const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const letter = (column) => String.fromCharCode(65 + column);

/** A zip of these files: name → text. */
export function zip(files) {
  const locals = [];
  const directory = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, plain] = [Buffer.from(name), Buffer.from(text)];
    const packed = deflateRawSync(plain);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(plain), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(plain.length, 18);
    head.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, path, packed]);
    const rest = Buffer.alloc(16);
    rest.writeUInt32LE(at, 12);
    // Version made by, then what the local header says, then a comment's length and so on, and where it lies.
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), head, rest.subarray(2), path]));
    locals.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, entries, Buffer.from("PK\x05\x06"), end]);
}

/** Days since 30 December 1899, as cells hold them. */
export const serial = (day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569;

/** A workbook of sheets: name → rows of text, numbers, `{ day }`, `{ error }` and null for an empty cell. */
export function workbook(sheets) {
  const strings = [];
  const cell = (value, address) => {
    if (value === null) return "";
    if (typeof value === "number") return `<c r="${address}"><v>${value}</v></c>`;
    if (value.day) return `<c r="${address}" s="1"><v>${serial(value.day)}</v></c>`;
    if (value.error) return `<c r="${address}" t="e"><v>${value.error}</v></c>`;
    strings.push(value);
    return `<c r="${address}" t="s"><v>${strings.length - 1}</v></c>`;
  };
  const row = (cells, index) => (cells.length === 0 ? "" : `<row r="${index + 1}">${cells.map((value, column) => cell(value, letter(column) + (index + 1))).join("")}</row>`);
  const names = Object.keys(sheets);
  const files = {
    "xl/workbook.xml": `<workbook xmlns:r="r"><sheets>${names.map((name, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${names.map((_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`).join("")}</Relationships>`,
    "xl/styles.xml": '<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
  };
  names.forEach((name, index) => {
    files[`xl/worksheets/sheet${index + 1}.xml`] = `<worksheet><sheetData>${sheets[name].map(row).join("")}</sheetData></worksheet>`;
  });
  files["xl/sharedStrings.xml"] = `<sst>${strings.map((text) => `<si><t>${escaped(text)}</t></si>`).join("")}</sst>`;
  return zip(files);
}
