import { assert, assertEquals } from "@std/assert";
import { numbersIn } from "../../../src/training/log/printed_number.ts";
import { isTimingName } from "../../../src/training/log/timing_names.ts";
import { readText, series } from "./helpers.ts";

function read(text: string) {
  const bytes = new TextEncoder().encode(`x${text}y`);
  return numbersIn(bytes, { from: 1, to: bytes.length - 1, decimalComma: false });
}

Deno.test("numbersIn() reads numbers as Python prints the objects that hold them", () => {
  const texts: [string, number | number[]][] = [
    ["tensor(0.5000)", 0.5],
    ["tensor(-1.5e-05, device='cuda:0', grad_fn=<NllLossBackward0>)", -1.5e-5],
    ["tensor(nan)", NaN],
    ["np.float32(0.25)", 0.25],
    ["numpy.int64(3)", 3],
    ["Array(0.5, dtype=float32)", 0.5],
    ["tf.Tensor(0.5, shape=(), dtype=float32)", 0.5],
    ["<tf.Tensor: shape=(), dtype=float32, numpy=0.125>", 0.125],
    ["Decimal('0.75')", 0.75],
    ["tensor([0.5, 0.25])", [0.5, 0.25]],
    ["array([1., 2.], dtype=float32)", [1, 2]],
    ["[0.5, -inf]", [0.5, -Infinity]],
    ["[0.5 0.25 1.]", [0.5, 0.25, 1]],
    ["(0.5,)", [0.5]],
    ["[3]", [3]],
  ];
  for (const [text, expected] of texts) assertEquals(read(text), expected, text);
  for (
    const text of [
      "tensor(a)",
      "run (3)",
      "f(0.5)",
      "[a, b]",
      "[]",
      "()",
      "tensor([])",
      "0.5)",
      "x]",
    ]
  ) assertEquals(read(text), undefined, text);
});

Deno.test("readRun() reads numbers with units, which are a part of the name", async () => {
  const csv = await readText(
    "run.csv",
    "step,size,mem,velocity,model\n1,1.2k,3953MiB,0.5 m/s,7b-chat\n2,2M,3954MiB,0.25 m/s,7b-chat\n",
  );
  assertEquals(series(csv, "size (k)"), [[1, 1.2]]);
  assertEquals(series(csv, "size (M)"), [[2, 2]]);
  assertEquals(series(csv, "mem (MiB)"), [[1, 3953], [2, 3954]]);
  assertEquals(series(csv, "velocity (m/s)"), [[1, 0.5], [2, 0.25]]);
  assertEquals(csv.columns.size, 4);
  assert(isTimingName("mem (MiB)") && !isTimingName("velocity (m/s)"));
  // Texts that tell rows apart still do.
  const rows = ["7b", "13b"].flatMap((model) =>
    [0, 1].map((step) => JSON.stringify({ step, model, loss: step + model.length }))
  );
  const log = await readText("run.jsonl", rows.join("\n"));
  assertEquals(series(log, "model=13b/loss"), [[0, 3], [1, 4]]);
});

Deno.test("readRun() reads tensors that were logged as text", async () => {
  const rows = [0.5, 0.25].map((loss, step) =>
    JSON.stringify({ step, acc: step, loss: `tensor(${loss}, device='cuda:0')`, lr: "[0.1, 0.2]" })
  );
  const log = await readText("run.jsonl", rows.join("\n"));
  assertEquals(series(log, "loss"), [[0, 0.5], [1, 0.25]]);
  assertEquals(series(log, "lr[1]"), [[0, 0.2], [1, 0.2]]);
  const csv = await readText(
    "run.csv",
    'step,loss\n0,"tensor(0.5, grad_fn=<Mean>)"\n1,tensor(0.25)\n',
  );
  assertEquals(series(csv, "loss"), [[0, 0.5], [1, 0.25]]);
});

Deno.test("readRun() reads NaN, infinities and signs as Windows and typesetters write them", async () => {
  const log = await readText(
    "run.csv",
    "step,a,b\n1,1.#IND,\u22120.5\n2,-1.#INF00,\u221e\n3,1.#QNAN,\u2212\u221e\n4,#N/A,0.5\n",
  );
  assertEquals(series(log, "a"), [[1, NaN], [2, -Infinity], [3, NaN]]);
  assertEquals(series(log, "b"), [[1, -0.5], [2, Infinity], [3, -Infinity], [4, 0.5]]);
});

Deno.test("readRun() finds steps and metrics where Rust's tracing and loguru put them", async () => {
  const row = (step: number, loss: number) => ({ step, loss });
  const tracing = [row(10, 0.5), row(20, 0.4)].map((fields) =>
    JSON.stringify({ timestamp: "2026-01-01T00:00:00Z", level: "INFO", fields })
  );
  assertEquals(series(await readText("a.jsonl", tracing.join("\n")), "loss"), [[10, 0.5], [
    20,
    0.4,
  ]]);
  const loguru = [row(10, 0.5), row(20, 0.4)].map((extra) =>
    JSON.stringify({ text: "step", record: { extra, line: 42, process: { id: 4711 } } })
  );
  assertEquals(series(await readText("a.jsonl", loguru.join("\n")), "loss"), [[10, 0.5], [
    20,
    0.4,
  ]]);
});
