import { assertEquals, assertMatch } from "@std/assert";
import { openRecorder } from "../../src/artifact/open_recorder.ts";
import { runVerb } from "./run_verb.ts";
import { TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** An artifact of the Python package. */
const PEER = new URL("../golden/python_artifacts/const_list.replay", import.meta.url);

Deno.test("verbs read an unfinished artifact like any other, and info says how it stands", async () => {
  const source = "export const init = 0; export const step = (x) => x + 2;";
  const step = (x: number): number => x + 2;
  const options = { init: 0, seed: 1, blockSize: 10, steps: 500, source };
  const path = FOLDER.file("run.replay");
  const recorder = await openRecorder(step, { ...options, path });
  recorder.advanceTo(123);
  recorder.leave();
  const part = `${path}.part`;
  const info = await runVerb(["info", part]);
  assertMatch(info.text, /\nsteps +124\n/);
  assertMatch(
    info.text,
    /\nunfinished +what is durable so far of 500 steps planned; resuming makes 3 states again\n/,
  );
  assertEquals((await runVerb(["get", part, "-1"])).text, "246");
  assertEquals((await runVerb(["verify", part])).code, 0);
  assertMatch((await runVerb(["find", part, "--where", "x => x === 200"])).text, /\b100\b/);
});

Deno.test("a recording that was killed while it got its name is finished, and what it left goes", async () => {
  const module = FOLDER.write(
    "two.js",
    "export const init = 0; export const step = (x) => x + 2;",
  );
  const path = FOLDER.file("two.replay");
  const words = ["record", module, "--steps", "500", "--seed", "1", "-o", path];
  const part = `${path}.part`;
  const again = [[...words, "--resume"], ["resume", part]];
  const step = (x: number): number => x + 2;
  assertEquals((await runVerb(words)).code, 0);
  for (const args of again) {
    // The tail of any recording: that it lies there is what counts.
    const recorder = await openRecorder(step, { init: 0, seed: 1, path: FOLDER.file("a.replay") });
    recorder.advanceTo(9);
    recorder.leave();
    await Deno.rename(FOLDER.file("a.replay.part.tail"), `${part}.tail`);
    await Deno.remove(FOLDER.file("a.replay.part"));
    await Deno.link(path, part);
    const { code, notes } = await runVerb(args);
    assertEquals(code, 0, notes);
    assertMatch(notes, /two\.replay is finished: nothing is left to do$/);
    assertEquals(FOLDER.names().filter((name) => name.startsWith("two.replay")), ["two.replay"]);
  }
});

Deno.test("beside an artifact of the Python package there is no unfinished one of ours", async () => {
  const path = FOLDER.write("peer.replay", Deno.readFileSync(PEER));
  for (const verb of [["info"], ["get", "3"], ["resume"]]) {
    const [name, ...rest] = verb;
    const { code, notes } = await runVerb([name!, `${path}.part`, ...rest]);
    assertEquals(code, 2);
    assertMatch(notes, /Cannot open '.*peer\.replay\.part': there is no such file/);
  }
  for (const verb of ["resume", "extend"]) {
    const more = verb === "extend" ? ["--steps", "+5", "--in-place"] : [];
    const { code, notes } = await runVerb([verb, path, ...more]);
    assertEquals(code, 2);
    assertMatch(notes, /it is the Python package's, which is finished for good\nhint: branch from/);
  }
  assertEquals(Deno.readFileSync(path), Deno.readFileSync(PEER));
});

Deno.test("a finished run is not taken for one with other inputs, or with none", async () => {
  const module = FOLDER.write(
    "sum.js",
    "export const init = 0; export const step = (x, rng, p, t, input = 0) => x + input;",
  );
  const inputs = FOLDER.write("a.jsonl", "1\n2\n3\n4\n5\n");
  const others = FOLDER.write("b.jsonl", "1\n2\n3\n4\n6\n");
  const path = FOLDER.file("sum.replay");
  const words = ["record", module, "--seed", "1", "-o", path, "--resume", "--steps", "6"];
  assertEquals((await runVerb([...words, "--inputs", inputs])).code, 0);
  const same = await runVerb([...words, "--inputs", inputs]);
  assertMatch(same.notes, /sum\.replay is finished: nothing is left to do$/);
  const other = await runVerb([...words, "--inputs", others]);
  assertEquals(other.code, 2);
  assertMatch(
    other.notes,
    /inputs of '.*b\.jsonl': that of the transition from state 4 is another/,
  );
  const none = await runVerb(words);
  assertEquals(none.code, 2);
  assertMatch(
    none.notes,
    /it is finished and has inputs, and none are given\nhint: pass its inputs/,
  );
  const fork = ["branch", path, "2", "-o", FOLDER.file("fork.replay"), "--resume"];
  assertEquals((await runVerb(fork)).code, 0);
  assertMatch((await runVerb(fork)).notes, /fork\.replay is finished: nothing is left to do$/);
  const changed = await runVerb([...fork, "--set-input", "3=9"]);
  assertEquals(changed.code, 2);
  assertMatch(changed.notes, /that of the transition from state 1 is another one/);
});
