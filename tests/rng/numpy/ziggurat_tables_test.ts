import { assertEquals } from "@std/assert";
import {
  EXPONENTIAL_TAIL,
  exponentialTable,
  exponentialTable32,
  NORMAL_TAIL,
  NORMAL_TAIL_INVERSE,
  normalTable,
  normalTable32,
} from "../../../src/rng/numpy/ziggurat_tables.ts";
import { hashArray } from "../numpy_golden.ts";

// SHA-256 of the little-endian bytes of NumPy's ki, wi, fi and ke, we, fe (ki and ke as float64)
const GOLDEN: [string, () => Float64Array | Float32Array, string][] = [
  [
    "ki_double",
    () => normalTable().accept,
    "d3c6847aee4edccce48020e66271d2c4cc11056c0013e69e082c1c6ef30bd23b",
  ],
  [
    "wi_double",
    () => normalTable().width.subarray(0, 256),
    "33c6472209e1d09ea3548f0291e5e1ad67fb4f1d0305e9f1086689584b7bb7fa",
  ],
  [
    "fi_double",
    () => normalTable().density,
    "acd898d9d87e212f657755ba43b21e40958090a7ff2103c9e79f4ea1b0fe2bc5",
  ],
  [
    "ke_double",
    () => exponentialTable().accept,
    "3d3e4b1ae699759d17d20af9104205749d86095ad27f97c5f5b1f65ec63c5995",
  ],
  [
    "we_double",
    () => exponentialTable().width,
    "12751415cc5c2d3a76783f682d265bbfdd63c8775b4d3ded9926d3bb673871a1",
  ],
  [
    "fe_double",
    () => exponentialTable().density,
    "1f4b2a07fcf8396e73fc378ce2199c83cf46da21f0d6469f43375c29cb2d8635",
  ],
  [
    "ki_float",
    () => normalTable32().accept,
    "beefe98f9725f35f6fb18861ff30a0987b429ce24abfc07848fba656c32892eb",
  ],
  [
    "wi_float",
    () => normalTable32().width.subarray(0, 256),
    "7e876b6f831f031c494d3f21c00f1845928d7ba8984b207e08b3fcba766a67fd",
  ],
  [
    "fi_float",
    () => normalTable32().density,
    "3ec75aef4fc5308b6f948d1fd8d0eef691a752eebbaa91914fc111948aea6ad8",
  ],
  [
    "ke_float",
    () => exponentialTable32().accept,
    "02a1cb1503928b9ac6abb5518e96a6e5b0a9f8028c6694af04079b2f1b343b60",
  ],
  [
    "we_float",
    () => exponentialTable32().width,
    "f9d0fef3cfaec38259420b4f2e30d9a18da8e6bb190050e1ac87fd1c5ad224d0",
  ],
  [
    "fe_float",
    () => exponentialTable32().density,
    "ead9e6f988f291049e31d43b12f3090edf221c7f6bc9a6dcb60e678912cd2eaf",
  ],
];

Deno.test("ziggurat tables are NumPy's to the last bit", () => {
  for (const [name, table, sha256] of GOLDEN) assertEquals(hashArray(table()), sha256, name);
});

Deno.test("normal tables hold each width again with the other sign", () => {
  for (const { width } of [normalTable(), normalTable32()]) {
    assertEquals(width.length, 512);
    for (let i = 0; i < 256; i++) assertEquals(width[i + 256], -width[i]!);
  }
});

Deno.test("ziggurat tails are NumPy's", () => {
  assertEquals(
    [NORMAL_TAIL, NORMAL_TAIL_INVERSE, EXPONENTIAL_TAIL],
    [3.654152885361009, 0.2736612373297583, 7.69711747013105],
  );
});
