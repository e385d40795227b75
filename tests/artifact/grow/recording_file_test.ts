import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { claimRecording } from "../../../src/artifact/grow/claim.ts";
import { GrowingFile } from "../../../src/artifact/grow/growing_file.ts";
import { inspect, load } from "../../../src/artifact/load.ts";
import { openRecorder, resumeRecorder } from "../../../src/artifact/open_recorder.ts";
import type { OpenRecorderOptions } from "../../../src/artifact/recorder_options.ts";
import { record } from "../../../src/artifact/run.ts";
import type { Observable, StepFunction } from "../../../src/engine/types.ts";
import {
  ArgumentRangeError,
  ArgumentTypeError,
  ArtifactIntegrityError,
  FileError,
  NondeterministicStepError,
  StepError,
} from "../../../src/errors.ts";
import type { RngName } from "../../../src/rng/backends.ts";
import type { PythonRandom } from "../../../src/rng/python/python_random.ts";
import { recordOf, STRETCHES } from "./support.ts";

/** Whether the long forms run. */
const SLOW = Deno.env.get("REWIND_SLOW") === "1";

function walk(x: number, rng: PythonRandom): number {
  return x + (rng.random() < 0.5 ? 1 : -1);
}

async function inFolder(use: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

Deno.test("a recorder with a path leaves the file of one in memory, and nothing beside it", () =>
  inFolder(async (folder) => {
    const path = `${folder}/walk.replay`;
    const options = { init: 0, seed: 42, observe: { x: (x: number) => x } };
    const recorder = await openRecorder(walk, { ...options, path });
    assertEquals(names(folder), ["walk.replay.part.lock"]);
    recorder.advanceTo(3000);
    const run = recorder.close();
    const other = openRecorder(walk, options);
    other.advanceTo(3000);
    const expected = other.close();
    assertEquals(names(folder), ["walk.replay"]);
    assertEquals(Deno.readFileSync(path), await expected.toBytes());
    assertEquals(run.get(2345), expected.get(2345));
    assertEquals(run.observed, expected.observed);
    assertEquals(await run.contentHash(), await expected.contentHash());
    assert(run.verify({ full: true }).ok);
    assert(recorder.close() === run);
  }));

Deno.test("what a recorder flushed opens like a run, and is resumed by another one", () =>
  inFolder(async (folder) => {
    const path = `${folder}/walk.replay`;
    const options = { init: 0, seed: 7, blockSize: 100, steps: 10_000 };
    {
      using recorder = await openRecorder(walk, { ...options, path });
      recorder.advanceTo(777);
      recorder.flush();
      recorder.advanceTo(900);
      const info = await inspect(`${path}.part`);
      assertEquals(info.steps, 778);
      assertEquals(info.unfinished, { plannedSteps: 10_000, recomputed: 77, flushSeconds: 5 });
      const run = await load(`${path}.part`, { step: walk });
      assertEquals(run.get(-1), record(walk, options).get(777));
      assert(run.verify({ full: true }).ok);
      assertEquals(run.find((_, t) => t === 700), 700);
      await assertRejects(
        () => openRecorder(walk, { ...options, path }),
        FileError,
        "is writing it",
      );
    }
    assertEquals(names(folder), ["walk.replay.part", "walk.replay.part.tail"]);
    assertEquals((await inspect(`${path}.part`)).steps, 901);
    await assertRejects(
      () => openRecorder(walk, { ...options, path }),
      FileError,
      "unfinished recording",
    );
    const again = await resumeRecorder(walk, { path: `${path}.part` });
    assertEquals([again.t, again.state], [900, record(walk, options).get(900)]);
    assertThrows(() => again.advanceTo(10_000), ArgumentRangeError, "opened for 10,000 steps");
    again.advanceTo(9999);
    again.close();
    assertEquals(Deno.readFileSync(path), await record(walk, options).toBytes());
    assertEquals(names(folder), ["walk.replay"]);
    await assertRejects(() => resumeRecorder(walk, { path }), ArgumentRangeError, "is finished");
  }));

Deno.test("a recorder that is left before its first flush, or fails to open, leaves nothing", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.replay`;
    const recorder = await openRecorder((x: number) => x + 1, { init: 0, seed: 1, path });
    recorder.leave();
    // A flush of X_0 is a flush.
    assertEquals(names(folder), ["a.replay.part", "a.replay.part.tail"]);
    assertThrows(() => recorder.advance(), ArgumentRangeError, "closed");
    const bad = `${folder}/b.replay`;
    await assertRejects(
      () => openRecorder(walk, { init: Symbol() as never, seed: 1, path: bad }),
      Error,
    );
    assertEquals(names(folder), ["a.replay.part", "a.replay.part.tail"]);
    await assertRejects(
      () => openRecorder(walk, { init: 0, seed: 1, path: `${folder}/no/c` }),
      FileError,
    );
    await assertRejects(
      () => openRecorder(walk, { init: 0, seed: 1, path: bad, flushSeconds: 0 }),
      ArgumentRangeError,
      "flushSeconds",
    );
  }));

Deno.test("resumeRecorder() refuses another step, missing observables, and what is not there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/walk.replay`;
    const observe = { x: (x: number) => x };
    const recorder = await openRecorder(walk, { init: 0, seed: 7, blockSize: 10, path, observe });
    recorder.advanceTo(55);
    recorder.leave();
    const before = [Deno.readFileSync(`${path}.part`), Deno.readFileSync(`${path}.part.tail`)];
    const other = (x: number, rng: PythonRandom): number => walk(x, rng) + 0.25;
    await assertRejects(
      () => resumeRecorder(other, { path, observe }),
      NondeterministicStepError,
      "leads to another state",
    );
    await assertRejects(
      () => resumeRecorder(walk, { path }),
      ArgumentTypeError,
      "statistics of 'x'",
    );
    await assertRejects(() => resumeRecorder(walk, {} as never), ArgumentTypeError, "'path'");
    await assertRejects(() => resumeRecorder(walk, { path: `${folder}/none.replay` }), Error);
    assertEquals(
      [Deno.readFileSync(`${path}.part`), Deno.readFileSync(`${path}.part.tail`)],
      before,
    );
    assertEquals(names(folder), ["walk.replay.part", "walk.replay.part.tail"]);
    Deno.truncateSync(`${path}.part`, 20);
    await assertRejects(() => resumeRecorder(walk, { path, observe }), ArtifactIntegrityError);
  }));

Deno.test("resumeRecorder() refuses what was begun with something that it cannot give", () =>
  inFolder(async (folder) => {
    const story = { blockSize: 4, state: (t: number) => t };
    const begun = recordOf(story, 1);
    for (
      const [name, { until, ...more }] of Object.entries({
        "function": { until: "(x) => x > 9" },
        "clock": { until: undefined, shims: { random: true } as const },
      })
    ) {
      const path = `${folder}/${name}.replay`;
      const claim = claimRecording(path, { flushSeconds: 5 });
      const file = GrowingFile.begin(claim, { ...begun, ...more }, {
        settings: { until },
        stretches: STRETCHES,
        grid: begun,
        now: () => 0,
      });
      file.push(begun.lastState);
      file.flush({ ...begun, ...more });
      file.leave();
      const step = (x: number): number => x + 1;
      await assertRejects(() => resumeRecorder(step, { path }), ArgumentTypeError, name);
      assertEquals((await inspect(`${path}.part`)).steps, 1);
      assert(!names(folder).includes(`${name}.replay.part.lock`));
    }
  }));

Deno.test("a step that throws ends the run on disk as in memory", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.replay`;
    const step = (x: number): number => {
      if (x === 250) throw new Error("end");
      return x + 1;
    };
    const options = { init: 0, seed: 1, blockSize: 100 };
    const recorder = await openRecorder(step, { ...options, path });
    recorder.advanceTo(240);
    recorder.flush();
    assertThrows(() => recorder.advanceTo(300), StepError);
    const run = recorder.close();
    assertEquals([run.failure?.t, run.failure?.error], [251, "Error: end"]);
    const memory = openRecorder(step, options);
    assertThrows(() => memory.advanceTo(300), StepError);
    assertEquals(Deno.readFileSync(path), await memory.close().toBytes());
  }));

Deno.test("a state that is found to be no data at a block's end takes back what was flushed after it", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.replay`;
    const step = (x: unknown, _rng: unknown, _params: unknown, t: number): unknown =>
      t === 32 || t === 39 ? { f: () => {} } : { t: (x as { t: number }).t ?? t };
    const options = { init: { t: 0 }, seed: 1, blockSize: 10 };
    const run = async (place: { path?: string }) => {
      const recorder = await openRecorder(step, { ...options, ...place });
      const inputs = [..."abcdefghijklmnopqrstuvwxyzabcdefghijklmn"];
      let error: unknown;
      try {
        for (const input of inputs) {
          recorder.advance(input);
          if (recorder.t > 32) recorder.flush();
        }
      } catch (cause) {
        error = cause;
      }
      assert(error !== undefined);
      return recorder.close();
    };
    const grown = await run({ path });
    assertEquals(Deno.readFileSync(path), await (await run({})).toBytes());
    assertEquals(grown.steps, 33);
  }));

Deno.test("a target that is taken meanwhile is not replaced: the run goes beside, and that is told", () =>
  inFolder(async (folder) => {
    const path = `${folder}/walk.replay`;
    const recorder = await openRecorder(walk, { init: 0, seed: 1, path });
    recorder.advanceTo(100);
    Deno.writeTextFileSync(path, "mine");
    const error = assertThrows(() => recorder.close(), FileError);
    assertEquals(error.reason, "exists");
    assert(error.message.includes("walk.1.replay"), error.message);
    assertEquals(names(folder), ["walk.1.replay", "walk.replay"]);
    assertEquals(Deno.readTextFileSync(path), "mine");
    assertEquals((await inspect(`${folder}/walk.1.replay`)).steps, 101);
    const replacing = await openRecorder(walk, { init: 0, seed: 1, path, overwrite: true });
    replacing.advanceTo(50);
    assertEquals(replacing.close().steps, 51);
    await assertRejects(() => replacing.close().save(path), FileError, "it exists");
  }));

/** A model: a step with what it starts from. */
interface Model {
  readonly step: StepFunction<unknown>;
  readonly options: OpenRecorderOptions<unknown, RngName, unknown>;
  readonly input: (t: number) => unknown;
}

const STEPS: readonly { init: unknown; step: (...args: never[]) => unknown }[] = [
  { init: 0, step: (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1) },
  {
    init: { cells: new Float64Array(500), seen: new Map() },
    step: (
      s: { cells: Float64Array; seen: Map<number, number> },
      rng: PythonRandom,
      params: { by: number },
      t: number,
      input: unknown,
    ) => {
      s.cells[t % 500]! += rng.random() * params.by;
      if (typeof input === "number") s.seen.set(input, t);
      return s;
    },
  },
  {
    init: { list: [] },
    step: (s: { list: unknown[] }, rng: PythonRandom, _: unknown, t: number, input: unknown) => ({
      list: [...s.list.slice(-40), { t, draw: rng.random(), input }],
    }),
  },
];

const MODELS: fc.Arbitrary<Model> = fc.record({
  which: fc.nat(STEPS.length - 1),
  rng: fc.constantFrom<RngName>("python", "numpy", "sfc32"),
  blockSize: fc.integer({ min: 1, max: 40 }),
  seed: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  maxCheckpoints: fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined }),
  maxSize: fc.option(fc.integer({ min: 20_000, max: 60_000 }), { nil: undefined }),
  inputs: fc.constantFrom("none", "all", "late"),
  observed: fc.constantFrom<readonly string[]>([], ["size"], ["size", "pair"]),
}).map(({ which, inputs, observed, maxCheckpoints, maxSize, ...rest }) => {
  const { init, step } = STEPS[which]!;
  const all: Record<string, Observable<unknown>> = {
    size: (state) => JSON.stringify(state ?? 0).length,
    pair: (state) => [typeof state === "number" ? state : 1, 2],
  };
  return {
    step: step as unknown as StepFunction<unknown>,
    options: {
      init,
      params: { by: 0.5 },
      ...rest,
      ...(maxCheckpoints === undefined ? {} : { maxCheckpoints }),
      ...(maxSize === undefined ? {} : { maxSize }),
      observe: Object.fromEntries(observed.map((name) => [name, all[name]!])),
      stepId: "model",
    } as OpenRecorderOptions<unknown, RngName, unknown>,
    input: (t) =>
      inputs === "none" || (inputs === "late" && t < 60) ? undefined : t % 7 === 0 ? t : "key",
  };
});

Deno.test("random models, stopped, killed and resumed anywhere, have the bytes of one recording", async () => {
  await fc.assert(
    fc.asyncProperty(
      MODELS,
      fc.array(
        fc.record({
          by: fc.integer({ min: 0, max: 60 }),
          how: fc.constantFrom("leave", "kill", "flush"),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      fc.nat(60),
      async ({ step, options, input }, stops, rest) => {
        const { observe } = options;
        const go = (recorder: { t: number; advance(input: unknown): unknown }, to: number) => {
          while (recorder.t < to) recorder.advance(input(recorder.t));
        };
        const steps = stops.reduce((sum, { by }) => sum + by, rest);
        const memory = openRecorder(step, options);
        go(memory, steps);
        const expected = await memory.close().toBytes();
        await inFolder(async (folder) => {
          let path = `${folder}/run.replay`;
          let recorder = await openRecorder(step, { ...options, path } as never);
          let t = 0;
          for (const [i, { by, how }] of stops.entries()) {
            t += by;
            go(recorder, t);
            if (how === "flush") {
              recorder.flush();
              continue;
            }
            if (how === "leave") {
              recorder.leave();
            } else {
              recorder.flush();
              // What was on the disk when the process died; the live one goes on elsewhere.
              const copy = `${folder}/${i}.replay`;
              Deno.copyFileSync(`${path}.part`, `${copy}.part`);
              Deno.copyFileSync(`${path}.part.tail`, `${copy}.part.tail`);
              go(recorder, t + 13);
              recorder.leave();
              path = copy;
            }
            recorder = await resumeRecorder(step, {
              path,
              ...(observe === undefined ? {} : { observe }),
            });
            assertEquals(recorder.t, t);
          }
          go(recorder, steps);
          const run = recorder.close();
          assertEquals(Deno.readFileSync(path), expected);
          assert(run.verify({ full: true }).ok);
        });
      },
    ),
    { numRuns: SLOW ? 500 : 25 },
  );
});
