import type { KeyObject } from 'node:crypto';
import { LintError } from '../errors.ts';
import { readInput, STDIN } from '../files/read.ts';
import { type Assembled, assemble, withRoot } from '../fix/assemble.ts';
import { certificateBlock } from '../fix/block.ts';
import { certificatesOf, readP12, readPrivateKey } from '../fix/encode-inputs.ts';
import { writeIntoValues } from '../fix/write-values.ts';
import type { Io } from '../io.ts';
import { type LintOptions, lint, type Outcome } from '../lint/lint.ts';
import { readCheckOptions } from '../options/check-options.ts';
import { ENCODE_FLAGS } from '../options/encode.ts';
import { type Arguments, quote, readArguments, seeHelp } from '../options/flags.ts';
import { countFindings, isFailure } from '../report/summary.ts';
import { type ReportOptions, reportOptions, writeReport } from '../report/write.ts';
import { escapeUnsafe } from '../text/escape.ts';
import type { Certificate } from '../x509/certificate.ts';
import { publicRootOf, publicRoots } from '../x509/roots.ts';

/** What the report calls the block before it stands in a file. */
const BLOCK_NAME = '<encoded>';

/**
 * `encode --cert FILE… --key FILE`: puts a chain in order, converts the key to PKCS#8, judges the result, and prints
 * the block for values.yaml, or writes it into a file. Nothing is printed or written where there is an error.
 * @returns the exit status: 0 no finding that fails, 1 at least one, 2 not all could be judged
 * @throws LintError where the arguments are wrong, or a file cannot be read
 */
export async function runEncode(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const given = readArguments(args, ENCODE_FLAGS, 'encode');
  const inputs = inputsOf(given);
  const report = reportOptions(given, 'encode', 'stderr');
  const options = await readCheckOptions(given, io, given.all('ca-file'), null);

  const { certificates, key } = await readInputs(inputs, io);
  const assembled = completed(
    assemble(certificates, key, options.roots ?? publicRoots()),
    inputs.isRootAdded,
  );
  const block = certificateBlock(assembled.pair, options.root);
  const checked = await lint(Buffer.from(block), BLOCK_NAME, options);
  const fails = isFailure(countFindings([checked]), inputs.isStrict);
  tellLeftOut(assembled, io);
  if (fails || inputs.write === null) await tell(checked, report, options, inputs.isStrict, io);
  if (fails) {
    io.stderr(`Nothing was ${inputs.write === null ? 'printed' : 'written'}.\n`);
    return 1;
  }
  if (inputs.write === null) {
    io.stdout(block);
    return 0;
  }
  const bytes = await writeIntoValues(inputs.write, options.root, assembled.pair, io);
  const written = await lint(bytes, inputs.write, options);
  await tell(written, report, options, inputs.isStrict, io);
  return isFailure(countFindings([written]), inputs.isStrict) ? 1 : 0;
}

interface Inputs {
  certs: readonly string[];
  key: string | null;
  p12: string | null;
  passphraseFile: string | null;
  write: string | null;
  isRootAdded: boolean;
  isStrict: boolean;
}

function inputsOf(given: Arguments): Inputs {
  const certs = [...given.all('cert'), ...given.positionals];
  const [key, p12] = [given.last('key'), given.last('p12')];
  const inputs: Inputs = {
    certs,
    key,
    p12,
    passphraseFile: given.last('passphrase-file'),
    write: given.last('write'),
    isRootAdded: given.has('add-root'),
    isStrict: given.has('strict'),
  };
  if (p12 === null && (certs.length === 0 || key === null)) {
    throw new LintError(
      `encode needs ${certs.length === 0 ? 'certificates' : 'the private key'}`,
      'Name them: encode --cert fullchain.pem --key private.pem; or a PKCS#12 file: encode --p12 FILE.',
    );
  }
  if (p12 !== null && key !== null) {
    throw new LintError('--p12 and --key both give a private key', 'Leave one of them out.');
  }
  const read = [...certs, key, p12, inputs.passphraseFile].filter((file) => file === STDIN);
  if (read.length > 1) throw new LintError('standard input (-) can be given only once', seeHelp('encode'));
  return inputs;
}

async function readInputs(
  { certs, key, p12, passphraseFile }: Inputs,
  io: Io,
): Promise<{ certificates: Certificate[]; key: KeyObject }> {
  const loose = certs.map((file) => readInput(file, io));
  if (p12 !== null) {
    const opened = await readP12(readInput(p12, io), passphraseFile, io);
    return { certificates: [...opened.certificates, ...certificatesOf(loose)], key: opened.key };
  }
  const certificates = certificatesOf(loose);
  return { certificates, key: await readPrivateKey(readInput(key ?? '', io), passphraseFile, io) };
}

/**
 * The chain with its public root, where that was wanted and it is missing.
 * @throws LintError where the root is not a public one
 */
function completed(assembled: Assembled, isWanted: boolean): Assembled {
  const { top } = assembled;
  if (!isWanted || top?.kind !== 'missing' || top.isCrossSigned) return assembled;
  const root = publicRootOf(top.certificate);
  if (root !== null) return withRoot(assembled, root);
  throw new LintError(
    `--add-root: the issuer of ${quote(top.certificate.subject)}, ${quote(top.certificate.issuer)}, is no public root that this program carries`,
    'Get that certificate from whoever issued yours, and name it with --cert.',
  );
}

function tellLeftOut({ copies, unrelated }: Assembled, io: Io): void {
  for (const certificate of unrelated) {
    io.stderr(`left out: ${escapeUnsafe(nameOf(certificate))}, which has no part in the chain\n`);
  }
  for (const certificate of copies)
    io.stderr(`left out: a second copy of ${escapeUnsafe(nameOf(certificate))}\n`);
}

function nameOf({ subject, serialNumber }: Certificate): string {
  return subject || `the certificate with serial number ${serialNumber}`;
}

function tell(
  outcome: Outcome,
  report: ReportOptions,
  { at, severities }: LintOptions,
  strict: boolean,
  io: Io,
): Promise<void> {
  return writeReport([outcome], report, { at, strict, severities, problems: [], noun: 'certificate' }, io);
}
