import { escapeCommands } from './ci-commands.ts';
import { escapeUnsafe } from './display.ts';

/** A program run as a plugin sees its own name here (Helm 3 and 4, `plugin.SetupPluginEnv`). */
const PLUGIN = /^lightrun-cert(?:-|$)/;

/**
 * The form in which this program was called, for command lines that are printed.
 * @param env its environment: Helm names the plugin there, and npm the way it was started
 * @returns `helm lightrun-cert`, `npx helm-lightrun-cert` or `lightrun-cert`
 */
export function programOf(env: Readonly<Record<string, string | undefined>>): string {
  if (PLUGIN.test(env.HELM_PLUGIN_NAME ?? '')) return 'helm lightrun-cert';
  return env.npm_lifecycle_event === 'npx' ? 'npx helm-lightrun-cert' : 'lightrun-cert';
}

/** The same for this process. */
export const PROGRAM = programOf(process.env);

/** A word of a command line, quoted for a POSIX shell where it needs to be. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The same for the name of a file, which no program may take for a flag. */
export function shellFile(name: string): string {
  return shellWord(name.startsWith('-') ? `./${name}` : name);
}

/** Whether words can be printed as they are: a line break or an escape sequence in a name cannot. */
export function isPrintable(...words: string[]): boolean {
  return words.every((word) => escapeCommands(escapeUnsafe(word)) === word);
}
