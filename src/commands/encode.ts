import type { KeyObject } from 'node:crypto';
import { LintError } from '../errors.ts';
import { type Input, readInput, refuseOverwriting, STDIN } from '../files/read.ts';
import { type Assembled, assemble, asWritten, leafIn, withRoot } from '../fix/chain.ts';
import {
  certificatesOf,
  EXPORT_AGAIN,
  FLAGS,
  heldPart,
  NOUNS,
  type Part,
  partOf,
  readP12,
  readPrivateKey,
} from '../fix/encode-inputs.ts';
import { type PairFile, pairInValues } from '../fix/pair-files.ts';
import { certificateBlock, openValues, writeIntoValues } from '../fix/write-values.ts';
import type { Io } from '../io.ts';
import { lint } from '../lint/lint.ts';
import { type Summary, summarize } from '../lint/summary.ts';
import { ENCODE_HELP, type EncodeOptions, encodeAgain, encodeOptions } from '../options/encode.ts';
import type { Command } from '../options/help.ts';
import { countFindings, isFailure } from '../report/context.ts';
import { writeReport } from '../report/write.ts';
import { displayFile, escapeUnsafe } from '../text/display.ts';
import { readBase64 } from '../x509/base64.ts';
import type { Certificate } from '../x509/certificate.ts';
import { publicRootOf } from '../x509/roots.ts';

export const encodeCommand: Command = { ...ENCODE_HELP, run: runEncode };

/** What the report calls the block before it is in a file. */
const BLOCK_NAME = '<encoded>';

/**
 * `encode --cert FILE… --key FILE`: puts a chain in order, converts the private key to PKCS#8, checks the result, and
 * prints the block for values.yaml, or writes it into a file, from which it takes what is not given. If there is an error,
 * nothing is printed or written.
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

  const file = write === null ? null : await openValues(write, io);
  const present = file && pairInValues(file.values, file.file, root, lintOptions);
  const gathered = await gather(options, present, io);
  const { certificates, key, kept } = gathered;
  const assembled = completed(assemble(certificates, key, lintOptions), options.isRootAdded);
  const bytesOf = (about: About) => (kept.has(about) ? bytesIn(present, about) : null);
  const pair = asWritten(assembled, bytesOf('crt'), bytesOf('key'));

  const block = certificateBlock(pair, root);
  const outcome = await lint(Buffer.from(block), BLOCK_NAME, { ...lintOptions, file: null });
  const encoded = summarize(outcome);
  const fails = isFailure(countFindings([encoded]), strict);
  printLeftOut(assembled, io);
  if (fails || file === null) await reportOn(encoded, options, io);
  if (fails) {
    const isMismatch = outcome.findings.some(({ rule }) => rule === 'key-mismatch');
    if (isMismatch) io.stderr(mismatchAdvice(options, kept));
    io.stderr(`Nothing was ${file === null ? 'printed' : 'written'}.\n`);
    return 1;
  }
  if (file === null) {
    io.stdout(block);
    return 0;
  }
  const bytes = await writeIntoValues(file, root, pair, io);
  io.stderr(pinChange(present, assembled, options));
  const written = summarize(await lint(bytes, file.file, lintOptions));
  await reportOn(written, options, io);
  return isFailure(countFindings([written]), strict) ? 1 : 0;
}

type About = 'crt' | 'key';

interface Gathered {
  certificates: Certificate[];
  key: KeyObject;
  /** What is taken from the values file. */
  kept: ReadonlySet<About>;
}

/**
 * The certificates and the private key: those that the command line names, else those of the values file.
 * @param present what the values file holds; null where there is none
 */
async function gather(options: EncodeOptions, present: PairFile | null, io: Io): Promise<Gathered> {
  const { certs, add, key, p12, passphraseFile } = options.inputs;
  const { root } = options.lint;
  const pipe = encodeAgain(options, {
    certs: [STDIN, ...certs],
    key: STDIN,
    p12: null,
    passphraseFile: null,
  });
  const asking = { passphraseFile, io, pipe };
  const kept = new Set<About>();
  const keep = (about: About): Part => {
    kept.add(about);
    return keptPart(options, present, about);
  };
  // It can be read only once, and may hold both.
  let stdin: Input | null = null;
  const read = (file: string): Input => {
    if (file !== STDIN) return readInput(file, io);
    stdin ??= readInput(file, io);
    return stdin;
  };
  const named = async (files: readonly string[], about: About): Promise<Part[]> =>
    Promise.all(files.map((file) => partOf(read(file), about, root, options.lint)));

  const opened = p12 === null ? null : await readP12(read(p12), asking);
  const keyPart = opened?.key ? null : key === null ? keep('key') : ((await named([key], 'key'))[0] ?? null);
  const own = [...(opened?.certificates ?? []), ...certificatesOf(await named(certs, 'crt'))];
  const base = own.length > 0 ? own : certificatesOf([keep('crt')]);
  const certificates = [...base, ...certificatesOf(await named(add, 'crt'))];
  return {
    certificates,
    key: keyPart === null ? (opened?.key as KeyObject) : await readPrivateKey(keyPart, asking),
    kept,
  };
}

/**
 * What is taken from the values file because the command line does not give it.
 * @throws LintError where it is not there either, or cannot be used
 */
function keptPart(options: EncodeOptions, present: PairFile | null, about: About): Part {
  const { inputs, write } = options;
  if (present === null) {
    throw new LintError(`${displayFile(inputs.p12 ?? '')} holds no ${NOUNS[about]}`, EXPORT_AGAIN);
  }
  const { text, resolver, place, shown } = present[about];
  if (text !== null && resolver === null) return heldPart(present, about);
  const again = encodeAgain(options, OWN_FILES[about]);
  const help =
    inputs.p12 !== null
      ? EXPORT_AGAIN
      : again === null
        ? `Name it with --${FLAGS[about]}.`
        : `Name it too:\n  ${again}`;
  throw new LintError(
    resolver === null
      ? `${displayFile(write ?? '')} holds no ${NOUNS[about]} (${place} is not set), and none is named`
      : `${shown} cannot be kept: ${resolver.name} has yet to fill it in, so nothing was written`,
    help,
  );
}

/** The user's own files, by their names on Lightrun's page. */
const OWN_FILES = { crt: { certs: ['full-chain.crt'] }, key: { key: 'my-cert.key' } } as const;

/** What to do where the half that was kept does not belong to the half that was given. */
function mismatchAdvice(options: EncodeOptions, kept: ReadonlySet<About>): string {
  if (kept.size !== 1) return '';
  const again =
    options.inputs.p12 === null ? encodeAgain(options, OWN_FILES[kept.has('key') ? 'key' : 'crt']) : null;
  const [about, other] = kept.has('key') ? [NOUNS.key, NOUNS.crt] : [NOUNS.crt, NOUNS.key];
  return [
    `The ${about} is the one in ${displayFile(options.write ?? '')}. If the ${other} is right, name its ${about} too${again === null ? '.' : ':'}`,
    ...(again === null ? [] : [`  ${again}`]),
    '',
  ].join('\n');
}

/** The bytes of one of the values in the file, as `lint --fix` would leave it; null where there are none. */
function bytesIn(present: PairFile | null, about: About): Buffer | null {
  const text = present?.[about].text ?? null;
  return text === null ? null : readBase64(text).bytes;
}

/** Whether the pin changes, where the values held another leaf before; in one line. */
function pinChange(present: PairFile | null, assembled: Assembled, { lint }: EncodeOptions): string {
  const crt = bytesIn(present, 'crt');
  const before = crt && leafIn(crt, bytesIn(present, 'key'), lint);
  const [after] = assembled.certificates;
  if (!before || !after || before.fingerprintSha256 === after.fingerprintSha256) return '';
  return before.pinSha256 === after.pinSha256
    ? 'pin unchanged\n'
    : `pin changes: ${before.pinSha256} → ${after.pinSha256}\n`;
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
    `--add-root: the issuer of ${escapeUnsafe(top.certificate.subject)}, ${escapeUnsafe(top.certificate.issuer)}, is not a public root that this program knows`,
    'Get that certificate from whoever issued yours, and name it with --add.',
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
