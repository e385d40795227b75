import { assertEquals, assertThrows } from "@std/assert";
import { GuardError } from "../../../src/errors.ts";
import { holdsOfCopy } from "../../../src/sandbox/host/holds_of_copy.ts";

Deno.test("a predicate that assigns where it should compare is refused, whatever it gives", () => {
  const state = () => ({ x: 3, kind: "calm" }) as unknown;
  for (const kind of ["panic", ""]) {
    const assigning = (s: unknown) => (s as { kind: string }).kind = kind;
    assertThrows(
      () => holdsOfCopy(assigning, state(), 7),
      GuardError,
      "at state 7, state.kind was",
    );
  }
  assertEquals(holdsOfCopy((s) => (s as { x: number }).x === 3, state(), 0), true);
  assertEquals(holdsOfCopy((_, t) => t > 3, state(), 3), false);
});
