import * as asn1js from 'asn1js';
import { pemBlock } from './pki.ts';

/**
 * An encrypted private key as PEM, of this many rounds of PBKDF2 with SHA-1 (RFC 8018, appendix A.2); what it holds is no
 * key.
 */
export function encryptedKey(rounds: number): string {
  const oid = (value: string) => new asn1js.ObjectIdentifier({ value });
  const octets = (length: number) => new asn1js.OctetString({ valueHex: Buffer.alloc(length) });
  const sequence = (...value: asn1js.BaseBlock[]) => new asn1js.Sequence({ value });
  const derivation = sequence(
    oid('1.2.840.113549.1.5.12'),
    sequence(octets(8), new asn1js.Integer({ value: rounds })),
  );
  const cipher = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(16));
  const algorithm = sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, cipher));
  const der = Buffer.from(sequence(algorithm, octets(64)).toBER());
  return pemBlock('ENCRYPTED PRIVATE KEY', der);
}
