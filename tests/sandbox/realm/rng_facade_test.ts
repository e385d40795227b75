import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRng, type RngName } from "../../../src/rng/backends.ts";
import type { NumpyGenerator } from "../../../src/rng/numpy/generator.ts";
import type { PythonRandom } from "../../../src/rng/python/python_random.ts";
import type { Rng } from "../../../src/rng/rng.ts";
import { closeDraws, facadeOf, openDraws } from "../../../src/sandbox/realm/rng_facade.ts";

/** What a step is not given: it could reach the class, reseed, or outlive its block. */
const HIDDEN = "constructor reseed capture restore position quickPosition next32 randbelow backend"
  .split(
    " ",
  );

const BACKENDS: RngName[] = ["python", "numpy", "sfc32"];

function methodsOf(rng: Rng): string[] {
  const names = new Set<string>();
  for (
    let prototype = Object.getPrototypeOf(rng);
    prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  }
  return [...names].filter((name) => !HIDDEN.includes(name)).sort();
}

Deno.test("facadeOf() has every public method of the generator and nothing else", () => {
  for (const backend of BACKENDS) {
    const rng = createRng(backend, 1);
    const prototype = Object.getPrototypeOf(facadeOf(rng));
    const names = Reflect.ownKeys(prototype).filter((name) => name !== "backend").map(String);
    assertEquals(names.sort(), methodsOf(rng), backend);
  }
});

Deno.test("facadeOf() draws what the generator draws", () => {
  openDraws();
  for (const backend of BACKENDS) {
    const facade = facadeOf(createRng(backend, 7)) as PythonRandom;
    const rng = createRng(backend, 7);
    for (let i = 0; i < 10; i++) assertEquals(facade.random(), rng.random());
    assertEquals(facade.backend as string, backend);
  }
  const numpy = facadeOf(createRng("numpy", 7)) as NumpyGenerator;
  assertEquals(
    numpy.integers(0, 100, { size: 5 }),
    createRng("numpy", 7).integers(0, 100, { size: 5 }),
  );
  closeDraws();
});

Deno.test("facadeOf() is frozen, reaches no class and gives no hold on the generator", () => {
  for (const backend of BACKENDS) {
    const facade = facadeOf(createRng(backend, 1)) as Record<string, unknown>;
    const prototype = Object.getPrototypeOf(facade) as object;
    assert(Object.isFrozen(facade) && Object.isFrozen(prototype));
    assertEquals(Object.getPrototypeOf(prototype), null);
    assertEquals(facade.constructor, undefined);
    assertEquals(Reflect.ownKeys(facade), []);
    assertThrows(() => facade.random = () => 0.25, TypeError);
    for (const key of Reflect.ownKeys(prototype)) {
      const { value, get } = Object.getOwnPropertyDescriptor(prototype, key)!;
      assert(Object.isFrozen(value ?? get), String(key));
    }
  }
});

Deno.test("facadeOf() throws while no block is being made", () => {
  const facade = facadeOf(createRng("python", 1)) as { random(): number };
  closeDraws();
  assertThrows(() => facade.random(), Error, "outside of a step");
  openDraws();
  facade.random();
  closeDraws();
});
