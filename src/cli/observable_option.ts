/**
 * Values of options that name an observable or give one as a function.
 *
 * @module
 */

/** An observable as it was given. */
export interface ObservableText {
  /** Its name, or the function's text where there is none. */
  readonly name: string;
  /** The function's text; undefined for one that the module exports. */
  readonly expression: string | undefined;
}

/** Takes NAME, NAME=FUNCTION or FUNCTION apart. */
export function readObservable(text: string): ObservableText {
  const [, name, expression] = /^([^=\s]+)=(?!>)(.+)$/s.exec(text) ?? [undefined, text, undefined];
  const isFunction = /=>|\bfunction\b/.test(name!);
  return isFunction ? { name: text, expression: text } : { name: name!, expression };
}
