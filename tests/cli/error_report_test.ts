import { assertEquals, assertMatch } from "@std/assert";
import {
  ArgumentRangeError,
  ArgumentSyntaxError,
  ArgumentTypeError,
  ArtifactIntegrityError,
  InvariantError,
  NondeterministicStepError,
  SandboxError,
  StateEncodingError,
  StepError,
  UnsafeArtifactError,
} from "../../src/errors.ts";
import { reportError } from "../../src/cli/error_report.ts";
import type { Output } from "../../src/cli/output.ts";
import { InputError, UsageError } from "../../src/cli/usage_error.ts";

/** Reports an error for `rewind get run.replay`; gives the exit code and what was written. */
function report(error: unknown): [code: number, text: string] {
  const lines: string[] = [];
  const output = {
    note: (text: string) => lines.push(text),
    problem: (text: string) => lines.push(text),
  } as unknown as Output;
  return [reportError(error, output, { verb: "get", file: "run.replay" }), lines.join("\n")];
}

Deno.test("reportError() gives every error its exit code and one line", () => {
  const cases: [unknown, number, string][] = [
    [new InputError("a\nb\x1b"), 2, "a\nb\\x1b"],
    [new InputError("a", { hint: "b\x1b" }), 2, "a\nhint: b\\x1b"],
    [new ArgumentRangeError("Cannot read step 5"), 2, "Cannot read step 5"],
    [new ArgumentTypeError("Cannot map field: it is odd"), 2, "Cannot map field: it is odd"],
    [new ArgumentSyntaxError("Cannot: x", { hint: "y" }), 2, "Cannot: x\nhint: y"],
    [new StepError(3, "Cannot make state 3\n"), 2, "Cannot make state 3\\n"],
    [new StateEncodingError("state.x", "is a function"), 2, "state.x is a function"],
    [new ArtifactIntegrityError("Cannot read it"), 2, "run.replay: Cannot read it"],
    [
      new ArtifactIntegrityError("Cannot read the .replay file: it is cut short", {
        hint: "copy it",
      }),
      2,
      "Cannot read 'run.replay': it is cut short\nhint: copy it",
    ],
    [new UnsafeArtifactError("Cannot run it"), 3, "run.replay: Cannot run it"],
    [new NondeterministicStepError(1, "Cannot certify"), 1, "Cannot certify"],
    [new SandboxError("refused", "Cannot load it"), 2, "Cannot load it"],
    [new SandboxError("permission", "Cannot start it"), 2, "Cannot start it"],
    [new SandboxError("timeout", "Cannot go on"), 3, "Cannot go on"],
    [new SandboxError("memory", "Cannot go on"), 3, "Cannot go on"],
    [new SandboxError("protocol", "Cannot trust it"), 3, "Cannot trust it"],
    [new SandboxError("aborted", "Cannot go on"), 130, "interrupted"],
    [new DOMException("Interrupted", "AbortError"), 130, "interrupted"],
    ["thrown \x07 text", 2, "thrown \\x07 text"],
    [
      Object.assign(new Error("open 'x.replay'"), { code: "ENOENT" }),
      2,
      "Cannot open 'x.replay': there is no such file or folder",
    ],
    [
      Object.assign(new Error("read"), { code: "EISDIR" }),
      2,
      "Cannot open 'run.replay': it is a folder",
    ],
    [
      new Deno.errors.NotCapable(
        'Requires read access to "x", run again with the --allow-read flag',
      ),
      2,
      'Cannot go on without read access to "x"\nhint: run rewind with --allow-read',
    ],
  ];
  for (const [error, code, text] of cases) assertEquals(report(error), [code, text]);
});

Deno.test("reportError() points to the help of the verb for wrong usage", () => {
  assertEquals(report(new UsageError("what")), [2, "what\nhint: see 'rewind get --help'"]);
  assertEquals(report(new UsageError("what", { hint: "do that" })), [2, "what\nhint: do that"]);
});

Deno.test("reportError() shows where a defect of rewind itself lies", () => {
  for (
    const error of [
      new InvariantError("a block has no end"),
      new TypeError("Cannot read properties of undefined (reading 'x')"),
      new TypeError("Cannot destructure property 'a' of 'b': it is undefined."),
      new RangeError("Invalid array length"),
      new SyntaxError("Unexpected token"),
      new Error("of no kind that rewind raises"),
      new ReferenceError("y is not defined"),
    ]
  ) {
    assertMatch(report(error)[1], /\n +at .*error_report_test\.ts/);
  }
});
