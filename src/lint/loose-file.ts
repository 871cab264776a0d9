import { type Contents, contentsOf, contentsOfBytes } from '../rules/shared/contents.ts';
import type { SyntaxDiagnostic } from '../values/values.ts';
import { FORMAT_NAMES } from '../x509/format-names.ts';

const NAMES: Readonly<Record<Contents, string>> = {
  certificate: 'a certificate',
  'private key': 'a private key',
  both: 'a certificate with its private key',
  pkcs12: FORMAT_NAMES.pkcs12,
  pkcs7: FORMAT_NAMES.pkcs7,
  jks: FORMAT_NAMES.jks,
};

/** How `encode` takes each. */
const TAKEN: Readonly<Record<Contents, string>> = {
  certificate: 'give it to encode with --cert',
  'private key': 'give it to encode with --key',
  both: 'give it to encode with --cert and --key',
  pkcs12: 'give it to encode with --p12',
  pkcs7: 'give it to encode with --cert',
  jks: 'convert it to PKCS#12 with keytool -importkeystore, give that to encode with --p12',
};

/** What stands before the first block where a program wrote the file. */
const START = /^\ufeff?\s*(?:-----BEGIN |Bag Attributes\s|Certificate:\s+Data:\s|(?:subject|issuer)\s*=)/;
const MOST_LOOKED_AT = 2 ** 21;

/**
 * What is wrong with a file that is no values file, but a certificate, a private key or a bundle of them.
 * @param diagnostic why it cannot be read as values
 * @returns a diagnostic that says so; the given one for any other file
 */
export function namingLooseFile(bytes: Buffer, diagnostic: SyntaxDiagnostic): SyntaxDiagnostic {
  const contents = contentsOfFile(bytes.subarray(0, MOST_LOOKED_AT));
  if (contents === null) return diagnostic;
  const start = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    reason: `this is ${NAMES[contents]}, not a values file`,
    help: `Name a values file here. To put this into one, ${TAKEN[contents]}, and name that file with --write; inspect shows what is in it.`,
    location: { ...diagnostic.location, ...start },
    byHelm: true,
  };
}

function contentsOfFile(bytes: Buffer): Contents | null {
  const isWide = bytes.subarray(0, 64).includes(0) && bytes.includes(Buffer.from('-----BEGIN ', 'utf16le'));
  const text = bytes.toString(isWide ? 'utf16le' : 'utf8');
  if (START.test(text)) return contentsOfBytes(Buffer.from(text, 'utf8'));
  // Base64 alone, or binary: DER, or a Java keystore.
  if (/^[\s\w+/=-]+$/.test(text)) return contentsOf(text);
  return bytes[0] === 0x30 || bytes[0] === 0xfe ? contentsOfBytes(bytes.subarray(0, 32)) : null;
}
