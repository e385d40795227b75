/**
 * In the place of a generator that a step module does not use, where it imports others.
 * This module is browser compatible.
 *
 * @module
 */

/** Never made: a module that may ask for it is given the real one. */
export class NumpyGenerator {}

/** Never made, as above. */
export class Sfc32Random {}
