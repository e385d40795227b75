import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodeState } from "../../src/codec/encode_state.ts";
import { bytesSource } from "../../src/bytes/byte_source.ts";
import { crc32 } from "../../src/bytes/crc32.ts";
import { decodeArtifact } from "../../src/artifact/decode_artifact.ts";
import { encodeArtifact } from "../../src/artifact/encode_artifact.ts";
import { sha256Sync } from "../../src/bytes/sha256.ts";
import { ByteWriter } from "../../src/bytes/varint.ts";
import { TOOL, VERSION } from "../../src/artifact/tool_version.ts";
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
  const stretch = {
    from: 0,
    tool: "rewind 0.1.0",
    engine: "example",
    mathFingerprint: "0".repeat(16),
  };
  const documented = await documentedBytes();
  assertEquals(encodeArtifact(record, [stretch]), documented);
  const opened = decodeArtifact(bytesSource(documented));
  assertEquals(opened.record.checkpoints.bytesAt(1), encodeState(2));
  assertEquals(opened.record.lastState, encodeState(2));
  assertEquals(opened.record.math, "engine");
  assertEquals(opened.stretches, [stretch]);
});

Deno.test("VERSION is the version of deno.json", async () => {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assertEquals(VERSION, manifest.version);
  assertEquals(TOOL, `rewind ${manifest.version}`);
});

const FRONT: Record<string, unknown> = {
  stepId: "count",
  seed: 7,
  rng: "python",
  seeds: "blake2b-v1",
  blockSize: 2,
};

const STATES = Uint8Array.of(1, 1, 1, 0, 2, 2);

const PROVENANCE = [{ from: 0, tool: "t", engine: "e", mathFingerprint: "f" }];

/** A section as a file has it, and what a test lets its entry claim. */
interface Part {
  kind: number;
  stored: Uint8Array;
  coding?: number;
  count?: number;
  storedBytes?: number;
  rawBytes?: number;
  /** What the hash is taken over. */
  hashed?: Uint8Array;
  crc?: number;
}

interface Parts {
  /** Fields that replace those of the front; undefined ones are left out. */
  front?: Record<string, unknown>;
  /** Name of a field of the front that is written without a value. */
  empty?: string;
  /** Name of a field of the front that is written first. */
  first?: string;
  notes?: Record<string, unknown>;
  end?: Record<string, unknown>;
  /** Changes to the one chunk. */
  chunk?: Partial<Part>;
  source?: Part[];
  provenance?: unknown;
  /** Changes the list of all sections. */
  sections?: (parts: Part[]) => Part[];
  /** Bytes between the sections and the index. */
  gap?: number;
  /** Whether the index has the entries of all sections but the last. */
  isShort?: boolean;
}

function fieldsOf({ front, empty, first }: Parts): Record<string, unknown> {
  const fields = Object.entries({ ...FRONT, ...front }).filter(([, value]) => value !== undefined);
  if (empty !== undefined) fields.splice(5, 0, [empty, undefined]);
  const at = fields.findIndex(([name]) => name === first);
  if (at > 0) fields.unshift(...fields.splice(at, 1));
  return Object.fromEntries(fields);
}

function entryOf(part: Part): Uint8Array {
  const { kind, coding = 0, count = 1, stored, hashed = stored } = part;
  const writer = new ByteWriter();
  writer.bytes(Uint8Array.of(kind, coding));
  writer.varint(count);
  writer.varint(part.storedBytes ?? stored.length);
  writer.varint(part.rawBytes ?? stored.length);
  writer.bytes(sha256Sync(hashed));
  const crc = new Uint8Array(4);
  const right = crc32(stored, crc32(writer.finish()));
  new DataView(crc.buffer).setUint32(0, part.crc ?? right, true);
  writer.bytes(crc);
  return writer.finish();
}

/** Builds a file by the rules of docs/format.md, with right checksums whatever the parts claim. */
function build(parts: Parts = {}): Uint8Array {
  const plain: Part[] = [
    { kind: 1, stored: encodeState(fieldsOf(parts)) },
    { kind: 2, stored: encodeState({ math: "engine", ...parts.notes }) },
    ...parts.source ?? [],
    { kind: 4, count: 3, stored: STATES, ...parts.chunk },
    { kind: 6, stored: encodeState({ steps: 3, ...parts.end }) },
    { kind: 7, stored: encodeState(parts.provenance ?? PROVENANCE) },
  ];
  const sections = parts.sections?.(plain) ?? plain;
  const prelude = Uint8Array.of(0x89, 0x52, 0x57, 0x44, 0x0d, 0x0a, 0x1a, 0x0a, 2, 2);
  const entries = sections.map(entryOf);
  const body = sections.flatMap(({ stored }, i) => [...entries[i]!, ...stored]);
  const index = Uint8Array.from(
    entries.slice(0, parts.isShort ? -1 : undefined).flatMap((entry) => [...entry]),
  );
  const hashed = new ByteWriter();
  hashed.bytes(new TextEncoder().encode("rewind artifact 2\n"));
  for (const part of sections) {
    if (![1, 4, 5, 6].includes(part.kind)) continue;
    hashed.varint(part.kind);
    hashed.varint(part.count ?? 1);
    hashed.bytes(sha256Sync(part.hashed ?? part.stored));
  }
  const tail = new Uint8Array(44);
  const view = new DataView(tail.buffer);
  view.setUint32(0, index.length, true);
  tail.set(sha256Sync(hashed.finish()), 4);
  const covered = [prelude, index, tail.subarray(0, 36)];
  view.setUint32(36, covered.reduce((crc, part) => crc32(part, crc), 0), true);
  tail.set([0x52, 0x57, 0x44, 0x2e], 40);
  return Uint8Array.from([
    ...prelude,
    ...body,
    ...new Uint8Array(parts.gap ?? 0),
    ...index,
    ...tail,
  ]);
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
const SUMS = { count: 3, length: -1, components: [], products: [] };
const SOURCE: Part = { kind: 3, stored: new TextEncoder().encode("source") };

const REFUSALS: [why: string, parts: Parts, message: string][] = [
  ["an unknown header field", { front: { extra: 1 } }, 'field "extra", which format version 2'],
  ["a missing header field", { front: { rng: undefined } }, "'rng'"],
  ["an empty header field", { empty: "params" }, "empty 'params'"],
  ["header fields out of order", { first: "rng" }, "out of order"],
  ["steps 0", { end: { steps: 0 } }, "'steps'"],
  ["steps with a fraction", { end: { steps: 2.5 } }, "'steps'"],
  ["steps beyond 2^52", { end: { steps: 2 ** 53 } }, "'steps'"],
  ["blockSize 0", { front: { blockSize: 0 } }, "'blockSize'"],
  ["more blocks than states stored", { end: { steps: 9 } }, "number of states"],
  ["fewer blocks than states stored", { front: { blockSize: 9 } }, "number of states"],
  ["a seed that is text", { front: { seed: "7" } }, "'seed'"],
  ["a seed of -0", { front: { seed: -0 } }, "'seed'"],
  ["a seed in a longer form", { front: { seed: 7n } }, "longer form"],
  ["an unknown generator", { front: { rng: "xorshift" } }, "'rng'"],
  ["an unknown seed derivation", { front: { seeds: "md5" } }, "'seeds'"],
  ["an unknown kind of Math", { notes: { math: "other" } }, "'math'"],
  ["a note that is none", { notes: { extra: 1 } }, 'field "extra"'],
  ["a step name that is too long", { front: { stepId: "x".repeat(5000) } }, "'stepId'"],
  ["observed that is no list", { end: { observed: {} } }, "'observed'"],
  ["observed of another shape", { end: { observed: [{ mean: 1 }] } }, "'observed'"],
  ["observed without names", { end: { observed: [SUMS] } }, "every state and observable"],
  ["names without observed", { front: { observables: ["x"] } }, "every state and observable"],
  ["a name twice", { front: { observables: ["x", "x"] } }, "'observables'"],
  ["observed of fewer states", {
    front: { observables: ["x"] },
    end: { observed: [{ ...SUMS, count: 2 }] },
  }, "every state and observable"],
  ["sums that no run gives", {
    front: { observables: ["x"] },
    end: { observed: [SUMS] },
  }, "sums in 'observed'"],
  ["a covariance that is not square", {
    front: { observables: ["x"] },
    end: { observed: [{ count: 3, mean: [1, 2], covariance: [[1, 2]] }] },
  }, "'observed'"],
  ["a failure elsewhere", { end: { failure: { t: 2, error: "e" } } }, "another step"],
  ["a failure of another shape", { end: { failure: { t: 3 } } }, "'failure'"],
  ["a negative branch point", { front: { branchPoint: -1 } }, "'branchPoint'"],
  ["a parent hash of 31 bytes", { front: { parentHash: HASH.slice(1) } }, "'parentHash'"],
  ["a source without a hash", { source: [SOURCE] }, "another source"],
  [
    "a source with another hash",
    { source: [SOURCE], front: { sourceHash: HASH } },
    "another source",
  ],
  ["two sources", { source: [SOURCE, SOURCE] }, "out of order"],
  [
    "a source of 2 GB",
    { source: [{ ...SOURCE, coding: 1, rawBytes: 2 ** 31 }] },
    "2147483648 bytes",
  ],
  [
    "a source of several",
    { source: [{ ...SOURCE, count: 2 }] },
    "claims to hold 2 items",
  ],
  ["a source with a filter", { source: [{ ...SOURCE, coding: 0x10 }] }, "filter 1"],
  ["no states", { sections: (all) => all.filter(({ kind }) => kind !== 4) }, "number of states"],
  ["no end", { sections: (all) => all.filter(({ kind }) => kind !== 6) }, "lacks a section"],
  ["no front", { sections: (all) => all.slice(1) }, "lacks a section"],
  ["sections out of order", { sections: ([a, b, ...all]) => [b!, a!, ...all] }, "out of order"],
  [
    "states behind the end",
    { sections: ([a, b, c, d, e]) => [a!, b!, d!, c!, e!] },
    "out of order",
  ],
  [
    "a section of an unknown kind",
    { sections: (all) => [...all, { ...SOURCE, kind: 99 }] },
    "unknown kind 99",
  ],
  [
    "a section that only an unfinished artifact has",
    { sections: (all) => [...all, { ...SOURCE, kind: 8 }] },
    "out of order",
  ],
  ["an input too few", {
    sections: ([a, b, c, ...all]) => [a!, b!, { kind: 5, stored: Uint8Array.of(1, 1) }, c!, ...all],
  }, "one input per transition"],
  ["a count of 0", { chunk: { count: 0 } }, "hold 0 items"],
  ["a count that the chunk cannot hold", {
    front: { blockSize: 1 },
    end: { steps: 9 },
    chunk: { count: 10 },
  }, "shorter than its number"],
  ["a count above what any chunk holds", {
    front: { blockSize: 1 },
    end: { steps: 200_000 },
    chunk: { count: 200_001 },
  }, "hold 200001 items"],
  ["more checkpoints than a run may have", {
    front: { blockSize: 1 },
    end: { steps: 9e9 },
  }, "8388608 checkpoints"],
  ["a seed of more bits than a seed has", { front: { seed: 1n << 65_536n } }, "65536 bits"],
  ["an unknown filter", { chunk: { coding: 0x20 } }, "filter 2"],
  ["an unknown method", { chunk: { coding: 2 } }, "method 2"],
  ["a stored length beyond the index", { chunk: { storedBytes: 999 } }, "beyond their end"],
  ["a stored length that is short", { chunk: { storedBytes: 5 } }, "hole"],
  ["a length unlike the stored one", { chunk: { rawBytes: 7 } }, "size it claims"],
  ["a bomb's claim", { chunk: { coding: 1, rawBytes: 100_000 } }, "more than its bytes can hold"],
  [
    "a chunk of several states that claims more than such a chunk holds",
    { chunk: { coding: 1, rawBytes: 131_073 } },
    "hold 131073 bytes",
  ],
  ["a huge claim", { chunk: { coding: 1, rawBytes: 2 ** 40 } }, "hold 1099511627776 bytes"],
  ["bytes that are not DEFLATE", { chunk: { coding: 1 } }, "compressed section"],
  ["a wrong CRC-32", { chunk: { crc: 0 } }, "CRC-32"],
  ["a hash of other bytes", { chunk: { hashed: HASH } }, "does not have the hash"],
  ["a hole before the index", { gap: 1 }, "hole"],
  ["an index that lacks a section", { isShort: true }, "hole"],
  [
    "a chunk with a byte more",
    { chunk: { stored: Uint8Array.of(...STATES, 0) } },
    "after its last",
  ],
  ["a state that runs over", { chunk: { stored: Uint8Array.of(1, 1, 9, 0, 2, 2) } }, "runs over"],
  [
    "a length in a longer form",
    { chunk: { stored: Uint8Array.of(0x81, 0x00, 1, 1, 0, 2, 2) } },
    "shortest form",
  ],
  [
    "a chunk that ends in a length",
    { chunk: { stored: Uint8Array.of(1, 1, 0x81) } },
    "ends within a number",
  ],
  [
    "a length of more than 8 bytes",
    { chunk: { stored: new Uint8Array(20).fill(0x80) } },
    "longer than 8 bytes",
  ],
  [
    "deltas out of range",
    {
      // -2^53 is no safe integer.
      chunk: {
        stored: Uint8Array.of(...new Uint8Array(7).fill(0xff), 0x1f, 0, 0),
        coding: 0x10,
      },
    },
    "out of range",
  ],
  ["an account that is no list", { provenance: { tool: 1 } }, "account of what recorded"],
  ["an empty account", { provenance: [] }, "account of what recorded"],
  [
    "an account that does not begin at 0",
    { provenance: [{ ...PROVENANCE[0], from: 1 }] },
    "account of what recorded",
  ],
  [
    "an account out of order",
    { provenance: [...PROVENANCE, ...PROVENANCE] },
    "account of what recorded",
  ],
];

for (const [why, parts, message] of REFUSALS) {
  Deno.test(`decodeArtifact() refuses ${why}`, () => {
    const error = assertThrows(() => readAll(build(parts)), ArtifactIntegrityError, message);
    assert(error.message.startsWith("Cannot read the .replay file: "), error.message);
  });
}
