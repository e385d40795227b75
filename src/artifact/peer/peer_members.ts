/**
 * Which members the zip files of a Python artifact have, and what is read of them.
 * This module is browser compatible.
 *
 * @module
 */

import {
  PEER_CHECKPOINTS_BYTES_MAX,
  PEER_CHECKPOINTS_MAX,
  PEER_FILE_BYTES_MAX,
  PEER_META_BYTES_MAX,
} from "../limits.ts";
import { damaged } from "./damage.ts";
import type { CheckpointEncoding } from "./peer_meta.ts";
import { readZip } from "./read_zip.ts";

/** Name of the member that holds the metadata. */
export const META_NAME = "meta.json";

/** Name of the member that holds the checkpoints. */
export const CHECKPOINTS_NAMES: Readonly<Record<CheckpointEncoding, string>> = {
  npz: "anchors.npz",
  pickle: "anchors.pkl",
};

/** The contents of an artifact. */
export interface PeerMembers {
  /** Text of the metadata. */
  readonly meta: string;
  /** Contents of `anchors.npz` or `anchors.pkl`. */
  readonly checkpoints: Uint8Array;
  /** Which of the two it is. */
  readonly encoding: CheckpointEncoding;
}

/** Reads the two members of an artifact. */
export function readMembers(file: Uint8Array): PeerMembers {
  if (file.length > PEER_FILE_BYTES_MAX) {
    throw damaged(`it has ${file.length} bytes, more than ${PEER_FILE_BYTES_MAX}`);
  }
  const members = readZip(file, {
    what: "itself",
    membersMax: 2,
    totalBytesMax: PEER_META_BYTES_MAX + PEER_CHECKPOINTS_BYTES_MAX,
    memberBytesMax(name) {
      if (name === META_NAME) return PEER_META_BYTES_MAX;
      return Object.values(CHECKPOINTS_NAMES).includes(name)
        ? PEER_CHECKPOINTS_BYTES_MAX
        : undefined;
    },
  });
  const metaBytes = members.get(META_NAME);
  if (metaBytes === undefined) throw damaged(`it has no ${META_NAME}`);
  for (const encoding of ["npz", "pickle"] as const) {
    const checkpoints = members.get(CHECKPOINTS_NAMES[encoding]);
    if (checkpoints !== undefined) return { meta: decodeMeta(metaBytes), checkpoints, encoding };
  }
  throw damaged("it has no checkpoints");
}

/** The `.npy` files in an `.npz`, the checkpoint of block j at index j. */
export function readNpzMembers(file: Uint8Array, count: number): Uint8Array[] {
  const members = readZip(file, {
    what: CHECKPOINTS_NAMES.npz,
    membersMax: PEER_CHECKPOINTS_MAX,
    totalBytesMax: PEER_CHECKPOINTS_BYTES_MAX,
    memberBytesMax: (name) =>
      /^(?:0|[1-9]\d*)\.npy$/.test(name) ? PEER_CHECKPOINTS_BYTES_MAX : undefined,
  });
  if (members.size !== count) {
    throw damaged(`it has ${members.size} checkpoints where its metadata asks for ${count}`);
  }
  return Array.from({ length: count }, (_, block) => {
    const member = members.get(npyName(block));
    if (member === undefined) throw damaged(`it has no checkpoint of block ${block}`);
    return member;
  });
}

/** Name of the member of an `.npz` that holds the checkpoint of a block. */
export function npyName(block: number): string {
  return `${block}.npy`;
}

function decodeMeta(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw damaged("its metadata is not UTF-8", { cause: error });
  }
}
