/**
 * `rewind picture`: states of a run as pictures, still or moving.
 *
 * @module
 */

import { resolveRange, resolveStep } from "../engine/run_bounds.ts";
import { PICTURE_FRAMES_MAX } from "./limits.ts";
import { printable } from "../text/printable.ts";
import { DARK, LIGHT, type Theme } from "../view/picture/colors.ts";
import type { Scene } from "../view/picture/marks.ts";
import { encodePng } from "../view/picture/png.ts";
import { rasterOf } from "../view/picture/raster.ts";
import { RunPictures } from "../view/picture/run_pictures.ts";
import { heightFor, sceneOf } from "../view/picture/scene.ts";
import { svgOf } from "../view/picture/svg.ts";
import { defineCommand, type Values } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { flag, integer, operand, optionalOperand, path, readInteger } from "./options.ts";
import type { Output } from "./output.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { checkOutput, FORCE_OPTION, writeOutput } from "./output_path.ts";
import { byteText, counted, grouped } from "./table.ts";
import { InputError, UsageError } from "./usage_error.ts";

const PICTURE_OPTIONS = {
  output: path("FILE", "File to write: its name ends in .svg, .png or .gif", {
    short: "o",
    fallback: "<run>-<t>.svg",
  }),
  force: FORCE_OPTION,
  from: integer("T", "First state of a .gif", { fallback: "0" }),
  to: integer("T", "One past the last state of a .gif", { fallback: "the end of the run" }),
  every: integer("N", "Distance between two states of a .gif", {
    min: 1,
    fallback: "for about 100 frames",
  }),
  delay: integer("MS", "How long each frame of a .gif is shown, in milliseconds", {
    min: 20,
    max: 60_000,
    default: 80,
  }),
  width: integer("N", "Pixels across", { min: 64, max: 4096, default: 640 }),
  dark: flag("Colors for a dark page"),
  ...REPLAY_OPTIONS,
};

type PictureValues = Values<typeof PICTURE_OPTIONS>;

/** Frames of a .gif, if nobody says how far they are apart. */
const FRAMES = 100;

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay"), t: optionalOperand("t") },
  options: PICTURE_OPTIONS,
  details: [
    "The step module draws: it exports picture(state, params, t). Without that, lattices of numbers and " +
    "lists of points {x, y} are drawn as they are.",
    "Colors cover what stored states show, and for a .gif all of its frames, so that a color means the same " +
    "in each.",
  ],
  examples: [
    { command: "rewind picture ising.replay 120 -o frame.svg", note: "Draw one state" },
    {
      command: "rewind picture ising.replay --from 0 --to 200 --every 2 -o run.gif",
      note: "Draw 100 states, one after another",
    },
  ],
  async run(values, { output, signal }) {
    const { file, force } = values;
    const name = file.replace(/^.*[\\/]|\.replay$/g, "");
    const target = values.output ?? `${name}-${values.t ?? ""}.svg`;
    const kind = /\.(svg|png|gif)$/i.exec(target)?.[1]?.toLowerCase();
    if (kind === undefined) {
      throw new UsageError(
        `Invalid value '${target}' for --output: its name must end in .svg, .png or .gif`,
      );
    }
    checkOperands(values, kind);
    checkOutput(target, { force, reads: [file, values.step] });
    await using run = await openRun(file, { ...values, signal, output });
    const pictures = new RunPictures(run);
    const theme = values.dark ? DARK : LIGHT;
    let bytes: Uint8Array;
    let what: string;
    if (kind === "gif") {
      const range = gifRange(values, run.steps);
      const count = Math.ceil((range.to - range.from) / range.every);
      bytes = await movingPicture(pictures, { ...range, count, theme, output, ...sizes(values) });
      what = `${counted(count, "frame")} from t = ${range.from}`;
    } else {
      const t = resolveStep(readInteger(values.t!, "<t>"), run.steps);
      await pictures.seeStored();
      bytes = await stillPicture(pictures, t, { kind, theme, ...sizes(values) });
      what = `t = ${grouped(t)}`;
    }
    writeOutput(target, bytes, { force });
    output.line(`wrote ${printable(target)}: ${what}, ${byteText(bytes.length)}`);
    return EXIT_OK;
  },
});

/** A .gif takes a range, everything else one state. */
function checkOperands(
  { t, from, to, every }: PictureValues & { t: string | undefined },
  kind: string,
) {
  const hasRange = from !== undefined || to !== undefined || every !== undefined;
  if (kind === "gif" && t !== undefined) {
    throw new UsageError("Invalid operand <t> with a .gif", { hint: "pass --from and --to" });
  }
  if (kind !== "gif" && hasRange) {
    throw new UsageError(`Invalid option --from, --to or --every with a .${kind}`, {
      hint: "they are for a .gif: -o run.gif",
    });
  }
  if (kind !== "gif" && t === undefined) {
    throw new UsageError("Missing operand <t>", {
      hint: "a .gif takes --from and --to in its place",
    });
  }
}

function gifRange(
  values: PictureValues,
  steps: number,
): { from: number; to: number; every: number } {
  const [from, to] = resolveRange(values.from, values.to, steps);
  if (from >= to) {
    throw new InputError(`Cannot draw the states from ${from} to ${to}: there are none`);
  }
  const every = values.every ?? Math.max(1, Math.ceil((to - from) / FRAMES));
  const count = Math.ceil((to - from) / every);
  if (count > PICTURE_FRAMES_MAX) {
    throw new InputError(
      `Cannot draw ${grouped(count)} frames: a .gif has at most ${grouped(PICTURE_FRAMES_MAX)}`,
      { hint: "raise --every or cut the range" },
    );
  }
  return { from, to, every };
}

function sizes({ width, delay }: PictureValues): { width: number; delay: number } {
  return { width, delay };
}

async function stillPicture(
  pictures: RunPictures,
  t: number,
  { kind, theme, width }: { kind: string; theme: Theme; width: number },
): Promise<Uint8Array> {
  for await (const { picture } of pictures.pictures({ from: t, to: t + 1, every: 1 })) {
    const scene = sceneOf(picture, { width, height: heightFor(picture, width), theme });
    if (kind === "svg") return new TextEncoder().encode(svgOf(scene));
    checkTexts(scene, kind);
    return encodePng(rasterOf(scene));
  }
  throw new InputError(`Cannot draw X_${t}`);
}

async function movingPicture(
  pictures: RunPictures,
  { from, to, every, count, theme, width, delay, output }: {
    from: number;
    to: number;
    every: number;
    count: number;
    theme: Theme;
    width: number;
    delay: number;
    output: Output;
  },
): Promise<Uint8Array> {
  const { GifWriter } = await import("../view/picture/gif.ts");
  // A first time for what colors are to cover.
  for await (const { t } of pictures.pictures({ from, to, every })) {
    output.progress(`looked at t = ${grouped(t)} of ${grouped(to - 1)}`);
  }
  const writer = new GifWriter(delay);
  let height: number | undefined;
  let done = 0;
  for await (const { picture } of pictures.pictures({ from, to, every })) {
    height ??= heightFor(picture, width);
    const scene = sceneOf(picture, { width, height, theme });
    checkTexts(scene, "gif");
    writer.add(rasterOf(scene));
    output.progress(`frame ${grouped(++done)} of ${grouped(count)}`);
  }
  return writer.finish();
}

/** The font of pixels knows printable ASCII only. */
function checkTexts({ marks }: Scene, kind: string): void {
  for (const mark of marks) {
    if (mark.kind !== "text" || /^[ -~]*$/.test(mark.text)) continue;
    throw new InputError(
      `Cannot write '${printable(mark.text)}' in a .${kind}: its letters are printable ASCII only`,
      { hint: "write an .svg" },
    );
  }
}
