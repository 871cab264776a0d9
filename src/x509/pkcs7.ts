import { Asn1Error, children, decodeAsn1, encodedBytes, isTagged, isUniversal, oidOf } from './asn1.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const SEQUENCE = 16;

/**
 * The certificates of a PKCS#7 or CMS file (SignedData, RFC 5652 section 5.1), such as Windows exports as `.p7b`.
 * @returns the DER of each, in the file's order; null where the bytes are not such a file
 */
export function certificatesOfPkcs7(bytes: Buffer): Buffer[] | null {
  try {
    const [type, content] = children(decodeAsn1(bytes));
    if (oidOf(type) !== SIGNED_DATA) return null;
    const [signedData] = children(content);
    const certificates = children(signedData).find((node) => isTagged(node, 0));
    if (certificates === undefined) return [];
    // An X.509 certificate is a SEQUENCE; other kinds have tags of their own.
    return children(certificates)
      .filter((node) => isUniversal(node, SEQUENCE))
      .map(encodedBytes);
  } catch (error) {
    if (error instanceof Asn1Error) return null;
    throw error;
  }
}
