import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintText, rulesOf } from '../support/lint.ts';
import { type Hash, issue, key, pemBlock, pkcs8 } from '../support/pki.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const ROOT = issue({ subject: 'CN=root', ca: true, key: key('rsa2048', 1) });
const LEAF_KEY = base64(pkcs8(key('p256')));

/** Whether a certificate that the root signed in this way is called weak. */
async function isWeak(hash: Hash, changed: (der: Buffer) => Buffer = (der) => der, pss = false) {
  const leaf = issue({ issuer: ROOT, hash, pss });
  const crt = base64(pemBlock('CERTIFICATE', changed(leaf.der)) + ROOT.pem);
  const { findings } = await lintText(inlineYaml(crt, LEAF_KEY));
  return findings.some(({ message }) => message.includes('which is broken'));
}

for (const [hash, weak] of [
  ['md5', true],
  ['sha1', true],
  ['sha224', false],
  ['sha256', false],
  ['sha384', false],
  ['sha512', false],
] as const) {
  test(`RSA with ${hash}, PKCS#1 and PSS: ${weak ? 'weak' : 'not weak'}`, async () => {
    assert.is(await isWeak(hash), weak);
    assert.is(await isWeak(hash, undefined, true), weak);
  });
}

// Nothing signs with these any more: the OID of MD5 with RSA ends in 4.
for (const [name, last] of [
  ['MD2', 2],
  ['MD4', 3],
] as const) {
  test(`RSA with ${name}: weak`, async () => {
    const changed = (der: Buffer) =>
      Buffer.from(der.toString('hex').replaceAll('2a864886f70d010104', `2a864886f70d01010${last}`), 'hex');
    assert.is(await isWeak('md5', changed), true);
  });
}

test('a signature of a certificate on itself does not count', async () => {
  const root = issue({ subject: 'CN=root', ca: true, key: key('rsa2048', 1), hash: 'sha1' });
  const leaf = issue({ issuer: root });
  const yaml = inlineYaml(base64(leaf.pem + root.pem), LEAF_KEY);
  assert.not(rulesOf(await lintText(yaml)).includes('cert-weak-signature'));
});

test.run();
