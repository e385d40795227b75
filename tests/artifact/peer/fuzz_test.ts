import { assert, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ArtifactIntegrityError, UnsafeArtifactError } from "../../../src/errors.ts";
import { readPeerArtifact } from "../../../src/artifact/peer/read_peer.ts";
import { readPickle } from "../../../src/artifact/peer/data_pickle.ts";
import { readMembers } from "../../../src/artifact/peer/peer_members.ts";
import { parsePythonJson } from "../../../src/artifact/peer/python_json.ts";
import { readNpy } from "../../../src/artifact/peer/npy.ts";
import { goldenBytes } from "./golden_values.ts";
import { pickleArtifact } from "./hostile.ts";

const FILES = ["mixed", "np_0d", "np_2d", "const_dict", "const_set", "walk_fork"].map((name) =>
  goldenBytes(`python_artifacts/${name}.replay`)
);
const [MIXED, ZERO_D, TWO_D] = FILES as [Uint8Array, Uint8Array, Uint8Array];

/** Runs a reader on hostile bytes: it must return, or throw one of our errors. */
function survive(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (error instanceof ArtifactIntegrityError || error instanceof UnsafeArtifactError) return;
    throw error;
  }
}

Deno.test("readPeerArtifact() refuses every truncation", () => {
  for (const file of [ZERO_D, TWO_D]) {
    for (let length = 0; length < file.length; length++) {
      assertThrows(() => readPeerArtifact(file.subarray(0, length)), ArtifactIntegrityError);
    }
  }
});

Deno.test("readPeerArtifact() refuses every flipped byte, or it changed nothing that counts", () => {
  let accepted = 0;
  for (const original of [ZERO_D, TWO_D]) {
    for (let at = 0; at < original.length; at++) {
      const file = original.slice();
      file[at]! ^= 0xff;
      survive(() => {
        readPeerArtifact(file);
        accepted++;
      });
    }
  }
  // What remains is read by nobody: times, the versions and attributes of the two members.
  assert(accepted <= 2 * 2 * 24, `${accepted} flipped bytes were accepted`);
});

Deno.test("readPeerArtifact() survives 2,000 mutations", () => {
  const mutation = fc.tuple(
    fc.nat(FILES.length - 1),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(mutation, ([index, edits]) => {
      const file = FILES[index]!.slice();
      for (const [at, byte] of edits) file[at % file.length] = byte;
      survive(() => readPeerArtifact(file));
    }),
    { numRuns: 2000, seed: 20261121 },
  );
});

// Inside of a zip a mutation mostly meets a checksum; so each reader is also fed on its own.
Deno.test("the readers inside survive mutations that no checksum stops", () => {
  const pickles = [MIXED, ZERO_D].map((file) => readMembers(file).checkpoints);
  const npy = readMembers(TWO_D).checkpoints.subarray(55, 231);
  const meta = readMembers(MIXED).meta;
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.boolean(), edits, (which, changes) => {
      const mutate = (bytes: Uint8Array) => {
        const copy = bytes.slice();
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return copy;
      };
      const pickle = mutate(pickles[which ? 0 : 1]!);
      survive(() => readPickle(pickle));
      survive(() => readPeerArtifact(pickleArtifact(pickle, { n_steps: which ? 45 : 10 })));
      survive(() => readNpy(mutate(npy), "it"));
      const text = String.fromCharCode(...mutate(new TextEncoder().encode(meta)));
      survive(() => parsePythonJson(text));
    }),
    { numRuns: 1000, seed: 20261122 },
  );
});

Deno.test("readPickle() survives random opcodes", () => {
  const opcode = fc.constantFrom(
    ..."().BCFGIJKLMNQRVX]abcdeghijloqrstu}\x80\x81\x85\x86\x87\x88\x89\x8a\x8c\x8f\x90\x91\x93\x94\x96"
      .split("").map((character) => character.charCodeAt(0)),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: opcode }, fc.nat(255))), (codes) => {
      survive(() => readPickle(Uint8Array.from(codes)));
    }),
    { numRuns: 2000, seed: 20261123 },
  );
});
