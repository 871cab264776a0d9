/** Every kind of leaf key below every kind of CA key and signature. */
import { type Hash, type Issued, type IssueOptions, issue, type KeyKind, key } from '../support/pki.ts';
import { type Case, HOST, written } from './case.ts';
import { filesOf } from './ladder.ts';

const LEAVES: readonly KeyKind[] = [
  'rsa1024',
  'rsa2048',
  'rsa3072',
  'rsa4096',
  'rsa-pss',
  'rsa-pss-restricted',
  'p224',
  'p256',
  'p384',
  'p521',
  'secp256k1',
  'brainpool256',
  'ec-explicit',
  'ed25519',
  'ed448',
  'dsa',
];

const HASHES: readonly Hash[] = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3-256', 'sha3-512'];

/** A CA key with a way of signing. */
interface Signing {
  name: string;
  kind: KeyKind;
  options: IssueOptions;
}

const hashed = (kind: KeyKind, hashes: readonly Hash[], pss = false): Signing[] =>
  hashes.map((hash) => ({
    name: `${kind} with ${pss ? 'PSS and ' : ''}${hash}`,
    kind,
    options: { hash, ...(pss ? { pss } : {}) },
  }));
const only = (kind: KeyKind): Signing => ({ name: kind, kind, options: {} });

const SIGNINGS: readonly Signing[] = [
  ...hashed('rsa2048', ['md5', ...HASHES]),
  ...hashed('rsa2048', ['sha1', 'sha256', 'sha384', 'sha512'], true),
  ...hashed('p256', HASHES),
  ...hashed('p384', ['sha256', 'sha384']),
  ...hashed('p521', ['sha256', 'sha512']),
  ...(
    ['rsa1024', 'rsa4096', 'rsa-pss', 'p224', 'secp256k1', 'brainpool256', 'ed25519', 'ed448'] as const
  ).map(only),
];

/** The leaves that are tried below an intermediate too, where it is the intermediate alone that signs so. */
const BELOW: readonly KeyKind[] = ['rsa2048', 'p256', 'ed25519'];

const keyOf = (kind: KeyKind) => key(kind, 7);
const MORE = `general:\n  lightrun_endpoint: ${HOST}\n`;
const roots = new Map<string, Issued>();

/** A root whose own signature is of the kind too. */
function rootOf({ name, kind, options }: Signing): Issued {
  const root =
    roots.get(name) ?? issue({ subject: `CN=Root ${name}`, key: key(kind, 8), ca: true, ...options });
  roots.set(name, root);
  return root;
}

function kindCase(name: string, chainOf: () => Issued[]): Case {
  const make = () => {
    const { crt, key: own, root } = filesOf(chainOf());
    return { crt: written(crt), key: written(own), root, more: MORE };
  };
  return { family: 'key and signature kinds', name, traits: [], make };
}

/** Leaf and root; and leaf, intermediate and root of which one alone signs so. */
export const kinds = (): Case[] => [
  ...SIGNINGS.flatMap((signing) =>
    LEAVES.map((leaf) =>
      kindCase(`leaf ${leaf}, signed by root ${signing.name}`, () => {
        const issuer = rootOf(signing);
        return [issue({ issuer, key: keyOf(leaf), ...signing.options }), issuer];
      }),
    ),
  ),
  ...SIGNINGS.flatMap((signing) =>
    BELOW.flatMap((leaf) => [
      kindCase(`leaf ${leaf}, signed by intermediate ${signing.name}`, () => {
        const root = issue({ subject: 'CN=Ordinary Root', key: key('rsa2048', 9), ca: true });
        const issuer = issue({
          subject: `CN=Intermediate ${signing.name}`,
          key: key(signing.kind, 8),
          ca: true,
          issuer: root,
        });
        return [issue({ issuer, key: keyOf(leaf), ...signing.options }), issuer, root];
      }),
      kindCase(`leaf ${leaf}, below an ordinary intermediate signed by root ${signing.name}`, () => {
        const root = rootOf(signing);
        const subject = 'CN=Ordinary Intermediate';
        const issuer = issue({ subject, key: key('p256', 9), ca: true, issuer: root, ...signing.options });
        return [issue({ issuer, key: keyOf(leaf) }), issuer, root];
      }),
    ]),
  ),
];
