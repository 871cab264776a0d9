// Runs single tests with a mutation on, for pool.mjs. It stays, so that what is loaded and made once serves many.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { mutantSwitch } from './switch.mjs';
import { suites } from './uvu.mjs';

/**
 * @typedef {{ file: string, name: string, compiled: string, suite: number, index: number }} CaseName
 * @typedef {CaseName & { milliseconds: number, seen: number[] }} Case what it costs, and the mutations it comes by
 * @typedef {import('./uvu.mjs').Suite & { ready?: boolean }} Suite
 *
 * @typedef {{ survey: { file: string, compiled: string } } | { mutant: number, cases: CaseName[] }} Question
 * @typedef {{ began: number }
 *   | { cases: Case[], unfit: string[], loaded: number[] }
 *   | { failed: number | null, met: boolean, spoilt: boolean }} Answer
 */

const state = mutantSwitch();
const preset = state.chosen;
/** @type {Map<string, Suite[]>} */
const loaded = new Map();

process.on('message', async (/** @type {Question} */ question) => {
  say(
    'survey' in question ? await survey(question.survey) : await tryMutant(question.mutant, question.cases),
  );
});

function say(/** @type {Answer} */ answer) {
  process.send?.(answer);
}

async function load(/** @type {string} */ compiled) {
  const known = loaded.get(compiled);
  if (known) return known;
  suites.length = 0;
  await import(pathToFileURL(compiled).href);
  const found = [...suites];
  loaded.set(compiled, found);
  return found;
}

/** Runs one test; its suite's first steps run once, with no mutation on. */
async function passes(/** @type {Suite} */ suite, /** @type {number} */ index) {
  const { context, before, beforeEach, afterEach, cases } = suite;
  const { chosen } = state;
  try {
    if (!suite.ready) {
      if (preset < 0) state.chosen = -1;
      for (const step of before) await step(context);
      suite.ready = true;
      state.chosen = chosen;
    }
    for (const step of beforeEach) await step(context);
    await cases[index]?.run(context);
    for (const step of afterEach) await step(context);
    return true;
  } catch {
    for (const step of afterEach) await step(context);
    return false;
  }
}

/**
 * Runs every test of a file with no mutation on.
 * @returns {Promise<Answer>}
 */
async function survey(/** @type {{ file: string, compiled: string }} */ { file, compiled }) {
  state.seen.clear();
  const suites = await load(compiled);
  const atLoad = [...state.seen];
  /** @type {Case[]} */
  const cases = [];
  /** @type {string[]} */
  const unfit = [];
  for (const [suiteIndex, suite] of suites.entries()) {
    for (const [index, { name }] of suite.cases.entries()) {
      say({ began: 0 });
      const notes = `${process.env.TMPDIR}/seen-${process.pid}`;
      mkdirSync(notes, { recursive: true });
      process.env.MUTANTS_SEEN = notes;
      state.seen.clear();
      const [before, began] = [process.cpuUsage(), performance.now()];
      const passed = await passes(suite, index);
      const { user, system } = process.cpuUsage(before);
      // The processes that a test starts count only in the time that it takes, which others lengthen.
      const milliseconds = Math.max((user + system) / 1000, (performance.now() - began) / 4);
      delete process.env.MUTANTS_SEEN;
      const seen = [...new Set([...state.seen, ...readNotes(notes)])];
      rmSync(notes, { recursive: true, force: true });
      if (passed)
        cases.push({
          file,
          name,
          compiled,
          suite: suiteIndex,
          index,
          milliseconds,
          seen,
        });
      else unfit.push(name);
    }
  }
  return { cases, unfit, loaded: atLoad };
}

function readNotes(/** @type {string} */ folder) {
  const contents = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  return contents.flatMap((content) => content.split(' ').map(Number));
}

/**
 * Runs tests in their order until one fails.
 * @returns {Promise<Answer>} `failed`: which; `met`: the mutated code ran; `spoilt`: the test fails without the mutation too by now
 */
async function tryMutant(/** @type {number} */ mutant, /** @type {CaseName[]} */ cases) {
  state.seen.clear();
  for (const [began, { compiled, suite, index }] of cases.entries()) {
    say({ began });
    const found = (await load(compiled))[suite];
    if (!found) throw new Error(`no suite ${suite} in ${compiled}`);
    choose(mutant);
    const passed = await passes(found, index);
    const met = preset >= 0 || state.seen.has(mutant);
    choose(preset);
    if (!passed) {
      const spoilt = preset < 0 && !(await passes(found, index));
      return { failed: began, met, spoilt };
    }
  }
  return { failed: null, met: preset >= 0 || state.seen.has(mutant), spoilt: false };
}

/** For this process, and for those that a test starts. */
function choose(/** @type {number} */ mutant) {
  state.chosen = mutant;
  process.env.MUTANT = `${mutant}`;
}
