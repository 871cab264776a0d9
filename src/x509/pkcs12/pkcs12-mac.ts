import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Asn1Node, children } from '../asn1.ts';
import { octetsOf } from './octets.ts';
import type { PassphraseForm } from './passphrase-forms.ts';
import { algorithmOf, derivePbkdf2, digestOf, hmacOf, iterationsOf } from './password-algorithms.ts';
import type { Effort } from './password-effort.ts';
import { DIGEST_BYTES, type Digest, derivePkcs12, MAC } from './pkcs12-key.ts';

/** RFC 9579 section 4. */
const PBMAC1 = '1.2.840.113549.1.5.14';

/**
 * Whether a file's MacData fits its content and a passphrase (RFC 7292 section 4 and appendix B.4; RFC 9579).
 * @param macData the node of MacData
 * @param content the bytes that are authenticated
 * @throws Asn1Error where it has not the shape of one, UnsupportedError, CostlyError
 */
export function macFits(macData: Asn1Node, content: Buffer, form: PassphraseForm, effort: Effort): boolean {
  const [digestInfo, salt, iterations] = children(macData);
  const [algorithm, value] = children(digestInfo);
  const expected = octetsOf(value);
  const { id, parameters } = algorithmOf(algorithm);
  if (id === PBMAC1) {
    const [derivation, scheme] = children(parameters);
    const digest = hmacOf(scheme);
    return isMac(digest, derivePbkdf2(derivation, form.bytes, null, effort), content, expected);
  }
  const digest = digestOf(algorithm);
  const start = {
    digest,
    salt: octetsOf(salt),
    iterations: iterations ? iterationsOf(iterations) : 1,
  };
  return isMac(digest, derivePkcs12(start, form.utf16, MAC, DIGEST_BYTES[digest], effort), content, expected);
}

function isMac(digest: Digest, key: Buffer, content: Buffer, expected: Buffer): boolean {
  const mac = createHmac(digest, key).update(content).digest();
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}
