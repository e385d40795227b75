/**
 * A client of the inspector of a process of our own, as far as a breakpoint takes (Chrome DevTools Protocol).
 *
 * @module
 */

import { RewindError } from "../../errors.ts";

/** An event of the inspector. */
export interface InspectorEvent {
  /** Such as `Debugger.paused`. */
  readonly method: string;
  /** What it tells. */
  readonly params: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: Readonly<Record<string, unknown>>;
}

/** A connection. */
export class Inspector implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #onEvent: (event: InspectorEvent) => void;
  #next = 1;

  private constructor(socket: WebSocket, onEvent: (event: InspectorEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data as string));
    socket.onclose = () => {
      for (const answer of this.#waiting.values()) {
        answer({ error: { message: "the process ended" } });
      }
    };
  }

  /** Connects to an address that the process printed. */
  static async connect(
    address: string,
    onEvent: (event: InspectorEvent) => void,
  ): Promise<Inspector> {
    const socket = new WebSocket(address);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () =>
        reject(new RewindError("DEBUG", "Cannot debug: the process does not answer"));
    });
    return new Inspector(socket, onEvent);
  }

  /** Calls a method. @throws {RewindError} If the inspector refuses. */
  async call(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#next++;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { error, result } = await answered;
    if (error !== undefined) {
      throw new RewindError("DEBUG", `Cannot debug: ${method} failed: ${error.message}`);
    }
    return result ?? {};
  }

  /** The value of an expression; of an object its handle. */
  async evaluate(expression: string): Promise<{ value?: unknown; objectId?: string }> {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", { expression });
    if (exceptionDetails !== undefined) {
      throw new RewindError("DEBUG", `Cannot debug: '${expression}' threw`);
    }
    return result as { value?: unknown; objectId?: string };
  }

  #take(message: Answer & InspectorEvent): void {
    if (message.id === undefined) return this.#onEvent(message);
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
