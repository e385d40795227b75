import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { spawnCli, TempFolder } from "../../cli/run_cli.ts";

/** The time in which each such log has to be refused, besides the start of a child. */
const REFUSAL_MS = 5_000;

/** What "at once" means, besides the start of a child. */
const AT_ONCE_MS = 2_000;

const ENDLESS_VIEW = "CREATE VIEW metrics AS WITH RECURSIVE c(x) AS " +
  "(SELECT 1 UNION ALL SELECT x + 1 FROM c) " +
  "SELECT 'a' AS run_name, x AS id, x AS step, '{}' AS metrics FROM c";

/** Logs that a reader could wait for or fill the machine with, and why each is refused. */
async function writeHangingLogs(folder: TempFolder): Promise<[path: string, why: string][]> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(folder.file("view.db"));
  database.exec(ENDLESS_VIEW);
  database.close();
  const member = gzipSync(new Uint8Array(2 ** 20).fill(10));
  const bomb = new Uint8Array(member.length * 4000);
  for (let at = 0; at < bomb.length; at += member.length) bomb.set(member, at);
  await Deno.symlink("/dev/zero", folder.file("zero.jsonl"));
  const pipe = folder.file("pipe.jsonl");
  assert((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
  return [
    [folder.file("view.db"), "is a view, not a table"],
    [folder.write("bomb.jsonl.gz", bomb), "gzip"],
    [folder.file("zero.jsonl"), "device"],
    [pipe, "pipe"],
  ];
}

/** How long a child that reads nothing takes, in milliseconds. */
const STARTING_MS = await startingTime();

async function startingTime(): Promise<number> {
  const start = performance.now();
  await spawnCli(["info", "/nonexistent/a.jsonl"]).output();
  return performance.now() - start;
}

Deno.test("rewind info refuses logs that never end in 5 s, with the reason", async () => {
  await using folder = new TempFolder();
  for (const [path, why] of await writeHangingLogs(folder)) {
    const start = performance.now();
    const { code, stderr } = await spawnCli(["info", path]).output();
    const text = new TextDecoder().decode(stderr);
    assertEquals(code, 2, text);
    assertStringIncludes(text, why);
    const ms = performance.now() - start;
    assert(ms < REFUSAL_MS + 2 * STARTING_MS, `${path} took ${ms} ms`);
  }
});

Deno.test("Ctrl-C ends rewind info at once, whatever log it waits for", async () => {
  await using folder = new TempFolder();
  for (const [path] of await writeHangingLogs(folder)) {
    const child = spawnCli(["info", path]);
    const output = child.output();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const start = performance.now();
    try {
      child.kill("SIGINT");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await output;
    const ms = performance.now() - start;
    assert(ms < AT_ONCE_MS + 2 * STARTING_MS, `${path} took ${ms} ms to end`);
  }
});
