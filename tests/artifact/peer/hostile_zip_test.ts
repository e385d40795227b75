import { assertEquals, assertThrows } from "@std/assert";
import { ArtifactIntegrityError, UnsafeArtifactError } from "../../../src/errors.ts";
import { readPeerArtifact } from "../../../src/artifact/peer/read_peer.ts";
import { readZip } from "../../../src/artifact/peer/read_zip.ts";
import { writeZip } from "../../../src/artifact/peer/write_zip.ts";
import { join, latin1, metaText, npzArtifact, pickleArtifact } from "./hostile.ts";

const PICKLE = "\x80\x05}K\x00Ns.";
const CENTRAL = "PK\x01\x02";
const END = "PK\x05\x06";

function good(): Uint8Array<ArrayBuffer> {
  return pickleArtifact(PICKLE);
}

/** Offset of the `count`th place where some text is, from 0. */
function find(file: Uint8Array, text: string, count = 0): number {
  let at = -1;
  const binary = String.fromCharCode(...file);
  for (let i = 0; i <= count; i++) at = binary.indexOf(text, at + 1);
  return at;
}

/** The good artifact with bytes put at an offset from a place. */
function patched(text: string, offset: number, bytes: number[], count = 0): Uint8Array {
  const file = good();
  file.set(bytes, find(file, text, count) + offset);
  return file;
}

function assertDamaged(file: Uint8Array, why: string): void {
  assertThrows(() => readPeerArtifact(file), ArtifactIntegrityError, why);
}

Deno.test("readPeerArtifact() reads what the hostile zips are variations of", () => {
  assertDamaged(good(), "its content hash is");
});

Deno.test("readPeerArtifact() refuses zips that are cut short or continued", () => {
  assertDamaged(good().slice(0, -1), "end record");
  assertDamaged(join(good(), "x"), "end record");
  assertDamaged(join("x", good()), "its directory does not end");
  assertDamaged(new Uint8Array(), "end record");
  assertDamaged(latin1("PK\x03\x04"), "end record");
});

Deno.test("readPeerArtifact() refuses names that it does not know, wherever they lead", () => {
  for (
    const name of ["../evil", "/etc/passwd", "C:\\x", "meta.json/..", "META.JSON", "", "a\0b", "é"]
  ) {
    const file = writeZip(
      [
        { name: "meta.json", bytes: latin1(metaText()) },
        { name: "anchors.pkl", bytes: latin1(PICKLE) },
      ].map((member, i) => i === 1 ? { ...member, name } : member),
      { compress: true },
    );
    assertThrows(
      () => readPeerArtifact(file),
      ArtifactIntegrityError,
      name === "é" || name === "a\0b" ? "not ASCII" : "has a member",
    );
  }
});

Deno.test("readPeerArtifact() refuses members that are there twice, missing, or too many", () => {
  const meta = { name: "meta.json", bytes: latin1(metaText()) };
  const pickle = { name: "anchors.pkl", bytes: latin1(PICKLE) };
  const zip = (...members: { name: string; bytes: Uint8Array }[]) =>
    writeZip(members, { compress: true });
  assertDamaged(zip(meta, meta), "has 'meta.json' twice");
  assertDamaged(zip(pickle, pickle), "has 'anchors.pkl' twice");
  assertDamaged(zip(meta), "no checkpoints");
  assertDamaged(zip(pickle), "no meta.json");
  assertDamaged(zip(), "no meta.json");
  assertDamaged(zip(meta, pickle, { ...pickle, name: "anchors.npz" }), "has 3 members");
});

Deno.test("readPeerArtifact() refuses encrypted, streamed, split and unknown members", () => {
  assertDamaged(patched(CENTRAL, 8, [1]), "is encrypted");
  assertDamaged(patched(CENTRAL, 8, [8]), "written as a stream");
  assertDamaged(patched(CENTRAL, 9, [0x80]), "unknown flags");
  assertDamaged(patched(CENTRAL, 10, [12]), "by method 12");
  assertDamaged(patched(CENTRAL, 34, [1]), "another zip version or disk");
  assertDamaged(patched(CENTRAL, 6, [99]), "another zip version or disk");
  assertDamaged(patched(END, 4, [1]), "several disks");
  assertDamaged(patched(END, 8, [3]), "member counts differ");
  assertDamaged(patched(END, 20, [1]), "comment");
});

Deno.test("readPeerArtifact() refuses local headers that say other than the directory", () => {
  const local = "PK\x03\x04";
  for (const offset of [6, 8, 14, 18, 22, 30]) {
    assertDamaged(patched(local, offset, [0x77], 1), "");
  }
  assertDamaged(patched("anchors.pkl", 0, latin1("anchors.npz") as unknown as number[]), "differs");
  assertDamaged(patched(local, 0, [0], 1), "no local header");
  assertDamaged(patched(local, 18, [255, 255, 255, 255, 255, 255, 255, 255], 1), "zip64 extra");
});

Deno.test("readPeerArtifact() refuses overlaps and gaps", () => {
  // Both entries of the directory lead to the first member.
  assertDamaged(patched(CENTRAL, 42, [0, 0], 1), "starts at byte 0 where byte");
  assertDamaged(patched(CENTRAL, 42, [5], 0), "where byte 0 is next");
  const file = good();
  const at = find(file, CENTRAL);
  const gap = join(file.slice(0, at), "hidden", file.slice(at));
  new DataView(gap.buffer).setUint32(gap.length - 6, at + 6, true);
  assertDamaged(gap, "bytes that belong to no member");
});

Deno.test("readPeerArtifact() checks every member's checksum", () => {
  const file = good();
  const local = find(file, "PK\x03\x04", 1);
  const central = find(file, CENTRAL, 1);
  file[local + 14]! ^= 1;
  file[central + 16]! ^= 1;
  assertDamaged(file, "checksum of 'anchors.pkl'");
});

Deno.test("readPeerArtifact() refuses bombs without inflating them", () => {
  const zeros = new Uint8Array(2 ** 20);
  // A true size above the bound.
  assertDamaged(patched(CENTRAL, 24, [0, 0, 0, 0x40], 1), "more than 67108864");
  // A size that deflate cannot reach from so few bytes.
  assertDamaged(patched(CENTRAL, 24, [0, 0, 0x10, 0], 1), "cannot have 1048576 bytes");
  // A stream that gives more than it says.
  const bomb = pickleArtifact(zeros);
  for (const at of [find(bomb, "PK\x03\x04", 1) + 22, find(bomb, CENTRAL, 1) + 24]) {
    new DataView(bomb.buffer).setUint32(at, 1000, true);
  }
  assertDamaged(bomb, "inflates to more than the 1000 bytes");
  const short = pickleArtifact(zeros);
  for (const at of [find(short, "PK\x03\x04", 1) + 22, find(short, CENTRAL, 1) + 24]) {
    new DataView(short.buffer).setUint32(at, 2 ** 20 + 1, true);
  }
  assertDamaged(short, "inflates to 1048576 bytes where its header says 1048577");
});

Deno.test("readPeerArtifact() refuses damaged compressed data", () => {
  const file = good();
  const data = find(file, "anchors.pkl") + "anchors.pkl".length;
  file[data] = 0xff;
  assertDamaged(file, "compressed data of 'anchors.pkl' is damaged");
});

Deno.test("readPeerArtifact() refuses metadata with one reason each", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ name: "other" }, "not of format version 1"],
    [{ format_version: 2 }, "not of format version 1"],
    [{ format_version: undefined }, "not of format version 1"],
    [{ seed_derivation: "sha256" }, "not derived by"],
    [{ n_steps: 0 }, "'n_steps' in its metadata is not at least 1"],
    [{ n_steps: -1 }, "'n_steps' in its metadata is not an integer"],
    [{ n_steps: 1.5 }, "'n_steps' in its metadata is not an integer"],
    [{ n_steps: "1" }, "'n_steps'"],
    [{ n_steps: 2 ** 53 }, "'n_steps'"],
    [{ n_steps: 2 ** 40 }, "more than 1048576 checkpoints"],
    [{ block_size: 0 }, "'block_size'"],
    [{ block_size: undefined }, "'block_size'"],
    [{ backend: "torch" }, "'backend' in its metadata is not one of python, numpy"],
    [{ master_seed: 1.5 }, "'master_seed'"],
    [{ master_seed: null }, "'master_seed'"],
    [{ content_hash: "00" }, "'content_hash'"],
    [{ content_hash: undefined }, "'content_hash'"],
    [{ parent_hash: "x" }, "'parent_hash'"],
    [{ branch_point: -1 }, "'branch_point'"],
    [{ observed: [] }, "'observed'"],
    [{ observed: { x: 1 } }, "'observed'"],
    [{ observed: { x: { count: 1, mean: "1" } } }, "'observed'"],
    [{ observed: { x: { count: 1, mean: [1], covariance: 1 } } }, "'covariance'"],
    [{ step_id: 1 }, "'step_id'"],
    [{ anchor_encoding: "npz" }, "announces checkpoints as npz"],
    [{ anchor_encoding: "json" }, "'anchor_encoding'"],
  ];
  for (const [changes, why] of cases) assertDamaged(pickleArtifact(PICKLE, changes), why);
});

Deno.test("readPeerArtifact() refuses an .npz that is wrong", () => {
  const npy = (descr: string, shape: string, bytes: number) =>
    join(
      "\x93NUMPY\x01\0\x76\0",
      `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + "\n",
      new Uint8Array(bytes),
    );
  const of = (...files: [string, Uint8Array][]) =>
    npzArtifact(files.map(([name, bytes]) => ({ name, bytes })));
  assertDamaged(of(["0.npy", npy("'<f8'", "(1,)", 8)]), "its content hash is");
  assertDamaged(of(["1.npy", npy("'<f8'", "(1,)", 8)]), "no checkpoint of block 0");
  assertDamaged(of(["../0.npy", npy("'<f8'", "(1,)", 8)]), "has a member '../0.npy'");
  assertDamaged(of(["00.npy", npy("'<f8'", "(1,)", 8)]), "has a member '00.npy'");
  assertDamaged(of(), "has 0 checkpoints where its metadata asks for 1");
  assertDamaged(
    of(["0.npy", npy("'<f8'", "(1,)", 8)], ["1.npy", npy("'<f8'", "(1,)", 8)]),
    "has 2",
  );
  assertDamaged(of(["0.npy", npy("'<c16'", "(1,)", 16)]), "has the dtype '<c16'");
  assertDamaged(of(["0.npy", npy("'<f2'", "(1,)", 2)]), "has the dtype '<f2'");
  assertDamaged(of(["0.npy", npy("'<U1'", "(1,)", 4)]), "has the dtype '<U1'");
  assertDamaged(of(["0.npy", npy("[('a', '<f8')]", "(1,)", 8)]), "has the dtype [('a', '<f8')]");
  assertDamaged(
    of(["0.npy", npy("'<f8'", "(2,)", 8)]),
    "has 8 bytes of elements, not those of (2,)",
  );
  assertDamaged(of(["0.npy", npy("'<f8'", "(1,)", 9)]), "has 9 bytes of elements");
  assertDamaged(of(["0.npy", npy("'<f8'", "(99999999, 99999999)", 8)]), "not those of");
  assertDamaged(of(["0.npy", npy("'<f8'", "(9999999999999999, 0, 9)", 8)]), "no");
  assertDamaged(of(["0.npy", npy("'|b1'", "(1,)", 1).fill(2, 128)]), "neither true nor false");
  assertDamaged(of(["0.npy", latin1("\x93NUMPY\x04\0")]), ".npy version 4");
  assertDamaged(of(["0.npy", latin1("NUMPY")]), "no .npy file");
  assertDamaged(of(["0.npy", npy("'<f8'", "(1,)", 8).slice(0, 50)]), "cut short");
  assertDamaged(of(["0.npy", npy("eval('1')", "(1,)", 8)]), "header that NumPy does not write");
  assertThrows(
    () => readPeerArtifact(of(["0.npy", npy("'|O'", "(1,)", 8)])),
    UnsafeArtifactError,
    "holds Python objects",
  );
});

Deno.test("readZip() reads more members than 16 bits count", () => {
  const members = Array.from({ length: 65_600 }, (_, i) => ({
    name: `${i}`,
    bytes: Uint8Array.of(i & 255),
  }));
  const options = {
    what: "it",
    membersMax: 100_000,
    totalBytesMax: 2 ** 20,
    memberBytesMax: () => 10,
  };
  const file = writeZip(members, { compress: false });
  const read = readZip(file, options);
  assertEquals(read.size, members.length);
  assertEquals(read.get("65599"), Uint8Array.of(65599 & 255));
  for (const [offset, why] of [[24, "two end records differ"], [4, "inconsistent"]] as const) {
    const damaged = file.slice();
    damaged[damaged.length - 22 - 20 - 56 + offset]! ^= 1;
    assertThrows(() => readZip(damaged, options), ArtifactIntegrityError, why);
  }
});
