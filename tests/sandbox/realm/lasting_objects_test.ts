import { assertEquals } from "@std/assert";
import { inBoth } from "../../../src/sandbox/realm/lasting_objects.ts";
import { load } from "./shown_instance.ts";

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

Deno.test("LastingObjects calls nothing of the module, and passes over buffers that are gone", async () => {
  const { exports, lasting } = await load(`let calls = 0;
const day = Object.assign(new Date(0), { getTime() { return ++calls; } });
const odd = { get n() { return ++calls; } };
const gone = new ArrayBuffer(8), view = new Uint8Array(gone);
gone.transfer();
export const count = () => calls;`);
  assertEquals(lasting.heldBy([{ day: 1 }], any), undefined);
  assertEquals(lasting.changedSince(lasting), undefined);
  assertEquals(lasting.changedSince((await load("const day = new Date(0);")).lasting), "odd");
  assertEquals((exports.count as () => number)(), 0);
});
