/**
 * The frame with an opaque origin in which the page's workers run. Its policy allows no network; it has no
 * storage, and cannot reach the page but by messages.
 *
 * @module
 */

/// <reference lib="dom" />

import { Silence } from "./pace.ts";

/** Why a worker ended that nobody killed: its program failed, or the process that it ran in is no more. */
export type WorkerEnd = "failed" | "lost";

/** A worker in the frame. */
export interface WorkerHandle {
  /** The one way to talk to it. */
  readonly port: MessagePort;
  /** Called where it ended and nobody killed it. */
  onEnd: (how: WorkerEnd) => void;
  /** Ends it, whatever it does; one that hangs goes with its frame where that is its own. */
  kill(options?: { readonly hangs?: boolean }): void;
}

/** What the frame is told. */
export type FrameOrder =
  | { readonly kind: "program"; readonly text: string }
  | { readonly kind: "start"; readonly id: number }
  | { readonly kind: "kill"; readonly id: number }
  | { readonly kind: "ask" };

/** What it tells: that it is there, or the number of a worker that failed. */
export type FrameReport = "ready" | "here" | number;

const workers = new Map<number, WorkerHandle>();
const waiting: (() => void)[] = [];
const silence = new Silence();
let texts = { document: "", program: "" };
let frame: HTMLIFrameElement | undefined;
let isReady = false;
let lastId = 0;

/**
 * Makes the frame.
 *
 * @param given The frame's document, and the program that its workers run.
 */
export function makeFrame(given: { readonly document: string; readonly program: string }): void {
  texts = given;
  addEventListener("message", ({ source, data }: { source: unknown; data: FrameReport }) => {
    if (frame === undefined || source !== frame.contentWindow) return;
    silence.heard();
    if (data === "ready") becomeReady();
    else if (typeof data === "number") workers.get(data)?.onEnd("failed");
  });
  openFrame();
}

/** Puts a new frame in the place of the one before; what ran there ends. */
function openFrame(): void {
  const ended = [...workers.values()];
  workers.clear();
  waiting.length = 0;
  frame?.remove();
  isReady = false;
  silence.heard();
  frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("aria-hidden", "true");
  frame.title = "Where the step runs";
  frame.hidden = true;
  frame.srcdoc = texts.document;
  document.body.append(frame);
  for (const worker of ended) worker.onEnd("lost");
}

/** Starts a worker as soon as the frame is there. */
export function startWorker(): WorkerHandle {
  const id = ++lastId;
  const { port1, port2 } = new MessageChannel();
  const handle: WorkerHandle = {
    port: port1,
    onEnd: () => {},
    kill({ hangs = false } = {}) {
      port1.close();
      if (!workers.delete(id)) return;
      // Browsers let a busy worker run for some seconds more before they end it; its frame's process they end now.
      if (hangs && workers.size === 0) openFrame();
      else order({ kind: "kill", id });
    },
  };
  workers.set(id, handle);
  order({ kind: "start", id }, [port2]);
  return handle;
}

/** Asks the frame whether it is there; to be called every now and then while a worker tells nothing. */
export function askFrame(): void {
  if (!isReady) return;
  silence.look();
  order({ kind: "ask" });
}

/**
 * Puts another frame in the place of one that has left questions unanswered for so long, in milliseconds; to be called
 * where a worker is to be ended, or does not start. A browser may have given the frame a process of its own, and ended that where memory ran out: no event
 * tells it. (Where a frame is only busy, as with starting workers, its workers are not silent for so long.)
 *
 * @returns Whether it did; all that ran there has ended then.
 */
export function replaceLostFrame(silenceMs: number): boolean {
  if (!isReady || silence.look() < silenceMs) return false;
  openFrame();
  return true;
}

function becomeReady(): void {
  isReady = true;
  order({ kind: "program", text: texts.program });
  for (const send of waiting.splice(0)) send();
}

function order(message: FrameOrder, ports: MessagePort[] = []): void {
  if (!isReady) waiting.push(() => order(message, ports));
  // An opaque origin has no name.
  else frame!.contentWindow!.postMessage(message, "*", ports);
}
