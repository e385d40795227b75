/**
 * Faults in one step of five models of PyTorch, each found by step, kind and module. Set REWIND_TORCH_PYTHON to a
 * python with PyTorch where `python3` has none.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { createPythonInjection } from "../../../src/training/command/python_injection.ts";
import { compareFingerprints } from "../../../src/training/fingerprints/compare_fingerprints.ts";
import { FINGERPRINT_LEVELS } from "../../../src/training/command/fingerprint_request.ts";
import { FINGERPRINT_FILE } from "../../../src/training/log/fingerprint_files.ts";

const PYTHON = Deno.env.get("REWIND_TORCH_PYTHON") ?? "python3";
const SCRIPT = new URL("torch_faults.py", import.meta.url).pathname;
const NEUTRAL = new URL("torch_neutral.py", import.meta.url).pathname;
const WITHOUT = -1;

/** Models, and the module that faults are put into. */
const MODELS = {
  perceptron: "hidden",
  convolutions: "features.3",
  recurrent: "mix",
  attention: "project",
  residual: "blocks.1.inner",
};

/** Faults: the step, the kind that it has to be named as, and whose it is: the module, its weight, or another name. */
const FAULTS:
  readonly (readonly [fault: string, step: number, kind: string, whose: "" | ".inner" | RegExp])[] =
    [
      ["order", 1, "data order", /^DataLoader 1$/],
      ["unseeded", 0, "generator", /^torch$/],
      ["random", 2, "generator", /^random$/],
      ["numpy", 3, "generator", /^numpy\.random$/],
      ["torch", 1, "generator", /^torch$/],
      ["default_rng", 4, "generator", /^numpy\.random\.default_rng \(main in torch_faults\.py\)$/],
      ["extra draw", 2, "generator", /^torch$/],
      ["forward", 3, "forward", ""],
      ["backward", 2, "backward", ""],
      ["hook", 1, "backward", ""],
      ["state", 4, "optimizer state", ".inner"],
      ["initial", 0, "initialization", ".inner"],
      ["dtype", 2, "dtype", ""],
      ["inserted", 3, "inserted operation", ""],
      ["inserted draw", 2, "inserted operation", ""],
      ["scheduler", 3, "scheduler", /^optimizer 0$/],
      ["weights", 2, "weights", ".inner"],
    ];

/** A model's weight that no optimizer trains is changed by the script. */
const FROZEN: typeof FAULTS[number] = ["frozen", 3, "weights", /^anchor\.weight$/];

/** Whether PyTorch can be imported. */
async function torchIsThere(): Promise<boolean> {
  try {
    const command = new Deno.Command(PYTHON, {
      args: ["-c", "import torch"],
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

const isSlow = Deno.env.get("REWIND_SLOW") === "1";
const hasTorch = isSlow && await torchIsThere();
const reason = !isSlow ? " (slow)" : hasTorch ? "" : ` (skipped: ${PYTHON} has no torch)`;

for (const [model, module] of Object.entries(MODELS)) {
  Deno.test({
    name:
      `every fault in the model ${model} is found at its step, and two equal pairs raise no alarm${reason}`,
    ignore: !hasTorch,
    async fn() {
      const folder = await Deno.makeTempDir();
      const injection = await createPythonInjection(1n, {
        only: [],
        fingerprint: { level: "full", folder },
      });
      try {
        const plain = ["base", "again", "once more"].map((name) => `${name}:${WITHOUT}`);
        const planted = model === "residual" ? [...FAULTS, FROZEN] : FAULTS;
        const faults = planted.map(([fault, step]) => `${fault}:${step}`);
        const { success } = await new Deno.Command(PYTHON, {
          args: [SCRIPT, folder, model, ...plain, ...faults],
          env: { ...injection.env, OMP_NUM_THREADS: "1" },
        }).output();
        assert(success, "the script failed");
        const stream = (name: string): string => `${folder}/${model}/${name}/${FINGERPRINT_FILE}`;
        for (const name of ["again", "once more"]) {
          const found = await compareFingerprints(stream("base"), stream(name));
          assertEquals([found.verdict, found.steps, found.notes], ["agree", 6, []]);
        }
        for (const [fault, step, kind, whose] of planted) {
          const { cause } = await compareFingerprints(stream("base"), stream(fault));
          assertEquals([fault, cause?.kind, cause?.step], [fault, kind, step], cause?.text);
          if (typeof whose === "string") assertEquals(cause?.module, module + whose, cause?.text);
          else assert(whose.test(cause?.name ?? ""), cause?.text);
        }
      } finally {
        await injection.remove();
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test({
  name: `recording changes no value, and no kind of step ends it early${reason}`,
  ignore: !hasTorch,
  async fn() {
    const run = async (env: Readonly<Record<string, string>>): Promise<string> => {
      const { success, stdout, stderr } = await new Deno.Command(PYTHON, { args: [NEUTRAL], env })
        .output();
      const texts = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assert(success, texts[1]);
      return texts.join("");
    };
    const expected = await run({});
    for (const level of FINGERPRINT_LEVELS) {
      const folders: string[] = [];
      // Objects lie elsewhere in each process: no order may come of that, as two optimizers would show.
      for (let i = 0; i < 3; i++) {
        const folder = await Deno.makeTempDir();
        folders.push(folder);
        const injection = await createPythonInjection(1n, {
          only: [],
          fingerprint: { level, folder },
        });
        try {
          assertEquals(await run(injection.env), expected);
        } finally {
          await injection.remove();
        }
      }
      const [first, ...others] = folders.map((folder) => `${folder}/${FINGERPRINT_FILE}`);
      const text = await Deno.readTextFile(first!);
      assert(text.trimEnd().split("\n").at(-1)!.includes('"end": "exit"'));
      for (const other of others) {
        const { verdict, cause } = await compareFingerprints(first!, other);
        assertEquals(verdict, "agree", cause?.text);
      }
      for (const folder of folders) await Deno.remove(folder, { recursive: true });
    }
  },
});
