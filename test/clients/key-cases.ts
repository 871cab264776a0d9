/** Chains that differ from a good one in a key, a signature or a usage. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { universal } from '../support/asn1.ts';
import { encoded, type Hash, type IssueOptions, issue, type KeyUsageName, key } from '../support/pki.ts';
import { type ClientCase, ROOT } from './cases.ts';

const cases: (() => ClientCase)[] = [];
const leafCase = (name: string, options: () => IssueOptions): void => {
  cases.push(() => ({ name, leaf: issue({ issuer: ROOT, ...options() }), intermediates: [], root: ROOT }));
};
/** A leaf below a CA certificate that is below the root. */
const caCase = (name: string, ca: () => IssueOptions, leaf: IssueOptions = {}): void => {
  cases.push(() => {
    const above = issue({ subject: 'CN=Test CA', issuer: ROOT, key: key('p256', 2), ca: true, ...ca() });
    return { name, leaf: issue({ issuer: above, ...leaf }), intermediates: [above], root: ROOT };
  });
};

// Keys
const own = new Map<string, KeyObject>();
const once = (name: string, make: () => KeyObject): (() => KeyObject) => {
  return () => {
    const known = own.get(name) ?? make();
    own.set(name, known);
    return known;
  };
};
const rsaOf = (modulusLength: number, publicExponent = 65537): (() => KeyObject) =>
  once(
    `${modulusLength} ${publicExponent}`,
    () => generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey,
  );
const ecOf = (namedCurve: string): (() => KeyObject) =>
  once(namedCurve, () => generateKeyPairSync('ec', { namedCurve }).privateKey);

/** An RSA key with the next exponent from a given one on that fits its primes. */
const withExponent = (from: bigint): (() => KeyObject) =>
  once(`exponent ${from}`, () => {
    const jwk = key('rsa2048').export({ format: 'jwk' });
    const number = (text = ''): bigint => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
    const text = (value: bigint): string => {
      const hex = value.toString(16);
      return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
    };
    const [p, q] = [number(jwk.p), number(jwk.q)];
    let e = from;
    let d = inverse(e, (p - 1n) * (q - 1n));
    while (d === null) {
      e += 2n;
      d = inverse(e, (p - 1n) * (q - 1n));
    }
    const changed = { e: text(e), d: text(d), dp: text(d % (p - 1n)), dq: text(d % (q - 1n)) };
    return createPrivateKey({ format: 'jwk', key: { ...jwk, ...changed } });
  });

/** By the extended Euclidean algorithm; null where there is none. */
function inverse(value: bigint, modulus: bigint): bigint | null {
  let [r0, r1, s0, s1] = [modulus, value % modulus, 0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - quotient * r1, s1, s0 - quotient * s1];
  }
  return r0 === 1n ? (s0 + modulus) % modulus : null;
}

const KINDS: Readonly<Record<string, () => KeyObject>> = {
  'RSA 2048': () => key('rsa2048'),
  'RSA 2049': rsaOf(2049),
  'RSA 4096': () => key('rsa4096'),
  'RSA with exponent 1': withExponent(1n),
  'RSA with exponent 3': rsaOf(2048, 3),
  'RSA with an exponent of 31 bits': withExponent(2n ** 30n + 1n),
  'RSA with an exponent of 32 bits': withExponent(2n ** 31n + 1n),
  'RSA with an exponent of 33 bits': withExponent(2n ** 32n + 1n),
  'RSA with an exponent of 34 bits': withExponent(2n ** 33n + 1n),
  'RSA with an exponent of 65 bits': withExponent(2n ** 64n + 1n),
  'RSA with an exponent of 257 bits': withExponent(2n ** 256n + 1n),
  'EC P-256': () => key('p256', 3),
  'EC P-384': () => key('p384'),
  'EC P-521': () => key('p521'),
  'EC P-224': () => key('p224'),
  'EC secp256k1': () => key('secp256k1'),
  'EC brainpoolP256r1': () => key('brainpool256'),
  'EC brainpoolP384r1': ecOf('brainpoolP384r1'),
  'EC P-256 with explicit parameters': () => key('ec-explicit'),
  Ed25519: () => key('ed25519'),
  Ed448: () => key('ed448'),
  'RSA-PSS': () => key('rsa-pss'),
  'RSA-PSS with restrictions': () => key('rsa-pss-restricted'),
  DSA: () => key('dsa'),
};
for (const [kind, make] of Object.entries(KINDS)) {
  leafCase(`leaf key: ${kind}`, () => ({ key: make() }));
  caCase(`issuer key: ${kind}`, () => ({ key: make() }));
}

// Signatures
const signed = (name: string, ca: () => KeyObject, options: IssueOptions): void => {
  caCase(`leaf signed with ${name}`, () => ({ key: ca() }), options);
  cases.push(() => {
    const upper = issue({ subject: 'CN=Test CA 1', issuer: ROOT, key: ca(), ca: true });
    const lower = issue({
      subject: 'CN=Test CA 2',
      issuer: upper,
      key: key('p256', 2),
      ca: true,
      ...options,
    });
    const leaf = issue({ issuer: lower });
    return { name: `CA signed with ${name}`, leaf, intermediates: [lower, upper], root: ROOT };
  });
};
const rsa = (): KeyObject => key('rsa2048', 1);
const HASHES: readonly Hash[] = [
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'sha512-256',
  'sha3-256',
  'sha3-384',
  'sha3-512',
];
for (const hash of HASHES) signed(`RSA and ${hash}`, rsa, { hash });
for (const hash of ['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3-256', 'sha3-384'] as const) {
  signed(`ECDSA and ${hash}`, () => key('p256', 4), { hash });
}
for (const hash of ['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-256', 'sha3-256'] as const) {
  signed(`RSASSA-PSS and ${hash}`, rsa, { hash, pss: true });
}
for (const saltLength of [0, 20, 31, 33, 222]) {
  signed(`RSASSA-PSS, sha256 and a salt of ${saltLength}`, rsa, { pss: { saltLength } });
}
const mixed = once(
  'mixed',
  () =>
    // Node takes a number, as documented; its types say string.
    generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha1',
      saltLength: 32 as unknown as string,
    }).privateKey,
);
signed('RSASSA-PSS, sha256 and MGF1 with sha1', mixed, { pss: { mgfHash: 'sha1' } });
for (const hash of ['md5', 'sha1', 'sha224', 'sha3-256'] as const) {
  cases.push(() => {
    const root = issue({ subject: 'CN=Other Root', key: rsa(), ca: true, hash });
    return {
      name: `root signed with RSA and ${hash}`,
      leaf: issue({ issuer: root }),
      intermediates: [],
      root,
    };
  });
}

// Usages
const USAGES: readonly (readonly KeyUsageName[])[] = [
  ['digitalSignature'],
  ['nonRepudiation'],
  ['keyEncipherment'],
  ['dataEncipherment'],
  ['keyAgreement'],
  ['keyCertSign'],
  ['encipherOnly'],
  ['keyEncipherment', 'dataEncipherment'],
  ['digitalSignature', 'keyCertSign'],
  [],
];
for (const kind of ['rsa2048', 'rsa-pss', 'p256', 'ed25519'] as const) {
  for (const keyUsage of USAGES) {
    leafCase(`leaf of ${kind} for ${keyUsage.join(' and ') || 'nothing'}`, () => ({
      key: key(kind),
      keyUsage,
    }));
  }
}
const NETSCAPE_GATED = '2.16.840.1.113730.4.1';
const MICROSOFT_GATED = '1.3.6.1.4.1.311.10.3.3';
const PURPOSES: readonly (readonly string[])[] = [
  ['serverAuth'],
  ['clientAuth'],
  ['codeSigning'],
  ['1.2.3.4'],
  ['anyExtendedKeyUsage'],
  ['anyExtendedKeyUsage', 'clientAuth'],
  ['serverAuth', 'anyExtendedKeyUsage'],
  [NETSCAPE_GATED],
  [MICROSOFT_GATED],
  [],
];
for (const eku of PURPOSES) {
  leafCase(`leaf with the purposes ${eku.join(' and ') || 'none'}`, () => ({ eku }));
  caCase(`CA with the purposes ${eku.join(' and ') || 'none'}`, () => ({ eku }));
}
const NETSCAPE_TYPES = {
  client: '0780',
  server: '0640',
  'client and server': '06c0',
  'SSL CA': '0204',
  all: '00ff',
};
for (const [what, bits] of Object.entries(NETSCAPE_TYPES)) {
  const extensions = [
    { oid: '2.16.840.1.113730.1.1', value: encoded(universal(3, Buffer.from(bits, 'hex'))) },
  ];
  leafCase(`leaf with the Netscape type ${what}`, () => ({ extensions }));
  caCase(`CA with the Netscape type ${what}`, () => ({ extensions }));
}

/** All cases, each made when it is asked for. */
export const KEY_CASES: readonly (() => ClientCase)[] = cases;
