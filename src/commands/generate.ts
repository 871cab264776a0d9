import { LintError } from '../errors.ts';
import type { Io } from '../io.ts';
import { lint } from '../lint/lint.ts';
import { ROOT_FLAG } from '../options/check-options.ts';
import { type Arguments, type Flag, quote, readArguments } from '../options/flags.ts';
import { oneOf } from '../options/parse.ts';
import type { SelfSigned } from '../self-signed/self-signed.ts';
import { count } from '../text/amount.ts';
import { escapeUnsafe } from '../text/escape.ts';
import type { Certificate } from '../x509/certificate.ts';

export const GENERATE_FLAGS: readonly Flag[] = [
  {
    name: 'host',
    value: 'NAME',
    help: 'a DNS name or IP address that the certificate is for; further NAMEs may follow; repeatable',
  },
  { name: 'out-dir', value: 'DIR', help: 'write tls.crt and tls.key (mode 0600) into this folder' },
  { name: 'write', value: 'FILE', help: 'edit this values file in place' },
  { name: 'print', help: 'print the block for values.yaml, key and all' },
  { name: 'days', value: 'DAYS', help: 'how long it is valid (default: 365)' },
  { name: 'key', value: 'KIND', help: 'rsa2048, rsa4096, ec256 or ec384 (default: rsa2048)' },
  ROOT_FLAG,
  { name: 'force', help: 'overwrite tls.crt and tls.key, or a private key that the values hold' },
  { name: 'help', short: 'h', help: 'show this help' },
];

const DEFAULT_DAYS = 365;
const MOST_DAYS = 3650;
/** Apple, HT210176: more than that is refused, whoever issued the certificate. */
const MOST_DAYS_OF_APPLE = 825;
const MADE_NAME = '<generated>';

/**
 * `generate --host NAME…`: makes a self-signed certificate and its key, judges them, and writes them to files, into a
 * values file, or to standard output. All that is said of them goes to standard error.
 * @returns the exit status, 0
 * @throws LintError where the arguments are wrong, or something cannot be written; then nothing is
 */
export async function runGenerate(args: readonly string[], io: Io): Promise<0> {
  const given = readArguments(args, GENERATE_FLAGS, 'generate');
  const { outputOf } = await import('../self-signed/output.ts');
  const output = outputOf(given);
  const { KEY_KINDS, selfSigned } = await import('../self-signed/self-signed.ts');
  const request = {
    hosts: await requestedHosts(given),
    days: validityOf(given),
    keyKind: oneOf(given, 'key', KEY_KINDS, 'generate'),
    now: io.now(),
  };
  await output.refuse(io);
  const made = selfSigned(request);
  const leaf = await checkedLeaf(made, request.hosts[0], request.now);
  await output.write(made.pair, io);
  io.stderr([...describe(made, leaf, request.days), ...output.next, ''].join('\n'));
  return 0;
}

async function requestedHosts(given: Arguments): Promise<readonly [string, ...string[]]> {
  const { hostsOf } = await import('../options/hosts.ts');
  const [first, ...more] = given.has('host') ? hostsOf([...given.all('host'), ...given.positionals]) : [];
  if (first !== undefined) return [first, ...more];
  throw new LintError(
    'generate has to be told for which host the certificate is',
    `Name it as clients do: --host ${quote(given.positionals[0] ?? 'lightrun.example.com')}`,
  );
}

function validityOf(given: Arguments): number {
  const text = given.last('days');
  if (text === null) return DEFAULT_DAYS;
  const days = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new LintError(
    days > MOST_DAYS
      ? `--days ${quote(text)} is more than ten years, too long for a certificate that is for testing`
      : `--days ${quote(text)} is no number of days`,
    `Write a whole number from 1 to ${MOST_DAYS}.`,
  );
}

/**
 * The certificate, once the rules have nothing to say of the pair but that it is self-signed.
 * @throws LintError where they have
 */
async function checkedLeaf({ pair }: SelfSigned, host: string, at: Date): Promise<Certificate> {
  const { certificateBlock } = await import('../fix/block.ts');
  const { target, findings } = await lint(Buffer.from(certificateBlock(pair, [])), MADE_NAME, {
    at,
    // Whoever asks for a few days knows that it ends soon.
    expiresWithin: 0,
    host: host.replace('*', 'any'),
    partial: false,
    root: [],
    severities: new Map(),
    roots: null,
    readSecret: null,
  });
  const faults = findings.filter(({ rule }) => rule.id !== 'cert-self-signed');
  const leaf = target.material?.chain?.leaf;
  if (leaf !== undefined && faults.length === 0) return leaf;
  throw new LintError(
    `the certificate that was made is not good, so nothing was written: ${faults.map(({ rule, message }) => `${rule.id}: ${message}`).join(' ')}`,
    'Check the clock of this machine and the length of the list of hosts. If they are right, please report it.',
  );
}

function describe({ notBefore, notAfter }: SelfSigned, leaf: Certificate, days: number): string[] {
  const names = [...leaf.dnsNames, ...leaf.ipAddresses];
  const apple =
    days >= MOST_DAYS_OF_APPLE
      ? ` Apple's systems refuse more than ${count(MOST_DAYS_OF_APPLE, 'day')}.`
      : '';
  return [
    `Self-signed, for testing only: clients refuse it until they are told to trust it. For production, have one issued by a CA that they trust.`,
    `  names  ${names.map(escapeUnsafe).join(', ')}`,
    `  key    ${leaf.publicKey.description}`,
    `  valid  ${timeOf(notBefore)} (an hour ago, for clocks that are behind) to ${timeOf(notAfter)}.${apple}`,
    `  pin    ${leaf.pinSha256}`,
  ];
}

const timeOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
