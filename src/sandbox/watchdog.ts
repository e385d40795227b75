/**
 * The watchdog thread of a sandbox child: kills the whole process when it takes too much memory or
 * time, or when its parent is gone. It runs in a Worker, so no loop of the step can hold it up.
 *
 * @module
 */

import type { WatchdogMessage, WatchdogOrders } from "./child_io.ts";

/** How often the limits are checked; memory may overshoot by what is allocated in between. */
const POLL_MS = 10;

const { kill, pid, memoryUsage, stderr } = Deno;
const scope = self as unknown as {
  onmessage: (event: MessageEvent<WatchdogMessage>) => void;
};

let orders: WatchdogOrders | undefined;
let deadline = Infinity;

scope.onmessage = (event) => {
  if (event.data === "die") return kill(pid, "SIGKILL");
  orders = event.data;
  deadline = performance.now() + orders.timeoutMs;
};

// Ctrl-C reaches all processes of a terminal: the parent decides what becomes of this one.
Deno.addSignalListener("SIGINT", () => {});

function die(reason: string): void {
  try {
    const text = `${orders?.signature}:${reason}:${orders?.position[0]}\n`;
    stderr.writeSync(new TextEncoder().encode(text));
  } finally {
    kill(pid, "SIGKILL");
  }
}

setInterval(() => {
  if (orders === undefined) return;
  if (Deno.ppid !== orders.parentPid) die("orphan");
  if (memoryUsage().rss + orders.position[1]! > orders.memoryBytesMax) die("memory");
  if (performance.now() > deadline) die("timeout");
}, POLL_MS);
