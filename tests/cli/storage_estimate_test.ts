import { assertEquals, assertMatch } from "@std/assert";
import { StorageEstimate } from "../../src/cli/storage_estimate.ts";
import { freeBytes } from "../../src/disk/free_space.ts";
import { PLAIN_RECORD } from "../../src/engine/record_defaults.ts";
import type { RunRecord, StorageBudget } from "../../src/engine/types.ts";

/** A recording of 10^6 states by hand, of which `kept` checkpoints are there already. */
function frontOf({ kept = 0, budget }: { kept?: number; budget?: StorageBudget } = {}): RunRecord {
  const checkpoints = { length: kept, bytesAt: () => new Uint8Array(0) };
  return { ...PLAIN_RECORD, blockSize: 1000, checkpoints, budget } as unknown as RunRecord;
}

/** What is told of checkpoints of these lengths. */
async function told(
  lengths: readonly number[],
  { free, front = frontOf(), steps = 1e6 }: {
    free: number | undefined;
    front?: RunRecord;
    steps?: number | null;
  },
): Promise<string[]> {
  const notes: string[] = [];
  const estimate = new StorageEstimate({
    steps: steps ?? undefined,
    folder: "/data",
    note: (text) => notes.push(text),
    free: () => Promise.resolve(free),
  });
  for (const length of lengths) {
    estimate.take(length, front);
    await Promise.resolve();
    await Promise.resolve();
  }
  return notes;
}

Deno.test("a long recording is told of by its first state, once", async () => {
  assertEquals(await told([1.2e6, 1.2e6, 9e6], { free: 1e12 }), [
    "note: about 1.20 GB of states will be stored, before compression; --max-size 200MB keeps every 8th checkpoint",
  ]);
  assertEquals(await told([4e5], { free: 1e12 }), []);
  // States that grow are told of once they are large.
  assertEquals((await told([1e5, 2e5, 2e6], { free: undefined })).length, 1);
});

Deno.test("a recording that does not fit is told of, however small it is and whatever bounds it", async () => {
  assertEquals(await told([4e4], { free: 3e7 }), [
    "note: about 40.0 MB of states will be stored, before compression, and 30.0 MB are free in '/data'; " +
    "--max-size 15MB keeps every 4th checkpoint",
  ]);
  const front = frontOf({ budget: { bytesMax: 5e7, checkpointsMax: undefined } });
  assertMatch(
    (await told([1.2e6], { free: 3e7, front }))[0]!,
    /about 50\.0 MB .* 30\.0 MB are free/,
  );
  assertEquals(await told([1.2e6], { free: 6e7, front }), []);
  const few = frontOf({ budget: { bytesMax: undefined, checkpointsMax: 20 } });
  assertEquals(await told([1.2e6], { free: 3e7, front: few }), []);
});

Deno.test("of a recording that goes on only what is to come must fit", async () => {
  const front = frontOf({ kept: 980 });
  assertEquals(await told([1e6], { free: 3e7, front }), []);
  assertEquals(await told([1e6], { free: 2e7, front }), [
    "note: about 21.0 MB of states will be stored, before compression, and 20.0 MB are free in '/data'",
  ]);
  assertEquals(await told([1e9], { free: 1, steps: null }), []);
});

Deno.test("freeBytes() knows this disk, and nothing of a folder that is not there", async () => {
  const free = await freeBytes(".");
  assertEquals(typeof free, "number");
  assertEquals(await freeBytes("/no/such/folder"), undefined);
});
