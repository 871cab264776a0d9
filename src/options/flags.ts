import { parseArgs } from 'node:util';
import { LintError } from '../errors.ts';
import { display } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';

/** One flag of a command. */
export interface Flag {
  /** Without the hyphens. */
  name: string;
  short?: string;
  /** What stands for its value in the help, such as `FILE`; none where it takes no value. */
  value?: string;
  /** What it does, for the help; one line. */
  help: string;
}

/** What a command line said. */
export interface Arguments {
  positionals: string[];
  /** Every value of a flag, in order. */
  all(name: string): string[];
  /** The last value of a flag, null where it was not given. */
  last(name: string): string | null;
  /** Whether a flag was given. */
  has(name: string): boolean;
}

/**
 * Reads the arguments of a command.
 * @throws LintError for an unknown flag (naming the nearest), a value that is missing or too many
 */
export function readArguments(args: readonly string[], flags: readonly Flag[], command: string): Arguments {
  const options = Object.fromEntries(
    flags.map(({ name, short, value }) => [
      name,
      {
        type: value ? ('string' as const) : ('boolean' as const),
        multiple: true,
        ...(short ? { short } : {}),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = flags.find(({ name }) => name === token.name);
    if (!flag) throw unknownFlag(token.rawName, flags, command);
    given.set(flag.name, [...(given.get(flag.name) ?? []), flagValue(token, flag, command)]);
  }
  return {
    positionals,
    all: (name) => given.get(name) ?? [],
    last: (name) => given.get(name)?.at(-1) ?? null,
    has: (name) => given.has(name),
  };
}

interface OptionToken {
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function flagValue(
  { rawName, value: written, inlineValue }: OptionToken,
  flag: Flag,
  command: string,
): string {
  // As in Helm, -f=FILE is -f FILE.
  const value = inlineValue && /^-[^-]/.test(rawName) ? written?.replace(/^=/, '') : written;
  if (!flag.value) {
    if (value !== undefined) throw new LintError(`${rawName} takes no value`, seeHelp(command));
    return '';
  }
  if (value === undefined)
    throw new LintError(`${rawName} needs a value: ${rawName} ${flag.value}`, seeHelp(command));
  if (!inlineValue && value.startsWith('-') && value !== '-') {
    throw new LintError(
      `${rawName} needs a value, but the flag ${quote(value)} follows it`,
      `If that is the value, write ${rawName}=${quote(value)}.`,
    );
  }
  return value;
}

function unknownFlag(raw: string, flags: readonly Flag[], command: string): LintError {
  const near = nearest(
    raw,
    flags.map(({ name }) => `--${name}`),
  );
  const hint = near ? `Did you mean ${near}? ` : '';
  return new LintError(`${command} has no flag ${quote(raw)}`, `${hint}${seeHelp(command)}`);
}

/** Where the flags of a command are listed. */
export function seeHelp(command: string): string {
  return `All flags: helm lightrun-cert ${command} --help`;
}

const LONGEST_WORD = 60;

/** A word of the command line in a message. */
export function quote(text: string): string {
  return display(text, LONGEST_WORD);
}
