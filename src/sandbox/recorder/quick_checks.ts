/**
 * Whether a text may hold something that only a parser can tell, without a parser: it takes longer to load
 * than most modules take to record.
 *
 * @module
 */

/** Whether a text may use `**`; not in a comment, many of which start with it. */
export function mayUsePower(text: string): boolean {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").includes("**");
}
