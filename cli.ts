/**
 * The `rewind` command: records, regenerates, branches and verifies runs, and replays training runs.
 *
 * @module
 */

import { main } from "./src/cli/main.ts";

export { main };

if (import.meta.main) await main();
