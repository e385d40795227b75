/**
 * Runs the whole corpus through the sandbox and prints what was not safe, as JSON. A program of its own,
 * as the canary is in its environment, which it must not share with other tests.
 *
 * Arguments: the canary's folder, its URL, its marker.
 *
 * @module
 */

import { attack, type HostileModule, parseModule, type Verb, VERBS } from "./corpus.ts";

const CORPUS = new URL("../hostile/", import.meta.url);
/** Children at a time: more would make deadlines depend on the machine. */
const CHILDREN = 3;

const [folder, url, marker] = Deno.args as [string, string, string];
// Only now: Deno itself would look for its packages there.
Deno.env.set("REWIND_CANARY", marker);
Deno.env.set("NPM_CONFIG_REGISTRY", url);
Deno.env.set("JSR_URL", url);

const IS_LONG = Deno.env.get("REWIND_SLOW") === "1";

/** Those that only end at a limit are given less, in milliseconds: a bomb as long as the limit of memory takes. */
const TIMEOUTS_MS: Readonly<Record<string, number>> = IS_LONG
  ? { loop: 600, bomb: 1500 }
  : { loop: 120, bomb: 500 };

/** The short form gives less memory too: bombs reach it soon, not the limit of time. */
const memoryBytesMax = IS_LONG ? 500_000_000 : 150_000_000;

/** Classes whose modules meet different code in different verbs. */
const BOTH_WAYS = ["forge", "pollute", "state", "throw", "impure"];

/** The verbs share most of their path through the child: only the long form takes all of them. */
function verbsFor({ className }: HostileModule, index: number): readonly Verb[] {
  if (IS_LONG) return VERBS;
  const [record, verify, ...others] = VERBS;
  if (!BOTH_WAYS.includes(className) || index % 4 !== 3) return [index % 2 === 0 ? record : verify];
  return [others[(index >> 2) % others.length]!];
}

async function readCorpus(): Promise<HostileModule[]> {
  const modules: HostileModule[] = [];
  for await (const { name } of Deno.readDir(CORPUS)) {
    const text = await Deno.readTextFile(new URL(name, CORPUS));
    const placed = text.replaceAll("__CANARY_DIR__", folder).replaceAll("__CANARY_URL__", url);
    modules.push(parseModule(name, placed));
  }
  return modules;
}

/** What is wrong with the outcome of one attack; nothing if it is safe. */
async function problemsOf(
  module: HostileModule,
  verb: Verb,
): Promise<string[]> {
  const { outcome, seen } = await attack(module.source, verb, {
    timeoutMs: TIMEOUTS_MS[module.className] ?? 20_000,
    memoryBytesMax,
  });
  const problems: string[] = [];
  // What is read is no verdict: it only matters what is in it. And the states of the artifact made by hand
  // are not always those that an allowed module gives.
  const isRead = !["record", "verify", "sweep"].includes(verb) && outcome === "verified";
  const isForged = outcome === "mismatch" &&
    (module.safe.includes("verified") || ["diverge", "diff", "test"].includes(verb));
  if (!isRead && !isForged && !module.safe.includes(outcome)) problems.push(`ended in ${outcome}`);
  if (outcome === "verified" && /pwned/.test(seen)) problems.push("a state says pwned");
  if (seen.includes(marker)) problems.push("leaked the marker");
  // deno-lint-ignore no-control-regex -- that is what is looked for
  if (/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(seen)) problems.push("has control characters");
  return problems.map((problem) => `${module.name} (${verb}): ${problem}; ${seen.slice(0, 300)}`);
}

const modules = await readCorpus();
modules.sort((a, b) => a.name < b.name ? -1 : 1);
const jobs = modules.flatMap((module, i) => verbsFor(module, i).map((verb) => ({ module, verb })));
const failures: string[] = [];
await Promise.all(Array.from({ length: CHILDREN }, async () => {
  for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
    failures.push(...await problemsOf(job.module, job.verb));
  }
}));
// deno-lint-ignore no-console -- the result of this program
console.log(JSON.stringify({ modules: modules.length, failures }));
