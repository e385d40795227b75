import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { bisect } from "../../../src/training/verbs/bisect_commits.ts";
import type { BisectOptions } from "../../../src/training/verbs/bisect_options.ts";
import type { BisectReport } from "../../../src/training/findings/bisect_report.ts";
import { holds, parseComparison } from "../../../src/training/compare/comparison_expression.ts";
import { GitError } from "../../../src/training/command/git_worktree.ts";
import { exitCodeOf } from "../../../src/cli/exit_codes.ts";
import { bisectLines } from "../../../src/cli/training_text.ts";
import { hasProgram, isRunning, withFolder, writeRows } from "../support.ts";

const GIT = hasProgram("git");

async function git(folder: string, ...args: string[]): Promise<string> {
  const identity = [
    "-c",
    "user.name=T",
    "-c",
    "user.email=t@example.org",
    "-c",
    "commit.gpgsign=false",
  ];
  const { stdout, success, stderr } = await new Deno.Command("git", {
    args: [...identity, ...args],
    cwd: folder,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

const TRAIN = (reward: number): string =>
  `i=0; while [ $i -lt 5 ]; do echo "{\\"step\\": $i, \\"seed\\": 1, \\"reward_mean\\": ${reward}}" >> "$RLDK_METRICS_PATH"; i=$((i+1)); done\n`;

/** A repository of `count` commits whose reward falls at `culprit`; those in `broken` do not run. */
async function makeRepository(
  folder: string,
  { count, culprit, broken }: { count: number; culprit: number; broken: readonly number[] },
): Promise<void> {
  await git(folder, "init", "-q");
  for (let index = 1; index <= count; index++) {
    const text = broken.includes(index) ? "exit 9\n" : TRAIN(index >= culprit ? 0.1 : 0.5);
    await Deno.writeTextFile(`${folder}/train.sh`, `${text}# ${index}\n`);
    await git(folder, "add", ".");
    await git(folder, "commit", "-q", "-m", `commit ${index}`);
  }
}

/** All that a user sees of the repository. */
async function stateOf(folder: string): Promise<string[]> {
  return [
    await git(folder, "status", "--porcelain=v2", "--branch"),
    await git(folder, "diff"),
    await git(folder, "diff", "--cached"),
    await git(folder, "worktree", "list", "--porcelain"),
    await git(folder, "for-each-ref"),
  ];
}

async function withRepository(
  options: { count: number; culprit: number; broken: readonly number[] },
  body: (
    run: (options: Partial<BisectOptions>) => Promise<BisectReport>,
    folders: { repo: string; out: string },
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const repo = `${folder}/repo`;
    const out = `${folder}/out`;
    await Deno.mkdir(repo);
    await makeRepository(repo, options);
    const first = (await git(repo, "rev-list", "--max-parents=0", "HEAD")).trim();
    await body((more) => bisect({ repo, outputDir: out, good: first, ...more }), { repo, out });
  });
}

Deno.test({
  name:
    "bisect() finds the culprit of 30 commits of which two do not run, and leaves the user's tree as it is",
  ignore: !GIT,
  async fn() {
    await withRepository(
      { count: 30, culprit: 17, broken: [15, 18] },
      async (run, { repo, out }) => {
        await Deno.writeTextFile(`${repo}/train.sh`, "half done work\n");
        await Deno.writeTextFile(`${repo}/new.txt`, "not in git\n");
        await Deno.writeTextFile(`${repo}/staged.txt`, "in the index\n");
        await git(repo, "add", "staged.txt");
        const before = await stateOf(repo);
        const report = await run({ command: "sh train.sh", metric: "reward_mean", cmp: "> 0.2" });
        assertEquals(report.verdict, "found");
        assertEquals(exitCodeOf(report), 0);
        assertEquals(report.culprit?.subject, "commit 17");
        assert(report.steps.some((step) => step.verdict === "skip" && step.why.includes("code 9")));
        assert(report.iterations <= 12);
        assertEquals(await stateOf(repo), before);
        const log = await Deno.readTextFile(`${out}/bisect_logs.txt`);
        assert(log.includes("is the first bad commit") && log.includes("git bisect log"));
        assert(bisectLines(report)[0]!.endsWith("is the first bad commit"));
      },
    );
  },
});

Deno.test({
  name: "bisect() with a shell predicate skips on 125 and names what is left if it must",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 8, culprit: 5, broken: [4] }, async (run) => {
      const shellPredicate = "grep -q 'exit 9' train.sh && exit 125; grep -q 0.5 train.sh";
      const found = await run({ shellPredicate });
      // Commit 4 cannot be tested: the first bad one is 4 or 5.
      assertEquals(found.verdict, "inconclusive");
      assertEquals(exitCodeOf(found), 1);
      assertEquals(found.candidates.map((commit) => commit.subject).sort(), [
        "commit 4",
        "commit 5",
      ]);
    });
  },
});

Deno.test({
  name: "bisect() by replay of a good run's log",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 6, culprit: 3, broken: [] }, async (run, { repo }) => {
      const log = await writeRows(
        `${repo}/../good.jsonl`,
        [0, 1, 2, 3, 4].map((step) => ({ step, seed: 1, reward_mean: 0.5 })),
      );
      const report = await run({
        run: log,
        command: "sh train.sh",
        build: "sh -c 'test -f train.sh'",
      });
      assertEquals(report.culprit?.subject, "commit 3");
    });
  },
});

// rldk's `set -e` turns a failing build into "bad".
Deno.test({
  name: "bisect() skips what does not build or takes too long",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 5, culprit: 4, broken: [3] }, async (run) => {
      const report = await run({
        build: "sh -c '! grep -q \"exit 9\" train.sh'",
        shellPredicate: "grep -q 0.5 train.sh",
        timeoutMs: 5000,
      });
      assertEquals(
        report.steps.find((step) => step.commit.subject === "commit 3")?.verdict,
        "skip",
      );
      assertEquals(report.candidates.length, 2);
    });
  },
});

Deno.test({
  name: "bisect() links data that git does not hold",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 3, culprit: 2, broken: [] }, async (run, { repo }) => {
      await Deno.mkdir(`${repo}/data`);
      await Deno.writeTextFile(`${repo}/data/x`, "1");
      const report = await run({
        links: ["data"],
        shellPredicate: "test -f data/x || exit 125; grep -q 0.5 train.sh",
      });
      assertEquals(report.culprit?.subject, "commit 2");
      assertEquals(await Deno.readTextFile(`${repo}/data/x`), "1");
    });
  },
});

Deno.test({
  name: "bisect() that is interrupted stops the command and removes its worktree",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 3, culprit: 2, broken: [] }, async (run, { repo }) => {
      const before = await stateOf(repo);
      const time = `${700 + Math.floor(Math.random() * 1e6)}.5`;
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 500);
      const report = await run({ shellPredicate: `sleep ${time}`, signal: controller.signal });
      assertEquals(report.verdict, "interrupted");
      assertEquals(exitCodeOf(report), 130);
      assert(!isRunning(`sleep ${time}`));
      assertEquals(await stateOf(repo), before);
    });
  },
});

Deno.test({
  name: "bisect() refuses ends that are not what they are said to be",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 3, culprit: 9, broken: [] }, async (run, { repo }) => {
      const command = { command: "sh train.sh", metric: "reward_mean", cmp: "> 0.2" };
      await assertRejects(() => run(command), GitError, "the bad commit");
      await assertRejects(() => run({ ...command, good: "HEAD" }), GitError, "not an ancestor");
      await assertRejects(() => run({ ...command, good: "no-such-tag" }), GitError, "no-such-tag");
      await assertRejects(() => run({ ...command, cmp: "> 0.2; rm -rf /" }), SyntaxError);
      await assertRejects(() => run({ command: "sh train.sh" }), TypeError, "exactly one way");
      assertEquals((await git(repo, "worktree", "list")).trim().split("\n").length, 1);
    });
  },
});

Deno.test("parseComparison() reads an operator and a number, and nothing else", () => {
  assertEquals(parseComparison(" >= -1.5e-3 "), { operator: ">=", bound: -1.5e-3 });
  assertEquals(parseComparison("= 2"), { operator: "==", bound: 2 });
  for (const text of ["", "0.2", "> x", "> 0.2 and True", "> __import__('os')", ">> 2"]) {
    assertThrows(() => parseComparison(text), SyntaxError, "operator and a number");
  }
  const truth = ["<", "<=", ">", ">=", "==", "!="].map((operator) =>
    holds(parseComparison(`${operator} 1`), 1)
  );
  assertEquals(truth, [false, true, false, true, true, false]);
  assert(!holds(parseComparison("> 0"), NaN));
});

Deno.test({
  name: "bisect() tries the border twice, and says that a commit is flaky",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 6, culprit: 4, broken: [] }, async (run, { out }) => {
      // Every commit tests as good the second time that it is looked at.
      const seen = `${out}/seen`;
      await Deno.mkdir(seen, { recursive: true });
      const shellPredicate = `f=${seen}/$(git rev-parse HEAD); test -e $f && exit 0; touch $f; ` +
        "grep -q 0.5 train.sh";
      const report = await run({ shellPredicate });
      assertEquals(report.verdict, "inconclusive");
      assertEquals(report.candidates.map((commit) => commit.subject), ["commit 4"]);
      assert(report.reasons[0]!.includes("is flaky: it tested as bad (exit code 1), then as good"));
      for (const { name } of Deno.readDirSync(seen)) await Deno.remove(`${seen}/${name}`);
      assertEquals((await run({ shellPredicate, confirm: false })).culprit?.subject, "commit 4");
    });
  },
});

Deno.test({
  name: "bisect() by replay finds the commit that stops logging a metric",
  ignore: !GIT,
  async fn() {
    await withRepository({ count: 6, culprit: 9, broken: [] }, async (run, { repo }) => {
      await git(repo, "checkout", "-q", "-b", "more", "HEAD~2");
      const rows = TRAIN(0.5).replace("0.5}", '0.5, \\"kl\\": 1}');
      for (const [index, text] of [rows, rows, TRAIN(0.5), TRAIN(0.5)].entries()) {
        await Deno.writeTextFile(`${repo}/train.sh`, `${text}# more ${index}\n`);
        await git(repo, "commit", "-q", "-a", "-m", `more ${index}`);
      }
      const log = await writeRows(
        `${repo}/../good.jsonl`,
        [0, 1, 2, 3, 4].map((step) => ({ step, seed: 1, reward_mean: 0.5, kl: 1 })),
      );
      const report = await run({ good: "HEAD~3", command: "sh train.sh", run: log });
      assertEquals(report.culprit?.subject, "more 2", report.reasons.join());
      assert(report.steps.some((step) => step.why.includes("only in the original")));
    });
  },
});

Deno.test("bisect() takes no option of git for a commit", async () => {
  await withFolder(async (folder) => {
    for (const good of ["--output=written", "-", ""]) {
      await assertRejects(
        () => bisect({ good, shellPredicate: "true", repo: folder, outputDir: `${folder}/out` }),
        GitError,
        "not the name of one",
      );
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});
