import { LintError } from '../errors.ts';
import { STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../lint/lint.ts';
import { displayFile } from '../text/display.ts';
import { PROGRAM, shellFile, shellWord } from '../text/shell.ts';
import { CHECK_FLAGS, caFileFlag, readCheckOptions } from './check.ts';
import { type Arguments, HELP_FLAG, readArguments, refuseSecondStdin } from './flags.ts';
import type { CommandHelp } from './help.ts';
import { COLOR_FLAG, type ReportOptions, reportOptions } from './report.ts';

export const ENCODE_HELP: CommandHelp = {
  name: 'encode',
  usage: 'encode [--cert FILE...] [--key FILE] [--write FILE]',
  summary: 'make the certificate block for values.yaml from files',
  text: 'Takes certificates and a private key as you received them, puts the chain in order, converts the private key to PKCS#8, checks the result, and prints the block for values.yaml or writes it into a file. What the command line does not give is taken from the file of --write. If there is an error, nothing is printed or written.',
  flags: [
    {
      name: 'cert',
      value: 'FILE',
      help: 'certificates in PEM, DER or PKCS#7, a values file, a Secret manifest or an answer of Vault (JSON), in any order; further FILEs may follow; repeatable',
    },
    {
      name: 'add',
      value: 'FILE',
      help: 'further certificates, such as a missing issuer, beside those of --cert or --write; repeatable',
    },
    {
      name: 'key',
      value: 'FILE',
      help: 'the private key: PKCS#1, PKCS#8 or SEC1, in PEM or DER, or in such a file',
    },
    { name: 'p12', value: 'FILE', help: 'a PKCS#12 file (.p12, .pfx) instead of both' },
    {
      name: 'passphrase-file',
      value: 'FILE',
      help: 'passphrase of an encrypted private key or PKCS#12 file (default: asked for at the terminal)',
    },
    { name: 'add-root', help: 'add the root at the end if it is missing and public' },
    {
      name: 'write',
      value: 'FILE',
      help: 'edit this values file in place instead of printing the block; certificates or a private key not given are those in it',
    },
    ...CHECK_FLAGS,
    caFileFlag(),
    COLOR_FLAG,
    HELP_FLAG,
  ],
  examples: [
    `${PROGRAM} encode --cert my-cert.crt root.crt --key my-cert.key`,
    `${PROGRAM} encode --cert *.crt --key my-cert.key --write values.yaml`,
    `${PROGRAM} encode --cert renewed.p7b --write values.yaml`,
    `${PROGRAM} encode --add intermediate.crt --write values.yaml`,
    `${PROGRAM} encode --p12 lightrun.pfx --write values.yaml`,
  ],
  statuses: [
    'the block was printed or written, with no errors (--strict: no warnings)',
    'at least one error (with --strict: or warning); standard error says more',
    'files could not be read or written; standard error says why',
  ],
};

/** The files that `encode` reads. */
export interface EncodeInputs {
  /** Certificates in place of those in the values file; none where those are kept. */
  certs: readonly string[];
  /** Certificates beside these. */
  add: readonly string[];
  /** The private key; null where it is that of `p12` or the values file. */
  key: string | null;
  p12: string | null;
  passphraseFile: string | null;
}

/** The command line of `encode`. */
export interface EncodeOptions {
  inputs: EncodeInputs;
  /** A values file to edit; null to print the block. */
  write: string | null;
  isRootAdded: boolean;
  lint: LintOptions;
  strict: boolean;
  report: ReportOptions;
}

/**
 * Reads the command line of `encode`, and the files of `--ca-file`.
 * @throws LintError where it is wrong
 */
export async function encodeOptions(args: readonly string[], io: Io): Promise<EncodeOptions> {
  const given = readArguments(args, ENCODE_HELP);
  const write = given.last('write');
  return {
    inputs: inputsOf(given, write),
    write,
    isRootAdded: given.has('add-root'),
    report: reportOptions(given, 'stderr'),
    lint: await readCheckOptions(given, io, given.all('ca-file'), null),
    strict: given.has('strict'),
  };
}

function inputsOf(given: Arguments, write: string | null): EncodeInputs {
  // Further FILEs follow the flag that was given; with both it makes no difference.
  const [isOfAdd, { positionals }] = [given.has('add') && !given.has('cert'), given];
  const certs = [...given.all('cert'), ...(isOfAdd ? [] : positionals)];
  const add = [...given.all('add'), ...(isOfAdd ? positionals : [])];
  const [key, p12] = [given.last('key'), given.last('p12')];
  const passphraseFile = given.last('passphrase-file');
  if (write === null && p12 === null && (certs.length === 0 || key === null)) {
    throw new LintError(
      `encode needs ${certs.length === 0 ? 'certificates' : 'the private key'}`,
      'Name them: encode --cert full-chain.crt --key my-cert.key; or a PKCS#12 file: encode --p12 FILE. With --write FILE, what is not named is taken from that file.',
    );
  }
  if (p12 !== null && key !== null) {
    throw new LintError('--p12 and --key both give a private key', 'Leave one of them out.');
  }
  // One stream may hold both, as that of `openssl pkcs12` does.
  const isBoth = key === STDIN && certs.includes(STDIN);
  refuseSecondStdin([...certs, ...add, isBoth ? null : key, p12, passphraseFile], given);
  return { certs, add, key, p12, passphraseFile };
}

/**
 * The line that runs `encode` again with other files.
 * @param other in place of what was given; `-` for standard input
 * @returns null where a name in it cannot be printed, or was standard input
 */
export function encodeAgain(
  { inputs, write, isRootAdded, lint }: EncodeOptions,
  other: Partial<EncodeInputs>,
): string | null {
  const { certs, add, key, p12, passphraseFile } = { ...inputs, ...other };
  const own = [inputs.certs, inputs.add, inputs.key, inputs.p12, inputs.passphraseFile].flat();
  const isOurs = (file: string) => own.includes(file) && file === STDIN;
  const files: readonly (readonly [flag: string, files: readonly (string | null)[]])[] = [
    ['--cert', certs],
    ['--add', add],
    ['--key', [key]],
    ['--p12', [p12]],
    ['--passphrase-file', [passphraseFile]],
    ['--write', [write]],
    ['--ca-file', lint.invocation.caFiles],
  ];
  const named = files.flatMap(([flag, names]) =>
    names.flatMap((file) => (file === null ? [] : [{ flag, file }])),
  );
  const place = lint.root.join('.');
  if (displayFile(place) !== place) return null;
  if (named.some(({ file }) => isOurs(file) || displayFile(file) !== file)) return null;
  return [
    PROGRAM,
    'encode',
    ...named.map(({ flag, file }) => `${flag} ${file === STDIN ? file : shellFile(file)}`),
    ...(place === '' ? [] : [`--root ${shellWord(place)}`]),
    ...(isRootAdded ? ['--add-root'] : []),
  ].join(' ');
}
