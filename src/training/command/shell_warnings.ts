/**
 * What a shell would have done with the text of a command, and nothing here does.
 * This module is browser compatible.
 *
 * @module
 */

/** One thing that only a shell does: how it looks, and what it would have been. */
interface Sight {
  readonly text: string;
  readonly what: string;
}

/** One line for each kind of thing that is not interpreted. */
export function shellWarnings(command: string): string[] {
  const seen = new Map<string, Sight>();
  for (const sight of scan(command)) if (!seen.has(sight.what)) seen.set(sight.what, sight);
  return [...seen.values()].map(({ text, what }) =>
    `${text} is not interpreted: ${what} is left to a shell, and none is run; ` +
    `write sh -c '...' if a shell is meant`
  );
}

const OPERATORS = /^(?:\d*(?:>>|>&|>\||>|<<|<&|<)|&>>|&>|&&|\|\||[|&;()])/;
const EXPANSION = /^\$(?:[A-Za-z_]\w*|\{[^}]*\}|\(|[0-9@*#?!-])/;

/** Walks the text as a shell would: single quotes hide everything, double quotes all but `$` and backquotes. */
function* scan(command: string): Generator<Sight> {
  let quote = "";
  let atWordStart = true;
  for (let i = 0; i < command.length; i++) {
    const char = command[i]!;
    const rest = command.slice(i);
    if (char === "\\" && quote !== "'") {
      i++;
      atWordStart = false;
      continue;
    }
    if (quote === "'" || (quote === "" && (char === "'" || char === '"'))) {
      if (char === quote) quote = "";
      else if (quote === "") quote = char;
      atWordStart = false;
      continue;
    }
    if (char === '"') {
      quote = "";
      continue;
    }
    if (quote === "" && char === "#" && atWordStart) {
      const end = command.indexOf("\n", i);
      if (end < 0) return;
      i = end;
      continue;
    }
    const expansion = EXPANSION.exec(rest)?.[0];
    if (expansion !== undefined) {
      const text = expansion.endsWith("(") ? "$(...)" : expansion;
      yield expansion.endsWith("(")
        ? { text, what: "the output of a command" }
        : { text, what: "the value of a variable" };
    }
    if (char === "`") yield { text: "`...`", what: "the output of a command" };
    if (quote === "") {
      const operator = OPERATORS.exec(rest)?.[0];
      // `a=b&c` is an operator wherever it stands; a digit only before a redirection at the start of a word.
      if (operator !== undefined && (!/^\d/.test(operator) || atWordStart)) {
        yield {
          text: operator,
          what: /[<>]/.test(operator) ? "a redirection" : "more than one command",
        };
        i += operator.length - 1;
        atWordStart = true;
        continue;
      }
      if (char === "~" && atWordStart && /^~(?:\/|\s|$)/.test(rest)) {
        yield { text: "~", what: "the home folder" };
      }
      if (char === "*") {
        yield { text: char, what: "a pattern of file names" };
      }
    }
    atWordStart = /\s/.test(char);
  }
}
