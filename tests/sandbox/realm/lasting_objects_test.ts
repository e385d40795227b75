import { assertEquals } from "@std/assert";
import {
  inBoth,
  type LastingObjects,
  ShownModule,
} from "../../../src/sandbox/realm/lasting_objects.ts";
import { ObjectUses } from "../../../src/sandbox/realm/object_uses.ts";

/** What one instance of a module exports, and its objects. */
async function load(
  text: string,
): Promise<{ exports: Record<string, unknown>; lasting: LastingObjects }> {
  const shown = new ShownModule(text);
  // A new module at each call.
  const source = encodeURIComponent(`${shown.source}\n// ${crypto.randomUUID()}`);
  const exports = await import(`data:text/javascript,${source}`);
  return { exports, lasting: shown.objectsOf(exports) };
}

const any = () => true;

const MODULE = `const NORTH = { dy: 1 }, table = new Float64Array(3);
let later;
later = [{ deep: new Map([[{ key: 1 }, new Set([{ value: 1 }])]]) }];
const { east, list: [first] } = { east: { dx: 1 }, list: [{ x: 0 }] };
class Kind { static FOX = { food: 1 }; static #hidden = {}; }
function Old() {}
Old.SIZE = { n: 1 };
const start = { here: NORTH, own: {} };
export { start as init };
export const params = { rate: { k: 1 } };
export const all = () => ({ NORTH, table, later, east, first, FOX: Kind.FOX, SIZE: Old.SIZE });
export function step(s) { const inner = {}; return [s, inner]; }`;

Deno.test("LastingObjects finds what a state holds of a module, by the name that leads there", async () => {
  const { exports, lasting } = await load(MODULE);
  const objects = (exports.all as () => Record<string, unknown>)();
  const [{ deep }] = objects.later as [{ deep: Map<object, Set<object>> }];
  const [[key, values]] = [...deep] as [[object, Set<object>]];
  const names = [
    ["NORTH", objects.NORTH],
    ["table", objects.table],
    ["table", (objects.table as Float64Array).buffer],
    ["later", key],
    ["later", [...values][0]],
    ["east", objects.east],
    ["first", objects.first],
    ["Kind", objects.FOX],
    ["Old", objects.SIZE],
  ] as const;
  for (const [name, object] of names) {
    const states = [{ a: [1, object] }, new Map([[object, 1]]), new Map([[1, object]]), [[object]]];
    for (const state of [...states, new Set([object]), object]) {
      assertEquals(lasting.heldBy(state, any), name);
      assertEquals(lasting.heldBy(structuredClone(state), any), undefined);
    }
  }
  // What each run starts from is copied anyway.
  for (const own of [exports.init, exports.params]) {
    const { own: part = own, rate } = own as Record<string, unknown>;
    assertEquals(lasting.heldBy([part, rate], any), undefined);
  }
  assertEquals(
    lasting.heldBy({ at: objects.NORTH }, (object) => object !== objects.NORTH),
    undefined,
  );
  const cycle: unknown[] = [];
  cycle.push(cycle, new Float64Array(2));
  assertEquals(lasting.heldBy(cycle, any), undefined);
  assertEquals(inBoth({ a: objects.NORTH, b: {} }, [objects.NORTH, {}]), [objects.NORTH]);
});

Deno.test("LastingObjects tells what is other than when the module loaded", async () => {
  const changes: Readonly<Record<string, [change: string, place: string]>> = {
    property: ["a.n++", "a.n"],
    added: ["a.m = 1", "a"],
    deleted: ["delete a.n", "a"],
    element: ["list[1].push(3)", "list[1]"],
    map: ["map.set('x', 1)", "map"],
    value: ["map.get(1).n = 5", "map[1].n"],
    bytes: ["bytes[2] = 1", "bytes[0]"],
    time: ["day.setTime(1)", "day[0]"],
    field: ["K.n++", "K.n"],
    replaced: ["a.f = 1", "a.f"],
  };
  const text = (change: string) =>
    `const a = { n: 0, f: (x) => x, s: Symbol() }, list = [1, [2]], map = new Map([[1, { n: 1 }]]);
const bytes = new Uint8Array(4), day = new Date(0), loop = { a };
loop.loop = loop;
class K { static n = 0; }
export const change = () => { ${change}; };`;
  for (const [change, place] of Object.values(changes)) {
    const [now, fresh] = [await load(text(change)), await load(text(change))];
    assertEquals(now.lasting.changedSince(fresh.lasting), undefined);
    (now.exports.change as () => void)();
    assertEquals([change, now.lasting.changedSince(fresh.lasting)], [change, place]);
  }
});

Deno.test("ShownModule leaves a module's names, exports and lines as they are", async () => {
  const text =
    "// let await = 1; const class = 2\nexport const rewind = typeof rew, x = /=/; // const rewind$ = 1";
  const { exports, lasting } = await load(text);
  assertEquals(Object.keys(exports), ["rewind", "rewind$$", "x"]);
  assertEquals(exports.rewind, "undefined");
  assertEquals(lasting.nameOf(any), "x");
  assertEquals(new ShownModule(text).source.startsWith(`${text}\n`), true);
  const { lasting: functions } = await load("const f = () => 1; class K { static n = 1; }");
  assertEquals(functions.nameOf(any), undefined);
  // Embedded data has words that nobody should look at letter by letter again and again.
  for (const unit of ["$", "-", "a ", "a.", "= "]) {
    const long = `const data = \`${unit.repeat(2 ** 20)}\`;`;
    assertEquals(new ShownModule(long).source.includes('["data",'), true);
    assertEquals(new ObjectUses(long).matter({ data: 1 }), false);
  }
});

Deno.test("ObjectUses tells by words what may tell an object from its copy, or change it", () => {
  const compares = [
    "a.b === c",
    "x!=y",
    "switch (a) { case B: }",
    "list.includes(a)",
    "m . get(k)",
    "new Set(a)",
  ];
  for (const text of compares) assertEquals([text, new ObjectUses(text).compares], [text, true]);
  const none = [
    "a === 1",
    "x !==  'a'",
    "a == null",
    "x === -1",
    "switch (a) { case 'b': }",
    "a >= b",
    "a => b",
  ];
  for (const text of none) assertEquals([text, new ObjectUses(text).compares], [text, false]);
  const writes = [
    "a.n = 1",
    "a.n += b",
    "a.n ||= b",
    "a.n++",
    "--a.b[0].n",
    "delete a.n",
    "a[k] = 1",
    "[a.x] = b",
  ];
  for (const text of [...writes, "({ a: b.n } = c)", "Object.assign(a, b)"]) {
    assertEquals([text, new ObjectUses(text).matter({ n: 0 })], [text, true]);
  }
  const reads = ["a.n > 1", "a.m = a.n", "const [x, y] = a.n", "(n) => n", "a.n <= 1", "n = 1"];
  for (const text of reads) {
    assertEquals([text, new ObjectUses(text).matter({ n: 0 })], [text, false]);
  }
  for (
    const object of [[], new Map(), new Set(), new Date(), new Uint8Array(1), new ArrayBuffer(1)]
  ) {
    assertEquals(new ObjectUses("").matter(object), true);
  }
});
