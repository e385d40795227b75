/**
 * Elements of the page. Foreign text only ever goes into text nodes.
 *
 * @module
 */

/// <reference lib="dom" />

/** An element of the page's markup. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

/** Makes an element; texts become text nodes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** Makes a button. */
export function button(text: string, label: string, act: () => void): HTMLButtonElement {
  const made = make("button", "", [text]);
  made.type = "button";
  if (label !== text) {
    made.setAttribute("aria-label", label);
    made.title = label;
  }
  made.addEventListener("click", act);
  return made;
}

/** What went wrong, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Offers bytes as a file to save. */
export function offerFile(name: string, bytes: Uint8Array | string | Blob, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: the browser reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
