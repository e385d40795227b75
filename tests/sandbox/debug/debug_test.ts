/** A client of the inspector drives a debugged step, as Chrome or VS Code would. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { RunRecord } from "../../../src/engine/types.ts";
import { debugStep, type StepFile } from "../../../src/sandbox/host/debugged_step.ts";
import { Inspector, type InspectorEvent } from "../../../src/sandbox/host/inspector.ts";
import { openRun } from "../../../src/sandbox/host/open_run.ts";
import { PlaceFinder } from "../../../src/sandbox/host/place_finder.ts";
import { SandboxSession } from "../../../src/sandbox/host/session.ts";
import { readStep } from "../../../src/sandbox/recorder/read_step.ts";
import { artifactOf } from "../../cli/fixtures.ts";
import { TempFolder } from "../../cli/run_cli.ts";
import { runVerb } from "../../cli/run_verb.ts";

/** A place where the debugger stopped. */
interface Stop {
  /** What the step was stopped for. */
  readonly t: number;
  /** Where, in the author's files. */
  readonly place: string;
  /** Evaluates in the innermost frame. */
  evaluate(expression: string): Promise<unknown>;
}

/** The other debugger that is attached. */
class Client implements Disposable {
  readonly #inspector: Inspector;
  readonly #maps: Map<string, string>;
  readonly #stops: InspectorEvent[];
  #waiting: (() => void) | undefined;

  private constructor(inspector: Inspector, maps: Map<string, string>, stops: InspectorEvent[]) {
    this.#inspector = inspector;
    this.#maps = maps;
    this.#stops = stops;
  }

  static async attach(address: string): Promise<Client> {
    const maps = new Map<string, string>();
    const stops: InspectorEvent[] = [];
    const attached: { client?: Client } = {};
    const inspector = await Inspector.connect(address, (event) => {
      const { scriptId, sourceMapURL, url } = event.params as Record<string, string>;
      if (event.method === "Debugger.scriptParsed") maps.set(scriptId!, sourceMapURL || url!);
      if (event.method !== "Debugger.paused") return;
      stops.push(event);
      attached.client?.wake();
    });
    const client = attached.client = new Client(inspector, maps, stops);
    await inspector.call("Runtime.enable");
    await inspector.call("Debugger.enable");
    return client;
  }

  /** Goes on with what waits for a stop. */
  wake(): void {
    this.#waiting?.();
  }

  /** The next stop. */
  async stop(): Promise<Stop> {
    while (this.#stops.length === 0) await new Promise<void>((resolve) => this.#waiting = resolve);
    const { params } = this.#stops.shift()!;
    const [frame] = params.callFrames as {
      callFrameId: string;
      location: { scriptId: string; lineNumber: number; columnNumber: number };
    }[];
    const { callFrameId, location: { scriptId, lineNumber, columnNumber } } = frame!;
    const { value } = await this.#inspector.evaluate("__rewind.t");
    return {
      t: value as number,
      place: this.#placeOf(this.#maps.get(scriptId)!, lineNumber + 1, columnNumber + 1),
      evaluate: async (expression) => {
        const { result } = await this.#inspector.call("Debugger.evaluateOnCallFrame", {
          ...{ callFrameId, expression, returnByValue: true },
        });
        return (result as { value: unknown }).value;
      },
    };
  }

  #placeOf(map: string, line: number, column: number): string {
    const base64 = /^data:application\/json;base64,(.*)$/.exec(map)?.[1];
    if (base64 === undefined) return `${map.replace(/^.*\//, "")}:${line}`;
    const text = new TextDecoder().decode(Uint8Array.fromBase64(base64));
    const { file, line: own } = new PlaceFinder(JSON.parse(text)).placeOf(line, column)!;
    assert(file.startsWith("file:///") || file.startsWith("npm:"), file);
    return `${file.replace(/^.*\//, "")}:${own}`;
  }

  async go(how: "resume" | "stepInto" | "stepOver"): Promise<Stop> {
    const stopped = this.stop();
    await this.#inspector.call(`Debugger.${how}`);
    return await stopped;
  }

  [Symbol.dispose](): void {
    this.#inspector[Symbol.dispose]();
  }
}

async function recorded(path: string): Promise<{ record: RunRecord; module: StepFile }> {
  const source = await readStep(path, { embedSources: true });
  await using session = new SandboxSession(source);
  const record = await session.record({ steps: 300, seed: 7n, stepId: source.stepId });
  return { record, module: { ...source, path } };
}

/** Runs a session and drives it. */
async function debugged(
  { record, module }: { record: RunRecord; module: StepFile },
  { t, isReverse = false }: { t: number; isReverse?: boolean },
  drive: (client: Client) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  let driven: Promise<void> | undefined;
  await debugStep(record, {
    ...{ module, t, isReverse, port: 0, signal: ended.signal },
    onStop: () => {},
    onText: () => {},
    onReady: (address) => {
      driven = (async () => {
        using client = await Client.attach(address);
        await drive(client);
      })().finally(() => ended.abort());
    },
  }).catch((error) => {
    if (!ended.signal.aborted) throw error;
  });
  await driven;
}

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));
const WALK = FOLDER.write(
  "walk.ts",
  `interface State { x: number; seen: Map<number, bigint> }
export const params: { size: number } = { size: 0.25 };
export const init: State = { x: -0, seen: new Map([[NaN, 1n]]) };

function grow(x: number, by: number): number {
  return x + by;
}

export function step(state: State, rng: any, params: { size: number }, t: number): State {
  const by = Math.sin(rng.random()) * params.size;
  state.x = grow(state.x, by);
  return state;
}
`,
);

Deno.test("debug stops in the author's file at the step, with the true state, generator, params and t", async () => {
  const run = await recorded(WALK);
  await using sandboxed = await openRun(artifactOf(run.record), {});
  const state = async (t: number) => (await sandboxed.get(t)) as { x: number };
  await debugged(run, { t: 123 }, async (client) => {
    const stop = await client.stop();
    assertEquals([stop.t, stop.place], [123, "walk.ts:10"]);
    assertEquals(await stop.evaluate("state.x"), (await state(122)).x);
    assertEquals(await stop.evaluate("[t, params.size, String(state.seen.get(NaN))]"), [
      122,
      0.25,
      "1",
    ]);
    const helper = await client.go("stepOver").then(() => client.go("stepInto"));
    assertEquals(helper.place, "walk.ts:6");
    const next = await client.go("resume");
    assertEquals([next.t, next.place], [124, "walk.ts:10"]);
    assertEquals(await next.evaluate("state.x"), (await state(123)).x);
    const [draw] = await sandboxed.trace(124);
    assertEquals(await next.evaluate("rng.random()"), draw!.result);
    // What is done to one step does not reach the next.
    await next.evaluate("state.x = 1e9");
    const third = await client.go("resume");
    assertEquals(await third.evaluate("state.x"), (await state(124)).x);
  });
  await debugged(run, { t: 37, isReverse: true }, async (client) => {
    assertEquals((await client.stop()).t, 37);
    const back = await client.go("resume");
    assertEquals([back.t, await back.evaluate("state.x")], [36, (await state(35)).x]);
    assertEquals((await client.go("resume")).t, 35);
  });
});

Deno.test("debug stops in a module of several files with an npm package", async () => {
  Deno.mkdirSync(FOLDER.file("node_modules/mover"), { recursive: true });
  FOLDER.write(
    "node_modules/mover/package.json",
    JSON.stringify({ name: "mover", version: "1.0.0", type: "module", main: "index.js" }),
  );
  FOLDER.write(
    "node_modules/mover/index.js",
    "export function moved(x, by) {\n  return x + by;\n}\n",
  );
  FOLDER.write("package.json", JSON.stringify({ dependencies: { mover: "1.0.0" } }));
  FOLDER.write(
    "part.ts",
    `import { moved } from "mover";
export function move(s: { x: number }, by: number): { x: number } {
  return { x: moved(s.x, by) };
}
`,
  );
  const path = FOLDER.write(
    "many.ts",
    `import { move } from "./part.ts";
export const init = { x: 0 };
export const step = (s: { x: number }, rng: any) => {
  const by = rng.gauss(0, 1);
  return move(s, by);
};
`,
  );
  const source = await readStep(path, { embedSources: true, allowNet: true });
  await using session = new SandboxSession(source);
  const record = await session.record({ steps: 100, seed: 7n, stepId: source.stepId });
  await debugged({ record, module: { ...source, path } }, { t: 57 }, async (client) => {
    const stop = await client.stop();
    assertEquals([stop.t, stop.place], [57, "many.ts:4"]);
    const [made] = await Array.fromAsync(session.states(record, { from: 56, to: 57 }));
    assertEquals(made!.length, 1);
    assertEquals(typeof await stop.evaluate("s.x"), "number");
    const inside = await client.go("stepOver").then(() => client.go("stepInto"));
    assertEquals(inside.place, "part.ts:3");
    assertEquals((await client.go("stepInto")).place, "index.js:2");
  });
});

Deno.test("debug refuses the step in a file unless it is trusted, state 0, and what it would load", async () => {
  const { record } = await recorded(WALK);
  const file = FOLDER.write("walk.replay", artifactOf(record));
  const refused = await runVerb(["debug", file, "10"]);
  assertEquals([refused.code, refused.stdout], [3, ""]);
  assertStringIncludes(refused.stderr, "pass your own module with --step FILE, or --trust");
  assertEquals((await runVerb(["debug", file, "0", "--trust"])).code, 2);
  const source = `${record.source}\nexport const load = () => import("./other.js");`;
  const unsafe = FOLDER.write("unsafe.replay", artifactOf({ ...record, source }));
  const broken = await runVerb(["debug", unsafe, "10", "--trust"]);
  assertEquals(broken.code, 3);
  assertStringIncludes(broken.stderr, "it has the word `import`");
  const signal = AbortSignal.timeout(20_000);
  const module = {
    source: "throw new Error('no module')",
    sourceMap: undefined,
    stepId: "x.js",
    path: undefined,
  };
  let written = "";
  const onText = (text: string) => void (written += text);
  const handlers = { onReady: () => {}, onStop: () => {}, onText };
  await assertRejects(
    () => debugStep(record, { ...handlers, module, t: 5, isReverse: false, port: 0, signal }),
    Error,
    "the module does not load",
  );
  const asking = {
    ...module,
    source: `for (const name of ["https://esm.sh/x", "npm:x"]) {
  await import(name).catch((error) => console.log(error.message));
}
throw 1;`,
  };
  await assertRejects(
    () =>
      debugStep(record, { ...handlers, module: asking, t: 5, isReverse: false, port: 0, signal }),
    Error,
    "the module does not load",
  );
  assertStringIncludes(written, 'Requires import access to "esm.sh:443"');
  assertStringIncludes(written, "--cached-only is specified");
});
