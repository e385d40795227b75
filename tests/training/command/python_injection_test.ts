import { assert, assertEquals } from "@std/assert";
import { createPythonInjection } from "../../../src/training/command/python_injection.ts";
import { hasProgram, PYTHON, withFolder } from "../support.ts";

const NUMPY = hasProgram("python3", ["-c", "import numpy"]);

async function python(
  code: string,
  { seed = 7n, pythonPath }: { seed?: bigint; pythonPath?: string } = {},
): Promise<{ out: string; modules: string[] }> {
  const injection = await createPythonInjection(seed, pythonPath);
  try {
    const { stdout, stderr, success } = await new Deno.Command("python3", {
      args: ["-c", code],
      env: injection.env,
    }).output();
    const text = new TextDecoder();
    if (!success) throw new Error(text.decode(stderr));
    const modules = (await injection.seeded()).map((event) => event.module);
    return { out: text.decode(stdout), modules };
  } finally {
    await injection.remove();
  }
}

Deno.test({
  name: "the injected sitecustomize seeds random, and Random() without a seed",
  ignore: !PYTHON,
  async fn() {
    const code = "import random; print(random.random(), random.Random().random())";
    const first = await python(code);
    assertEquals(await python(code), first);
    assertEquals(first.modules, ["random"]);
    assert((await python(code, { seed: 8n })).out !== first.out);
    // What a script seeds itself is CPython's own stream, and SystemRandom stays what it is.
    const own = await python(
      "import random; print(random.Random(5).random()); random.seed(5); print(random.random()); random.SystemRandom().random()",
    );
    assertEquals(own.out, "0.6229016948897019\n0.6229016948897019\n");
  },
});

Deno.test({
  name: "the injected sitecustomize takes seeds of any size and sign",
  ignore: !PYTHON,
  async fn() {
    const code = "import random; print(random.random())";
    const outs = [];
    for (const seed of [-5n, 2n ** 70n, 0n]) outs.push((await python(code, { seed })).out);
    assertEquals(new Set(outs).size, 3);
  },
});

Deno.test({
  name: "the injected sitecustomize imports nothing that the script does not",
  ignore: !PYTHON,
  async fn() {
    const code =
      "import sys; print('random' in sys.modules, 'numpy' in sys.modules, 'torch' in sys.modules)";
    const plain = await new Deno.Command("python3", { args: ["-c", code] }).output();
    assertEquals((await python(code)).out, new TextDecoder().decode(plain.stdout));
  },
});

Deno.test({
  name: "the injected sitecustomize runs the environment's own",
  ignore: !PYTHON,
  async fn() {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/sitecustomize.py`, "print('own')\n");
      const { out } = await python("import sitecustomize; print(sitecustomize.__file__)", {
        pythonPath: folder,
      });
      assertEquals(out, `own\n${folder}/sitecustomize.py\n`);
    });
  },
});

Deno.test({
  name: "the injected sitecustomize seeds NumPy's old and new generators (needs numpy)",
  ignore: !NUMPY,
  async fn() {
    const code = "import numpy as np; from numpy.random import default_rng; " +
      "print(np.random.rand(), default_rng().random(), np.random.default_rng().random(), default_rng(5).random())";
    const first = await python(code);
    assertEquals((await python(code)).out, first.out);
    assert(first.modules.includes("numpy.random"));
    const [, a, b, own] = first.out.trim().split(" ");
    assert(a !== b);
    assertEquals(own, "0.8050029237453802");
  },
});
