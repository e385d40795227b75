import { assertEquals } from "@std/assert";
import { misspeltNames } from "../../../src/sandbox/realm/added_names.ts";

Deno.test("names that a mutation adds are told where they look like one that was there", () => {
  const state = () => ({
    value: 1,
    by: new Map([["a", { speed: 1 }]]),
    list: [{ x: 0, self: {} }],
  });
  const made = (mutate: (s: ReturnType<typeof state>) => unknown): string[] => {
    const after = state();
    after.list[0]!.self = after;
    mutate(after);
    return misspeltNames(state(), after);
  };
  assertEquals(made((s) => Object.assign(s, { valeu: 5 })), [
    "the branch starts with state.valeu, which was not there: did you mean 'value'?",
  ]);
  assertEquals(made((s) => Object.assign(s.by.get("a")!, { spede: 5 })), [
    "the branch starts with state.by.get(\"a\").spede, which was not there: did you mean 'speed'?",
  ]);
  for (const extra of [{ value: 7 }, { paused: true }]) {
    assertEquals(made((s) => Object.assign(s, extra)), []);
  }
  assertEquals(made((s) => s.list.push({ x: 5, self: {} })), []);
});
