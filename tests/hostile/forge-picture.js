// class: forge; tries: draw markup, scripts, styles and links into pictures: labels, colors, texts and kinds; safe: refused|error|verified|mismatch
export const init = { n: 0, x: 0 };
export const step = (s, rng) => ({ n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) });
export const picture = () => ({
  title: "</title><script>document.title='taken'</script>",
  layers: [
    { kind: "text", x: 0, y: 0, text: "<image href='__CANARY_URL__/taken' onerror='alert(1)'/>" },
    { kind: "points", x: [0], y: [0], color: ["url(__CANARY_URL__/taken)"], style: "fill:url(#x)" },
    { kind: "bars\"><script>1</script>", values: [1] },
  ],
});
