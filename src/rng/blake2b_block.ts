/**
 * BLAKE2b with an 8-byte digest over a message of at most one block: all that block seeds need. This module is browser compatible.
 *
 * Written from RFC 7693, section 3. `@noble/hashes`, which serves longer messages, takes 11 us, this
 * 1.0 us, and a block of 1000 steps 15 us in all. The words live in local variables, as 32-bit halves
 * (a typed array: 3.0 us), and no carry is a comparison, which no processor can predict (2.1 us):
 * sums of three words carry through an exact float64, sums of two through the bits (1.4 us otherwise).
 *
 * @module
 */

/** Longest message, in bytes, that fits into one block. */
export const BLAKE2B_BLOCK_BYTES = 128;

/** SIGMA of RFC 7693, section 2.7: ten schedules, of which rounds 10 and 11 repeat the first two. */
// deno-fmt-ignore
const SIGMA = new Uint8Array([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
]);

/** IV of RFC 7693, section 2.6, and h[0] with the parameters of an unkeyed 8-byte digest mixed in. */

const IV0_LO = 0xf3bcc908 | 0;
const IV0_HI = 0x6a09e667 | 0;
const IV1_LO = 0x84caa73b | 0;
const IV1_HI = 0xbb67ae85 | 0;
const IV2_LO = 0xfe94f82b | 0;
const IV2_HI = 0x3c6ef372 | 0;
const IV3_LO = 0x5f1d36f1 | 0;
const IV3_HI = 0xa54ff53a | 0;
const IV4_LO = 0xade682d1 | 0;
const IV4_HI = 0x510e527f | 0;
const IV5_LO = 0x2b3e6c1f | 0;
const IV5_HI = 0x9b05688c | 0;
const IV6_LO = 0xfb41bd6b | 0;
const IV6_HI = 0x1f83d9ab | 0;
const IV7_LO = 0x137e2179 | 0;
const IV7_HI = 0x5be0cd19 | 0;
const H0_LO = IV0_LO ^ 0x01010008;

/**
 * Hashes one block. `words` are the 32 little-endian 32-bit words of the message, zero after its
 * `byteCount` bytes (at most {@linkcode BLAKE2B_BLOCK_BYTES}); the low and the high half of the
 * digest, read as one little-endian 64-bit word, go to `digest[0]` and `digest[1]`.
 */
export function hashBlock(words: Int32Array, byteCount: number, digest: Int32Array): void {
  let v0l = H0_LO;
  let v0h = IV0_HI;
  let v1l = IV1_LO;
  let v1h = IV1_HI;
  let v2l = IV2_LO;
  let v2h = IV2_HI;
  let v3l = IV3_LO;
  let v3h = IV3_HI;
  let v4l = IV4_LO;
  let v4h = IV4_HI;
  let v5l = IV5_LO;
  let v5h = IV5_HI;
  let v6l = IV6_LO;
  let v6h = IV6_HI;
  let v7l = IV7_LO;
  let v7h = IV7_HI;
  let v8l = IV0_LO;
  let v8h = IV0_HI;
  let v9l = IV1_LO;
  let v9h = IV1_HI;
  let v10l = IV2_LO;
  let v10h = IV2_HI;
  let v11l = IV3_LO;
  let v11h = IV3_HI;
  let v12l = IV4_LO ^ byteCount;
  let v12h = IV4_HI;
  let v13l = IV5_LO;
  let v13h = IV5_HI;
  let v14l = ~IV6_LO;
  let v14h = ~IV6_HI;
  let v15l = IV7_LO;
  let v15h = IV7_HI;
  let k = 0;
  let x = 0;
  let y = 0;
  let sum = 0;

  for (let round = 0; round < 192; round += 16) {
    const s = round % 160;
    // G(v[0], v[4], v[8], v[12])
    k = SIGMA[s]! << 1;
    sum = (v0l >>> 0) + (v4l >>> 0) + (words[k]! >>> 0);
    v0h = (v0h + v4h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v0l = sum | 0;
    x = v12l ^ v0l;
    v12l = v12h ^ v0h;
    v12h = x;
    x = (v8l + v12l) | 0;
    v8h = (v8h + v12h + (((v8l & v12l) | ((v8l | v12l) & ~x)) >>> 31)) | 0;
    v8l = x;
    x = v4l ^ v8l;
    y = v4h ^ v8h;
    v4l = (x >>> 24) | (y << 8);
    v4h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 1]! << 1;
    sum = (v0l >>> 0) + (v4l >>> 0) + (words[k]! >>> 0);
    v0h = (v0h + v4h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v0l = sum | 0;
    x = v12l ^ v0l;
    y = v12h ^ v0h;
    v12l = (x >>> 16) | (y << 16);
    v12h = (y >>> 16) | (x << 16);
    x = (v8l + v12l) | 0;
    v8h = (v8h + v12h + (((v8l & v12l) | ((v8l | v12l) & ~x)) >>> 31)) | 0;
    v8l = x;
    x = v4l ^ v8l;
    y = v4h ^ v8h;
    v4l = (x << 1) | (y >>> 31);
    v4h = (y << 1) | (x >>> 31);

    // G(v[1], v[5], v[9], v[13])
    k = SIGMA[s + 2]! << 1;
    sum = (v1l >>> 0) + (v5l >>> 0) + (words[k]! >>> 0);
    v1h = (v1h + v5h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v1l = sum | 0;
    x = v13l ^ v1l;
    v13l = v13h ^ v1h;
    v13h = x;
    x = (v9l + v13l) | 0;
    v9h = (v9h + v13h + (((v9l & v13l) | ((v9l | v13l) & ~x)) >>> 31)) | 0;
    v9l = x;
    x = v5l ^ v9l;
    y = v5h ^ v9h;
    v5l = (x >>> 24) | (y << 8);
    v5h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 3]! << 1;
    sum = (v1l >>> 0) + (v5l >>> 0) + (words[k]! >>> 0);
    v1h = (v1h + v5h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v1l = sum | 0;
    x = v13l ^ v1l;
    y = v13h ^ v1h;
    v13l = (x >>> 16) | (y << 16);
    v13h = (y >>> 16) | (x << 16);
    x = (v9l + v13l) | 0;
    v9h = (v9h + v13h + (((v9l & v13l) | ((v9l | v13l) & ~x)) >>> 31)) | 0;
    v9l = x;
    x = v5l ^ v9l;
    y = v5h ^ v9h;
    v5l = (x << 1) | (y >>> 31);
    v5h = (y << 1) | (x >>> 31);

    // G(v[2], v[6], v[10], v[14])
    k = SIGMA[s + 4]! << 1;
    sum = (v2l >>> 0) + (v6l >>> 0) + (words[k]! >>> 0);
    v2h = (v2h + v6h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v2l = sum | 0;
    x = v14l ^ v2l;
    v14l = v14h ^ v2h;
    v14h = x;
    x = (v10l + v14l) | 0;
    v10h = (v10h + v14h + (((v10l & v14l) | ((v10l | v14l) & ~x)) >>> 31)) | 0;
    v10l = x;
    x = v6l ^ v10l;
    y = v6h ^ v10h;
    v6l = (x >>> 24) | (y << 8);
    v6h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 5]! << 1;
    sum = (v2l >>> 0) + (v6l >>> 0) + (words[k]! >>> 0);
    v2h = (v2h + v6h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v2l = sum | 0;
    x = v14l ^ v2l;
    y = v14h ^ v2h;
    v14l = (x >>> 16) | (y << 16);
    v14h = (y >>> 16) | (x << 16);
    x = (v10l + v14l) | 0;
    v10h = (v10h + v14h + (((v10l & v14l) | ((v10l | v14l) & ~x)) >>> 31)) | 0;
    v10l = x;
    x = v6l ^ v10l;
    y = v6h ^ v10h;
    v6l = (x << 1) | (y >>> 31);
    v6h = (y << 1) | (x >>> 31);

    // G(v[3], v[7], v[11], v[15])
    k = SIGMA[s + 6]! << 1;
    sum = (v3l >>> 0) + (v7l >>> 0) + (words[k]! >>> 0);
    v3h = (v3h + v7h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v3l = sum | 0;
    x = v15l ^ v3l;
    v15l = v15h ^ v3h;
    v15h = x;
    x = (v11l + v15l) | 0;
    v11h = (v11h + v15h + (((v11l & v15l) | ((v11l | v15l) & ~x)) >>> 31)) | 0;
    v11l = x;
    x = v7l ^ v11l;
    y = v7h ^ v11h;
    v7l = (x >>> 24) | (y << 8);
    v7h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 7]! << 1;
    sum = (v3l >>> 0) + (v7l >>> 0) + (words[k]! >>> 0);
    v3h = (v3h + v7h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v3l = sum | 0;
    x = v15l ^ v3l;
    y = v15h ^ v3h;
    v15l = (x >>> 16) | (y << 16);
    v15h = (y >>> 16) | (x << 16);
    x = (v11l + v15l) | 0;
    v11h = (v11h + v15h + (((v11l & v15l) | ((v11l | v15l) & ~x)) >>> 31)) | 0;
    v11l = x;
    x = v7l ^ v11l;
    y = v7h ^ v11h;
    v7l = (x << 1) | (y >>> 31);
    v7h = (y << 1) | (x >>> 31);

    // G(v[0], v[5], v[10], v[15])
    k = SIGMA[s + 8]! << 1;
    sum = (v0l >>> 0) + (v5l >>> 0) + (words[k]! >>> 0);
    v0h = (v0h + v5h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v0l = sum | 0;
    x = v15l ^ v0l;
    v15l = v15h ^ v0h;
    v15h = x;
    x = (v10l + v15l) | 0;
    v10h = (v10h + v15h + (((v10l & v15l) | ((v10l | v15l) & ~x)) >>> 31)) | 0;
    v10l = x;
    x = v5l ^ v10l;
    y = v5h ^ v10h;
    v5l = (x >>> 24) | (y << 8);
    v5h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 9]! << 1;
    sum = (v0l >>> 0) + (v5l >>> 0) + (words[k]! >>> 0);
    v0h = (v0h + v5h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v0l = sum | 0;
    x = v15l ^ v0l;
    y = v15h ^ v0h;
    v15l = (x >>> 16) | (y << 16);
    v15h = (y >>> 16) | (x << 16);
    x = (v10l + v15l) | 0;
    v10h = (v10h + v15h + (((v10l & v15l) | ((v10l | v15l) & ~x)) >>> 31)) | 0;
    v10l = x;
    x = v5l ^ v10l;
    y = v5h ^ v10h;
    v5l = (x << 1) | (y >>> 31);
    v5h = (y << 1) | (x >>> 31);

    // G(v[1], v[6], v[11], v[12])
    k = SIGMA[s + 10]! << 1;
    sum = (v1l >>> 0) + (v6l >>> 0) + (words[k]! >>> 0);
    v1h = (v1h + v6h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v1l = sum | 0;
    x = v12l ^ v1l;
    v12l = v12h ^ v1h;
    v12h = x;
    x = (v11l + v12l) | 0;
    v11h = (v11h + v12h + (((v11l & v12l) | ((v11l | v12l) & ~x)) >>> 31)) | 0;
    v11l = x;
    x = v6l ^ v11l;
    y = v6h ^ v11h;
    v6l = (x >>> 24) | (y << 8);
    v6h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 11]! << 1;
    sum = (v1l >>> 0) + (v6l >>> 0) + (words[k]! >>> 0);
    v1h = (v1h + v6h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v1l = sum | 0;
    x = v12l ^ v1l;
    y = v12h ^ v1h;
    v12l = (x >>> 16) | (y << 16);
    v12h = (y >>> 16) | (x << 16);
    x = (v11l + v12l) | 0;
    v11h = (v11h + v12h + (((v11l & v12l) | ((v11l | v12l) & ~x)) >>> 31)) | 0;
    v11l = x;
    x = v6l ^ v11l;
    y = v6h ^ v11h;
    v6l = (x << 1) | (y >>> 31);
    v6h = (y << 1) | (x >>> 31);

    // G(v[2], v[7], v[8], v[13])
    k = SIGMA[s + 12]! << 1;
    sum = (v2l >>> 0) + (v7l >>> 0) + (words[k]! >>> 0);
    v2h = (v2h + v7h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v2l = sum | 0;
    x = v13l ^ v2l;
    v13l = v13h ^ v2h;
    v13h = x;
    x = (v8l + v13l) | 0;
    v8h = (v8h + v13h + (((v8l & v13l) | ((v8l | v13l) & ~x)) >>> 31)) | 0;
    v8l = x;
    x = v7l ^ v8l;
    y = v7h ^ v8h;
    v7l = (x >>> 24) | (y << 8);
    v7h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 13]! << 1;
    sum = (v2l >>> 0) + (v7l >>> 0) + (words[k]! >>> 0);
    v2h = (v2h + v7h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v2l = sum | 0;
    x = v13l ^ v2l;
    y = v13h ^ v2h;
    v13l = (x >>> 16) | (y << 16);
    v13h = (y >>> 16) | (x << 16);
    x = (v8l + v13l) | 0;
    v8h = (v8h + v13h + (((v8l & v13l) | ((v8l | v13l) & ~x)) >>> 31)) | 0;
    v8l = x;
    x = v7l ^ v8l;
    y = v7h ^ v8h;
    v7l = (x << 1) | (y >>> 31);
    v7h = (y << 1) | (x >>> 31);

    // G(v[3], v[4], v[9], v[14])
    k = SIGMA[s + 14]! << 1;
    sum = (v3l >>> 0) + (v4l >>> 0) + (words[k]! >>> 0);
    v3h = (v3h + v4h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v3l = sum | 0;
    x = v14l ^ v3l;
    v14l = v14h ^ v3h;
    v14h = x;
    x = (v9l + v14l) | 0;
    v9h = (v9h + v14h + (((v9l & v14l) | ((v9l | v14l) & ~x)) >>> 31)) | 0;
    v9l = x;
    x = v4l ^ v9l;
    y = v4h ^ v9h;
    v4l = (x >>> 24) | (y << 8);
    v4h = (y >>> 24) | (x << 8);
    k = SIGMA[s + 15]! << 1;
    sum = (v3l >>> 0) + (v4l >>> 0) + (words[k]! >>> 0);
    v3h = (v3h + v4h + words[k + 1]! + ((sum / 4294967296) | 0)) | 0;
    v3l = sum | 0;
    x = v14l ^ v3l;
    y = v14h ^ v3h;
    v14l = (x >>> 16) | (y << 16);
    v14h = (y >>> 16) | (x << 16);
    x = (v9l + v14l) | 0;
    v9h = (v9h + v14h + (((v9l & v14l) | ((v9l | v14l) & ~x)) >>> 31)) | 0;
    v9l = x;
    x = v4l ^ v9l;
    y = v4h ^ v9h;
    v4l = (x << 1) | (y >>> 31);
    v4h = (y << 1) | (x >>> 31);
  }
  digest[0] = H0_LO ^ v0l ^ v8l;
  digest[1] = IV0_HI ^ v0h ^ v8h;
}
