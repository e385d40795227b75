// class: impure; tries: leave the tables of portable maths half filled by running out of stack within them; safe: refused|error|verified
export const init = { n: 0 };
const names = ["sin", "cos", "tan", "exp", "log", "atan", "asin", "log2", "log10", "log1p", "expm1", "cbrt", "sinh"];
function deep() {
  try { deep(); } catch {}
  for (const name of names) try { Math[name](0.5); } catch {}
}
try { deep(); } catch {}
export function step(s) {
  const right = Math.sin(0.5) === 0.479425538604203 && Math.exp(0.5) === 1.6487212707001282 && Math.log(0.5) === -0.6931471805599453 && Math.atan(0.5) === 0.4636476090008061;
  return right ? { n: s.n + 1 } : { n: s.n + 1, pwned: 1 };
}
