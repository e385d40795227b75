/**
 * Makes a bundle what its modules are: the bundler turns declarations into `var`, which has no dead zone,
 * renames what has the same name in two modules, makes plain objects of module namespaces, and leaves
 * paths of the author's machine behind.
 *
 * @module
 */

import { scriptText } from "../../text/script_text.ts";
import type { BundleFiles } from "./bundle_files.ts";
import type { Edits } from "./edits.ts";
import {
  type AnyNode,
  LineIndex,
  type Program,
  type Syntax,
  type Visit,
  visitsOf,
} from "./syntax.ts";

/** Collects the changes that make a bundle what its modules are. */
export function mendBundle(syntax: Syntax, edits: Edits, files: BundleFiles): void {
  mendDeclarations(syntax, edits, files);
  mendNames(syntax, edits);
  mendNamespaces(syntax, edits);
  mendPaths(syntax, edits, files);
}

/** How the declaration that a variable comes from starts in the author's file. */
const DECLARED = /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(const|let|class)\b/;

/** How an exported value starts that has no name: its variable is the bundler's, and constant. */
const DEFAULT_VALUE = /^export\s+default\b(?!\s+(?:async\s+)?function\b)/;

/** Gives variables of modules the dead zone back that `const`, `let` and classes have. */
function mendDeclarations({ text, program }: Syntax, edits: Edits, files: BundleFiles): void {
  const lines = new LineIndex(text);
  for (const node of program.body) {
    if (node.type !== "VariableDeclaration" || node.kind !== "var") continue;
    const { line, column } = lines.positionOf(node.start);
    const written = files.textBehind(line, column) ?? "";
    const kind = DECLARED.exec(written)?.[1] ?? (DEFAULT_VALUE.test(written) ? "const" : undefined);
    if (kind === undefined) continue;
    // One that is no `let` and has no value is declared before its module runs, and set by it.
    if (kind !== "let" && node.declarations.some(({ init }) => !init)) continue;
    edits.replace(node.start, node.start + "var".length, kind === "const" ? "const" : "let");
  }
}

/** The helper of the bundler that gives functions and classes their names. */
const NAME_HELPER = /^\(target, value\) => __defProp\d*\(target, "name"/;

/** Takes the calls that name functions away where the function has that name anyway. */
function mendNames({ text, program, comments }: Syntax, edits: Edits): void {
  const helper = program.body.find((node) =>
    node.type === "VariableDeclaration" &&
    NAME_HELPER.test(text.slice(node.declarations[0]!.init?.start, node.end))
  );
  if (helper?.type !== "VariableDeclaration") return;
  const id = helper.declarations[0]!.id;
  if (id.type !== "Identifier") return;
  let isUsed = false;
  for (const visit of visitsOf(program)) {
    const named = namingOf(visit.node, id.name);
    if (named === undefined) continue;
    if (named.name === naturalName(named.value, visit)) {
      removeNaming(visit, named.value, edits, text);
    } else isUsed = true;
  }
  if (!isUsed) {
    removeStatement(helper, edits, text);
    removeUnused("__defProp", { program, helper, edits, text });
  }
  for (const { start, end, value } of comments) {
    if (value.trim() === "@__PURE__") edits.replace(start, text[end] === " " ? end + 1 : end, "");
  }
}

/** Takes the declaration of a helper away that nothing but another one used, which is gone. */
function removeUnused(
  name: string,
  { program, helper, edits, text }: {
    program: Program;
    helper: AnyNode;
    edits: Edits;
    text: string;
  },
): void {
  const own = program.body.find((node) =>
    node.type === "VariableDeclaration" && nameOf(node.declarations[0]!.id) === name
  );
  const others = text.slice(0, helper.start) + text.slice(helper.end);
  const isUsed = others.split(new RegExp(`\\b${name}\\b`)).length > 2;
  if (own !== undefined && !isUsed) removeStatement(own, edits, text);
}

/** What a call of the helper names, and how; undefined for any other node. */
function namingOf(node: AnyNode, helper: string): { value: AnyNode; name: string } | undefined {
  if (node.type !== "CallExpression") return undefined;
  const { callee, arguments: [value, name] } = node;
  if (callee.type !== "Identifier" || callee.name !== helper) return undefined;
  if (value === undefined || name?.type !== "Literal") return undefined;
  return { value, name: `${name.value}` };
}

/** The name that the language gives a function or class where the helper is called for it. */
function naturalName(value: AnyNode, call: Visit): string | undefined {
  // f is declared as a function: __name(f, "f");
  if (value.type === "Identifier") return value.name;
  // class { static { __name(this, "C"); } }
  if (value.type === "ThisExpression") {
    const owner = call.parent?.parent?.parent?.parent;
    return owner === undefined ? undefined : ownName(owner.node) ?? nameFromContext(owner);
  }
  return ownName(value) ?? nameFromContext(call);
}

function ownName(node: AnyNode): string | undefined {
  return (node as { id?: { name: string } | null }).id?.name;
}

/** The name that an anonymous function or class gets by where it stands. */
function nameFromContext({ node, parent }: Visit): string | undefined {
  const holder = parent?.node;
  switch (holder?.type) {
    case "VariableDeclarator":
      return nameOf(holder.id);
    case "AssignmentExpression":
    case "AssignmentPattern":
      return holder.right === node ? nameOf(holder.left) : undefined;
    case "Property":
    case "PropertyDefinition":
      return holder.value === node && !holder.computed ? nameOf(holder.key) : undefined;
    case "ExportDefaultDeclaration":
      return "default";
    default:
      return undefined;
  }
}

function nameOf(node: AnyNode): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type === "PrivateIdentifier") return `#${node.name}`;
  return node.type === "Literal" ? `${node.value}` : undefined;
}

/** Takes a call of the helper away, and leaves what it names. */
function removeNaming({ node, parent }: Visit, value: AnyNode, edits: Edits, text: string): void {
  if (value.type === "Identifier" || value.type === "ThisExpression") {
    const block = parent?.parent?.node;
    removeStatement(block?.type === "StaticBlock" ? block : parent!.node, edits, text);
  } else {
    edits.replace(node.start, value.start, "");
    edits.replace(value.end, node.end, "");
  }
}

/** Takes a statement away, with its line. */
function removeStatement(node: AnyNode, edits: Edits, text: string): void {
  const lineStart = text.lastIndexOf("\n", node.start - 1) + 1;
  const isAlone = text.slice(lineStart, node.start).trim() === "" && text[node.end] === "\n";
  if (isAlone) edits.replace(lineStart, node.end + 1, "");
  else edits.replace(node.start, node.end, "");
}

/** The helper of the bundler that makes the namespace of a module. */
const NAMESPACE_HELPER = /^\(target, all\) => \{\s*for \(var name in all\)/;

/** Makes namespaces what they are in the language: without prototype, tagged, closed. */
function mendNamespaces({ text, program }: Syntax, edits: Edits): void {
  for (const node of program.body) {
    const init = node.type === "VariableDeclaration" ? node.declarations[0]?.init : undefined;
    if (init?.type !== "ArrowFunctionExpression") continue;
    if (!NAMESPACE_HELPER.test(text.slice(init.start, init.end))) continue;
    // Another helper adds names later, where a module exports all of a CommonJS module.
    const close = /\b__reExport\d*\(/.test(text) ? "" : "  Object.preventExtensions(target);\n";
    edits.replace(
      init.body.end - 1,
      init.body.end - 1,
      `  Object.setPrototypeOf(target, null);\n` +
        `  Object.defineProperty(target, Symbol.toStringTag, { value: "Module" });\n${close}`,
    );
  }
}

/** The files that the bundler names in a bundle, in order. */
export function filesIn(syntax: Syntax): string[] {
  return [...new Set([...fileComments(syntax), ...fileKeys(syntax)].map(({ source }) => source))];
}

/** Replaces paths of files by public names. */
function mendPaths(syntax: Syntax, edits: Edits, files: BundleFiles): void {
  for (const { start, end, source } of fileComments(syntax)) {
    edits.replace(start, end, `// ${JSON.stringify(files.nameOf(source)).slice(1, -1)}`);
  }
  for (const { start, end, source } of fileKeys(syntax)) {
    edits.replace(start, end, scriptText(files.nameOf(source)));
  }
}

interface FileName {
  readonly start: number;
  readonly end: number;
  readonly source: string;
}

/** The bundler puts a comment with its path before each module. */
function fileComments({ program, comments }: Syntax): FileName[] {
  return comments
    .filter(({ type, start }) =>
      type === "Line" && !program.body.some((node) => node.start <= start && start < node.end)
    )
    .map(({ start, end, value }) => ({ start, end, source: value.trim() }));
}

/** The bundler makes a module that is loaded late a method whose name is its path. */
function fileKeys({ program }: Syntax): FileName[] {
  return program.body.flatMap((node) => {
    const call = node.type === "VariableDeclaration" ? node.declarations[0]?.init : undefined;
    if (call?.type !== "CallExpression" || call.callee.type !== "Identifier") return [];
    if (!/^__(?:commonJS|esm)\d*(?:Min)?$/.test(call.callee.name)) return [];
    const [table] = call.arguments;
    const property = table?.type === "ObjectExpression" ? table.properties[0] : undefined;
    if (property?.type !== "Property" || property.key.type !== "Literal") return [];
    const { start, end, value } = property.key;
    return [{ start, end, source: `${value}` }];
  });
}
