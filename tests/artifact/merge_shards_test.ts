import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { encodePart } from "../../src/artifact/shard_part.ts";
import { type MergedVerification, mergeShards } from "../../src/artifact/merge_shards.ts";
import { record, Run } from "../../src/artifact/run.ts";
import type { ShardPart } from "../../src/artifact/shard_part.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import type { Observation } from "../../src/engine/types.ts";
import { NondeterministicReplayError, ShardError } from "../../src/errors.ts";

/** A run whose states are those of a list, one after the other. */
function runOf<T>(values: readonly T[], blockSize: number): Run<{ t: number }> {
  return record((state: { t: number }) => ({ t: state.t + 1 }), {
    init: { t: 0 },
    steps: values.length,
    seed: 1,
    blockSize,
  });
}

async function statsParts(
  run: Run<{ t: number }>,
  count: number,
  observable: (state: { t: number }) => Observation,
): Promise<string[]> {
  const parts: string[] = [];
  for (let index = 0; index < count; index++) {
    parts.push(JSON.stringify(await run.statsShard({ index, count }, observable)));
  }
  return parts;
}

/** Merges parts of a verification. */
function verdictOf(parts: Iterable<ShardPart | string>): MergedVerification {
  const merged = mergeShards(parts);
  if (merged.kind !== "verify") throw new Error(`merged to ${merged.kind}`);
  return merged;
}

const VALUE = fc.oneof(fc.constantFrom(0, -0, NaN, Infinity, 1), fc.double());

Deno.test("mergeShards() gives the bits of the whole run's statistics, for any run, shards and order", async () => {
  const cases = fc.tuple(
    fc.array(VALUE, { minLength: 1, maxLength: 30 }),
    fc.integer({ min: 1, max: 35 }),
    fc.integer({ min: 1, max: 12 }),
    fc.boolean(),
  ).chain(([values, blockSize, count, isVector]) =>
    fc.record({
      values: fc.constant(values),
      blockSize: fc.constant(blockSize),
      isVector: fc.constant(isVector),
      order: fc.shuffledSubarray(Array.from({ length: count }, (_, i) => i), { minLength: count }),
      without: fc.nat(count - 1),
    })
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ values, blockSize, isVector, order, without }) => {
      const run = runOf(values, blockSize);
      const observable = isVector
        ? ({ t }: { t: number }) => [values[t]!, t]
        : ({ t }: { t: number }) => values[t]!;
      const parts = await statsParts(run, order.length, observable);
      const merged = mergeShards(order.map((index) => parts[index]!));
      const stats = merged.kind === "stats" ? merged.stats : undefined;
      assertEquals(encodeState(stats), encodeState(run.stats(observable)));
      const rest = parts.filter((_, index) => index !== without);
      const missing = rest.length === 0 ? "no shard results" : "missing";
      assertThrows(() => mergeShards(rest), ShardError, missing);
      assertThrows(
        () => mergeShards([...parts, parts[without]!]),
        ShardError,
        "pass each shard result once",
      );
    }),
  );
});

Deno.test("mergeShards() gives the whole run's report, with all bad blocks, for any run, shards and order", async () => {
  const cases = fc.record({
    steps: fc.integer({ min: 1, max: 40 }),
    blockSize: fc.integer({ min: 1, max: 12 }),
    count: fc.integer({ min: 1, max: 12 }),
    lie: fc.nat(60),
  });
  await fc.assert(fc.asyncProperty(cases, async ({ steps, blockSize, count, lie }) => {
    const { record: honest } = record((x: number) => x + 1, { init: 0, steps, seed: 1, blockSize });
    const { checkpoints } = honest;
    const run = new Run<number>({
      ...honest,
      checkpoints: {
        length: checkpoints.length,
        bytesAt: (block) =>
          block > 0 && block === lie ? encodeState(-7.5) : checkpoints.bytesAt(block),
      },
    }, { step: (x) => x + 1, codec: undefined });
    const parts: ShardPart[] = [];
    for (let index = 0; index < count; index++) {
      parts.unshift(await run.verifyShard({ index, count }));
    }
    const merged = verdictOf(parts);
    assertEquals(merged.report, reportOf(run));
    assertEquals(merged.report.ok, lie === 0 || lie >= checkpoints.length);
    assertEquals(mergeShards(parts.map((part) => JSON.stringify(part))), merged);
  }));
});

function reportOf(run: Run<number>): unknown {
  try {
    return run.verify({ full: true });
  } catch (error) {
    if (error instanceof NondeterministicReplayError) return error.report;
    throw error;
  }
}

Deno.test("parts are the same bytes for the same run, shard and question", async () => {
  const run = record((x: number) => x + 1, { init: 0, steps: 100, seed: 1 });
  const shard = { index: 1, count: 3 };
  assertEquals(
    encodePart(await run.statsShard(shard)),
    encodePart(await run.statsShard({ count: 3, index: 1 })),
  );
  const text = new TextDecoder().decode(encodePart(await run.verifyShard(shard)));
  assertEquals(text.at(-1), "\n");
  const { contentHash } = JSON.parse(text).run;
  assertEquals(contentHash, await run.contentHash());
  assertEquals(
    text.replace(contentHash, "HASH").replace(/"tool".*?"mathFingerprint":"\w{16}"/, "HERE"),
    '{"format":"rewind shard part","version":1,"kind":"verify",HERE,' +
      '"run":{"contentHash":"HASH","sourceHash":null,"math":"engine","steps":100,"blockSize":10,"gridOffset":0,"stride":1},' +
      '"shard":{"index":1,"count":3},"blocks":{"from":3,"to":6},"steps":{"from":30,"to":60},' +
      '"checked":3,"badBlocks":[],"cause":null}\n',
  );
});

const RUN = record((x: number) => x + 1, { init: 0, steps: 100, seed: 1 });
const PARTS = [
  await RUN.statsShard({ index: 0, count: 2 }),
  await RUN.statsShard({ index: 1, count: 2 }),
] as const;

Deno.test("mergeShards() refuses parts of different questions, names them and says in what they differ", async () => {
  const other = record((x: number) => x + 1, { init: 5, steps: 100, seed: 1 });
  const second = PARTS[1];
  const { run } = second;
  const shard = { index: 1, count: 2 };
  const cases: [ShardPart, string][] = [
    [await other.statsShard(shard), "the content hash of the run"],
    [await RUN.verifyShard(shard), "what was asked"],
    [await RUN.statsShard({ index: 2, count: 3 }), "the number of shards"],
    [await RUN.statsShard(shard, (x) => x), "the observable"],
    [{ ...second, tool: "rewind 9.9.9" }, "the version of rewind"],
    [{ ...second, mathFingerprint: "0".repeat(16) }, "the fingerprint of Math"],
    [{ ...second, run: { ...run, math: "portable" } }, "the kind of Math"],
    [{ ...second, run: { ...run, sourceHash: "0".repeat(64) } }, "the hash of the step source"],
  ];
  for (const [part, what] of cases) {
    const error = assertThrows(
      () => mergeShards([PARTS[0], part], { names: ["a.json", "b.json"] }),
      ShardError,
      `Cannot merge b.json with a.json: ${what} differs: "`,
    );
    assertEquals([error.code, error.part], ["SHARD", "b.json"]);
  }
  assertThrows(() => mergeShards([]), ShardError, "no shard results");
  assertThrows(
    () => mergeShards([PARTS[1]]),
    ShardError,
    "Cannot merge: the result of shard 0/2 is missing",
  );
  const [of30] = [await RUN.statsShard({ index: 7, count: 30 })];
  assertThrows(
    () => mergeShards([of30]),
    ShardError,
    "shards 0/30, 1/30, 2/30, 3/30, 4/30, 5/30, 6/30, 8/30, 9/30, 10/30, 19 more are missing",
  );
});

Deno.test("mergeShards() refuses numbers in one part and vectors in another", async () => {
  const observable = (t: number): Observation => t < 50 ? t : [t];
  const parts = await Promise.all(
    [0, 1].map((index) => RUN.statsShard({ index, count: 2 }, observable)),
  );
  assertThrows(() => mergeShards(parts), ShardError, "gave a vector of 1 after a number");
});

Deno.test("mergeShards() refuses damaged and hostile texts, one reason for each", () => {
  const [first] = PARTS;
  const text = JSON.stringify(first);
  const nested = { ...first, observable: [[[[[[[[[]]]]]]]]] };
  const cases: [string, string][] = [
    ["", "not JSON"],
    ["{", "not JSON"],
    ["null", "no part"],
    ["[]", "no part"],
    ["7", "no part"],
    [text.slice(0, 200), "cut short"],
    [`${text}\n\n`, "form"],
    [` ${text}`, "form"],
    [text + text, "not JSON"],
    [`\ufeff${text}`, "not JSON"],
    [text.replace('"kind":"stats"', '"kind":"stats","kind":"stats"'), "form"],
    [
      text.replace('"kind":"stats"', '"__proto__":{"kind":"verify"},"kind":"stats"'),
      "list of fields",
    ],
    [text.replace('"count":50', '"count":50.0'), "form"],
    [text.replace('"count":50', '"count":NaN'), "not JSON"],
    [text.replace('"count":50', '"count":"50"'), "partial"],
    [text.replace('"count":50', '"count":1e400'), "form"],
    [text.replace('"version":1', '"version":2'), "format version 1"],
    [text.replace('"kind":"stats"', '"kind":"guess"'), "kind"],
    [text.replace('"observable":null', '"observable":{"name":1}'), "observable"],
    [text.replace('"steps":100', '"steps":1e300'), "form"],
    [text.replace('"steps":100', '"steps":-100'), "run.steps"],
    [text.replace('"count":2}', '"count":0}'), "shard.count"],
    [text.replace('"count":2}', '"count":1048577}'), "shard.count"],
    [text.replace('"index":0', '"index":2'), "shard.index"],
    [text.replace('"index":0', '"index":1'), "blocks"],
    [text.replace('"from":0,"to":5}', '"from":0,"to":6}'), "blocks"],
    [text.replace('"to":50}', '"to":51}'), "steps"],
    [text.replace(/"contentHash":"./, '"contentHash":"G'), "run.contentHash"],
    [text.replace('"tool":"', '"tool":"\\u001b[31m'), "tool"],
    [text.replace('"engine":"', '"engine":"\u202e'), "engine"],
    [text.replace('"sum":"', '"sum":"+'), "partial"],
    [text.replace('"format"', '"x":1,"format"'), "list of fields"],
    [JSON.stringify(nested), "nested deeper than 8"],
    ["[".repeat(1e6), "nested deeper than 8"],
    [`[${"[],".repeat(3e6)}[]]`, "more than 2097152 values"],
  ];
  for (const [bad, why] of cases) {
    assert(bad !== text, why);
    const error = assertThrows(() => mergeShards([bad]), ShardError, "Cannot read part 1: ");
    assert(error.message.includes(why), `${error.message}: ${why}`);
  }
});

Deno.test("mergeShards() refuses verdicts that no shard could give", async () => {
  const honest = await RUN.verifyShard({ index: 0, count: 2 });
  const bad = { block: 1, difference: null, error: "it failed" };
  const difference = { path: "state", expected: "1", actual: "2", bits: 1, ulps: "1" };
  const wrong: object[] = [
    { checked: 6 },
    { checked: 3 },
    { checked: 4 },
    { badBlocks: [{ ...bad, block: 5 }] },
    { badBlocks: [bad, bad] },
    { badBlocks: [{ ...bad, block: 2 }, bad] },
    { badBlocks: [{ ...bad, error: 7 }] },
    { badBlocks: [{ ...bad, error: "e".repeat(40_000) }] },
    { badBlocks: [{ ...bad, difference }] },
    { badBlocks: [{ ...bad, error: null, difference: { ...difference, ulps: "-1" } }] },
    { badBlocks: [{ ...bad, error: null, difference: { ...difference, ulps: 1 } }] },
    { badBlocks: [{ ...bad, error: null, difference: { ...difference, bits: 65 } }] },
    { badBlocks: {} },
    { cause: "states changed" },
    { badBlocks: [bad], cause: "corrupted" },
    { badBlocks: [bad], cause: "\u001b[2J" },
  ];
  wrong.forEach((change, i) =>
    assertThrows(
      () => mergeShards([JSON.stringify({ ...honest, ...change })]),
      ShardError,
      "could give",
      `case ${i}`,
    )
  );
  const told = JSON.stringify({ ...honest, badBlocks: [bad], cause: "nondeterministic" });
  const merged = verdictOf([await RUN.verifyShard({ index: 1, count: 2 }), told]);
  assertEquals(
    [merged.report.ok, merged.report.badBlocks.length, merged.cause],
    [false, 1, "nondeterministic"],
  );
});

Deno.test("mergeShards() takes any text in without anything but a ShardError", () => {
  const text = JSON.stringify(PARTS[0]);
  fc.assert(fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, put) => {
    const changed = text.slice(0, at) + put + text.slice(at + put.length);
    try {
      mergeShards([changed]);
    } catch (error) {
      assert(error instanceof ShardError, String(error));
    }
  }));
});

Deno.test("verifyShard() and statsShard() refuse what is no shard", async () => {
  for (const shard of [{ index: 2, count: 2 }, { index: 0, count: 0 }, { index: 0.5, count: 2 }]) {
    for (const start of [() => RUN.verifyShard(shard), () => RUN.statsShard(shard)]) {
      const error = await start().then(() => undefined, (thrown: unknown) => thrown);
      assert(error instanceof RangeError, String(error));
    }
  }
});
