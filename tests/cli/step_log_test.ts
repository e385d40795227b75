import { assertEquals } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

Deno.test("record is silent about console and says so once; get and trace print its lines with --log", async () => {
  FOLDER.write(
    "talks.js",
    `export const init = 0;
export const step = (x, rng) => { const u = rng.random(); console.log("u < 0.5:", u < 0.5, "\\x1b[2J"); if (x === 3) console.warn("three"); return x + 1; };
`,
  );
  const recorded = await runVerbIn(FOLDER.path, [
    "record",
    "talks.js",
    "--steps",
    "8",
    "--seed",
    "1",
    "-o",
    "talks.replay",
  ]);
  assertEquals(recorded.code, 0, recorded.stderr);
  const notes = recorded.stderr.split("\\n").filter((line) => line.includes("console"));
  assertEquals(notes.length, 1, recorded.stderr);
  const file = "talks.replay";
  const [quiet, one, range, traced, none] = await Promise.all([
    runVerbIn(FOLDER.path, ["get", file, "4"]),
    runVerbIn(FOLDER.path, ["get", file, "4", "--log"]),
    runVerbIn(FOLDER.path, ["get", file, "5", "--json", "--log", "--from", "3", "--to", "5"]),
    runVerbIn(FOLDER.path, ["trace", file, "2", "--log"]),
    runVerbIn(FOLDER.path, ["get", file, "4", "--from", "3"]),
  ]);
  assertEquals([quiet.stdout, quiet.stderr], ["4\n", ""]);
  assertEquals([one.code, one.stdout], [0, "4\n"]);
  assertEquals(one.stderr.split("\n"), [
    "t = 4: u < 0.5: true \\x1b[2J",
    "t = 4: warn: three",
    "",
  ]);
  assertEquals(JSON.parse(range.stdout), { t: 5, state: 5 });
  assertEquals(range.stderr.split("\n").map((line) => line.slice(0, 6)), [
    ...["t = 3:", "t = 4:", "t = 4:", ""],
  ]);
  assertEquals(traced.stdout.startsWith("random() = "), true, traced.stdout);
  assertEquals(traced.stderr.split("\n").length, 2, traced.stderr);
  assertEquals([none.code, none.stdout], [2, ""]);
  assertEquals(none.stderr.startsWith("error: Missing option --log\nhint: --from and --to"), true);
});
