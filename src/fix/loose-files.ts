import { createPrivateKey, type KeyObject } from 'node:crypto';
import { foreignFormat } from '../x509/foreign-format.ts';
import type { ForeignFormat } from '../x509/format-names.ts';
import type { PemBlock } from '../x509/pem-block.ts';
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
 * boundaries are damaged in a way that has one right answer; DER; PKCS#7 in PEM or DER. Never throws.
 */
export function readCertificates(bytes: Buffer): CertificatesReading {
  const pem = fixPem(bytes);
  if (pem === null) {
    const format = formatOf(bytes);
    const found = format === 'pkcs7' ? (certificatesOfPkcs7(bytes) ?? []) : [];
    return found.length > 0 ? { ok: true, certificates: found.map(loose) } : { ok: false, format };
  }
  const certificates = pem.blocks.flatMap((block) => {
    // Some CAs send PKCS#7 under the label of a certificate.
    const bundled = isPkcs7Block(block) || isCertificateBlock(block) ? certificatesOfPkcs7(block.der) : null;
    if (bundled !== null) return bundled.map(loose);
    return isCertificateBlock(block) ? [block] : [];
  });
  return certificates.length > 0
    ? { ok: true, certificates }
    : { ok: false, format: formatOfBlocks(pem.blocks) };
}

/**
 * Reads the private key of a file: PEM (PKCS#1, PKCS#8, SEC1, whatever OpenSSL loads), with or without certificates or
 * text beside it, or DER; encrypted or not. Never throws.
 * @param passphrase used only for an encrypted private key; null for none
 */
export function readKey(bytes: Buffer, passphrase: string | null): KeyReading {
  const pem = fixPem(bytes);
  const blocks = pem?.blocks ?? [];
  const [block, ...others] = withoutCopies(blocks.filter(isPrivateKeyBlock));
  if (block === undefined) {
    return { state: 'missing', format: pem ? formatOfBlocks(blocks) : formatOf(bytes) };
  }
  if (others.length > 0) return { state: 'several' };
  return open(block, passphrase);
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

function loose(der: Buffer): LooseCertificate {
  return { der, label: 'CERTIFICATE', line: 1 };
}

/** Whether the label of a block says PKCS#7. */
export function isPkcs7Block({ label }: PemBlock): boolean {
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
