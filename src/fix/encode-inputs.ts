import type { KeyObject } from 'node:crypto';
import { LintError } from '../errors.ts';
import { readPassphrase } from '../files/passphrase.ts';
import type { Input } from '../files/read.ts';
import { unusedName } from '../files/unused.ts';
import type { Io } from '../io.ts';
import { displayFile, escapeUnsafe } from '../text/display.ts';
import { shellFile } from '../text/shell.ts';
import { STDIN_NAME } from '../values/values.ts';
import { readBase64 } from '../x509/base64.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { type Pkcs12Reading, readPkcs12 } from '../x509/pkcs12/pkcs12.ts';
import { type LooseFormat, readCertificates, readKey, readPkcs12File } from './loose-files.ts';
import { type PairFile, readPairFile } from './pair-files.ts';

/** Bytes with certificates or a private key, and where they are from. */
export interface Part {
  bytes: Buffer;
  /** Such as `my-cert.key`, or `values.yaml: certificate.tls.key`; safe to show. */
  shown: string;
  /** The file that holds them, and nothing else does; null where a command cannot name it. */
  file: string | null;
  /** A passphrase that may open the key, tried before any other; null for none. */
  passphrase: string | null;
}

/** Where a passphrase comes from where one is needed. */
export interface Asking {
  passphraseFile: string | null;
  io: Io;
  /** The command that takes on standard input, as PEM, what a PKCS#12 file holds; null where it cannot be printed. */
  pipe: string | null;
}

const FORMATS: Readonly<Record<LooseFormat, readonly [what: string, help: string]>> = {
  empty: ['it is empty', 'Name the right file.'],
  certificate: ['it holds a certificate', 'Name the file of the private key with --key.'],
  'private-key': ['it holds a private key', 'Name it with --key, and the certificates with --cert.'],
  request: [
    'it holds a certificate request, which is what a CA is sent',
    'Name the certificate that the CA sent back.',
  ],
  damaged: [
    'its PEM is damaged, and there is more than one way to repair it',
    'Get a fresh copy of the file.',
  ],
  'der-certificate': ['it holds a certificate', 'Name the file of the private key with --key.'],
  'der-private-key': ['it holds a private key', 'Name it with --key, and the certificates with --cert.'],
  pkcs12: ['it is a PKCS#12 file', 'Name it with --p12.'],
  pkcs7: ['it is a PKCS#7 file without one', 'Name the file that holds it.'],
  jks: ['it is a Java keystore in the old JKS format', 'Convert it to PKCS#12, and name that with --p12.'],
  'openssh-public-key': ['it is an OpenSSH public key', 'Name the right file.'],
  der: ['it is DER of something else', 'Name the right file.'],
  utf16: ['it is UTF-16 text without PEM', 'Name the right file.'],
  html: ['it is an HTML page', 'Download the file again, with a program that is signed in.'],
  json: ['it is JSON', 'Take the PEM out of it, and name that.'],
  other: ['it is PEM of something else', 'Name the right file.'],
  unknown: ['it is neither PEM, DER nor PKCS#7', 'Name the right file.'],
};

/**
 * What a file named on the command line gives: itself, or one of the two values of a values file, a Secret manifest or an
 * answer of Vault.
 * @param root where the Lightrun chart's values are in a values file
 * @throws LintError where that value is not there, or cannot be read
 */
export async function partOf(
  input: Input,
  about: 'crt' | 'key',
  root: readonly string[],
  trust: Trust,
): Promise<Part> {
  const pair = await readPairFile(input, root, trust);
  if (pair !== null) return heldPart(pair, about);
  const { bytes, name } = input;
  const shown = displayFile(name);
  return { bytes, shown, file: name === STDIN_NAME || shown !== name ? null : name, passphrase: null };
}

/**
 * One of the two values of a file.
 * @throws LintError where it is not there, has yet to be filled in, or is not base64
 */
export function heldPart(pair: PairFile, about: 'crt' | 'key'): Part {
  const { text, shown, resolver } = pair[about];
  if (resolver !== null) {
    throw new LintError(
      `${shown} cannot be used: ${resolver.name} has yet to fill it in`,
      `Name the file of the ${NOUNS[about]} with --${FLAGS[about]}.`,
    );
  }
  if (text === null) {
    throw new LintError(
      `${shown} is not set`,
      `Name the file of the ${NOUNS[about]} with --${FLAGS[about]}.`,
    );
  }
  const { bytes } = readBase64(text);
  if (bytes === null) throw new LintError(`${shown} is not valid base64`, 'Get a fresh copy of the file.');
  return { bytes, shown, file: null, passphrase: pair.passphrase };
}

/** What the two values are called, and the flag for each. */
export const NOUNS = { crt: 'certificate', key: 'private key' } as const;
export const FLAGS = { crt: 'cert', key: 'key' } as const;

/**
 * The certificates of several files, numbered across all.
 * @throws LintError where a file has none, or one that cannot be parsed
 */
export function certificatesOf(parts: readonly Part[]): Certificate[] {
  const certificates: Certificate[] = [];
  for (const part of parts) {
    const found = readCertificates(part.bytes);
    if (!found.ok) throw holdsNo('certificate', part, found.format);
    for (const loose of found.certificates) certificates.push(parsed(loose, part.shown, certificates.length));
  }
  return certificates;
}

function parsed(
  loose: { der: Buffer; label: string; line: number },
  shown: string,
  index: number,
): Certificate {
  const read = readCertificate(loose, index);
  if (read.ok) return read.certificate;
  throw new LintError(
    `${shown}:${loose.line}: a certificate cannot be read: ${read.unreadable.reason}`,
    'Get a fresh copy of the file.',
  );
}

/**
 * The private key of a file; asks for a passphrase only where one is needed.
 * @throws LintError where there is none or more than one, or it cannot be opened
 */
export async function readPrivateKey(
  part: Part,
  { passphraseFile, io }: Omit<Asking, 'pipe'>,
): Promise<KeyObject> {
  const { bytes, shown } = part;
  let read = readKey(bytes, part.passphrase);
  if (read.state === 'locked' || (read.state === 'wrong-passphrase' && part.passphrase !== null)) {
    read = readKey(bytes, await readPassphrase(passphraseFile, io, shown));
  }
  switch (read.state) {
    case 'opened':
      return read.key;
    case 'missing':
      throw holdsNo('private key', part, read.format);
    case 'several':
      throw new LintError(
        `${shown} holds more than one private key`,
        'Leave only the one that belongs to the certificate.',
      );
    case 'unreadable':
      throw read.container === 'openssh'
        ? openSshKey(part)
        : new LintError(`the private key in ${shown} cannot be read`, 'Get a fresh copy of the file.');
    case 'unsupported':
      throw new LintError(
        `${shown} uses encryption that is not supported: it is too old or too costly`,
        withCommands(
          part.file,
          '.pkcs8.key',
          'Convert it with OpenSSL 3, and name the result with --key (LibreSSL does it without -provider …)',
          (from, to) => [`openssl pkcs8 -provider legacy -provider default -topk8 -in ${from} -out ${to}`],
        ),
      );
    default:
      throw wrongPassphrase(shown);
  }
}

/** `ssh-keygen` converts in place, and only what its owner alone can read. */
function openSshKey({ shown, file }: Part): LintError {
  return new LintError(
    `${shown} is an OpenSSH private key, which TLS servers do not read`,
    withCommands(file, '.pkcs8.key', 'Convert a copy of it, and name that with --key', (from, to) => [
      `install -m 600 ${from} ${to}`,
      `ssh-keygen -p -N '' -m PKCS8 -f ${to}`,
    ]),
  );
}

/** Commands that convert a file to another name; only the advice where the file cannot be named. */
function withCommands(
  file: string | null,
  ending: string,
  advice: string,
  linesOf: (from: string, to: string) => readonly string[],
): string {
  if (file === null) return `${advice}.`;
  const lines = linesOf(shellFile(file), shellFile(unusedName(file, ending)));
  return [`${advice}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** A PKCS#12 file, opened. */
export type OpenedPkcs12 = Extract<Pkcs12Reading, { state: 'opened' }>;

/**
 * Opens a PKCS#12 file, also in base64 or wrapped by `certutil -encode`. Tries an empty passphrase first, as Azure Key Vault
 * exports it.
 * @throws LintError where it cannot be opened
 */
export async function openPkcs12(
  { bytes, name }: Input,
  { passphraseFile, io, pipe }: Asking,
): Promise<OpenedPkcs12> {
  const shown = displayFile(name);
  const der = readPkcs12File(bytes) ?? bytes;
  let read = readPkcs12(der, '');
  if (read.state === 'locked') read = readPkcs12(der, await readPassphrase(passphraseFile, io, shown));
  switch (read.state) {
    case 'opened':
      return read;
    case 'locked':
      throw wrongPassphrase(shown);
    case 'unreadable':
      throw new LintError(
        `${shown} is not a readable PKCS#12 file: ${escapeUnsafe(read.reason)}`,
        'Name a .p12 or .pfx file; PEM and DER files go with --cert and --key.',
      );
    case 'unsupported':
      throw new LintError(
        `${shown} uses ${escapeUnsafe(read.algorithm)}, which is not supported`,
        pipe === null || name === STDIN_NAME || shown !== name
          ? 'Open it with openssl pkcs12 -nodes (OpenSSL 3 needs -legacy too), and pass what that prints to this command.'
          : `OpenSSL 3 opens it (LibreSSL does so without -legacy):\n  openssl pkcs12 -legacy -in ${shellFile(name)} -nodes | ${pipe}`,
      );
  }
}

/**
 * The certificates of a PKCS#12 file, and its private key; null where it has none.
 * @throws LintError where it cannot be opened, or holds more than one private key
 */
export async function readP12(
  input: Input,
  asking: Asking,
): Promise<{ certificates: Certificate[]; key: KeyObject | null }> {
  const { certificates, keys } = await openPkcs12(input, asking);
  const shown = displayFile(input.name);
  const [key = null, ...others] = keys;
  if (others.length > 0) {
    throw new LintError(`${shown} holds more than one private key`, EXPORT_AGAIN);
  }
  return {
    certificates: certificates.map((der, index) =>
      parsed({ der, label: 'CERTIFICATE', line: 1 }, shown, index),
    ),
    key,
  };
}

/** What helps where a PKCS#12 file lacks something. */
export const EXPORT_AGAIN = 'Export it again, with the certificate and its private key.';

function holdsNo(what: string, { shown, file }: Part, format: LooseFormat): LintError {
  const [reason, help] = FORMATS[format];
  const keystore = (from: string, to: string): string[] => [
    `keytool -importkeystore -srckeystore ${from} -destkeystore ${to} -deststoretype PKCS12`,
  ];
  return new LintError(
    `${shown} holds no ${what}: ${reason}`,
    format === 'jks' ? withCommands(file, '.converted.p12', help.replace(/\.$/, ''), keystore) : help,
  );
}

function wrongPassphrase(shown: string): LintError {
  return new LintError(`the passphrase does not open ${shown}`, 'Check it, then run the command again.');
}
