import { ask, helmOf } from '../helm/helm.ts';
import type { Io } from '../io.ts';
import { FORMATS } from '../options/report.ts';
import { RULES } from '../rules/index.ts';

/** What Helm's shell completion is to do with the suggestions (spf13/cobra, ShellCompDirective). */
const FILES = ':0';
const NO_SPACE_NO_FILES = ':6';
const NO_FILES = ':4';
const GATE = ['install', 'upgrade', 'template'];
const TIMEOUT = 3_000;

/**
 * Answers Helm's call of `plugin.complete`: suggestions for the last word, a line each, and what to do with them.
 * @param words the command, the words after it, and the word to complete, which may be empty
 */
export async function runComplete(words: readonly string[], io: Io): Promise<0> {
  const lines = await suggest(words, io);
  io.stdout(`${lines.join('\n')}\n`);
  return 0;
}

async function suggest(words: readonly string[], io: Io): Promise<string[]> {
  const [command = '', ...rest] = words.slice(0, -1);
  const word = words.at(-1) ?? '';
  const flag = flagOf(rest.at(-1) ?? '', word);
  const start = (words: readonly string[]) => words.filter((each) => each.startsWith(flag.value));
  if (flag.name === '--rule')
    return [...start(RULES.map(({ id }) => `${flag.head}${id}=`)), NO_SPACE_NO_FILES];
  if (/^--(lint-)?format$/.test(flag.name))
    return [...start(FORMATS.map((name) => flag.head + name)), NO_FILES];
  if (command === 'explain')
    return [...RULES.map(({ id }) => id).filter((id) => id.startsWith(word)), NO_FILES];
  return GATE.includes(command) ? askHelm(words, io) : [FILES];
}

/** The flag whose value is being typed, as `--rule chain` or `--rule=chain`. */
function flagOf(before: string, word: string): { name: string; head: string; value: string } {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  if (at > 0) return { name: word.slice(0, at), head: word.slice(0, at + 1), value: word };
  return { name: before, head: '', value: word };
}

/** Helm completes its own words best itself. */
async function askHelm(words: readonly string[], io: Io): Promise<string[]> {
  try {
    const helm = { ...helmOf(io, [], TIMEOUT), terminal: null };
    const { status, stdout } = await ask(helm, ['__complete', ...words], null, 'Helm');
    return status === 0 ? stdout.toString().trim().split('\n') : [FILES];
  } catch {
    return [FILES];
  }
}
