import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodeState } from "../../src/codec/encode_state.ts";
import { bytesSource } from "../../src/bytes/byte_source.ts";
import { crc32 } from "../../src/bytes/crc32.ts";
import { decodeArtifact } from "../../src/artifact/decode_artifact.ts";
import { encodeArtifact } from "../../src/artifact/encode_artifact.ts";
import { merkleRoot, sha256Sync } from "../../src/bytes/sha256.ts";
import { TOOL, VERSION } from "../../src/artifact/tool.ts";
import { recordRun } from "../../src/engine/record.ts";
import { ArtifactIntegrityError } from "../../src/errors.ts";

/** The worked example of docs/format.md. */
async function documentedBytes(): Promise<Uint8Array> {
  const text = await Deno.readTextFile(new URL("../../docs/format.md", import.meta.url));
  const hex = text.split("```hex\n")[1]!.split("```")[0]!;
  return Uint8Array.from(hex.trim().split(/\s+/), (pair) => parseInt(pair, 16));
}

Deno.test("encodeArtifact() gives the worked example of docs/format.md, and decodeArtifact() reads it", async () => {
  const record = recordRun((x: number) => x + 1, {
    init: 0,
    steps: 3,
    seed: 7,
    blockSize: 2,
    stepId: "count",
  });
  const writer = { tool: "rewind 0.1.0", engine: "example", mathFingerprint: "0".repeat(16) };
  const documented = await documentedBytes();
  assertEquals(await encodeArtifact(record, writer), documented);
  const opened = decodeArtifact(bytesSource(documented));
  assertEquals(opened.record.checkpoints.bytesAt(1), encodeState(2));
  assertEquals(opened.record.lastState, encodeState(2));
  assertEquals(opened.provenance, { ...writer, math: "engine" });
});

Deno.test("VERSION is the version of deno.json", async () => {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assertEquals(VERSION, manifest.version);
  assertEquals(TOOL, `rewind ${manifest.version}`);
});

const HEADER: Record<string, unknown> = {
  stepId: "count",
  steps: 3,
  seed: 7,
  rng: "python",
  seeds: "blake2b-v1",
  blockSize: 2,
  params: undefined,
  sourceHash: undefined,
  branchPoint: undefined,
  parentHash: undefined,
  observed: {},
  failure: undefined,
};

/** The fields that are there, and those that a test wants to be there without a value. */
function headerOf({ header = {}, empty, first }: Parts): Record<string, unknown> {
  const fields = Object.entries({ ...HEADER, ...header }).filter(([name, value]) =>
    value !== undefined || name === empty
  );
  const at = fields.findIndex(([name]) => name === first);
  if (at > 0) fields.unshift(...fields.splice(at, 1));
  return Object.fromEntries(fields);
}

const STATES = Uint8Array.of(1, 1, 1, 0, 2, 2);

interface Parts {
  header?: Record<string, unknown>;
  /** Name of a field that is written without a value. */
  empty?: string;
  /** Name of a field that is written first. */
  first?: string;
  /** Replaces the fields of the one chunk's index entry. */
  entry?: (fields: unknown[]) => unknown[];
  chunk?: Uint8Array;
  /** What the chunk's hash is taken over. */
  hashed?: Uint8Array;
  source?: unknown[];
  provenance?: unknown;
  /** Bytes between the chunk and the index. */
  gap?: number;
  index?: unknown;
}

/** Builds a file by the rules of docs/format.md, with right checksums whatever the parts claim. */
function build(parts: Parts = {}): Uint8Array {
  const header = encodeState(headerOf(parts));
  const chunk = parts.chunk ?? STATES;
  const leaf = sha256Sync(parts.hashed ?? chunk);
  const plain = [3, 0, 0, chunk.length, chunk.length, crc32(chunk), leaf];
  const fields = parts.entry?.(plain) ?? plain;
  const index = encodeState(parts.index ?? { source: parts.source, chunks: [fields] });
  const provenance = encodeState(
    parts.provenance ??
      { tool: "t", engine: "e", math: "engine", mathFingerprint: "f" },
  );
  const prelude = Uint8Array.of(0x89, 0x52, 0x57, 0x44, 0x0d, 0x0a, 0x1a, 0x0a, 2, 2, 0, 0, 0, 0);
  new DataView(prelude.buffer).setUint32(10, header.length, true);
  const body = [prelude, header, chunk, new Uint8Array(parts.gap ?? 0), index, provenance];
  const tail = new Uint8Array(56);
  const view = new DataView(tail.buffer);
  const indexOffset = prelude.length + header.length + chunk.length + (parts.gap ?? 0);
  view.setBigUint64(0, BigInt(indexOffset), true);
  view.setUint32(8, index.length, true);
  view.setUint32(12, provenance.length, true);
  tail.set(merkleRoot([sha256Sync(header), ...(parts.index === undefined ? [leaf] : [])]), 16);
  const covered = [prelude, index, provenance, tail.subarray(0, 48)];
  view.setUint32(48, covered.reduce((crc, part) => crc32(part, crc), 0), true);
  tail.set([0x52, 0x57, 0x44, 0x2e], 52);
  return Uint8Array.from([...body, tail].flatMap((part) => [...part]));
}

function readAll(bytes: Uint8Array): void {
  decodeArtifact(bytesSource(bytes)).checkAll();
}

Deno.test("a hand-made file is read", () => {
  readAll(build());
  const opened = decodeArtifact(bytesSource(build()));
  assertEquals(opened.record.lastState, encodeState(2));
});

const HASH = new Uint8Array(32);
const REFUSALS: [why: string, parts: Parts, message: string][] = [
  ["an unknown header field", { header: { extra: 1 } }, 'field "extra", which format version 2'],
  ["a missing header field", { header: { rng: undefined } }, "'rng'"],
  ["an empty header field", { empty: "params" }, "empty 'params'"],
  ["header fields out of order", { first: "rng" }, "out of order"],
  ["steps 0", { header: { steps: 0 } }, "'steps'"],
  ["steps with a fraction", { header: { steps: 2.5 } }, "'steps'"],
  ["steps beyond 2^52", { header: { steps: 2 ** 53 } }, "'steps'"],
  ["blockSize 0", { header: { blockSize: 0 } }, "'blockSize'"],
  ["more blocks than states stored", { header: { steps: 9 } }, "number of states"],
  ["fewer blocks than states stored", { header: { blockSize: 9 } }, "number of states"],
  ["a seed that is text", { header: { seed: "7" } }, "'seed'"],
  ["a seed of -0", { header: { seed: -0 } }, "'seed'"],
  ["a seed in a longer form", { header: { seed: 7n } }, "longer form"],
  ["an unknown generator", { header: { rng: "xorshift" } }, "'rng'"],
  ["an unknown seed derivation", { header: { seeds: "md5" } }, "'seeds'"],
  ["a step name that is too long", { header: { stepId: "x".repeat(5000) } }, "'stepId'"],
  ["observed that is no map", { header: { observed: [] } }, "'observed'"],
  ["observed of another shape", { header: { observed: { x: { mean: 1 } } } }, "'observed'"],
  [
    "a covariance that is not square",
    { header: { observed: { x: { count: 1, mean: [1, 2], covariance: [[1, 2]] } } } },
    "'observed'",
  ],
  ["a failure elsewhere", { header: { failure: { t: 2, error: "e" } } }, "another step"],
  ["a failure of another shape", { header: { failure: { t: 3 } } }, "'failure'"],
  ["a negative branch point", { header: { branchPoint: -1 } }, "'branchPoint'"],
  ["a parent hash of 31 bytes", { header: { parentHash: HASH.slice(1) } }, "'parentHash'"],
  ["a source hash without a source", { header: { sourceHash: HASH } }, "disagree"],
  ["a source without a hash", { source: [0, 0, 0, 0] }, "disagree"],
  ["a source of 2 GB", { source: [1, 0, 2 ** 31, 0] }, "2147483648 bytes"],
  ["an index without chunks", { index: { source: undefined, chunks: [] } }, "its index"],
  ["an index with other keys", { index: { chunks: [] } }, "its index"],
  ["an entry with a field too few", { entry: (f) => f.slice(1) }, "bad entry"],
  ["a count of 0", { entry: (f) => [0, ...f.slice(1)] }, "bad entry"],
  ["a count of -1", { entry: (f) => [-1, ...f.slice(1)] }, "bad entry"],
  ["a count that the chunk cannot hold", {
    header: { steps: 9, blockSize: 1 },
    entry: (f) => [10, ...f.slice(1)],
  }, "shorter than its number"],
  ["a count above what any chunk holds", {
    header: { steps: 65_537, blockSize: 1 },
    entry: (f) => [65_538, ...f.slice(1)],
  }, "a chunk of 65538 states"],
  ["more blocks than a run may have", { header: { steps: 9e9, blockSize: 1 } }, "8388608 blocks"],
  ["a seed of more bits than a seed has", { header: { seed: 1n << 65_536n } }, "65536 bits"],
  ["an unknown filter", { entry: (f) => [3, 2, ...f.slice(2)] }, "filter 2"],
  ["an unknown method", { entry: (f) => [3, 0, 2, ...f.slice(3)] }, "method 2"],
  [
    "a stored length beyond the index",
    { entry: (f) => [3, 0, 0, 99, 99, f[5], f[6]] },
    "beyond their end",
  ],
  ["a stored length that is short", { entry: (f) => [3, 0, 0, 5, 5, f[5], f[6]] }, "hole"],
  [
    "a length unlike the stored one",
    { entry: (f) => [3, 0, 0, 6, 7, f[5], f[6]] },
    "size it claims",
  ],
  [
    "a bomb's claim",
    { entry: (f) => [3, 0, 1, 6, 100_000, f[5], f[6]] },
    "more than its bytes can hold",
  ],
  [
    "a chunk of several states that claims more than such a chunk holds",
    { entry: (f) => [3, 0, 1, 6, 131_073, f[5], f[6]] },
    "a section of 131073 bytes",
  ],
  ["a huge claim", { entry: (f) => [3, 0, 1, 6, 2 ** 40, f[5], f[6]] }, "claims a section"],
  [
    "bytes that are not DEFLATE",
    { entry: (f) => [3, 0, 1, 6, 6, f[5], f[6]] },
    "compressed section",
  ],
  ["a wrong CRC-32", { entry: (f) => [...f.slice(0, 5), 0, f[6]] }, "CRC-32"],
  ["a hash of other bytes", { hashed: HASH }, "hash that the index names"],
  ["a hash that is no bytes", { entry: (f) => [...f.slice(0, 6), "x"] }, "bad entry"],
  ["a hole before the index", { gap: 1 }, "hole"],
  ["a chunk with a byte more", { chunk: Uint8Array.of(...STATES, 0) }, "after its last state"],
  ["a state that runs over", { chunk: Uint8Array.of(1, 1, 9, 0, 2, 2) }, "runs over"],
  [
    "a length in a longer form",
    { chunk: Uint8Array.of(0x81, 0x00, 1, 1, 0, 2, 2) },
    "shortest form",
  ],
  ["a chunk that ends in a length", { chunk: Uint8Array.of(1, 1, 0x81) }, "ends within a number"],
  [
    "a length of more than 8 bytes",
    { chunk: new Uint8Array(20).fill(0x80) },
    "longer than 8 bytes",
  ],
  [
    "deltas out of range",
    {
      // -2^53 is no safe integer.
      chunk: Uint8Array.of(...new Uint8Array(7).fill(0xff), 0x1f, 0, 0),
      entry: (f) => [3, 1, ...f.slice(2)],
    },
    "out of range",
  ],
  ["provenance of another shape", { provenance: { tool: 1 } }, "provenance"],
];

for (const [why, parts, message] of REFUSALS) {
  Deno.test(`decodeArtifact() refuses ${why}`, () => {
    const error = assertThrows(() => readAll(build(parts)), ArtifactIntegrityError, message);
    assert(error.message.startsWith("Cannot read the artifact as "), error.message);
  });
}
