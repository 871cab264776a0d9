import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readMaterial } from '../../src/x509/material.ts';
import { MAX_SECRET_SIZE } from '../../src/x509/secret-size.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

const { leaf, pem } = chain();
const KEY = pkcs8(leaf.privateKey);
const read = (crt: string | null, key: string | null) =>
  readMaterial(crt && base64(crt), key && base64(key), null, { roots: null, at: new Date() });

test('both values down to chain and key', () => {
  const { certificates, chain, privateKey, owned, size, refusal } = read(pem, KEY);
  assert.is(certificates.length, 3);
  assert.is(chain?.leaf, certificates[0]);
  assert.is(privateKey?.state, 'opened');
  assert.equal(owned, [certificates[0]]);
  assert.is(size, pem.length + KEY.length);
  assert.is(refusal(), null);
});

test('one value alone', () => {
  const [crt, key, none] = [read(pem, null), read(null, KEY), read(null, null)];
  assert.equal([crt.size, key.size, none.size], [pem.length, KEY.length, 0]);
  assert.equal([crt.key, key.crt], [null, null]);
  assert.equal([crt.privateKey, crt.owned, key.chain], [null, [], null]);
  for (const each of [crt, key, none]) assert.is(each.refusal(), null);
});

test('a pair that does not belong together is refused', () => {
  assert.type(read(pem, pkcs8(chain({ tag: 'other' }).leaf.privateKey)).refusal(), 'string');
});

test('1 MiB is read, a Secret that is larger is not', () => {
  assert.is(MAX_SECRET_SIZE, 1_048_576);
  for (const [size, isRead] of [
    [1_048_576, true],
    [1_048_577, false],
  ] as const) {
    const padding = '\n'.repeat(size - pem.length - KEY.length);
    for (const material of [read(pem + padding, KEY), read(pem, KEY + padding)]) {
      assert.is(material.size, size);
      assert.is(material.chain !== null, isRead);
      assert.is(material.privateKey !== null, isRead);
      assert.is(material.certificates.length, isRead ? 3 : 0);
    }
  }
});

test('no chain where there is no certificate, or one cannot be read', () => {
  assert.is(read(KEY, KEY).chain, null);
  const spoilt = pem.replace(/MII(.{20})/, 'MIA$1');
  const { chain, unreadable, certificates } = read(spoilt, KEY);
  assert.equal([chain, unreadable.length, certificates.length], [null, 1, 2]);
});

test.run();
