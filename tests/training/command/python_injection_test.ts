import { assert, assertEquals } from "@std/assert";
import {
  createPythonInjection,
  effectsByModule,
} from "../../../src/training/command/python_injection.ts";
import { hasProgram, PYTHON, withFolder } from "../support.ts";

const NUMPY = hasProgram("python3", ["-c", "import numpy"]);

async function python(
  code: string,
  { seed = 7n, ...options }: { seed?: bigint; pythonPath?: string; only?: string[] } = {},
): Promise<{ out: string; modules: string[]; effects: Record<string, string> }> {
  const injection = await createPythonInjection(seed, options);
  try {
    const { stdout, stderr, success } = await new Deno.Command("python3", {
      args: ["-c", code],
      env: injection.env,
    }).output();
    const text = new TextDecoder();
    if (!success) throw new Error(text.decode(stderr));
    const events = await injection.seeded();
    return {
      out: text.decode(stdout),
      modules: events.map((event) => event.module),
      effects: Object.fromEntries(effectsByModule(events)),
    };
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
    // Whoever seeds, and then asks for a new seed, rests on it again.
    const anew = await python(
      "import numpy as np; np.random.seed(1); np.random.seed(); np.random.rand()",
    );
    assertEquals(anew.effects["numpy.random"], "used");
  },
});

// What the real library does is seen by the slow tests: this is its shape.
const TORCH = `
class _Tensor(list):
    def tolist(self):
        return list(self)

class Generator:
    def __init__(self, device="cpu"):
        self.state = 5
    def manual_seed(self, seed):
        self.state = seed
        return self
    def get_state(self):
        return _Tensor([self.state])
    def seed(self):
        raise SystemError("the system's entropy")

default_generator = Generator()

class random:
    manual_seed = staticmethod(default_generator.manual_seed)
    seed = staticmethod(default_generator.seed)
    get_rng_state = staticmethod(default_generator.get_state)
    set_rng_state = staticmethod(default_generator.manual_seed)

class cuda:
    is_initialized = staticmethod(lambda: False)

manual_seed, seed = random.manual_seed, random.seed
get_rng_state, set_rng_state = random.get_rng_state, random.set_rng_state

def rand(generator=default_generator):
    generator.state += 1
    return generator.state
`;

Deno.test({
  name: "the injected sitecustomize gives PyTorch's seed() without a number a seed of its own",
  ignore: !PYTHON,
  async fn() {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/torch.py`, TORCH);
      const run = (code: string) => python(`import torch; ${code}`, { pythonPath: folder });
      const drawn = await run(
        "torch.manual_seed(3); g = torch.Generator(); h = torch.Generator(); g.seed(); h.seed(); " +
          "print(torch.rand(g), torch.rand(h), isinstance(torch.default_generator, torch.Generator))",
      );
      assertEquals(drawn.out, "9 10 True\n");
      assertEquals(drawn.effects["torch"], "used");
      const own = await run("torch.manual_seed(3); torch.Generator().manual_seed(2); torch.rand()");
      assertEquals(own.effects["torch"], "overruled");
      const anew = await run("torch.manual_seed(3); torch.seed(); print(torch.rand())");
      assertEquals([anew.out, anew.effects["torch"]], ["9\n", "used"]);
    });
  },
});

Deno.test({
  name: "the injected sitecustomize tells whether anything rests on a seed of its own",
  ignore: !PYTHON,
  async fn() {
    const effect = async (code: string): Promise<string | undefined> =>
      (await python(`import random; ${code}`)).effects["random"];
    assertEquals(await effect("random.random()"), "used");
    assertEquals(await effect("random.seed(1); random.random()"), "overruled");
    assertEquals(await effect("random.random(); random.seed(1)"), "used");
    assertEquals(await effect("pass"), "unused");
    // Seeded for a while, and put back.
    const back = "s = random.getstate(); random.seed(1); random.random(); random.setstate(s)";
    assertEquals(await effect(`${back}; random.random()`), "used");
    assertEquals(await effect("random.Random(4).random()"), "unused");
    assertEquals(await effect("random.Random().random()"), "used");
    // As many libraries do when they are imported.
    assertEquals(await effect("r = random.Random()"), "unused");
    assertEquals(await effect("random.seed(1); r = random.Random(); r.random()"), "used");
    assertEquals(await effect("import tempfile; tempfile.mktemp()"), "unused");
    assertEquals(await effect("import os; random.random(); os._exit(0)"), "unknown");
  },
});

Deno.test({
  name:
    "the injected sitecustomize seeds chosen libraries alone, and fixes clock and entropy if asked to",
  ignore: !PYTHON,
  async fn() {
    const code =
      "import random, os, secrets, time; print(time.time_ns() + time.perf_counter_ns(), " +
      "os.urandom(4).hex() + secrets.token_hex(4) + str(random.SystemRandom().random()), random.random())";
    const fixed = await python(code, { only: ["clock", "entropy"] });
    assertEquals(fixed.effects, { clock: "used", entropy: "used", random: "seen" });
    const [clock, entropy, random] = fixed.out.split(" ");
    const again = (await python(code, { only: ["clock", "entropy"] })).out.split(" ");
    assertEquals(again.slice(0, 2), [clock, entropy]);
    assert(again[2] !== random);
    const plain = await python(code);
    assertEquals(plain.effects, { random: "used" });
  },
});

// rich numbers its styles from a random start: keras imports it before a script can seed anything.
Deno.test({
  name: "the injected sitecustomize does not count what rich draws while it is imported",
  ignore: !PYTHON,
  async fn() {
    await withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/rich`);
      await Deno.writeTextFile(`${folder}/rich/__init__.py`, "");
      await Deno.writeTextFile(
        `${folder}/rich/style.py`,
        "import random\nrandom.getrandbits(24)\n",
      );
      const effect = async (code: string): Promise<string | undefined> =>
        (await python(`import random${code}`, { pythonPath: folder })).effects["random"];
      assertEquals(await effect("; import rich.style; random.seed(1)"), "overruled");
      assertEquals(await effect("; import rich.style"), "unused");
      assertEquals(
        (await python("import rich.style", { pythonPath: folder })).effects["random"],
        "unused",
      );
      assertEquals(await effect("; import rich.style; random.random()"), "used");
      assertEquals(await effect("; random.random(); import rich.style; random.seed(1)"), "used");
    });
  },
});
