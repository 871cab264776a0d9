import { dirname, relative, sep } from 'node:path';
import { LintError } from '../errors.ts';
import { CONFIG_FILE, findConfig } from '../files/find-config.ts';
import { readInput, STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import type { Arguments, Flag } from './flags.ts';
import type { Config } from './parse-config.ts';

/** The flags for the configuration file. */
export const CONFIG_FLAGS: readonly Flag[] = [
  configFlag(),
  { name: 'no-config', help: 'use no configuration file' },
];

/** The flag that names it; the gate puts a prefix before its name. */
export function configFlag(prefix = ''): Flag {
  const found = prefix === '' ? ` (default: ${CONFIG_FILE} here or above)` : '';
  return { name: `${prefix}config`, value: 'FILE', help: `the configuration file${found}` };
}

/** What a configuration file changed in a run. */
export interface Configuration {
  /** Its path. */
  name: string;
  /** Such as `root=lightrun`; safe to show once escaped. */
  changes: readonly string[];
  /** The files that it left out. */
  excluded: readonly string[];
}

/**
 * Reads the configuration file that the flags name, or the one that is there. Its reader is loaded only for that.
 * @returns null where there is none
 * @throws LintError where it cannot be read, or a key or value in it is not valid
 */
export async function readConfig(given: Arguments, io: Io): Promise<Config | null> {
  const named = given.last('config');
  if (given.has('no-config')) {
    if (named === null) return null;
    throw new LintError('--config and --no-config contradict each other', given.seeHelp);
  }
  const here = process.cwd();
  const file = named ?? relativeTo(here, findConfig(here));
  return file === null ? null : readConfigFile(file, io);
}

/** @throws LintError where the file cannot be read, or a key or value in it is not valid */
export async function readConfigFile(file: string, io: Io): Promise<Config> {
  if (file === STDIN) {
    throw new LintError('the configuration cannot come from standard input', 'Name a file.');
  }
  const { parseConfig } = await import('./parse-config.ts');
  const folder = dirname(file);
  return parseConfig(readInput(file, io), folder === '.' ? '' : folder.replace(/(?<!\/)\/*$/, '/'));
}

function relativeTo(folder: string, file: string | null): string | null {
  return file && relative(folder, file).replaceAll(sep, '/');
}

/**
 * The arguments of a command with what a configuration file says beside them: flags win.
 * @param config null where there is none
 */
export function withConfig(given: Arguments, config: Config | null): Arguments {
  if (config === null) return given;
  const { flags, name: file } = config;
  return {
    ...given,
    all: (name) =>
      name === 'rule' || !given.has(name)
        ? [...(flags.get(name) ?? []), ...given.all(name)]
        : given.all(name),
    last: (name) => given.last(name) ?? flags.get(name)?.at(-1) ?? null,
    has: (name) => given.has(name) || flags.has(name),
    called: (name) => (given.has(name) || !flags.has(name) ? given.called(name) : `${name} in ${file}`),
  };
}

/** What a configuration file changes in how values are checked: its keys and values that no flag overrules. */
export function changesOf(given: Arguments, { flags }: Config): string[] {
  const overruled = new Set(given.all('rule').map((text) => text.split('=')[0]));
  return [...flags].flatMap(([name, values]) => {
    if (name === 'rule') return values.filter((text) => !overruled.has(text.split('=')[0]));
    if (given.has(name)) return [];
    return [values[0] === '' ? name : `${name}=${values.join(', ')}`];
  });
}
