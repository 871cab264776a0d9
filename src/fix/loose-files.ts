import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readBase64 } from '../x509/base64.ts';
import { foreignFormat } from '../x509/foreign-format.ts';
import type { ForeignFormat } from '../x509/format-names.ts';
import { type PemBlock, pemText } from '../x509/pem-block.ts';
import { isCertificateBlock, isPrivateKeyBlock } from '../x509/pem-label.ts';
import { certificatesOfPkcs7 } from '../x509/pkcs7.ts';
import { type KeyContainer, keyDerivation, readPrivateKey } from '../x509/private-key.ts';
import { fixPem } from './pem.ts';

/** A certificate of a file, before it is parsed. */
export interface LooseCertificate {
  der: Buffer;
  label: string;
  /** The line of its BEGIN, from 1; 1 where the file is not PEM. */
  line: number;
}

/** What a file is instead. */
export type LooseFormat = ForeignFormat | 'certificate' | 'private-key' | 'request' | 'damaged' | 'other';

export type CertificatesReading =
  | { ok: true; certificates: readonly LooseCertificate[] }
  | { ok: false; format: LooseFormat };

export type KeyReading =
  | { state: 'opened'; key: KeyObject; container: KeyContainer }
  /** It needs a passphrase and none was given, or the given one does not open it. */
  | { state: 'locked' | 'wrong-passphrase' }
  /** Its encryption is one that OpenSSL no longer supports, or too costly to try. */
  | { state: 'unsupported' }
  | { state: 'unreadable'; container: KeyContainer }
  | { state: 'several' }
  | { state: 'missing'; format: LooseFormat };

/**
 * Reads the certificates of a file: PEM, with or without a private key or text beside them, also where its line breaks or
 * boundaries are damaged in a way that has one right answer; DER; PKCS#7 in PEM or DER, also under the label of a
 * certificate; base64 of any of these, and what `certutil -encode` makes of them. Never throws.
 */
export function readCertificates(bytes: Buffer): CertificatesReading {
  const { blocks, format } = unwrap(bytes);
  const certificates = blocks.filter(isCertificateBlock);
  return certificates.length > 0 ? { ok: true, certificates } : { ok: false, format };
}

/**
 * Reads the private key of a file: PEM (PKCS#1, PKCS#8, SEC1, whatever OpenSSL loads), with or without certificates or
 * text beside it, or DER; encrypted or not; in base64, or wrapped by `certutil -encode`. Never throws.
 * @param passphrase used only for an encrypted private key; null for none
 */
export function readKey(bytes: Buffer, passphrase: string | null): KeyReading {
  const { blocks, format } = unwrap(bytes);
  const [block, ...others] = withoutCopies(blocks.filter(isPrivateKeyBlock));
  if (block === undefined) return { state: 'missing', format };
  if (others.length > 0) return { state: 'several' };
  return open(block, passphrase);
}

/** A PKCS#12 file in DER: as it is, in base64, or wrapped by `certutil -encode`; null where it is none. */
export function readPkcs12File(bytes: Buffer): Buffer | null {
  return unwrap(bytes).pkcs12;
}

/** The certificates and private keys of a file as PEM blocks, none twice among the keys. Never throws. */
export function readLooseBlocks(bytes: Buffer): {
  certificates: readonly PemBlock[];
  keys: readonly PemBlock[];
} {
  const { blocks } = unwrap(bytes);
  return {
    certificates: blocks.filter(isCertificateBlock),
    keys: withoutCopies(blocks.filter(isPrivateKeyBlock)),
  };
}

/** The PEM blocks of a file, whatever they are wrapped in. */
interface Unwrapped {
  blocks: readonly PemBlock[];
  /** What the file is where it does not hold what is wanted. */
  format: LooseFormat;
  /** The first PKCS#12 file in it. */
  pkcs12: Buffer | null;
}

/** Base64 of base64 in a wrapper is as far as people get. */
const DEEPEST = 4;
/** No certificate or key is shorter in base64. */
const SHORTEST_BASE64 = 64;
const NOT_BASE64 = /[^A-Za-z0-9+/=_\s-]/;

function unwrap(bytes: Buffer, depth = 0): Unwrapped {
  const pem = fixPem(bytes);
  if (pem === null) return unwrapForeign(bytes, depth);
  let pkcs12: Buffer | null = null;
  const blocks = pem.blocks.flatMap((block): readonly PemBlock[] => {
    if (isPrivateKeyBlock(block) || isRealCertificate(block)) return [block];
    if (!isCertificateBlock(block) && !isPkcs7Block(block) && block.label !== 'PKCS12') return [block];
    const inside = depth < DEEPEST ? unwrap(block.der, depth + 1) : null;
    pkcs12 ??= inside?.pkcs12 ?? null;
    if (inside?.pkcs12) return [];
    return inside && inside.blocks.length > 0
      ? inside.blocks.map((each) => ({ ...each, line: block.line }))
      : [block];
  });
  return { blocks, format: pkcs12 === null ? formatOfBlocks(blocks) : 'pkcs12', pkcs12 };
}

/** A file without PEM blocks that can be read. */
function unwrapForeign(bytes: Buffer, depth: number): Unwrapped {
  const format = formatOf(bytes);
  const found = (blocks: readonly PemBlock[]): Unwrapped => ({ blocks, format, pkcs12: null });
  switch (format) {
    case 'pkcs7':
      return found((certificatesOfPkcs7(bytes) ?? []).map(certificateBlock));
    case 'pkcs12':
      return { blocks: [], format, pkcs12: bytes };
    case 'unknown': {
      const inner = depth < DEEPEST ? decodedText(bytes) : null;
      return inner === null ? found([]) : unwrap(inner, depth + 1);
    }
    default:
      return found([]);
  }
}

/** The bytes of a file that is base64 text and nothing else; null for any other. */
function decodedText(bytes: Buffer): Buffer | null {
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  if (text.length < SHORTEST_BASE64 || NOT_BASE64.test(text)) return null;
  const { bytes: inner, diagnostic } = readBase64(text);
  // Half a boundary of PEM is not base64, and would be returned unchanged.
  return diagnostic?.kind === 'not-encoded' ? null : inner;
}

/** Not PKCS#7, another file, or its base64, under the label of a certificate. */
function isRealCertificate(block: PemBlock): boolean {
  return (
    isCertificateBlock(block) && block.der[0] === SEQUENCE && foreignFormat(block.der) === 'der-certificate'
  );
}

const SEQUENCE = 0x30;

function certificateBlock(der: Buffer): PemBlock {
  const label = 'CERTIFICATE';
  return { label, line: 1, endLine: 1, encrypted: false, der, text: pemText(label, der).trimEnd() };
}

function open(block: PemBlock, passphrase: string | null): KeyReading {
  const { state, container, openedWithPassphrase } = readPrivateKey(block, passphrase);
  if (state === 'locked') {
    if (passphrase === null) return { state };
    return { state: isSupported(block, passphrase) ? 'wrong-passphrase' : 'unsupported' };
  }
  if (state === 'unreadable') return { state, container };
  const key = Buffer.from(block.text, 'latin1');
  return {
    state,
    container,
    key: createPrivateKey(openedWithPassphrase ? { key, passphrase: passphrase ?? '' } : key),
  };
}

/** Whether OpenSSL supports the encryption, so that the passphrase is what is wrong. */
function isSupported(block: PemBlock, passphrase: string): boolean {
  if (keyDerivation(block.der) === 'costly') return false;
  try {
    createPrivateKey({ key: Buffer.from(block.text, 'latin1'), passphrase });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ERR_OSSL_EVP_UNSUPPORTED';
  }
}

function withoutCopies(blocks: readonly PemBlock[]): PemBlock[] {
  return blocks.filter(({ der }, at) => blocks.findIndex((other) => other.der.equals(der)) === at);
}

/** Whether the label of a block says PKCS#7. */
function isPkcs7Block({ label }: PemBlock): boolean {
  return label === 'PKCS7' || label === 'CMS' || label === 'PKCS #7 SIGNED DATA';
}

function formatOf(bytes: Buffer): LooseFormat {
  return bytes.includes('-----BEGIN ') ? 'damaged' : foreignFormat(bytes);
}

function formatOfBlocks(blocks: readonly PemBlock[]): LooseFormat {
  if (blocks.some(isPrivateKeyBlock)) return 'private-key';
  if (blocks.some(isCertificateBlock)) return 'certificate';
  if (blocks.some(({ label }) => label.endsWith('CERTIFICATE REQUEST'))) return 'request';
  return blocks.some(isPkcs7Block) ? 'pkcs7' : 'other';
}
