/**
 * What a step module imports from rewind itself: the generators are put into the bundle, the portable
 * math is `Math` in the sandbox.
 *
 * @module
 */

import * as portableMath from "../../math/mod.ts";
import { suggestion } from "../../text/suggestion.ts";
import type { Edits } from "./edits.ts";
import type { Refusal } from "./escape_words.ts";
import { GENERATORS, type Generators } from "./generators.generated.ts";
import { type AnyNode, type Syntax, visitsOf } from "./syntax.ts";

/** What a step module names when it imports from rewind. */
const OWN_MODULE = /^(?:(?:jsr:|npm:)\/?)?@rewind\/cli(?:@[^/]*)?(?:\/(.+))?$/;

/** Whether a name of a module is that of rewind or of a part of it. */
export function isOwnModule(name: string): boolean {
  return OWN_MODULE.test(name);
}

const NO_PART =
  "a step module can use @rewind/cli/rng and @rewind/cli/math; the rest of rewind runs outside of steps";

/** A name that is imported, and what it is called here. */
interface Binding {
  /** `*` for all names as one object. */
  readonly imported: string;
  readonly local: string;
  readonly offset: number;
}

/** Collects the changes that resolve imports from rewind, and tells which cannot be resolved. */
export function linkOwnImports(syntax: Syntax, edits: Edits): Refusal[] {
  const bad: Refusal[] = [];
  const math: Binding[] = [];
  const generators: Binding[] = [];
  for (const node of syntax.program.body) {
    const room = ownRoom(node);
    if (room === undefined) continue;
    const { start: offset } = node;
    if (node.type !== "ImportDeclaration") {
      bad.push({ offset, what: "exports all of rewind", hint: "export what it uses by name" });
    } else if (room !== "" && room !== "math" && room !== "rng") {
      bad.push({ offset, what: `imports @rewind/cli/${room}`, hint: NO_PART });
    } else {
      (room === "math" ? math : generators).push(...bindingsOf(node));
    }
    edits.replace(node.start, node.end, "");
  }
  bad.push(...unknownNames(math, Object.keys(portableMath), "math"));
  bad.push(...unknownNames(generators, GENERATORS.at(-1)!.names, "rng"));
  const used = usedNames(syntax);
  const isUsed = ({ local }: Binding): boolean => used.has(local);
  const code = [
    ...generatorCode(syntax, generators.filter(isUsed)),
    ...declarations(math.filter(isUsed), "Math"),
  ];
  // Before all statements, as imports are there before anything runs.
  const start = syntax.program.body[0]?.start ?? 0;
  if (code.length > 0) edits.replace(start, start, code.join(""));
  return bad;
}

/** Names that are used and not only imported: what is left of a type may be imported in vain. */
function usedNames({ program }: Syntax): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { node, parent } of visitsOf(program)) {
    if (node.type === "Identifier" && !parent!.node.type.startsWith("Import")) names.add(node.name);
  }
  return names;
}

/** The part of rewind that a statement imports or exports from: "" for the library as a whole. */
function ownRoom(node: AnyNode): string | undefined {
  const { source } = node as { source?: { value?: unknown } | null };
  const match = typeof source?.value === "string" ? OWN_MODULE.exec(source.value) : null;
  return match === null ? undefined : match[1] ?? "";
}

function bindingsOf(node: AnyNode & { type: "ImportDeclaration" }): Binding[] {
  return node.specifiers.map((specifier) => {
    const { local: { name: local }, start: offset } = specifier;
    if (specifier.type === "ImportNamespaceSpecifier") return { imported: "*", local, offset };
    if (specifier.type === "ImportDefaultSpecifier") return { imported: "default", local, offset };
    const { imported } = specifier;
    const name = imported.type === "Identifier" ? imported.name : `${imported.value}`;
    return { imported: name, local, offset };
  });
}

function unknownNames(
  bindings: readonly Binding[],
  names: readonly string[],
  room: string,
): Refusal[] {
  return bindings
    .filter(({ imported }) => imported !== "*" && !names.includes(imported))
    .map(({ imported, offset }) => ({
      offset,
      what: `imports '${imported}', which a step module cannot have of @rewind/cli/${room}`,
      hint: suggestion(imported, names) ?? `it can have ${names.join(", ")}`,
    }));
}

/** The smallest set of generators that has all that is asked for, and the names that are taken of it. */
function generatorCode(syntax: Syntax, bindings: readonly Binding[]): string[] {
  if (bindings.length === 0) return [];
  const names = bindings.map(({ imported }) => imported);
  const backends = backendsOf(syntax, bindings);
  const fits = (generators: Generators): boolean =>
    backends !== undefined && backends.every((name) => generators.backends.includes(name)) &&
    names.every((name) => generators.names.includes(name));
  const { text } = GENERATORS.find(fits) ?? GENERATORS.at(-1)!;
  let holder = "$generators";
  while (syntax.text.includes(holder)) holder = `$${holder}`;
  return [`const ${holder} = ${text};\n`, ...declarations(bindings, holder)];
}

/** The backends that are asked for by name; undefined where that is only known when the step runs. */
function backendsOf({ program }: Syntax, bindings: readonly Binding[]): string[] | undefined {
  const makers = bindings.filter(({ imported }) => imported === "createRng");
  const locals = new Set(makers.map(({ local }) => local));
  const backends: string[] = [];
  if (bindings.some(({ imported }) => imported === "*")) return undefined;
  for (const { node, parent } of visitsOf(program)) {
    if (node.type !== "Identifier" || !locals.has(node.name)) continue;
    const user = parent?.node;
    if (user?.type === "ImportSpecifier") continue;
    const [name] = user?.type === "CallExpression" && user.callee === node ? user.arguments : [];
    if (name?.type !== "Literal" || typeof name.value !== "string") return undefined;
    backends.push(name.value);
  }
  return backends;
}

/** Statements that give names of an object their local ones. */
function declarations(bindings: readonly Binding[], holder: string): string[] {
  const whole = bindings.filter(({ imported }) => imported === "*");
  const single = bindings.filter(({ imported }) => imported !== "*")
    .map(({ imported, local }) => imported === local ? local : `${imported}: ${local}`);
  return [
    ...whole.map(({ local }) => `const ${local} = ${holder};\n`),
    ...single.length === 0 ? [] : [`const { ${single.join(", ")} } = ${holder};\n`],
  ];
}
