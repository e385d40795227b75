import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type InputRead, MessageReader } from "../../../src/sandbox/wire/message_reader.ts";
import { encodeMessages } from "../../../src/sandbox/wire/messages.ts";

/** A stdin that gives at most so many bytes at a time. */
function inputOf(bytes: Uint8Array, chunkBytes: number): InputRead {
  let at = 0;
  return (target) => {
    if (at === bytes.length) return null;
    const count = Math.min(chunkBytes, target.length, bytes.length - at);
    target.set(bytes.subarray(at, at + count));
    at += count;
    return count;
  };
}

function joined(parts: Iterable<Uint8Array>): Uint8Array {
  return Uint8Array.from([...parts].flatMap((part) => [...part]));
}

Deno.test("MessageReader gives the messages back however the input is cut", () => {
  const message = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(fc.array(message), fc.integer({ min: 1, max: 90 }), (messages, chunkBytes) => {
      const reader = new MessageReader(inputOf(joined(encodeMessages(messages)), chunkBytes));
      assertEquals(messages.map(() => reader.next()), messages);
      assertEquals(reader.next(), undefined);
    }),
  );
});

Deno.test("MessageReader takes messages that are larger than its buffer, and gives each its own bytes", () => {
  const sizes = [65_532, 65_536, 3, 200_000, 0, 65_533];
  const messages = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
  const sent = new Uint8Array(sizes.reduce((sum, size) => sum + 4 + size, 0));
  let at = 0;
  for (const part of encodeMessages(messages)) {
    sent.set(part, at);
    at += part.length;
  }
  assertEquals(at, sent.length);
  const reader = new MessageReader(inputOf(sent, 50_000));
  const read = messages.map(() => reader.next()!);
  for (const [i, message] of messages.entries()) {
    assertEquals(read[i]!.length, message.length);
    assertEquals(read[i]!.every((byte) => byte === i + 1), true);
  }
});

Deno.test("MessageReader ends where the input is cut inside of a message", () => {
  const sent = joined(encodeMessages([Uint8Array.of(1, 2, 3, 4, 5)]));
  for (let length = 0; length < sent.length; length++) {
    assertEquals(new MessageReader(inputOf(sent.subarray(0, length), 2)).next(), undefined);
  }
});

Deno.test("encodeMessages() sends small messages together and reads them as they are asked for", () => {
  let taken = 0;
  const messages = function* () {
    for (; taken < 30_000; taken++) yield new Uint8Array(8);
  };
  const parts = encodeMessages(messages());
  const first = parts.next().value!;
  assertEquals(first.length > 60_000 && first.length <= 65_536, true);
  assertEquals(taken < 6_000, true);
  assertEquals(Array.from(parts).length, 5);
});
