import { assertEquals } from "@std/assert";
import {
  compareResumed,
  type ResumeComparison,
} from "../../../src/training/fingerprints/compare_resumed.ts";
import { type Part, part, plainSteps, streamText } from "./streams.ts";

/** The uninterrupted run: weights after step s are `s`. */
const FULL = plainSteps(8);

/** The same run resumed at step 4, with all or some of what a checkpoint holds. */
function resumed(change: (record: Part, step: number) => Part = (record) => record): Part[][] {
  return FULL.slice(4).map((records, step) =>
    [
      ...(step > 0 ? [] : [
        part("generator", "torch", "batch 4"),
        part("initial", "fc1.weight", 3),
        part("initial", "fc2.weight", 3),
        part("initial state", "fc1.weight", 3),
        part("initial state", "fc2.weight", 3),
      ]),
      ...records,
    ].map((record) => change(record, step)).filter((record) => record.hash !== "gone")
  );
}

async function compare(
  steps: readonly (readonly Part[])[],
  full: readonly (readonly Part[])[] = FULL,
): Promise<ResumeComparison> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/full.jsonl`, streamText(full));
    await Deno.writeTextFile(`${folder}/resumed.jsonl`, streamText(steps));
    return await compareResumed(`${folder}/full.jsonl`, `${folder}/resumed.jsonl`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const lost = (found: ResumeComparison): string[] => found.lost.map(({ part }) => part);

Deno.test("a run that got everything back goes on where its weights were", async () => {
  const found = await compare(resumed());
  assertEquals([found.offset, lost(found), found.comparison?.verdict], [4, [], "agree"]);
  assertEquals(found.comparison?.steps, 4);
});

for (
  const [forgotten, change] of [
    [
      "optimizer",
      (record: Part) => record.kind === "initial state" ? { ...record, hash: "gone" } : record,
    ],
    [
      "scheduler",
      (record: Part) => record.kind === "settings" ? { ...record, hash: "other" } : record,
    ],
    ["sampler", (record: Part) => record.kind === "order" ? { ...record, hash: "other" } : record],
    [
      "generator",
      (record: Part) => record.kind === "generator" ? { ...record, hash: "other" } : record,
    ],
  ] as const
) {
  Deno.test(`a script that forgets the ${forgotten} is told apart from those that forget another part`, async () => {
    assertEquals(lost(await compare(resumed(change))), [forgotten]);
  });
}

Deno.test("an optimizer that is made anew has its own first settings: no matter of the scheduler", async () => {
  const found = await compare(resumed((record) => ({
    ...record,
    hash: record.kind === "initial state"
      ? "gone"
      : record.kind === "settings"
      ? "new"
      : record.hash,
  })));
  assertEquals(lost(found), ["optimizer"]);
});

for (const [kind, part] of [["settings", "scheduler"], ["order", "sampler"]] as const) {
  Deno.test(`a ${part} that shows only in the second step is named as well`, async () => {
    const found = await compare(
      resumed((record, step) =>
        step > 0 && (record.kind === kind || record.kind === "weight")
          ? { ...record, hash: `${record.hash}?` }
          : record
      ),
    );
    assertEquals(lost(found), [part]);
    assertEquals(found.comparison?.cause?.step, 5);
  });
}

Deno.test("a loader that fetches a batch ahead, as Accelerate's, is restored all the same", async () => {
  const kinds = ["order", "batch"];
  const loaded = (step: number): Part[] =>
    (FULL[step] ?? []).filter(({ kind }) => kinds.includes(kind));
  // Step s fetches the batch of step s + 1, the first one two.
  const full = FULL.map((records, step) => [
    ...(step === 0 ? loaded(0) : []),
    ...loaded(step + 1),
    ...records.filter(({ kind }) => !kinds.includes(kind)),
  ]);
  const start = resumed()[0]!.filter(({ kind }) => !kinds.includes(kind));
  const own = [[...loaded(4), ...loaded(5), ...start], ...full.slice(5)];
  const found = await compare(own, full);
  assertEquals([found.offset, lost(found), found.comparison?.verdict], [4, [], "agree"]);
  // One that begins elsewhere is not.
  const other = await compare([[...loaded(3), ...loaded(4), ...start], ...full.slice(5)], full);
  assertEquals([lost(other), other.comparison?.verdict], [["sampler"], "differ"]);
});

Deno.test("other batches of the same samples are no matter of the sampler", async () => {
  const change = (kinds: readonly string[]) => (record: Part): Part =>
    kinds.includes(record.kind) ? { ...record, hash: "other" } : record;
  const augmented = await compare(resumed(change(["batch", "generator"])));
  assertEquals(augmented.lost.map(({ part, name }) => [part, name]), [["generator", "torch"]]);
  // Something that no record shows draws in the dataset.
  const hidden = await compare(resumed(change(["batch"])));
  assertEquals(hidden.lost.map(({ part, name }) => [part, name]), [["generator", "DataLoader 1"]]);
});

Deno.test("a run that begins anew, or from other weights, lost its weights", async () => {
  const anew = await compare(FULL);
  assertEquals([anew.startsAnew, lost(anew)], [true, ["weights"]]);
  const other = await compare(
    resumed((record) => record.kind === "initial" ? { ...record, hash: "?" } : record),
  );
  assertEquals([other.offset, lost(other)], [undefined, ["weights"]]);
  const one = await compare(
    resumed((record) =>
      record.kind === "initial" && record.name === "fc2.weight" ? { ...record, hash: "?" } : record
    ),
  );
  assertEquals(one.lost.map(({ part, name }) => [part, name]), [["weights", "fc2.weight"]]);
});
