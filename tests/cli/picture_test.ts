import { assert, assertEquals, assertMatch } from "@std/assert";
import { artifactOf, WALK } from "./fixtures.ts";
import { TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
const SOURCE = `export const init = 0;
export const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);
export const picture = (x, params, t) => [
  { kind: "text", text: t === 7 ? "f\\u00fcr" : "t " + t },
  { kind: "bars", values: [x, 1], names: ["x", "one"] },
];
export const observe = { position: (x) => x };
`;
FOLDER.write("walk.replay", artifactOf(WALK, { source: SOURCE }));
FOLDER.write("plain.replay", artifactOf(WALK));
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const run = (...args: string[]) => runVerbIn(FOLDER.path, ["picture", ...args]);

Deno.test("picture draws a state as SVG or PNG, and a range as GIF", async () => {
  const [svg, png, gif] = await Promise.all([
    run("walk.replay", "100", "-o", "frame.svg"),
    run("walk.replay", "-1", "-o", "frame.png", "--dark"),
    run(
      "walk.replay",
      "--from",
      "10",
      "--to",
      "20",
      "--every",
      "4",
      "-o",
      "run.gif",
      "--width",
      "80",
    ),
  ]);
  assertEquals([svg.code, svg.stderr], [0, ""]);
  assertMatch(svg.stdout, /^wrote frame\.svg: t = 100, /);
  assertMatch(await Deno.readTextFile(FOLDER.file("frame.svg")), /<svg .*>t 100<\/text>/s);
  assertMatch(png.stdout, /^wrote frame\.png: t = 999, /);
  assertMatch(gif.stdout, /^wrote run\.gif: 3 frames from t = 10, /);
  const bytes = await Deno.readFile(FOLDER.file("run.gif"));
  assertEquals(new TextDecoder("latin1").decode(bytes.subarray(0, 6)), "GIF89a");
});

Deno.test("picture says what it cannot draw, and what to do", async () => {
  const [none, font, kind, both, still, range] = await Promise.all([
    run("plain.replay", "5", "-o", "none.svg"),
    run("walk.replay", "7", "-o", "font.png"),
    run("walk.replay", "7", "-o", "frame.jpg"),
    run("walk.replay", "7", "-o", "b.gif"),
    run("walk.replay", "-o", "c.svg"),
    run("walk.replay", "7", "--from", "3", "-o", "d.svg"),
  ]);
  assertMatch(none.stderr, /neither a lattice.*\nhint: export `picture\(state, params, t\)`/);
  assertMatch(font.stderr, /printable ASCII only\nhint: write an \.svg/);
  assertMatch(kind.stderr, /must end in \.svg, \.png or \.gif/);
  assertMatch(both.stderr, /hint: pass --from and --to/);
  assertMatch(still.stderr, /Missing operand <t>/);
  assertMatch(range.stderr, /they are for a \.gif/);
  for (const { code, stdout } of [none, font, kind, both, still, range]) {
    assertEquals([code, stdout], [2, ""]);
  }
  assert(!FOLDER.names().some((name) => /none|font|frame\.jpg/.test(name)));
});
