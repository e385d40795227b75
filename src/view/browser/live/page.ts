/**
 * Starts the page: opens the run that it carries, or waits for one.
 *
 * @module
 */

/// <reference lib="dom" />

import { carry } from "../../../later.ts";
import type { LivePageData } from "../../live_data.ts";
import { byId, messageOf } from "./dom.ts";
import { openBytes, type StepText } from "./live_run.ts";
import { makeFork } from "./make_fork.ts";
import { measureShare } from "./pace.ts";
import { verifyRun } from "./verify_panel.ts";
import { Viewer } from "./viewer.ts";
import { makeFrame } from "./worker_frame.ts";

carry({
  "artifact/peer/read_peer.ts": () => import("../../../artifact/peer/read_peer.ts"),
});

/** Ends what the run before has left. */
let current = new AbortController();

/** How many files were opened, or tried. */
let rounds = 0;

/** A file that still needs a step. */
let waiting: { bytes: Uint8Array; name: string } | undefined;

/** For the console of the browser: `await rewind.run.get(1000)`. */
const handle: Record<string, unknown> = { open: show };

/** Starts the page. */
export function startPage(): void {
  const data = JSON.parse(byId("data").textContent!) as LivePageData;
  makeFrame({
    document: byId("frame").textContent!,
    program: (globalThis as unknown as { rewindProgram: string }).rewindProgram,
  });
  measureShare();
  listen();
  (globalThis as unknown as { rewind: unknown }).rewind = handle;
  const artifact = document.getElementById("artifact");
  if (artifact === null) {
    byId("open").hidden = false;
    return;
  }
  const bytes = Uint8Array.from(atob(artifact.textContent!.trim()), (unit) => unit.charCodeAt(0));
  void show(bytes, data);
}

/** Opens a file; a module that was pasted is tried first, so that it can be mended where it stands. */
async function show(
  bytes: Uint8Array,
  data: LivePageData,
  { isPasted = false } = {},
): Promise<void> {
  const round = ++rounds;
  const problem = byId("open-problem");
  problem.textContent = "";
  try {
    const name = data.file.replace(/^.*[\\/]|\.replay$/g, "");
    const opened = await openBytes(bytes, { name, step: data.step });
    if (isPasted) await opened.live.describe();
    // Another file was opened meanwhile.
    if (round !== rounds) return void opened.live.run[Symbol.asyncDispose]();
    current.abort();
    current = new AbortController();
    byId("open").hidden = true;
    const template = byId<HTMLTemplateElement>("viewer-template");
    byId("viewer").replaceChildren(template.content.cloneNode(true));
    const viewer = new Viewer(opened, { data, signal: current.signal });
    const { live, info } = opened;
    // Their workers would wait for jobs as long as the page is open.
    current.signal.addEventListener("abort", () => {
      for (const { run } of [live, ...viewer.forks.forks]) void run[Symbol.asyncDispose]();
    });
    Object.assign(handle, {
      run: live.run,
      cursor: viewer.cursor,
      forks: viewer.forks,
      verify: () => verifyRun(live, { info }),
      fork: makeFork,
      live,
    });
  } catch (error) {
    if (round !== rounds) return;
    waiting = { bytes, name: data.file };
    byId("open").hidden = false;
    problem.textContent = messageOf(error);
    byId("step-part").hidden = !isPasted && !/step module/.test(problem.textContent);
  }
}

function listen(): void {
  const input = byId<HTMLInputElement>("open-file");
  input.addEventListener("change", () => void openFile(input.files?.[0]));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    void openFile(event.dataTransfer?.files[0]);
  });
  byId("step-use").addEventListener("click", () => {
    const source = byId<HTMLTextAreaElement>("step-source").value;
    if (waiting === undefined) byId("open-problem").textContent = "Choose a .replay file first";
    else {
      const data = dataOf(waiting.name, { source, sourceMap: undefined });
      void show(waiting.bytes, data, { isPasted: true });
    }
  });
}

async function openFile(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  const bytes = await bytesOf(file);
  if (bytes === undefined) return;
  history.replaceState(null, "", "#");
  await show(bytes, dataOf(file.name, undefined));
}

/** All of a file; undefined, and told, where it cannot be had. */
async function bytesOf(file: File): Promise<Uint8Array | undefined> {
  const problem = byId("open-problem");
  if (/\.part(\.tail)?$/.test(file.name)) {
    problem.textContent = "A recording that is not finished lies in two files: 'rewind view' " +
      "with the name of the .part makes a page of it";
    return undefined;
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    problem.textContent =
      `Cannot read the file: ${messageOf(error)}; a folder is none, and a file ` +
      "of some GB is too large for a browser";
    return undefined;
  }
}

function dataOf(file: string, step: StepText | undefined): LivePageData {
  // A name that begins with a dash would be taken for an option.
  const path = file.startsWith("-") ? `./${file}` : file;
  const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return { file, step, observe: undefined, range: undefined, getCommand: `rewind get ${quoted}` };
}
