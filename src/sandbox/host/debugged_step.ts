/**
 * Runs a step outside of the sandbox, in a process without permissions but under the runtime's inspector, and stops
 * where it is called.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSourceMap } from "../../artifact/source_map.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { spanCount, spanOf, spanStart } from "../../engine/block_grid.ts";
import type { RunRecord } from "../../engine/types.ts";
import { RewindError } from "../../errors.ts";
import { DEBUG_END, DEBUG_GLOBAL, type DebugJob } from "../wire/debug_job.ts";
import { Inspector } from "./inspector.ts";
import { checkpointsOf, shapeOf } from "./job_requests.ts";

/** Earlier checkpoints that a session holds for going back, in canonical bytes. */
const EARLIER_BYTES_MAX = 64 * 2 ** 20;

/** A module that is debugged. */
export interface StepFile {
  /** Its text, without imports. */
  readonly source: string;
  /** Its source map as JSON, if it has one. */
  readonly sourceMap: string | undefined;
  /** Name of the author's file. */
  readonly stepId: string;
  /** Where that file is; undefined if it is not at hand. */
  readonly path: string | undefined;
}

/** How a step is debugged. */
export interface DebugOptions {
  /** The module. */
  readonly module: StepFile;
  /** Index of the state that the step makes. */
  readonly t: number;
  /** Whether the next stop is one step before. */
  readonly isReverse: boolean;
  /** Port of the inspector on this machine; 0 for any. */
  readonly port: number;
  /** Ends the process when aborted. */
  readonly signal: AbortSignal;
  /** Told where the inspector listens, once the step is stopped in. */
  readonly onReady: (address: string) => void;
  /** Told at each stop, with the t of the state that the step makes. */
  readonly onStop: (t: number) => void;
  /** Given what the process writes. */
  readonly onText: (text: string) => void;
}

/** Debugs a step until the process ends. */
export async function debugStep(record: RunRecord, options: DebugOptions): Promise<void> {
  if (Deno.build.standalone) {
    throw new RewindError("DEBUG", "Cannot debug: this binary has no inspector", {
      hint: "use 'deno run -A jsr:@rewind/cli debug'",
    });
  }
  const folder = await Deno.makeTempDir({ prefix: "rewind-debug-" });
  try {
    const job = join(folder, "job");
    await Deno.writeFile(job, encodeState(await jobOf(record, folder, options)));
    await follow(start(folder, job, options), options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function jobOf(
  record: RunRecord,
  folder: string,
  { module, t, isReverse }: DebugOptions,
): Promise<DebugJob> {
  const loud = join(folder, "step.js");
  const quiet = join(folder, "replay.js");
  await Deno.writeTextFile(loud, `${module.source}\n${mapComment(module)}\n`);
  await Deno.writeTextFile(quiet, module.source);
  const spans = spansFor(record, t, isReverse);
  const messages = [...checkpointsOf(record, spans)];
  const hasInputs = record.inputs !== undefined;
  return {
    run: shapeOf(record),
    math: record.math,
    module: pathToFileURL(loud).href,
    quiet: pathToFileURL(quiet).href,
    ...{ t, isReverse, spans, isFailing: record.failure !== undefined },
    checkpoints: hasInputs ? messages.filter((_, i) => i % 2 === 0) : messages,
    inputs: hasInputs ? messages.filter((_, i) => i % 2 === 1) : [],
  };
}

/** The spans that a session needs: on from the one of the step, or back from it as far as there is room. */
function spansFor(record: RunRecord, t: number, isReverse: boolean): Uint32Array {
  const last = spanOf(t - 1, record);
  if (!isReverse) {
    // A replay goes on without checkpoints; only inputs are needed further on.
    const end = record.inputs === undefined ? last : spanCount(record) - 1;
    return Uint32Array.from({ length: end - last + 1 }, (_, i) => last + i);
  }
  let first = last;
  let bytes = record.checkpoints.bytesAt(last).length;
  while (first > 0) {
    bytes += record.checkpoints.bytesAt(first - 1).length;
    if (bytes > EARLIER_BYTES_MAX || spanStart(last, record) - spanStart(first - 1, record) > 1e6) {
      break;
    }
    first--;
  }
  return Uint32Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The comment by which debuggers show the author's files in the place of the module. */
function mapComment({ path, sourceMap, stepId }: StepFile): string {
  const folder = path === undefined ? undefined : dirname(resolve(path));
  const urlOf = (source: string): string =>
    folder === undefined || /^[a-z]+:/.test(source)
      ? source
      : pathToFileURL(resolve(folder, source)).href;
  if (sourceMap === undefined) return `//# sourceURL=${encodeURI(urlOf(stepId || "step.js"))}`;
  const map = parseSourceMap(sourceMap);
  const sources = map.sources.map((source) => source === null ? null : urlOf(source));
  const bytes = new TextEncoder().encode(JSON.stringify({ ...map, sources }));
  return `//# sourceMappingURL=data:application/json;base64,${bytes.toBase64()}`;
}

function start(
  folder: string,
  job: string,
  { port, signal }: DebugOptions,
): Deno.ChildProcess {
  const driver = new URL("../debug/driver.ts", import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", "--no-lock"],
      ...importArguments(driver),
      ...[`--inspect-wait=127.0.0.1:${port}`, `--allow-read=${folder}`],
      ...[driver.href, job],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
}

/**
 * By default a process without permissions may import from some hosts and from npm, and so tell them something. What
 * the driver itself needs is there, unless it comes from a host.
 */
function importArguments({ protocol, host }: URL): string[] {
  return protocol === "file:" ? ["--deny-import", "--cached-only"] : [`--allow-import=${host}`];
}

async function follow(
  child: Deno.ChildProcess,
  { signal, onReady, onStop, onText }: DebugOptions,
): Promise<void> {
  const texts = new InspectorTexts(child, onText);
  const address = await texts.address();
  if (address === undefined) {
    throw new RewindError("DEBUG", `Cannot debug: the process did not start: ${texts.tail}`, {
      hint: "another port can be chosen with --port",
    });
  }
  let isReady = false;
  await using _ended = { [Symbol.asyncDispose]: () => endOf(child, texts) };
  using inspector = await Inspector.connect(address, ({ method }) => {
    if (method !== "Debugger.paused") return;
    void inspector.evaluate(`${DEBUG_GLOBAL}.t`).then(({ value }) => {
      // The step could have put anything there.
      onStop(Number(value));
      if (!isReady) onReady(address);
      isReady = true;
    }).catch(() => {});
  });
  await inspector.call("Runtime.enable");
  await inspector.call("Debugger.enable");
  await inspector.call("Runtime.runIfWaitingForDebugger");
  try {
    const { objectId } = await stepOf(inspector, signal, texts);
    await inspector.call("Debugger.setBreakpointOnFunctionCall", { objectId });
  } catch (error) {
    signal.throwIfAborted();
    await endOf(child, texts);
    throw new RewindError("DEBUG", `Cannot debug: the module does not load: ${texts.tail}`, {
      cause: error,
    });
  }
  // Not waited for: the process stops before it can answer.
  void inspector.evaluate(`${DEBUG_GLOBAL}.go()`).catch(() => {});
  await Promise.race([child.status, texts.ended]);
}

/** Makes sure that the process has ended. */
async function endOf(child: Deno.ChildProcess, texts: InspectorTexts): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
  await texts.done;
}

/** The step of the module that is debugged, once the process has loaded it. */
async function stepOf(
  inspector: Inspector,
  signal: AbortSignal,
  texts: InspectorTexts,
): Promise<{ objectId?: string }> {
  for (;;) {
    signal.throwIfAborted();
    const { objectId } = await inspector.evaluate(
      `globalThis.${DEBUG_GLOBAL} && ${DEBUG_GLOBAL}.step`,
    );
    if (objectId !== undefined) return { objectId };
    const ended = await Promise.race([
      texts.ended.then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 5)),
    ]);
    if (ended) {
      throw new RewindError("DEBUG", "Cannot debug: the process ended");
    }
  }
}

/** What the process writes: the inspector's address, and all that is not of the inspector. */
class InspectorTexts {
  /** When both streams have ended. */
  readonly done: Promise<unknown>;
  /** When the process has said that it is done, or has ended. */
  readonly ended: Promise<unknown>;
  /** The last that was written. */
  tail = "";
  readonly #address = Promise.withResolvers<string | undefined>();
  readonly #ended = Promise.withResolvers<undefined>();

  constructor(child: Deno.ChildProcess, onText: (text: string) => void) {
    const errors = this.#read(child.stderr, (text) => {
      const found = /^Debugger listening on (ws:\S+)/m.exec(text)?.[1];
      if (found !== undefined) this.#address.resolve(found);
      const own = text.replace(
        /^(?:Debugger listening|Visit chrome|Deno is waiting|Debugger session).*\n?/gm,
        "",
      );
      if (own !== "") onText(own);
    });
    const output = this.#read(child.stdout, onText);
    this.ended = this.#ended.promise;
    this.done = Promise.all([errors, output]).then(() => {
      this.#address.resolve(undefined);
      this.#ended.resolve(undefined);
    });
  }

  /** Where the inspector listens; undefined if the process ended first. */
  address(): Promise<string | undefined> {
    return this.#address.promise;
  }

  async #read(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      const text = decoder.decode(bytes, { stream: true });
      this.tail = `${this.tail}${text}`.slice(-1000);
      if (this.tail.includes(DEBUG_END)) {
        this.tail = this.tail.replace(DEBUG_END, "").trimEnd();
        this.#ended.resolve(undefined);
      }
      take(text);
    }
  }
}
