import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  compareFingerprints,
  type FingerprintComparison,
} from "../../../src/training/fingerprints/compare_fingerprints.ts";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import {
  fullSteps,
  type Part,
  part,
  plainSteps,
  type StreamOptions,
  streamText,
} from "./streams.ts";

type Steps = readonly (readonly Part[])[];

async function compareTexts(
  a: string,
  b: string,
  options: Parameters<typeof compareFingerprints>[2] = {},
): Promise<FingerprintComparison> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a.jsonl`, a);
    await Deno.writeTextFile(`${folder}/b.jsonl`, b);
    return await compareFingerprints(`${folder}/a.jsonl`, `${folder}/b.jsonl`, options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function compareSteps(
  a: Steps,
  b: Steps,
  options: StreamOptions = {},
): Promise<FingerprintComparison> {
  return compareTexts(streamText(a, options), streamText(b, options));
}

/** Changes the records of a step from one on, as a fault does: what comes later differs as well. */
function broken(
  steps: Steps,
  step: number,
  from: (record: Part) => boolean,
  keep = ["order", "batch"],
): Part[][] {
  return steps.map((records, i) => {
    const at = i < step ? Infinity : i > step ? 0 : records.findIndex(from);
    return records.map((record, k) =>
      k < at || (i > step && keep.includes(record.kind)) || record.kind === "generator" ||
        k !== at && keep.includes(record.kind)
        ? record
        : {
          ...record,
          hash: `${record.hash}!`,
          ...(record.inputs !== undefined && k !== at
            ? { inputs: record.inputs.map((hash) => `${hash}!`) }
            : {}),
        }
    );
  });
}

/** What a person reads of a cause. */
function told({ cause }: FingerprintComparison): unknown {
  return cause && [cause.step, cause.kind, cause.module ?? cause.name];
}

Deno.test("streams that are equal agree, and count what they compared", async () => {
  const found = await compareSteps(plainSteps(4), plainSteps(4));
  assertEquals([found.verdict, found.steps, found.records], ["agree", 4, 4 * 12 + 2 - 4 + 4]);
});

for (
  const [kind, name, expected] of [
    ["order", "DataLoader 1", "data order"],
    ["batch", "DataLoader 1", "data"],
    ["loss", "loss", "forward"],
    ["settings", "optimizer 0", "scheduler"],
    ["gradient", "fc1.weight", "backward"],
    ["state", "fc2.weight", "optimizer state"],
    ["weight", "fc1.weight", "optimizer"],
  ] as const
) {
  Deno.test(`the first ${kind} that differs is named as ${expected}, at its step`, async () => {
    const steps = broken(
      plainSteps(5),
      3,
      (record) => record.kind === kind && record.name === name,
      kind === "order" ? [] : kind === "batch" ? ["order"] : undefined,
    );
    const found = await compareSteps(plainSteps(5), steps);
    assertEquals(told(found), [3, expected, name.includes("weight") ? name.split(".")[0] : name]);
  });
}

Deno.test("initial weights that differ are an initialization, before everything that follows", async () => {
  const steps = broken(
    plainSteps(3),
    0,
    (record) => record.kind === "initial" && record.name === "fc2.weight",
  );
  assertEquals(told(await compareSteps(plainSteps(3), steps)), [0, "initialization", "fc2"]);
});

function withGenerator(steps: Steps, from: number, hash: (record: Part) => string): Part[][] {
  return steps.map((records, i) =>
    records.map((record) =>
      record.kind === "generator" && i >= from ? { ...record, hash: hash(record) } : record
    )
  );
}

Deno.test("a generator that differs and was drawn from is the cause, at the step where its state differs", async () => {
  const steps = broken(plainSteps(4), 2, (record) => record.kind === "loss");
  const found = await compareSteps(
    plainSteps(4),
    withGenerator(steps, 2, ({ hash }) => `${hash}?`),
  );
  assertEquals(told(found), [2, "generator", "torch"]);
  assertEquals(found.cause?.felt, { step: 2, kind: "loss", name: "loss" });
});

Deno.test("a generator that was seeded anew after it was drawn from is told from one that never was", async () => {
  const steps = broken(plainSteps(5), 3, (record) => record.kind === "loss");
  const found = await compareSteps(
    plainSteps(5),
    steps.map((records, i) =>
      i < 2
        ? records
        : withGenerator([records], 0, ({ hash }) => `${hash}?`)[0]!.filter((record, k) =>
          // In step 2 it is seeded after the last draw.
          i > 2 || record.kind !== "generator" || k > 0
        )
    ),
  );
  assertEquals(told(found), [2, "generator", "torch"]);
  assertMatch(found.cause!.text, /though it agreed before/);
});

Deno.test("weights that are first seen in the optimizer's step are an initialization all the same", async () => {
  const late = (steps: Steps): Part[][] =>
    steps.map((records) => {
      const isInitial = ({ kind }: Part) => kind === "initial";
      const at = records.findIndex(({ kind }) => kind === "settings") + 1;
      const initial = records.filter(isInitial);
      return [...records.slice(0, at), ...initial, ...records.slice(at)].filter((record, i) =>
        i >= at || !isInitial(record)
      );
    });
  const steps = broken(
    late(plainSteps(2)),
    0,
    (record) => record.kind === "initial" && record.name === "fc1.weight",
  );
  const loss = (record: Part) =>
    record.kind === "loss" ? { ...record, hash: `${record.hash}?` } : record;
  const found = await compareSteps(
    late(plainSteps(2)),
    steps.map((records) => records.map(loss)),
  );
  assertEquals(told(found), [0, "initialization", "fc1"]);
});

Deno.test("a generator that differs but was not drawn from where values differ is no cause", async () => {
  const idle = (steps: Steps, hash: string) =>
    steps.map((records, i) => i > 0 ? records : [part("generator", "random", hash), ...records]);
  const steps = broken(plainSteps(4), 2, (record) => record.kind === "gradient");
  const found = await compareSteps(idle(plainSteps(4), "x"), idle(steps, "y"));
  assertEquals(told(found), [2, "backward", "fc2"]);
  assertEquals(found.notes, [
    "generator random differs from step 0 on, and nothing else that was recorded shows it",
  ]);
  const alone = await compareSteps(idle(plainSteps(4), "x"), idle(plainSteps(4), "y"));
  assertEquals([alone.verdict, alone.notes.length], ["agree", 1]);
});

const FULL: StreamOptions = { level: "full" };

Deno.test("at the full level the module whose forward pass differs is named", async () => {
  const steps = broken(
    fullSteps(3),
    1,
    (record) => record.kind === "forward" && record.name === "fc2",
  );
  assertEquals(told(await compareSteps(fullSteps(3), steps, FULL)), [1, "forward", "fc2"]);
});

Deno.test("code between modules is that of the module around them: its inputs agree", async () => {
  const steps = fullSteps(3).map((records, i) =>
    records.map((record) =>
      i !== 1 || record.kind !== "forward" || record.name === "fc1"
        ? record
        : record.name === "fc2"
        ? { ...record, hash: "other", inputs: ["other"] }
        : { ...record, hash: "other" }
    )
  );
  const found = await compareSteps(fullSteps(3), steps, FULL);
  assertEquals(told(found), [1, "forward", "Net"]);
  assertMatch(found.cause!.text, /in code of its own before forward of fc2/);
});

Deno.test("an input that nothing explains is data from the script; on the way back it is a hook", async () => {
  const change = (kind: string, all: boolean) =>
    fullSteps(3).map((records, i) => {
      const at = records.findIndex((record) =>
        record.kind === kind && (all || record.name.startsWith("fc2"))
      );
      return records.map((record, k) =>
        i < 1 || k < at || record.kind !== kind
          ? record
          : { ...record, hash: `${record.hash}!`, inputs: [`${record.inputs}!`] }
      );
    });
  assertEquals(told(await compareSteps(fullSteps(3), change("forward", true), FULL)), [
    1,
    "data",
    "fc1",
  ]);
  assertEquals(told(await compareSteps(fullSteps(3), change("backward", false), FULL)), [
    1,
    "backward",
    "fc2",
  ]);
});

Deno.test("what a second backward pass gives after other weights is no cause of the first", async () => {
  // As in a GAN: the judge is trained, and then gives the maker another gradient for the same loss.
  const twice = (steps: Steps, hooked: boolean): Part[][] =>
    steps.map((records, i) => {
      const own = hooked && i === 1 ? "hooked" : "";
      const back = (name: string, hash: string, from: string): Part =>
        part("backward", name, hash, { inputs: [from] });
      return [
        ...records.slice(0, 4),
        back("judge.4: Addmm", `g4 ${i}`, "one"),
        back("judge.2: Addmm", `g2 ${i} ${own}`, `g4 ${i} ${own}`),
        part("weight", "judge.2.weight", `w ${i} ${own}`),
        back("outside of modules: Softplus", `later ${i} ${own}`, "one"),
      ];
    });
  const found = await compareSteps(twice(plainSteps(3), false), twice(plainSteps(3), true), FULL);
  assertEquals(told(found), [1, "backward", "judge.2"]);
});

Deno.test("an operation that one run alone has is inserted or removed, whatever it drew", async () => {
  const extra = fullSteps(3).map((records, i) => {
    const at = records.findIndex((record) => record.name === "fc2");
    return i !== 2 ? records : [
      ...records.slice(0, at),
      part("generator", "torch", "one more"),
      part("forward", "drop", "d", { inputs: ["fc1 2"] }),
      ...records.slice(at).map((record) => ({ ...record, hash: `${record.hash}!` })),
    ];
  });
  assertEquals(told(await compareSteps(fullSteps(3), extra, FULL)), [
    2,
    "inserted operation",
    "drop",
  ]);
  assertEquals(told(await compareSteps(extra, fullSteps(3), FULL)), [
    2,
    "removed operation",
    "drop",
  ]);
});

Deno.test("an operation in the graph of a module names the module; a cast is a matter of dtype", async () => {
  const grown = (operation: string) =>
    fullSteps(3).map((records, i) =>
      records.flatMap((record): Part[] =>
        i !== 1 ? [record] : record.kind === "forward" && record.name !== "fc1"
          ? [{
            ...record,
            hash: "!",
            inputs: record.name === "fc2" ? record.inputs! : record.inputs!,
          }]
          : record.name === "fc2: Addmm"
          ? [part("backward", `fc2: ${operation}`, 1, { inputs: ["1"] }), {
            ...record,
            inputs: ["1"],
          }]
          : [record]
      )
    );
  assertEquals(told(await compareSteps(fullSteps(3), grown("MulBackward0"), FULL)), [
    1,
    "inserted operation",
    "fc2",
  ]);
  assertEquals(told(await compareSteps(fullSteps(3), grown("ToCopyBackward0"), FULL)), [
    1,
    "dtype",
    "fc2",
  ]);
});

Deno.test("records that only changed places are equal", async () => {
  const swapped = plainSteps(3).map((records) => {
    const at = records.findIndex((record) => record.kind === "gradient");
    return records.toSpliced(at, 2, records[at + 1]!, records[at]!);
  });
  assertEquals((await compareSteps(plainSteps(3), swapped)).verdict, "agree");
});

Deno.test("weights that were changed between steps come before what they do; a gap is named as one", async () => {
  const edited = broken(plainSteps(3), 1, (record) => record.kind === "loss").map((records, i) => {
    const at = records.findIndex((record) => record.kind === "gradient");
    return i !== 1 ? records : records.toSpliced(at, 0, part("before", "fc1.weight", "other"));
  });
  assertEquals(told(await compareSteps(plainSteps(3), edited)), [1, "weights", "fc1"]);
  const before = (steps: Steps, mark = "") =>
    steps.map((records, i) => {
      const at = records.findIndex((record) => record.kind === "gradient");
      return i === 0
        ? records
        : records.toSpliced(at, 0, part("before", "fc1.weight", `${i}${i > 1 ? mark : ""}`));
    });
  const late = broken(plainSteps(3), 2, (record) => record.kind === "loss");
  const found = await compareSteps(before(plainSteps(3)), before(late, "!"), { every: 10 });
  assertEquals([found.cause?.kind, found.cause?.step, found.cause?.after], [
    "not recorded",
    20,
    10,
  ]);
});

Deno.test("a process that was killed is compared up to its last word", async () => {
  const text = streamText(plainSteps(3), { end: null });
  const cut = text.slice(0, text.lastIndexOf('"kind":"gradient"') + 5);
  const found = await compareTexts(streamText(plainSteps(6)), cut);
  assertEquals([found.verdict, found.steps], ["agree", 3]);
  assertEquals(found.notes, ["the second run has no records from step 3 on"]);
});

Deno.test("streams that cannot be compared are not", async () => {
  const other = await compareTexts(
    streamText(plainSteps(2)),
    streamText(plainSteps(2), { hash: "other" }),
  );
  assertEquals([other.verdict, other.reasons.length], ["nothing_compared", 1]);
  const sparse = await compareTexts(
    streamText(plainSteps(2)),
    streamText(plainSteps(2), { every: 5 }),
  );
  assertEquals(sparse.verdict, "nothing_compared");
  const empty = await compareTexts(streamText([]), streamText([]));
  assertEquals(empty.reasons, ["no step is in both streams"]);
});

Deno.test("what is no stream is refused with its line", async () => {
  const good = streamText(plainSteps(2));
  await assertRejects(
    () => compareTexts('{"step": 0}\n', good),
    TrainingLogError,
    "its first line is not",
  );
  await assertRejects(
    () => compareTexts(good.replace('"version":1', '"version":2'), good),
    TrainingLogError,
    "version 2",
  );
  await assertRejects(
    () => compareTexts(good.replace('"kind":"loss"', '"kind":7'), good),
    TrainingLogError,
    "line 8",
  );
  const back = good + '{"step":0,"kind":"loss","name":"loss","hash":"1"}\n';
  await assertRejects(
    () => compareTexts(good, back.replace('{"end":"exit"}\n', "")),
    TrainingLogError,
    "step 0 comes after",
  );
});

Deno.test("a weight that no optimizer trains is the cause of what is computed from it, not its module", async () => {
  const withHeld = fullSteps(4).map((records) => {
    const at = records.findIndex((record) => record.kind === "forward");
    return [...records.slice(0, at), part("held weight", "target.fc.weight"), ...records.slice(at)];
  });
  const isHeld = (record: Part): boolean => record.kind === "held weight";
  const later = await compareSteps(withHeld, broken(withHeld, 2, isHeld));
  assertEquals(told(later), [2, "weights", "target.fc"]);
  assertMatch(later.cause!.text, /target\.fc\.weight, which no optimizer trains, differs/);
  const start = await compareSteps(withHeld, broken(withHeld, 0, isHeld));
  assertEquals(told(start), [0, "initialization", "target.fc"]);
  // One that comes of a difference is none: what differs before it is.
  const forward = await compareSteps(
    withHeld,
    broken(withHeld, 1, (record) => record.kind === "batch", []),
  );
  assertEquals(told(forward), [1, "data", "DataLoader 1"]);
});
