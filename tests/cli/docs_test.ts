import { assertEquals } from "@std/assert";
import { buildCliDocs, CLI_DOCS_URL } from "../../tools/build_cli_docs.ts";

Deno.test("docs/cli.md is what the verbs declare: run `deno task cli-docs` if not", async () => {
  assertEquals(await Deno.readTextFile(CLI_DOCS_URL), await buildCliDocs());
});
