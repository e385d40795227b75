/**
 * Runs tasks of `python_twin.py` in one long-lived Python process, so that a bench measures the work and
 * not the interpreter's start. Undefined where there is no python3.
 *
 * @module
 */

/** A Python process that does a task per line. */
export interface PythonTwin {
  /** Whether the Python package itself is there (REWIND_PEER). */
  readonly hasPeer: boolean;
  /** Does one task and gives back what it printed. */
  run(task: string): Promise<string>;
}

/** Starts the process; it ends with this one, when its standard input closes. */
export async function startPythonTwin(): Promise<PythonTwin | undefined> {
  const script = new URL("python_twin.py", import.meta.url).pathname;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("python3", {
      args: ["-u", script],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
  } catch {
    return undefined;
  }
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const run = async (task: string): Promise<string> => {
    await writer.write(new TextEncoder().encode(`${task}\n`));
    let answer = "";
    while (!answer.endsWith("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the Python twin ended during '${task}'`);
      answer += value;
    }
    return answer.trim();
  };
  return { hasPeer: await run("ready") === "True", run };
}
