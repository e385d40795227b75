/**
 * Prints a divergence, and writes its page.
 *
 * @module
 */

import { join } from "shlex";
import { TOOL } from "../artifact/tool_version.ts";
import type { SandboxedDivergence } from "../sandbox/host/diverge_sandboxed.ts";
import { printable } from "../text/printable.ts";
import {
  divergenceJson,
  divergenceLines,
  divergenceNotes,
  type SideNames,
} from "../testing/divergence_report.ts";
import type { Output } from "./output.ts";
import { writeOutput } from "./output_path.ts";

/** How and where to. */
export interface DivergencePrint {
  /** The streams. */
  readonly output: Output;
  /** Whether to print JSON. */
  readonly json: boolean;
  /** The page to write, if one is asked for. */
  readonly page: string | undefined;
  /** Whether it may replace another file. */
  readonly force: boolean;
  /** What was compared, as a person named it. */
  readonly files: { readonly before: string; readonly after: string };
  /** What the two are called in sentences. */
  readonly names: SideNames;
}

/** Prints a divergence as a person or a script reads it. */
export async function printDivergence(
  found: SandboxedDivergence,
  { output, json, page, force, files, names }: DivergencePrint,
): Promise<void> {
  const lines = divergenceLines(found, names);
  const notes = divergenceNotes(found, names);
  if (json) output.json(divergenceJson(found));
  else for (const line of lines) output.line(line);
  for (const note of notes) output.note(note);
  if (page === undefined) return;
  const { renderDivergencePage } = await import("../view/divergence_page.ts");
  const commands = commandsOf(found, files.before);
  const text = renderDivergencePage({ found, lines, notes, files, commands, tool: TOOL });
  writeOutput(page, new TextEncoder().encode(`${text}\n`), { force });
  output.note(`wrote ${printable(page)}`);
}

function commandsOf({ t }: SandboxedDivergence, file: string): [string, string][] {
  if (t === undefined || t === 0) return [];
  const name = file.startsWith("-") ? `./${file}` : file;
  return [
    ["See the draws of the recorded step", join(["rewind", "trace", name, `${t}`])],
    ["See the state before it", join(["rewind", "get", name, `${t - 1}`])],
    ["Stop in it with a debugger", join(["rewind", "debug", name, `${t}`])],
  ];
}
