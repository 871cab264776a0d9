import { decodeStrict } from '../x509/base64.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readPem } from '../x509/pem.ts';
import { type PemBlock, pemText } from '../x509/pem-block.ts';
import { isCertificateBlock } from '../x509/pem-label.ts';

/** What can be fixed in a file's PEM. */
export type PemFix = 'pem-from-der' | 'pem-layout' | 'pem-text' | 'pem-labels';

/** The blocks of a file, and what had to be fixed to read them. */
export interface FixedPem {
  blocks: readonly PemBlock[];
  applied: readonly PemFix[];
}

/**
 * Reads the PEM blocks of a file, also where OpenSSL does not because of a mistake that has one right answer: joined
 * boundaries, CR or escaped line breaks, everything on one line, indentation, UTF-16, DER.
 * @returns null where the file has no one right answer
 */
export function fixPem(bytes: Buffer): FixedPem | null {
  const { blocks, diagnostic, noise } = readPem(bytes);
  if (diagnostic === null) {
    const applied = noise.map(({ kind }): PemFix => (kind === 'label' ? 'pem-labels' : 'pem-text'));
    return { blocks, applied: [...new Set(applied)] };
  }
  if (diagnostic.kind === 'missing') return fixForeign(bytes, diagnostic.format);
  const rebuilt = rebuild(bytes.toString('latin1'));
  return rebuilt && { blocks: rebuilt, applied: ['pem-layout'] };
}

function fixForeign(bytes: Buffer, format: string): FixedPem | null {
  if (format === 'der-certificate') {
    return { blocks: readPem(Buffer.from(pemText('CERTIFICATE', bytes))).blocks, applied: ['pem-from-der'] };
  }
  if (format !== 'utf16') return null;
  const isBigEndian = bytes[0] === 0xfe || bytes[0] === 0;
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = (isBigEndian ? Buffer.from(even).swap16() : even).toString('utf16le').replace(/^\ufeff/, '');
  const fixed = fixPem(Buffer.from(text, 'utf8'));
  return fixed && { ...fixed, applied: [...new Set<PemFix>(['pem-layout', ...fixed.applied])] };
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END ([A-Z0-9 ]+)-----/g;

/** Takes every block by its boundaries alone; null where anything else may have been part of one. */
function rebuild(text: string): PemBlock[] | null {
  const plain = text.replace(/\\r\\n|\\[nr]/g, '\n');
  const pems: string[] = [];
  for (const [, label = '', body = '', endLabel] of plain.matchAll(BLOCK)) {
    const der = decodeStrict(body.replace(/\s+/g, ''));
    if (der === null || der.length === 0 || label !== endLabel) return null;
    pems.push(pemText(label, der));
  }
  const rest = plain.replace(BLOCK, '\n');
  if (pems.length === 0 || /--|BEGIN|END|[A-Za-z0-9+/=]{32}/.test(rest)) return null;
  const { blocks, diagnostic } = readPem(Buffer.from(pems.join('')));
  return diagnostic === null && blocks.every(isReadable) ? blocks : null;
}

function isReadable(block: PemBlock): boolean {
  return !isCertificateBlock(block) || readCertificate(block, 0).ok;
}
