import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteSearch } from "../../src/bytes/byte_search.ts";

Deno.test("ByteSearch finds what indexOf finds, in parts of buffers too", () => {
  const search = new ByteSearch();
  // Bytes that differ from the one sought in one bit, or by one, are what bit tricks get wrong.
  const byte = fc.constantFrom(0x00, 0x01, 0x09, 0x0a, 0x0b, 0x22, 0x80, 0x8a, 0xff);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(byte, { maxLength: 40 }),
      fc.nat(8),
      fc.nat(80),
      byte,
      (random, few, from, length, sought) => {
        const whole = Uint8Array.from([...random, ...few, 0x0a, 0x22]);
        const bytes = whole.subarray(Math.min(from, whole.length));
        const to = Math.min(length, bytes.length);
        const expected = bytes.subarray(0, to).indexOf(sought, from);
        assertEquals(search.find(bytes, sought, from, to), expected);
        assertEquals(search.find(bytes, sought, from, to), expected);
      },
    ),
    { numRuns: 2000 },
  );
});
