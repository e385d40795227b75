// class: forge; tries: finish loading late, with exports that change meanwhile and go on changing between the harness's reads; safe: refused|error|mismatch|verified
export let init = { pwned: 1 }, step = () => ({ pwned: 1 }), params, observe;
for (let i = 0; i < 2000; i++) await null;
init = { n: 0 };
step = (s) => ({ n: s.n + 1 });
let turns = 0;
(function turn() {
  params = { turns };
  observe = { ["a" + turns % 2]: (s) => s.n };
  if (turns++ < 5000) Promise.resolve().then(turn);
})();
