/**
 * The one script of the page that is in it as text: unpacks the program and runs it.
 *
 * @module
 */

/// <reference lib="dom" />

async function load(): Promise<void> {
  const packed = document.getElementById("program")!.textContent!;
  const bytes = Uint8Array.from(atob(packed.trim()), (unit) => unit.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const text = await new Response(stream).text();
  const script = document.createElement("script");
  // The workers run the same program.
  (globalThis as unknown as { rewindProgram: string }).rewindProgram = text;
  script.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  document.head.append(script);
}

void load();
