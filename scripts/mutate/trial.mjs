// Decides for mutate.mjs whether any of some tests catches a mutation.
import { Worker } from './pool.mjs';

const SECOND = 1000;

/**
 * @typedef {import('./worker.mjs').Case} Case
 * @typedef {{ ended: 'caught' | 'survived' | 'timed out', by: string }} Result
 */

/** @type {Result} */
const SURVIVED = { ended: 'survived', by: '' };

/** Tries mutations, and remembers which tests can be relied on. */
export class Trials {
  #script;
  #env;
  /** @type {Set<Case>} */
  #sound = new Set();
  /** @type {Set<Case>} */
  #unfit = new Set();

  /**
   * @param {string} script worker.mjs in the copy
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(script, env) {
    this.#script = script;
    this.#env = env;
  }

  /**
   * Runs tests with a mutation on until one fails.
   *
   * @param {number} mutant
   * @param {boolean} isOnce whether the mutated code runs once per process
   * @param {readonly Case[]} tests
   * @param {Worker} worker which may have tried other mutations before
   * @returns {Promise<Result>}
   */
  async run(mutant, isOnce, tests, worker) {
    for (let fit = tests; fit.length > 0; fit = tests.filter((each) => !this.#unfit.has(each))) {
      let answer = isOnce ? null : await ask(worker, mutant, fit);
      if (answer?.polluted) worker.end();
      const isFresh = answer === null || answer.polluted || (answer.ended === 'survived' && !answer.met);
      if (answer === null || isFresh) answer = await this.#askFresh(mutant, fit);
      const { ended, by } = answer;
      if (ended !== 'caught') return { ended, by: '' };
      if (by === null) return { ended, by: 'the end of the process' };
      if (!isFresh || (await this.#isSound(by, fit))) return { ended, by: `${by.file} “${by.name}”` };
    }
    return SURVIVED;
  }

  /**
   * Asks a new process, which has the mutation on from its start; -1 for none.
   *
   * @param {number} mutant
   * @param {readonly Case[]} tests
   */
  async #askFresh(mutant, tests) {
    const fresh = new Worker(this.#script, { ...this.#env, MUTANT: `${mutant}` });
    const answer = await ask(fresh, mutant, tests);
    fresh.end();
    return answer;
  }

  /**
   * Whether a test passes in a new process without a mutation; if not, it is not used again.
   *
   * @param {Case} test
   * @param {readonly Case[]} tests those of its file before it run too
   */
  async #isSound(test, tests) {
    if (!this.#sound.has(test) && !this.#unfit.has(test)) {
      const before = tests.slice(0, tests.indexOf(test)).filter(({ file }) => file === test.file);
      const { ended } = await this.#askFresh(-1, [...before, test]);
      (ended === 'survived' ? this.#sound : this.#unfit).add(test);
      if (ended !== 'survived') console.log(`left out: ${test.file} “${test.name}” fails by itself`);
    }
    return this.#sound.has(test);
  }
}

/**
 * @param {Worker} worker
 * @param {number} mutant
 * @param {readonly Case[]} tests
 * @returns {Promise<{ ended: Result['ended'], by: Case | null, met: boolean, polluted: boolean }>}
 */
async function ask(worker, mutant, tests) {
  const question = { mutant, cases: tests.map(({ seen, milliseconds, ...name }) => name) };
  const patience = (/** @type {number} */ began) => 20 * SECOND + 20 * (tests[began]?.milliseconds ?? 0);
  const answer = await worker.ask(question, patience);
  if (typeof answer === 'string' || !('failed' in answer)) {
    return { ended: answer === 'timed out' ? answer : 'caught', by: null, met: true, polluted: false };
  }
  const by = answer.failed === null ? null : (tests[answer.failed] ?? null);
  return { ended: by ? 'caught' : 'survived', by, met: answer.met, polluted: answer.polluted };
}
