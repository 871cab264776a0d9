import { isIP, isIPv6 } from 'node:net';
import { LintError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { SelfSignedRequest } from '../self-signed/certificate.ts';
import type { OutputTarget } from '../self-signed/output.ts';
import { quote } from '../text/display.ts';
import { asciiHostName, isHostName, MAX_NAME_LENGTH } from '../text/names.ts';
import { PROGRAM } from '../text/shell.ts';
import { parseRoot, ROOT_FLAG } from './check.ts';
import { type Arguments, HELP_FLAG, oneOf, readArguments, seeHelp } from './flags.ts';
import type { CommandHelp } from './help.ts';

export const GENERATE_HELP: CommandHelp = {
  name: 'generate',
  usage: 'generate --host NAME...',
  summary: 'make a self-signed certificate and private key for testing',
  text: 'Makes a private key and a self-signed certificate with subject alternative names, for testing. They go to files (--out-dir), into a values file (--write), or to standard output as a block for values.yaml (--print). Choose exactly one of the three.',
  flags: [
    {
      name: 'host',
      value: 'NAME',
      help: 'a DNS name or IP address for the certificate; more NAMEs may follow; repeatable',
    },
    { name: 'out-dir', value: 'DIR', help: 'write tls.crt and tls.key (mode 0600) to this directory' },
    { name: 'write', value: 'FILE', help: 'edit this values file in place' },
    { name: 'print', help: 'print the block for values.yaml, private key included' },
    { name: 'days', value: 'DAYS', help: 'how long the certificate is valid (default: 365)' },
    { name: 'key', value: 'KIND', help: 'rsa2048, rsa4096, ec256 or ec384 (default: rsa2048)' },
    ROOT_FLAG,
    { name: 'force', help: 'overwrite tls.crt and tls.key, or a private key in the values file' },
    HELP_FLAG,
  ],
  examples: [
    `${PROGRAM} generate --host lightrun.example.com --out-dir tls`,
    `${PROGRAM} generate --host lightrun.test 10.0.0.5 --write values.yaml`,
  ],
  statuses: ['the certificate was made and written', null, 'nothing was written; standard error says why'],
};

const DEFAULT_DAYS = 365;
const MAX_DAYS = 3650;

/** The command line of `generate`. */
export interface GenerateOptions {
  request: SelfSignedRequest;
  output: OutputTarget;
}

/**
 * Reads the command line of `generate`.
 * @throws LintError where it is wrong
 */
export async function generateOptions(args: readonly string[], io: Io): Promise<GenerateOptions> {
  const given = readArguments(args, GENERATE_HELP);
  const output = parseOutput(given);
  const { KEY_KINDS } = await import('../self-signed/key-pair.ts');
  const request = {
    hosts: parseHosts(given, 'generate'),
    days: parseDays(given),
    keyKind: oneOf(given, 'key', KEY_KINDS),
    now: io.now(),
  };
  return { request, output };
}

const OUTPUTS = ['out-dir', 'write', 'print'] as const;

/**
 * The output that the flags name.
 * @throws LintError where they do not name exactly one
 */
function parseOutput(given: Arguments): OutputTarget {
  const [name, ...more] = OUTPUTS.filter((each) => given.has(each));
  const root = parseRoot(given);
  if (name === undefined) {
    throw new LintError(
      'generate needs to know where to put the certificate and its private key',
      'Use one of --out-dir DIR (files), --write FILE (a values file) or --print (a block for values.yaml).',
    );
  }
  if (more.length > 0) {
    throw new LintError(`--${name} and --${more[0]} cannot be used together`, 'Leave one of them out.');
  }
  if (name === 'out-dir' && given.has('root')) {
    throw new LintError(
      '--root names a place in a values file, and --out-dir writes none',
      seeHelp('generate'),
    );
  }
  if (name === 'print' && given.has('force')) {
    throw new LintError('--force has no effect with --print, which writes no file', seeHelp('generate'));
  }
  return { kind: name, path: given.last(name) ?? '', root, isForced: given.has('force') };
}

/**
 * Reads `--host NAME…`.
 * @throws LintError where there is none, or one is not valid
 */
export function parseHosts(given: Arguments, command: string): SelfSignedRequest['hosts'] {
  const [first, ...more] = given.has('host') ? hostsOf([...given.all('host'), ...given.positionals]) : [];
  if (first !== undefined) return [first, ...more];
  throw new LintError(
    `${command} needs a host for the certificate`,
    `Name it as clients do: --host ${quote(given.positionals[0] ?? 'lightrun.example.com', 'host')}`,
  );
}

function parseDays(given: Arguments): number {
  const text = given.last('days');
  if (text === null) return DEFAULT_DAYS;
  const days = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MAX_DAYS) return days;
  throw new LintError(
    days > MAX_DAYS
      ? `--days ${quote(text)} is more than ten years, too long for a test certificate`
      : `--days ${quote(text)} is not a valid number of days`,
    `Write a whole number from 1 to ${MAX_DAYS}.`,
  );
}

const MAX_LABEL = 63;
const WILDCARD = '*.';
const EXAMPLE = 'Write a bare name, such as lightrun.example.com, or an IP address.';

/**
 * The names to put into a certificate.
 * @param names DNS names in any case, in Unicode or with a final dot, wildcards too, and IP addresses
 * @returns each once, in the form that certificates use: A-labels in lower case; IPv6 as in RFC 5952
 * @throws LintError for the first that is neither
 */
export function hostsOf(names: readonly string[]): string[] {
  return [...new Set(names.map(readHost))];
}

function readHost(text: string): string {
  if (isIPv6(text) && !text.includes('%')) return new URL(`http://[${text}]`).hostname.slice(1, -1);
  if (isIP(text) === 4) return text;
  const known = NOT_A_HOST.find(([pattern]) => pattern.test(text));
  if (known) throw notAHost(text, known[1], known[2](text));

  const wildcard = text.startsWith(WILDCARD) ? WILDCARD : '';
  const name = asciiHostName(text.slice(wildcard.length));
  const tooLong = excessOf(wildcard + name);
  if (tooLong) throw notAHost(text, tooLong, 'Check the name.');
  if (!isHostName(name)) throw notAHost(text, 'is not a valid host name', EXAMPLE);
  if (wildcard !== '' && !name.includes('.')) {
    throw notAHost(text, 'is a wildcard for a whole top-level domain, which clients refuse', WILDCARD_HELP);
  }
  return wildcard + name;
}

const WILDCARD_HELP = 'A wildcard replaces the whole first label of at least three: *.example.com';

/** What people write instead of a bare name: the pattern, what it is, and how to write it. */
const NOT_A_HOST: readonly (readonly [RegExp, string, (text: string) => string])[] = [
  [/^$/, 'is empty', () => EXAMPLE],
  [/\.ya?ml$/i, 'is a file', () => 'To put the certificate into a values file, write: --write FILE'],
  [
    /:\/\//,
    'is a URL',
    (text) => onlyName(text.replace(/^.*?:\/\/([^/?#]*@)?/, '').replace(/[:/?#].*$/s, '')),
  ],
  [
    /[,;\s]/,
    'has more than one name, or a space',
    () => 'Give each name its own flag: --host lightrun.example.com --host 10.0.0.5',
  ],
  [/^\[/, 'has brackets', (text) => onlyName(text.replace(/^\[|\].*$/gs, ''))],
  [/%/, 'has a %', () => 'Write only the name or address, without a zone (%eth0) or an escape.'],
  [/^[^:]*:\d*$/, 'has a port', (text) => onlyName(text.replace(/:.*$/s, ''))],
  [/[/?#@\\]/, 'is more than a host', () => EXAMPLE],
  [/^[\d.]+$/, 'is not a valid IP address', () => 'Write four numbers from 0 to 255, such as 10.0.0.5.'],
  [/_/, 'has an underscore, which host names cannot have', () => 'Check the name.'],
  [/^\.|\.\./, 'has an empty label', () => EXAMPLE],
  [/^(?!\*\.[^*]*$).*\*/s, 'has a wildcard where clients accept none', () => WILDCARD_HELP],
  [/[^\p{L}\p{M}\p{N}.*-]/u, 'has a character that host names cannot have', () => EXAMPLE],
];

/** What is too long in a name. */
function excessOf(name: string): string | null {
  if (name.length > MAX_NAME_LENGTH)
    return `is too long: ${name.length} characters, at most ${MAX_NAME_LENGTH} are allowed`;
  const label = name.split('.').find(({ length }) => length > MAX_LABEL);
  return label === undefined
    ? null
    : `has a label that is too long: ${label.length} characters, at most ${MAX_LABEL} are allowed`;
}

function onlyName(name: string): string {
  return name === '' ? EXAMPLE : `Write only the name: --host ${quote(name, 'host')}`;
}

function notAHost(text: string, what: string, help: string): LintError {
  return new LintError(`--host ${quote(text, 'host') || '""'} ${what}`, help);
}
