import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openRecord } from "../../src/artifact/open_record.ts";
import { runVerb, type VerbResult } from "./run_verb.ts";
import { TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** Takes some microseconds a step, so that a branch lasts longer than the time between two marks. */
const MODULE = FOLDER.write(
  "slow.js",
  `export const init = 0; export const params = { drift: 0 };
export function step(x, rng, { drift }, t, input = 0) {
  let y = x;
  for (let i = 0; i < 9000; i++) y += 1e-9 * (i % 3);
  return y + drift + input + rng.random();
}
export const observe = { value: (x) => x };
`,
);
const PARENT = FOLDER.file("parent.replay");
const INPUTS = FOLDER.write(
  "inputs.jsonl",
  Array.from({ length: 5999 }, (_, t) => `${t % 7}\n`).join(""),
);
const recorded = await runVerb(
  ["record", MODULE, "--seed", "5", "--inputs", INPUTS, "-o", PARENT],
);
assertEquals(recorded.code, 0, recorded.notes);

/** The branch from state 1000, with some more words. */
function branch(name: string, more: readonly string[], stopAt?: number): Promise<VerbResult> {
  const words = ["branch", PARENT, "1000", "--flush", "0.02", "-o", FOLDER.file(name), ...more];
  return runVerb(words, { ...(stopAt === undefined ? {} : { stopAt }) });
}

function names(stem: string): string[] {
  return FOLDER.names().filter((name) => name.startsWith(stem));
}

const CHANGES = ["--param", "drift=1", "--set-input", "2000=99", "--mutate", "x => x + 1"];

Deno.test("a branch that is stopped goes on to the bytes of one that was not", async () => {
  const whole = await branch("whole.replay", CHANGES);
  assertEquals([whole.code, whole.notes], [0, ""]);
  const stopped = await branch("a.replay", CHANGES, 1);
  assertEquals(stopped.code, 130);
  const [, command] = /\ngo on with: rewind (branch .* --resume)$/.exec(stopped.notes) ?? [];
  assertStringIncludes(command!, "--set-input 2000=99 --mutate 'x => x + 1' --resume");
  assertEquals(names("a.replay"), ["a.replay.part", "a.replay.part.tail"]);
  const { record, checkAll } = await openRecord(FOLDER.file("a.replay.part"));
  checkAll();
  assertEquals(record.branchPoint, 1000);
  assertEquals((await runVerb(["verify", FOLDER.file("a.replay.part")])).code, 0);

  const refused = await branch("a.replay", CHANGES);
  assertMatch(refused.notes, /an unfinished recording is there/);
  const before = Deno.readFileSync(FOLDER.file("a.replay.part.tail"));
  const refusals: [string[], RegExp][] = [
    [
      ["--param", "drift=2", "--mutate", "x => x + 2", "--steps", "100", "--seed", "1"],
      /seed +recorded: \d+\n +now: +1\n +steps +recorded: 5000\n +now: +100\n[^]*params +recorded: \{drift: 1\}\n[^]*first state +recorded: /,
    ],
    [
      [...CHANGES.slice(0, 2), ...CHANGES.slice(4), "--set-input", "1000=5"],
      /the inputs of '\S+parent\.replay': that of the transition from state 0 is another one/,
    ],
  ];
  for (const [words, difference] of refusals) {
    const { code, notes } = await branch("a.replay", [...words, "--resume"]);
    assertEquals(code, 2, notes);
    assertMatch(notes, difference);
  }
  assertEquals(Deno.readFileSync(FOLDER.file("a.replay.part.tail")), before);

  const resumed = await branch("a.replay", [...CHANGES, "--resume"]);
  assertEquals(resumed.code, 0, resumed.notes);
  assertEquals(names("a.replay"), ["a.replay"]);
  assertEquals(
    Deno.readFileSync(FOLDER.file("a.replay")),
    Deno.readFileSync(FOLDER.file("whole.replay")),
  );
  const again = await branch("a.replay", [...CHANGES, "--resume"]);
  assertMatch(again.notes, /a\.replay is finished: nothing is left to do$/);
  assertEquals((await branch("a.replay", ["--resume"])).code, 2);
});

Deno.test("a branch with its parent's draws is resumed too, and bounds what it stores", async () => {
  const plain = FOLDER.file("plain.replay");
  await runVerb(["record", MODULE, "--steps", "6000", "--seed", "5", "-o", plain]);
  const words = (name: string): string[] => [
    ...["branch", plain, "1234", "--same-draws", "--flush", "0.02", "--max-checkpoints", "9"],
    ...["-o", FOLDER.file(name)],
  ];
  assertEquals((await runVerb(words("same.replay"))).code, 0);
  const stopped = await runVerb(words("b.replay"), { stopAt: 1 });
  assertMatch(stopped.notes, /\ngo on with: rewind resume \S+b\.replay\.part$/);
  assertEquals((await runVerb(["resume", FOLDER.file("b.replay.part")])).code, 0);
  assertEquals(
    Deno.readFileSync(FOLDER.file("b.replay")),
    Deno.readFileSync(FOLDER.file("same.replay")),
  );
  const { record } = await openRecord(FOLDER.file("b.replay"));
  assertEquals(record.checkpoints.length <= 9, true);
  const same = await runVerb(["diff", plain, FOLDER.file("b.replay")]);
  assertMatch(same.text, /^the same: 4,766 states are equal/);
});
