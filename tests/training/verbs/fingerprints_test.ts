import { assert, assertEquals, assertMatch } from "@std/assert";
import { checkDeterminism } from "../../../src/training/verbs/check_determinism.ts";
import { diff } from "../../../src/training/verbs/diff_runs.ts";
import { replay } from "../../../src/training/verbs/replay.ts";
import { fingerprintLines } from "../../../src/training/findings/fingerprint_finding.ts";
import { renderReplayPage, renderReplaySummary } from "../../../src/training/report/mod.ts";
import { part, plainSteps, streamText } from "../fingerprints/streams.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ROWS = '{"step": 0, "seed": 7, "loss": 0.5}\n{"step": 1, "seed": 7, "loss": 0.25}\n';
const SAME = streamText(plainSteps(2));
const OTHER = streamText(
  plainSteps(2).map((records, step) =>
    records.map((record) =>
      step === 1 && record.kind === "batch" ? part("batch", record.name, "!") : record
    )
  ),
);

/** A command that writes these rows, and a stream as any tool may write it; the second run may write another. */
async function command(folder: string, first: string, second = first): Promise<string> {
  await Deno.writeTextFile(`${folder}/rows`, ROWS);
  await Deno.writeTextFile(`${folder}/one`, first);
  await Deno.writeTextFile(`${folder}/two`, second);
  await Deno.writeTextFile(
    `${folder}/train.sh`,
    `cp "$1/rows" "$RLDK_METRICS_PATH"
case "$REWIND_FINGERPRINT_FOLDER" in "") ;; *_1) cp "$1/two" "$REWIND_FINGERPRINT_FOLDER/fingerprints.jsonl" ;;
*) cp "$1/one" "$REWIND_FINGERPRINT_FOLDER/fingerprints.jsonl" ;; esac
`,
  );
  return `sh ${folder}/train.sh ${folder}`;
}

Deno.test("runs whose metrics agree and whose steps do not are not deterministic, and the cause is named", () =>
  inFolder(async (folder) => {
    const report = await checkDeterminism({
      command: await command(folder, SAME, OTHER),
      replicas: 2,
      spreadMs: 0,
      diagnose: false,
      fingerprint: { level: "step" },
      outputDir: `${folder}/out`,
    });
    assertEquals([report.verdict, report.violations], ["nondeterministic", 0]);
    assertEquals(report.fingerprints?.comparison?.cause?.kind, "data");
    assertMatch(
      fingerprintLines(report.fingerprints)[0]!,
      /^cause: step 1: the batch of DataLoader 1 differs/,
    );
    const page = await Deno.readTextFile(`${folder}/out/determinism_report.html`);
    assert(page.includes("cause: step 1: the batch of DataLoader 1 differs"));
    const card = JSON.parse(await Deno.readTextFile(`${folder}/out/determinism_card.json`));
    assertEquals([card.fingerprints.verdict, card.fingerprints.cause.step], ["differ", 1]);
  }));

Deno.test("fingerprints that were asked for and are missing are told, and decide nothing", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/rows`, ROWS);
    const report = await checkDeterminism({
      command: `sh -c 'cp ${folder}/rows "$RLDK_METRICS_PATH"'`,
      replicas: 2,
      spreadMs: 0,
      fingerprint: { level: "step" },
      outputDir: `${folder}/out`,
    });
    assertEquals(report.verdict, "deterministic");
    assertMatch(report.fingerprints?.problem ?? "", /run 0 wrote no fingerprints/);
  }));

Deno.test("a replay is compared with the stream beside its original; a pass within the tolerance warns", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/original`);
    await Deno.writeTextFile(`${folder}/original/run.jsonl`, ROWS);
    await Deno.writeTextFile(`${folder}/original/fingerprints.jsonl`, OTHER);
    const report = await replay({
      run: `${folder}/original/run.jsonl`,
      command: await command(folder, SAME),
      metrics: "loss",
      fingerprint: { level: "step" },
      outputDir: `${folder}/out`,
    });
    assertEquals([report.verdict, report.fingerprints?.between], [
      "passed",
      "the original and run 0",
    ]);
    assertEquals(report.fingerprints?.comparison?.cause?.step, 1);
    assertMatch(report.warnings.join(), /the steps do not/);
    const page = renderReplayPage(report);
    assert(page.includes("cause: step 1: the batch of DataLoader 1 differs"));
    assert(page.includes("Cause inside the step: <strong>step 1, data: DataLoader 1</strong>"));
    assert(renderReplaySummary(report).includes("the batch of DataLoader 1 differs"));
    const found = await diff({
      a: `${folder}/original/run.jsonl`,
      b: `${folder}/out/replica_0/metrics.jsonl`,
    });
    assertEquals([found.verdict, found.fingerprints?.comparison?.verdict], ["match", "differ"]);
    const off = await replay({
      run: `${folder}/original/run.jsonl`,
      command: await command(folder, SAME),
      metrics: "loss",
      outputDir: `${folder}/out`,
    });
    assertEquals(off.fingerprints, undefined);
    assertEquals(
      [...Deno.readDirSync(`${folder}/out/replica_0`)].map(({ name }) => name).includes(
        "fingerprints.jsonl",
      ),
      false,
    );
  }));
