import { assertEquals } from "@std/assert";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { PLAIN_RECORD } from "../../../src/engine/record_defaults.ts";
import type { RunRecord } from "../../../src/engine/types.ts";
import { mismatchCause } from "../../../src/sandbox/host/mismatch_cause.ts";
import { verifySandboxed } from "../../../src/sandbox/host/verify_sandboxed.ts";

/** Two blocks of five states, which count by one. */
function counting(source: string): RunRecord {
  return {
    ...PLAIN_RECORD,
    steps: 10,
    seed: 1n,
    blockSize: 5,
    rng: "python",
    params: undefined,
    checkpoints: { length: 2, bytesAt: (block) => encodeState(5 * block) },
    lastState: encodeState(9),
    observed: {},
    stepId: "count",
    source,
    math: "portable",
  };
}

/** The cause for a source, given so many milliseconds for each look. */
async function causeOf(
  source: string,
  rest: number[],
  { recorded = source, ...fields }: { recorded?: string } & Partial<RunRecord> = {},
) {
  const record = { ...counting(recorded), ...fields };
  const child = { source, timeoutMs: 20_000 };
  const report = await verifySandboxed(record, { ...child, full: true });
  const info = { recordedBy: [] };
  const cause = await mismatchCause(record, {
    ...{ report, info, child },
    restMs: () => rest.shift()!,
  });
  return { bad: report.badBlocks.length, cause, unused: rest.length };
}

const INIT = "export const init = 0;";

Deno.test("mismatchCause() tells hidden state, other code and other states apart", async () => {
  const rest = () => [20_000, 20_000];
  const hidden = `${INIT} let n = 0; export const step = (x) => x + (n++ < 7 ? 2 : 3);`;
  assertEquals(await causeOf(hidden, rest()), { bad: 2, cause: "nondeterministic", unused: 0 });
  const two = `${INIT} export const step = (x) => x + 2;`;
  assertEquals(await causeOf(two, rest()), { bad: 2, cause: "states changed", unused: 0 });
  const one = `${INIT} export const step = (x) => x + 1;`;
  assertEquals(await causeOf(two, rest(), { recorded: one }), {
    ...{ bad: 2, cause: "code changed", unused: 0 },
  });
  // As of the Python package, whose math is no JavaScript engine's.
  const foreign = await causeOf(two, rest(), { source: undefined, math: "engine" });
  assertEquals(foreign.cause, "code changed");
});

Deno.test("mismatchCause() gives a step no more time than the verification left", async () => {
  // Fails at once; only where one instance replays a block twice does it never end.
  const looping =
    `${INIT} let n = 0; export const step = (x) => { while (++n > 5); return x + 2; };`;
  const { cause, bad, unused } = await causeOf(looping, [20_000, 300]);
  assertEquals({ cause, bad, unused }, { cause: undefined, bad: 2, unused: 0 });
  assertEquals(await causeOf(looping, [-1, 20_000]), { bad: 2, cause: undefined, unused: 1 });
});
