import type { PemBlock } from './pem-block.ts';

const CERTIFICATE_LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/** Whether OpenSSL loads a block of this label as a certificate. */
export function isCertificateBlock({ label }: PemBlock): boolean {
  return CERTIFICATE_LABELS.has(label);
}

/** Whether a block holds a private key of whatever kind. */
export function isPrivateKeyBlock({ label }: PemBlock): boolean {
  return label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY');
}
