/**
 * A small shell that outlives this process if it is killed (kill -9, out of memory): it kills the command,
 * and puts back the log that was set aside for it.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import type { MetricsPlace } from "./metrics_place.ts";

/** Waits for this process to end. */
export interface Guard {
  /** Says which process group is to end with this process. */
  watch(group: number): void;
  /** The command has ended: nothing is to be done any more. */
  dismiss(): Promise<void>;
}

/**
 * Standard input is a pipe that this process holds open: the first line is the process group, the line "end"
 * means that all is well, and the end of the pipe that this process is gone. Strays that have left the
 * group, or whose group was not told any more, are found by their environment, where there is /proc.
 */
const SCRIPT = `
read -r group
[ "$group" = end ] && exit 0
if [ -n "$group" ]; then
  read -r end && exit 0
  kill -KILL -- "-$group" 2>/dev/null
fi
round=0
while [ $round -lt 5 ]; do
  strays=$(grep -ls -- "$1" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3)
  [ -z "$strays" ] && break
  kill -KILL $strays 2>/dev/null
  round=$((round + 1))
done
if [ -n "$2" ]; then
  [ -e "$2" ] && mv -f -- "$2" "$4"
  [ -n "$3" ] && mv -f -- "$3" "$2"
fi
`;

/** Starts a guard. `mark` stands in the environment of every process of the command, and of no other. */
export async function startGuard(mark: string, place: MetricsPlace | undefined): Promise<Guard> {
  const { spawn } = await import("node:child_process");
  const paths = place === undefined ? [] : [place.path, place.aside ?? "", place.kept];
  let guard: ChildProcess;
  try {
    guard = spawn("sh", ["-c", SCRIPT, "rewind-guard", mark, ...paths], {
      // A session of its own: Ctrl-C and a closed terminal do not reach it.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
  } catch {
    // Without a shell (Windows), or the permission to run it, there is nobody to leave this to.
    return { watch() {}, dismiss: () => Promise.resolve() };
  }
  const ended = new Promise<void>((resolve) => {
    guard.once("exit", () => resolve());
    guard.once("error", () => resolve());
  });
  // It may be gone before the last line is written.
  guard.stdin!.on("error", () => {});
  return {
    watch: (group) => void guard.stdin!.write(`${group}\n`),
    async dismiss() {
      guard.stdin!.end("end\n");
      await ended;
    },
  };
}
