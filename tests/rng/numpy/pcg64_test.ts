import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { PCG64 } from "../../../src/rng/numpy/pcg64.ts";
import { SeedSequence } from "../../../src/rng/numpy/seed_sequence.ts";
import { goldenJson } from "../../golden/read_golden.ts";

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const u128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });

/** The next `count` raw outputs. */
function outputs(bits: PCG64, count: number): bigint[] {
  return Array.from({ length: count }, () => bits.next64());
}

Deno.test("PCG64 has NumPy's state and outputs, after advance() and jumped() too", () => {
  for (const row of goldenJson("numpy_pcg64.json").cases) {
    const seed = BigInt(row.seed);
    const { state, inc } = new PCG64(seed).getState();
    assertEquals({ state: String(state), inc: String(inc) }, row.state);
    assertEquals(outputs(new PCG64(seed), row.raw_u64.length), row.raw_u64.map(BigInt));
    const advanced = row.advance_1000000000007_raw.map(BigInt);
    assertEquals(outputs(new PCG64(seed).advance(1000000000007n), advanced.length), advanced);
    const jumped = row.jumped_3_raw.map(BigInt);
    assertEquals(outputs(new PCG64(seed).jumped(3), jumped.length), jumped);
  }
});

Deno.test("PCG64 moves as NumPy's, back and far too, and forgets the waiting half", () => {
  for (
    const [seed, kind, amount, state, hasUint32, uinteger, raw] of goldenJson("numpy_extra.json")
      .moves
  ) {
    const bits = new PCG64(seed);
    // What integers(0, 10, size=3) takes
    for (let i = 0; i < 3; i++) bits.next32();
    const moved = kind === "advance" ? bits.advance(BigInt(amount)) : bits.jumped(BigInt(amount));
    const end = moved.getState();
    assertEquals(
      [end.state, end.hasUint32, end.uinteger],
      [BigInt(state), hasUint32 === 1, uinteger],
    );
    assertEquals(moved.next64(), BigInt(raw));
  }
});

Deno.test("PCG64 steps any state as 128-bit arithmetic does", () => {
  const multiplier = 0x2360ed051fc65da44385df649fccf645n;
  fc.assert(fc.property(u128, u128, (start, stream) => {
    const bits = new PCG64(0);
    const inc = stream | 1n;
    bits.setState({ state: start, inc, hasUint32: false, uinteger: 0 });
    let state = start;
    for (let i = 0; i < 40; i++) {
      state = BigInt.asUintN(128, state * multiplier + inc);
      const folded = BigInt.asUintN(64, state >> 64n) ^ BigInt.asUintN(64, state);
      const turn = state >> 122n;
      assertEquals(
        bits.next64(),
        BigInt.asUintN(64, (folded >> turn) | (folded << (64n - turn))),
      );
      assertEquals(bits.getState().state, state);
    }
  }));
});

Deno.test("PCG64.reseed() gives what a new generator of that seed is", () => {
  const reused = new PCG64(5);
  fc.assert(fc.property(u64, fc.nat(40), (seed, drawn) => {
    for (let i = 0; i < drawn; i++) reused.next32();
    reused.reseed(Number(seed >> 32n), Number(seed & 0xffffffffn));
    const fresh = new PCG64(seed);
    assertEquals(reused.getState(), fresh.getState());
    assertEquals(outputs(reused, 20), outputs(fresh, 20));
    assertEquals(
      reused.seedSequence.spawn(1)[0]!.generateState(4),
      fresh.seedSequence.spawn(1)[0]!.generateState(4),
    );
  }));
});

Deno.test("PCG64.getState() and setState() go back to the same draws at any point", () => {
  fc.assert(fc.property(u64, fc.nat(70), (seed, drawn) => {
    const bits = new PCG64(seed);
    for (let i = 0; i < drawn; i++) bits.next32();
    const copy = bits.clone();
    const state = bits.getState();
    const rest = [bits.next32(), bits.next32(), bits.nextDouble(), bits.next64()];
    bits.setState(state);
    for (const again of [bits, copy]) {
      assertEquals([again.next32(), again.next32(), again.nextDouble(), again.next64()], rest);
    }
  }));
});

Deno.test("PCG64.setState() refuses what is no state", () => {
  const bits = new PCG64(1);
  const good = bits.getState();
  assertThrows(() => bits.setState({ ...good, state: 2n ** 128n }), RangeError, "[0, 2^128)");
  assertThrows(() => bits.setState({ ...good, inc: -1n }), RangeError, "[0, 2^128)");
  assertThrows(() => bits.setState({ ...good, inc: 2n }), RangeError, "odd");
  assertThrows(() => bits.setState({ ...good, uinteger: 2 ** 32 }), RangeError, "uinteger");
  assertEquals(bits.getState(), good);
});

Deno.test("PCG64 keeps the sequence that seeded it, so that it can spawn", () => {
  const sequence = new SeedSequence([3, 4]);
  assertStrictEquals(new PCG64(sequence).seedSequence, sequence);
});
