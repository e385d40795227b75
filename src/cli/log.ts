/**
 * `rewind log`: the tree of runs and branches in a folder.
 *
 * @module
 */

import { type ArtifactInfo, openRecord } from "../artifact/open_record.ts";
import { escapeText } from "../text/escape_text.ts";
import { defineCommand } from "./command.ts";
import { describeError } from "./error_report.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { JSON_OPTION, optionalOperand } from "./options.ts";
import type { Output } from "./output.ts";
import { byteText, counted } from "./table.ts";
import { integerJson } from "./print_values.ts";

/** The verb. */
export const command = defineCommand({
  operands: { folder: optionalOperand("folder") },
  options: { json: JSON_OPTION },
  details: ["Reads every .replay file in the folder, by default the current one. Runs no code."],
  examples: [
    { command: "rewind log", note: "Show the runs of the current folder" },
    { command: "rewind log runs --json", note: "Print those of another folder as JSON" },
  ],
  async run({ folder = ".", json }, { output }) {
    const names = [];
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && entry.name.endsWith(".replay")) names.push(entry.name);
    }
    const entries: Entry[] = [];
    for (const name of names.sort()) {
      try {
        entries.push({ name, info: (await openRecord(`${folder}/${name}`)).info, children: [] });
      } catch (error) {
        output.note(`warning: ${describeError(error, name)}`);
      }
    }
    const roots = makeTree(entries);
    if (json) {
      output.json(entries.map(entryJson));
      return EXIT_OK;
    }
    if (roots.length === 0) output.note(`no .replay files in ${escapeText(folder)}`);
    printTree(output, roots);
    return EXIT_OK;
  },
});

interface Entry {
  readonly name: string;
  readonly info: ArtifactInfo;
  readonly children: Entry[];
}

function entryJson({ name, info }: Entry): Record<string, unknown> {
  return {
    file: name,
    contentHash: info.contentHash,
    parentHash: info.parentHash ?? null,
    branchPoint: info.branchPoint ?? null,
    steps: info.steps,
    seed: integerJson(info.seed),
    failure: info.failure ?? null,
  };
}

function printTree(output: Output, roots: readonly Entry[]): void {
  const draw = (entry: Entry, first: string, next: string): void => {
    output.line(first + describe(entry, roots.includes(entry)));
    entry.children.forEach((child, i) => {
      const last = i === entry.children.length - 1;
      draw(child, `${next}${last ? "└─ " : "├─ "}`, `${next}${last ? "   " : "│  "}`);
    });
  };
  for (const root of roots) draw(root, "", "");
}

/** Hangs every branch under its parent; gives back the entries without a parent here. */
function makeTree(entries: readonly Entry[]): Entry[] {
  const byHash = new Map<string, Entry>();
  for (const entry of entries) {
    if (!byHash.has(entry.info.contentHash)) byHash.set(entry.info.contentHash, entry);
  }
  const roots: Entry[] = [];
  for (const entry of entries) {
    const parent = entry.info.parentHash === undefined
      ? undefined
      : byHash.get(entry.info.parentHash);
    if (parent === undefined || parent === entry) roots.push(entry);
    else parent.children.push(entry);
  }
  for (const entry of entries) {
    entry.children.sort((a, b) => a.info.branchPoint! - b.info.branchPoint!);
  }
  return roots;
}

function describe({ name, info }: Entry, isRoot: boolean): string {
  const parent = !isRoot
    ? ""
    : info.parentHash === undefined
    ? " of an unsaved run"
    : ` of ${info.parentHash.slice(0, 8)}, which is not here`;
  const parts = [
    escapeText(name),
    ...(info.branchPoint === undefined ? [] : [`at ${info.branchPoint}${parent}`]),
    counted(info.steps, "step"),
    `seed ${info.seed}`,
    info.contentHash.slice(0, 8),
    byteText(info.fileBytes),
    ...(info.failure === undefined ? [] : [`failed at ${info.failure.t}`]),
  ];
  return parts.join("  ");
}
