import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { encodeState } from "../../src/codec/encode_state.ts";
import { plainView } from "../../src/codec/plain_view.ts";

class Vec {
  #length = 0;
  x: number;
  constructor(x: number) {
    this.x = x;
  }
  get double(): number {
    this.#length++;
    return 2 * this.x;
  }
  norm(): number {
    return this.#length;
  }
}

Deno.test("plainView() shows instances as their fields, and leaves out what is no data", () => {
  const state = {
    p: new Vec(3),
    list: [new Vec(1)],
    map: new Map([["a", new Vec(2)]]),
    set: new Set([1]),
    grid: new Float64Array(2),
    born: new Date(0),
    act: () => 1,
    big: 1n,
  };
  const view = plainView(state);
  assertEquals(view as unknown, {
    p: { x: 3 },
    list: [{ x: 1 }],
    map: new Map([["a", { x: 2 }]]),
    set: new Set([1]),
    grid: new Float64Array(2),
    born: new Date(0),
    big: 1n,
  });
  encodeState(view);
});

Deno.test("plainView() keeps sharing, cycles and depth, and runs no getter", () => {
  const shared = new Vec(1);
  const ring: Record<string, unknown> = { a: shared, b: shared };
  ring.self = ring;
  Object.defineProperty(ring, "trap", {
    enumerable: true,
    get: () => {
      throw new Error("was run");
    },
  });
  const view = plainView(ring) as Record<string, unknown>;
  assertStrictEquals(view.a, view.b);
  assertStrictEquals(view.self, view);
  assert(!("trap" in view));
  let deep: unknown = 0;
  for (let i = 0; i < 1e5; i++) deep = { next: deep };
  plainView(deep);
});

Deno.test("plainView() shows what a codec makes of an instance that has private fields only", () => {
  class Purse {
    #cents = 7;
    get cents() {
      return this.#cents;
    }
  }
  class Named extends Purse {
    name = "a";
  }
  const state = { purses: [new Purse(), new Named()], at: new Map([["x", new Purse()]]), none: {} };
  const encoded = { purses: [7, { name: "a", cents: 7 }], at: [["x", 7]], none: 1 };
  assertEquals(plainView(state, encoded), {
    purses: [7, { name: "a" }],
    at: new Map([["x", {}]]),
    none: {},
  });
  assertEquals(plainView(new Purse(), { cents: 7 }), { cents: 7 });
  assertEquals(plainView(new Purse()), {});
});
