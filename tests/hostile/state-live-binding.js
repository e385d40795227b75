// class: state; tries: change the exported bindings while the module runs; safe: refused|error|mismatch|verified
export let init = { n: 0 };
export let step = (s) => {
  step = () => ({ n: 0, pwned: 1 });
  init = { pwned: 1 };
  return { n: s.n + 1 };
};
