import { assert, assertEquals, assertThrows } from "@std/assert";
import { deflateSync } from "fflate";
import { itemOffsets } from "../../src/artifact/chunk.ts";
import { joinItems } from "../../src/artifact/cut_chunks.ts";
import { pack, unpack } from "../../src/artifact/compress.ts";
import { METHOD_DEFLATE, METHOD_STORED } from "../../src/artifact/layout.ts";
import { ArtifactIntegrityError } from "../../src/errors.ts";
import { DEFLATED_BYTES_MAX } from "../../src/artifact/limits.ts";

Deno.test("unpack() undoes pack() whatever the length", () => {
  for (const length of [0, 1, 100, 70_000, 3_000_000]) {
    const raw = new Uint8Array(length).map((_, i) => (i * i) >> 7);
    assertEquals(unpack(pack(raw)), raw);
  }
});

Deno.test("unpack() refuses a section that holds more or less than it claims", () => {
  const stored = deflateSync(new Uint8Array(50_000));
  for (const rawBytes of [0, 49_999, 50_001]) {
    assertThrows(
      () => unpack({ method: METHOD_DEFLATE, stored, rawBytes }),
      ArtifactIntegrityError,
      "size it claims",
    );
  }
});

Deno.test("unpack() refuses DEFLATE data that is cut, changed, or goes on after its end", () => {
  const raw = new Uint8Array(50_000).map((_, i) => (i * i) >> 9);
  const stored = deflateSync(raw);
  for (const length of [0, 1, stored.length >> 1, stored.length - 1]) {
    assertThrows(
      () => unpack({ method: METHOD_DEFLATE, stored: stored.slice(0, length), rawBytes: 50_000 }),
      ArtifactIntegrityError,
    );
  }
});

Deno.test("a section above the limit is stored as it is, and refused if compressed", () => {
  const raw = new Uint8Array(DEFLATED_BYTES_MAX + 1);
  const packed = pack(raw);
  assertEquals(packed.method, METHOD_STORED);
  assert(unpack(packed) === raw);
  const stored = new Uint8Array(1 << 20);
  assertThrows(
    () => unpack({ method: METHOD_DEFLATE, stored, rawBytes: raw.length }),
    ArtifactIntegrityError,
    "claims more",
  );
});

Deno.test("itemOffsets() finds the states that joinItems() put together", () => {
  const states = [new Uint8Array(3), new Uint8Array(200), new Uint8Array(1)];
  const offsets = itemOffsets(joinItems(states), 3);
  assertEquals([...offsets], [4, 7, 207, 208]);
});
