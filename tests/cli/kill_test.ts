import { assert, assertEquals, assertMatch } from "@std/assert";
import { openRecord } from "../../src/artifact/open_record.ts";
import { PythonRandom } from "../../src/rng/python/python_random.ts";
import { runVerb } from "./run_verb.ts";
import { cliCommand, TempFolder } from "./run_cli.ts";

/** Whether the long form runs: kills at a thousand random moments. */
const SLOW = Deno.env.get("REWIND_SLOW") === "1";
const KILLS = Number(Deno.env.get("REWIND_KILLS") ?? (SLOW ? 1000 : 4));

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** Some tens of milliseconds for all steps, with small and with large states. */
const spin = "for (let i = 0; i < 4000; i++) y += i % 3;";
FOLDER.write(
  "small.js",
  `export const init = 0; export const observe = { x: (x) => x };
export const step = (x, rng, p, t, input = 0) => { let y = 0; ${spin} return y * 0 + x + input + rng.random(); };`,
);
FOLDER.write(
  "large.js",
  `export const init = (p, rng) => Float64Array.from({ length: 4000 }, () => rng.random());
export const step = (s, rng) => { let y = 0; ${spin} s[rng.randint(0, 3999)] += y * 0 + 1; return s; };`,
);
FOLDER.write("inputs.jsonl", Array.from({ length: 9999 }, (_, t) => `${t >> 6}\n`).join(""));

/** Recordings by name; the words after `record`. */
const RECORDINGS: Record<string, string[]> = {
  small: ["small.js", "--steps", "10000"],
  thinned: ["small.js", "--steps", "10000", "--max-checkpoints", "9", "--block-size", "50"],
  large: ["large.js", "--steps", "6000"],
  inputs: ["small.js", "--steps", "10000", "--inputs", "inputs.jsonl"],
};

function wordsOf(name: string, file: string): string[] {
  const words = RECORDINGS[name]!;
  return ["record", ...words, "--seed", "9", "--flush", "0.02", "-o", file, "--resume"];
}

/** Says what the long form measured. */
function tell(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** As long as a timer can wait. */
const NEVER_MS = 2 ** 31 - 1;

/** Runs rewind and kills it after a time; returns whether it had ended by itself. */
async function runKilled(words: readonly string[], ms: number): Promise<boolean> {
  const [command, ...args] = cliCommand(["-A"]);
  const process = new Deno.Command(command!, {
    args: [...args, ...words],
    cwd: FOLDER.path,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => {
    try {
      process.kill("SIGKILL");
    } catch (error) {
      // It ended just now.
      if (!(error instanceof TypeError)) throw error;
    }
  }, ms);
  const { signal } = await process.status;
  clearTimeout(timer);
  return signal === null;
}

Deno.test({
  name: "recordings that are killed again and again end with the bytes of one that was not",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const rng = new PythonRandom(BigInt(Deno.env.get("REWIND_SEED") ?? 1));
    const whole: Record<string, Uint8Array> = {};
    const wholeMs: Record<string, number> = {};
    let kills = 0;
    let lost = 0;
    for (const turn of Array(10_000).keys()) {
      const name = Object.keys(RECORDINGS)[turn % 4]!;
      if (whole[name] === undefined) {
        const before = performance.now();
        await runKilled(wordsOf(name, `${name}-whole.replay`), NEVER_MS);
        wholeMs[name] = performance.now() - before;
        whole[name] = Deno.readFileSync(FOLDER.file(`${name}-whole.replay`));
      }
      const file = `${name}-${turn}.replay`;
      for (
        let tries = 0;
        !await runKilled(wordsOf(name, file), rng.uniform(0.3, 1.1) * wholeMs[name]!);
      ) {
        kills++;
        const left = FOLDER.names().filter((other) => other.startsWith(`${name}-${turn}.`));
        if (left.includes(`${file}.part.tail`)) {
          // What was flushed opens and verifies, whatever else lies there.
          const path = left.includes(file) ? file : `${file}.part`;
          const { record, checkAll } = await openRecord(FOLDER.file(path));
          checkAll();
          assert(record.steps > 0);
          const { code, notes } = await runVerb(["verify", FOLDER.file(path)]);
          assertEquals(code, 0, notes);
        } else if (!left.includes(file)) {
          lost++;
        }
        // A machine that is slow today must come to the end too.
        if (++tries === 6) wholeMs[name]! *= 2;
      }
      assertEquals(Deno.readFileSync(FOLDER.file(file)), whole[name]!, `${name}, turn ${turn}`);
      assertEquals(FOLDER.names().filter((other) => other.startsWith(`${name}-${turn}.`)), [file]);
      Deno.removeSync(FOLDER.file(file));
      if (kills >= KILLS) break;
    }
    if (SLOW) tell(`${kills} kills, ${lost} before the first flush`);
  },
});

Deno.test({
  name: "SIGTERM with 100 MB of stored states leaves within a second what goes on and verifies",
  ignore: !SLOW || Deno.build.os !== "linux",
  async fn() {
    FOLDER.write(
      "heavy.js",
      `export const init = () => new Float64Array(125_000);
export const step = (s, rng) => { s[rng.randint(0, 124_999)] = rng.random(); return s; };`,
    );
    const file = FOLDER.file("heavy.replay");
    const [command, ...args] = cliCommand(["-A"]);
    const words = [
      "record",
      "heavy.js",
      "--steps",
      "1e6",
      "--block-size",
      "50",
      "--seed",
      "1",
      "-o",
      file,
    ];
    const process = new Deno.Command(command!, {
      args: [...args, ...words],
      cwd: FOLDER.path,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const part = `${file}.part`;
    for (let stored = 0; stored < 100;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      try {
        stored = (await openRecord(part)).record.checkpoints.length;
      } catch {
        // Nothing is flushed yet.
      }
    }
    const before = performance.now();
    process.kill("SIGTERM");
    const { code, stderr } = await process.output();
    const ms = performance.now() - before;
    tell(`SIGTERM to exit: ${ms.toFixed(0)} ms`);
    const notes = new TextDecoder().decode(stderr);
    assertEquals(code, 143, notes);
    assertMatch(notes, /go on with: rewind resume/);
    assertEquals(FOLDER.names().includes("heavy.replay"), false);
    const { steps } = (await openRecord(part)).record;
    const resumed = await runVerb(["resume", part, "--steps", `${steps + 100}`]);
    assertEquals(resumed.code, 0, resumed.notes);
    assertEquals((await runVerb(["verify", file])).code, 0);
  },
});
