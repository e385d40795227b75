/**
 * The script of the frame in which workers run: starts and ends them, and hands them their ports.
 *
 * @module
 */

/// <reference lib="dom" />

import type { FrameOrder, FrameReport } from "./worker_frame.ts";

const workers = new Map<number, Worker>();
let url = "";
const tell = (report: FrameReport): void => parent.postMessage(report, "*");

addEventListener("message", ({ source, data, ports }) => {
  if (source !== parent) return;
  const order = data as FrameOrder;
  if (order.kind === "program") {
    url = URL.createObjectURL(new Blob([order.text], { type: "text/javascript" }));
  } else if (order.kind === "start") {
    const worker = new Worker(url);
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      tell(order.id);
    });
    workers.set(order.id, worker);
    worker.postMessage("", [...ports]);
  } else if (order.kind === "ask") {
    tell("here");
  } else {
    workers.get(order.id)?.terminate();
    workers.delete(order.id);
  }
});
tell("ready");
