import { assert, assertEquals } from "@std/assert";
import { checkResume } from "../../src/training/verbs/check_resume.ts";
import { replay } from "../../src/training/verbs/replay.ts";
import { fromFileUrl, hasProgram, PYTHON, withFolder } from "./support.ts";

const EXAMPLES = fromFileUrl(new URL("../../examples/training/", import.meta.url));

/** A Python that has PyTorch: Debian's package belongs to its own Python. */
const TORCH = ["python3", "/usr/bin/python3"].find((python) =>
  hasProgram(python, ["-c", "import torch"])
);

/** Makes a log by running the example, then replays it, whole and with the seed forgotten. */
async function check(
  command: readonly string[],
  metrics: string,
  { mends = false } = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const [program, ...args] = command;
    const { success, stderr } = await new Deno.Command(program!, {
      args: [...args, "--seed", "7"],
      cwd: folder,
      env: { RLDK_METRICS_PATH: `${folder}/run.jsonl`, OMP_NUM_THREADS: "1" },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const shared = {
      run: `${folder}/run.jsonl`,
      metrics,
      tolerance: 0,
      outputDir: `${folder}/out`,
    };
    const same = await replay({ ...shared, command: command.join(" "), inject: false });
    assertEquals(same.verdict, "passed", same.reasons.join());
    const forgot = await replay({
      ...shared,
      command: [...command, "--forget-seed"].join(" "),
      inject: false,
      failFast: true,
    });
    assertEquals(forgot.verdict, "failed");
    assert(forgot.firstMismatch!.step <= 1, `step ${forgot.firstMismatch!.step}`);
    if (!mends) return;
    const mended = await replay({ ...shared, command: [...command, "--forget-seed"].join(" ") });
    assertEquals(mended.verdict, "passed", mended.reasons.join());
    assert(mended.injected.includes("torch"));
  });
}

Deno.test({
  name: "examples/training/train_spirals.py replays bit for bit, and is caught without its seed",
  ignore: !PYTHON,
  async fn() {
    await check(
      ["python3", `${EXAMPLES}train_spirals.py`, "--steps", "40"],
      "loss,accuracy,grad_norm",
    );
  },
});

Deno.test("examples/training/train_bandit.ts replays bit for bit, and is caught without its seed", async () => {
  await check([Deno.execPath(), "run", "-A", `${EXAMPLES}train_bandit.ts`, "--steps", "40"], "all");
});

Deno.test({
  name:
    "examples/training/train_torch.py: unseeded dropout is caught, and injection mends it (needs torch)",
  ignore: TORCH === undefined,
  async fn() {
    await check([TORCH!, `${EXAMPLES}train_torch.py`, "--steps", "20"], "loss,accuracy", {
      mends: true,
    });
  },
});

Deno.test({
  name:
    "examples/training/train_resume.py: the part that a checkpoint forgets is named (needs torch)",
  ignore: TORCH === undefined,
  async fn() {
    await withFolder(async (folder) => {
      const command = `${TORCH} ${EXAMPLES}train_resume.py --out {output}`;
      const check = async (more: string): Promise<string[]> => {
        const report = await checkResume({
          command: `${command} --pause 0.02`,
          resumeCommand: `${command} --resume ${more}`,
          at: 25,
          outputDir: folder + "/out",
        });
        assertEquals(report.verdict, more === "" ? "passed" : "failed", report.reasons.join());
        return report.culprits.map(({ part }) => part);
      };
      assertEquals(await check(""), []);
      for (const part of ["generator", "sampler", "optimizer", "scheduler"]) {
        assertEquals(await check(`--forget ${part}`), [part]);
      }
    });
  },
});
