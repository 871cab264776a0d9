import { blockOfKeyDer, isPkcs7Block } from '../fix/loose-files.ts';
import { escapeUnsafe, redact } from '../text/display.ts';
import { readBase64 } from '../x509/base64.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { FORMAT_NAMES, type ForeignFormat, foreignFormat } from '../x509/foreign-format.ts';
import { readMaterial } from '../x509/material.ts';
import { readPem } from '../x509/pem.ts';
import { isCertificateBlock, isPrivateKeyBlock, type PemBlock, pemText } from '../x509/pem-block.ts';
import { certificatesOfPkcs7 } from '../x509/pkcs7.ts';
import { diagnosticsOf, labelsOf, unread } from './diagnostics.ts';
import type { Found } from './inspect.ts';

const HELP = 'Get a fresh copy of the file.';

/** What to do with formats that are not opened. */
const ADVICE: Readonly<Partial<Record<ForeignFormat, string>>> = {
  pkcs12:
    'Extract the certificates, and inspect them:\n  openssl pkcs12 -in FILE -nokeys -out full-chain.pem.crt',
  jks: 'Extract the certificates, and inspect them:\n  keytool -list -rfc -keystore FILE > full-chain.pem.crt',
  utf16: 'Convert it to UTF-8, and inspect that:\n  iconv -f UTF-16 -t UTF-8 FILE > FILE.utf8',
};

/**
 * Reads a file that is not a values file but holds certificates, a key or both.
 * @param name the file's; untrusted text
 * @returns null where it may be a values file
 */
export function foundInFile(bytes: Buffer, name: string, trust: Trust): Found | null {
  const file = readLooseFile(bytes);
  if (file === null) return null;
  const called = escapeUnsafe(redact(name));
  const nothing = (message: string, help: string): Found => ({
    name,
    source: 'file',
    material: null,
    target: null,
    diagnostics: [unread(message)],
    help,
  });
  switch (file.kind) {
    case 'foreign':
      return nothing(
        `${called} is ${FORMAT_NAMES[file.format]}`,
        ADVICE[file.format] ?? 'Name a file with a certificate or a private key.',
      );
    case 'other-pem':
      return nothing(
        `${called} holds neither a certificate nor a private key, but: ${labelsOf(file.blocks)}`,
        'Name a file with -----BEGIN CERTIFICATE----- in it.',
      );
    case 'parts': {
      const material = readMaterial(encoded(file.crt), encoded(file.key), null, trust);
      const diagnostics = diagnosticsOf(material, { crt: called, key: called });
      const isLocked = material.privateKey?.state === 'locked';
      return { name, source: 'file', material, target: null, diagnostics, help: isLocked ? UNLOCK : HELP };
    }
  }
}

const UNLOCK =
  'Remove the passphrase of the key, and inspect the result:\n  openssl pkey -in FILE -out my-cert.plain.key';

function encoded(pem: string | null): string | null {
  return pem === null ? null : Buffer.from(pem, 'latin1').toString('base64');
}

/** A file that is not a values file. */
export type LooseFile =
  /** Certificates and a private key, each as PEM, one character a byte (latin1); null where there are none. */
  | { kind: 'parts'; crt: string | null; key: string | null }
  /** PEM with neither, but other blocks. */
  | { kind: 'other-pem'; blocks: readonly { label: string }[] }
  | { kind: 'foreign'; format: ForeignFormat };

/** Keys of a values file; the text that `openssl x509 -text` puts before a certificate begins with a capital letter. */
const VALUES_KEY = /^[ \t]*(certificate|tls|crt|key|existing_cert)[ \t]*:/m;
const NOT_BASE64 = /[^A-Za-z0-9+/=_\s-]/;
/** No certificate is shorter. */
const SHORTEST_BASE64 = 64;

/**
 * Recognizes a file by its content: PEM, DER of a certificate, a key or PKCS#7, base64 of one of them, or another format
 * that holds keys and certificates. Never throws.
 * @returns null where it is none of these, and so may be a values file
 */
export function readLooseFile(bytes: Buffer): LooseFile | null {
  const text = bytes.toString('latin1');
  const begin = text.search(/^(\xef\xbb\xbf)?-----BEGIN /m);
  if (begin >= 0) return VALUES_KEY.test(text.slice(0, begin)) ? null : partsOfPem(bytes, text);
  if (text.length >= SHORTEST_BASE64 && !NOT_BASE64.test(text)) {
    const { bytes: inner, diagnostic } = readBase64(text.trim());
    // Half a boundary of PEM is not base64, and would be returned unchanged.
    if (diagnostic?.kind !== 'not-encoded') return inner && readLooseFile(inner);
  }
  const format = foreignFormat(bytes);
  switch (format) {
    case 'empty':
    case 'unknown':
      return null;
    case 'der-certificate':
      return { kind: 'parts', crt: pemText('CERTIFICATE', bytes), key: null };
    case 'der-private-key':
      return { kind: 'parts', crt: null, key: blockOfKeyDer(bytes)?.text ?? null };
    case 'pkcs7': {
      const crt = pemOfPkcs7(bytes);
      return crt === '' ? { kind: 'foreign', format } : { kind: 'parts', crt, key: null };
    }
    default:
      return { kind: 'foreign', format };
  }
}

/** The certificates' part is the whole text where that can be, so that its lines are those of the file. */
function partsOfPem(bytes: Buffer, text: string): LooseFile {
  const { blocks, diagnostic } = readPem(bytes);
  const key = blocks.find(isPrivateKeyBlock)?.text ?? null;
  if (blocks.some(isPkcs7Block)) return { kind: 'parts', crt: withoutPkcs7(blocks), key };
  const hasCertificates = diagnostic !== null || blocks.some(isCertificateBlock);
  if (!hasCertificates && key === null) return { kind: 'other-pem', blocks };
  return { kind: 'parts', crt: hasCertificates ? text : null, key };
}

function withoutPkcs7(blocks: readonly PemBlock[]): string {
  return blocks
    .filter((block) => !isPrivateKeyBlock(block))
    .map((block) => (isPkcs7Block(block) ? pemOfPkcs7(block.der) : `${block.text}\n`))
    .join('');
}

function pemOfPkcs7(bytes: Buffer): string {
  return (certificatesOfPkcs7(bytes) ?? []).map((der) => pemText('CERTIFICATE', der)).join('');
}
