/**
 * The watchdog thread of a sandbox child: kills the whole process when it takes too much memory or
 * time, or when its parent is gone. It runs in a Worker, so no loop of the step can hold it up, and
 * never goes back to its event loop, which would take longer to start than all it does.
 *
 * @module
 */

import type { JobLimits } from "../realm/realm_io.ts";
import { WatchMemory } from "./watchdog_buffer.ts";

/** How often the limits are checked; memory may overshoot by what is allocated in between. */
const POLL_MS = 10;

const scope = self as unknown as {
  onmessage: (event: MessageEvent<SharedArrayBuffer>) => void;
};

scope.onmessage = (event) => watch(new WatchMemory(event.data));

// Ctrl-C reaches all processes of a terminal: the parent decides what becomes of this one.
Deno.addSignalListener("SIGINT", () => {});

function watch(memory: WatchMemory): never {
  let orders: JobLimits | undefined;
  let orderCount = 0;
  let deadline = Infinity;
  let needed: unknown[] | undefined;
  memory.watch();
  while (!memory.isDeathAskedFor(POLL_MS)) {
    if (memory.orderCount !== orderCount) {
      ({ orderCount, orders } = memory);
      deadline = performance.now() + orders.timeoutMs;
    }
    if (orders === undefined) continue;
    const bytes = Deno.memoryUsage().rss + memory.position[1]!;
    const reason = Deno.ppid !== orders.parentPid
      ? "orphan"
      : bytes > orders.memoryBytesMax
      ? "memory"
      : performance.now() > deadline
      ? "timeout"
      : undefined;
    if (reason !== undefined) {
      const [t, , part] = memory.position as Float64Array;
      tell(`${orders.signature}:${reason}:${t}:${part}\n`);
      break;
    }
    // Looking at them loads them, in 10 ms: too long where memory grows, wasted on most children.
    if (bytes > orders.memoryBytesMax / 2) needed ??= [Deno.kill, Deno.pid, Deno.stderr];
  }
  for (;;) Deno.kill(Deno.pid, "SIGKILL");
}

function tell(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // The parent does not listen any more.
  }
}
