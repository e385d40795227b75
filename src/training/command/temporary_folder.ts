/**
 * Temporary folders that carry the name of the process that made them, so that those of a process which
 * was killed are found and deleted when the next one starts.
 *
 * @module
 */

/** Kinds of temporary folders, by the first part of their name. */
export type TemporaryKind = "bisect" | "cwd" | "inject";

/** Makes a folder of a kind; deletes those of the same kind whose process is dead. */
export async function makeTemporaryFolder(kind: TemporaryKind): Promise<string> {
  const [fs, os, path] = await Promise.all([
    import("node:fs/promises"),
    import("node:os"),
    import("node:path"),
  ]);
  for (const stale of await staleFolders(kind)) {
    await fs.rm(stale, { recursive: true, force: true }).catch(() => undefined);
  }
  const owner = await ownName();
  return await fs.mkdtemp(path.join(os.tmpdir(), `rewind-${kind}-${owner}-`));
}

/** Folders of a kind that a process of this machine made which does not run any more. */
export async function staleFolders(kind: TemporaryKind): Promise<string[]> {
  const [fs, os, path] = await Promise.all([
    import("node:fs/promises"),
    import("node:os"),
    import("node:path"),
  ]);
  const host = await hostName();
  const pattern = new RegExp(`^rewind-${kind}-${host}-(\\d+)-\\w+$`);
  const names = await fs.readdir(os.tmpdir()).catch(() => []);
  const found: string[] = [];
  for (const name of names) {
    const pid = pattern.exec(name)?.[1];
    if (pid !== undefined && !await isAlive(Number(pid))) found.push(path.join(os.tmpdir(), name));
  }
  return found;
}

/** Name of this process: of its machine (a container is one), and its number there. */
export async function ownName(): Promise<string> {
  const { default: process } = await import("node:process");
  return `${await hostName()}-${process.pid}`;
}

/** Whether the process called `name` may still run; one of another machine may. */
export async function mayRun(name: string): Promise<boolean> {
  const match = /^(\w+)-(\d+)$/.exec(name);
  return match === null || match[1] !== await hostName() || await isAlive(Number(match[2]));
}

/** The machine's name without what a file name or a pattern could stumble over. */
async function hostName(): Promise<string> {
  const { hostname } = await import("node:os");
  return hostname().replace(/\W/g, "_").slice(0, 64) || "host";
}

async function isAlive(pid: number): Promise<boolean> {
  const { default: process } = await import("node:process");
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and is somebody else's.
    return (error as { code?: string }).code !== "ESRCH";
  }
}
