/**
 * Text of the data: URL that a sandbox child starts with; bundled by tools/build_harness.ts.
 *
 * @module
 */

import { runSandboxChild } from "./bootstrap.ts";

await runSandboxChild();
