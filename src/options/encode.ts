import { LintError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../lint/lint.ts';
import { PROGRAM } from '../text/shell.ts';
import { CHECK_FLAGS, caFileFlag, readCheckOptions } from './check.ts';
import { type Arguments, HELP_FLAG, readArguments, refuseSecondStdin } from './flags.ts';
import type { CommandHelp } from './help.ts';
import { COLOR_FLAG, type ReportOptions, reportOptions } from './report.ts';

export const ENCODE_HELP: CommandHelp = {
  name: 'encode',
  usage: 'encode --cert FILE... --key FILE',
  summary: 'make the certificate block for values.yaml from files',
  text: 'Takes certificates and a private key as you received them, puts the chain in order, converts the private key to PKCS#8, checks the result, and prints the block for values.yaml or writes it into a file. If there is an error, nothing is printed or written.',
  flags: [
    {
      name: 'cert',
      value: 'FILE',
      help: 'certificates in PEM, DER or PKCS#7, in any order; further FILEs may follow; repeatable',
    },
    { name: 'key', value: 'FILE', help: 'the private key: PKCS#1, PKCS#8 or SEC1, in PEM or DER' },
    { name: 'p12', value: 'FILE', help: 'a PKCS#12 file (.p12, .pfx) instead of both' },
    {
      name: 'passphrase-file',
      value: 'FILE',
      help: 'passphrase of an encrypted private key or PKCS#12 file (default: asked for at the terminal)',
    },
    { name: 'add-root', help: 'add the root at the end if it is missing and public' },
    { name: 'write', value: 'FILE', help: 'edit this values file in place instead of printing the block' },
    ...CHECK_FLAGS,
    caFileFlag(),
    COLOR_FLAG,
    HELP_FLAG,
  ],
  examples: [
    `${PROGRAM} encode --cert my-cert.crt root.crt --key my-cert.key`,
    `${PROGRAM} encode --cert *.crt --key my-cert.key --write values.yaml`,
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
  certs: readonly string[];
  /** The private key; null with `p12`. */
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
  return {
    inputs: inputsOf(given),
    write: given.last('write'),
    isRootAdded: given.has('add-root'),
    report: reportOptions(given, 'stderr'),
    lint: await readCheckOptions(given, io, given.all('ca-file'), null),
    strict: given.has('strict'),
  };
}

function inputsOf(given: Arguments): EncodeInputs {
  const certs = [...given.all('cert'), ...given.positionals];
  const [key, p12] = [given.last('key'), given.last('p12')];
  const passphraseFile = given.last('passphrase-file');
  if (p12 === null && (certs.length === 0 || key === null)) {
    throw new LintError(
      `encode needs ${certs.length === 0 ? 'certificates' : 'the private key'}`,
      'Name them: encode --cert full-chain.crt --key my-cert.key; or a PKCS#12 file: encode --p12 FILE.',
    );
  }
  if (p12 !== null && key !== null) {
    throw new LintError('--p12 and --key both give a private key', 'Leave one of them out.');
  }
  refuseSecondStdin([...certs, key, p12, passphraseFile], given);
  return { certs, key, p12, passphraseFile };
}
