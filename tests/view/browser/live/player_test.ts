import { assertEquals } from "@std/assert";
import { Cursor } from "../../../../src/view/browser/live/page_cursor.ts";
import { Player } from "../../../../src/view/browser/live/player.ts";

/** The places that are shown from the start on, at most so many. */
async function shown(
  { speed, loops, count }: { speed: number; loops: boolean; count: number },
): Promise<number[]> {
  const original = Object.getOwnPropertyDescriptor(globalThis, "requestAnimationFrame");
  Object.defineProperty(globalThis, "requestAnimationFrame", {
    configurable: true,
    value: queueMicrotask,
  });
  try {
    const cursor = new Cursor(1000);
    cursor.show(100, 200);
    cursor.go(100);
    const player = new Player(cursor, { prefetch: () => Promise.resolve(), isReady: () => true });
    Object.assign(player, { speed, loops });
    const places: number[] = [];
    cursor.onChange(() => {
      places.push(cursor.t);
      if (places.length === count) player.stop();
    });
    const stopped = new Promise<void>((resolve) => {
      player.onChange = () => player.isPlaying || resolve();
    });
    player.toggle();
    await stopped;
    return places;
  } finally {
    if (original === undefined) Reflect.deleteProperty(globalThis, "requestAnimationFrame");
    else Object.defineProperty(globalThis, "requestAnimationFrame", original);
  }
}

Deno.test("Player shows the last state of what is in sight, however large its strides are", async () => {
  assertEquals(await shown({ speed: 1e5, loops: true, count: 4 }), [199, 100, 199, 100]);
  assertEquals(await shown({ speed: 1200, loops: false, count: 9 }), [140, 180, 199]);
});
