import type { KeyObject } from 'node:crypto';
import { LintError } from '../errors.ts';
import { readInput, refuseOverwriting } from '../files/read.ts';
import { type Assembled, assemble, withRoot } from '../fix/chain.ts';
import { certificatesOf, readP12, readPrivateKey } from '../fix/encode-inputs.ts';
import { certificateBlock, writeIntoValues } from '../fix/write-values.ts';
import type { Io } from '../io.ts';
import { lint } from '../lint/lint.ts';
import { type Summary, summarize } from '../lint/summary.ts';
import { ENCODE_HELP, type EncodeInputs, type EncodeOptions, encodeOptions } from '../options/encode.ts';
import type { Command } from '../options/help.ts';
import { countFindings, isFailure } from '../report/context.ts';
import { writeReport } from '../report/write.ts';
import { escapeUnsafe, quote } from '../text/display.ts';
import type { Certificate } from '../x509/certificate.ts';
import { publicRootOf } from '../x509/roots.ts';

export const encodeCommand: Command = { ...ENCODE_HELP, run: runEncode };

/** What the report calls the block before it is in a file. */
const BLOCK_NAME = '<encoded>';

/**
 * `encode --cert FILE… --key FILE`: puts a chain in order, converts the private key to PKCS#8, checks the result, and
 * prints the block for values.yaml, or writes it into a file. If there is an error, nothing is printed or written.
 * @returns the exit status: 0 no errors, 1 at least one
 * @throws LintError where the arguments are wrong, or a file cannot be read or written
 */
async function runEncode(args: readonly string[], io: Io): Promise<0 | 1> {
  const options = await encodeOptions(args, io);
  const { write, strict, lint: lintOptions } = options;
  const { root } = lintOptions;
  const { passphraseFile } = options.inputs;
  refuseOverwriting('--write', write, [
    ...lintOptions.invocation.caFiles,
    ...(passphraseFile === null ? [] : [passphraseFile]),
  ]);

  const { certificates, key } = await readInputs(options.inputs, io);
  const assembled = completed(assemble(certificates, key, lintOptions), options.isRootAdded);
  const block = certificateBlock(assembled.pair, root);
  const encoded = summarize(await lint(Buffer.from(block), BLOCK_NAME, lintOptions));
  const fails = isFailure(countFindings([encoded]), strict);
  printLeftOut(assembled, io);
  if (fails || write === null) await reportOn(encoded, options, io);
  if (fails) {
    io.stderr(`Nothing was ${write === null ? 'printed' : 'written'}.\n`);
    return 1;
  }
  if (write === null) {
    io.stdout(block);
    return 0;
  }
  const bytes = await writeIntoValues(write, root, assembled.pair, io);
  const written = summarize(await lint(bytes, write, lintOptions));
  await reportOn(written, options, io);
  return isFailure(countFindings([written]), strict) ? 1 : 0;
}

async function readInputs(
  { certs, key, p12, passphraseFile }: EncodeInputs,
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
 * Adds the public root, if that is wanted and it is missing.
 * @throws LintError where the root is not a public one
 */
function completed(assembled: Assembled, isWanted: boolean): Assembled {
  const { top } = assembled;
  if (!isWanted || top?.kind !== 'missing' || top.isCrossSigned) return assembled;
  const root = publicRootOf(top.certificate);
  if (root !== null) return withRoot(assembled, root);
  throw new LintError(
    `--add-root: the issuer of ${quote(top.certificate.subject)}, ${quote(top.certificate.issuer)}, is not a public root that this program knows`,
    'Get that certificate from whoever issued yours, and name it with --cert.',
  );
}

function printLeftOut({ copies, unrelated }: Assembled, io: Io): void {
  for (const certificate of unrelated) {
    io.stderr(`left out: ${escapeUnsafe(nameOf(certificate))}, which is not part of the chain\n`);
  }
  for (const certificate of copies)
    io.stderr(`left out: a second copy of ${escapeUnsafe(nameOf(certificate))}\n`);
}

function nameOf({ subject, serialNumber }: Certificate): string {
  return subject || `the certificate with serial number ${serialNumber}`;
}

function reportOn(summary: Summary, { report, lint, strict }: EncodeOptions, io: Io): Promise<void> {
  return writeReport([summary], report, { ...lint, strict, diagnostics: [], noun: 'certificate' }, io);
}
