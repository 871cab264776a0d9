// The process that runs tests for mutate.mjs: started when needed, ended when it hangs, never left running.
import { fork } from 'node:child_process';

/** @typedef {import('./worker.mjs').Question} Question */
/** @typedef {import('./worker.mjs').Answer} Answer */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

process.on('exit', () => {
  for (const child of running) kill(child);
});

/** One process that answers one question after the other. */
export class Worker {
  /** @type {import('node:child_process').ChildProcess | null} */
  #child = null;
  #script;
  #env;

  /**
   * @param {string} script
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(script, env) {
    this.#script = script;
    this.#env = env;
  }

  /**
   * @param {Question} question
   * @param {(began: number) => number} patience milliseconds to wait for a test
   * @returns {Promise<Answer | 'timed out' | 'ended'>}
   */
  ask(question, patience) {
    this.#child ??= start(this.#script, this.#env);
    const child = this.#child;
    return new Promise((resolve) => {
      /** @type {NodeJS.Timeout | undefined} */
      let timer;
      const finish = (/** @type {Answer | 'timed out' | 'ended'} */ answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (typeof answer === 'string') this.end();
        resolve(answer);
      };
      const wait = (/** @type {number} */ milliseconds) => {
        clearTimeout(timer);
        timer = setTimeout(() => finish('timed out'), milliseconds);
      };
      child.on('message', (/** @type {Answer} */ answer) => {
        if ('began' in answer) wait(patience(answer.began));
        else finish(answer);
      });
      child.on('exit', () => finish('ended'));
      child.on('error', () => finish('ended'));
      wait(patience(0));
      child.send(question);
    });
  }

  /** The next question starts a process. */
  end() {
    if (this.#child) kill(this.#child);
    this.#child = null;
  }
}

function start(/** @type {string} */ script, /** @type {NodeJS.ProcessEnv} */ env) {
  const child = fork(script, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true });
  running.add(child);
  return child;
}

/** Ends a process and, by its process group, all that it started. */
function kill(/** @type {import('node:child_process').ChildProcess} */ child) {
  running.delete(child);
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {}
}
