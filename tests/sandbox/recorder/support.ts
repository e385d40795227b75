/**
 * Step modules in a folder of their own, read, recorded and verified as a person would.
 *
 * @module
 */

import { decodeState } from "../../../src/codec/decode_state.ts";
import type { RunRecord } from "../../../src/engine/types.ts";
import { SandboxSession } from "../../../src/sandbox/host/session.ts";
import { verifySandboxed } from "../../../src/sandbox/host/verify_sandboxed.ts";
import type { EncodedMap } from "../../../src/artifact/source_map.ts";
import {
  readStep,
  type ReadStepOptions,
  type StepSource,
} from "../../../src/sandbox/recorder/read_step.ts";

/** A folder that is removed at the end. */
export class ModuleFolder implements AsyncDisposable {
  /** Its absolute path, as the system has it. */
  readonly path: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "rewind-modules-" }));

  /** Makes the folder and writes files, by path in it. */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  /** Writes a file. */
  write(name: string, text: string): void {
    const path = `${this.path}/${name}`;
    Deno.mkdirSync(path.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(path, text);
  }

  /** Reads a module of it. */
  async read(name: string, options: ReadStepOptions = {}): Promise<StepSource> {
    return await readStep(`${this.path}/${name}`, options);
  }

  /** The message with which a module is refused. */
  async refusal(name: string, options: ReadStepOptions = {}): Promise<string> {
    try {
      await this.read(name, options);
    } catch (error) {
      return (error as Error).message.replaceAll(this.path, "");
    }
    throw new Error(`${name} was not refused`);
  }

  /** Removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** A source map from its JSON. */
export function mapOf(sourceMap: string | undefined): EncodedMap | undefined {
  return sourceMap === undefined ? undefined : JSON.parse(sourceMap);
}

/** Records a module's text, verifies every block, and gives the last state. */
export async function lastState(source: string, { steps = 10 } = {}): Promise<unknown> {
  const run = await recorded(source, { steps });
  const report = await verifySandboxed(run, { source });
  if (!report.ok) throw new Error("the run does not verify");
  return decodeState(run.lastState!);
}

/** The run of a module's text. */
export async function recorded(source: string, { steps = 10 } = {}): Promise<RunRecord> {
  await using session = new SandboxSession({ source });
  return await session.record({ steps, seed: 7n });
}
