import { createPublicKey } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Contents, contentsOf, contentsOfBytes } from '../../../src/rules/shared/contents.ts';
import { pkcs12 } from '../../support/pkcs12.ts';
import { key, pemBlock, pkcs8 } from '../../support/pki.ts';
import { KEY, leaf, pem, rsa } from '../../support/rule-case.ts';
import { base64 } from '../../support/values-yaml.ts';

const VALUES: readonly [what: string, value: string, Contents][] = [
  ['PEM', pem, 'certificate'],
  ['base64 of PEM', base64(pem), 'certificate'],
  ['encoded twice', base64(base64(pem)), 'certificate'],
  ['wrapped', base64(pem).replace(/.{76}/g, '$&\n'), 'certificate'],
  ['an older label', base64(pemBlock('TRUSTED CERTIFICATE', leaf.der)), 'certificate'],
  ['a private key', base64(KEY), 'private key'],
  ['an encrypted one', base64(pemBlock('ENCRYPTED PRIVATE KEY', leaf.der)), 'private key'],
  ['both', base64(KEY + pem), 'both'],
  ['DER', base64(leaf.der), 'certificate'],
];
for (const [what, value, contents] of VALUES)
  test(`${what}: ${contents}`, () => assert.is(contentsOf(value), contents));

for (const value of [
  '',
  'my-tls',
  'x'.repeat(100),
  'a b '.repeat(40),
  base64('hello '.repeat(40)),
  base64(pem).slice(0, 63),
  null,
  5,
  [pem],
])
  test(`nothing: ${String(value).slice(0, 20)}`, () => assert.is(contentsOf(value), null));

test('private keys in DER, by kind', () => {
  for (const kind of ['rsa2048', 'p256', 'ed25519'] as const)
    assert.is(contentsOfBytes(key(kind, 3).export({ type: 'pkcs8', format: 'der' })), 'private key', kind);
  assert.is(contentsOfBytes(rsa.leaf.privateKey.export({ type: 'pkcs1', format: 'der' })), 'private key');
  assert.is(contentsOfBytes(leaf.privateKey.export({ type: 'sec1', format: 'der' })), 'private key');
});

test('PKCS#12, and DER of something else', () => {
  const file = pkcs12({ certificates: [leaf.der], keys: [leaf.privateKey], passphrase: 'x' });
  assert.is(contentsOfBytes(file), 'pkcs12');
  assert.is(contentsOfBytes(createPublicKey(leaf.privateKey).export({ type: 'spki', format: 'der' })), null);
  assert.is(contentsOfBytes(Buffer.alloc(0)), null);
  assert.is(contentsOf(pkcs8(leaf.privateKey)), 'private key');
});

test.run();
