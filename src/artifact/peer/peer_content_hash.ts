/**
 * The content hash of the Python package: BLAKE2b-256 of the metadata as JSON text, followed by the
 * image of every checkpoint. This module is browser compatible.
 *
 * @module
 */

import { blake2b } from "@noble/hashes/blake2.js";
import { toHex } from "../../bytes/hex.ts";
import { bytesInCOrder, dtypeText, type NumpyArray, shapeText } from "./ndarray.ts";
import { writePickle } from "./pickle_writer.ts";
import { dumpPythonJson, type JsonObject } from "./python_json.ts";
import { NumpyCall, type PythonValue } from "./python_values.ts";

/** Hashes metadata and checkpoints in turn. */
export class ContentHasher {
  readonly #hash = blake2b.create({ dkLen: 32 });
  readonly #encoder = new TextEncoder();
  #count = 0;

  /** Starts with the metadata; `content_hash` in it does not count. */
  constructor(meta: JsonObject) {
    const hashed = new Map(meta);
    hashed.delete("content_hash");
    this.#hash.update(this.#encoder.encode(dumpPythonJson(hashed)));
  }

  /** Adds the next checkpoint, which may be any value of a pickle. */
  addValue(value: PythonValue): void {
    if (value instanceof NumpyCall && value.meaning?.kind === "array") {
      return this.addArray(value.meaning.array);
    }
    this.#add("pickle|", writePickle(value, 4));
  }

  /** Adds the next checkpoint, an array. */
  addArray(array: NumpyArray): void {
    this.#add(
      `ndarray|${dtypeText(array.dtype)}|${shapeText(array.shape)}|`,
      bytesInCOrder(array),
    );
  }

  /** The hash, in lower-case hexadecimal; nothing can be added after. */
  finish(): string {
    return toHex(this.#hash.digest());
  }

  #add(prefix: string, image: Uint8Array): void {
    const separator = this.#count === 0 ? "" : "\0";
    this.#hash.update(this.#encoder.encode(`${separator}${this.#count}=${prefix}`));
    this.#hash.update(image);
    this.#count++;
  }
}
