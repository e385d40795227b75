/** Writes TensorBoard event files for tests, from the layout of the messages. */

import { maskedCrc32c } from "../../../src/bytes/crc32c.ts";

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

function integer(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function block(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

function text(field: number, value: string): number[] {
  return block(field, [...new TextEncoder().encode(value)]);
}

function double(field: number, value: number): number[] {
  return [field * 8 + 1, ...new Uint8Array(new Float64Array([value]).buffer)];
}

/** A scalar as TensorBoard 1 and PyTorch write it. */
export function scalar(tag: string, value: number): number[] {
  const bytes = new Uint8Array(new Float32Array([value]).buffer);
  return block(1, [...text(1, tag), 2 * 8 + 5, ...bytes]);
}

/** A histogram as TensorBoard 1 and PyTorch write it: smallest, largest, number, sum, sum of squares. */
export function histogram(tag: string, numbers: readonly number[]): number[] {
  return block(1, [
    ...text(1, tag),
    ...block(5, numbers.flatMap((value, i) => double(i + 1, value))),
  ]);
}

/** A tensor of float64, for a plugin. */
export function tensor(tag: string, values: readonly number[], plugin: string): number[] {
  const content = [...new Uint8Array(Float64Array.from(values).buffer)];
  return block(1, [
    ...text(1, tag),
    ...block(8, [...integer(1, 2), ...block(4, content)]),
    ...block(9, block(1, text(1, plugin))),
  ]);
}

/** An event with values. */
export function event(step: number, ...values: readonly number[][]): number[] {
  return [...integer(2, step), ...block(5, values.flat())];
}

/** The event by which a run says that it starts, again, at a step. */
export function start(step: number): number[] {
  return [...integer(2, step), ...block(7, integer(1, 1))];
}

/** An event file. */
export function eventFile(events: readonly number[][]): Uint8Array {
  const frames = [text(3, "brain.Event:2"), ...events].map((data) => {
    const frame = new Uint8Array(12 + data.length + 4);
    const view = new DataView(frame.buffer);
    view.setUint32(0, data.length, true);
    view.setUint32(8, maskedCrc32c(frame.subarray(0, 8)), true);
    frame.set(data, 12);
    view.setUint32(12 + data.length, maskedCrc32c(Uint8Array.from(data)), true);
    return frame;
  });
  return new Uint8Array(frames.flatMap((frame) => [...frame]));
}
