/**
 * Python for tests that start it often: the interpreter itself comes first on PATH. Where `python3` is the script of a
 * version manager, starting that takes longer than Python does.
 *
 * @module
 */

/** Whether Python can be run. */
export const HAS_PYTHON: boolean = findPython();

function findPython(): boolean {
  try {
    const program = "import os, sys; print(os.path.dirname(sys.executable))";
    const { success, stdout } = new Deno.Command("python3", { args: ["-c", program] }).outputSync();
    if (success) putFirst(new TextDecoder().decode(stdout).trim());
    return success;
  } catch {
    return false;
  }
}

/** Puts a folder first on PATH, unless its Python is the one that is found there. */
function putFirst(folder: string): void {
  const path = Deno.env.get("PATH") ?? "";
  const found = path.split(":").find((place) => isThere(`${place}/python3`));
  if (found !== folder && isThere(`${folder}/python3`)) Deno.env.set("PATH", `${folder}:${path}`);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
