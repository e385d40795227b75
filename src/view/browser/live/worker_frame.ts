/**
 * The frame with an opaque origin in which the page's workers run. Its policy allows no network; it has no
 * storage, and cannot reach the page but by messages.
 *
 * @module
 */

/// <reference lib="dom" />

/** A worker in the frame. */
export interface WorkerHandle {
  /** The one way to talk to it. */
  readonly port: MessagePort;
  /** Called where its program could not be run. */
  onFailure: () => void;
  /** Ends it, whatever it does. */
  kill(): void;
}

/** What the frame is told. */
export type FrameOrder =
  | { readonly kind: "program"; readonly text: string }
  | { readonly kind: "start"; readonly id: number; readonly role: string }
  | { readonly kind: "kill"; readonly id: number };

const handles = new Map<number, WorkerHandle>();
const waiting: (() => void)[] = [];
let frame: HTMLIFrameElement | undefined;
let isReady = false;
let program = "";
let lastId = 0;

/**
 * Makes the frame.
 *
 * @param texts The frame's document, and the program that its workers run.
 */
export function makeFrame(texts: { readonly document: string; readonly program: string }): void {
  program = texts.program;
  addEventListener("message", ({ source, data }) => {
    if (frame === undefined || source !== frame.contentWindow) return;
    if (data === "ready") becomeReady();
    else if (typeof data === "number") handles.get(data)?.onFailure();
  });
  frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("aria-hidden", "true");
  frame.title = "Where the step runs";
  frame.hidden = true;
  frame.srcdoc = texts.document;
  document.body.append(frame);
}

/** Starts a worker as soon as the frame is there, to be a realm or what else its role says. */
export function startWorker(role = ""): WorkerHandle {
  const id = ++lastId;
  const { port1, port2 } = new MessageChannel();
  const handle: WorkerHandle = {
    port: port1,
    onFailure: () => {},
    kill() {
      if (!handles.delete(id)) return;
      port1.close();
      order({ kind: "kill", id });
    },
  };
  handles.set(id, handle);
  order({ kind: "start", id, role }, [port2]);
  return handle;
}

function becomeReady(): void {
  isReady = true;
  order({ kind: "program", text: program });
  for (const send of waiting.splice(0)) send();
}

function order(message: FrameOrder, ports: MessagePort[] = []): void {
  if (!isReady) waiting.push(() => order(message, ports));
  // An opaque origin has no name.
  else frame!.contentWindow!.postMessage(message, "*", ports);
}
