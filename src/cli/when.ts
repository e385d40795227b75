/**
 * `rewind when`: the step that last, or first, changed a part of the state.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import {
  MISSING,
  parsePath,
  partsOf,
  pathText,
  readPath,
  type StatePath,
} from "../codec/path_reader.ts";
import { formatValue } from "../codec/format_value.ts";
import { drawsToJson, type Json, stateToJson } from "../codec/state_to_json.ts";
import { resolveRange, resolveStep } from "../engine/run_bounds.ts";
import type { Change } from "../engine/when.ts";
import { ArgumentSyntaxError } from "../errors.ts";
import { ChildLender } from "../sandbox/host/child_lender.ts";
import { traceIn } from "../sandbox/host/sandboxed_side.ts";
import {
  allChanges,
  firstChange,
  lastChange,
  type WhenSearch,
} from "../sandbox/host/when_sandboxed.ts";
import { printableLine } from "../text/printable.ts";
import { suggestion } from "../text/suggestion.ts";
import { defineCommand } from "./command.ts";
import { sideOf } from "./diverge_files.ts";
import { callText } from "../testing/divergence_report.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { flag, integer, JSON_OPTION, operand, text } from "./options.ts";
import type { Output } from "./output.ts";
import { REPLAY_OPTIONS, sandboxLimits, stepModule } from "./sandbox_options.ts";
import { grouped } from "./table.ts";
import { InputError, UsageError } from "./usage_error.ts";
import type { TraceEntry } from "../engine/types.ts";

/** Longest text of a value that is printed for people. */
const VALUE_TEXT_MAX = 200;

/** Draws of one step that are printed for people. */
const DRAWS_SHOWN_MAX = 20;

/** Names that are listed where a path is not there. */
const NAMES_LISTED_MAX = 1000;

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay"), path: operand("path") },
  options: {
    first: flag("Find the first change, not the last one"),
    all: flag("List all changes"),
    before: integer("T", "Last state to look at: its value was set there or earlier", {
      fallback: "the last state",
    }),
    from: integer("T", "First state to look at", { fallback: "0" }),
    where: text(
      "FUNCTION",
      "Predicate of the new value, the old one and t, such as '(v) => v > 3'",
    ),
    ...REPLAY_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "A path is written as messages write it: .agents[3].x, '[\"a b\"]', '.by.get(\"k\")', or . for the whole state. " +
    "Prints the step, the old and the new value, and the step's draws. Exit code 1 if nothing changed there.",
  ],
  examples: [
    { command: "rewind when nan.replay .gain", note: "Find the step that last changed the gain" },
    {
      command: "rewind when nan.replay .value --before 883975 --json",
      note: "Find who set the value that state 883975 has",
    },
  ],
  async run(
    { file, path: given, first, all, before, from, where, json, step, ...values },
    context,
  ) {
    if (first && all) throw new UsageError("Invalid option --first with --all");
    const { output, signal } = context;
    const path = pathOf(given);
    const limits = { ...sandboxLimits(values), signal };
    const module = step === undefined ? undefined : await stepModule(step, values);
    const { record, options } = await sideOf(file, { step: module, limits });
    const end = before === undefined ? undefined : resolveStep(before, record.steps) + 1;
    const [start, to] = resolveRange(from, end, record.steps);
    const search: WhenSearch = { path, from: start, to, where };
    await using children = new ChildLender(options);
    if (all) {
      const printed = printAll(output, allChanges(record, children, search), { path, json });
      if (await printed > 0) return EXIT_OK;
    } else {
      const { changes: [change], isSeen } = await (first ? firstChange : lastChange)(
        record,
        children,
        search,
      );
      if (change !== undefined) {
        const draws = await children.lend((session) => traceIn(session, record, change.t));
        printOne(output, change, { path, json, draws });
        return EXIT_OK;
      }
      if (!isSeen) throw missingPath(decodeState(record.checkpoints.bytesAt(0)), path);
      if (json) output.json({ path: pathText(path), found: false, t: null });
    }
    output.note(
      printableLine(`${pathText(path)} did not change${where === undefined ? "" : " so"} there`),
    );
    return EXIT_NO;
  },
});

function pathOf(text: string): StatePath {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof ArgumentSyntaxError) throw new UsageError(error.message);
    throw error;
  }
}

/** Changes as JSON; together, as each may hold the whole state. */
function changesJson(changes: readonly Change[]) {
  const values = changes.map(({ kind, before, after }) => ({
    before: kind === "appeared" ? null : before,
    after: kind === "disappeared" ? null : after,
  }));
  const written = stateToJson(values, "changes") as { before: Json; after: Json }[];
  return changes.map(({ t, kind }, i) => ({ t, kind, ...written[i]! }));
}

function printOne(
  output: Output,
  change: Change,
  { path, json, draws }: { path: StatePath; json: boolean; draws: readonly TraceEntry[] },
): void {
  if (json) {
    output.json({
      path: pathText(path),
      found: true,
      ...changesJson([change])[0]!,
      draws: drawsToJson(draws),
    });
    return;
  }
  output.line(changeLine(change, path));
  for (const draw of draws.slice(0, DRAWS_SHOWN_MAX)) {
    output.line(printableLine(`  drew ${callText(draw)}`));
  }
  const more = draws.length - DRAWS_SHOWN_MAX;
  if (more > 0) output.note(`and ${grouped(more)} more draws: rewind trace lists all`);
}

/** Prints all changes as they are found; how many there are. */
async function printAll(
  output: Output,
  batches: ReturnType<typeof allChanges>,
  { path, json }: { path: StatePath; json: boolean },
): Promise<number> {
  const kept: Change[] = [];
  let count = 0;
  for await (const { changes } of batches) {
    count += changes.length;
    for (const change of changes) {
      if (json) kept.push(change);
      else output.line(changeLine(change, path));
    }
  }
  if (json) output.json({ path: pathText(path), found: count > 0, changes: changesJson(kept) });
  return count;
}

function changeLine({ t, kind, before, after }: Change, path: StatePath): string {
  const old = kind === "appeared" ? "(missing)" : valueText(before);
  const own = kind === "disappeared" ? "(missing)" : valueText(after);
  return printableLine(`${grouped(t)}: ${pathText(path)} was ${old}, is ${own}`);
}

function valueText(value: unknown): string {
  return formatValue(value, { maxLength: VALUE_TEXT_MAX });
}

/** The error for a path that no state has, with the nearest one that X_0 has. */
function missingPath(state: unknown, path: StatePath): InputError {
  let length = path.length - 1;
  while (length > 0 && readPath(state, path.slice(0, length)) === MISSING) length--;
  const known = path.slice(0, Math.max(0, length));
  const names = partsOf(readPath(state, known), NAMES_LISTED_MAX)
    .map((part) => pathText([...known, part]));
  const wanted = pathText(path.slice(0, known.length + 1));
  return new InputError(`Cannot find ${pathText(path)}: no state of the range has it`, {
    hint: suggestion(wanted, names) ??
      (names.length === 0 ? undefined : `state 0 has ${names.slice(0, 8).join(", ")}`),
  });
}
