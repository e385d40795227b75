import { assertEquals } from "@std/assert";
import { inputSourceOf } from "../../src/engine/input_source.ts";
import { recordIn } from "../sandbox/in_sandbox.ts";
import { checkModel, instantiate, plainRun } from "./check_model.ts";
import { randomModel } from "./random_model.ts";

// Of a slow step the guards try less: a busy machine must not look like one.
performance.now = () => 0;

const IS_SLOW = Deno.env.get("REWIND_SLOW") === "1";

/** How many models are tried. */
const MODELS = IS_SLOW ? 1000 : 40;

Deno.test("random models give the numbers of a plain loop by every verb, or a refusal that names the culprit", async () => {
  const folder = await Deno.makeTempDir({ prefix: "rewind-models-" });
  try {
    for (let number = 0; number < MODELS; number++) {
      const model = randomModel(number);
      try {
        await checkModel(model, folder);
      } catch (error) {
        throw new Error(
          `model ${number} (${model.mistake?.kind ?? "right"}): ${error}\n${model.text}`,
          {
            cause: error,
          },
        );
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("random models give the same states in the sandbox", async () => {
  const numbers = Array.from({ length: IS_SLOW ? 100 : 3 }, (_, i) => 3 * i + 1);
  for (const number of numbers) {
    const model = randomModel(number);
    if (model.mistake !== undefined) continue;
    const { text, rng, steps, blockSize, seed, inputs } = model;
    const { states } = plainRun(model, instantiate(model), { blockSize, steps, inputs });
    const run = await recordIn(text, {
      ...{ rng, steps, blockSize, seed: BigInt(seed) },
      ...(inputs === undefined ? {} : { inputs: inputSourceOf(inputs) }),
    });
    assertEquals(run.steps, states.length, `model ${number}`);
    for (let block = 0; block < run.checkpoints.length; block++) {
      assertEquals(run.checkpoints.bytesAt(block), states[block * blockSize], `model ${number}`);
    }
    assertEquals(run.lastState, states.at(-1), `model ${number}`);
  }
});
