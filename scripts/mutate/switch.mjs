// In the copy that mutate.mjs makes, every mutation asks here whether it is on.
import { writeFileSync } from 'node:fs';
import { isMainThread, threadId } from 'node:worker_threads';

/**
 * @typedef {object} Switch
 * @property {number} chosen the mutation that is on, or -1
 * @property {Set<number>} seen the mutations that were reached
 */

const { MUTANT, MUTANTS_SEEN } = process.env;
/** @type {Switch} one per process, shared by separate bundles */
const state = Reflect.get(globalThis, 'mutantSwitch') ?? { chosen: Number(MUTANT ?? -1), seen: new Set() };
Object.assign(globalThis, { mutantSwitch: state });

/**
 * Whether this mutation is on.
 * @public called by the code that mutate.mjs writes
 */
export function mutant(/** @type {number} */ number) {
  state.seen.add(number);
  return number === state.chosen;
}

/** @returns {Switch} */
export function mutantSwitch() {
  return state;
}

// A process or thread that a test starts reports at its end what it reached.
if (MUTANTS_SEEN && (!process.send || !isMainThread)) {
  process.on('exit', () => {
    try {
      writeFileSync(`${MUTANTS_SEEN}/${process.pid}-${threadId}`, [...state.seen].join(' '));
    } catch {}
  });
}
