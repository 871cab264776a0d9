import { parseArgs } from 'node:util';
import { LintError } from '../errors.ts';
import { STDIN } from '../files/read.ts';
import { quote } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';
import { PROGRAM } from '../text/shell.ts';

/** One flag of a command. */
export interface Flag {
  /** Without the hyphens. */
  name: string;
  short?: string;
  /** What the help shows for its value, such as `FILE`; none where it takes no value. */
  value?: string;
  /** What it does, for the help; one line. */
  help: string;
}

export const HELP_FLAG: Flag = { name: 'help', short: 'h', help: 'show this help' };

/** The arguments of a command. */
export interface Arguments {
  positionals: string[];
  /** Every value of a flag, in order. */
  all(name: string): string[];
  /** The last value of a flag, null where it was not given. */
  last(name: string): string | null;
  /** Whether a flag was given. */
  has(name: string): boolean;
  /** What a flag is called in a message: where its value came from. */
  called(name: string): string;
  /** Where the flags of the command are listed. */
  seeHelp: string;
}

/**
 * Reads the arguments of a command.
 * @throws LintError for an unknown flag (naming the nearest one), and for a missing or surplus value
 */
export function readArguments(
  args: readonly string[],
  { name: command, flags }: { name: string; flags: readonly Flag[] },
): Arguments {
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
    called: (name) => `--${name}`,
    seeHelp: seeHelp(command),
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

/**
 * The value of a flag that accepts only some; the first of them where it was not given.
 * @throws LintError for any other value, naming the nearest one
 */
export function oneOf<T extends string>(given: Arguments, name: string, allowed: readonly [T, ...T[]]): T {
  const value = given.last(name);
  if (value === null) return allowed[0];
  const found = allowed.find((each) => each === value);
  if (found) return found;
  const near = nearest(value, allowed);
  throw new LintError(
    `--${name} ${quote(value)} is not one of ${allowed.join(', ')}`,
    `${near ? `Did you mean ${near}? ` : ''}${given.seeHelp}`,
  );
}

/**
 * Refuses standard input as more than one input of a command.
 * @throws LintError where `-` is among the files twice
 */
export function refuseSecondStdin(files: readonly (string | null)[], { seeHelp: help }: Arguments): void {
  if (files.filter((file) => file === STDIN).length > 1) {
    throw new LintError('standard input (-) can be given only once', help);
  }
}

/** Where the flags of a command are listed. */
export function seeHelp(command: string): string {
  return `All flags: ${PROGRAM} ${command} --help`;
}
