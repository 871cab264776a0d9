import { constants, type KeyObject, sign } from 'node:crypto';
import * as asn1js from 'asn1js';
import { type Asn1, constructed, oid, sequence } from './asn1.ts';

export type Hash =
  | 'md5'
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha512-256'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512';
/** RSASSA-PSS with a salt that is not as long as the hash. */
export interface PssOptions {
  saltLength?: number;
  /** As it is encoded; the signature has to be made with it by the restrictions of the key. */
  mgfHash?: Hash;
}
const RSA_SIGNATURES: Record<Hash, string> = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha224: '1.2.840.113549.1.1.14',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
  'sha512-256': '1.2.840.113549.1.1.16',
  'sha3-256': '2.16.840.1.101.3.4.3.14',
  'sha3-384': '2.16.840.1.101.3.4.3.15',
  'sha3-512': '2.16.840.1.101.3.4.3.16',
};
const ECDSA_SIGNATURES: Record<Hash, string> = {
  md5: '',
  sha1: '1.2.840.10045.4.1',
  sha224: '1.2.840.10045.4.3.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
  'sha512-256': '',
  'sha3-256': '2.16.840.1.101.3.4.3.10',
  'sha3-384': '2.16.840.1.101.3.4.3.11',
  'sha3-512': '2.16.840.1.101.3.4.3.12',
};
const HASHES: Record<Hash, [id: string, bytes: number]> = {
  md5: ['1.2.840.113549.2.5', 16],
  sha1: ['1.3.14.3.2.26', 20],
  sha224: ['2.16.840.1.101.3.4.2.4', 28],
  sha256: ['2.16.840.1.101.3.4.2.1', 32],
  sha384: ['2.16.840.1.101.3.4.2.2', 48],
  sha512: ['2.16.840.1.101.3.4.2.3', 64],
  'sha512-256': ['2.16.840.1.101.3.4.2.6', 32],
  'sha3-256': ['2.16.840.1.101.3.4.2.8', 32],
  'sha3-384': ['2.16.840.1.101.3.4.2.9', 48],
  'sha3-512': ['2.16.840.1.101.3.4.2.10', 64],
};
const nothing = (): Asn1 => new asn1js.Null();

export function signatureAlgorithm(type: string | undefined, hash: Hash, pss: boolean | PssOptions): Asn1 {
  switch (type) {
    case 'ec':
      return sequence([oid(ECDSA_SIGNATURES[hash])]);
    case 'ed25519':
      return sequence([oid('1.3.101.112')]);
    case 'ed448':
      return sequence([oid('1.3.101.113')]);
    case 'dsa':
      return sequence([oid('2.16.840.1.101.3.4.3.2')]);
  }
  if (pss === false) return sequence([oid(RSA_SIGNATURES[hash]), nothing()]);
  const [id, bytes] = HASHES[hash];
  const { saltLength = bytes, mgfHash = hash } = pss === true ? {} : pss;
  const digest = (of = id): Asn1 => sequence([oid(of), nothing()]);
  const parameters = sequence([
    constructed(0, [digest()]),
    constructed(1, [sequence([oid('1.2.840.113549.1.1.8'), digest(HASHES[mgfHash][0])])]),
    constructed(2, [new asn1js.Integer({ value: saltLength })]),
  ]);
  return sequence([oid('1.2.840.113549.1.1.10'), parameters]);
}

export function signature(privateKey: KeyObject, tbs: Buffer, hash: Hash, pss: boolean | PssOptions): Buffer {
  const type = privateKey.asymmetricKeyType;
  if (type === 'ed25519' || type === 'ed448') return sign(null, tbs, privateKey);
  if (pss === false) return sign(hash, tbs, privateKey);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const saltLength = (pss === true ? undefined : pss.saltLength) ?? HASHES[hash][1];
  return sign(hash, tbs, { key: privateKey, padding, saltLength });
}
