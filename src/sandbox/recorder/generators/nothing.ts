/**
 * In the place of a module that a step module does not use, where it imports others.
 * This module is browser compatible.
 *
 * @module
 */

export {};
