/**
 * What the Python processes of a command tell about their surroundings: versions of Python and of all packages,
 * which of them were imported, threads, CUDA. It follows the text of `sitecustomize`.
 *
 * @module
 */

/**
 * Appends lines of a name and a value, separated by a tab, to the file named by REWIND_SURROUNDINGS. It imports
 * nothing, and reads names of folders instead of metadata, as that takes a hundredth of the time.
 */
export const PYTHON_SURROUNDINGS = `

def _tell_surroundings():
    path = os.environ.get("REWIND_SURROUNDINGS")
    if not path:
        return

    def tell(pairs):
        try:
            with open(path, "a") as log:
                log.write("".join("%s\\t%s\\n" % pair for pair in pairs))
        except OSError:
            pass

    def installed():
        seen = set()
        for folder in sys.path:
            try:
                names = os.listdir(folder or os.curdir)
            except OSError:
                continue
            for name in sorted(names):
                stem, _, kind = name.rpartition(".")
                package, _, version = stem.partition("-")
                if kind not in ("dist-info", "egg-info") or not version:
                    continue
                package = package.lower().replace("_", "-")
                if package not in seen:
                    seen.add(package)
                    yield "package " + package, version.split("-py")[0]

    pid = os.getpid()
    try:
        # The first process speaks for all of them: they share their packages.
        os.close(os.open(path + ".first", os.O_CREAT | os.O_EXCL))
        tell([("python", sys.version.split()[0] + " " + sys.implementation.name)])
        tell(list(installed()))
    except OSError:
        pass

    def at_end():
        if os.getpid() != pid:
            return
        found = [("imported", name) for name in sorted({name.split(".")[0] for name in sys.modules})]
        torch = sys.modules.get("torch")
        try:
            if torch is not None:
                found.append(("torch threads", torch.get_num_threads()))
                found.append(("torch build", torch.__version__))
                found.append(("torch cuda", torch.version.cuda))
                if torch.cuda.is_initialized():
                    found.append(("torch cudnn", torch.backends.cudnn.version()))
                    found.append(("gpu", torch.cuda.get_device_name()))
        except Exception:
            pass
        tell(found)

    atexit.register(at_end)


_tell_surroundings()
`;

/** What Python processes told. */
export interface PythonFacts {
  /** `python`, `package numpy`, `torch threads`, ... with their values. */
  readonly facts: Readonly<Record<string, string>>;
  /** Top-level modules that some process had imported when it ended. */
  readonly imported: readonly string[];
}

/** Most lines that are read: a process that is started in a loop tells the same again and again. */
const LINES_MAX = 100_000;

/** Reads what processes wrote; the first value of a name counts, as each process begins alike. */
export function readPythonFacts(text: string): PythonFacts {
  const facts: Record<string, string> = {};
  const imported = new Set<string>();
  for (const line of text.split("\n", LINES_MAX)) {
    const tab = line.indexOf("\t");
    if (tab < 0) continue;
    const name = line.slice(0, tab);
    const value = line.slice(tab + 1);
    if (name === "imported") imported.add(value);
    else if (value !== "None") facts[name] ??= value;
  }
  return { facts, imported: [...imported].sort() };
}
