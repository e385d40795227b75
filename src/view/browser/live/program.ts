/**
 * The program of the live page. Its workers run the same text: there, it is a realm for a step.
 *
 * @module
 */

import { startPage } from "./page.ts";
import { runWorker } from "./realm_worker.ts";

if (typeof document === "undefined") runWorker();
else startPage();
