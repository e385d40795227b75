/**
 * Finds the first commit at which training goes wrong, in a temporary worktree.
 *
 * @module
 */

import { splitCommand } from "../command/command_words.ts";
import { holds, parseComparison } from "../compare/comparison_expression.ts";
import { FieldResolver } from "../log/fields.ts";
import {
  addTemporaryWorktree,
  type Commit,
  git,
  GitError,
  readCommit,
} from "../command/git_worktree.ts";
import { replay } from "./replay.ts";
import { runCommand } from "../command/replay_command.ts";
import { column } from "../log/run_log.ts";
import { runChild } from "../command/child_process.ts";
import { summarize } from "../statistics/statistics.ts";
import { writeTextFile } from "../files/write_file.ts";

/** Options of {@linkcode bisect}; one of `metric`, `shellPredicate` and `run` says what is good. */
export interface BisectOptions {
  /** Commit that is good. */
  good: string;
  /** Commit that is bad (default "HEAD"). */
  bad?: string;
  /** Command that trains, run in the worktree; its metrics or its replay decide. */
  command?: string;
  /** Metric whose mean over the last `window` rows is compared. */
  metric?: string;
  /** Comparison that is true of a good commit, such as `> 0.2`. */
  cmp?: string;
  /** Rows that the mean is taken over (default 100). */
  window?: number;
  /** Command for `sh -c`: 0 is good, 125 skips, up to 127 is bad, above that stops the bisection. */
  shellPredicate?: string;
  /** Log of a good run: a commit is good if `command` reproduces it. */
  run?: string;
  /** Metrics that must reproduce (default `all`), with `run`. */
  metrics?: string | readonly string[];
  /** Relative tolerance, with `run` (default 0.01). */
  tolerance?: number;
  /** Command that builds, run first; a commit that does not build is skipped. */
  build?: string;
  /** Paths in the repository that git does not hold, to link into the worktree. */
  links?: readonly string[];
  /** Repository (default: the one of this process's directory). */
  repo?: string;
  /** Wall time after which a commit is skipped, in milliseconds (default: none). */
  timeoutMs?: number;
  /** Whether to test the good and the bad commit themselves first (default true). */
  checkEnds?: boolean;
  /** Folder for the log and each commit's output (default "bisect_results"). */
  outputDir?: string;
  /** Interrupts the bisection; the worktree is removed. */
  signal?: AbortSignal;
  /** Called after each commit. */
  onProgress?: (step: BisectStep) => void;
}

/** What was found of one commit. */
export interface BisectStep {
  /** The commit. */
  readonly commit: Commit;
  /** Good, bad, or untestable. */
  readonly verdict: "good" | "bad" | "skip";
  /** Why. */
  readonly why: string;
  /** Wall time in seconds. */
  readonly durationSeconds: number;
}

/** Report of {@linkcode bisect}. */
export interface BisectReport {
  /** Whether one commit was found. */
  readonly passed: boolean;
  /** "inconclusive" if only commits that cannot be tested are left. */
  readonly verdict: "found" | "inconclusive" | "interrupted";
  /** The first bad commit. */
  readonly culprit: Commit | undefined;
  /** Commits of which one is the first bad one; the culprit alone if it was found. */
  readonly candidates: readonly Commit[];
  /** Commits tested, the two ends included. */
  readonly iterations: number;
  /** Each commit, in the order in which it was tested. */
  readonly steps: readonly BisectStep[];
  /** File that holds what git and each test said. */
  readonly logsPath: string;
  /** Why there is no culprit. */
  readonly reasons: readonly string[];
}

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

type Outcome = Pick<BisectStep, "verdict" | "why">;
type Predicate = (tree: string, place: string) => Promise<Outcome>;

function makePredicate(options: BisectOptions): Predicate {
  const ways = [options.metric, options.shellPredicate, options.run].filter((way) =>
    way !== undefined
  );
  if (ways.length !== 1) {
    throw new TypeError(
      "Cannot bisect without exactly one way to tell good from bad: --metric with --cmp, " +
        `--shell-predicate, or --run; ${ways.length} are given`,
    );
  }
  const judge = options.shellPredicate !== undefined
    ? shellJudge(options, options.shellPredicate)
    : options.run !== undefined
    ? replayJudge(options, options.run, requireCommand(options))
    : metricJudge(options, options.metric!, requireCommand(options));
  if (options.build === undefined) return judge;
  const build = splitCommand(options.build);
  return async (tree, place) => {
    const result = await runHere(options, build.argv, build.env, tree, place, "build");
    if (result.end !== "exited" || result.exitCode !== 0) {
      return { verdict: "skip", why: `it does not build (${describeExit(result)})` };
    }
    return await judge(tree, place);
  };
}

function requireCommand(options: BisectOptions): string {
  if (options.command !== undefined) return options.command;
  throw new TypeError("Cannot bisect by metrics without a command that makes them; give --command");
}

function metricJudge(options: BisectOptions, metric: string, command: string): Predicate {
  if (options.cmp === undefined) {
    throw new TypeError(
      `Cannot judge by "${metric}" without a comparison; give one, such as --cmp "> 0.2"`,
    );
  }
  const comparison = parseComparison(options.cmp);
  const words = splitCommand(command);
  const window = options.window ?? 100;
  if (!Number.isInteger(window) || window < 1) {
    throw new RangeError(
      `Cannot bisect as 'window' must be at least 1: current value is ${window}`,
    );
  }
  return async (tree, place) => {
    const run = await runCommand({
      argv: words.argv,
      env: words.env,
      seed: 42n,
      inject: false,
      device: "auto",
      cwd: tree,
      folder: place,
      read: {},
      fields: new FieldResolver(),
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
    if (!run.completed) return { verdict: "skip", why: run.problem ?? "the command failed" };
    const found = run.log === undefined ? undefined : column(run.log, metric);
    if (found === undefined) {
      return { verdict: "skip", why: run.metricsProblem ?? `its log has no "${metric}"` };
    }
    const values = Array.from(found.values).filter((_, row) => found.present[row] === 1).slice(
      -window,
    );
    const { mean } = summarize(values);
    const verdict = holds(comparison, mean) ? "good" : "bad";
    return { verdict, why: `${metric} is ${mean} over its last ${values.length} rows` };
  };
}

function shellJudge(options: BisectOptions, text: string): Predicate {
  return async (tree, place) => {
    const result = await runHere(options, ["sh", "-c", text], {}, tree, place, "predicate");
    const code = result.exitCode;
    if (result.end === "timeout") return { verdict: "skip", why: describeExit(result) };
    if (result.end !== "exited" || code === undefined || code > 127) {
      throw new GitError(
        `Cannot go on with the bisection as the predicate was stopped: ${describeExit(result)}`,
      );
    }
    if (code === 126 || code === 127) {
      throw new GitError(`Cannot run the predicate, as the shell says: ${result.stderrTail}`);
    }
    return {
      verdict: code === 0 ? "good" : code === 125 ? "skip" : "bad",
      why: describeExit(result),
    };
  };
}

function replayJudge(options: BisectOptions, run: string, command: string): Predicate {
  return async (tree, place) => {
    const report = await replay({
      run,
      command,
      metrics: options.metrics ?? "all",
      tolerance: options.tolerance,
      cwd: tree,
      outputDir: place,
      failFast: true,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
    const why = report.reasons[0] ?? `the run reproduces (${report.compared} values compared)`;
    if (report.verdict === "passed") return { verdict: "good", why };
    return { verdict: report.verdict === "failed" ? "bad" : "skip", why };
  };
}

type Exit = Awaited<ReturnType<typeof runChild>>;

async function runHere(
  options: BisectOptions,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  tree: string,
  place: string,
  label: string,
): Promise<Exit> {
  const { default: process } = await import("node:process");
  return await runChild(argv, {
    env: { ...process.env as Record<string, string>, ...env },
    cwd: tree,
    stdoutPath: `${place}/${label}_stdout.log`,
    stderrPath: `${place}/${label}_stderr.log`,
    timeoutMs: options.timeoutMs,
    ...(options.signal === undefined ? {} : { signal: options.signal, interruptsBySignal: true }),
  });
}

function describeExit(result: Exit): string {
  return result.end === "timeout"
    ? "it took too long"
    : result.exitCode === undefined
    ? `killed by ${result.killedBy}`
    : `exit code ${result.exitCode}`;
}
