import { assertEquals } from "@std/assert";

import { crc32 } from "../../src/bytes/crc32.ts";
import { crc32c, maskedCrc32c } from "../../src/bytes/crc32c.ts";

const DIGITS = new TextEncoder().encode("123456789");

Deno.test("crc32() and crc32c() give the check values of their catalog", () => {
  assertEquals(crc32(DIGITS), 0xcbf43926);
  assertEquals(crc32c(DIGITS), 0xe3069283);
  assertEquals(maskedCrc32c(new Uint8Array()), 0xa282ead8);
});

Deno.test("crc32() of pieces is that of the whole", () => {
  for (let cut = 0; cut <= DIGITS.length; cut++) {
    const first = crc32(DIGITS.subarray(0, cut));
    assertEquals(crc32(DIGITS.subarray(cut), first), 0xcbf43926);
  }
});
