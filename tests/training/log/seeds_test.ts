import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseConfigText } from "../../../src/training/log/config_text.ts";
import { pickleIntegers } from "../../../src/training/log/pickle_integers.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import {
  isSeedKey,
  parseSeed,
  seedInPath,
  seedsInArguments,
  seedsInConfig,
  seedsInText,
} from "../../../src/training/log/seeds.ts";
import { golden, issue, seeds, withFiles } from "./helpers.ts";

Deno.test("isSeedKey() knows the names of seeds and no others", () => {
  const yes = [
    "seed",
    "SEED",
    "data.seed",
    "random_seed",
    "rng_seed",
    "seed_everything",
    "rng.python",
  ];
  for (const key of [...yes, "meta.rng.torch", "args/seed", "pl_global_seed"]) {
    assert(isSeedKey(key), key);
  }
  for (const key of ["seeds", "seeded", "python", "rng.state", "speed", "rng", "a.python", ""]) {
    assert(!isSeedKey(key), key);
  }
});

Deno.test("parseSeed() takes integers of any size and nothing else", () => {
  for (
    const [text, seed] of [["42", 42n], ["-7", -7n], ["42.0", 42n], [" 9 ", 9n], [
      "+3",
      3n,
    ]] as const
  ) {
    assertEquals(parseSeed(text), seed);
  }
  for (const text of ["", "None", "1e3", "0x10", "4.5", "1 2", "-"]) {
    assertEquals(parseSeed(text), undefined, text);
  }
  fc.assert(fc.property(fc.bigInt(), (seed) => parseSeed(String(seed)) === seed));
});

Deno.test("seedsInText() finds seeds as programs print them", () => {
  const cases: readonly [text: string, seed: bigint][] = [
    ["  seed ............................................ 1234", 1234n],
    ["Global seed set to 42", 42n],
    ["Using seed 5", 5n],
    ["[rank 0] Seed set to -3", -3n],
    ["PYTHONHASHSEED=0 python train.py --seed 7 --lr 0.1", 7n],
    ["torch.manual_seed(9)", 9n],
    ["| seed | 11 |", 11n],
  ];
  for (const [text, seed] of cases) {
    assertEquals(seedsInText(text).map(({ value }) => value), [seed], text);
  }
  for (const text of ["10 seeds 3", "seeded 0.5", "speed 3", "seed 1.5", "hayseed 3"]) {
    assertEquals(seedsInText(text), [], text);
  }
});

Deno.test("seedsInConfig() finds seeds at any depth, in lists, in W&B's wrapping and in text", () => {
  const config = parseConfigText(`
seed: {value: 18446744073709551617}
data: {seed: null, loader: {data_seed: 3}}
runs: [{seed: 5}, {seed: yes}]
train: "Namespace(lr=0.1, seed=42)"
command: [--seed, "7", data.seed=8]
speed: 9
`);
  assertEquals(
    seedsInConfig(config).map(({ value, path }) => `${value}@${path}`),
    [
      "18446744073709551617@seed.value",
      "3@data.loader.data_seed",
      "5@runs[0].seed",
      "42@train.seed",
      "7@command.--seed",
      "8@command.data.seed",
    ],
  );
});

Deno.test("seedsInArguments() reads the ways to write a seed in a command", () => {
  const found = seedsInArguments(
    [
      "train.py",
      "--seed",
      "1",
      "--seed=2",
      "--train.seed",
      "-3",
      "data.seed=4",
      "--data-seed",
      "x",
    ],
  );
  assertEquals(found.map(({ value, path }) => `${value}@${path}`), [
    "1@--seed",
    "2@--seed",
    "-3@--train.seed",
    "4@data.seed",
  ]);
});

Deno.test("seedsInText() reads a table, JSON and a printed object", () => {
  const text = '|seed|11|\n{"data_seed": 12, "seed": null}\nNamespace(seed=13, speed=14)';
  assertEquals(seedsInText(text).map(({ value }) => value), [11n, 12n, 13n]);
});

Deno.test("seedInPath() takes the innermost seed of a path", () => {
  assertEquals(seedInPath("/runs/seed_7/seed=9/run.jsonl")?.value, 9n);
  assertEquals(seedInPath("/runs/seeds/run.jsonl"), undefined);
});

Deno.test("readRun() takes a seed from the path of a log", async () => {
  await withFiles({ "seed_17/run.jsonl": '{"step":1,"loss":1}\n' }, async (directory) => {
    assertEquals(seeds(await readRun(`${directory}/seed_17`)), ["17@path"]);
  });
});

Deno.test("readRun() notes a configuration that cannot be searched and reads the log", async () => {
  const bomb = "a: &a [x,x]\nb: &b [*a,*a]\n" + "c: &c [*b,*b]\nd: [*c]\n" +
    Array.from({ length: 20 }, (_, i) => `k${i}: &k${i} [*${i === 0 ? "c" : `k${i - 1}`},*c]`)
      .join("\n") +
    "\nseed: 1\n";
  await withFiles(
    { "run.jsonl": '{"step":1,"loss":1}\n', "config.yaml": bomb, "training_args.bin": "junk" },
    async (directory) => {
      const log = await readRun(`${directory}/run.jsonl`);
      assertEquals(log.steps.length, 1);
      assert(issue(log, "note")!.count >= 1);
    },
  );
});

Deno.test("pickleIntegers() reads what PyTorch's torch.save wrote", async () => {
  await withFiles(
    {
      "trainer_state.json": '{"log_history": [{"step": 1, "loss": 1}]}',
      "training_args.bin": await Deno.readFile(golden("torch_1_13/training_args.bin")),
    },
    async (directory) => {
      assertEquals(seeds(await readRun(directory)), ["-3@rng_seed", "8589934592@seed", "5@seed"]);
    },
  );
});

// As the Trainer of transformers and TRL leaves them, with trainer_state.json in the folder itself.
Deno.test("readRun() finds the Trainer's seeds in the last checkpoint of its folder", async () => {
  await withFiles(
    {
      "trainer_state.json": '{"log_history": [{"step": 10, "loss": 1}]}',
      "checkpoint-9/training_args.bin": "junk",
      "checkpoint-10/training_args.bin": await Deno.readFile(
        golden("torch_1_13/training_args.bin"),
      ),
    },
    async (directory) => {
      const log = await readRun(`${directory}/trainer_state.json`);
      assertEquals(seeds(log), ["-3@rng_seed", "8589934592@seed", "5@seed"]);
      assertEquals(log.issues, []);
    },
  );
});

Deno.test("pickleIntegers() ends on any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const { key, value } of pickleIntegers(bytes)) {
        assert(typeof key === "string" && typeof value === "bigint");
      }
    }),
    { numRuns: 3000 },
  );
});
