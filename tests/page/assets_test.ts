import { assertEquals } from "@std/assert";
import { buildPageAssets } from "../../tools/build_page_assets.ts";

Deno.test("the generated assets are what the sources give: run `deno task page-assets` if not", async () => {
  for (const { url, text } of await buildPageAssets()) {
    assertEquals(await Deno.readTextFile(url), text, url.pathname);
  }
});
