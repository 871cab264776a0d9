/** Pairs of certificate and key as they stand in values, each with the rules that have to find something in them. */
import type { LintOptions } from '../../src/lint/lint.ts';
import { caFile } from '../../src/x509/roots.ts';
import { chain, type Issued, issue, key, pemBlock, pkcs1, pkcs8, sec1 } from './pki.ts';
import { readOne } from './read.ts';
import { base64 } from './values-yaml.ts';

export interface Pair {
  name: string;
  /** The two values, base64 where they are right. */
  crt: string;
  key: string;
  /** Identifiers of rules, with `=severity` where it is not the rule's own. */
  expected: readonly string[];
  options?: Partial<LintOptions>;
  /** Lines of YAML behind the certificate. */
  more?: string;
  /** The root that a client trusts, where there is one. */
  root?: Issued;
}

type Extra = Pick<Pair, 'options' | 'more' | 'root'>;

/** A pair from PEM (or other bytes). */
function pair(
  name: string,
  crt: string | Buffer,
  keyPem: string | Buffer,
  expected: string[],
  extra: Extra = {},
): Pair {
  return { name, crt: base64(crt), key: base64(keyPem), expected, ...extra };
}

const DAY = 24 * 60 * 60 * 1000;
const days = (number: number): Date => new Date(Date.now() + number * DAY);
const join = (...certificates: Issued[]): string => certificates.map(({ pem }) => pem).join('');

const usual = chain();
const { leaf, root, pem } = usual;
const [intermediate] = usual.intermediates as [Issued];
const KEY = pkcs8(leaf.privateKey);
const trusted = { root };

const rsa = chain({ keyKind: 'rsa2048', depth: 1, tag: 'rsa' });
const four = chain({ depth: 4, tag: 'four' });
const [int1, int2, int3] = four.intermediates as [Issued, Issued, Issued];
const other = chain({ tag: 'other' });
const otherIntermediate = other.intermediates[0] as Issued;

function kindPair(name: string, kind: Parameters<typeof key>[0], expected: string[], format = pkcs8): Pair {
  const own = issue({ issuer: intermediate, key: key(kind, 7) });
  return pair(name, join(own, intermediate, root), format(own.privateKey), expected, trusted);
}

function leafPair(
  name: string,
  changes: Parameters<typeof issue>[0],
  expected: string[],
  extra: Extra = {},
): Pair {
  const own = issue({ issuer: intermediate, key: leaf.privateKey, ...changes });
  return pair(name, join(own, intermediate, root), KEY, expected, { ...trusted, ...extra });
}

function intermediatePair(
  name: string,
  changes: Parameters<typeof issue>[0],
  expected: string[],
  extra: Extra = {},
  leafChanges: Parameters<typeof issue>[0] = {},
): Pair {
  const own = chain({ tag: name, intermediate: changes ?? {}, leaf: leafChanges });
  return pair(name, own.pem, pkcs8(own.leaf.privateKey), expected, { root: own.root, ...extra });
}

function endpoint(host: string): Extra {
  return { more: `general:\n  lightrun_endpoint: "${host}"\n` };
}

/** A certificate of an old root for the key of `root`, and the like for an expired one. */
const oldRoot = issue({ subject: 'CN=Old Root', key: key('p256', 50), ca: true });
const expiredOldRoot = issue({
  subject: 'CN=Old Root',
  key: key('p256', 50),
  ca: true,
  notBefore: days(-900),
  notAfter: days(-9),
});
const crossRoot = issue({ subject: root.subject, key: root.privateKey, issuer: oldRoot, ca: true });
const renewed = issue({ subject: intermediate.subject, key: key('p256', 51), issuer: root, ca: true });

const GOOD: Pair[] = [
  pair('leaf, intermediate, root', pem, KEY, [], trusted),
  pair('RSA with PKCS#1', rsa.pem, pkcs1(rsa.leaf.privateKey), [], { root: rsa.root }),
  pair('RSA with PKCS#8', rsa.pem, pkcs8(rsa.leaf.privateKey), [], { root: rsa.root }),
  pair('a private chain four deep', four.pem, pkcs8(four.leaf.privateKey), [], { root: four.root }),
  kindPair('P-384', 'p384', []),
  kindPair('P-521', 'p521', []),
  kindPair('Ed25519', 'ed25519', []),
  kindPair('RSA-PSS', 'rsa-pss', []),
  pair('CRLF line ends inside', pem.replaceAll('\n', '\r\n'), KEY.replaceAll('\n', '\r\n'), [], trusted),
  pair('no line break at the end', pem.trimEnd(), KEY.trimEnd(), [], trusted),
  pair('blank lines between the blocks', usual.all.map((each) => `${each.pem}\n`).join(''), KEY, [], trusted),
  pair(
    "the page's self-signed certificate",
    ...selfSigned({ san: null, ca: true, keyUsage: null, eku: null }),
    ['cert-self-signed', 'cert-no-san'],
  ),
  pair('a self-signed certificate with names', ...selfSigned({}), ['cert-self-signed']),
  pair('the host of the values', pem, KEY, [], { ...trusted, ...endpoint('lightrun.example.com') }),
  leafPair('a wildcard for the host', { san: ['*.example.com'] }, [], endpoint('lightrun.example.com')),
  leafPair('no key usage and no extended key usage', { keyUsage: null, eku: null }, []),
  leafPair('name constraints that permit', {}, []),
  pair('cross-signed, the old top still valid', join(leaf, intermediate, crossRoot, oldRoot), KEY, [], {
    root: oldRoot,
  }),
  pair(
    'both certificates of a cross-signed root',
    join(leaf, intermediate, root, crossRoot),
    KEY,
    [],
    trusted,
  ),
  intermediatePair('an intermediate for servers', { eku: ['serverAuth', 'clientAuth'] }, []),
];

function selfSigned(changes: Parameters<typeof issue>[0]): [string, string] {
  const own = issue({ key: key('p256', 60), ...changes });
  return [own.pem, pkcs8(own.privateKey)];
}

const KEYS: Pair[] = [
  pair('SEC1', pem, sec1(leaf.privateKey), ['key-format'], trusted),
  pair(
    'SEC1 behind its parameters',
    pem,
    `${pemBlock('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex'))}${sec1(leaf.privateKey)}`,
    ['key-format'],
    trusted,
  ),
  pair('an OpenSSH key', pem, pemBlock('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0none')), [
    'key-format',
  ]),
  pair('an encrypted key', pem, encrypted('secret'), ['key-encrypted']),
  pair('an encrypted key that keystore_password opens', pem, encrypted('secret'), ['key-encrypted=warning'], {
    more: 'secrets:\n  defaults:\n    keystore_password: secret\n',
  }),
  pair(
    'an encrypted key that a numeric password opens',
    pem,
    encrypted('123456'),
    ['key-encrypted=warning'],
    {
      more: 'secrets:\n  defaults:\n    keystore_password: 123456\n',
    },
  ),
  pair('an encrypted key and another password', pem, encrypted('secret'), ['key-encrypted'], {
    more: 'secrets:\n  defaults:\n    keystore_password: other\n',
  }),
  pair(
    'an encrypted key of another certificate',
    pem,
    encrypted('secret', other.leaf),
    ['key-encrypted=warning', 'key-mismatch'],
    { more: 'secrets:\n  defaults:\n    keystore_password: secret\n' },
  ),
  pair('a damaged key', pem, pemBlock('PRIVATE KEY', Buffer.from('30030201', 'hex')), ['key-unreadable']),
  pair('the key of another certificate', pem, pkcs8(other.leaf.privateKey), ['key-mismatch'], trusted),
  pair('an RSA key with an EC certificate', pem, pkcs8(rsa.leaf.privateKey), ['key-mismatch'], trusted),
  pair("the intermediate's key", pem, pkcs8(intermediate.privateKey), ['key-mismatch'], trusted),
  pair(
    'SEC1 of another certificate',
    pem,
    sec1(other.leaf.privateKey),
    ['key-format', 'key-mismatch'],
    trusted,
  ),
  kindPair('RSA 1024', 'rsa1024', ['key-weak']),
  kindPair('P-224', 'p224', ['key-weak']),
  kindPair('secp256k1', 'secp256k1', ['key-unsupported']),
  kindPair('brainpool', 'brainpool256', ['key-unsupported']),
  kindPair('explicit curve parameters', 'ec-explicit', ['key-unsupported']),
  kindPair('DSA', 'dsa', ['key-unsupported']),
];

function encrypted(passphrase: string, owner: Issued = leaf): string {
  return owner.privateKey
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })
    .toString();
}

const ENCODING: Pair[] = [
  {
    name: 'PEM that was not encoded',
    crt: pem.replaceAll('\n', '\\n'),
    key: KEY.replaceAll('\n', '\\n'),
    expected: ['base64-not-encoded', 'base64-not-encoded'],
  },
  {
    name: 'wrapped by spaces',
    crt: base64(pem).replace(/.{76}/g, '$& '),
    key: base64(KEY),
    expected: ['base64-wrapped'],
  },
  { name: 'base64url', crt: base64(pem), key: base64url(KEY), expected: ['base64-invalid'] },
  {
    name: 'a stray character',
    crt: `${base64(pem).slice(0, 40)}*${base64(pem).slice(41)}`,
    key: base64(KEY),
    expected: ['base64-invalid'],
  },
  {
    name: 'no padding',
    crt: base64(`${pem}${'\n'.repeat((4 - (pem.length % 3)) % 3)}`).replace(/=+$/, ''),
    key: base64(KEY),
    expected: [
      base64(`${pem}${'\n'.repeat((4 - (pem.length % 3)) % 3)}`).endsWith('=') ? 'base64-invalid' : '',
    ],
  },
  {
    name: 'encoded twice',
    crt: base64(base64(pem)),
    key: base64(base64(KEY)),
    expected: ['base64-twice', 'base64-twice'],
  },
];

/** Text whose base64 surely holds a character of the other alphabet: a comment before the block does no harm. */
function base64url(text: string): string {
  const noisy = `${text}\u00ff\u00fe\u00ff?>?>\n`;
  return Buffer.from(noisy).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

const glued = pem.replace(/-----END CERTIFICATE-----\n-----BEGIN/, '-----END CERTIFICATE----------BEGIN');
const PEM: Pair[] = [
  pair('DER', leaf.der, KEY, ['pem-missing']),
  pair('UTF-16', Buffer.from(`\ufeff${pem}`, 'utf16le'), KEY, ['pem-missing']),
  pair('nothing but a blank', ' ', KEY, ['pem-missing']),
  pair('glued boundaries', glued, KEY, ['pem-malformed']),
  pair('CR alone', pem.replaceAll('\n', '\r'), KEY, ['pem-malformed']),
  pair('indented', pem.replace(/^/gm, '  '), KEY, ['pem-malformed']),
  pair('all on one line', pem.replaceAll('\n', ' '), KEY, ['pem-malformed']),
  pair('literal \\n', pem.replaceAll('\n', '\\n'), KEY, ['pem-malformed']),
  pair('an END that is missing', pem.replace(/-----END CERTIFICATE-----\n$/, ''), KEY, ['pem-malformed']),
  pair('swapped', KEY, pem, ['pem-swapped']),
  pair('a private key in crt', `${pem}${KEY}`, KEY, ['pem-wrong-block'], trusted),
  pair('a certificate in key', pem, `${KEY}${leaf.pem}`, ['pem-wrong-block'], trusted),
  pair('two keys', pem, `${KEY}${pkcs8(other.leaf.privateKey)}`, ['pem-wrong-block'], trusted),
  pair('a request', pemBlock('CERTIFICATE REQUEST', Buffer.from('3000', 'hex')), KEY, ['pem-wrong-block']),
  pair('a public key for a key', pem, pemBlock('PUBLIC KEY', Buffer.from('3000', 'hex')), [
    'pem-wrong-block',
  ]),
  pair('PKCS#7 in PEM', pemBlock('PKCS7', Buffer.from('3000', 'hex')), KEY, ['pem-wrong-block']),
  pair('Bag Attributes', `Bag Attributes\n    friendlyName: x\n${pem}`, KEY, ['pem-noise'], trusted),
  pair('a byte-order mark', `\ufeff${pem}`, KEY, ['pem-noise'], trusted),
  pair('X509 CERTIFICATE', pem.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE'), KEY, ['pem-noise'], trusted),
];

const sha1Key = key('rsa2048', 60);
const CERTIFICATES: Pair[] = [
  pair('a good leaf, then garbage', `${leaf.pem}${pemBlock('CERTIFICATE', Buffer.from('garbage'))}`, KEY, [
    'cert-unreadable',
  ]),
  pair(
    'a truncated intermediate',
    `${leaf.pem}${pemBlock('CERTIFICATE', intermediate.der.subarray(0, 100))}${root.pem}`,
    KEY,
    ['cert-unreadable'],
  ),
  leafPair('an expired leaf', { notBefore: days(-100), notAfter: days(-1) }, ['cert-expired']),
  leafPair('a leaf of tomorrow', { notBefore: days(1), notAfter: days(90) }, ['cert-not-yet-valid']),
  leafPair('a leaf with ten days left', { notBefore: days(-80), notAfter: days(10) }, ['cert-expiring']),
  intermediatePair('an expired intermediate', { notBefore: days(-100), notAfter: days(-1) }, [
    'cert-expired',
  ]),
  pair(
    'a cross-signed top that has expired, beside the root',
    join(leaf, intermediate, root, crossRoot, expiredOldRoot),
    KEY,
    ['cert-expired=warning'],
    trusted,
  ),
  pair(
    'an expired old root at the top of the only way',
    join(leaf, intermediate, crossRoot, expiredOldRoot),
    KEY,
    ['cert-expired'],
  ),
  pair(
    'the same, its root known by --at',
    join(leaf, intermediate, root),
    KEY,
    ['cert-not-yet-valid', 'cert-not-yet-valid', 'cert-not-yet-valid'],
    { options: { at: days(-3000) } },
  ),
  leafPair('SHA-1', { hash: 'sha1' }, ['cert-weak-signature']),
  pair('a root signed with SHA-1', ...sha1Root(), [], {}),
  leafPair('client authentication only', { eku: ['clientAuth'] }, ['cert-not-for-servers']),
  leafPair('any purpose', { eku: ['2.5.29.37.0'] }, ['cert-not-for-servers']),
  leafPair('a key usage without signature', { keyUsage: ['nonRepudiation'] }, ['cert-not-for-servers']),
  intermediatePair('an intermediate for clients', { eku: ['clientAuth'] }, ['cert-not-for-servers']),
  leafPair(
    'an unknown critical extension',
    { extensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.from('0500', 'hex') }] },
    ['cert-critical-extension'],
  ),
  leafPair(
    'the same, not critical',
    { extensions: [{ oid: '1.2.3.4', value: Buffer.from('0500', 'hex') }] },
    [],
  ),
  intermediatePair('names that are not permitted', { nameConstraints: { permitted: ['other.example'] } }, [
    'cert-critical-extension',
  ]),
  intermediatePair('names that are excluded', { nameConstraints: { excluded: ['example.com'] } }, [
    'cert-critical-extension',
  ]),
  intermediatePair('names that are permitted', { nameConstraints: { permitted: ['example.com'] } }, []),
  intermediatePair(
    'a common name that is not permitted',
    { nameConstraints: { permitted: ['other.example'] } },
    ['cert-critical-extension', 'cert-no-san'],
    {},
    { san: null },
  ),
  leafPair('no subject alternative name', { san: null }, ['cert-no-san']),
  leafPair(
    'no subject alternative name, and a host',
    { san: null },
    ['cert-no-san'],
    endpoint('lightrun.example.com'),
  ),
  leafPair(
    'another host',
    { san: ['example.org'] },
    ['cert-host-mismatch'],
    endpoint('lightrun.example.com'),
  ),
  leafPair(
    'a wildcard above the host',
    { san: ['*.com'] },
    ['cert-host-mismatch'],
    endpoint('lightrun.example.com'),
  ),
  leafPair('the host of --host', { san: ['10.0.0.1'] }, [], { options: { host: '10.0.0.1' } }),
  leafPair('another address', { san: ['10.0.0.2'] }, ['cert-host-mismatch'], {
    options: { host: '10.0.0.1' },
  }),
];

function sha1Root(): [string, string] {
  const own = issue({ subject: 'CN=SHA-1 Root', key: sha1Key, ca: true, hash: 'sha1' });
  const server = issue({ issuer: own, key: leaf.privateKey });
  return [join(server, own), KEY];
}

const CHAINS: Pair[] = [
  pair('an unrelated CA in front', join(other.root, leaf, intermediate, root), KEY, ['chain-order'], trusted),
  pair(
    'the same, the leaf RSA',
    join(other.root, rsa.leaf, rsa.root),
    pkcs8(rsa.leaf.privateKey),
    ['chain-order'],
    { root: rsa.root },
  ),
  pair(
    "the page's self-signed certificate and another key",
    selfSigned({ san: null, ca: true, keyUsage: null, eku: null })[0],
    KEY,
    ['cert-self-signed', 'cert-no-san', 'key-mismatch'],
  ),
  pair('the CAs alone', join(intermediate, root), KEY, ['key-mismatch'], trusted),
  pair(
    'a cross-signed copy of a root that --ca-file knows',
    join(leaf, intermediate, crossRoot),
    KEY,
    ['chain-no-root'],
    {
      ...trusted,
      options: { roots: caFile([readOne(root)]) },
    },
  ),
  pair('root, intermediate, leaf', join(root, intermediate, leaf), KEY, ['chain-order'], trusted),
  pair('intermediate, leaf, root', join(intermediate, leaf, root), KEY, ['chain-order'], trusted),
  pair('leaf, root, intermediate', join(leaf, root, intermediate), KEY, ['chain-order'], trusted),
  pair(
    'root first, and the key of another',
    join(root, intermediate, leaf),
    pkcs8(other.leaf.privateKey),
    ['chain-order', 'key-mismatch'],
    trusted,
  ),
  pair('a leaf alone', leaf.pem, KEY, ['chain-incomplete'], trusted),
  pair('leaf and root', join(leaf, root), KEY, ['chain-incomplete'], trusted),
  pair(
    'a link missing in the middle',
    join(four.leaf, int1, int3, four.root),
    pkcs8(four.leaf.privateKey),
    ['chain-incomplete'],
    { root: four.root },
  ),
  pair('no root', join(leaf, intermediate), KEY, ['chain-no-root'], trusted),
  pair(
    'no root, three deep',
    join(four.leaf, int1, int2, int3),
    pkcs8(four.leaf.privateKey),
    ['chain-no-root'],
    { root: four.root },
  ),
  pair('the renewed CA of the same name', join(leaf, renewed, root), KEY, ['chain-broken'], trusted),
  pair('both CAs of the same name', join(leaf, renewed, intermediate, root), KEY, ['chain-extra'], trusted),
  leafPair('a leaf changed after signing', { corruptSignature: true }, ['chain-broken']),
  intermediatePair('an issuer that is no CA', { ca: false, keyUsage: ['digitalSignature'] }, [
    'chain-not-a-ca',
  ]),
  intermediatePair('an issuer that may not sign', { keyUsage: ['cRLSign'] }, ['chain-not-a-ca']),
  pair('a path that is too long', ...tooLong(), ['chain-not-a-ca']),
  pair('an old root of version 1', ...versionOneRoot(), []),
  pair('the leaf twice', join(leaf, leaf, intermediate, root), KEY, ['chain-extra'], trusted),
  pair(
    'another chain behind it',
    join(leaf, intermediate, root, other.leaf, otherIntermediate, other.root),
    KEY,
    ['chain-extra'],
    trusted,
  ),
  pair(
    'another chain behind it, and its key',
    join(leaf, intermediate, root, other.leaf, otherIntermediate, other.root),
    pkcs8(other.leaf.privateKey),
    ['key-mismatch'],
    trusted,
  ),
];

function tooLong(): [string, string] {
  const own = chain({ depth: 3, tag: 'too long', root: { pathLength: 0 } });
  return [own.pem, pkcs8(own.leaf.privateKey)];
}

function versionOneRoot(): [string, string] {
  const own = chain({ depth: 1, tag: 'version 1', root: { version: 1 } });
  return [own.pem, pkcs8(own.leaf.privateKey)];
}

export const PAIRS: readonly Pair[] = [...GOOD, ...KEYS, ...ENCODING, ...PEM, ...CERTIFICATES, ...CHAINS];
