import { blockOfKeyDer, isPkcs7Block } from '../fix/loose-files.ts';
import { pemText } from '../fix/pem-text.ts';
import { readBase64 } from '../x509/base64.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/blocks.ts';
import { type ForeignFormat, foreignFormat } from '../x509/foreign-format.ts';
import { readPem } from '../x509/pem.ts';
import type { PemBlock } from '../x509/pem-block.ts';
import { certificatesOfPkcs7 } from '../x509/pkcs7.ts';

/** A file that is no values file. */
export type LooseFile =
  /** Certificates and a private key, each as PEM, one character a byte (latin1); null where there are none. */
  | { kind: 'parts'; crt: string | null; key: string | null }
  /** PEM in which there is neither; with the labels of its blocks. */
  | { kind: 'other-pem'; blocks: readonly { label: string }[] }
  | { kind: 'foreign'; format: ForeignFormat };

/** Keys of a values file; the text that `openssl x509 -text` puts before a certificate begins with a capital letter. */
const VALUES_KEY = /^[ \t]*(certificate|tls|crt|key|existing_cert)[ \t]*:/m;
const NO_BASE64 = /[^A-Za-z0-9+/=_\s-]/;
/** Shorter texts are nobody's certificate. */
const SHORTEST_BASE64 = 64;

/**
 * Recognizes a file by what it is: PEM, DER of a certificate, a key or PKCS#7, the base64 of one of them, or another
 * format that holds keys and certificates. Never throws.
 * @returns null where it is none of these, and so may be a values file
 */
export function readLooseFile(bytes: Buffer): LooseFile | null {
  const text = bytes.toString('latin1');
  const begin = text.search(/^(\xef\xbb\xbf)?-----BEGIN /m);
  if (begin >= 0) return VALUES_KEY.test(text.slice(0, begin)) ? null : partsOfPem(bytes, text);
  if (text.length >= SHORTEST_BASE64 && !NO_BASE64.test(text)) {
    const { bytes: inner, problem } = readBase64(text.trim());
    // Half a boundary of PEM is no base64, and would come back as it is.
    if (problem?.kind !== 'not-encoded') return inner && readLooseFile(inner);
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

/** Where all is as it should be the whole text is the certificate's part, so that lines count as in the file. */
function partsOfPem(bytes: Buffer, text: string): LooseFile {
  const { blocks, problem } = readPem(bytes);
  const key = blocks.find(isPrivateKeyBlock)?.text ?? null;
  if (blocks.some(isPkcs7Block)) return { kind: 'parts', crt: withoutPkcs7(blocks), key };
  const hasCertificates = problem !== null || blocks.some(isCertificateBlock);
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
