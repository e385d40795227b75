import { assert, assertEquals, assertMatch } from "@std/assert";
import { unzlibSync } from "fflate";
import { checkPicture } from "../../../src/view/picture/check_picture.ts";
import { LIGHT, paint, rgbOf } from "../../../src/view/picture/colors.ts";
import { GifWriter } from "../../../src/view/picture/gif.ts";
import { layOutGraph } from "../../../src/view/picture/graph_layout.ts";
import type { Scene } from "../../../src/view/picture/marks.ts";
import { encodeIndexedPng, encodePng } from "../../../src/view/picture/png.ts";
import { Ranges } from "../../../src/view/picture/ranges.ts";
import { type Pixels, rasterOf } from "../../../src/view/picture/raster.ts";
import { heightFor, sceneOf } from "../../../src/view/picture/scene.ts";
import { svgOf } from "../../../src/view/picture/svg.ts";

function scene(given: unknown, width = 200): Scene {
  const picture = checkPicture(given, new Ranges());
  return sceneOf(picture, { width, height: heightFor(picture, width), theme: LIGHT });
}

function pixelAt({ width, pixels }: Pixels, x: number, y: number): number[] {
  const at = 4 * (Math.round(y) * width + Math.round(x));
  return [...pixels.subarray(at, at + 3)];
}

const SPINS = {
  kind: "grid",
  values: Int8Array.of(1, -1, -1, 1),
  labels: { "-1": "down", 1: "up" },
  path: "spins",
};

Deno.test("a cell is where its value says, in pixels and under the pointer", () => {
  const drawn = scene(SPINS);
  const pixels = rasterOf(drawn);
  const [dark, light] = ["#12355b", "#f2c14e"].map(rgbOf);
  assertEquals(pixelAt(pixels, 50, 50), light);
  assertEquals(pixelAt(pixels, 150, 50), dark);
  assertEquals(pixelAt(pixels, 50, 150), dark);
  assertEquals(drawn.hit(150, 50), "spins[1] = -1 (down) (row 0, column 1)");
  assertEquals(drawn.hit(-5, 50), undefined);
});

Deno.test("points lie in the box, the y axis up; a heading turns against the clock", () => {
  const drawn = scene({
    box: [0, 0, 10, 10],
    layers: [{ kind: "points", x: [2], y: [8], heading: [Math.PI / 2], size: 10, path: "birds" }],
  });
  const dots = drawn.marks.find((mark) => mark.kind === "dots")!;
  assert(dots.kind === "dots" && dots.x[0]! < 100 && dots.y[0]! < drawn.height / 2);
  assertEquals(dots.heading![0], -Math.PI / 2, "up on a screen whose y goes down");
  assertEquals(drawn.hit(dots.x[0]! + 2, dots.y[0]!), "birds[0] at (2, 8)");
  const pixels = rasterOf(drawn);
  assertEquals(pixelAt(pixels, dots.x[0]!, dots.y[0]! - 8), rgbOf(LIGHT.plain), "its tip");
  assertEquals(pixelAt(pixels, dots.x[0]!, dots.y[0]! + 14), rgbOf(LIGHT.paper));
});

Deno.test("SVG holds every layer, and text as text", () => {
  const svg = svgOf(scene([
    { kind: "text", text: `<script>"&'</script>` },
    {
      kind: "graph",
      nodes: 3,
      edges: [[0, 1], [1, 2]],
      values: [0, 1, 2],
      labels: ["a", "b", "c"],
    },
  ]));
  assertMatch(svg, /&lt;script&gt;&quot;&amp;&#39;&lt;\/script&gt;/);
  assert(!svg.includes("<script"));
  assertEquals(svg.match(/<path fill="#/g)?.length, 3, "a path for each category");
  assertMatch(svg, />c<\/text>/);
  assertMatch(svgOf(scene(SPINS)), /<image [^>]*href="data:image\/png;base64,/);
  const lines = svgOf(scene({ kind: "lines", lines: [{ y: [1, NaN, 3, 4], label: "l" }] }));
  assertMatch(lines, /d="M[^"]*M[^"]*L/, "a gap where there is no number");
});

Deno.test("bars reach from zero to their values, below it too", () => {
  const drawn = scene({ kind: "bars", values: [2, -1, NaN], names: ["a", "b", "c"] });
  const bars = drawn.marks.find((mark) => mark.kind === "rects")!;
  assert(bars.kind === "rects");
  const [top, height] = [bars.rects[1]!, bars.rects[3]!];
  assert(Math.abs(top + height - bars.rects[5]!) < 1e-9, "one ends where the other begins");
  assert(Math.abs(height / bars.rects[7]! - 2) < 1e-9);
  assertEquals(bars.rects[11], 0, "no bar without a number");
});

Deno.test("colors run from end to end; what is no number has one of its own", () => {
  const { palette, indices } = paint(
    Float64Array.of(0, 1, 2, NaN, 9),
    { scale: "sequential", low: 0, high: 2, names: new Map() },
    LIGHT,
  );
  assertEquals([...indices], [0, 128, 255, 256, 255]);
  assertEquals([palette[0], palette[255], palette[256]], ["#440154", "#b5de2b", LIGHT.muted]);
});

Deno.test("a graph gets the same places each time, joined nodes nearer than others", () => {
  const ring = Uint32Array.from(Array.from({ length: 24 }, (_, i) => [i, (i + 1) % 24]).flat());
  const { x, y } = layOutGraph(24, ring);
  const again = layOutGraph(24, ring.slice());
  assertEquals([...again.x], [...x]);
  const apart = (i: number, k: number) => Math.hypot(x[i]! - x[k]!, y[i]! - y[k]!);
  assert(apart(0, 1) < apart(0, 12) && apart(5, 6) < apart(5, 17));
});

Deno.test("PNG: the pixels come back from the file", () => {
  const pixels = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255);
  const bytes = encodePng({ width: 2, height: 1, pixels });
  assertEquals([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const at = new TextDecoder("latin1").decode(bytes).indexOf("IDAT");
  const length = new DataView(bytes.buffer).getUint32(at - 4);
  assertEquals([...unzlibSync(bytes.subarray(at + 4, at + 4 + length))], [0, 1, 2, 3, 4, 5, 6]);
  const indexed = encodeIndexedPng({
    width: 2,
    height: 1,
    palette: ["#010203", "#040506"],
    indices: Uint16Array.of(1, 0),
  });
  const palette = new TextDecoder("latin1").decode(indexed).indexOf("PLTE") + 4;
  assertEquals([...indexed.subarray(palette, palette + 6)], [1, 2, 3, 4, 5, 6]);
});

Deno.test("GIF: every frame has its own colors", () => {
  const writer = new GifWriter(50);
  for (const values of [[1, 1, 1, 1], [1, -1, -1, 1]]) {
    writer.add(rasterOf(scene({ ...SPINS, values })));
  }
  const bytes = writer.finish();
  const text = new TextDecoder("latin1").decode(bytes);
  assertEquals(text.slice(0, 6), "GIF89a");
  // Graphic control extensions, with the delay in hundredths of a second.
  assertEquals(text.split("\x21\xf9\x04").length - 1, 2);
  assertEquals(bytes.at(-1), 0x3b);
});
