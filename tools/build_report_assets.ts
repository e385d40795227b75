/**
 * Bundles the script and the style of the report pages, with uPlot in them, into
 * src/training/report/page_assets.generated.ts. Run it after a change to anything under
 * src/training/report/page: `deno run -A tools/build_report_assets.ts`.
 *
 * @module
 */

import license from "uplot/LICENSE" with { type: "text" };
import plotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };

const ROOT = new URL("../", import.meta.url);
const PAGE = "src/training/report/page/";

/** Where the texts are kept. */
export const GENERATED_URL: URL = new URL("src/training/report/page_assets.generated.ts", ROOT);

/** The text of the generated module, from the sources as they are. */
export async function buildReportAssets(): Promise<string> {
  const notice = `/*! uPlot, https://github.com/leeoniya/uPlot\n\n${license.trim()}\n*/\n`;
  const script = `${notice}${await bundle("main.ts")}`;
  const style = notice + await minifyStyle();
  for (const text of [script, style]) {
    // Either would end the element, or make the parser see a comment in it.
    if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error("An asset would end its element");
  }
  const constants: [name: string, about: string, text: string][] = [
    ["PAGE_SCRIPT", "Script of a report page, with uPlot and its license.", script],
    ["PAGE_SCRIPT_HASH", "Its hash, as a Content-Security-Policy names it.", await hash(script)],
    ["PAGE_STYLE", "Style of a report page, with uPlot's.", style],
    ["PAGE_STYLE_HASH", "Its hash, as a Content-Security-Policy names it.", await hash(style)],
  ];
  return [
    "// deno-fmt-ignore-file\n// deno-lint-ignore-file\n" +
    "/**\n * Made by tools/build_report_assets.ts from the sources of the report page; not to be edited.\n" +
    " *\n * @module\n */\n",
    ...constants.map(([name, about, text]) =>
      `/** ${about} */\nexport const ${name}: string = ${JSON.stringify(text)};\n`
    ),
  ].join("\n");
}

/** The two style sheets, without the page's indentation. */
async function minifyStyle(): Promise<string> {
  const own = await Deno.readTextFile(new URL(`${PAGE}page.css`, ROOT));
  return `${plotStyle.trim()}\n${own.replace(/\n\s+/g, "\n").trim()}\n`;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

async function bundle(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--minify",
      "--platform=browser",
      "--import-map=npm.import_map.json",
      "--lock=npm.deno.lock",
      PAGE + entry,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout).trim();
}

if (import.meta.main) await Deno.writeTextFile(GENERATED_URL, await buildReportAssets());
