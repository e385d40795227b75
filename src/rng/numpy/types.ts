/**
 * Shapes, dtypes, options and results of the methods of NumPy's generator.
 * This module is browser compatible.
 *
 * @module
 */

export type { TypedArray as NumericArray } from "../../codec/types.ts";

/** An integer, or a list of them, from which a seed sequence starts; negative ones are refused. */
export type Entropy = number | bigint | ArrayLike<number | bigint>;

/** What a seed sequence may be told besides its entropy. */
export interface SeedSequenceOptions {
  /** Where this sequence stands in the tree that `spawn` makes; default the root, `[]`. */
  readonly spawnKey?: ArrayLike<number | bigint>;
  /** Size of the entropy pool in 32-bit words, at least 4; default 4. */
  readonly poolSize?: number;
  /** How many children were spawned before, when a sequence is rebuilt; default 0. */
  readonly childrenSpawned?: number;
}

/** All there is to know of a PCG64 between two draws, as in NumPy's `bit_generator.state`. */
export interface Pcg64State {
  /** State of the congruential generator, in [0, 2^128). */
  readonly state: bigint;
  /** Its odd increment, in [0, 2^128): which of the 2^127 streams this is. */
  readonly inc: bigint;
  /** Whether the upper half of the last 64 bits still waits for the next 32-bit draw. */
  readonly hasUint32: boolean;
  /** That upper half; NumPy keeps the stale one after it was drawn, and so does this. */
  readonly uinteger: number;
}

/** The typed array that each integer dtype fills; `bool` gives 0 and 1. */
export interface IntegerArrays {
  /** 0 and 1. */
  bool: Uint8Array;
  /** -2^7 to 2^7 - 1. */
  int8: Int8Array;
  /** -2^15 to 2^15 - 1. */
  int16: Int16Array;
  /** -2^31 to 2^31 - 1. */
  int32: Int32Array;
  /** -2^63 to 2^63 - 1. */
  int64: BigInt64Array;
  /** 0 to 2^8 - 1. */
  uint8: Uint8Array;
  /** 0 to 2^16 - 1. */
  uint16: Uint16Array;
  /** 0 to 2^32 - 1. */
  uint32: Uint32Array;
  /** 0 to 2^64 - 1. */
  uint64: BigUint64Array;
}

/** Name of an integer dtype. */
export type IntegerDtype = keyof IntegerArrays;

/** What one draw of a dtype is: a boolean, a bigint for 64 bits, a number otherwise. */
export type IntegerScalar<D extends IntegerDtype> = D extends "bool" ? boolean
  : D extends "int64" | "uint64" ? bigint
  : number;

/** Options of `integers`. */
export interface IntegersOptions<
  S extends Size | undefined = Size | undefined,
  D extends IntegerDtype | undefined = IntegerDtype | undefined,
> {
  /** How many draws, or in what shape; default one draw, not in an array. */
  readonly size?: S;
  /** Integer type; default 64 bits signed, given as numbers where all of the range is safe. */
  readonly dtype?: D;
  /** Whether `high` itself is drawn too; default false. */
  readonly endpoint?: boolean;
}

/** Any result of `integers`. */
export type Integers =
  | number
  | bigint
  | boolean
  | IntegerArrays[IntegerDtype]
  | Float64Array
  | Shaped<IntegerArrays[IntegerDtype] | Float64Array>;

/** A list or typed array whose elements can be swapped; the element type does not matter here. */
export interface Swappable {
  [index: number]: unknown;
  readonly length: number;
}

/** How an axis lies in the data: `outer` times `length` rows of `inner` neighboring elements. */
export interface AxisLayout {
  /** Product of the lengths before the axis. */
  readonly outer: number;
  /** Length of the axis itself. */
  readonly length: number;
  /** Product of the lengths after the axis. */
  readonly inner: number;
}

/** Width of the numbers that the standard methods draw. */
export type FloatDtype = "float64" | "float32";

/** The typed array that a float dtype fills. */
export type FloatArray<D> = D extends "float32" ? Float32Array : Float64Array;

/** Options of the methods that can draw float32 too. */
export interface FloatOptions<
  S extends Size | undefined = Size | undefined,
  D extends FloatDtype = FloatDtype,
> extends SizeOptions<S> {
  /** "float32" takes 32 random bits a draw and gives numbers that float32 holds; default "float64". */
  readonly dtype?: D;
}

/** Options that name the array to fill; its type is the dtype. */
export interface OutOptions<A extends Float64Array | Float32Array> {
  /** Filled with draws and returned; nothing is allocated. */
  readonly out: A;
}

/** Options of `multivariateHypergeometric`. */
export interface MultivariateHypergeometricOptions<
  S extends Size | undefined = Size | undefined,
> extends SizeOptions<S> {
  /** One hypergeometric draw a color, or a shuffle of all items; default "marginals". */
  readonly method?: "marginals" | "count";
}

/** One sampler's tables; layer 0 is the base with the tail. */
export interface ZigguratTable<A extends Float64Array | Float32Array> {
  /** Random integers below `accept[i]` lie wholly under the curve in layer i. */
  readonly accept: Float64Array;
  /**
   * Width of layer i divided by the number of random integers; for the normal sampler entry i + 256 is
   * the negative of entry i, so that the sign bit next to the layer's bits costs no branch.
   */
  readonly width: A;
  /** Density at the right edge of layer i, 1 for the base. */
  readonly density: A;
}

/** A length, or the shape of an array of more dimensions; elements are drawn in C order. */
export type Size = number | readonly number[];

/** Values of an array of any number of dimensions in C order (the last index runs fastest). */
export interface Shaped<A> {
  /** Length of each dimension. */
  readonly shape: readonly number[];
  /** As many values as the product of the lengths. */
  readonly data: A;
}

/** What a method returns: `One` without size, `Many` for a length, `Many` with a shape for a shape. */
export type Draw<S, Many = Float64Array, One = number> = S extends number ? Many
  : S extends readonly number[] ? Shaped<Many>
  : One;

/** What a method returns whose draws are vectors: one, or an array with the vectors as last dimension. */
export type VectorDraw<S> = S extends Size ? Shaped<Float64Array> : Float64Array;

/** Options of the methods that know only `size`. */
export interface SizeOptions<S extends Size | undefined = Size | undefined> {
  /** How many draws, or in what shape; default one draw, not in an array. */
  readonly size?: S;
}

/** Options of `choice`. */
export interface ChoiceOptions<S extends Size | undefined = Size | undefined>
  extends SizeOptions<S> {
  /** Whether an element may be chosen more than once; default true. */
  readonly replace?: boolean;
  /** Probability of each element, adding up to 1; default equal ones. */
  readonly p?: ArrayLike<number>;
  /** Whether a sample without replacement is put in random order; default true. */
  readonly shuffle?: boolean;
  /** Dimension of `{shape, data}` to choose along; negative ones count from the end; default 0. */
  readonly axis?: number;
}

/** Options of `standardExponential`. */
export interface ExponentialOptions<
  S extends Size | undefined = Size | undefined,
  D extends FloatDtype = FloatDtype,
> extends FloatOptions<S, D> {
  /** "zig", the fast ziggurat, or "inv", one logarithm and one output a draw; default "zig". */
  readonly method?: "zig" | "inv";
}

/** Options of `shuffle`, `permutation` and `permuted`. */
export interface AxisOptions {
  /** Dimension of `{shape, data}` to move along; negative ones count from the end. */
  readonly axis?: number;
}

/** State of NumPy's PCG64 with its 32-bit buffer and its seed sequence, as plain data. */
export interface NumpyGeneratorState extends Pcg64State {
  /** How many children the seed sequence has spawned. */
  readonly spawned: number;
}

/** How one method draws: single numbers of either width, and many float64 in a tight loop. */
export interface FloatSampler<Bits> {
  /** Name of the method, for messages. */
  readonly method: string;
  /** One float64. */
  draw(bits: Bits): number;
  /** One number that float32 holds. */
  draw32(bits: Bits): number;
  /** As many float64 as `out` is long. */
  fill(bits: Bits, out: Float64Array): void;
}
