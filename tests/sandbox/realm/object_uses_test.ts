import { assertEquals } from "@std/assert";
import { ObjectUses } from "../../../src/sandbox/realm/object_uses.ts";
import { LONG_WORDS } from "./shown_instance.ts";

/** What is told of each of some texts. */
function tells(
  texts: readonly string[],
  expected: boolean,
  ask: (uses: ObjectUses) => boolean,
): void {
  for (const text of texts) assertEquals([text, ask(new ObjectUses(text))], [text, expected]);
}

Deno.test("ObjectUses tells by words what may tell an object from its copy", () => {
  const compares = ["a.b === c", "x!=y", "switch (a) { case B: }", "list.includes(a)"];
  tells([...compares, "m . get(k)", "new Set(a)"], true, (uses) => uses.compares);
  const none = ["a === 1", "x !==  'a'", "a == null", "x === -1", "switch (a) { case 'b': }"];
  tells([...none, "a >= b", "a => b"], false, (uses) => uses.compares);
});

Deno.test("ObjectUses tells by words what may change an object", () => {
  const matters = (uses: ObjectUses) => uses.matter({ n: 0 });
  const writes = ["a.n = 1", "a.n += b", "a.n ||= b", "a.n++", "--a.b[0].n", "delete a.n"];
  const unnamed = ["a[k] = 1", "[a.x] = b", "({ a: b.n } = c)", "Object.assign(a, b)"];
  tells([...writes, ...unnamed], true, matters);
  const reads = ["a.n > 1", "a.m = a.n", "const [x, y] = a.n", "(n) => n", "a.n <= 1", "n = 1"];
  tells(reads, false, matters);
  const objects = [[], new Map(), new Set(), new Date(), new Uint8Array(1), new ArrayBuffer(1)];
  for (const object of objects) assertEquals(new ObjectUses("").matter(object), true);
  for (const data of LONG_WORDS) {
    assertEquals(new ObjectUses(`const data = "${data}";`).matter({ data: 1 }), false);
  }
});
