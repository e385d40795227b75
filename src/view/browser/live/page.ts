import { openRun } from "../../../sandbox/host/open_run.ts";
import { openRecord } from "../../../artifact/open_record.ts";
import { mismatchCause } from "../../../sandbox/host/mismatch_cause.ts";
import { surveyRun } from "../../survey_run.ts";
import { carry } from "../../../later.ts";
import { makeFrame } from "./worker_frame.ts";
carry({
  "artifact/peer/read_peer.ts": () => import("../../../artifact/peer/read_peer.ts"),
});
export function startPage() {
  makeFrame({
    document: document.getElementById("frame")!.textContent!,
    program: (globalThis as any).rewindProgram,
  });
  const bytes = Uint8Array.from(atob(document.getElementById("artifact")!.textContent!.trim()), (u) => u.charCodeAt(0));
  (globalThis as any).rewind = { bytes, openRun, openRecord, mismatchCause, surveyRun };
}
