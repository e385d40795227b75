/**
 * HTML in which every value is escaped unless it was made here: a log can hold any text.
 * This module is browser compatible.
 *
 * @module
 */

/** HTML that is safe to be put into a page as it is. */
export class Html {
  /** The markup. */
  readonly text: string;

  /** Takes markup that is known to be safe. */
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template of {@linkcode html} takes; undefined is nothing. */
export type HtmlValue = Html | string | number | bigint | undefined | readonly HtmlValue[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `text` for an element or a quoted attribute; control characters other than blanks become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- they are what is taken out
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Template tag: the literal parts are markup, the values are text; blanks around the whole are dropped. */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = literals[0]!;
  values.forEach((value, index) => text += render(value) + literals[index + 1]!);
  return new Html(text.trim());
}

function render(value: HtmlValue): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(render).join("");
  return escapeHtml(String(value));
}
