import { assertEquals, assertThrows } from "@std/assert";
import { joinCommand, splitCommand } from "../../../src/training/command/command_words.ts";
import fc from "fast-check";

// Expected words are those of dash 0.5.12: for w in TEXT; do printf '%s\n' "$w"; done
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["python train.py --seed 5", ["python", "train.py", "--seed", "5"]],
  [`p "a b" 'c d' e\\ f`, ["p", "a b", "c d", "e f"]],
  [`p a'b'"c"d`, ["p", "abcd"]],
  [`p '' ""`, ["p", "", ""]],
  ["p x # --seed 5", ["p", "x"]],
  ["p x#y '# z'", ["p", "x#y", "# z"]],
  [`p 'a\\\\b'"c"`, ["p", "a\\\\bc"]],
  [`p a\\\\\\\\"x"`, ["p", "a\\\\x"]],
  [`p "a\\\\\\\\""x"`, ["p", "a\\\\x"]],
  [`p "a\\nb" "a\\"b" "\\$x"`, ["p", "a\\nb", 'a"b', "$x"]],
  ["p a \\\n b", ["p", "a", "b"]],
  ["p a # one\n b", ["p", "a", "b"]],
];

Deno.test("splitCommand() splits as a POSIX shell does", () => {
  for (const [text, words] of CASES) assertEquals(splitCommand(text).argv, words, text);
});

Deno.test("splitCommand() gives back what joinCommand() wrote", () => {
  fc.assert(fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
    const argv = ["program", ...words.map((word) => word.replaceAll("\uFDD0", ""))];
    assertEquals(splitCommand(joinCommand(argv)).argv, argv);
  }));
});

Deno.test("splitCommand() takes leading assignments as environment", () => {
  const words = splitCommand("A=1 B='x y' python t.py C=3");
  assertEquals(words.env, { A: "1", B: "x y" });
  assertEquals(words.argv, ["python", "t.py", "C=3"]);
});

Deno.test("splitCommand() warns of what only a shell would do", () => {
  const seen = (text: string): string[] =>
    splitCommand(text).warnings.map((warning) => warning.split(" is not interpreted")[0]!);
  assertEquals(seen("a | b"), ["|"]);
  assertEquals(seen("a 'x | y' \"p > q\" x\\|y"), []);
  assertEquals(seen("train > out.txt 2>&1"), [">"]);
  assertEquals(seen("train >out.txt"), [">"]);
  assertEquals(seen("train --lr $LR --dir \"${HOME}/x\" '$NO' \\$NO"), ["$LR"]);
  assertEquals(seen('train "$(date)" `date`'), ["$(...)"]);
  assertEquals(seen("cd x && train; other &"), ["&&"]);
  assertEquals(seen("train data/*.csv ~/x 10>y # > $x"), ["*", "~", "10>"]);
  assertEquals(seen("train --price 5$ a$b --seed {seed}"), ["$b"]);
  assertEquals(seen("sh -c 'echo $X > y'"), []);
});

Deno.test("splitCommand() refuses an open quote and an empty command", () => {
  assertThrows(() => splitCommand("a 'b"), SyntaxError, "not closed");
  assertThrows(() => splitCommand("  # nothing"), SyntaxError, "names no program");
});
