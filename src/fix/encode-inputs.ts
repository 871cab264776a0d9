import type { KeyObject } from 'node:crypto';
import { LintError } from '../errors.ts';
import { readPassphrase } from '../files/passphrase.ts';
import type { Input } from '../files/read.ts';
import type { Io } from '../io.ts';
import { displayFile, escapeUnsafe } from '../text/display.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { readPkcs12 } from '../x509/pkcs12/pkcs12.ts';
import { type LooseFormat, readCertificates, readKey } from './loose-files.ts';

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
  jks: [
    'it is a Java keystore in the old JKS format',
    'Convert it, and name the result with --p12:\n  keytool -importkeystore -srckeystore my-cert.jks -destkeystore my-cert.converted.p12 -deststoretype PKCS12',
  ],
  'openssh-public-key': ['it is an OpenSSH public key', 'Name the right file.'],
  der: ['it is DER of something else', 'Name the right file.'],
  utf16: ['it is UTF-16 text without PEM', 'Name the right file.'],
  html: ['it is an HTML page', 'Download the file again, with a program that is signed in.'],
  json: ['it is JSON', 'Take the PEM out of it, and name that.'],
  other: ['it is PEM of something else', 'Name the right file.'],
  unknown: ['it is neither PEM, DER nor PKCS#7', 'Name the right file.'],
};

/**
 * The certificates of several files, numbered across all.
 * @throws LintError where a file has none, or one that cannot be parsed
 */
export function certificatesOf(inputs: readonly Input[]): Certificate[] {
  const certificates: Certificate[] = [];
  for (const { bytes, name } of inputs) {
    const found = readCertificates(bytes);
    if (!found.ok) throw holdsNo('certificate', name, found.format);
    for (const loose of found.certificates) certificates.push(parsed(loose, name, certificates.length));
  }
  return certificates;
}

function parsed(
  loose: { der: Buffer; label: string; line: number },
  name: string,
  index: number,
): Certificate {
  const read = readCertificate(loose, index);
  if (read.ok) return read.certificate;
  throw new LintError(
    `${displayFile(name)}:${loose.line}: a certificate cannot be read: ${read.unreadable.reason}`,
    'Get a fresh copy of the file.',
  );
}

/**
 * The private key of a file; asks for a passphrase only where one is needed.
 * @throws LintError where there is none or more than one, or it cannot be opened
 */
export async function readPrivateKey(
  { bytes, name }: Input,
  passphraseFile: string | null,
  io: Io,
): Promise<KeyObject> {
  let read = readKey(bytes, null);
  if (read.state === 'locked') read = readKey(bytes, await readPassphrase(passphraseFile, io, name));
  const shown = displayFile(name);
  switch (read.state) {
    case 'opened':
      return read.key;
    case 'missing':
      throw holdsNo('private key', name, read.format);
    case 'several':
      throw new LintError(
        `${shown} holds more than one private key`,
        'Leave only the one that belongs to the certificate.',
      );
    case 'unreadable':
      throw read.container === 'openssh'
        ? new LintError(
            `${shown} is an OpenSSH private key, which TLS servers do not read`,
            'Convert a copy of it in place:\n  cp my-cert.key my-cert.pkcs8.key\n  ssh-keygen -p -m PKCS8 -f my-cert.pkcs8.key',
          )
        : new LintError(`the private key in ${shown} cannot be read`, 'Get a fresh copy of the file.');
    case 'unsupported':
      throw new LintError(
        `${shown} uses encryption that is not supported: it is too old or too costly`,
        'Convert it with OpenSSL 3, and name the result with --key:\n  openssl pkcs8 -provider legacy -provider default -topk8 -in my-cert.key -out my-cert.pkcs8.key',
      );
    default:
      throw wrongPassphrase(name);
  }
}

/**
 * The certificates and the private key of a PKCS#12 file. Tries an empty passphrase first, as Azure Key Vault exports it.
 * @throws LintError where it cannot be opened, or does not hold certificates and one private key
 */
export async function readP12(
  { bytes, name }: Input,
  passphraseFile: string | null,
  io: Io,
): Promise<{ certificates: Certificate[]; key: KeyObject }> {
  const shown = displayFile(name);
  let read = readPkcs12(bytes, '');
  if (read.state === 'locked') read = readPkcs12(bytes, await readPassphrase(passphraseFile, io, name));
  switch (read.state) {
    case 'locked':
      throw wrongPassphrase(name);
    case 'unreadable':
      throw new LintError(
        `${shown} is not a readable PKCS#12 file: ${escapeUnsafe(read.reason)}`,
        'Name a .p12 or .pfx file; PEM and DER files go with --cert and --key.',
      );
    case 'unsupported':
      throw new LintError(
        `${shown} uses ${escapeUnsafe(read.algorithm)}, which is not supported`,
        'Convert it with OpenSSL 3, and name the result with --p12:\n  openssl pkcs12 -legacy -in my-cert.p12 -nodes | openssl pkcs12 -export -out my-cert.converted.p12',
      );
    default: {
      const [key, ...others] = read.keys;
      if (key === undefined || others.length > 0 || read.certificates.length === 0) {
        const what =
          key === undefined
            ? 'no private key'
            : others.length > 0
              ? 'more than one private key'
              : 'no certificate';
        throw new LintError(
          `${shown} holds ${what}`,
          'Export it again, with the certificate and its private key.',
        );
      }
      const certificates = read.certificates.map((der, index) =>
        parsed({ der, label: 'CERTIFICATE', line: 1 }, name, index),
      );
      return { certificates, key };
    }
  }
}

function holdsNo(what: string, name: string, format: LooseFormat): LintError {
  const [reason, help] = FORMATS[format];
  return new LintError(`${displayFile(name)} holds no ${what}: ${reason}`, help);
}

function wrongPassphrase(name: string): LintError {
  return new LintError(
    `the passphrase does not open ${displayFile(name)}`,
    'Check it, then run the command again.',
  );
}
