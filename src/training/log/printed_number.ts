/**
 * Numbers as Python prints objects that hold them: what stands in a log when a script forgets `.item()`.
 * This module is browser compatible.
 *
 * @module
 */

import { asciiText } from "./decimal.ts";
import { looseNumber, type LooseText, numberOf } from "./loose_number.ts";
import { isUnit } from "./text/line_units.ts";

/** Longest text that is looked at. */
const BYTES_MAX = 1000;

/** Last bytes of such texts: `)`, `]` and `>`. */
const ENDS: ReadonlySet<number> = new Set([0x29, 0x5d, 0x3e]);

/** `tensor(0.5, device='cuda:0')`, `np.float32(0.5)`, `Array([0.5, 0.25], dtype=float32)`, `[0.5, 0.25]`, `(0.5,)`. */
const OBJECT =
  /^(?:(?:[a-z]\w*\.)*(?:[Tt]ensor|[Aa]rray|DeviceArray|Parameter|Decimal|float\d*|u?int\d*|bfloat16|bool_?))?([[(]+)\s*'?([-+.\w]+(?:,?\s+[-+.\w]+|,[-+.\w]+)*)'?\s*,?\s*[\])]*(?:,\s*(?:\w+=.*|\([\d, ]*\)))?[\])]$/s;

/** `<tf.Tensor: shape=(), dtype=float32, numpy=0.5>`. */
const TENSOR_OF_TF = /^<tf\.(?:Tensor|Variable)\b.*\bnumpy=([-+.\w]+)>$/s;

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?%?`;

/** Several numbers: `0.5 ± 0.1`, `50/100`, `0.5 [0.4, 0.6]`, `0.1; 0.2`. */
const SEVERAL = new RegExp(
  String.raw`^${NUMBER}(?:(?: *(?:±|\+/?-|/|\||;|×|x|of) *|, *| +| *[([] *)${NUMBER}[\])]?){1,31}$`,
  "i",
);

/** A complex number, as Python prints it: `(0.5-2j)`. */
const COMPLEX = new RegExp(String.raw`^\(?(${NUMBER})([-+]${NUMBER.slice(5)})j\)?$`, "i");

/** One of several numbers. A sign after a digit parts them: `0.5+/-0.1`. */
const EACH = /(?<![\d.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;

/** `2026/1/31`, `31/1/2026`: no fractions. */
const DATE = /^(?:\d{4}\/\d{1,2}\/\d{1,2}|\d{1,2}\/\d{1,2}\/\d{4})(?!\d)/;

/** An amount of money: `$2.50`. */
const MONEY = /^[-+]?[$€£¥] ?(?=[\d.])/;

/** First bytes of such texts: digits, signs, a point, a bracket, a sign for money. */
const FIRST = /^[-+.\d($€£¥]/;

/** Longest such text. */
const SEVERAL_BYTES_MAX = 400;

/** A number and its unit, or how it is shortened: `1.2k`, `640 MB`, `0.5s`. */
const QUANTITY = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?) ?([a-zµ°]+(?:\/[a-z]+)?)$/i;

/** Longest such text. */
const QUANTITY_BYTES_MAX = 32;

const DECODER = new TextDecoder();

/** A number, or those of a list. */
export type PrintedNumbers = number | readonly number[];

/** The number or the list that a text stands for, however it is written; undefined for any other text. */
export function numbersIn(bytes: Uint8Array, text: LooseText): PrintedNumbers | undefined {
  return looseNumber(bytes, text) ?? printedNumbers(bytes, text.from, text.to) ??
    severalNumbers(bytes, text.from, text.to);
}

/** The numbers that a text of several, of a complex one or of money stands for. */
function severalNumbers(bytes: Uint8Array, from: number, to: number): PrintedNumbers | undefined {
  if (to - from > SEVERAL_BYTES_MAX) return undefined;
  const text = DECODER.decode(bytes.subarray(from, to));
  if (!FIRST.test(text)) return undefined;
  if (MONEY.test(text)) return numberOf(text.replace(/[$€£¥] ?|(?<=\d),(?=\d{3})/g, ""));
  const complex = COMPLEX.exec(text);
  if (complex !== null) return [Number(complex[1]), Number(complex[2])];
  if (!SEVERAL.test(text) || DATE.test(text)) return undefined;
  return (text.match(EACH) ?? []).map((number) => Number(number.replace("%", "")));
}

/** Whether a text is `true` or `false`, in any case. */
export function isTruthText(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from <= 5 && to - from >= 4 && /^(?:true|false)$/i.test(asciiText(bytes, from, to));
}

function printedNumbers(bytes: Uint8Array, from: number, to: number): PrintedNumbers | undefined {
  if (to - from > BYTES_MAX || !ENDS.has(bytes[to - 1]!)) return undefined;
  const text = asciiText(bytes, from, to);
  const single = TENSOR_OF_TF.exec(text)?.[1];
  if (single !== undefined) return numberOf(single);
  const [, brackets, list] = OBJECT.exec(text) ?? [];
  if (list === undefined) return undefined;
  const numbers = list.split(/[,\s]+/).map(numberOf);
  if (!numbers.every((number) => number !== undefined)) return undefined;
  const isList = brackets !== "(" || /^\(/.test(text);
  return isList ? numbers : numbers.length === 1 ? numbers[0] : undefined;
}

/** The number and the unit that a text stands for; undefined for any other text. */
export function quantityIn(
  bytes: Uint8Array,
  from: number,
  to: number,
): { value: number; unit: string } | undefined {
  if (to - from > QUANTITY_BYTES_MAX || bytes[from]! > 0x39) return undefined;
  const [, number, unit] = QUANTITY.exec(asciiText(bytes, from, to)) ?? [];
  return unit === undefined || !isUnit(unit) ? undefined : { value: Number(number), unit };
}
