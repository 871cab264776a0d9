import { LintError } from '../errors.ts';
import { whileWaiting } from '../files/waiting.ts';
import type { Io } from '../io.ts';
import { lint } from '../lint/lint.ts';
import { GENERATE_HELP, generateOptions } from '../options/generate.ts';
import type { Command } from '../options/help.ts';
import type { SelfSigned } from '../self-signed/certificate.ts';
import { count, timeOf } from '../text/amount.ts';
import { escapeUnsafe } from '../text/display.ts';
import { PROGRAM } from '../text/shell.ts';
import type { Certificate } from '../x509/certificate.ts';

export const generateCommand: Command = { ...GENERATE_HELP, run: runGenerate };

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
async function runGenerate(args: readonly string[], io: Io): Promise<0> {
  const { request, output: target } = await generateOptions(args, io);
  const { outputOf } = await import('../self-signed/output.ts');
  const output = outputOf(target);
  await output.refuse(io);
  const { selfSigned } = await import('../self-signed/certificate.ts');
  const made = await whileWaiting(io, 'Making the private key', () => selfSigned(request));
  const leaf = await lintedLeaf(made, request.hosts[0], request.now);
  await output.write(made.pair, io);
  io.stderr([...describe(made, leaf, request.days), ...output.next, ''].join('\n'));
  return 0;
}

/**
 * The new certificate, read back from the values that it makes.
 * @throws LintError where a rule finds an error; a warning, such as that it expires soon, stops nothing
 */
async function lintedLeaf({ pair }: SelfSigned, host: string, at: Date): Promise<Certificate> {
  const { certificateBlock } = await import('../fix/write-values.ts');
  const { target, findings } = await lint(Buffer.from(certificateBlock(pair, [])), '<generated>', {
    invocation: { program: PROGRAM, caFiles: [], caFileFlag: '--ca-file', kubectl: 'kubectl' },
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
    `the new certificate does not pass lint, so nothing was written: ${errors.map(({ rule, message }) => `${rule}: ${message}`).join(' ')}`,
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
