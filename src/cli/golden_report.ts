/**
 * What a test of golden runs found, for machines: JSON, JUnit XML, Markdown, annotations of GitHub Actions.
 *
 * @module
 */

import type { GoldenVerdict } from "../testing/golden.ts";
import { annotation } from "../text/annotation.ts";
import { escapeText } from "../text/escape_text.ts";
import { escapeMarkdown, markdownCode, markdownTable } from "../text/markdown.ts";
import { escapeXml } from "../text/xml.ts";
import {
  divergenceJson,
  divergenceLine,
  divergenceLines,
  divergenceNotes,
  RECORDED_AND_NOW,
} from "../testing/divergence_report.ts";
import { counted, grouped } from "./table.ts";

/** What became of one golden run. */
export interface GoldenResult {
  /** Path of the run, as it was found. */
  readonly file: string;
  /** Path of its module; undefined if it was not found. */
  readonly module: string | undefined;
  /** Number of its states; 0 if it could not be opened. */
  readonly steps: number;
  /** What it says; undefined if it could not be tested. */
  readonly verdict: GoldenVerdict | undefined;
  /** Why it could not be tested; safe to print. */
  readonly error: string | undefined;
  /** Whether it was recorded anew. */
  readonly isUpdated: boolean;
  /** How long that took, in seconds. */
  readonly seconds: number;
}

/** What a result amounts to. */
export type GoldenStatus = "passed" | "failed" | "error" | "skipped" | "updated";

/** What a result amounts to. */
export function statusOf({ verdict, isUpdated }: GoldenResult): GoldenStatus {
  if (isUpdated) return "updated";
  if (verdict === undefined) return "error";
  if (verdict.kind === "skipped") return "skipped";
  return verdict.kind === "same" ? "passed" : "failed";
}

/** Why a run did not pass, on one line. */
export function reasonOf({ verdict, error }: GoldenResult): string {
  if (error !== undefined) return error;
  if (verdict?.kind === "diverged") return divergenceLine(verdict.divergence, RECORDED_AND_NOW);
  if (verdict?.kind === "observable") {
    return `all states are equal, but observe.${
      escapeText(verdict.name)
    } gives other statistics than were recorded`;
  }
  if (verdict?.kind !== "mismatch") return "";
  const { from, to, difference, error: thrown } = verdict.block;
  const what = thrown ??
    (difference === undefined
      ? "the bytes differ"
      : `${difference.path} is ${difference.expected} recorded, ${difference.actual} now`);
  return `between t = ${grouped(from)} and t = ${grouped(to)}: ${what}`;
}

/** Why a run did not pass, as lines. */
export function reasonLines(result: GoldenResult): string[] {
  const { verdict } = result;
  if (verdict?.kind !== "diverged") return [reasonOf(result)];
  return [
    ...divergenceLines(verdict.divergence, RECORDED_AND_NOW),
    ...divergenceNotes(verdict.divergence, RECORDED_AND_NOW),
  ];
}

/** All results as JSON. */
export function goldenJson(results: readonly GoldenResult[]) {
  const count = (status: GoldenStatus): number =>
    results.filter((result) => statusOf(result) === status).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    errors: count("error"),
    skipped: count("skipped"),
    updated: count("updated"),
    runs: results.map((result) => ({
      file: result.file,
      module: result.module ?? null,
      status: statusOf(result),
      steps: result.steps,
      reason: reasonOf(result) || null,
      divergence: result.verdict?.kind === "diverged"
        ? divergenceJson(result.verdict.divergence)
        : null,
    })),
  };
}

/**
 * All results as a JUnit report: one that the schemas of Apache Ant (windyroad/JUnit-Schema), Jenkins (xunit-plugin,
 * junit-10.xsd) and JUnit 5 accept, which differ in what they demand.
 *
 * @param at When it was made.
 */
export function goldenJunit(results: readonly GoldenResult[], at: Date): string {
  const count = (status: GoldenStatus): number =>
    results.filter((result) => statusOf(result) === status).length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const totals = `tests="${results.length}" failures="${count("failed")}" errors="${
    count("error")
  }" skipped="${count("skipped")}" time="${seconds.toFixed(3)}"`;
  // Ant's schema wants a host and a time without zone; the reports of two machines need not differ in the first.
  const made = `timestamp="${at.toISOString().slice(0, 19)}" hostname="localhost"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="rewind test" id="0" package="rewind" ${totals} ${made}>`,
    "    <properties/>",
    ...results.flatMap(testCase),
    "    <system-out/>",
    "    <system-err/>",
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(result: GoldenResult): string[] {
  const status = statusOf(result);
  const name = `name="${escapeXml(result.file)}" classname="${
    escapeXml(result.module ?? "unknown")
  }" time="${result.seconds.toFixed(3)}"`;
  const message = escapeXml(reasonOf(result));
  const text = escapeXml(reasonLines(result).join("\n"));
  const inner = status === "failed"
    ? `<failure message="${message}" type="diverged">${text}</failure>`
    : status === "error"
    ? `<error message="${message}" type="error">${text}</error>`
    : status === "skipped"
    ? "<skipped/>"
    : undefined;
  if (inner === undefined) return [`    <testcase ${name}/>`];
  return [`    <testcase ${name}>`, `      ${inner}`, "    </testcase>"];
}

/** All results as Markdown. */
export function goldenMarkdown(results: readonly GoldenResult[]): string {
  const bad = results.filter((result) => ["failed", "error"].includes(statusOf(result)));
  const lines = [
    `### rewind test: ${
      bad.length === 0 ? "passed" : `${bad.length} of ${counted(results.length, "run")} failed`
    }`,
    "",
    ...(bad.length === 0 ? [`${counted(results.length, "run")} tested.`] : markdownTable(
      ["Run", "Module", "What differs"],
      bad.map((result) => [
        markdownCode(result.file),
        result.module === undefined ? "" : markdownCode(result.module),
        escapeMarkdown(reasonOf(result)),
      ]),
    )),
    "",
  ];
  return lines.join("\n");
}

/** An annotation of GitHub Actions for each run that did not pass, at the module's line where it is known. */
export function goldenAnnotations(results: readonly GoldenResult[]): string[] {
  return results.filter((result) => ["failed", "error"].includes(statusOf(result))).map(
    (result) => {
      const { verdict, module, file } = result;
      const place = verdict?.kind === "diverged" ? verdict.divergence.draw?.placeAfter : undefined;
      const line = place === undefined ? undefined : lineOf(place, module);
      return annotation("error", reasonOf(result), {
        title: `rewind test: ${file}`,
        ...(module === undefined ? {} : { file: module }),
        ...(line === undefined ? {} : { line }),
      });
    },
  );
}

/** The line of a place in the module's own file. */
function lineOf(place: string, module: string | undefined): number | undefined {
  const [, file, line] = /^(.*?):(\d+):\d+/.exec(place) ?? [];
  if (file === undefined || module === undefined) return undefined;
  return module === file || module.endsWith(`/${file}`) || module.endsWith(`\\${file}`)
    ? Number(line)
    : undefined;
}
