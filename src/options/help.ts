import type { Io } from '../io.ts';
import { PROGRAM } from '../text/shell.ts';
import { wrap } from '../text/wrap.ts';
import type { Flag } from './flags.ts';

const WIDTH = 80;
/** The indentation of a continued line, and ` \\` at its end. */
const EXAMPLE_MARGIN = 6;

/** A command as the help shows it. */
export interface CommandHelp {
  name: string;
  usage: string;
  /** One line for the list of commands. */
  summary: string;
  /** The first paragraph of its own help. */
  text: string;
  flags: readonly Flag[];
  examples: readonly string[];
  /** What its exit statuses mean, from 0 on, where they differ from those of `lint`; null for one that it never has. */
  statuses?: readonly (string | null)[];
}

/** A command: its help, and what it does. */
export interface Command extends CommandHelp {
  /** It reads `--help` itself, because only it can tell the flag from another flag's value. */
  readsHelpFlag?: true;
  /** @returns the exit status */
  run(args: readonly string[], io: Io): number | Promise<number>;
}

/** The help of the program: its commands and exit statuses. */
export function programHelp(commands: readonly CommandHelp[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `${[
    wrap('Stops a broken TLS certificate for Lightrun before helm install does harm.', WIDTH).join('\n'),
    ['Usage', `  ${PROGRAM} COMMAND [FLAGS]`].join('\n'),
    ['Commands', ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)].join('\n'),
    [
      'Flags',
      '  -h, --help     show this help, or that of a command',
      '      --version  show the version',
    ].join('\n'),
    exitStatus(STATUSES),
    `More about one command: ${PROGRAM} COMMAND --help`,
  ].join('\n\n')}\n`;
}

/** The help of one command. */
export function commandHelp({ usage, text, flags, examples, statuses = STATUSES }: CommandHelp): string {
  const heads = flags.map(({ name, short, value }) => {
    const long = `--${name}${value ? ` ${value}` : ''}`;
    return `  ${short ? `-${short}, ` : '    '}${long}`;
  });
  const width = Math.max(...heads.map(({ length }) => length)) + 2;
  const rows = flags.flatMap(({ help }, index) => {
    const [first = '', ...rest] = wrap(help, WIDTH - width);
    return [`${(heads[index] ?? '').padEnd(width)}${first}`, ...rest.map((line) => ' '.repeat(width) + line)];
  });
  return `${[
    wrap(text, WIDTH).join('\n'),
    ['Usage', `  ${PROGRAM} ${usage}`].join('\n'),
    ['Flags', ...rows].join('\n'),
    ['Examples', ...examples.flatMap(exampleLines)].join('\n'),
    exitStatus(statuses),
  ].join('\n\n')}\n`;
}

/** A command on as many lines as it needs, each but the last continued as in a shell. */
function exampleLines(command: string): string[] {
  const lines = wrap(command, WIDTH - EXAMPLE_MARGIN);
  return lines.map((line, at) => `${at === 0 ? '  ' : '    '}${line}${at < lines.length - 1 ? ' \\' : ''}`);
}

const STATUSES = [
  'no errors (with --strict: no warnings either)',
  'at least one error (with --strict: or warning)',
  'not everything could be checked; standard error says why',
];

function exitStatus(statuses: readonly (string | null)[]): string {
  const rows = statuses.flatMap((meaning, status) => (meaning === null ? [] : [`  ${status}  ${meaning}`]));
  return ['Exit status', ...rows].join('\n');
}
