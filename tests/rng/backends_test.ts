import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { createRng, type RngName } from "../../src/rng/backends.ts";
import { NumpyGenerator } from "../../src/rng/numpy/generator.ts";
import { PythonRandom } from "../../src/rng/python/python_random.ts";
import { Sfc32Random } from "../../src/rng/sfc32/sfc32_random.ts";

Deno.test("createRng() makes the class of each backend, which knows its name", () => {
  assertInstanceOf(createRng("python", 1), PythonRandom);
  assertInstanceOf(createRng("numpy", 1), NumpyGenerator);
  assertInstanceOf(createRng("sfc32", 1), Sfc32Random);
  for (const name of ["python", "numpy", "sfc32"] as const) {
    assertEquals(createRng(name, 1).backend, name);
  }
});

Deno.test("createRng() seeds a number as the bigint of the same value", () => {
  for (const name of ["python", "numpy", "sfc32"] as const) {
    assertEquals(createRng(name, 42).random(), createRng(name, 42n).random());
  }
});

Deno.test("createRng() refuses another name and lists the backends", () => {
  for (const name of ["mt19937", "", "constructor", undefined]) {
    assertThrows(
      () => createRng(name as RngName, 1),
      TypeError,
      `named ${name}: the backends are python, numpy, sfc32`,
    );
  }
});

Deno.test("createRng() refuses a seed that is no integer", () => {
  for (const name of ["python", "numpy", "sfc32"] as const) {
    assertThrows(() => createRng(name, 0.5), RangeError);
    assertThrows(() => createRng(name, 2 ** 53), RangeError);
    assertThrows(() => createRng(name, "1" as unknown as number), TypeError);
    assertThrows(() => createRng(name, undefined as unknown as number), TypeError);
  }
});
