import { assertEquals } from "@std/assert";
import { decodeState } from "../../src/codec/decode_state.ts";
import { CHILD_TEXTS } from "../../src/sandbox/host/harness.generated.ts";
import { ChildFault, SandboxChild } from "../../src/sandbox/host/sandbox_child.ts";
import { SANDBOX_CHILD_ARGUMENT } from "../../src/sandbox/wire/child_argument.ts";
import { FrameReader } from "../../src/sandbox/wire/frame_reader.ts";
import { FRAME_KIND, NONCE_BYTES } from "../../src/sandbox/wire/frames.ts";
import { encodeMessage, encodeRequest } from "../../src/sandbox/wire/messages.ts";
import type { JobInput, JobRequest } from "../../src/sandbox/wire/requests.ts";
import { BLOCKED, importForms, META_PROBE } from "./import_forms.ts";
import { RUN_ARGUMENTS } from "./in_sandbox.ts";

const ROOT = new URL("../../", import.meta.url);
const TIMEOUT_MS = 20_000;

/** A short recording; with an expression, of what that observes. */
function recording(expression?: string): JobInput {
  return {
    kind: "record",
    steps: 9,
    seed: 1n,
    rng: undefined,
    blockSize: undefined,
    params: [],
    paramChanges: [],
    start: undefined,
    origin: 0,
    gridOffset: 0,
    generatorState: undefined,
    budget: undefined,
    hasInputs: false,
    resume: undefined,
    mutate: undefined,
    until: undefined,
    observe: expression === undefined ? undefined : [{ name: "a", expression }],
    selfCheck: false,
    guards: true,
    marks: undefined,
  };
}

/**
 * Gives jobs to a child as that of a compiled binary: started by its private argument, with every
 * permission granted and no flag that protects it. Nothing here checks a text.
 */
async function recordAsBinary(
  source: string,
  jobs: readonly JobInput[],
): Promise<(string | undefined)[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...RUN_ARGUMENTS, "cli.ts", SANDBOX_CHILD_ARGUMENT],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    env: { TZ: "UTC" },
  }).spawn();
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const session = encodeRequest({
    memoryBytesMax: 500e6,
    nonce,
    signature: "test",
    parentPid: Deno.pid,
    source,
    math: "portable",
    shims: undefined,
  });
  const input = child.stdin.getWriter();
  for (const text of CHILD_TEXTS) {
    await input.write(encodeMessage(new TextEncoder().encode(text)));
  }
  await input.write(session);
  const output = child.stdout.getReader();
  const frames = new FrameReader(nonce);
  const results: (string | undefined)[] = [];
  for (const job of jobs) {
    frames.expect(1e6);
    await input.write(encodeRequest({ ...job, timeoutMs: TIMEOUT_MS } as JobRequest));
    while (frames.open) {
      const { value, done } = await output.read();
      if (done) throw new Error("the child died");
      for (const { kind, payload } of frames.push(value)) {
        if (kind !== FRAME_KIND.items) results.push(errorIn(kind, decodeState(payload)));
      }
    }
  }
  await input.close();
  await output.cancel();
  await child.status;
  return results;
}

/** Gives jobs to a child as every command starts it; only the source is checked, not the expressions. */
async function recordAsUsual(
  source: string,
  jobs: readonly JobInput[],
): Promise<(string | undefined)[]> {
  await using child = new SandboxChild({ source, timeoutMs: TIMEOUT_MS });
  const results: (string | undefined)[] = [];
  for (const job of jobs) {
    const answer = child.run(job);
    try {
      let next = await answer.next();
      while (!next.done) next = await answer.next();
      results.push(errorIn(FRAME_KIND.end, next.value));
    } catch (error) {
      if (!(error instanceof ChildFault)) throw error;
      results.push(errorIn(FRAME_KIND.error, error.claim));
    }
  }
  return results;
}

/** What became of a recording: the text of its error; undefined if it had none. */
function errorIn(kind: number, said: unknown): string | undefined {
  return kind === FRAME_KIND.error
    ? (said as { message: string }).message
    : (said as { failure?: { error: string } }).failure?.error;
}

const WALK = "export const step = (s, rng) => s + rng.random();";

Deno.test("a child of a compiled binary is as locked down, without any flag to help it", async () => {
  const sources = {
    honest: `export const init = 0; ${WALK}`,
    code: `export const init = () => Function("return 1")(); ${WALK}`,
    hiddenCode: `export const init = () => (async () => {}).constructor("1"); ${WALK}`,
    file: `export const init = () => Deno.readTextFileSync("deno.json"); ${WALK}`,
    process: `export const init = () => process.getBuiltinModule("fs"); ${WALK}`,
  };
  const found = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => [
      name,
      (await recordAsBinary(source, [recording()]))[0],
    ]),
  );
  const code = "code cannot be made from text here: write it as a function";
  const io = "a step does no I/O: pass what it needs in params or in the initial state";
  assertEquals(Object.fromEntries(found), {
    honest: undefined,
    code: `init called Function() at t=0: ${code}`,
    hiddenCode: `init called Function() at t=0: ${code}`,
    file: `init used Deno at t=0: ${io}`,
    process: `init used process at t=0: ${io}`,
  });
});

for (const [child, record] of Object.entries({ binary: recordAsBinary, usual: recordAsUsual })) {
  Deno.test(`the modules of a child (${child}) load nothing, even if nobody looked at their text`, async () => {
    const forms = importForms();
    const texts = [...forms, META_PROBE, "() => 1"];
    const results = await record(`export const init = 0; ${WALK}`, texts.map(recording));
    assertEquals(results.slice(forms.length), ["Error: undefined,undefined,,0", undefined]);
    // A mistake in the text of a form would end it otherwise, and show here too.
    const others = forms.map((form, i) => [form, results[i]]).filter(([, result]) =>
      !BLOCKED.includes(result ?? "")
    );
    assertEquals(others, []);
  });
}
