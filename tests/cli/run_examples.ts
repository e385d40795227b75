/**
 * A program that runs verbs one after the other in the folder that it is started in: as many children would, without
 * the time that each takes to start. Reads the words of each as a line of JSON, and answers with a line.
 *
 * @module
 */

import { runVerb } from "./run_verb.ts";

const encoder = new TextEncoder();
let text = "";
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (text + chunk).split("\n");
  text = lines.pop()!;
  for (const line of lines) {
    const { code, stdout, stderr } = await runVerb(JSON.parse(line));
    const answer = encoder.encode(`${JSON.stringify({ code, text: stdout + stderr })}\n`);
    for (let written = 0; written < answer.length;) {
      written += await Deno.stdout.write(answer.subarray(written));
    }
  }
}
