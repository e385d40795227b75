import { assert, assertEquals, assertThrows } from "@std/assert";
import { cloneStructured } from "../../../src/sandbox/realm/clone_structured.ts";

class Point {
  x = 1;
  #hidden = 2;
  get sum(): number {
    return this.x + this.#hidden;
  }
}

/** Values whose copies are to look as those of the runtime's own function do. */
function values(): Record<string, unknown> {
  const cycle: Record<string, unknown> = { a: 1 };
  cycle.self = cycle;
  const buffer = new ArrayBuffer(32);
  const views = {
    floats: new Float64Array(buffer, 8, 2),
    bytes: new Uint8Array(buffer),
    data: new DataView(buffer, 4, 8),
  };
  views.bytes.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const holes = Object.assign([1, , 3], { extra: "e" });
  return {
    scalars: [null, undefined, 5n, -0, NaN, "\ud800", true],
    cycle,
    views,
    point: new Point(),
    holes,
    map: new Map<unknown, unknown>([[cycle, { k: cycle }], ["a", new Set([1, cycle])]]),
    dates: [new Date(5), new Date(NaN)],
    regexp: /a(b)/giv,
    wrapped: [new Boolean(false), new Number(-0), new String("abc"), Object(7n)],
    errors: [new RangeError("r"), Object.assign(new Error("e"), { name: "TypeError" })],
    cause: new TypeError("t", { cause: { c: 1 } }),
    part: new Uint8Array(100).subarray(10, 20),
    nullPrototype: Object.assign(Object.create(null), { a: 1 }),
    getter: {
      get a(): number {
        return 5;
      },
    },
    symbolKey: { [Symbol("x")]: 1, b: 2 },
    proto: JSON.parse('{"__proto__": 1, "constructor": 2}'),
    resizable: new ArrayBuffer(4, { maxByteLength: 16 }),
    float16: new Float16Array([1.5]),
  };
}

/** All that can be seen of a value but the frames of errors. */
function look(value: unknown): string {
  return Deno.inspect(value, { depth: 9, strAbbreviateSize: 1e6 }).replace(/\n\s*at .*/g, "");
}

Deno.test("cloneStructured() copies as the runtime's own structuredClone does", () => {
  for (const [name, value] of Object.entries(values())) {
    assertEquals(look(cloneStructured(value)), look(structuredClone(value)), name);
  }
  assertEquals(look(cloneStructured(values())), look(structuredClone(values())));
});

Deno.test("cloneStructured() keeps who refers to whom, and the whole buffer of a view", () => {
  const { views, cycle, map, part } = values() as {
    views: { floats: Float64Array; bytes: Uint8Array; data: DataView };
    cycle: { self: unknown };
    map: Map<unknown, { k: unknown }>;
    part: Uint8Array;
  };
  const copy = cloneStructured({ views, cycle, map }) as {
    views: typeof views;
    cycle: typeof cycle;
    map: typeof map;
  };
  assert(copy.views.floats.buffer === copy.views.bytes.buffer);
  assert(copy.views.floats.buffer === copy.views.data.buffer);
  assert(copy.views.bytes.buffer !== views.bytes.buffer);
  assert(copy.cycle.self === copy.cycle && copy.map.get(copy.cycle)!.k === copy.cycle);
  assertEquals((cloneStructured(part) as Uint8Array).buffer.byteLength, 100);
});

Deno.test("cloneStructured() takes no stack for long chains", () => {
  let chain: { next: unknown } | null = null;
  for (let i = 0; i < 100_000; i++) chain = { next: chain };
  let length = 0;
  for (let at = cloneStructured(chain) as typeof chain; at !== null; length++) {
    at = at.next as typeof chain;
  }
  assertEquals(length, 100_000);
});

Deno.test("cloneStructured() hands buffers over, and refuses what cannot be handed over", () => {
  const floats = Float64Array.of(1, 2);
  const copy = cloneStructured(floats, { transfer: [floats.buffer] }) as Float64Array;
  assertEquals([floats.length, floats.buffer.detached, [...copy]], [0, true, [1, 2]]);
  const buffer = new ArrayBuffer(1);
  for (const transfer of [[buffer, buffer], [{}], [floats.buffer]] as object[][]) {
    assertEquals(
      assertThrows(() => cloneStructured(1, { transfer }), Error).name,
      "DataCloneError",
    );
  }
  assertEquals(buffer.detached, false);
});

Deno.test("cloneStructured() refuses what is no data, by the name that the standard gives", () => {
  const bad = [() => 1, Symbol(), { f() {} }, new WeakMap(), Object(Symbol()), Promise.resolve()];
  for (const value of [...bad, new WeakSet(), [floatsGone()]]) {
    for (const clone of [cloneStructured, structuredClone]) {
      assertEquals(assertThrows(() => clone(value), Error).name, "DataCloneError");
    }
  }
});

function floatsGone(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  buffer.transfer();
  return buffer;
}
