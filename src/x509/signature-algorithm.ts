import { type Asn1Element, contentOf, dottedOid, integerOf, readElement, sequenceOf, TAG } from './asn1.ts';

/** How a certificate is signed (RFC 5280 section 4.1.1.2). */
export interface SignatureAlgorithm {
  oid: string;
  /** Such as `sha256WithRSAEncryption`, or the OID where it has no name here. */
  algorithm: string;
  /** `md2`, `md5`, `sha1`, `sha256`, `sha3-256` …; null where the algorithm has none of its own (Ed25519) or is unknown. */
  hash: string | null;
  /** Null for other algorithms than RSASSA-PSS. */
  pss: PssParameters | null;
}

/** RSASSA-PSS-params (RFC 4055 section 3.1), with their defaults. */
export interface PssParameters {
  /** Null where it is unknown. */
  hash: string | null;
  /** The hash of MGF1; null where it, or the mask generation function, is unknown. */
  maskHash: string | null;
  saltLength: number;
  trailerField: number;
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
  '1.2.840.113549.1.1.15': ['sha512-224WithRSAEncryption', 'sha512-224'],
  '1.2.840.113549.1.1.16': ['sha512-256WithRSAEncryption', 'sha512-256'],
  '2.16.840.1.101.3.4.3.13': ['rsassa-pkcs1-v1_5-with-sha3-224', 'sha3-224'],
  '2.16.840.1.101.3.4.3.14': ['rsassa-pkcs1-v1_5-with-sha3-256', 'sha3-256'],
  '2.16.840.1.101.3.4.3.15': ['rsassa-pkcs1-v1_5-with-sha3-384', 'sha3-384'],
  '2.16.840.1.101.3.4.3.16': ['rsassa-pkcs1-v1_5-with-sha3-512', 'sha3-512'],
  '1.2.840.10045.4.1': ['ecdsa-with-SHA1', 'sha1'],
  '1.2.840.10045.4.3.1': ['ecdsa-with-SHA224', 'sha224'],
  '1.2.840.10045.4.3.2': ['ecdsa-with-SHA256', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa-with-SHA384', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa-with-SHA512', 'sha512'],
  '2.16.840.1.101.3.4.3.9': ['ecdsa-with-SHA3-224', 'sha3-224'],
  '2.16.840.1.101.3.4.3.10': ['ecdsa-with-SHA3-256', 'sha3-256'],
  '2.16.840.1.101.3.4.3.11': ['ecdsa-with-SHA3-384', 'sha3-384'],
  '2.16.840.1.101.3.4.3.12': ['ecdsa-with-SHA3-512', 'sha3-512'],
  '1.2.840.10040.4.3': ['dsa-with-SHA1', 'sha1'],
  '2.16.840.1.101.3.4.3.1': ['dsa-with-SHA224', 'sha224'],
  '2.16.840.1.101.3.4.3.2': ['dsa-with-SHA256', 'sha256'],
  '2.16.840.1.101.3.4.3.3': ['dsa-with-SHA384', 'sha384'],
  '2.16.840.1.101.3.4.3.4': ['dsa-with-SHA512', 'sha512'],
  '1.3.101.112': ['Ed25519', null],
  '1.3.101.113': ['Ed448', null],
};

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';
const HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.2': 'md2',
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.5': 'sha512-224',
  '2.16.840.1.101.3.4.2.6': 'sha512-256',
  '2.16.840.1.101.3.4.2.7': 'sha3-224',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
};

/**
 * Reads the AlgorithmIdentifier of a signature (RFC 3279, RFC 4055, RFC 5758, RFC 8410; NIST's arcs for SHA-3).
 * @throws Asn1Error where it is malformed
 */
export function readSignatureAlgorithm(element: Asn1Element): SignatureAlgorithm {
  const [id, parameters] = sequenceOf(element);
  const oid = dottedOid(id);
  if (oid === RSASSA_PSS) {
    const pss = readPss(parameters);
    return { oid, algorithm: 'RSASSA-PSS', hash: pss.hash, pss };
  }
  const [algorithm, hash] = ALGORITHMS[oid] ?? [oid, null];
  return { oid, algorithm, hash, pss: null };
}

/** What is left out has its default: SHA-1, MGF1 with SHA-1, 20, 1. */
function readPss(parameters: Asn1Element | undefined): PssParameters {
  const fields = sequenceOf(parameters);
  const field = (number: number): Asn1Element | null => {
    const tagged = fields.find(({ tag }) => tag === (0xa0 | number));
    return tagged ? readElement(tagged.content) : null;
  };
  const [hash, mask, saltLength, trailerField] = [field(0), field(1), field(2), field(3)];
  return {
    hash: hash ? hashOf(hash) : 'sha1',
    maskHash: mask ? maskHashOf(mask) : 'sha1',
    saltLength: saltLength ? numberOf(saltLength) : 20,
    trailerField: trailerField ? numberOf(trailerField) : 1,
  };
}

function hashOf(algorithm: Asn1Element | undefined): string | null {
  return HASHES[dottedOid(sequenceOf(algorithm)[0])] ?? null;
}

function maskHashOf(algorithm: Asn1Element): string | null {
  const [id, hash] = sequenceOf(algorithm);
  return dottedOid(id) === MGF1 ? hashOf(hash) : null;
}

function numberOf(integer: Asn1Element): number {
  return Number(integerOf(contentOf(integer, TAG.integer)));
}
