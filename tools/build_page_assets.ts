/**
 * Bundles the scripts and styles of the pages that rewind writes: what all of them share, uPlot first, and
 * what each kind has of its own. Run it after a change to anything that they are made of:
 * `deno task page-assets`.
 *
 * @module
 */

import license from "uplot/LICENSE" with { type: "text" };
import plotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import plotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };

import { deflateRawSync } from "node:zlib";
import { importMap, ROOT, runBundler } from "./bundle.ts";

const SHARED = "src/page/browser/";

/** One generated module. */
interface Target {
  /** Where the texts are kept. */
  readonly url: URL;
  /** Prefix of its constants. */
  readonly name: string;
  /** Which pages they are for. */
  readonly about: string;
  /** Text of the script. */
  readonly script: () => Promise<string>;
  /** Text of the style. */
  readonly style: () => Promise<string>;
}

const NOTICE = `/*! uPlot, https://github.com/leeoniya/uPlot\n\n${license.trim()}\n*/\n`;

/** All generated modules. */
const TARGETS: readonly Target[] = [
  {
    url: new URL("src/page/shared_assets.generated.ts", ROOT),
    name: "SHARED",
    about: "every page, uPlot with its license",
    script: () => Promise.resolve(NOTICE + plotScript.trim()),
    style: async () => `${NOTICE}${plotStyle.trim()}\n${await minifyStyle(`${SHARED}page.css`)}`,
  },
  {
    url: new URL("src/training/report/page_assets.generated.ts", ROOT),
    name: "PAGE",
    about: "the report pages",
    script: () => bundle("src/training/report/page/report.ts"),
    style: () => minifyStyle("src/training/report/page/report.css"),
  },
  {
    url: new URL("src/view/page_assets.generated.ts", ROOT),
    name: "VIEW",
    about: "the page of a run",
    script: () => bundle("src/view/browser/view.ts"),
    style: () => runStyle("src/view/browser/view.css"),
  },
];

/** The generated modules, each with its text from the sources as they are. */
export async function buildPageAssets(): Promise<{ url: URL; text: string }[]> {
  return await Promise.all([
    ...TARGETS.map(async (target) => ({ url: target.url, text: await moduleText(target) })),
    liveAssets(),
  ]);
}

const LIVE = "src/view/browser/live/";

/** What the live page is made of. Its program, with all of the engine, is packed: a page is to be mailed. */
async function liveAssets(): Promise<{ url: URL; text: string }> {
  const [program, loader, frame, style] = await Promise.all([
    bundleLive("program.ts"),
    bundleLive("loader.ts"),
    bundleLive("worker_frame_script.ts"),
    runStyle(`${LIVE}live.css`),
  ]);
  const packed = deflateRawSync(program, { level: 9 }).toString("base64");
  const frameHash = await hash(frame);
  const policy = `default-src 'none'; script-src '${frameHash}' blob:; worker-src blob:`;
  const document = "<!DOCTYPE html><meta charset=utf-8>" +
    `<meta http-equiv="Content-Security-Policy" content="${policy}"><script>${frame}</script>`;
  return {
    url: new URL("src/view/live_assets.generated.ts", ROOT),
    text: constantsText([
      ["LIVE_PROGRAM", "Program of the live page and of its workers, deflated, in base64.", packed],
      ["LIVE_LOADER", "Script that unpacks it.", loader],
      ["LIVE_LOADER_HASH", "Its hash, as a Content-Security-Policy names it.", await hash(loader)],
      ["LIVE_FRAME", "Document of the frame in which workers run.", document],
      ["LIVE_FRAME_HASH", "Hash of its script.", frameHash],
      ["LIVE_STYLE", "Style of the live page.", style],
    ]),
  };
}

/** A program of the live page; in the place of a child process it has a worker. */
async function bundleLive(name: string): Promise<string> {
  const replaced = { "src/sandbox/host/sandbox_child.ts": `${LIVE}worker_child.ts` };
  return await bundleWith(await importMap(replaced), LIVE + name);
}

async function moduleText({ name, about, ...parts }: Target): Promise<string> {
  const [script, style] = await Promise.all([parts.script(), parts.style()]);
  for (const text of [script, style]) {
    // Either would end the element, or make the parser see a comment in it.
    if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error("An asset would end its element");
  }
  const constants: [name: string, about: string, text: string][] = [
    ["SCRIPT", `Script of ${about}.`, script],
    ["SCRIPT_HASH", "Its hash, as a Content-Security-Policy names it.", await hash(script)],
    ["STYLE", `Style of ${about}.`, style],
    ["STYLE_HASH", "Its hash, as a Content-Security-Policy names it.", await hash(style)],
  ];
  return constantsText(
    constants.map(([suffix, about, text]) => [`${name}_${suffix}`, about, text]),
  );
}

function constantsText(constants: readonly (readonly [string, string, string])[]): string {
  return [
    "// deno-fmt-ignore-file\n// deno-lint-ignore-file\n" +
    "/**\n * Made by tools/build_page_assets.ts from the sources of the pages; not to be edited.\n" +
    " *\n * @module\n */\n",
    ...constants.map(([name, about, text]) =>
      `/** ${about} */\nexport const ${name}: string = ${JSON.stringify(text)};\n`
    ),
  ].join("\n");
}

/** The style of a page of a run: its own comes after what both pages have. */
async function runStyle(path: string): Promise<string> {
  return await minifyStyle("src/view/browser/run.css") + await minifyStyle(path);
}

/** A style sheet without its indentation. */
async function minifyStyle(path: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(path, ROOT));
  return `${text.replace(/\n\s+/g, "\n").trim()}\n`;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

/** A page's own script; uPlot in it is that of the script before it. */
async function bundle(entry: string): Promise<string> {
  const { imports } = JSON.parse(await importMap({}));
  const uplot = new URL(`${SHARED}plot_library.ts`, ROOT).href;
  return await bundleWith(JSON.stringify({ imports: { ...imports, uplot } }), entry);
}

/** Bundles a script whose names are its own: those of uPlot's script are global. */
async function bundleWith(map: string, entry: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, map);
    return (await runBundler(["--format=iife", `--import-map=${file}`, entry])).trim();
  } finally {
    await Deno.remove(file);
  }
}

if (import.meta.main) {
  for (const { url, text } of await buildPageAssets()) await Deno.writeTextFile(url, text);
}
