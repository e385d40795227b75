import { assertEquals, assertStringIncludes } from "@std/assert";
import { decodeState } from "../../src/codec/decode_state.ts";
import { SANDBOX_CHILD_ARGUMENT } from "../../src/sandbox/bootstrap.ts";
import { HARNESS_TEXT, NUMPY_TEXT, WATCHDOG_TEXT } from "../../src/sandbox/harness.generated.ts";
import {
  encodeMessage,
  encodeRequest,
  FRAME_KIND,
  FrameReader,
  NONCE_BYTES,
} from "../../src/sandbox/protocol.ts";
import { RUN_ARGUMENTS } from "./in_sandbox.ts";

const ROOT = new URL("../../", import.meta.url);

/**
 * Runs a module as the child of a compiled binary would: started by its private argument, with every
 * permission granted and no flag that protects it. Gives the end of a recording, or the error's text.
 */
async function recordAsBinary(source: string): Promise<unknown> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...RUN_ARGUMENTS,
      "cli.ts",
      SANDBOX_CHILD_ARGUMENT,
    ],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    env: { TZ: "UTC" },
  }).spawn();
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const input = child.stdin.getWriter();
  const limits = { timeoutMs: 10_000, memoryBytesMax: 500e6 };
  const messages = [
    ...[WATCHDOG_TEXT, HARNESS_TEXT, NUMPY_TEXT].map((text) =>
      encodeMessage(new TextEncoder().encode(text))
    ),
    encodeRequest({
      ...limits,
      nonce,
      signature: "test",
      parentPid: Deno.pid,
      source,
      math: "portable",
    }),
    encodeRequest({
      ...limits,
      kind: "record",
      steps: 9,
      seed: 1n,
      rng: undefined,
      blockSize: undefined,
      params: [],
      start: undefined,
      mutate: undefined,
      until: undefined,
      observe: undefined,
      selfCheck: false,
    }),
  ];
  for (const message of messages) await input.write(message);
  await input.close();
  const frames = new FrameReader(nonce);
  frames.expect(1e6);
  let result: unknown = "no answer";
  for await (const chunk of child.stdout) {
    for (const { kind, payload } of frames.push(chunk)) {
      const said = kind === FRAME_KIND.items ? undefined : decodeState(payload);
      if (kind === FRAME_KIND.end) {
        result = (said as { failure?: { error: string } }).failure?.error;
      }
      if (kind === FRAME_KIND.error) result = (said as { message: string }).message;
    }
  }
  await child.status;
  return result;
}

const WALK = "export const step = (s, rng) => s + rng.random();";

Deno.test("a child of a compiled binary is as locked down, without any flag to help it", async () => {
  const path = JSON.stringify(new URL("deno.json", ROOT).href);
  const sources = {
    honest: `export const init = 0; ${WALK}`,
    code: `export const init = () => Function("return 1")(); ${WALK}`,
    hiddenCode: `export const init = () => (async () => {}).constructor("1"); ${WALK}`,
    file: `export const init = () => Deno.readTextFileSync("deno.json"); ${WALK}`,
    // What layer 1 refuses has to fail in layer 3 as well: here nothing checks the text.
    import:
      `const m = await import(${path}, { with: { type: "json" } }); export const init = m; ${WALK}`,
    builtin: `import fs from "node:fs"; export const init = typeof fs; ${WALK}`,
    process: `export const init = () => process.getBuiltinModule("fs"); ${WALK}`,
  };
  const found = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => [name, await recordAsBinary(source)]),
  );
  const { import: dynamic, builtin, ...others } = Object.fromEntries(found);
  const code = "code cannot be made from text here: write it as a function";
  const io = "a step does no I/O: pass what it needs in params or in the initial state";
  assertEquals(others, {
    honest: undefined,
    code: `init called Function() at t=0: ${code}`,
    hiddenCode: `init called Function() at t=0: ${code}`,
    file: `init used Deno at t=0: ${io}`,
    process: `init used process at t=0: ${io}`,
  });
  assertStringIncludes(String(dynamic), "A dynamic import callback was not specified");
  assertStringIncludes(String(builtin), "the sandbox loads no other modules");
});
