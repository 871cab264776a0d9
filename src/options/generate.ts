import { LintError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { SelfSignedRequest } from '../self-signed/certificate.ts';
import type { Output } from '../self-signed/output.ts';
import { quote } from '../text/display.ts';
import { ROOT_FLAG } from './check.ts';
import { type Arguments, HELP_FLAG, oneOf, readArguments } from './flags.ts';
import type { CommandHelp } from './help.ts';
import { hostsOf } from './hosts.ts';

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
    'helm lightrun-cert generate --host lightrun.example.com --out-dir tls',
    'helm lightrun-cert generate --host lightrun.test 10.0.0.5 --write values.yaml',
  ],
  statuses: ['the certificate was made and written', null, 'nothing was written; standard error says why'],
};

const DEFAULT_DAYS = 365;
const MAX_DAYS = 3650;

/** The command line of `generate`. */
export interface GenerateOptions {
  request: SelfSignedRequest;
  output: Output;
}

/**
 * Reads the command line of `generate`.
 * @throws LintError where it is wrong
 */
export async function generateOptions(args: readonly string[], io: Io): Promise<GenerateOptions> {
  const given = readArguments(args, GENERATE_HELP.flags, 'generate');
  const { outputOf } = await import('../self-signed/output.ts');
  const output = outputOf(given);
  const { KEY_KINDS } = await import('../self-signed/certificate.ts');
  const request = {
    hosts: parseHosts(given),
    days: parseDays(given),
    keyKind: oneOf(given, 'key', KEY_KINDS, 'generate'),
    now: io.now(),
  };
  return { request, output };
}

function parseHosts(given: Arguments): SelfSignedRequest['hosts'] {
  const [first, ...more] = given.has('host') ? hostsOf([...given.all('host'), ...given.positionals]) : [];
  if (first !== undefined) return [first, ...more];
  throw new LintError(
    'generate needs a host for the certificate',
    `Name it as clients do: --host ${quote(given.positionals[0] ?? 'lightrun.example.com')}`,
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
