/**
 * Which process this is, in a way that another one, perhaps on another machine or after a reboot, can tell
 * whether it still runs.
 *
 * @module
 */

/** A process. */
export interface ProcessIdentity {
  /** Name of the machine. */
  readonly host: string;
  /** Process id. */
  readonly pid: number;
  /** Id of the machine's start; "" if not known. */
  readonly boot: string;
  /** The space in which process ids count (Linux: the pid namespace); "" if not known. */
  readonly space: string;
  /** When the process started, in ticks after the machine did; "" if not known. */
  readonly started: string;
}

/** Whether a process runs: `unknown` if it cannot be told from here. */
export type Liveness = "alive" | "dead" | "unknown";

/** What can be asked of the system about processes. */
export interface ProcessTable {
  /** The process that asks. */
  readonly self: ProcessIdentity;
  /** Whether a process id is in use here; undefined if that may not be asked. */
  isUsed(pid: number): boolean | undefined;
  /** When the process with an id started, as in {@linkcode ProcessIdentity}; "" if not known. */
  startOf(pid: number): string;
}

/** Whether a process that left its identity still runs. */
export function livenessOf(process: ProcessIdentity, table: ProcessTable): Liveness {
  const { self } = table;
  if (process.host === "" || process.host !== self.host) return "unknown";
  if (differ(process.space, self.space)) return "unknown";
  if (differ(process.boot, self.boot)) return "dead";
  const isUsed = table.isUsed(process.pid);
  if (isUsed === undefined) return "unknown";
  if (!isUsed) return "dead";
  const started = table.startOf(process.pid);
  // The id may have been given to another process since.
  if (started === "" || process.started === "") return "unknown";
  return started === process.started ? "alive" : "dead";
}

/** Whether two facts are known and not the same. */
function differ(a: string, b: string): boolean {
  return a !== "" && b !== "" && a !== b;
}

/** Reads an identity that was written as JSON; undefined if it is none. */
export function identityOf(claim: unknown): ProcessIdentity | undefined {
  if (typeof claim !== "object" || claim === null) return undefined;
  const { host, pid, boot, space, started } = claim as Record<string, unknown>;
  const areTexts = [host, boot, space, started].every((text) => typeof text === "string");
  if (!areTexts || !Number.isSafeInteger(pid) || (pid as number) <= 0) return undefined;
  return { host, pid, boot, space, started } as ProcessIdentity;
}

/** What is used of `process` and `node:os`, which Deno has too. */
interface NodeProcess {
  readonly pid: number;
  kill(pid: number, signal: number): boolean;
  getBuiltinModule?(name: string): unknown;
}

let systemTable: ProcessTable | undefined;

/** The processes of this system; made once. */
export function systemProcesses(): ProcessTable {
  return systemTable ??= makeTable();
}

function makeTable(): ProcessTable {
  const pid = typeof Deno === "undefined" ? nodeProcess().pid : Deno.pid;
  return {
    self: {
      host: hostName(),
      pid,
      boot: readSystemFile("/proc/sys/kernel/random/boot_id").trim(),
      space: readSystemLink("/proc/self/ns/pid"),
      started: startOf(pid),
    },
    startOf,
    isUsed(other) {
      try {
        return nodeProcess().kill(other, 0);
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (code === "ESRCH") return false;
        return code === "EPERM" ? true : undefined;
      }
    },
  };
}

/** Deno has it too, but takes a while to load it. */
function nodeProcess(): NodeProcess {
  return (globalThis as unknown as { process: NodeProcess }).process;
}

function hostName(): string {
  try {
    if (typeof Deno !== "undefined") return Deno.hostname();
    return (nodeProcess().getBuiltinModule?.("node:os") as { hostname(): string }).hostname();
  } catch {
    return "";
  }
}

/**
 * Field 22 of `/proc/<pid>/stat`, counted behind the name, which may hold anything. A process that has ended
 * keeps its number until its parent asks for its exit code, which in a container may be never.
 */
function startOf(pid: number): string {
  const stat = readSystemFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? "ended" : fields[19] ?? "";
}

/** Text of a file of the system; "" where there is none, or it may not be read. */
function readSystemFile(path: string): string {
  try {
    if (typeof Deno !== "undefined") return Deno.readTextFileSync(path);
    return nodeFs().readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readSystemLink(path: string): string {
  try {
    if (typeof Deno !== "undefined") return Deno.readLinkSync(path);
    return nodeFs().readlinkSync(path);
  } catch {
    return "";
  }
}

function nodeFs(): {
  readFileSync(path: string, encoding: string): string;
  readlinkSync(path: string): string;
} {
  return nodeProcess().getBuiltinModule?.("node:fs") as ReturnType<typeof nodeFs>;
}
