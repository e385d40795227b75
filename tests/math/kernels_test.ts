/**
 * The two halves of the proof that results are correctly rounded: the error of each fast path stays
 * below half of its doubt, and what settles the doubtful ones is good to 90 bits and more.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { ANGLE_SUM, angleKernel, exactAngle } from "../../src/math/_angle_kernel.ts";
import {
  add,
  coshTail,
  type DoubleDouble,
  sinhSeries,
  wide,
} from "../../src/math/_double_double.ts";
import {
  exactExp,
  EXP_DOUBT,
  EXP_SUM,
  expKernel,
  expm1Kernel,
} from "../../src/math/_exp_kernel.ts";
import { isPowerOfTwo, productTail, scaleToDouble } from "../../src/math/_float64.ts";
import { exactLog, LOG_SUM, logKernel, nearLog } from "../../src/math/_log_kernel.ts";
import { exactSinCos, reduce, REDUCED, SIN_SUM, sinKernel } from "../../src/math/_trig_kernel.ts";
import { exactExpm1 } from "../../src/math/exp.ts";
import { Inputs } from "./_inputs.ts";
import {
  type BigFloat,
  BINARY_REFERENCES,
  exactly,
  relativeError,
  roundToDouble,
  UNARY_REFERENCES,
} from "./_reference.ts";

const COUNT = 2000;

/** The greatest of `error(x)` over numbers in [low, high). */
function worst(low: number, high: number, error: (x: number) => number): number {
  const inputs = new Inputs(low * 31 + high);
  let most = 0;
  for (let i = 0; i < COUNT; i++) most = Math.max(most, error(inputs.between(low, high)));
  return most;
}

function reference(name: string, x: number): BigFloat {
  return UNARY_REFERENCES[name]!(x);
}

function parts({ high, low }: DoubleDouble): number[] {
  return [high, low];
}

Deno.test("expKernel() errs by less than half its doubt", () => {
  // The doubt is absolute, for a head in [1, 2).
  for (const [low, high] of [[-1, 1], [-20, 20], [-600, 700]] as const) {
    const error = worst(low, high, (x) => {
      const factor = 2 ** expKernel(x, 0);
      const exact = reference("exp", x);
      return relativeError([EXP_SUM[0]! * factor, EXP_SUM[1]! * factor], exact) * 2;
    });
    assert(error < EXP_DOUBT / 1.5, `${error}`);
  }
});

Deno.test("expm1Kernel() errs by less than half its doubt", () => {
  for (const [low, high] of [[-0.003, 0.003], [-0.1, 0.1], [-30, 30]] as const) {
    const error = worst(low, high, (x) => {
      expm1Kernel(x);
      const [head, tail, doubt] = EXP_SUM;
      return relativeError([head!, tail!], reference("expm1", x)) * Math.abs(head!) / doubt!;
    });
    assert(error < 0.5, `${error}`);
  }
});

Deno.test("logKernel() and nearLog() err by less than half the doubt of log", () => {
  const doubt = 8e-21;
  for (const [low, high] of [[0, 2], [0.98, 1.02], [0.99609375, 1.00390625], [2, 1e9]] as const) {
    const error = worst(low, high, (x) => {
      logKernel(x, 0, 0);
      return relativeError([...LOG_SUM], reference("log", x));
    });
    assert(error < doubt / 2, `${error}`);
  }
  const withTail = worst(-0.02, 0.02, (x) => {
    if (Math.abs(x) < 0.00390625) return 0;
    const whole = 1 + x;
    logKernel(whole, x - (whole - 1), 0);
    return relativeError([...LOG_SUM], reference("log1p", x));
  });
  assert(withTail < doubt / 2, `${withTail}`);
  const error = worst(-0.00390625, 0.00390625, (x) => {
    nearLog(x);
    return relativeError([...LOG_SUM], reference("log1p", x));
  });
  assert(error < doubt / 2, `${error}`);
});

/** How far sin and cos of x lie off the exact values, in units of the doubt; at most a half. */
function circularError(x: number): number {
  const index = reduce(x);
  let most = 0;
  for (const [name, turn] of [["sin", 0], ["cos", 128]] as const) {
    sinKernel(index + turn);
    const [head, tail] = SIN_SUM;
    const size = Math.abs(head! + tail!);
    const off = relativeError([head!, tail!], reference(name, x)) * size;
    most = Math.max(most, off / (size * 3e-20 + REDUCED[2]!));
  }
  return most;
}

Deno.test("sinKernel() errs by less than half its doubt in every range of the reduction", () => {
  for (const high of [0.03, 7, 12000, 3e9, 1e200]) {
    const error = worst(-high, high, circularError);
    assert(error < 0.5, `${high}: ${error}`);
  }
});

Deno.test("sinKernel() knows what the reduction lost beside multiples of pi / 2", () => {
  for (const high of [7000, 1e9]) {
    const error = worst(1, high, (k) => circularError(Math.floor(k) * (Math.PI / 2)));
    assert(error < 0.5, `${high}: ${error}`);
  }
});

Deno.test("angleKernel() errs by less than half its doubt", () => {
  for (const [low, high] of [[0, 0.02], [0, 1], [1, 100]] as const) {
    const error = worst(low, high, (y) => {
      angleKernel(y, 0, 1, 0);
      return relativeError([...ANGLE_SUM], reference("atan", y));
    });
    assert(error < 2e-20, `${error}`);
  }
});

Deno.test("exactExp(), exactExpm1(), sinhSeries() and coshTail() are good to 90 bits", () => {
  const expError = worst(-700, 700, (x) => {
    const { power, argument, tail } = exactExp(wide(x));
    const { high, low } = add(wide(1), add(argument, tail));
    const exact = reference("exp", x);
    return relativeError([high, low], { ...exact, exponent: exact.exponent - power });
  });
  assert(expError < 2 ** -95, `${expError}`);
  const expm1Error = worst(
    -1,
    1,
    (x) => relativeError(parts(exactExpm1(x)), reference("expm1", x)),
  );
  assert(expm1Error < 2 ** -90, `${expm1Error}`);
  const sinhError = worst(
    0,
    0.5,
    (x) => relativeError(parts(sinhSeries(wide(x))), reference("sinh", x)),
  );
  assert(sinhError < 2 ** -98, `${sinhError}`);
  const coshError = worst(
    0,
    0.5,
    (x) => relativeError(parts(add(wide(1), coshTail(wide(x)))), reference("cosh", x)),
  );
  assert(coshError < 2 ** -98, `${coshError}`);
});

Deno.test("exactLog() is good to 95 bits, also near 1", () => {
  for (const [low, high] of [[0, 2], [0.999, 1.001], [1, 1e300]] as const) {
    const error = worst(
      low,
      high,
      (x) => relativeError(parts(exactLog(x, 0, 0)), reference("log", x)),
    );
    assert(error < 2 ** -95, `${error}`);
  }
});

Deno.test("exactSinCos() is good to 95 bits, however large its argument", () => {
  for (const high of [0.1, 10, 1e6, 1e300]) {
    const error = worst(-high, high, (x) => {
      const { sin, cos } = exactSinCos(x);
      return Math.max(
        relativeError(parts(sin), reference("sin", x)),
        relativeError(parts(cos), reference("cos", x)),
      );
    });
    assert(error < 2 ** -95, `${error}`);
  }
});

Deno.test("exactAngle() is good to 95 bits in all of the upper half plane", () => {
  const inputs = new Inputs(5);
  for (let i = 0; i < COUNT; i++) {
    const [y, x] = [inputs.anyPositive(-8, 8), inputs.anySize(-8, 8)];
    const error = relativeError(
      parts(exactAngle(wide(y), wide(x))),
      BINARY_REFERENCES.atan2!(y, x),
    );
    assert(error < 2 ** -95, `(${x}, ${y}): ${error}`);
  }
});

Deno.test("productTail() is the exact error of a product", () => {
  const inputs = new Inputs(3);
  for (let i = 0; i < COUNT; i++) {
    const [a, b] = [inputs.anySize(-300, 300), inputs.anySize(-300, 300)];
    const product = a * b;
    const [x, y] = [exactly(a), exactly(b)];
    const exact = { mantissa: x.mantissa * y.mantissa, exponent: x.exponent + y.exponent };
    assertEquals(relativeError([product, productTail(a, b, product)], exact), 0, `${a} * ${b}`);
  }
});

Deno.test("scaleToDouble() rounds once, at either end of the range", () => {
  const inputs = new Inputs(4);
  for (let i = 0; i < COUNT; i++) {
    const head = inputs.between(0.5, 4);
    const tail = inputs.between(-0.5, 0.5) * 2 ** -53;
    for (const power of [inputs.integer(-1080, -1015), inputs.integer(1015, 1025), 0]) {
      const whole = exactly(head);
      const rest = exactly(tail);
      const exact = {
        mantissa: (whole.mantissa << 200n) +
          (rest.mantissa << BigInt(rest.exponent - whole.exponent + 200)),
        exponent: whole.exponent - 200 + power,
      };
      assertEquals(
        scaleToDouble(head, tail, power),
        roundToDouble(exact),
        `${head} ${tail} ${power}`,
      );
    }
  }
});

Deno.test("isPowerOfTwo() tells powers of two of either sign from their neighbors", () => {
  for (const power of [2 ** -1022, 2 ** -54, 1, 2, 2 ** 1023]) {
    assert(isPowerOfTwo(power) && isPowerOfTwo(-power));
    assert(!isPowerOfTwo(power * (1 + 2 ** -52)) && !isPowerOfTwo(power * 1.5));
  }
});
