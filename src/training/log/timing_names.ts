/**
 * Which metrics measure time, speed or machine load, by their names.
 * This module is browser compatible.
 *
 * @module
 */

import { METRIC_ALIASES } from "./canonical_names.ts";

/** Last parts of names that measure time, speed or machine load: two honest replays never agree on them. */
export const TIMING_NAMES: ReadonlySet<string> = new Set([
  ...METRIC_ALIASES.get("wall_time")!,
  "runtime",
  "step_time",
  "iter_time",
  "data_time",
  "batch_time",
  "batch_cost", // of Paddle, with the two below: seconds
  "reader_cost",
  "data_cost",
  "ips",
  "time_elapsed",
  "time_left",
  "time_per_step",
  "time_per_iteration",
  "time_this_iter_s",
  "time_total_s",
  "time_since_restore",
  "time_between_sampling",
  "elapsed",
  "s_elapsed",
  "remaining",
  "eta",
  "data", // of the ImageNet example and its heirs: seconds until a batch is there
  "wall",
  "wall_clock",
  "seconds",
  "secs",
  "minutes",
  "ts",
  "timestamps",
  "time_taken",
  "time_cost",
  "maintenance", // of StyleGAN, with the two below
  "cpumem",
  "gpumem",
  "uptime",
  "gpu_util",
  "cpu_util",
  "cpu_percent",
  "train_wall",
  "fps",
  "sps",
  "tps",
  "wps",
  "ups",
  "mfu",
  "tflops",
  "speed",
  "train_speed",
  "throughput",
  "latency",
  "tokens_per_sec",
  "samples_per_sec",
  "steps_per_sec",
  "memory",
  "mem",
  "max_mem",
  "max_memory",
  "gpu_mem",
  "gpu_memory",
  "gb_free",
  "mem_allocated",
  "max_mem_allocated",
  "memory_allocated",
  "max_memory_allocated",
  "memory_reserved",
  "allocated",
  "max_allocated",
  "reserved",
  "max_reserved",
  "peak_memory_active",
  "peak_memory_alloc",
  "peak_memory_reserved",
  "created_at",
  "pid",
  "process", // with those below: what Python's logging knows of a message, in JSON
  "process_id",
  "thread",
  "thread_id",
  "lineno",
  "created",
  "relative_created",
  "msecs",
  "v_num", // of Lightning: the number of its folder
]);

/** Groups of names under which trainers log time, speed and machine load: `perf/...`, `timers....`. */
export const TIMING_GROUPS: ReadonlySet<string> = new Set([
  "perf",
  "sampler_perf",
  "timing",
  "timing_s",
  "timing_per_token_ms",
  "time",
  "timer",
  "timers",
  "profiling",
  "profiler",
  "system",
  "_wandb",
]);

/** Endings of names that measure time or speed. */
export const TIMING_SUFFIXES: readonly string[] = [
  "_runtime",
  "_per_second",
  "_per_sec",
  "_per_second_per_gpu",
  "_per_sec_per_gpu",
  "_tflops",
  "_tflops_per_gpu",
  "_time",
  "_time_s",
  "_time_ms",
  "_time_sec",
  "_seconds",
  "_secs",
  "_ms",
  "_timer",
  "_fps",
  "_mfu",
  "_throughput",
  "_latency",
  "_uptime",
  "_duration",
  "_timestamp",
  "_memory_allocated",
  "_memory_reserved",
  "_memory_tb",
];

/** Units, in brackets after a name, of time, speed and memory. */
const TIMING_UNIT =
  /^(?:[nuµm]?s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|[kmgt]i?b|(?!(?:[ckm]?m|rad|deg|n|v)\/)[^/]*\/.*|[kmgt]?flops?|[kmg]?teps|w|°c)$/i;

/** A part of a name that says that what comes after it was earned or lost: `Episode_Reward/feet_air_time`. */
const EARNED =
  /(?:^|_)(?:rew|rewards?|loss(?:es)?|returns?|errors?|penalt(?:y|ies)|scores?)(?:_|$)/;

/** What is a clock by itself, and may be what a part of a reward, of a loss or of the world is called. */
const AMBIGUOUS = /^(?:data|speed|memory|latency|duration|eta|ts|mem)$|_(?:time|duration|latency)$/;

/** A reward per time or of a time, such as legged_gym's `rew_feet_air_time`. */
const EARNED_ITSELF = /(?:^|_)rew_|^(?:reward|return|loss|score)s?_per_/;

/** The ids of loguru's records: `record.process.id`. */
const PROCESS_ID = /(?:^|\.)(?:process|thread)\.id$/;

/**
 * Whether a metric measures time, speed or machine load by its name: such a metric is compared only
 * if it is asked for by name. The lists are {@linkcode TIMING_NAMES}, {@linkcode TIMING_GROUPS} and
 * {@linkcode TIMING_SUFFIXES}; a unit may tell, too, as in `memory(GiB)`, `time (ms)` or `samples/sec`.
 */
export function isTimingName(name: string): boolean {
  const group = name.endsWith(")") ? name.lastIndexOf("(") : -1;
  const unit = group > 0 ? name.slice(group + 1, -1) : "";
  if (unit !== "" && TIMING_UNIT.test(unit)) return true;
  // Means in brackets are of what stands before them.
  const path = group > 0 ? name.slice(0, group).trimEnd() : name;
  const parts = path.split(/[/.]/);
  if (parts.some((part, i) => i < parts.length - 1 && TIMING_GROUPS.has(part))) return true;
  const last = snakeCase(parts.at(-1)!);
  if (EARNED_ITSELF.test(last)) return false;
  if (AMBIGUOUS.test(last) && parts.slice(0, -1).some((part) => EARNED.test(snakeCase(part)))) {
    return false;
  }
  if (PROCESS_ID.test(path)) return true;
  if (TIMING_NAMES.has(last) || TIMING_SUFFIXES.some((suffix) => last.endsWith(suffix))) {
    return true;
  }
  if (/^(?:[nu]?s|ms|secs?|seconds)\/\w+$/i.test(path)) return true;
  return parts.length > 1 && /^(?:s|sec|second|min|hour)$/.test(last);
}

/** `RunningAvgSamplesPerSec` and `Time Elapsed` as `running_avg_samples_per_sec` and `time_elapsed`. */
function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z\d])(?=[A-Z])|[\s-]+/g, "_").toLowerCase();
}
