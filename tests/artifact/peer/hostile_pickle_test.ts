import { assert, assertThrows } from "@std/assert";
import { ArtifactIntegrityError, UnsafeArtifactError } from "../../../src/errors.ts";
import { readPeerArtifact } from "../../../src/artifact/peer/read_peer.ts";
import { join, pickleArtifact } from "./hostile.ts";

const DTYPE =
  "\x8c\x05numpy\x8c\x05dtype\x93\x8c\x02f8\x89\x88\x87R(K\x03\x8c\x01<NNNJ\xff\xff\xff\xffJ" +
  "\xff\xff\xff\xffK\x00tb";
const SCALAR = "\x8c\x16numpy._core.multiarray\x8c\x06scalar\x93";
const FROMBUFFER = "\x8c\x13numpy._core.numeric\x8c\x0b_frombuffer\x93";
const EIGHT = "C\x08\0\0\0\0\0\0\0\0";

/** A dict with the one checkpoint 0 that `value` leaves on the stack. */
function dictOf(value: string): string {
  return `\x80\x05}K\x00${value}s.`;
}

function assertUnsafe(pickle: string, asksFor: string): void {
  assertThrows(() => readPeerArtifact(pickleArtifact(pickle)), UnsafeArtifactError, asksFor);
}

function assertDamaged(pickle: Uint8Array | string, why: string): void {
  assertThrows(() => readPeerArtifact(pickleArtifact(pickle)), ArtifactIntegrityError, why);
}

Deno.test("readPeerArtifact() reads what the hostile pickles are variations of", () => {
  // The hash is wrong on purpose; that it is all that is wrong shows that the parts are right.
  for (const value of ["K\x01", `${SCALAR}${DTYPE}${EIGHT}\x86R`]) {
    assertDamaged(dictOf(value), "its content hash is");
  }
  assertDamaged(
    dictOf(`${FROMBUFFER}(${EIGHT}${DTYPE}K\x01\x85\x8c\x01CtR`),
    "its content hash is",
  );
});

Deno.test("readPeerArtifact() names every global that a pickle asks for", () => {
  assertUnsafe(dictOf("cos\nsystem\n\x8c\x04true\x85R"), "the pickle asks for os.system");
  assertUnsafe(dictOf("\x8c\x02os\x8c\x06system\x93"), "the pickle asks for os.system");
  assertUnsafe(dictOf("c__builtin__\neval\n"), "the pickle asks for __builtin__.eval");
  assertUnsafe(dictOf("cbuiltins\nbytearray\n"), "the pickle asks for builtins.bytearray");
  assertUnsafe(dictOf("cnumpy.core.multiarray\nfromstring\n"), "numpy.core.multiarray.fromstring");
  assertUnsafe(dictOf("cnumpy.dtype\n\n"), "the pickle asks for numpy.dtype.");
  assertUnsafe(dictOf("cx\ny\x1b[31m\n"), "the pickle asks for x.y?[31m");
  assertUnsafe(dictOf(`c${"a".repeat(5000)}\nb\n`), `${"a".repeat(200)}...`);
});

Deno.test("readPeerArtifact() refuses every opcode that makes or fetches something", () => {
  assertUnsafe(dictOf("Pname\n"), "PERSID");
  assertUnsafe(dictOf("NQ"), "BINPERSID");
  assertUnsafe(dictOf("(imodule\nname\n"), "INST");
  assertUnsafe(dictOf("(No"), "OBJ");
  assertUnsafe(dictOf("N)\x81"), "NEWOBJ");
  assertUnsafe(dictOf("N)}\x92"), "NEWOBJ_EX");
  assertUnsafe(dictOf("\x82\x01"), "EXT1");
  assertUnsafe(dictOf("\x83\x01\x00"), "EXT2");
  assertUnsafe(dictOf("\x84\x01\x00\x00\x00"), "EXT4");
  assertUnsafe(dictOf("\x97"), "NEXT_BUFFER");
  assertUnsafe(dictOf("\x98"), "READONLY_BUFFER");
  assertUnsafe(dictOf("N)R"), "a call of something that has no name");
  assertUnsafe(dictOf("N}b"), "BUILD");
  assertUnsafe(dictOf("}}b"), "BUILD");
});

Deno.test("readPeerArtifact() takes NumPy's calls with arguments of one shape only", () => {
  assertUnsafe(dictOf("cnumpy\ndtype\n\x8c\x02f8\x85R"), "numpy.dtype with arguments");
  assertUnsafe(dictOf("cnumpy\nndarray\nK\x01\x85R"), "numpy.ndarray with arguments");
  assertUnsafe(dictOf(`${SCALAR}${DTYPE}C\x01\0\x86R`), "multiarray.scalar with arguments");
  assertUnsafe(dictOf(`${SCALAR}N${EIGHT}\x86R`), "multiarray.scalar with arguments");
  assertUnsafe(dictOf(`${FROMBUFFER}(${EIGHT}${DTYPE}K\x01\x85\x8c\x01KtR`), "_frombuffer with");
  assertUnsafe(dictOf(`${DTYPE}(tb`), "BUILD");
  assertUnsafe(dictOf(DTYPE), "one of them holds numpy.dtype itself");
  assertUnsafe(dictOf("cnumpy\nndarray\n"), "one of them holds numpy.ndarray itself");
  assertDamaged(dictOf(DTYPE.replace("f8", "O8")), "holds NumPy's dtype 'O8'");
  assertDamaged(dictOf(DTYPE.replace("f8", "V8")), "holds NumPy's dtype 'V8'");
  assertDamaged(dictOf(`${FROMBUFFER}(${EIGHT}${DTYPE}K\x02\x85\x8c\x01CtR`), "has 8 bytes, not");
  assertDamaged(
    dictOf(`${FROMBUFFER}(${EIGHT}${DTYPE}M\xff\xffM\xff\xffM\xff\xffM\xff\xff(tt\x8c\x01CtR`),
    "",
  );
  assertDamaged(
    dictOf(`${FROMBUFFER}(${EIGHT}${DTYPE}J\xff\xff\xff\xff\x85\x8c\x01CtR`),
    "not those",
  );
});

Deno.test("readPeerArtifact() refuses damaged pickles with one reason each", () => {
  assertDamaged("", "is cut short");
  assertDamaged("\x80\x06N.", "unknown protocol");
  assertDamaged("\x80\x05\xff", "unknown opcode 255");
  assertDamaged("\x80\x05N0.", "does not end with one value");
  assertDamaged("\x80\x050.", "lacks a value");
  assertDamaged("\x80\x051.", "lacks a mark");
  assertDamaged("\x80\x05N2.", "opcode DUP");
  assertDamaged("\x80\x05S'a'\n.", "opcode STRING");
  assertDamaged("\x80\x05N.N", "goes on after its end");
  assertDamaged("\x80\x05.", "does not end with one value");
  assertDamaged("\x80\x05NN.", "does not end with one value");
  assertDamaged("\x80\x05(N.", "does not end with one value");
  assertDamaged("\x80\x05N.", "no dict of checkpoints");
  assertDamaged("\x80\x05a.", "lacks a value");
  assertDamaged("\x80\x05N(a.", "lacks a value");
  assertDamaged("\x80\x05t.", "lacks a mark");
  assertDamaged("\x80\x05h\x00.", "recalls value 0");
  assertDamaged("\x80\x05gx\n.", "memo key that is no number");
  assertDamaged("\x80\x05NNa.", "appends to what is no list");
  assertDamaged("\x80\x05)Na.", "appends to what is no list");
  assertDamaged("\x80\x05]NNs.", "sets an item of what is no dict");
  assertDamaged("\x80\x05}(Nu.", "key without a value");
  assertDamaged("\x80\x05](N\x90.", "adds to what is no set");
  assertDamaged("\x80\x05\x8c\x01\xff.", "text that has no counterpart");
  assertDamaged("\x80\x05\x8c\x06\xed\xa0\xbd\xed\xb8\x80.", "text that has no counterpart");
  assertDamaged("\x80\x05I0x1\n.", "integer that is none");
  assertDamaged("\x80\x05Fx\n.", "float that is none");
  assertDamaged("\x80\x05V\\u12\n.", "bad escape");
  assertDamaged("\x80\x05V\\Uffffffff\n.", "bad escape");
  assertDamaged("\x80\x05NN\x93.", "names something by other than text");
});

Deno.test("readPeerArtifact() refuses checkpoints that are not one per block", () => {
  assertDamaged("\x80\x05}.", "has 0 checkpoints");
  assertDamaged("\x80\x05}K\x01Ns.", "not numbered from 0");
  assertDamaged("\x80\x05}\x8c\x010Ns.", "not numbered from 0");
  assertThrows(
    () => readPeerArtifact(pickleArtifact("\x80\x05}(K\x00NK\x00Nu.", { n_steps: 2 })),
    ArtifactIntegrityError,
    "not numbered from 0",
  );
});

Deno.test("readPeerArtifact() refuses what no dict or set of Python holds", () => {
  assertDamaged(dictOf("}]Ns"), "a key that Python cannot hash");
  assertDamaged(dictOf("\x8f(}\x90"), "a key that Python cannot hash");
  assertDamaged(dictOf("}(K\x01NK\x01Nu"), "one key twice");
  assertDamaged(dictOf("\x8f(K\x01K\x01\x90"), "one value twice");
});

Deno.test("readPeerArtifact() checks lengths before it takes memory", () => {
  const huge = "\xff\xff\xff\x7f";
  assertDamaged(dictOf(`B${huge}x`), "is cut short");
  assertDamaged(dictOf(`X${huge}x`), "is cut short");
  assertDamaged(dictOf(`\x8e${huge}\0\0\0\x01x`), "is cut short");
  assertDamaged(dictOf(`\x8d${"\xff".repeat(8)}x`), "is cut short");
  assertDamaged(dictOf(`\x96${"\xff".repeat(8)}x`), "is cut short");
  assertDamaged(dictOf(`\x95${"\xff".repeat(8)}x`), "is cut short");
  assertDamaged(dictOf(`\x8b${huge}x`), "integer of 2147483647 bytes");
  assertDamaged(dictOf(`L${"9".repeat(5000)}L\n`), "integer that is none");
  // Matching patterns against these took time that grows with the square of their length
  assertDamaged(dictOf(`F${"1".repeat(900_000)}\n`), "float that is none");
  assertDamaged(dictOf(`F${"1".repeat(900_000)}x\n`), "float that is none");
  assertDamaged(dictOf("F-1.7976931348623157e+308\n"), "its content hash is");
});

Deno.test("readPeerArtifact() refuses nesting that Python's pickler does not reach", () => {
  assertDamaged(dictOf("]".repeat(100_000) + "a".repeat(99_999)), "nested deeper than 900");
  assertDamaged(dictOf(`${")"}${"\x85".repeat(100_000)}`), "nested deeper than 900");
  assertDamaged(dictOf("]".repeat(1000) + "a".repeat(999)), "nested deeper than 900");
  assertDamaged(dictOf("]".repeat(900) + "a".repeat(899)), "its content hash is");
});

Deno.test("readPeerArtifact() reads cycles, also through tuples that were taken back from the stack", () => {
  assertDamaged(dictOf("]\x94h\x00a"), "its content hash is");
  assertDamaged(dictOf("}\x94K\x01h\x00s"), "its content hash is");
  // t = ([t],), as Python writes it.
  assertDamaged(dictOf("]\x94h\x00\x85\x94a0h\x01"), "its content hash is");
  assertDamaged(dictOf("(]\x94(h\x00NNNt\x94aNNN1h\x01"), "its content hash is");
});

Deno.test("readPeerArtifact() bounds what shared parts unfold to", () => {
  // Each holds the one before it ten times: 10^12 values of 100 bytes of pickle. Lists are shared in the
  // state as well; tuples are not.
  const tower = (open: string, close: string): string => {
    let pickle = `${open}${close}\x94`;
    for (let level = 1; level < 12; level++) {
      pickle += `${open}${`h${String.fromCharCode(level - 1)}`.repeat(10)}${close}\x94`;
    }
    return pickle;
  };
  assertDamaged(dictOf(`(${tower("](", "e")}t`), "its content hash is");
  assertDamaged(dictOf(`(${tower("(", "t")}t`), "bytes once written out");
  const text = join("X\0\0\x10\0", new Uint8Array(2 ** 20).fill(0x61), "\x94");
  assertDamaged(
    join("\x80\x05}K\x00(", text, "h\0".repeat(10_000), "ts."),
    "bytes once written out",
  );
});

Deno.test("readPeerArtifact() bounds the number of values in a pickle", () => {
  const many = new Uint8Array(2 ** 21 + 10).fill(0x4e);
  assertDamaged(join("\x80\x05}K\x00(", many, "ts."), "more than 2097152 values");
  const marks = new Uint8Array(2 ** 21 + 10).fill(0x28);
  assertDamaged(join("\x80\x05", marks), "more than 2097152 values");
});

Deno.test("readPeerArtifact() gives keys no power over prototypes", () => {
  const pickle = dictOf("}\x8c\x09__proto__}\x8c\x08pollutedK\x01ss");
  assertDamaged(pickle, "its content hash is");
  assert(!("polluted" in {}));
});
