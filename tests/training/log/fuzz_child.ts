/**
 * Reads mutated logs of some kinds, in a process of its own, so that its memory is known:
 * `fuzz_child.ts KIND[,KIND] COUNT SEED`. Prints, a line for each kind, the longest processor time, the most memory,
 * and what was wrong.
 */

import process from "node:process";
import { gzipSync } from "node:zlib";
import { DatabaseSync } from "node:sqlite";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { keepingWorker } from "../../../src/training/log/sqlite.ts";
import { golden } from "./helpers.ts";
import { TEXT_SHAPES } from "./text_shapes.ts";

/** A valid log to start from: the name of its file, and its bytes. */
type Start = readonly [name: string, bytes: Uint8Array];

const encoder = new TextEncoder();
const stored = (name: string, path: string): Start => [name, Deno.readFileSync(golden(path))];

function mlflowDatabase(): Start {
  const path = Deno.makeTempFileSync({ suffix: ".db" });
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250));
    CREATE TABLE metrics ("key" VARCHAR(250) NOT NULL, value FLOAT NOT NULL,
      timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL, step BIGINT, is_nan BOOLEAN);
    INSERT INTO runs VALUES ('a', 'one');
    WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM c WHERE x < 300)
      INSERT INTO metrics SELECT 'loss', 1.0 / (x + 1), x, 'a', x, 0 FROM c;
  `);
  database.close();
  const bytes = Deno.readFileSync(path);
  Deno.removeSync(path);
  return ["mlflow.db", bytes];
}

const jsonLines = () => Deno.readFileSync(golden("rldk/stream.jsonl"));

const KINDS: Record<string, () => readonly Start[]> = {
  wandb: () => [stored("a.wandb", "wandb_v1/run-k3x9.wandb")],
  tensorboard: () => [
    stored(
      "events.out.tfevents.1.a",
      "tensorboard/events.out.tfevents.1700000900.host.2.0",
    ),
  ],
  trackio: () => [stored("a.db", "trackio/walks.db")],
  mlflow: () => [mlflowDatabase()],
  gzip: () => [["a.jsonl.gz", gzipSync(jsonLines())]],
  text: () => [
    stored("a.jsonl", "rldk/stream.jsonl"),
    stored("a.jsonl", "verl/exp.jsonl"),
    stored("trainer_state.json", "trl/trainer_state.json"),
    stored("a.csv", "wandb_export/one_run.csv"),
    stored("metrics.csv", "lightning/version_0/metrics.csv"),
    stored("a.log", "text/train.log"),
    stored("a.log", "text/trainer_stdout.log"),
    ["history.json", encoder.encode('{"loss": [0.5, 0.25, null], "acc": [0.1, 0.2, 0.3]}')],
    ["metrics.json", encoder.encode('{"loss": {"steps": [1, 2], "values": [0.5, 0.25]}}')],
    ["result.json", encoder.encode('{"training_iteration": 1, "info": {"loss": 0.5}}\n')],
    ["loss.tsv", encoder.encode("step\tloss\n0\t0.5\n1\t0.25\n")],
    ...TEXT_SHAPES.map(({ text }): Start => ["train.log", encoder.encode(text)]),
  ],
};

/** What printed lines begin with and hold over and over, and how many they are: patterns went over it again and again. */
const REPEATED = [
  ["", " ", 4],
  ["", "\t", 4],
  ["step 1 loss 0.5 ", "a", 4],
  ["", "1#", 2],
  ["", "+nan", 2],
  ["", "a: 1 ", 1],
  ["step 1 loss 0.5 ", "@1", 1],
] as const;

/** Numbers with a sign that go on as no number does: the reader stood still at the sign. */
const SIGNED = ["+0.214.406481", "+026-01-01 10:00:00", "-.0.5", "-1-a", "+1.2.a", "-2.3.4-5"];

/** Logs that are read as they are. */
const WHOLE: Readonly<Record<string, () => readonly Start[]>> = {
  text: () => [
    ...REPEATED.map(([start, part, count]): Start => {
      const line = (i: number) =>
        `${start}${part.repeat(60_000 / part.length)}${"x".repeat(i)} 2\n`;
      return ["a.log", encoder.encode(Array.from({ length: count }, (_, i) => line(i)).join(""))];
    }),
    ...SIGNED.map((text): Start => ["a.log", encoder.encode(`step 1 loss 0.5 (${text})\n`)]),
  ],
};

/** Numbers from a seed, each below `limit`. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * limit);
  };
}

/** What numbers, dates, names and lists are made of. */
const SIGNS = encoder.encode("+-.,:;/#%_=()[]{}\"\\' \t\n019eEdDnNa");

/** Any byte, one of no text, or one that means something. */
function anyByte(below: (limit: number) => number): number {
  switch (below(3)) {
    case 0:
      return 0xff;
    case 1:
      return SIGNS[below(SIGNS.length)]!;
    default:
      return below(256);
  }
}

/** Bytes with some of them changed, cut, repeated or put in. */
function mutate(bytes: Uint8Array, below: (limit: number) => number): Uint8Array {
  const changed = bytes.slice();
  for (let count = below(9); count > 0; count--) {
    changed[below(changed.length)] = anyByte(below);
  }
  const at = below(changed.length + 1);
  switch (below(4)) {
    case 0:
      return changed.subarray(0, at);
    case 1:
      return new Uint8Array([...changed.subarray(0, at), ...changed.subarray(below(at + 1))]);
    case 2: {
      const inserted = Uint8Array.from({ length: 1 + below(12) }, () => anyByte(below));
      return new Uint8Array([...changed.subarray(0, at), ...inserted, ...changed.subarray(at)]);
    }
    default:
      return changed;
  }
}

/** Reads a log; what is wrong with what came of it. */
async function fault(path: string): Promise<string | undefined> {
  try {
    const log = await readRun(path);
    for (const { name, values, present } of log.columns.values()) {
      if (values.length !== log.steps.length || present.length !== log.steps.length) {
        return `column ${name} is of another length`;
      }
    }
    const isSorted = log.steps.every((step, row) => row === 0 || log.steps[row - 1]! < step);
    return isSorted ? undefined : "steps are not sorted";
  } catch (error) {
    return error instanceof TrainingLogError ? undefined : String(error);
  }
}

/** The most memory that this process ever had, in MB; `NaN` where the system does not say. */
function peakMemory(): number {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    return Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]) / 1024;
  } catch {
    return NaN;
  }
}

async function readKind(kind: string, count: number, seed: number): Promise<void> {
  const starts = KINDS[kind]!();
  const below = numbers(seed);
  const directory = Deno.makeTempDirSync({ prefix: "rewind-fuzz-" });
  const faults: string[] = [];
  let slowest = 0;
  const read = async ([name, bytes]: Start, who: string): Promise<void> => {
    const path = `${directory}/${name}`;
    Deno.writeFileSync(path, bytes);
    const start = process.cpuUsage();
    const wrong = await fault(path);
    const { user, system } = process.cpuUsage(start);
    slowest = Math.max(slowest, (user + system) / 1000);
    if (wrong !== undefined) faults.push(`${name}, ${who}: ${wrong}`);
    Deno.removeSync(path);
  };
  const readAll = async (): Promise<void> => {
    for (const [i, whole] of (WHOLE[kind]?.() ?? []).entries()) await read(whole, `whole ${i}`);
    for (let i = 0; i < count; i++) {
      const [name, bytes] = starts[i % starts.length]!;
      await read([name, mutate(bytes, below)], `${i} of seed ${seed}`);
    }
  };
  // Starting a worker for each file would take longer than reading it.
  await keepingWorker(readAll);
  Deno.removeSync(directory, { recursive: true });
  // deno-lint-ignore no-console
  console.log(JSON.stringify({ slowest, memory: peakMemory(), faults: faults.slice(0, 10) }));
}

if (import.meta.main) {
  const [kinds, count, seed] = Deno.args as [string, string, string];
  for (const kind of kinds.split(",")) await readKind(kind, Number(count), Number(seed));
}
