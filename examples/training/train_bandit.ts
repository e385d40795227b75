/**
 * Trains a softmax policy on a ten-armed bandit with REINFORCE, with nothing but Deno: a real loop to
 * replay.
 *
 *     deno run -A train_bandit.ts --seed 7 --steps 300
 *     mv metrics.jsonl run.jsonl
 *     rewind replay --run run.jsonl --command "deno run -A train_bandit.ts --steps 300" --metrics all
 *
 * `--forget-seed` is the bug to catch: rewards then come from `Math.random`, which nobody can seed.
 *
 * @module
 */

/** The value after `--name` on the command line. */
function option(name: string, fallback: number): number {
  const at = Deno.args.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(Deno.args[at + 1]);
}

/** SplitMix32: enough randomness for a bandit, in one word of state. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

const seed = option("seed", 42);
const steps = option("steps", 300);
const rate = option("rate", 0.2);
const random = generator(seed);
const noise = Deno.args.includes("--forget-seed") ? Math.random : random;

const ARMS = 10;
const worth = Array.from({ length: ARMS }, () => 2 * random() - 1);
const preference = new Float64Array(ARMS);
const path = Deno.env.get("RLDK_METRICS_PATH") ?? "metrics.jsonl";
using log = Deno.openSync(path, { write: true, create: true, truncate: true });
const encoder = new TextEncoder();

let baseline = 0;
for (let step = 0; step < steps; step++) {
  const weights = Array.from(preference, (value) => Math.exp(value));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const policy = weights.map((weight) => weight / total);
  let reward = 0;
  const batch = 16;
  for (let i = 0; i < batch; i++) {
    let arm = 0;
    for (let left = random() - policy[0]!; left > 0 && arm < ARMS - 1; left -= policy[arm]!) arm++;
    const got = worth[arm]! + noise() - 0.5;
    reward += got / batch;
    for (let k = 0; k < ARMS; k++) {
      preference[k]! += rate / batch * (got - baseline) * ((k === arm ? 1 : 0) - policy[k]!);
    }
  }
  baseline += 0.1 * (reward - baseline);
  const entropy = -policy.reduce((sum, p) => sum + p * Math.log(p), 0);
  const row = { step, seed, ["reward_mean"]: reward, ["entropy_mean"]: entropy, baseline };
  log.writeSync(encoder.encode(JSON.stringify(row) + "\n"));
}
