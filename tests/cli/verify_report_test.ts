import { assertEquals } from "@std/assert";
import { printVerified, printVerifyJson } from "../../src/cli/verify_report.ts";
import type { BadBlock } from "../../src/engine/verify_types.ts";
import { memoryOutput } from "./memory_output.ts";

function failedVerification(badBlocks: BadBlock[]) {
  return {
    report: { ok: false, blocks: 1000, checked: 1000, badBlocks, otherSharing: [] },
    cause: "states changed" as const,
    run: { steps: 1_000_000, contentHash: "00", math: "portable" as const },
    seconds: 1,
    effort: "1 s",
  };
}

function badBlock(block: number, expected: string, actual: string): BadBlock {
  return {
    block,
    from: block * 1000,
    to: (block + 1) * 1000,
    difference: { path: "state", expected, actual, bits: 3, ulps: 12345n },
    error: undefined,
  };
}

Deno.test("printVerified() shows five bad blocks and says how many more there are", () => {
  const bad = Array.from({ length: 1000 }, (_, block) => badBlock(block, "0.5", "0.25"));
  const output = memoryOutput();
  printVerified(output, failedVerification(bad));
  assertEquals(output.lines, [
    "FAILED: 1,000 of 1,000 blocks do not replay to the recorded state",
    ...[0, 1, 2, 3, 4].map((block) =>
      `  block ${block}, steps ${block === 0 ? 0 : `${block},000`} to ${
        block + 1
      },000: state: recorded 0.5, replayed 0.25 (3 bits, 12,345 ulp)`
    ),
    "  ... and 995 more (--json lists all)",
    "cause: states changed: two replays agree with each other but not with the recording: the code " +
    "or the recorded states changed",
  ]);
  const json = memoryOutput();
  printVerifyJson(json, failedVerification(bad));
  assertEquals(JSON.parse(json.lines[0]!).badBlocks.length, 1000);
});

Deno.test("printVerified() says nothing of bits where whole numbers differ", () => {
  const output = memoryOutput();
  printVerified(output, failedVerification([badBlock(3, "2", "-7")]));
  assertEquals(output.lines[1], "  block 3, steps 3,000 to 4,000: state: recorded 2, replayed -7");
});

Deno.test("printVerified() notes blocks that gave the recorded values but share other objects", () => {
  const difference = {
    path: "state.leader",
    expected: "the same object as state.people[2]",
    actual: "an object of its own",
  };
  const verified = {
    ...failedVerification([]),
    report: {
      ok: true,
      blocks: 10,
      checked: 10,
      badBlocks: [],
      otherSharing: [{ block: 3, to: 4000, difference }, { block: 4, to: 5000, difference }],
    },
    cause: undefined,
  };
  const output = memoryOutput();
  printVerified(output, verified);
  assertEquals(output.lines, ["OK: 10 of 10 blocks replay bit for bit (1,000,000 steps, 1 s)"]);
  assertEquals(output.notes, [
    "2 blocks with equal values share other objects: at step 4,000, state.leader is an object of its " +
    "own where the same object as state.people[2] was recorded",
  ]);
});
