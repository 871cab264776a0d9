import * as asn1js from 'asn1js';
import { type Asn1, constructed, decoded, encoded, oid, sequence } from './asn1.ts';

/** A SignedData without signatures (RFC 5652 section 5.1), as `openssl crl2pkcs7` and Windows make it. */
export function signedData(choices: Asn1[] | null, indefinite = false): Buffer {
  const certificates = choices && constructed(0, choices);
  const fields = [
    new asn1js.Integer({ value: 1 }),
    new asn1js.Set({ value: [] }),
    sequence([oid('1.2.840.113549.1.7.1')]),
    ...(certificates ? [certificates] : []),
    new asn1js.Set({ value: [] }),
  ];
  const signed = sequence(fields);
  const content = constructed(0, [signed]);
  const whole = sequence([oid('1.2.840.113549.1.7.2'), content]);
  if (indefinite) {
    for (const node of [whole, content, signed, ...(certificates ? [certificates] : [])]) {
      node.lenBlock.isIndefiniteForm = true;
    }
  }
  return encoded(whole);
}

/** One that holds certificates alone, in this order. */
export function pkcs7(...certificates: readonly { der: Buffer }[]): Buffer {
  return signedData(certificates.map(({ der }) => decoded(der)));
}
