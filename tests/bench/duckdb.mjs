// The yardstick, in the browser: DuckDB-wasm reads the same CSV into memory and answers the same three questions.
import * as duckdb from "@duckdb/duckdb-wasm";

const QUESTIONS = {
  day_totals: `SELECT CAST(InvoiceDate AS DATE) AS day, SUM(Quantity * UnitPrice) AS revenue, SUM(Quantity) AS units
    FROM lines GROUP BY day ORDER BY day`,
  product_day: `SELECT StockCode, CAST(InvoiceDate AS DATE) AS day, SUM(Quantity) AS units, SUM(Quantity * UnitPrice) AS revenue
    FROM lines GROUP BY StockCode, day ORDER BY StockCode, day`,
  rfm: `SELECT CustomerID, MAX(InvoiceDate) AS last, COUNT(DISTINCT InvoiceNo) AS receipts, SUM(Quantity * UnitPrice) AS spent
    FROM lines WHERE CustomerID IS NOT NULL GROUP BY CustomerID ORDER BY CustomerID`,
};

/** Milliseconds of each step; `rounds` times per question, all returned. */
window.measure = async (rounds) => {
  const dist = "/node_modules/@duckdb/duckdb-wasm/dist/";
  const result = { milliseconds: {}, rows: {} };
  let from = performance.now();
  const worker = new Worker(dist + "duckdb-browser-eh.worker.js");
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await db.instantiate(location.origin + dist + "duckdb-eh.wasm");
  const connection = await db.connect();
  result.milliseconds.start = [performance.now() - from];

  const csv = new Uint8Array(await (await fetch("/online_retail.csv")).arrayBuffer());
  from = performance.now();
  await db.registerFileBuffer("lines.csv", csv);
  await connection.query("CREATE TABLE lines AS SELECT * FROM read_csv('lines.csv', header = true)");
  result.milliseconds.read = [performance.now() - from];
  result.rows.lines = Number((await connection.query("SELECT COUNT(*) AS n FROM lines")).toArray()[0].n);

  for (const [name, sql] of Object.entries(QUESTIONS)) {
    result.milliseconds[name] = [];
    for (let round = 0; round < rounds; round += 1) {
      from = performance.now();
      const table = await connection.query(sql);
      result.milliseconds[name].push(performance.now() - from);
      result.rows[name] = table.numRows;
    }
  }
  await connection.close();
  await db.terminate();
  return result;
};
