import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { SqliteTables } from "../../../src/training/log/sqlite.ts";
import { SqliteSession } from "../../../src/training/log/sqlite_session.ts";
import { golden, series, withFiles } from "./helpers.ts";

const ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) " +
  "SELECT 'a' AS run_name, x AS id, x AS step, '{}' AS metrics FROM c";

async function makeDatabase(path: string, sql: string): Promise<void> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

Deno.test("readRun() runs nothing that an SQLite file holds: views, virtual tables, computed columns", async () => {
  const cases: [sql: string, why: string][] = [
    [`CREATE VIEW metrics AS ${ENDLESS}`, 'its "metrics" is a view, not a table'],
    ["CREATE VIRTUAL TABLE metrics USING fts5(body)", "virtual table"],
    [
      "CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_name TEXT, step INT, metrics AS " +
      "(hex(zeroblob(400000000))))",
      "is computed",
    ],
    ["CREATE TABLE other (x)", 'no table "metrics"'],
    [
      "CREATE TABLE metrics (run_uuid TEXT, key TEXT, value REAL, step INT, is_nan INT);" +
      "INSERT INTO metrics VALUES ('r', 'loss', 1, 0, 0);" +
      `CREATE VIEW runs AS ${ENDLESS.replace("x AS id", "x AS run_uuid")}`,
      'its "runs" is a view',
    ],
    [
      "CREATE TABLE metrics (run_name TEXT, step INT, metrics TEXT, PRIMARY KEY (run_name, step)) " +
      "WITHOUT ROWID",
      "has no row numbers (WITHOUT ROWID)",
    ],
  ];
  for (const [sql, why] of cases) {
    await withFiles({}, async (directory) => {
      await makeDatabase(`${directory}/a.db`, sql);
      await assertRejects(() => readRun(`${directory}/a.db`), TrainingLogError, why);
    });
  }
});

Deno.test("readRun() of an SQLite file gives the same in this thread as in a worker", async () => {
  const read = () => readRun(golden("trackio/walks.db"), { run: "bold-ant-1" });
  const there = await read();
  const Real = globalThis.Worker;
  try {
    Reflect.deleteProperty(globalThis, "Worker");
    assertEquals(await read(), there);
  } finally {
    globalThis.Worker = Real;
  }
});

Deno.test("readRun() stops reading an SQLite file when its signal says so", async () => {
  await withFiles({}, async (directory) => {
    const path = `${directory}/a.db`;
    await makeDatabase(
      path,
      "CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_name TEXT, step INT, metrics TEXT);" +
        "WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM c WHERE x < 20000) " +
        `INSERT INTO metrics SELECT x, 'a', x, '{"loss":' || x || '}' FROM c`,
    );
    assertEquals(series(await readRun(path), "loss").length, 20_001);
    const stopper = new AbortController();
    const reading = readRun(path, { signal: stopper.signal });
    stopper.abort(new Error("enough"));
    await assertRejects(() => reading, Error, "enough");
  });
});

Deno.test("SqliteSession takes rows that go back for damage, so that no tree of pages is endless", async () => {
  await withFiles({}, async (directory) => {
    const path = `${directory}/a.db`;
    await makeDatabase(
      path,
      "PRAGMA page_size = 512; CREATE TABLE metrics (x TEXT);" +
        "WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM c WHERE x < 3000) " +
        "INSERT INTO metrics SELECT printf('%050d', x) FROM c",
    );
    const bytes = await Deno.readFile(path);
    const view = new DataView(bytes.buffer);
    // Every cell of the root (page 2) leads to the page of its first cell.
    const root = 512;
    assertEquals(bytes[root], 5);
    const cells = view.getUint16(root + 3);
    const first = view.getUint32(root + view.getUint16(root + 12));
    for (let i = 0; i < cells; i++) {
      view.setUint32(root + view.getUint16(root + 12 + 2 * i), first);
    }
    await Deno.writeFile(path, bytes);
    const session = await SqliteSession.open(path);
    session.columns("metrics");
    session.read({ table: "metrics", columns: ["x"] });
    let error: unknown;
    let rows = 0;
    try {
      for (let batch; (batch = session.next()).length > 0;) rows += batch.length;
    } catch (cause) {
      error = cause;
    } finally {
      session.close();
    }
    assert(String(error).includes("rows repeat"), `${rows} rows, ${error}`);
  });
});

Deno.test("SqliteTables reads values of every kind, in the order of its rows", async () => {
  await withFiles({}, async (directory) => {
    const path = `${directory}/a.db`;
    await makeDatabase(
      path,
      `CREATE TABLE "odd ""name" (a, b); INSERT INTO "odd ""name" VALUES (9007199254740993, 'x'), (0.5, x'00ff'), (NULL, 'é')`,
    );
    const tables = await SqliteTables.open(path, { what: "a test" });
    const rows = [];
    const read = { table: 'odd "name', columns: ["b", "c", "a"], bytes: ["b"] };
    for await (const row of tables.rows(read)) rows.push(row);
    tables.close();
    assertEquals(rows, [
      [new Uint8Array([0x78]), undefined, 9007199254740992],
      [new Uint8Array([0, 255]), undefined, 0.5],
      [new Uint8Array([0xc3, 0xa9]), undefined, null],
    ]);
  });
});
