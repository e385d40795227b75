/** The Python package, tested by its own tests with the Python of this machine. */

import { assert } from "@std/assert";
import { cliCommand } from "../cli/run_cli.ts";
import { fromFileUrl, PYTHON } from "./support.ts";

const PACKAGE = fromFileUrl(new URL("../../python/", import.meta.url));

Deno.test({
  name: PYTHON
    ? "python/: the examples of the reference text, the assertion and the pytest plugin"
    : "python/: left out, as there is no python3",
  ignore: !PYTHON,
  async fn() {
    const { success, stderr } = await new Deno.Command("python3", {
      args: ["-B", "-m", "unittest", "discover", "-s", "tests"],
      cwd: PACKAGE,
      env: { REWIND_COMMAND: cliCommand(["-A"]).join(" "), PYTHONPATH: `${PACKAGE}src` },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  },
});
