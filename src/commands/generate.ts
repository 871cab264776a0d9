import { LintError } from '../errors.ts';
import type { Io } from '../io.ts';
import { lint } from '../lint/lint.ts';
import { ROOT_FLAG } from '../options/check-options.ts';
import { type Arguments, type Flag, quote, readArguments } from '../options/flags.ts';
import { oneOf } from '../options/parse.ts';
import type { SelfSigned } from '../self-signed/certificate.ts';
import { count } from '../text/amount.ts';
import { escapeUnsafe } from '../text/escape.ts';
import type { Certificate } from '../x509/certificate.ts';

export const GENERATE_FLAGS: readonly Flag[] = [
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
  { name: 'help', short: 'h', help: 'show this help' },
];

const DEFAULT_DAYS = 365;
const MAX_DAYS = 3650;
/** Apple, HT210176: a longer validity is refused, whoever issued the certificate. */
const MAX_DAYS_APPLE = 825;
/** The default of lint's --expires-within. */
const EXPIRES_WITHIN = 30;

/**
 * `generate --host NAME…`: makes a self-signed certificate and its private key, lints them, and writes them to files,
 * into a values file, or to standard output. Everything it says about them goes to standard error.
 * @returns the exit status, 0
 * @throws LintError where the arguments are wrong or something cannot be written; then nothing is written
 */
export async function runGenerate(args: readonly string[], io: Io): Promise<0> {
  const given = readArguments(args, GENERATE_FLAGS, 'generate');
  const { outputOf } = await import('../self-signed/output.ts');
  const output = outputOf(given);
  const { KEY_KINDS, selfSigned } = await import('../self-signed/certificate.ts');
  const request = {
    hosts: await requestedHosts(given),
    days: requestedDays(given),
    keyKind: oneOf(given, 'key', KEY_KINDS, 'generate'),
    now: io.now(),
  };
  await output.refuse(io);
  const made = await selfSigned(request);
  const leaf = await lintedLeaf(made, request.hosts[0], request.now);
  await output.write(made.pair, io);
  io.stderr([...describe(made, leaf, request.days), ...output.next, ''].join('\n'));
  return 0;
}

async function requestedHosts(given: Arguments): Promise<readonly [string, ...string[]]> {
  const { hostsOf } = await import('../options/hosts.ts');
  const [first, ...more] = given.has('host') ? hostsOf([...given.all('host'), ...given.positionals]) : [];
  if (first !== undefined) return [first, ...more];
  throw new LintError(
    'generate needs a host for the certificate',
    `Name it as clients do: --host ${quote(given.positionals[0] ?? 'lightrun.example.com')}`,
  );
}

function requestedDays(given: Arguments): number {
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

/**
 * The new certificate, read back from the values that it makes.
 * @throws LintError where a rule finds an error; a warning, such as that it expires soon, stops nothing
 */
async function lintedLeaf({ pair }: SelfSigned, host: string, at: Date): Promise<Certificate> {
  const { certificateBlock } = await import('../fix/pair.ts');
  const { target, findings } = await lint(Buffer.from(certificateBlock(pair, [])), '<generated>', {
    at,
    expiresWithin: EXPIRES_WITHIN,
    host: host.replace('*', 'any'),
    partial: false,
    root: [],
    severities: new Map(),
    roots: null,
    readSecret: null,
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const leaf = target.material?.chain?.leaf;
  if (leaf !== undefined && errors.length === 0) return leaf;
  throw new LintError(
    `the new certificate does not pass lint, so nothing was written: ${errors.map(({ rule, message }) => `${rule.id}: ${message}`).join(' ')}`,
    "Check this machine's clock and the number of hosts. If both are right, please report it.",
  );
}

function describe({ notBefore, notAfter }: SelfSigned, leaf: Certificate, days: number): string[] {
  const names = [...leaf.dnsNames, ...leaf.ipAddresses];
  // The hour before now counts too.
  const apple =
    days >= MAX_DAYS_APPLE ? ` Apple's systems refuse more than ${count(MAX_DAYS_APPLE, 'day')}.` : '';
  return [
    'Self-signed, for testing only: clients refuse it until they are told to trust it. For production, have one issued by a CA that they trust.',
    `  names  ${names.map(escapeUnsafe).join(', ')}`,
    `  key    ${leaf.publicKey.description}`,
    `  valid  ${timeOf(notBefore)} (an hour ago, for slow clocks) to ${timeOf(notAfter)}.${apple}`,
    `  pin    ${leaf.pinSha256}`,
  ];
}

const timeOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
