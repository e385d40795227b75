// class: import; tries: import with attributes, phases and options in every position the language allows; safe: refused
export const init = { n: 0, x: 0 };
export async function step(s) {
  const load = (name) => import(name, { with: { type: "json" } });
  const m = await import.defer?.("node:fs").catch(() => load("node:os"));
  return { n: s.n + 1, x: String(m ?? (await import/**/("data:text/javascript,export default 1")).default) };
}
