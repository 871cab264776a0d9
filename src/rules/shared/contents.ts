import type { PemBlock } from '../../x509/pem-block.ts';

/** Shorter text is neither a certificate nor a private key. */
const SHORTEST = 64;
const MOST_LOOKED_AT = 2 ** 21;
const MOST_TIMES = 3;

/** What a value is by its content, wherever it is: a certificate (or several), a private key, both, or a bundle. */
export type Contents = 'certificate' | 'private key' | 'both' | Bundle;
type Bundle = 'pkcs12' | 'pkcs7' | 'jks';

/**
 * Recognizes certificates and private keys in a value: PEM, DER, PKCS#12, PKCS#7 or JKS, encoded or not. A look is
 * enough here, so that the code that reads them is not loaded.
 * @returns null for anything else
 */
export function contentsOf(value: unknown): Contents | null {
  if (typeof value !== 'string' || value.length < SHORTEST || value.length > MOST_LOOKED_AT) return null;
  let text = value;
  for (let times = 0; times < MOST_TIMES; times += 1) {
    const bytes = text.includes('-----BEGIN') ? Buffer.from(text, 'latin1') : decoded(text);
    if (bytes === null) return null;
    const contents = contentsOfBytes(bytes);
    if (contents !== null) return contents;
    text = bytes.toString('latin1');
  }
  return null;
}

/** Text of nothing but the base64 alphabet and white space; what was copied with it at its end does not matter. */
function decoded(text: string): Buffer | null {
  return /^[\sA-Za-z0-9+/_=-]{48}/.test(text) ? Buffer.from(text, 'base64') : null;
}

/** The same of bytes. */
export function contentsOfBytes(bytes: Buffer): Contents | null {
  const text = bytes.toString('latin1');
  const hasCertificate = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(text);
  const hasKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(text);
  if (hasCertificate) return hasKey ? 'both' : 'certificate';
  if (hasKey) return 'private key';
  if (text.includes('-----BEGIN PKCS7-----')) return 'pkcs7';
  return contentsOfDer(bytes.toString('hex', 0, LONGEST_HEAD));
}

const LONGEST_HEAD = 32;

/** How each begins: RFC 5280 section 4.1, RFC 5208, RFC 8017 appendix A.1.2, RFC 5915, RFC 7292 section 4, RFC 2315. */
function contentsOfDer(hex: string): Contents | null {
  if (hex.startsWith('feedfeed')) return 'jks';
  const inside = /^30(?:[0-7].|80|81..|82.{4}|83.{6})(.*)$/.exec(hex)?.[1] ?? '';
  if (/^30(?:81..|82.{4}|83.{6})(?:a003)?02/.test(inside)) return 'certificate';
  if (inside.startsWith('02010330')) return 'pkcs12';
  if (/^0201(?:0030|0002|0130|0104)/.test(inside)) return 'private key';
  return /^06092a864886f70d010702/.test(inside) ? 'pkcs7' : null;
}

/** What is in a PEM block under a label that is not its own. */
export type Wrapped = 'pem' | 'private key' | 'pkcs7' | 'pkcs12';

/**
 * What a block labelled CERTIFICATE holds where that is another format, as `certutil -encode` makes of any file.
 * @returns null for a certificate, and for what is not recognized
 */
export function wrappedIn({ der }: PemBlock): Wrapped | null {
  if (der.includes('-----BEGIN ')) return 'pem';
  const contents = contentsOfBytes(der);
  return contents === 'private key' || contents === 'pkcs7' || contents === 'pkcs12' ? contents : null;
}
