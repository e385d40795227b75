import { assert } from "@std/assert";
import { readRun } from "../../../src/training/log/read_run.ts";
import type { RunLog } from "../../../src/training/log/run_log.ts";
import { createUniformSource } from "../../../src/training/statistics/uniform_source.ts";
import { withFiles } from "./helpers.ts";

/** So many scripts print; many more of them in the long suite. */
const SCRIPTS = Deno.env.get("REWIND_SLOW") === "1" ? 3000 : 60;

/** What a script prints before its step; parts are parted by `@@`. */
const HEADS =
  ("@@2026-01-01 10:00:00,123 - INFO - @@[2026-01-01 10:00:00] @@INFO:root:@@[rank0]: @@" +
    "(pid=77) @@[INFO] @@I0101 10:00:00.123 77 train.py:12] @@train: @@[01/01 10:00:00 d2.events]: @@> @@* @@" +
    "### @@wandb: @@10:00:00 | @@\x1b[32m").split("@@");
const STEPS =
  ("step %@@Step: %@@[Step %]@@iter=%@@Iteration %/900@@Epoch %@@Epoch [%/900]@@epoch:%@@ep %@@" +
    "Epoch #%@@global_step: %@@Epoch 00%@@Epoch: [%]@@it %@@Episode %@@Train Epoch: %@@*** Epoch % ***@@" +
    "Epoch % of 900@@After % steps@@epoch_%").split("@@");
const SEPARATORS = ", @@ | @@ @@; @@\t@@  @@ - @@ / @@,@@|@@ || @@ · @@ — @@ & @@. ".split("@@");
const SIGNS = ": @@=@@ @@ = @@:@@ : @@ is @@:\t@@ -> ".split("@@");
const NAMES =
  ("loss@@train_loss@@Val Loss@@acc@1@@grad-norm@@lr@@top5@@F1@@reward/mean@@mAP50@@l1@@D(x)@@BLEU-4@@" +
    "val.loss@@psnr@@IoU (car)@@'loss'@@loss_G_A@@mean reward@@acc (%)@@Δ@@Hits@10").split("@@");
const VALUES =
  ("%@@%@@%@@%%@@(%)@@[%]@@'%'@@tensor(%)@@%e-03@@-%@@+%@@%±0.0625@@% (9.5)@@%dB@@% ± 0.0625@@%/100@@" +
    "**%**@@`%`@@<%>@@%↑@@↓%@@%*@@% dB@@%.@@%x@@%f0@@│%│").split("@@");
const TAILS = "@@@@@@.@@ [00:10<00:20, 1.2it/s]@@ (best)@@ time: 1.2s@@ ETA 0:10:00@@ |@@ *@@ ✓@@)"
  .split("@@");

function tableOf({ steps, columns }: RunLog): string {
  const cells = [...columns].map(([name, { values, present }]) => [
    name,
    [...values].map((value, row) => present[row] === 1 ? String(value) : "_"),
  ]);
  return JSON.stringify([[...steps], cells]);
}

Deno.test("readRun() of whatever a script prints tells a changed value, or that it did not understand one", async () => {
  const random = createUniformSource(2026);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)]!;
  await withFiles({}, async (directory) => {
    const path = `${directory}/train.log`;
    const read = async (text: string): Promise<RunLog | undefined> => {
      await Deno.writeTextFile(path, text);
      return await readRun(path).catch(() => undefined);
    };
    let understood = 0;
    for (let script = 0; script < SCRIPTS; script++) {
      const [head, step, separator, sign, tail] = [HEADS, STEPS, SEPARATORS, SIGNS, TAILS].map(
        pick,
      );
      const first = random() < 0.5 ? separator : pick([": ", " - ", " "]);
      const names = [...new Set([pick(NAMES), pick(NAMES), pick(NAMES)])];
      const isPlain = random() < 0.5;
      const forms = names.map(() => isPlain ? "%" : pick(VALUES));
      const textWith = (changed: number) =>
        [0, 1, 2].map((row) => {
          const values = names.map((name, i) => {
            const value = changed === i && row === 1 ? 7.71875 : 0.1328125 * (row + 1) + i * 3;
            return name + sign + forms[i]!.replace("%", String(value));
          });
          return head + step!.replace("%", String(101 + 7 * row)) + first + values.join(separator) +
            tail;
        }).join("\n");
      const text = textWith(-1);
      const before = await read(text);
      if (before === undefined || before.numbers.missed > 0) continue;
      understood++;
      for (const i of names.keys()) {
        const after = await read(textWith(i));
        const isSeen = after === undefined || after.numbers.missed > 0 ||
          tableOf(after) !== tableOf(before);
        assert(isSeen, `value ${i} of ${JSON.stringify(text.split("\n")[1])}`);
      }
    }
    assert(understood > 0.7 * SCRIPTS, `${understood} of ${SCRIPTS} were understood`);
  });
});
