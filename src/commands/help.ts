import { wrap } from '../text/wrap.ts';
import type { Flag } from './flags.ts';

const WIDTH = 80;

/** A command as the help shows it. */
export interface CommandHelp {
  name: string;
  usage: string;
  /** One line for the list of commands. */
  summary: string;
  /** Paragraphs for its own help. */
  text: string;
  flags: readonly Flag[];
  examples: readonly string[];
}

/** The help of the program: its commands and exit status. */
export function programHelp(commands: readonly CommandHelp[]): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length));
  return `${[
    wrap('Stops a broken TLS certificate for Lightrun before helm install does harm.', WIDTH).join('\n'),
    [
      'Usage',
      '  helm lightrun-cert COMMAND [FLAGS]',
      '  lightrun-cert COMMAND [FLAGS]   (without Helm)',
    ].join('\n'),
    ['Commands', ...commands.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`)].join('\n'),
    [
      'Flags',
      '  -h, --help     show this help, or that of a command',
      '      --version  show the version',
    ].join('\n'),
    EXIT_STATUS,
    'More on one command: helm lightrun-cert COMMAND --help',
  ].join('\n\n')}\n`;
}

/** The help of one command. */
export function commandHelp({ usage, text, flags, examples }: CommandHelp): string {
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
    ['Usage', `  helm lightrun-cert ${usage}`].join('\n'),
    ['Flags', ...rows].join('\n'),
    ['Examples', ...examples.map((line) => `  ${line}`)].join('\n'),
    EXIT_STATUS,
  ].join('\n\n')}\n`;
}

const EXIT_STATUS = [
  'Exit status',
  '  0  nothing found that fails',
  '  1  at least one error (with --strict: or warning)',
  '  2  not all could be judged; standard error says why',
].join('\n');
