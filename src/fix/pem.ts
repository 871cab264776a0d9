import { isUtf8 } from 'node:buffer';
import { decodeStrict } from '../x509/base64.ts';
import { readCertificate } from '../x509/certificate.ts';
import { foreignFormat } from '../x509/foreign-format.ts';
import type { ForeignFormat } from '../x509/format-names.ts';
import { readPem } from '../x509/pem.ts';
import { type PemBlock, pemText } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { readPrivateKey } from '../x509/private-key.ts';
import { withoutInvisible } from './base64.ts';

/** Loading a private key takes time; a file with more has no right answer anyway. */
export const MOST_KEYS = 10;

/** What can be fixed in a file's PEM. */
export type PemFix = 'pem-from-der' | 'pem-layout' | 'pem-text' | 'pem-labels' | 'pem-wrapper' | 'key-label';

/** The blocks of a file, and what had to be fixed to read them. */
export interface FixedPem {
  blocks: readonly PemBlock[];
  applied: readonly PemFix[];
}

/**
 * Reads the PEM blocks of a file, also where OpenSSL does not because of a mistake that has one right answer: joined or
 * damaged boundaries, CR or escaped line breaks, everything on one line, blank lines, indentation, invisible characters,
 * an END that is missing after a whole body, UTF-16, DER, the wrapper that `certutil -encode` puts around a file.
 * @returns null where the file has no one right answer
 */
export function fixPem(bytes: Buffer): FixedPem | null {
  const read = fixLayout(bytes);
  if (read === null) return null;
  const areFew = read.blocks.filter(isPrivateKeyBlock).length <= MOST_KEYS;
  const inner = read.blocks.map((block) => unwrapped(block) ?? (areFew ? relabelled(block) : null));
  const blocks = read.blocks.flatMap((block, index) => inner[index]?.blocks ?? [block]);
  const applied = inner.flatMap((each) => each?.applied ?? []);
  if (read.applied.includes('pem-layout') && !blocks.every(isWhole)) return null;
  return { blocks, applied: [...new Set<PemFix>([...read.applied, ...applied])] };
}

function fixLayout(bytes: Buffer): FixedPem | null {
  const { blocks, diagnostic, noise } = readPem(bytes);
  if (diagnostic === null) {
    const applied = noise.map(({ kind }): PemFix => (kind === 'label' ? 'pem-labels' : 'pem-text'));
    return { blocks, applied: [...new Set(applied)] };
  }
  if (diagnostic.kind === 'missing') return fixForeign(bytes, diagnostic.format);
  const rebuilt = rebuild(isUtf8(bytes) ? bytes.toString() : bytes.toString('latin1'));
  return rebuilt && { blocks: rebuilt, applied: ['pem-layout'] };
}

function fixForeign(bytes: Buffer, format: ForeignFormat): FixedPem | null {
  if (format !== 'utf16') return fixDer(bytes);
  const isBigEndian = bytes[0] === 0xfe || bytes[0] === 0;
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = (isBigEndian ? Buffer.from(even).swap16() : even).toString('utf16le').replace(/^\ufeff/, '');
  const fixed = fixLayout(Buffer.from(text, 'utf8'));
  return fixed && { ...fixed, applied: [...new Set<PemFix>(['pem-layout', ...fixed.applied])] };
}

/** Certificates one after the other, or one private key. */
function fixDer(bytes: Buffer): FixedPem | null {
  const parts = derParts(bytes);
  if (parts === null) return null;
  const formats = parts.map(foreignFormat);
  if (formats.every((format) => format === 'der-certificate')) {
    const pem = parts.map((der) => pemText('CERTIFICATE', der)).join('');
    return { blocks: readPem(Buffer.from(pem)).blocks, applied: ['pem-from-der'] };
  }
  const key = parts.length === 1 ? blockOfKeyDer(parts[0] as Buffer) : null;
  return key && { blocks: [key], applied: ['pem-from-der'] };
}

/** DER values that fill the bytes (X.690 section 8.1), a line break at the end aside; null for anything else. */
function derParts(bytes: Buffer): Buffer[] | null {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (parts.length > 0 && bytes.subarray(at).every((byte) => byte === 0x0a || byte === 0x0d)) break;
    const length = derLength(bytes.subarray(at));
    if (length === null || at + length > bytes.length) return null;
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts.length > 0 ? parts : null;
}

/** The length of a SEQUENCE with its header; null where the bytes do not begin with one. */
function derLength(bytes: Buffer): number | null {
  const [tag, first = 0x80] = bytes;
  if (tag !== 0x30) return null;
  if (first < 0x80) return 2 + first;
  const size = first - 0x80;
  if (size < 1 || size > 4 || bytes.length < 2 + size) return null;
  return 2 + size + bytes.readUIntBE(2, size);
}

/** The PEM labels of private keys; the first with which OpenSSL loads the DER is right. */
const KEY_LABELS = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'];

/** A private key in DER as a PEM block; null where the bytes do not look like one. */
function blockOfKeyDer(bytes: Buffer): PemBlock | null {
  if (foreignFormat(bytes) !== 'der-private-key') return null;
  const candidates = KEY_LABELS.flatMap((label) => readPem(Buffer.from(pemText(label, bytes))).blocks);
  const isLoaded = (block: PemBlock): boolean => readPrivateKey(block, null).state !== 'unreadable';
  return candidates.find(isLoaded) ?? candidates[0] ?? null;
}

/**
 * What is inside a CERTIFICATE block that holds no certificate: `certutil -encode` writes one around whatever file it is
 * given.
 */
function unwrapped(block: PemBlock): FixedPem | null {
  if (!isCertificateBlock(block) || readCertificate(block, 0).ok) return null;
  const key = blockOfKeyDer(block.der);
  const inner = block.der.includes('-----BEGIN ')
    ? fixLayout(block.der)
    : key && { blocks: [key], applied: [] };
  return inner && { blocks: inner.blocks, applied: ['pem-wrapper', ...inner.applied] };
}

/** A private key whose label names another container, so that OpenSSL does not load it. */
function relabelled(block: PemBlock): FixedPem | null {
  if (!isPrivateKeyBlock(block) || block.encrypted) return null;
  if (readPrivateKey(block, null).state !== 'unreadable') return null;
  const right = blockOfKeyDer(block.der);
  const isLoaded = right !== null && readPrivateKey(right, null).state !== 'unreadable';
  return isLoaded ? { blocks: [right], applied: ['key-label'] } : null;
}

/** In a damaged file: whether a block can be read to its end, so that nothing is missing in it. */
function isWhole(block: PemBlock): boolean {
  if (block.encrypted) return readPrivateKey(block, null).state === 'locked';
  if (derLength(block.der) !== block.der.length) return false;
  if (isCertificateBlock(block)) return readCertificate(block, 0).ok;
  return !isPrivateKeyBlock(block) || readPrivateKey(block, null).state !== 'unreadable';
}

const BEGIN = '-{1,12} ?BEGIN ([A-Z0-9 ]+?) ?-{1,12}';
/** Of a private key encrypted as in RFC 1421; an empty line has to follow it. */
const HEADER = '(\\s{0,9}Proc-Type: ?4, ?ENCRYPTED\\s{1,9}DEK-Info: ?[A-Z0-9-]{1,30},[0-9A-F]{1,64}\\s)?';
/** Of the hyphens between two boundaries on one line five are the first one's. */
const END = '-{1,12} ?END(?: ([A-Z0-9 ]*))?(?:-{1,20}(?![-\\s]*BEGIN)|-{0,5})';
/**
 * Where an END is missing, a block ends at the next one or at the end of the text. A body is taken whole (`\3`), so that the
 * search stays linear.
 */
const BLOCK = new RegExp(
  `${BEGIN}${HEADER}(?=([^-]*))\\3(?:${END}|(?=-{1,12} ?BEGIN )|-{0,12}(?:EN?)?\\s*$)`,
  'g',
);
/** Hyphens that word processors put in place of `-`. */
const DASHES = /[\u2010-\u2015\u2212]/g;

/** Takes every block by its boundaries alone; null where anything else may have been part of one. */
function rebuild(text: string): PemBlock[] | null {
  const plain = withoutInvisible(text)
    .replace(DASHES, '-')
    .replace(/\\r\\n|\\[nr]/g, '\n');
  const pems: string[] = [];
  for (const [, label = '', header, body = '', endLabel = ''] of plain.matchAll(BLOCK)) {
    const der = decodeStrict(body.replace(/\s+/g, ''));
    if (der === null || der.length === 0 || !label.startsWith(endLabel.trimEnd())) return null;
    // Ciphertext does not say where it ends.
    if (header !== undefined && label !== endLabel) return null;
    const fields = header?.trim().replace(/(?<!\s)\s+(?=DEK)/, '\n');
    pems.push(pemText(label, der).replace('\n', fields === undefined ? '\n' : `\n${fields}\n\n`));
  }
  const rest = plain.replace(BLOCK, '\n');
  if (pems.length === 0 || /--|BEGIN|END|[A-Za-z0-9+/=]{32}/.test(rest)) return null;
  const { blocks, diagnostic } = readPem(Buffer.from(pems.join('')));
  return diagnostic === null ? blocks : null;
}
