import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { shardFromEnvironment } from "../../src/cli/shard_environment.ts";
import { InputError } from "../../src/cli/usage_error.ts";

type Variables = Record<string, string>;

function from(variables: Variables, count?: number): [number, number, string] {
  const { shard, engine } = shardFromEnvironment(environmentOf(variables), count);
  return [shard.index, shard.count, engine];
}

function refusal(variables: Variables, count?: number): string {
  const { message, hint } = assertThrows(() => from(variables, count), InputError);
  return `${message}\nhint: ${hint}`;
}

function environmentOf(variables: Variables): Parameters<typeof shardFromEnvironment>[0] {
  return { isReadable: () => true, get: (name) => variables[name] };
}

/** A Slurm array as Slurm 22.05 describes it to task `id`; PROCID is 0 there. */
function slurm(
  id: number,
  min: number,
  max: number,
  array: { step?: number; tasks?: number } = {},
): Variables {
  const { step = 1 } = array;
  const { tasks = (max - min) / step + 1 } = array;
  return {
    SLURM_ARRAY_TASK_ID: `${id}`,
    SLURM_ARRAY_TASK_MIN: `${min}`,
    SLURM_ARRAY_TASK_MAX: `${max}`,
    SLURM_ARRAY_TASK_STEP: `${step}`,
    SLURM_ARRAY_TASK_COUNT: `${tasks}`,
    SLURM_PROCID: "0",
    SLURM_NTASKS: "1",
  };
}

Deno.test("shardFromEnvironment() of a Slurm job array counts from its first id, by its step", () => {
  const engine = "Slurm job array";
  assertEquals(from(slurm(3, 0, 7)), [3, 8, engine]);
  assertEquals(from(slurm(1, 1, 8)), [0, 8, engine]);
  assertEquals(from(slurm(16, 10, 24, { step: 2 })), [3, 8, engine]);
  assertEquals(from(slurm(3, 1, 8), 8), [2, 8, engine]);
});

Deno.test("shardFromEnvironment() of a list or a part of a Slurm job array needs the number of shards", () => {
  assertMatch(
    refusal(slurm(5, 1, 7, { tasks: 3 })),
    /is a list of tasks.*\nhint: .*--shard auto\/8$/,
  );
  assertMatch(refusal(slurm(3, 3, 3)), /has one task.*\nhint: .*--shard auto\/8$/);
  assertEquals(from(slurm(5, 1, 7, { tasks: 3 }), 8).slice(0, 2), [5, 8]);
  assertEquals(from(slurm(3, 3, 3), 8).slice(0, 2), [3, 8]);
  assertMatch(refusal(slurm(8, 8, 8), 8), /does not lie among 8 shards/);
});

Deno.test("shardFromEnvironment() of srun takes the tasks of the step; a batch script has none", () => {
  const step = { SLURM_PROCID: "1", SLURM_NTASKS: "4", SLURM_STEP_NUM_TASKS: "2" };
  assertEquals(from(step), [1, 2, "Slurm srun"]);
  assertEquals(from(step, 2).slice(0, 2), [1, 2]);
  assertMatch(refusal(step, 8), /there are 2 tasks, not 8/);
  assertMatch(refusal({ SLURM_PROCID: "0", SLURM_NTASKS: "2" }), /that srun started/);
});

Deno.test("shardFromEnvironment() of engines that tell the index only needs the number of shards", () => {
  const engines: [Variables, number, string][] = [
    [{ JOB_COMPLETION_INDEX: "3" }, 3, "Kubernetes indexed job"],
    [{ PARALLEL_SEQ: "4" }, 3, "GNU parallel"],
    [{ PBS_ARRAY_INDEX: "3" }, 3, "PBS job array"],
    [{ PBS_ARRAYID: "3" }, 3, "PBS job array"],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: "3" }, 3, "AWS Batch array job"],
  ];
  for (const [variables, index, engine] of engines) {
    assertEquals(from(variables, 8), [index, 8, engine]);
    assertMatch(
      refusal(variables),
      /Cannot detect the number of shards: only \w+ is set\nhint: .*--shard auto\/8$/,
    );
    assertMatch(refusal(variables, 3), /does not lie among 3 shards/);
  }
});

Deno.test("shardFromEnvironment() of SGE, LSF and AWS Batch takes what they tell of the whole", () => {
  const sge = (id: string, last: string): Variables => ({
    SGE_TASK_ID: id,
    SGE_TASK_FIRST: "1",
    SGE_TASK_LAST: last,
    SGE_TASK_STEPSIZE: "1",
  });
  assertEquals(from(sge("4", "8")), [3, 8, "SGE array job"]);
  assertEquals(from({ ...sge("3", "3"), SGE_TASK_FIRST: "3" }, 8).slice(0, 2), [2, 8]);
  assertMatch(refusal(sge("undefined", "undefined")), /no known scheduler variable is set/);
  assertEquals(from({ LSB_JOBINDEX: "4", LSB_JOBINDEX_END: "8" }), [3, 8, "LSF job array"]);
  assertMatch(refusal({ LSB_JOBINDEX: "0" }), /no known scheduler variable is set/);
  const aws = { AWS_BATCH_JOB_ARRAY_INDEX: "3", AWS_BATCH_JOB_ARRAY_SIZE: "8" };
  assertEquals(from(aws), [3, 8, "AWS Batch array job"]);
  assertMatch(refusal(aws, 4), /there are 8 tasks, not 4/);
});

Deno.test("shardFromEnvironment() refuses what is ambiguous, absent or no number", () => {
  assertMatch(
    refusal({}),
    /no known scheduler variable is set: SLURM_ARRAY_TASK_ID, .*\nhint: .*--shard 3\/8$/,
  );
  assertMatch(
    refusal({ ...slurm(3, 0, 7), PARALLEL_SEQ: "1" }, 8),
    /both SLURM_ARRAY_TASK_ID and PARALLEL_SEQ are set/,
  );
  for (const value of ["", "-1", "1.5", "0x1", "1e1", "two", "9".repeat(20), "\x1b[31m"]) {
    const message = refusal({ JOB_COMPLETION_INDEX: value }, 8);
    assertMatch(
      message,
      /^Cannot detect the shard: JOB_COMPLETION_INDEX is "[\x20-\x7e]*", not a whole number/,
    );
  }
  const { SLURM_ARRAY_TASK_STEP: _, ...partial } = slurm(3, 0, 7);
  assertMatch(refusal(partial), /SLURM_ARRAY_TASK_STEP is not set/);
});

Deno.test("shardFromEnvironment() asks for variables that it may not read only if none that it may says enough", () => {
  const variables: Variables = { PARALLEL_SEQ: "4", JOB_COMPLETION_INDEX: "1" };
  const only = (name: string) => ({
    isReadable: (asked: string) => asked === name,
    get: (asked: string) => {
      assertEquals(asked, name);
      return variables[asked];
    },
  });
  assertEquals(shardFromEnvironment(only("PARALLEL_SEQ"), 8).variables, ["PARALLEL_SEQ=4"]);
  const { message, hint } = assertThrows(
    () => shardFromEnvironment(only("SGE_TASK_ID"), 8),
    InputError,
  );
  assertMatch(message, /may not read the environment/);
  assertMatch(hint!, /--allow-env=SLURM_ARRAY_TASK_ID,/);
});
