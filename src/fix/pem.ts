import { decodeStrict } from '../x509/base64.ts';
import { isCertificateBlock } from '../x509/blocks.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readPem } from '../x509/pem.ts';
import type { PemBlock } from '../x509/pem-block.ts';
import type { DeedKind } from './applied-fix.ts';
import { pemText } from './pem-text.ts';

/** The blocks of a file, and what had to be put right to read them. */
export interface MendedPem {
  blocks: readonly PemBlock[];
  applied: readonly DeedKind[];
}

/**
 * The PEM blocks of a file, also where OpenSSL reads them only after one of the mistakes that have one right answer:
 * joined boundaries, CR or written-out line ends, everything on one line, indentation, UTF-16, DER.
 * @returns null where there is no telling what the file should be
 */
export function mendPem(bytes: Buffer): MendedPem | null {
  const { blocks, problem, noise } = readPem(bytes);
  if (problem === null) {
    const applied = noise.map(({ kind }): DeedKind => (kind === 'label' ? 'pem-labels' : 'pem-text'));
    return { blocks, applied: [...new Set(applied)] };
  }
  if (problem.kind === 'missing') return mendForeign(bytes, problem.format);
  const rebuilt = rebuild(bytes.toString('latin1'));
  return rebuilt && { blocks: rebuilt, applied: ['pem-layout'] };
}

function mendForeign(bytes: Buffer, format: string): MendedPem | null {
  if (format === 'der-certificate') {
    return { blocks: readPem(Buffer.from(pemText('CERTIFICATE', bytes))).blocks, applied: ['pem-from-der'] };
  }
  if (format !== 'utf16') return null;
  const isBigEndian = bytes[0] === 0xfe || bytes[0] === 0;
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = (isBigEndian ? Buffer.from(even).swap16() : even).toString('utf16le').replace(/^\ufeff/, '');
  const fixed = mendPem(Buffer.from(text, 'utf8'));
  return fixed && { ...fixed, applied: [...new Set<DeedKind>(['pem-layout', ...fixed.applied])] };
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END ([A-Z0-9 ]+)-----/g;

/** Takes every block by its boundaries alone; null where anything is left over that may have been part of one. */
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
  const { blocks, problem } = readPem(Buffer.from(pems.join('')));
  return problem === null && blocks.every(isReadable) ? blocks : null;
}

function isReadable(block: PemBlock): boolean {
  return !isCertificateBlock(block) || readCertificate(block, 0).ok;
}
