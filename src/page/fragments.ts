/**
 * Parts that every page is made of: facts, tables, sections.
 * This module is browser compatible.
 *
 * @module
 */

import { type Html, html, type HtmlValue } from "./html.ts";

/** Terms and what they are; those without a value are left out. */
export function factList(facts: readonly (readonly [term: string, value: HtmlValue])[]): Html {
  return html`
    <dl class="facts">${facts.filter(([, value]) => value !== undefined).map(([term, value]) =>
      html`
        <div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>
      `
    )}</dl>
  `;
}

/** Text as it would be typed. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** A table that scrolls on its own where it is too wide; nothing without rows. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`
    <div class="table" role="region" aria-label="${caption}" tabindex="0">
      <table>
        <caption>${caption}</caption>
        <thead>
          <tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr>
        </thead>
        <tbody>${rows.map(([head, ...cells]) =>
          html`
            <tr><th scope="row">${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

/** A section with a heading; nothing without content. */
export function section(id: string, heading: string, content: HtmlValue): Html | undefined {
  if (content === undefined || (Array.isArray(content) && content.length === 0)) return undefined;
  return html`
    <section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${heading}</h2>
    ${content}
    </section>
  `;
}

/** Lines of prose as a list; nothing without lines. */
export function list(lines: readonly HtmlValue[]): Html | undefined {
  return lines.length === 0 ? undefined : html`
    <ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
  `;
}

/** Makes buttons with a symbol for a face; scripts find what one does in its `data-` attribute. */
export function symbolButton(
  attribute: string,
): (action: string, label: string, face: string) => Html {
  return (action, label, face) =>
    html`
      <button type="button" data-${attribute}="${action}" aria-label="${label}"
        title="${label}">${face}</button>
    `;
}

/** Long text that is folded away; nothing without text. */
export function folded(summary: string, text: string | undefined): Html | undefined {
  return text === undefined || text === "" ? undefined : html`
    <details>
      <summary>${summary}</summary>
      <pre tabindex="0">${text}</pre>
    </details>
  `;
}
