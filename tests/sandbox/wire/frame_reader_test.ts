import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { SandboxError } from "../../../src/errors.ts";
import { FrameWriter } from "../../../src/sandbox/wire/frame_writer.ts";
import { decodeClaim, decodeItems, FrameReader } from "../../../src/sandbox/wire/frame_reader.ts";
import {
  ACCOUNT_FLAG,
  encodeFrameHead,
  FRAME_HEAD_BYTES,
  FRAME_KIND,
  NONCE_BYTES,
} from "../../../src/sandbox/wire/frames.ts";

const NONCE = Uint8Array.from({ length: NONCE_BYTES }, (_, i) => i * 7 + 1);

/** An honest answer to job 1: three items, one of them a fault, and an end. */
function answer(): Uint8Array<ArrayBuffer> {
  const parts: number[] = [];
  const writer = new FrameWriter(
    { write: (bytes) => parts.push(...bytes), now: () => 0, nonce: NONCE },
    1,
  );
  writer.item(Uint8Array.of(1, 2, 3));
  writer.item(Uint8Array.of(), true);
  writer.item(new Uint8Array(70_000).fill(9));
  writer.finish("end", Uint8Array.of(0xc0));
  return Uint8Array.from(parts);
}

function reader(budget = 1e6): FrameReader {
  const frames = new FrameReader(NONCE);
  frames.expect(budget);
  return frames;
}

function readAll(frames: FrameReader, chunks: Uint8Array[]): [number, number][] {
  return chunks.flatMap((chunk) =>
    [...frames.push(chunk)].map(({ kind, payload }): [number, number] => [kind, payload.length])
  );
}

function frame(
  { job = 1, index = 0, kind = FRAME_KIND.items as number, length = 0 },
  payload = new Uint8Array(length),
): Uint8Array {
  const head = encodeFrameHead(NONCE, job, { index, kind, length });
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

Deno.test("FrameReader gives the same frames however the output is cut", () => {
  const bytes = answer();
  const whole = readAll(reader(), [bytes]);
  assertEquals(whole.map(([kind]) => kind), [1, 1, 2]);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts, bytes.length].sort((a, b) => a - b);
      const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i]!, end));
      assertEquals(readAll(reader(), chunks), whole);
    }),
    { seed: 2, numRuns: 50 },
  );
});

Deno.test("FrameReader gives nothing of a frame that is cut short", () => {
  const bytes = answer().subarray(0, 100);
  for (let length = 0; length < FRAME_HEAD_BYTES + 4; length++) {
    assertEquals(readAll(reader(), [bytes.subarray(0, length)]), []);
  }
});

Deno.test("FrameReader refuses any changed bit of a head as soon as it is there", () => {
  const bytes = answer();
  for (let bit = 0; bit < (NONCE_BYTES + 8) * 8; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const error = assertThrows(
      () => readAll(reader(), [changed.subarray(0, Math.max(FRAME_HEAD_BYTES, (bit >> 3) + 1))]),
      SandboxError,
    );
    assertEquals(error.reason, "protocol");
  }
  assertThrows(() => readAll(reader(), [Uint8Array.of(0)]), SandboxError, "not from the harness");
});

Deno.test("FrameReader refuses kinds, orders and sizes that no harness sends", () => {
  for (
    const bad of [{ kind: 0 }, { kind: 4 }, { kind: 255 }, { index: 1 }, { job: 2 }, { job: 0 }]
  ) {
    assertThrows(() => readAll(reader(), [frame(bad)]), SandboxError);
  }
  const twice = [frame({}), frame({})];
  assertThrows(() => readAll(reader(), twice), SandboxError, "out of order");
});

Deno.test("FrameReader refuses a length above the budget without waiting for it", () => {
  const head = encodeFrameHead(NONCE, 1, { index: 0, kind: 1, length: 2 ** 32 - 1 });
  const error = assertThrows(() => readAll(reader(), [head]), SandboxError);
  assertEquals(error.reason, "output");
  // The budget is for the whole answer, not for each frame.
  const frames = reader(200);
  readAll(frames, [frame({ length: 100 })]);
  assertThrows(() => readAll(frames, [frame({ index: 1, length: 100 })]), SandboxError);
});

Deno.test("FrameReader refuses bytes after an end, and before a job", () => {
  for (const kind of [FRAME_KIND.end, FRAME_KIND.error]) {
    const end = frame({ kind });
    assertThrows(
      () => readAll(reader(), [end, Uint8Array.of(0)]),
      SandboxError,
      "after its answer",
    );
    assertThrows(() => readAll(reader(), [end, end]), SandboxError, "after its answer");
  }
  assertThrows(() => readAll(new FrameReader(NONCE), [frame({ job: 0 })]), SandboxError);
});

Deno.test("decodeItems() gives items and faults, and refuses a payload that does not add up", () => {
  const payload = Uint8Array.of(2, 0, 0, 0, 7, 8, 1, 0, 0, 0x80, 9);
  assertEquals(decodeItems(payload), [
    { bytes: Uint8Array.of(7, 8), isAccount: false },
    { bytes: Uint8Array.of(9), isAccount: true },
  ]);
  assertEquals(ACCOUNT_FLAG, -(2 ** 31));
  const wholes = [0, 6, 11];
  for (let length = 0; length <= payload.length; length++) {
    if (wholes.includes(length)) continue;
    assertThrows(() => decodeItems(payload.subarray(0, length)), SandboxError, "cut short");
  }
});

Deno.test("decodeClaim() turns anything but canonical data into an error of ours", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        decodeClaim(bytes);
      } catch (error) {
        assertEquals((error as SandboxError).reason, "protocol");
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});
