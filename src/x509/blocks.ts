import type { PemBlock } from './pem-block.ts';

const CERTIFICATE_LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/** Whether OpenSSL loads a block of this label as a certificate. */
export function isCertificateBlock(block: PemBlock): boolean {
  return CERTIFICATE_LABELS.has(block.label);
}

/** Whether a block holds a private key of whatever kind. */
export function isPrivateKeyBlock(block: PemBlock): boolean {
  return block.label === 'PRIVATE KEY' || block.label.endsWith(' PRIVATE KEY');
}
