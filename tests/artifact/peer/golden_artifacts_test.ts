import { assert, assertEquals, assertThrows } from "@std/assert";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { UnsafeArtifactError } from "../../../src/errors.ts";
import { readPeerArtifact } from "../../../src/artifact/peer/read_peer.ts";
import { isPeerArtifact } from "../../../src/artifact/peer/is_peer.ts";
import { GOLDEN, goldenBytes, goldenState } from "./golden_values.ts";

Deno.test("readPeerArtifact() gives every golden checkpoint and field", () => {
  for (const golden of GOLDEN.filter(({ expect }) => expect === "loads")) {
    const bytes = goldenBytes(`python_artifacts/${golden.file}`);
    assert(isPeerArtifact(bytes), golden.file);
    const { record, contentHash, hashStatus } = readPeerArtifact(bytes);
    assertEquals(contentHash, golden.content_hash, golden.file);
    assertEquals(hashStatus, "verified");
    assertEquals(record.steps, golden.steps, golden.file);
    assertEquals(record.seed, BigInt(golden.seed), golden.file);
    assertEquals(record.blockSize, golden.block_size, golden.file);
    assertEquals(record.rng, golden.backend, golden.file);
    assertEquals(record.parentHash, golden.parent_hash, golden.file);
    assertEquals(record.branchPoint, golden.branch_point, golden.file);
    assertEquals(record.lastState, undefined);
    assertEquals(record.checkpoints.length, golden.n_checkpoints, golden.file);
    for (const [block, value] of golden.checkpoints!) {
      const state = decodeState(record.checkpoints.bytesAt(block));
      assertEquals(state, goldenState(value), `${golden.file} block ${block}`);
      assert(Object.is(state, goldenState(value)) || typeof state === "object", golden.file);
    }
  }
});

Deno.test("readPeerArtifact() gives the statistics, without min and max", () => {
  const { record } = readPeerArtifact(goldenBytes("python_artifacts/walk.replay"));
  assertEquals(record.observed, {
    x: {
      count: 10000,
      mean: -13.373800000000042,
      variance: 1701.165590119011,
      std: 41.24518869054924,
      min: NaN,
      max: NaN,
    },
  });
  assertEquals(record.stepId, "__main__:walk");
});

Deno.test("readPeerArtifact() names the class that a pickle asks for", () => {
  const refused = GOLDEN.filter(({ expect }) => expect.startsWith("refused"));
  assertEquals(refused.map(({ file }) => file), ["dataclass.replay"]);
  assertThrows(
    () => readPeerArtifact(goldenBytes("python_artifacts/dataclass.replay")),
    UnsafeArtifactError,
    "the pickle asks for __main__.Thing",
  );
});

Deno.test("isPeerArtifact() is false of our own magic and of nothing", () => {
  assert(!isPeerArtifact(new Uint8Array()));
  assert(!isPeerArtifact(Uint8Array.of(0x89, 0x52, 0x57, 0x44, 0x0d, 0x0a)));
});
