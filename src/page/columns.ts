/**
 * Columns of numbers as base64 text and back. Floats are little-endian, as on every machine that runs
 * Deno, Node, Bun or a browser of today.
 * This module is browser compatible.
 *
 * @module
 */

/** Numbers as text: base64 of little-endian floats. */
export interface ColumnData {
  /** Their width. */
  readonly kind: "f32" | "f64";
  /** The floats; NaN where a value is absent. */
  readonly base64: string;
  /** Rows without a value, as runs; those that are NaN have one. */
  readonly absent: string;
}

/** Steps, ascending: by rule where there is one. */
export type StepsData =
  | { readonly first: number; readonly stride: number; readonly count: number }
  | ColumnData;

const ALPHABET = new TextEncoder().encode(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
);
const PADDING = 61;

/** `btoa` would need the bytes as a string first, which takes several times as long. */
function toBase64(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const count = bytes.length;
  const text = new Uint8Array(Math.ceil(count / 3) * 4);
  let out = 0;
  for (let k = 0; k < count; k += 3) {
    // Past the end a typed array gives undefined, which the operators take as 0.
    const three = (bytes[k]! << 16) | (bytes[k + 1]! << 8) | bytes[k + 2]!;
    text[out++] = ALPHABET[three >>> 18]!;
    text[out++] = ALPHABET[(three >>> 12) & 63]!;
    text[out++] = k + 1 < count ? ALPHABET[(three >>> 6) & 63]! : PADDING;
    text[out++] = k + 2 < count ? ALPHABET[three & 63]! : PADDING;
  }
  return new TextDecoder().decode(text);
}

function fromBase64(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = text.charCodeAt(k);
  return bytes.buffer;
}

/** Ascending rows as pairs (first, count), base64 of uint32. */
export function encodeRuns(rows: Uint32Array): string {
  const pairs: number[] = [];
  for (let k = 0; k < rows.length; k++) {
    if (k > 0 && rows[k] === rows[k - 1]! + 1) pairs[pairs.length - 1]!++;
    else pairs.push(rows[k]!, 1);
  }
  return toBase64(Uint32Array.from(pairs));
}

/** The rows that {@linkcode encodeRuns} was given. */
export function decodeRuns(base64: string): Uint32Array {
  const pairs = new Uint32Array(fromBase64(base64));
  let count = 0;
  for (let k = 1; k < pairs.length; k += 2) count += pairs[k]!;
  const rows = new Uint32Array(count);
  let at = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    for (let j = 0; j < pairs[k + 1]!; j++) rows[at++] = pairs[k]! + j;
  }
  return rows;
}

/** One value per row. */
export interface NumberColumn {
  /** NaN where a value is absent. */
  readonly values: Float64Array;
  /** 1 where there is a value, which may be NaN itself. */
  readonly present: Uint8Array;
}

/** Coarsest rounding that is not seen, as a part of what a column spans. */
const ROUNDING_MAX = 1 / 4096;

/**
 * A column as text. With `compact`, floats have 32 bits if the rounding is too small to be seen in a plot of
 * the whole column.
 */
export function encodeColumn(
  { values, present }: NumberColumn,
  { compact }: { compact: boolean },
): ColumnData {
  const absent: number[] = [];
  for (let row = 0; row < present.length; row++) if (present[row] === 0) absent.push(row);
  const narrow = compact && roundingIsSmall(values);
  return {
    kind: narrow ? "f32" : "f64",
    base64: toBase64(narrow ? Float32Array.from(values) : values),
    absent: encodeRuns(Uint32Array.from(absent)),
  };
}

function roundingIsSmall(values: Float64Array): boolean {
  let low = Infinity;
  let high = -Infinity;
  let worst = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (value - value !== 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    const rounding = Math.abs(Math.fround(value) - value);
    if (rounding > worst) worst = rounding;
  }
  return worst <= (high - low) * ROUNDING_MAX || worst === 0;
}

/** A column as it was, but for the rounding. */
export interface DecodedColumn {
  /** NaN where a value is absent. */
  readonly values: Float64Array | Float32Array;
  /** 1 where there is none; undefined if there is one in every row. */
  readonly absent: Uint8Array | undefined;
}

/** Reads what {@linkcode encodeColumn} wrote. */
export function decodeColumn(data: ColumnData): DecodedColumn {
  const buffer = fromBase64(data.base64);
  const values = data.kind === "f32" ? new Float32Array(buffer) : new Float64Array(buffer);
  if (data.absent === "") return { values, absent: undefined };
  const absent = new Uint8Array(values.length);
  for (const row of decodeRuns(data.absent)) absent[row] = 1;
  return { values, absent };
}

/** Ascending steps as text. */
export function encodeSteps(steps: Float64Array): StepsData {
  const count = steps.length;
  const first = steps[0] ?? 0;
  const stride = count > 1 ? steps[1]! - first : 1;
  if (steps.every((step, row) => step === first + row * stride)) return { first, stride, count };
  return encodeColumn({ values: steps, present: new Uint8Array(count).fill(1) }, {
    compact: false,
  });
}

/** Reads what {@linkcode encodeSteps} wrote. */
export function decodeSteps(data: StepsData): Float64Array {
  if ("kind" in data) return decodeColumn(data).values as Float64Array;
  return Float64Array.from({ length: data.count }, (_, row) => data.first + row * data.stride);
}
