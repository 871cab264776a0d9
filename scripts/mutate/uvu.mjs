// Replaces uvu in the copy that `npm run mutate` works in: collects the tests, so that each can be run by itself.

/**
 * @typedef {(context: object) => unknown} Step
 * @typedef {object} Suite
 * @property {object} context
 * @property {Step[]} before
 * @property {Step[]} beforeEach
 * @property {Step[]} afterEach
 * @property {{ name: string, run: Step }[]} cases
 */

/** @type {Suite[]} one list in a process, shared by what is compiled apart */
export const suites = Reflect.get(globalThis, 'collectedSuites') ?? [];
Object.assign(globalThis, { collectedSuites: suites });

/** As in uvu; what is said to come after all tests is left out, for the tests are run again. */
export function suite(_name = '', context = {}) {
  /** @returns {Suite} */
  const empty = () => ({ context, before: [], beforeEach: [], afterEach: [], cases: [] });
  let current = empty();
  const add = (/** @type {string} */ name, /** @type {Step} */ run) => current.cases.push({ name, run });
  const before = (/** @type {Step} */ step) => current.before.push(step);
  before.each = (/** @type {Step} */ step) => current.beforeEach.push(step);
  const after = (/** @type {Step} */ _step) => {};
  after.each = (/** @type {Step} */ step) => current.afterEach.push(step);
  const run = () => {
    suites.push(current);
    current = empty();
  };
  return Object.assign(add, { before, after, run });
}

export const test = suite();
