// deno-lint-ignore-file camelcase -- keys as Python writes them
/**
 * The values in golden/python_artifacts/index.json as the states that they must be read as.
 *
 * @module
 */

import { fromGolden, goldenJson } from "../../golden/read_golden.ts";

/** One file of the index. */
export interface GoldenArtifact {
  readonly file: string;
  readonly expect: string;
  readonly step: string | null;
  readonly backend: string;
  readonly steps: number;
  readonly seed: string;
  readonly block_size: number;
  readonly content_hash: string;
  readonly n_checkpoints: number;
  readonly checkpoints: [number, unknown][] | null;
  readonly get: [number, unknown][] | null;
  readonly parent_hash?: string;
  readonly branch_point?: number;
}

/** All files of the index. */
export const GOLDEN: readonly GoldenArtifact[] = goldenJson("python_artifacts/index.json").files;

/** Bytes of a golden file. */
export function goldenBytes(path: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`../../golden/${path}`, import.meta.url));
}

/** A state of the index: arrays as typed arrays, `{shape, data}`, or the number of a 0-d one. */
export function goldenState(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("dtype" in value)) return fromGolden(value);
  const { dtype, shape, data } = value as { dtype: string; shape: number[]; data: unknown[] };
  const typed = typedData(dtype, data.map(fromGolden) as (number | bigint)[]);
  if (shape.length === 0) return typed[0];
  return shape.length === 1 ? typed : { shape, data: typed };
}

function typedData(dtype: string, data: (number | bigint)[]) {
  switch (dtype) {
    case "float64":
      return Float64Array.from(data, Number);
    case "float32":
      return Float32Array.from(data, Number);
    case "int64":
      return BigInt64Array.from(data, BigInt);
    default:
      throw new Error(`the index has the dtype ${dtype}, which this test does not know`);
  }
}
