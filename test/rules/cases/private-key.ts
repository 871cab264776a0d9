/** The rules on the private key. */

import { type Issued, issue, key, pemBlock, pkcs8, sec1 } from '../../support/pki.ts';
import {
  intermediate,
  join,
  kindPair,
  leaf,
  other,
  type Pair,
  pair,
  pem,
  rsa,
  trusted,
} from '../../support/rule-case.ts';

const WITHOUT_INGRESS = 'general:\n  router:\n    ingress:\n      enabled: false\n';

const cases: Pair[] = [
  pair('SEC1', pem, sec1(leaf.privateKey), ['key-format'], trusted),
  pair(
    'SEC1 after its parameters',
    pem,
    `${pemBlock('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex'))}${sec1(leaf.privateKey)}`,
    ['key-format'],
    trusted,
  ),
  pair('an OpenSSH key', pem, pemBlock('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0none')), [
    'key-format',
  ]),
  pair('an encrypted key', pem, encrypted('secret'), ['key-encrypted']),
  pair('an encrypted key that keystore_password opens', pem, encrypted('secret'), ['key-encrypted'], {
    more: 'secrets:\n  defaults:\n    keystore_password: secret\n',
  }),
  pair('the same without an Ingress', pem, encrypted('secret'), ['key-encrypted=warning'], {
    more: `${WITHOUT_INGRESS}secrets:\n  defaults:\n    keystore_password: secret\n`,
  }),
  pair('an encrypted key that a numeric password opens', pem, encrypted('123456'), ['key-encrypted'], {
    more: 'secrets:\n  defaults:\n    keystore_password: 123456\n',
  }),
  pair('an encrypted key and another password', pem, encrypted('secret'), ['key-encrypted'], {
    more: 'secrets:\n  defaults:\n    keystore_password: other\n',
  }),
  pair(
    'an encrypted key of another certificate',
    pem,
    encrypted('secret', other.leaf),
    ['key-encrypted', 'key-mismatch'],
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
  kindPair('P-521', 'p521', ['key-unsupported']),
  kindPair('Ed25519', 'ed25519', ['key-unsupported']),
  kindPair('Ed448', 'ed448', ['key-unsupported']),
  kindPair('RSA-PSS', 'rsa-pss', ['key-unsupported']),
  issuedBy('Ed25519', 'ed25519', ['key-unsupported']),
  issuedBy('Ed448', 'ed448', ['key-unsupported']),
  issuedBy('P-521', 'p521', []),
];

/** A P-256 leaf below a root of some kind of key. */
function issuedBy(name: string, kind: Parameters<typeof key>[0], expected: string[]): Pair {
  const ca = issue({ subject: `CN=${name} Root`, key: key(kind, 8), ca: true });
  const own = issue({ issuer: ca, key: key('p256', 9) });
  return pair(`a leaf that an ${name} root issued`, join(own, ca), pkcs8(own.privateKey), expected, {
    root: ca,
  });
}

function encrypted(passphrase: string, owner: Issued = leaf): string {
  return owner.privateKey
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })
    .toString();
}

export default cases;
