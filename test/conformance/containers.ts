/** Key kinds of leaves and of issuers, each private key in every container that holds its kind. */
import type { KeyObject } from 'node:crypto';
import { ObjectIdentifier } from 'asn1js';
import {
  encoded,
  type Issued,
  type IssueOptions,
  issue,
  type KeyKind,
  key,
  pemBlock,
  pkcs1,
  pkcs8,
  sec1,
  spkiOf,
} from '../support/pki.ts';
import type { Case, Files } from './case.ts';
import { filesOf, ladder } from './ladder.ts';
import { shapeCase } from './shapes.ts';

const RSA: readonly KeyKind[] = ['rsa1024', 'rsa2048', 'rsa3072', 'rsa4096'];
const NAMED_CURVES: Partial<Record<KeyKind, string>> = {
  p192: '1.2.840.10045.3.1.1',
  p224: '1.3.132.0.33',
  p256: '1.2.840.10045.3.1.7',
  p384: '1.3.132.0.34',
  p521: '1.3.132.0.35',
  secp256k1: '1.3.132.0.10',
  brainpool256: '1.3.36.3.3.2.8.1.1.7',
};
const EC: readonly KeyKind[] = [...(Object.keys(NAMED_CURVES) as KeyKind[]), 'ec-explicit'];
const OLD: readonly KeyKind[] = [
  'p192',
  'p224',
  'secp256k1',
  'brainpool256',
  'ec-explicit',
  'dsa',
  'rsa1024',
];
const OTHERS: readonly KeyKind[] = ['ed25519', 'ed448', 'rsa-pss', 'rsa-pss-restricted', 'dsa'];
const KEY_KINDS: readonly KeyKind[] = [...RSA, ...EC, ...OTHERS];

/** The keys of kinds, one each: RSA and DSA keys take long to make. */
const keyOf = (kind: KeyKind): KeyObject => key(kind, 7);

/** How a private key is written in its file. */
export interface Container {
  name: string;
  holds(kind: KeyKind): boolean;
  of(privateKey: KeyObject, kind: KeyKind): string | Buffer;
}

const any = (): boolean => true;
const isRsa = (kind: KeyKind): boolean => RSA.includes(kind);
const isEc = (kind: KeyKind): boolean => EC.includes(kind);
const der = (privateKey: KeyObject): Buffer => privateKey.export({ format: 'der', type: 'pkcs8' });
const parameters = (kind: KeyKind): string =>
  pemBlock('EC PARAMETERS', encoded(new ObjectIdentifier({ value: NAMED_CURVES[kind] ?? '' })));
const SECRET = { cipher: 'aes-256-cbc', passphrase: 'secret' } as const;

export const CONTAINERS: readonly Container[] = [
  { name: 'PKCS#8', holds: any, of: pkcs8 },
  { name: 'PKCS#1', holds: isRsa, of: pkcs1 },
  { name: 'SEC1', holds: isEc, of: sec1 },
  {
    name: 'SEC1 behind its parameters',
    holds: (kind) => kind in NAMED_CURVES,
    of: (own, kind) => `${parameters(kind)}${sec1(own)}`,
  },
  {
    name: 'SEC1 before its parameters',
    holds: (kind) => kind === 'p256',
    of: (own, kind) => `${sec1(own)}${parameters(kind)}`,
  },
  {
    name: 'PKCS#8 behind parameters',
    holds: (kind) => kind in NAMED_CURVES,
    of: (own, kind) => `${parameters(kind)}${pkcs8(own)}`,
  },
  {
    name: 'PKCS#8, encrypted',
    holds: any,
    of: (own) => own.export({ format: 'pem', type: 'pkcs8', ...SECRET }),
  },
  {
    name: 'PKCS#1, encrypted',
    holds: isRsa,
    of: (own) => own.export({ format: 'pem', type: 'pkcs1', ...SECRET }),
  },
  {
    name: 'SEC1, encrypted',
    holds: isEc,
    of: (own) => own.export({ format: 'pem', type: 'sec1', ...SECRET }),
  },
  { name: 'PKCS#8 in DER', holds: any, of: der },
  {
    name: 'OpenSSH',
    holds: any,
    of: () => pemBlock('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0none')),
  },
  { name: 'a public key', holds: any, of: (own) => pemBlock('PUBLIC KEY', spkiOf(own)) },
  { name: 'PKCS#8 labelled PKCS#1', holds: any, of: (own) => pemBlock('RSA PRIVATE KEY', der(own)) },
  { name: 'PKCS#8 labelled SEC1', holds: any, of: (own) => pemBlock('EC PRIVATE KEY', der(own)) },
  { name: 'PKCS#8 labelled DSA', holds: any, of: (own) => pemBlock('DSA PRIVATE KEY', der(own)) },
  { name: 'PKCS#8 labelled as any', holds: any, of: (own) => pemBlock('ANY PRIVATE KEY', der(own)) },
  {
    name: 'PKCS#1 labelled PKCS#8',
    holds: isRsa,
    of: (own) => pemBlock('PRIVATE KEY', own.export({ format: 'der', type: 'pkcs1' })),
  },
  {
    name: 'SEC1 labelled PKCS#8',
    holds: isEc,
    of: (own) => pemBlock('PRIVATE KEY', own.export({ format: 'der', type: 'sec1' })),
  },
];

/** A chain of three with a leaf for a key of a kind. */
function chainFor(kind: KeyKind): Issued[] {
  const [, intermediate, root] = ladder(3) as [Issued, Issued, Issued];
  return [issue({ issuer: intermediate, key: keyOf(kind) }), intermediate, root];
}

/** The files of a key kind in a container. */
function filesFor(kind: KeyKind, container: Container): Files {
  return { ...filesOf(chainFor(kind)), key: Buffer.from(container.of(keyOf(kind), kind)) };
}

function leaves(): Case[] {
  return KEY_KINDS.flatMap((kind) =>
    CONTAINERS.filter(({ holds }) => holds(kind)).map((container) =>
      shapeCase('key kinds and containers', `leaf ${kind}, ${container.name}`, () =>
        filesFor(kind, container),
      ),
    ),
  );
}

/** CA keys that can sign: of the intermediate, and of the root. */
function issuers(): Case[] {
  return KEY_KINDS.flatMap((kind) =>
    [1, 2].map((level) =>
      shapeCase(
        'key kinds and containers',
        `issuer ${level} of 3 ${kind}`,
        () => filesOf(ladder(3, (at) => (at === level ? { key: keyOf(kind) } : {}))),
        OLD.includes(kind) ? ['issuer with an old key'] : [],
      ),
    ),
  );
}

/** Hashes and paddings of signatures in a chain of RSA keys. */
function signatures(): Case[] {
  const ways: Record<string, IssueOptions> = {
    MD5: { hash: 'md5' },
    'SHA-1': { hash: 'sha1' },
    'SHA-224': { hash: 'sha224' },
    'SHA-256': {},
    'SHA-384': { hash: 'sha384' },
    'SHA-512': { hash: 'sha512' },
    'PSS with SHA-256': { pss: true },
    'PSS with SHA-512': { pss: true, hash: 'sha512' },
    'PSS with SHA-1': { pss: true, hash: 'sha1' },
  };
  return [0, 1, 2].flatMap((signed) =>
    Object.entries(ways).map(([name, way]) =>
      shapeCase('key kinds and containers', `RSA, ${signed} of 3 signed with ${name}`, () =>
        filesOf(ladder(3, (at) => ({ key: key('rsa2048', at), ...(at === signed ? way : {}) }))),
      ),
    ),
  );
}

/** Key usages of a leaf with an RSA key: which ones allow it to encipher, sign or agree. */
function rsaUsages(): Case[] {
  const usages = ['digitalSignature', 'keyEncipherment', 'keyAgreement', 'nonRepudiation'] as const;
  return usages.map((usage) =>
    shapeCase('key kinds and containers', `leaf rsa2048 with key usage ${usage} only`, () =>
      filesOf(ladder(3, (at) => (at === 0 ? { key: keyOf('rsa2048'), keyUsage: [usage] } : {}))),
    ),
  );
}

/** A leaf of one kind with a key of another. */
function mixed(): Case[] {
  const kinds = KEY_KINDS.filter((kind) => kind !== 'rsa3072' && kind !== 'rsa4096' && kind !== 'p192');
  return kinds.flatMap((kind) =>
    kinds
      .filter((other) => other !== kind)
      .map((other) =>
        shapeCase('keys of other certificates', `${kind} with a key ${other}`, () => ({
          ...filesOf(chainFor(kind)),
          key: Buffer.from(pkcs8(keyOf(other))),
        })),
      ),
  );
}

/** All kinds, containers and mixtures. */
export const containers = (): Case[] => [
  ...leaves(),
  ...issuers(),
  ...signatures(),
  ...rsaUsages(),
  ...mixed(),
];
