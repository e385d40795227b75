import { assert, assertEquals, assertRejects } from "@std/assert";
import { exitCodeOf } from "../../../src/cli/exit_codes.ts";
import { resumeLines } from "../../../src/cli/check_resume.ts";
import type { ResumeReport } from "../../../src/training/findings/resume_report.ts";
import { checkResume } from "../../../src/training/verbs/check_resume.ts";
import type { ResumeOptions } from "../../../src/training/verbs/resume_options.ts";
import { withFolder } from "../support.ts";

/**
 * Weight `w`, velocity `v` and rate `r`, a checkpoint every three steps. The loss is that of the weight before the
 * update, so that a forgotten velocity shows one step later. The run that is to be killed waits for that.
 */
const TRAIN = `
dir=$1; mode=$2; forget=$3; w=1000; v=0; r=64; step=0
if [ "$mode" = resume ] && [ -e "$dir/ck" ]; then
  read -r step w kept_v kept_r < "$dir/ck"
  [ "$forget" = v ] || v=$kept_v
  [ "$forget" = r ] || r=$kept_r
  [ "$forget" = w ] && w=1001
fi
mkdir -p "$dir"
while [ $step -lt 14 ]; do
  noise=0; [ "$forget" = noise ] && noise=$$
  echo "{\\"step\\": $step, \\"loss\\": $w.$noise, \\"learning_rate\\": $r}" >> "$RLDK_METRICS_PATH"
  v=$(( v / 2 + w / 7 )); w=$(( w - v * r / 64 )); step=$((step + 1))
  [ $((step % 5)) -eq 0 ] && r=$((r / 2))
  [ $((step % 3)) -eq 0 ] && echo "$step $w $v $r" > "$dir/ck.tmp" && mv "$dir/ck.tmp" "$dir/ck"
  case "$dir" in
    */killed) [ "$mode" = train ] && [ "$forget" != free ] && [ $step -eq 9 ] && sleep 600 ;;
  esac
done
exit 0
`;

async function withScript(
  body: (
    check: (options?: Partial<ResumeOptions>) => Promise<ResumeReport>,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/train.sh`, TRAIN);
    await body((options = {}) =>
      checkResume({
        command: "sh train.sh {output} train",
        resumeCommand: "sh train.sh {output} resume",
        at: 4,
        cwd: folder,
        outputDir: `${folder}/out`,
        ...options,
      }), folder);
  });
}

Deno.test("checkResume() passes a script that restores everything", async () => {
  await withScript(async (check, folder) => {
    const report = await check();
    assertEquals(report.verdict, "passed", report.reasons.join());
    assertEquals(exitCodeOf(report), 0);
    assertEquals(report.runs.map(({ name }) => name), ["killed", "resumed", "whole"]);
    // The checkpoint before the kill, whenever that came.
    assert(report.resumedAt! >= 3 && report.resumedAt! % 3 === 0);
    assert(report.comparison!.compared > 0);
    assert(resumeLines(report)[0]!.startsWith("RESUMES EXACTLY"));
    const json = JSON.parse(await Deno.readTextFile(`${folder}/out/resume_report.json`));
    assertEquals(json.resumed_at, report.resumedAt);
  });
});

Deno.test("checkResume() tells a forgotten learning rate, and what the first difference leaves open", async () => {
  await withScript(async (check) => {
    const rate = await check({ resumeCommand: "sh train.sh {output} resume r", at: 7 });
    assertEquals(rate.verdict, "failed");
    assertEquals(exitCodeOf(rate), 1);
    assertEquals(rate.culprits.map(({ part }) => part), ["scheduler"]);
    const velocity = await check({ resumeCommand: "sh train.sh {output} resume v" });
    assertEquals(velocity.verdict, "failed");
    assertEquals(velocity.firstMismatch?.step, velocity.resumedAt! + 1);
    assert(velocity.reasons.at(-1)!.includes("the optimizer's state"), velocity.reasons.join());
    const weight = await check({ resumeCommand: "sh train.sh {output} resume w" });
    assertEquals(weight.firstMismatch?.step, weight.resumedAt);
    assert(weight.reasons.at(-1)!.includes("differs already"), weight.reasons.join());
  });
});

Deno.test("checkResume() does not pass what began anew, although it ends the same", async () => {
  await withScript(async (check) => {
    const report = await check({ resumeCommand: "sh train.sh {output} train free" });
    assertEquals(report.verdict, "failed");
    assert(report.reasons[0]!.includes("began anew"), report.reasons[0]);
  });
});

Deno.test("checkResume() compares nothing where runs tell nothing about resuming", async () => {
  await withScript(async (check, folder) => {
    const late = await check({ at: 99, command: "sh train.sh {output} train free" });
    assertEquals(late.verdict, "nothing_compared");
    assertEquals(exitCodeOf(late), 3);
    assert(late.reasons[0]!.includes("ended before it could be killed"), late.reasons[0]);
    const done = await check({
      at: 13,
      command:
        `sh -c 'sh train.sh "$1" train free; case $1 in */killed) sleep 600; esac' x {output}`,
    });
    assertEquals(done.verdict, "nothing_compared");
    const noisy = await check({
      command: "sh train.sh {output} train noise",
      resumeCommand: "sh train.sh {output} resume noise",
    });
    assertEquals(noisy.verdict, "nothing_compared");
    assert(noisy.reasons[0]!.includes("does not repeat itself"), noisy.reasons[0]);
    // A checkpoint that another run left, further on than this one was killed.
    await Deno.mkdir(`${folder}/old`);
    await Deno.writeTextFile(`${folder}/old/ck`, "12 5 1 16\n");
    const stale = await check({ resumeCommand: "sh train.sh old resume" });
    assertEquals(stale.verdict, "nothing_compared");
    assert(stale.reasons[0]!.includes("that of another run"), stale.reasons[0]);
    const failed = await check({ resumeCommand: "sh -c 'exit 4'" });
    assertEquals(failed.verdict, "command_failed");
    await assertRejects(() => check({ at: -1 }), RangeError);
    await assertRejects(() => check({ maxSteps: 2 }), RangeError);
  });
});

Deno.test("checkResume() reads a log in the shared folder, which holds what the killed run wrote", async () => {
  await withScript(async (check, folder) => {
    const script = TRAIN.replace('"$RLDK_METRICS_PATH"', '"$dir/own.jsonl"');
    await Deno.writeTextFile(`${folder}/train.sh`, script);
    const report = await check({ metricsFile: "{output}/own.jsonl" });
    assertEquals(report.verdict, "passed", report.reasons.join());
    assertEquals(report.resumedAt, undefined);
    assert(report.warnings.some((warning) => warning.includes("holds earlier steps too")));
    const forgot = await check({
      metricsFile: "{output}/own.jsonl",
      resumeCommand: "sh train.sh {output} resume v",
    });
    assertEquals(forgot.verdict, "failed");
  });
});
