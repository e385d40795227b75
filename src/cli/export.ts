/**
 * `rewind export`: states as JSON Lines, CSV, or the run as the Python package's artifact.
 *
 * @module
 */

import { openRecord } from "../artifact/open_record.ts";
import { writePeerArtifact } from "../artifact/peer/write_peer.ts";
import { stateToJson } from "../codec/json_state.ts";
import { resolveRange } from "../engine/blocks.ts";
import { optionInteger, optionText } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { CsvColumns } from "./csv_columns.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { jsonText } from "../text/printable.ts";
import { checkOutput, FORCE_OPTION, writeOutput } from "./save.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { byteText, counted } from "./table.ts";
import { UsageError } from "./usage_error.ts";

const FORMATS = ["jsonl", "csv", "python"];

/** The verb. */
export const exportCommand: Command = {
  name: "export",
  summary: "write states as JSON Lines or CSV, or the run for the Python package",
  usage: "<run.replay>",
  positionals: [1, 1],
  options: [
    { name: "format", value: "NAME", summary: "jsonl, csv or python (default jsonl)" },
    { name: "from", value: "T", summary: "first state (default 0)" },
    { name: "to", value: "T", summary: "one past the last state (default: the end)" },
    { name: "every", value: "N", summary: "only every N-th state of the range (default 1)" },
    { name: "output", short: "o", value: "FILE", summary: "file to write (default: stdout)" },
    FORCE_OPTION,
    ...REPLAY_OPTIONS,
  ],
  details: [
    'A line of JSON Lines is {"t": ..., "state": ...}; what JSON cannot hold is written as in --json, ' +
    'such as {"$number": "NaN"}. CSV has a column per number, text or boolean in the state.',
    "--format python writes a .replay file that rewind-engine loads: whole runs only, and states that " +
    "Python has too.",
    "Exported states are not protected by a hash any more, and may hold private data.",
  ],
  examples: [
    {
      command: "rewind export walk.replay --every 1000 --format csv",
      note: "a thousandth, as CSV",
    },
    { command: "rewind export walk.replay --from -10 -o tail.jsonl", note: "the end, to a file" },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const format = optionText(args, "format") ?? "jsonl";
  if (!FORMATS.includes(format)) {
    throw new UsageError(
      `--format must be one of ${FORMATS.join(", ")}, not '${format}'`,
      "export",
    );
  }
  const target = optionText(args, "output");
  if (target !== undefined) await checkOutput(target, args);
  if (format === "python") return await exportPython(context, target);
  await using sink = await openSink(context, target);
  const count = await writeStates(context, format, sink);
  await sink.finish();
  if (target !== undefined) output.note(`wrote ${counted(count, "state")} to ${target}`);
  return EXIT_OK;
}

/** Where lines of an export go. */
interface Sink extends AsyncDisposable {
  line(text: string): void;
  finish(): Promise<void>;
}

async function openSink({ output }: CommandContext, target: string | undefined): Promise<Sink> {
  if (target === undefined) {
    return {
      line: (text) => output.line(text),
      finish: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  // Lines go to a file beside the target, which appears under its name only when it is whole.
  const temporary = `${target}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  const file = await Deno.open(temporary, { write: true, createNew: true });
  const encoder = new TextEncoder();
  let pending = "";
  let finished = false;
  const flush = (): void => {
    const bytes = encoder.encode(pending);
    pending = "";
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  };
  return {
    line(text: string): void {
      pending += `${text}\n`;
      if (pending.length > 1 << 16) flush();
    },
    async finish(): Promise<void> {
      flush();
      await file.sync();
      await Deno.rename(temporary, target);
      finished = true;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      file.close();
      if (!finished) await Deno.remove(temporary);
    },
  };
}

async function writeStates(context: CommandContext, format: string, sink: Sink): Promise<number> {
  const { args } = context;
  await using recorded = await openRun(context);
  const [from, to] = resolveRange(
    optionInteger(args, "from"),
    optionInteger(args, "to"),
    recorded.steps,
  );
  const every = optionInteger(args, "every", { min: 1 }) ?? 1;
  let columns: CsvColumns | undefined;
  let count = 0;
  for await (const state of recorded.states(from, to, { every })) {
    const t = from + every * count++;
    if (format === "jsonl") {
      sink.line(jsonText({ t, state: stateToJson(state) }));
    } else {
      if (columns === undefined) {
        columns = new CsvColumns(state);
        sink.line(columns.header());
      }
      sink.line(columns.row(t, state));
    }
  }
  return count;
}

async function exportPython(
  { args, output }: CommandContext,
  target: string | undefined,
): Promise<number> {
  if (target === undefined) throw new UsageError("--format python needs --output FILE", "export");
  if (["from", "to", "every"].some((name) => args.options.has(name))) {
    throw new UsageError("--format python writes whole runs: leave out --from, --to and --every");
  }
  const { record } = await openRecord(args.positionals[0]!);
  const bytes = writePeerArtifact(record);
  await writeOutput(target, bytes, args);
  output.note(`wrote ${counted(record.steps, "step")} to ${target}, ${byteText(bytes.length)}`);
  return EXIT_OK;
}
