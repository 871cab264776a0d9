import { readBase64 } from '../../x509/base64.ts';
import { foreignFormat } from '../../x509/foreign-format.ts';

/** Shorter text is neither a certificate nor a private key. */
const SHORTEST = 64;
const MOST_LOOKED_AT = 2 ** 21;

/** What a value is by its content, wherever it is: a certificate (or several), a private key, both, or a bundle. */
export type Contents = 'certificate' | 'private key' | 'both' | 'bundle';

/**
 * Recognizes certificates and private keys in a value: PEM, DER, PKCS#12 or PKCS#7, encoded or not.
 * @returns null for anything else
 */
export function contentsOf(value: unknown): Contents | null {
  if (typeof value !== 'string' || value.length < SHORTEST || value.length > MOST_LOOKED_AT) return null;
  const { bytes } = readBase64(value);
  return bytes && contentsOfBytes(bytes);
}

/** The same of a file's bytes, PEM or not. */
function contentsOfBytes(bytes: Buffer): Contents | null {
  const text = bytes.toString('latin1');
  const hasCertificate = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(text);
  const hasKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(text);
  if (hasCertificate) return hasKey ? 'both' : 'certificate';
  if (hasKey) return 'private key';
  if (text.includes('-----BEGIN PKCS7-----')) return 'bundle';
  const format = foreignFormat(bytes);
  if (format === 'der-certificate') return 'certificate';
  if (format === 'der-private-key') return 'private key';
  return format === 'pkcs12' || format === 'pkcs7' || format === 'jks' ? 'bundle' : null;
}
