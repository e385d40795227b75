import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inspect } from "../../src/artifact/load.ts";
import { openRecord } from "../../src/artifact/open_record.ts";
import { runVerb, type VerbResult } from "./run_verb.ts";
import { TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** Takes some microseconds a step, so that a recording lasts longer than the time between two marks. */
const SLOW_SOURCE = `export const init = 0;
export const params = { drift: 0 };
export function step(x, rng, { drift }, t) {
  let y = x;
  for (let i = 0; i < 18000; i++) y += 1e-9 * (i % 3);
  if (t === 9000) throw new Error("too far");
  return y + drift + rng.random();
}
export const observe = { value: (x) => x };
`;
const MODULE = FOLDER.write("slow.js", SLOW_SOURCE);
const WORDS = ["record", MODULE, "--steps", "6000", "--seed", "5", "--observe", "value"];
const MORE = ["--observe", "square=x => x * x", "--block-size", "500", "--flush", "0.02"];

function names(stem: string): string[] {
  return FOLDER.names().filter((name) => name.startsWith(stem));
}

/** Records until it is stopped at some mark; on a busy machine it may be over before. */
async function recordStopped(name: string, ...more: string[]): Promise<VerbResult> {
  for (let tries = 1;; tries++) {
    const words = [...WORDS, ...MORE, ...more, "-o", FOLDER.file(name)];
    const stopped = await runVerb(words, { stopAt: 1 });
    if (stopped.code !== 0 || tries === 9) return stopped;
    Deno.removeSync(FOLDER.file(name));
  }
}

Deno.test("a recording that is stopped goes on to the bytes of one that was not", async () => {
  const whole = await runVerb([...WORDS, ...MORE, "-o", FOLDER.file("whole.replay")]);
  assertEquals([whole.code, whole.notes], [0, ""]);
  const file = FOLDER.file("a.replay");
  const stopped = await recordStopped("a.replay", "--json");
  assertEquals(stopped.code, 130);
  assertMatch(
    stopped.notes,
    /^interrupted: [\d,]+ steps of 6,000 are kept in \S+a\.replay\.part\ngo on with: rewind resume \S+a\.replay\.part$/,
  );
  const { steps, ...rest } = JSON.parse(stopped.text);
  assertEquals(rest, {
    file: `${file}.part`,
    finished: false,
    plannedSteps: 6000,
    command: `rewind resume ${file}.part`,
  });
  assertEquals(names("a.replay"), ["a.replay.part", "a.replay.part.tail"]);
  const info = await inspect(`${file}.part`);
  assertEquals([info.steps, info.unfinished?.plannedSteps], [steps, 6000]);
  assertEquals((await runVerb(["verify", `${file}.part`])).code, 0);

  const other = await runVerb([...WORDS, ...MORE, "-o", file]);
  assertEquals(other.code, 2);
  assertMatch(
    other.notes,
    /an unfinished recording is there.*\nhint: go on with it: rewind resume /,
  );

  const resumed = await runVerb(["resume", `${file}.part`, "--json"]);
  assertEquals([resumed.code, resumed.notes], [0, ""]);
  assertEquals(names("a.replay"), ["a.replay"]);
  assertEquals(Deno.readFileSync(file), Deno.readFileSync(FOLDER.file("whole.replay")));
  assertEquals(
    (await runVerb(["resume", `${file}.part`])).notes,
    `${file} is finished: nothing is left to do`,
  );
});

Deno.test("record --resume goes on with the same words, and refuses others with the difference", async () => {
  const file = FOLDER.file("b.replay");
  const again = [...WORDS, ...MORE, "-o", file, "--resume"];
  // Nothing is there yet: it begins.
  assertEquals((await runVerb(again, { stopAt: 1 })).code, 130);
  const before = Deno.readFileSync(`${file}.part.tail`);
  const refused = await runVerb([
    ...again,
    ...["--params", '{"drift":1}', "--init", "3", "--rng", "sfc32", "--until", "x => x > 1e9"],
    ...["--observe", "more=x => -x", "--max-size", "1MB", "--self-check"],
  ]);
  assertEquals(refused.code, 2);
  const differences: [string, string, string][] = [
    ["rng", '"python"', '"sfc32"'],
    ["params", "{drift: 0}", "{drift: 1}"],
    ["init", '"of the module"', "3"],
    ["budget", "{}", "{bytesMax: 1000000, checkpointsMax: undefined}"],
    ["observables", '["value", "square"]', '["value", "square", "more"]'],
    ["until", "none", '"x => x > 1e9"'],
    ["self-check", "false", "true"],
  ];
  for (const [name, recorded, now] of differences) {
    assertMatch(refused.notes, new RegExp(`\n  ${name} +recorded: `));
    assertStringIncludes(refused.notes, `recorded: ${recorded}\n`);
    assertStringIncludes(refused.notes, `now:      ${now}\n`);
  }
  FOLDER.write("slow.js", SLOW_SOURCE.replace("% 3", "% 4"));
  const changed = await runVerb(again);
  FOLDER.write("slow.js", SLOW_SOURCE);
  assertEquals(changed.code, 2);
  assertMatch(changed.notes, /step module +recorded: line 5: .* % 3\);\n +now: +line 5: .* % 4\);/);
  assertEquals(Deno.readFileSync(`${file}.part.tail`), before);
  assertEquals(names("b.replay"), ["b.replay.part", "b.replay.part.tail"]);

  assertEquals((await runVerb(again)).code, 0);
  assertEquals(Deno.readFileSync(file), Deno.readFileSync(FOLDER.file("whole.replay")));
  // As after kill -9 between the last two steps of a recording.
  FOLDER.write("b.replay.part.tail", "left");
  const late = await runVerb(again);
  assertEquals(names("b.replay"), ["b.replay"]);
  assertEquals([late.code, late.text], [0, ""]);
  assertMatch(late.notes, /b\.replay is finished: nothing is left to do$/);
  const longer = await runVerb([...again.map((word) => word === "6000" ? "7000" : word)]);
  assertEquals(longer.code, 2);
  assertMatch(
    longer.notes,
    /it is finished, with 6,000 steps\nhint: make it longer: rewind extend /,
  );
});

Deno.test("record --resume of a run that a predicate ended tells another predicate", async () => {
  const file = FOLDER.file("until.replay");
  const module = FOLDER.write(
    "count.js",
    "export const init = 0; export const step = (x) => x + 1;",
  );
  const words = [
    "record",
    module,
    "--steps",
    "99",
    "--seed",
    "1",
    "-o",
    file,
    "--resume",
    "--until",
  ];
  assertEquals((await runVerb([...words, "x => x === 5"])).code, 0);
  const same = await runVerb([...words, "x => x === 5"]);
  assertEquals(same.code, 0);
  assertMatch(same.notes, /is finished: nothing is left to do$/);
  const other = await runVerb([...words, "x => x === 7"]);
  assertEquals(other.code, 2);
  assertMatch(
    other.notes,
    /finished, with 6 steps, and --until is not true of the last state\nhint: /,
  );
});

Deno.test("extend makes the run that one recording would have made, to a failure too", async () => {
  const whole = FOLDER.file("whole.replay");
  const long = FOLDER.file("long.replay");
  const failing = [
    "--steps",
    "9500",
    ...WORDS.slice(4),
    ...MORE,
    "-o",
    FOLDER.file("failed.replay"),
  ];
  const [failed, extended, missing, shorter] = await Promise.all([
    runVerb(["record", MODULE, ...failing]),
    runVerb(["extend", whole, "--steps", "+3500", "-o", long, "--observe", "square=x => x * x"]),
    runVerb(["extend", whole, "--steps", "7000", "-o", FOLDER.file("no.replay")]),
    runVerb(["extend", whole, "--steps", "5000", "-o", FOLDER.file("no.replay")]),
  ]);
  assertEquals([failed.code, extended.code], [1, 1]);
  assertMatch(extended.notes, /the step threw at step 9001, the 9,001 states before it are kept/);
  assertEquals(Deno.readFileSync(long), Deno.readFileSync(FOLDER.file("failed.replay")));
  assertEquals(missing.code, 2);
  assertMatch(missing.notes, /exports no observable `square`/);
  assertMatch(shorter.notes, /it has 6,000\nhint: write --steps \+5000/);
  assertEquals(names("no"), []);

  const place = FOLDER.write("place.replay", Deno.readFileSync(whole));
  const words = [
    "extend",
    place,
    "--steps",
    "+3000",
    "--in-place",
    "--flush",
    "0.02",
    "--observe",
    "square=x => x * x",
  ];
  const stopped = await runVerb(words, { stopAt: 1 });
  assertEquals(stopped.code, 130);
  // The file is as it was until the longer one is finished.
  assertEquals(Deno.readFileSync(place), Deno.readFileSync(whole));
  assertMatch(stopped.notes, /go on with: rewind resume \S+place\.replay\.part$/);
  assertEquals((await runVerb(words)).code, 2);
  // Only the run that it goes on from is replaced.
  Deno.copyFileSync(long, place);
  const other = await runVerb(["resume", `${place}.part`]);
  assertEquals(other.code, 2);
  assertMatch(other.notes, /place\.replay': the file already exists\nhint: pass --force/);
  Deno.copyFileSync(whole, place);
  assertEquals((await runVerb(["resume", `${place}.part`])).code, 0);
  const { record, info } = await openRecord(place);
  assertEquals(record.steps, 9000);
  const { contentHash } = await inspect(long);
  assert(info.contentHash !== contentHash);
  assertEquals((await runVerb(["verify", place])).code, 0);
  // Killed between its renaming and the removal of its tail file: the same words take that away.
  FOLDER.write("place.replay.part.tail", "any");
  const again = await runVerb(["extend", place, "--steps", "9000", "--in-place"]);
  assertMatch(again.notes, /place\.replay has 9,000 steps: nothing is left to do$/);
  assertEquals(names("place"), ["place.replay"]);
});

Deno.test("an extension that is stopped within the block that it begins in is not finished", async () => {
  const short = FOLDER.file("within.replay");
  // It is stopped twice within fewer steps.
  const slower = FOLDER.write("slower.js", SLOW_SOURCE.replace("18000", "30000"));
  const words = ["record", slower, "--seed", "5", "--block-size", "9000"];
  assertEquals((await runVerb([...words, "--steps", "30", "-o", short])).code, 0);
  const target = FOLDER.file("within_longer.replay");
  const extend = ["extend", short, "--steps", "2500", "--flush", "0.02", "-o", target];
  const stopped = await runVerb(extend, { stopAt: 1 });
  assertEquals(stopped.code, 130);
  assertMatch(stopped.notes, /^interrupted: [\d,]+ steps of 2,500 are kept in /);
  assertEquals(names("within_longer"), [
    "within_longer.replay.part",
    "within_longer.replay.part.tail",
  ]);
  const again = await runVerb(["resume", `${target}.part`], { stopAt: 1 });
  assertEquals([again.code, names("within_longer").length], [130, 2], again.notes);
  assertEquals((await runVerb(["resume", `${target}.part`])).code, 0);
  const atOnce = FOLDER.file("within_at_once.replay");
  assertEquals((await runVerb([...words, "--steps", "2500", "-o", atOnce])).code, 0);
  assertEquals((await inspect(target)).contentHash, (await inspect(atOnce)).contentHash);
});

Deno.test("resume --seal ends a run where it is; --until goes on", async () => {
  const file = FOLDER.file("c.replay");
  const stopped = await recordStopped("c.replay", "--until", "(x, t) => t === 5000");
  assertEquals(stopped.code, 130);
  const { steps } = await inspect(`${file}.part`);
  for (const suffix of [".part", ".part.tail"]) {
    Deno.copyFileSync(`${file}${suffix}`, `${FOLDER.file("d.replay")}${suffix}`);
  }
  assertEquals((await runVerb(["resume", `${file}.part`, "--seal"])).code, 0);
  assertEquals((await inspect(file)).steps, steps);
  const other = FOLDER.write("other.js", SLOW_SOURCE.replace("1e-9", "2e-9"));
  for (
    const words of [
      ["resume", `${FOLDER.file("d.replay")}.part`],
      ["extend", file, "--steps", "+10", "-o", FOLDER.file("e.replay")],
    ]
  ) {
    const refused = await runVerb([...words, "--step", other]);
    assertEquals(refused.code, 2, refused.notes);
    assertMatch(
      refused.notes,
      /other\.js is not the step that was recorded\nhint: leave out --step/,
    );
  }
  assertEquals((await runVerb(["resume", `${FOLDER.file("d.replay")}.part`])).code, 0);
  assertEquals((await inspect(FOLDER.file("d.replay"))).steps, 5001);
});

Deno.test("a limit, a dead child and a step that changes its mind keep what was recorded", async () => {
  const heavy = FOLDER.write(
    "heavy.js",
    `export const init = { t: 0, held: [] };
export function step({ t, held }) {
  for (let i = 0, x = 0; i < 2e6; i++) x += i;
  return { t: t + 1, held: t < 200 ? held : [...held, ...new Array(2e6).fill(t)] };
}`,
  );
  const file = FOLDER.file("heavy.replay");
  const { code, notes } = await runVerb(
    ["record", heavy, "--steps", "1e6", "--seed", "1", "--memory", "300", "-o", file],
  );
  assertEquals(code, 3, notes);
  assertMatch(
    notes,
    /^error: .*limit for memory at t=\d+ and was killed\nhint: .*\n[\d,]+ steps of 1,000,000 are kept in /,
  );
  assertMatch(notes, /\ngo on with: rewind resume \S+heavy\.replay\.part --memory 300$/);
  assertEquals((await runVerb(["verify", `${file}.part`])).code, 0);
});
