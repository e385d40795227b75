/**
 * Parts of a printed line that say where it comes from or where something lies: the head of a logger, a
 * process and its host, a path. Numbers in them are none.
 * This module is browser compatible.
 *
 * @module
 */

/** Indexes of a part of a line: from, and the one after it. */
export interface LinePart {
  readonly from: number;
  readonly to: number;
}

/** How Google's libraries begin a line: level and date, time, thread, place. */
const GLOG_HEAD = /^[IWEF]\d{4} \d{2}:\d{2}:\d{2}\.\d{1,9} {1,9}\d{1,20} [^\]]{1,80}\]/;

/** Not so `INFO - epoch:5 - loss 0.5`. */
const NO_COUNTER = String
  .raw`(?!(?:epoch|ep|episode|(?:global_)?step|iter(?:ation)?|it|batch|update):)`;

/** Where in a source file a logger says that a message comes from: `INFO | __main__:main:42 - `, `(trainer:464) INFO:`. */
const LOGGER_PLACE = new RegExp(
  String
    .raw`(?<=\b(?:DEBUG|INFO|SUCCESS|WARN|WARNING|ERROR|CRITICAL)\b[\s|\]:)-]*)(?<![\w.])${NO_COUNTER}[A-Za-z_<][\w.<>]*(?::[\w.<>]+)?:\d+(?=\s+-\s)|(?<=[([])${NO_COUNTER}[A-Za-z_][\w.]*:\d+(?=[)\]][\s:|-]*(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL)\b)|(?<=\[)[A-Za-z_]\w*(?:\.\w+)+:\d+(?=\])|(?<=\[)[\w./-]+\.py,? line:? ?\d+(?=\])|(?<=^\[[^\]]{0,80}\d{2}:\d{2}:\d{2}[^\]]{0,20} )[A-Za-z_][\w.]*:\d+(?=\])`,
);

/** How Python's logging begins a line by itself: `INFO:root:`. */
const LOGGING_HEAD = /^(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[\w.]+:(?!\d)/;

/** What every such place has: a quick look before the slow one. */
const NAMED_LINE = /[A-Za-z_>]:\d|\.py/;

const LEVEL = /^\[|DEBUG|INFO|SUCCESS|WARN|ERROR|CRITICAL/;

/** Whose line it is, before the time: ESPnet's `[gpu01:0/2] 2020-07-19`. */
const HOST_HEAD = /^\[[A-Za-z_][\w.-]*(?::\d{1,5}(?:\/\d{1,5})?)?\](?= \d{4}-\d{2}-\d{2} )/;

/** How far from the beginning of a line a logger's own words reach. */
const LOGGER_HEAD_MAX = 160;

/** The process and the host that Ray puts before what a worker prints: `(TaskRunner pid=4711, ip=10.0.0.5) `. */
const RAY_PROCESS = /^(\([\w.:-]{1,80})( pid=\d+(?:, ip=[\d.]+)?)\) /;

/** Host, rank and line of the code, as OLMo begins a line, or a process' number, between the time and the level. */
const PROCESS =
  /^([[(]?\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}[.,\d]*[\])]?[ :|-]{1,3})((?:[A-Za-z][\w.-]*:\d+ (?:[\w.]+:\d+ )?|\[?\d{2,7}\]?))[ :|-]{0,3}\[?(?:DEBUG|INFO|SUCCESS|WARN|WARNING|ERROR|CRITICAL)\b/;

/** How syslog begins a line, without its date: `host program[4711]: `. */
const SYSLOG_PROCESS =
  /^((?:[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T[\d:.+-]{8,30}Z?) )([\w.-]{1,64} [\w./@-]{1,64}\[\d{1,10}\]:)/;

/** A path or an address: where a model was saved differs between runs, whatever numbers its name holds. */
const PATH =
  /(?<=^|[\s'"`=(])(?:\/(?=\S*[\d/])[A-Za-z_]|(?:~|\.{1,2})\/[\w.]|[A-Za-z]:\\|\w+:\/\/)[^\s'"`;|()]*/g;

/** The end of what begins like a path and is the name of a number. */
const NAMES_NUMBER = /[:=](?:[-+]?[\d.]+)?,?$/;

/** Stand before the first slash of a path. */
const BEFORE_SLASH = new Set(Array.from(" \t'\"`=(~.:", (sign) => sign.charCodeAt(0)));

/** Whether it is worth to look for paths. */
function mayHoldPath(line: string): boolean {
  for (let at = line.indexOf("/"); at >= 0; at = line.indexOf("/", at + 1)) {
    if (line.charCodeAt(at + 1) > 0x20 && (at === 0 || BEFORE_SLASH.has(line.charCodeAt(at - 1)))) {
      return true;
    }
  }
  return line.includes(":\\");
}

/** The parts of a line in which numbers are none, in order. */
export function placesIn(line: string): LinePart[] {
  const parts: LinePart[] = [];
  const add = (match: RegExpExecArray | null) => {
    if (match === null) return;
    // Where a pattern has groups, the first one only leads to the second.
    const from = match.index + (match[2] === undefined ? 0 : match[1]!.length);
    parts.push({ from, to: from + (match[2] ?? match[0]).length });
  };
  const head = line.slice(0, LOGGER_HEAD_MAX);
  const c = line.charCodeAt(1);
  if (c >= 0x30 && c <= 0x39) add(GLOG_HEAD.exec(head));
  if (head.startsWith("[")) add(HOST_HEAD.exec(head));
  if (head.startsWith("(")) add(RAY_PROCESS.exec(head));
  if (head.includes("]: ")) add(SYSLOG_PROCESS.exec(head));
  if (LEVEL.test(line)) {
    add(LOGGING_HEAD.exec(head));
    add(PROCESS.exec(head));
    if (NAMED_LINE.test(head)) add(LOGGER_PLACE.exec(head));
  }
  if (mayHoldPath(line)) {
    for (const match of line.matchAll(PATH)) if (!NAMES_NUMBER.test(match[0])) add(match);
  }
  if (parts.length < 2) return parts;
  parts.sort((a, b) => a.from - b.from);
  return parts.filter(({ from }, i) => i === 0 || from >= parts[i - 1]!.to);
}
