/**
 * What a terminal would show of a line: colors are left out, and what a carriage return or backspaces go
 * back over is overwritten, as progress bars do again and again.
 * This module is browser compatible.
 *
 * @module
 */

const ESCAPES =
  // deno-lint-ignore no-control-regex -- the sequences are made of control characters
  /\u001b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** What is left of colors where the control character itself was lost. */
const BARE_COLORS = /\[(?:\d{1,3}(?:;\d{1,3}){0,8})?m/g;

/** Whose line it is, as torchrun says it where a role has a name: `[trainer0|0]:`. */
const LAUNCHER_RANKS = /\[([A-Za-z_]+\d+)\|\d+\]:/g;

/** The same as mpirun says it: job and rank. */
const MPI_RANK = /^\[\d+,(\d+)\]<std(?:out|err)>: ?/;

/** Lines of tables that rich draws. */
const VERTICAL = /[\u2502\u2503\u2551]/;
const VERTICALS = /[\u2502\u2503\u2551]/g;

/** Signs of a progress bar, which is drawn anew as often as time allows. */
const BAR = /%\||[\u2500-\u259f]|\[[=>.#\s-]*\]|\bETA\b|\d(?:s\/|it\/s|ms\/)|\d+\/\d+ \[/;

/**
 * The parts of a line that stay visible: the last one, and before it those that are no progress bar, which a
 * bar only pushed away. `onDropped` is called for each state of a bar that was drawn over.
 */
export function visibleParts(line: string, onDropped: () => void): string[] {
  let text = line.includes("\u001b") ? line.replace(ESCAPES, "") : line;
  if (text.includes("|") && text.includes("]:")) text = text.replace(LAUNCHER_RANKS, "[$1]:");
  if (text.includes("]<std")) text = text.replace(MPI_RANK, "[rank$1]: ");
  if (VERTICAL.test(text)) text = text.replace(VERTICALS, "|");
  if (/\[\d{0,3}m/.test(text)) text = text.replace(BARE_COLORS, "");
  if (!text.includes("\r") && !text.includes("\b")) return [text];
  // deno-lint-ignore no-control-regex -- backspaces that go back to the beginning
  text = text.replace(/\u0008{4,}/g, "\r").replace(/[^\u0008]\u0008/g, "");
  const parts = text.split("\r").filter((part) => part.trim() !== "");
  return parts.filter((part, i) => {
    const stays = i === parts.length - 1 || !BAR.test(part);
    if (!stays) onDropped();
    return stays;
  });
}
