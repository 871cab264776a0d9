import { type Asn1Node, children, isTagged, oidOf } from './asn1.ts';

/** How a certificate is signed. */
export interface SignatureAlgorithm {
  /** Such as `sha256WithRSAEncryption`, or the OID in dots where it has no name here. */
  algorithm: string;
  /** `md2`, `md5`, `sha1`, `sha256` …; null where the algorithm has none of its own (Ed25519) or is unknown. */
  hash: string | null;
}

const ALGORITHMS: Readonly<Record<string, readonly [name: string, hash: string | null]>> = {
  '1.2.840.113549.1.1.2': ['md2WithRSAEncryption', 'md2'],
  '1.2.840.113549.1.1.3': ['md4WithRSAEncryption', 'md4'],
  '1.2.840.113549.1.1.4': ['md5WithRSAEncryption', 'md5'],
  '1.2.840.113549.1.1.5': ['sha1WithRSAEncryption', 'sha1'],
  '1.3.14.3.2.29': ['sha1WithRSA', 'sha1'],
  '1.2.840.113549.1.1.14': ['sha224WithRSAEncryption', 'sha224'],
  '1.2.840.113549.1.1.11': ['sha256WithRSAEncryption', 'sha256'],
  '1.2.840.113549.1.1.12': ['sha384WithRSAEncryption', 'sha384'],
  '1.2.840.113549.1.1.13': ['sha512WithRSAEncryption', 'sha512'],
  '1.2.840.10045.4.1': ['ecdsa-with-SHA1', 'sha1'],
  '1.2.840.10045.4.3.1': ['ecdsa-with-SHA224', 'sha224'],
  '1.2.840.10045.4.3.2': ['ecdsa-with-SHA256', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa-with-SHA384', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa-with-SHA512', 'sha512'],
  '1.2.840.10040.4.3': ['dsa-with-SHA1', 'sha1'],
  '2.16.840.1.101.3.4.3.1': ['dsa-with-SHA224', 'sha224'],
  '2.16.840.1.101.3.4.3.2': ['dsa-with-SHA256', 'sha256'],
  '2.16.840.1.101.3.4.3.3': ['dsa-with-SHA384', 'sha384'],
  '2.16.840.1.101.3.4.3.4': ['dsa-with-SHA512', 'sha512'],
  '1.3.101.112': ['Ed25519', null],
  '1.3.101.113': ['Ed448', null],
};

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.2': 'md2',
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.4': 'sha224',
};

/**
 * Reads an AlgorithmIdentifier of a signature (RFC 5280 section 4.1.1.2; RFC 4055, RFC 5758, RFC 8410).
 * @throws Asn1Error where it has not that shape
 */
export function readSignatureAlgorithm(node: Asn1Node | undefined): SignatureAlgorithm {
  const [idNode, parameters] = children(node);
  const id = oidOf(idNode);
  if (id === RSASSA_PSS) return { algorithm: 'RSASSA-PSS', hash: pssHash(parameters) };
  const [algorithm, hash] = ALGORITHMS[id] ?? [id, null];
  return { algorithm, hash };
}

/** RFC 4055 section 3.1: hashAlgorithm stands under [0], and is SHA-1 where it is left out. */
function pssHash(parameters: Asn1Node | undefined): string | null {
  const tagged = children(parameters).find((field) => isTagged(field, 0));
  if (!tagged) return 'sha1';
  return HASHES[oidOf(children(children(tagged)[0])[0])] ?? null;
}
