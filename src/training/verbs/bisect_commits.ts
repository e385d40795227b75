/**
 * Finds the first commit at which training goes wrong, in a temporary worktree.
 *
 * @module
 */

import {
  addTemporaryWorktree,
  type Commit,
  git,
  GitError,
  readCommit,
  type TemporaryWorktree,
} from "../command/git_worktree.ts";
import { writeTextFile } from "../files/write_results.ts";
import type { BisectReport, BisectStep } from "../findings/bisect_report.ts";
import type { BisectOptions } from "./bisect_options.ts";
import { makePredicate } from "./commit_predicate.ts";

/**
 * Finds the first bad commit between `good` and `bad`. The user's work tree, index and HEAD stay as they are.
 *
 * @throws {GitError} if the commits or the repository cannot be used, or an end is not what it is said to be.
 * @throws {TypeError} if not exactly one way to tell good from bad is given.
 * @throws {SyntaxError} if `cmp` is no comparison.
 *
 * @example Usage
 * ```ts ignore
 * import { bisect } from "@rewind/cli/training";
 *
 * const report = await bisect({
 *   good: "v1.0",
 *   command: "python train.py --steps 200",
 *   metric: "reward_mean",
 *   cmp: "> 0.2",
 * });
 * console.log(report.culprit?.sha, report.culprit?.subject);
 * ```
 */
export async function bisect(options: BisectOptions): Promise<BisectReport> {
  const [path, fs, { performance }] = await Promise.all([
    import("node:path"),
    import("node:fs/promises"),
    import("node:perf_hooks"),
  ]);
  const test = makePredicate(options);
  const repo = path.resolve(options.repo ?? ".");
  const folder = path.resolve(options.outputDir ?? "bisect_results");
  const logsPath = path.join(folder, "bisect_logs.txt");
  const good = await readCommit(repo, options.good);
  const bad = await readCommit(repo, options.bad ?? "HEAD");
  await fs.mkdir(folder, { recursive: true });
  const tree = await addTemporaryWorktree(repo, bad.sha, options.links ?? []);
  const steps: BisectStep[] = [];
  const log: string[] = [`bisecting ${good.sha} (good) .. ${bad.sha} (bad) in ${repo}`];

  const visit = async (revision: string): Promise<BisectStep> => {
    options.signal?.throwIfAborted();
    const commit = await readCommit(tree.path, revision);
    await tree.clean();
    const startedAt = performance.now();
    const place = path.join(
      folder,
      `${String(steps.length).padStart(3, "0")}_${commit.sha.slice(0, 10)}`,
    );
    await fs.mkdir(place, { recursive: true });
    const outcome = await test(tree.path, place);
    options.signal?.throwIfAborted();
    const durationSeconds = (performance.now() - startedAt) / 1000;
    const step = { commit, ...outcome, durationSeconds };
    steps.push(step);
    log.push(`${step.verdict.padEnd(4)} ${commit.sha} ${commit.subject}: ${step.why}`);
    options.onProgress?.(step);
    return step;
  };

  const finish = async (
    rest: Pick<BisectReport, "verdict" | "culprit" | "candidates" | "reasons">,
  ): Promise<BisectReport> => {
    const said = await git(tree.path, ["bisect", "log"]).catch(() => "");
    const text = [
      ...log,
      rest.culprit === undefined ? rest.reasons.join("\n") : describe(rest.culprit),
    ];
    await writeTextFile(logsPath, `${text.join("\n")}\n\n# git bisect log\n${said}`);
    return { passed: rest.verdict === "found", iterations: steps.length, steps, logsPath, ...rest };
  };

  try {
    await requireAncestor(tree.path, good, bad);
    if (options.checkEnds ?? true) {
      await git(tree.path, ["checkout", "--quiet", "--detach", good.sha]);
      await requireEnd(await visit("HEAD"), "good");
      await tree.clean();
      await git(tree.path, ["checkout", "--quiet", "--detach", bad.sha]);
      await requireEnd(await visit("HEAD"), "bad");
      await tree.clean();
    }
    // A bisection's references belong to the worktree in which it was started.
    let said = await git(tree.path, ["bisect", "start", bad.sha, good.sha, "--"]);
    for (;;) {
      const found = /^([0-9a-f]{40,64}) is the first bad commit/m.exec(said)?.[1];
      if (found !== undefined) {
        const culprit = await readCommit(tree.path, found);
        const flaky = options.confirm ?? true ? await findFlaky(tree, culprit, steps, visit) : [];
        if (flaky.length > 0) {
          return await finish({
            verdict: "inconclusive",
            culprit: undefined,
            candidates: [culprit],
            reasons: flaky,
          });
        }
        return await finish({ verdict: "found", culprit, candidates: [culprit], reasons: [] });
      }
      if (/only 'skip'ped commits left/i.test(said)) {
        return await finish(await leftOver(tree.path, said));
      }
      const step = await visit("HEAD");
      await tree.clean();
      // With only skipped commits left git reports them, and fails.
      said = await git(tree.path, ["bisect", step.verdict]).catch((error: unknown) => {
        const text = outputOf(error);
        if (!/only 'skip'ped commits left/i.test(text)) throw error;
        return text;
      });
    }
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    return await finish({
      verdict: "interrupted",
      culprit: undefined,
      candidates: [],
      reasons: ["the bisection was interrupted"],
    });
  } finally {
    await tree.remove();
  }
}

/**
 * Tests the culprit and the commit before it a second time: a test that gives another answer then has led the
 * search by chance.
 */
async function findFlaky(
  tree: TemporaryWorktree,
  culprit: Commit,
  steps: readonly BisectStep[],
  visit: (revision: string) => Promise<BisectStep>,
): Promise<string[]> {
  const parent = await readCommit(tree.path, `${culprit.sha}^`);
  const border = [culprit, parent].flatMap((commit) =>
    steps.find((step) => step.commit.sha === commit.sha) ?? []
  );
  const reasons: string[] = [];
  for (const before of border) {
    if (before.verdict === "skip") continue;
    await tree.clean();
    await git(tree.path, ["checkout", "--quiet", "--detach", before.commit.sha]);
    const again = await visit("HEAD");
    if (again.verdict === before.verdict) continue;
    reasons.push(
      `commit ${
        before.commit.sha.slice(0, 10)
      } is flaky: it tested as ${before.verdict} (${before.why}), ` +
        `then as ${again.verdict} (${again.why}); make the test deterministic, or let it try more than once`,
    );
  }
  return reasons;
}

function describe(commit: Commit): string {
  return `${commit.sha} is the first bad commit (${commit.author}, ${commit.date}): ${commit.subject}`;
}

async function requireAncestor(tree: string, good: Commit, bad: Commit): Promise<void> {
  const base = await git(tree, ["merge-base", good.sha, bad.sha]).catch(() => "");
  if (base.trim() !== good.sha || good.sha === bad.sha) {
    throw new GitError(
      `Cannot bisect as the good commit ${
        good.sha.slice(0, 10)
      } is not an ancestor of the bad one ` +
        bad.sha.slice(0, 10),
    );
  }
}

function requireEnd(step: BisectStep, verdict: "good" | "bad"): void {
  if (step.verdict === verdict) return;
  throw new GitError(
    `Cannot bisect as the ${verdict} commit ${
      step.commit.sha.slice(0, 10)
    } tests as ${step.verdict}: ${step.why}`,
  );
}

function outputOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause as { stdout?: string } | undefined : undefined;
  return `${cause?.stdout ?? ""}\n${error instanceof Error ? error.message : error}`;
}

async function leftOver(
  tree: string,
  said: string,
): Promise<Pick<BisectReport, "verdict" | "culprit" | "candidates" | "reasons">> {
  const shas = [...new Set(said.match(/^[0-9a-f]{40,64}$/gm) ?? [])];
  const candidates: Commit[] = [];
  for (const sha of shas) candidates.push(await readCommit(tree, sha));
  return {
    verdict: "inconclusive",
    culprit: undefined,
    candidates,
    reasons: [
      `the first bad commit is one of ${candidates.length}, of which some cannot be tested: ` +
      candidates.map((commit) => commit.sha.slice(0, 10)).join(", "),
    ],
  };
}
