import { createSecureContext } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Budget } from '../../src/x509/budget.ts';
import { readMaterial } from '../../src/x509/material.ts';
import { MAX_SECRET_SIZE } from '../../src/x509/secret-size.ts';
import { encryptedKey } from '../support/encrypted-key.ts';
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

test('each pair is loaded as if it were the only one, whatever was loaded before', () => {
  const ec = chain({ keyKind: 'p256', tag: 'ec' });
  const other = chain({ tag: 'other' });
  const keys = [leaf, ec.leaf, other.leaf].map(({ privateKey }) => pkcs8(privateKey));
  for (const [first, second] of [pem, ec.pem, other.pem].flatMap((crt) => keys.map((key) => [crt, key]))) {
    for (const [crt, key] of [pem, ec.pem, other.pem].flatMap((each) => keys.map((key) => [each, key]))) {
      read(first ?? null, second ?? null).refusal();
      assert.is(read(crt ?? null, key ?? null).refusal(), alone(crt ?? '', key ?? ''));
    }
  }
});

/** What OpenSSL says of a pair in a context of its own. */
function alone(crt: string, key: string): string | null {
  try {
    createSecureContext({ cert: crt, key, ca: [], ciphers: 'DEFAULT:@SECLEVEL=1' });
    return null;
  } catch (error) {
    return (error as { reason?: string }).reason ?? '';
  }
}

test('a key whose derivation is too costly is not tried, neither by itself nor with its certificate', () => {
  for (const [rounds, passphrase, isCostly] of [
    [2_147_483_647, 'secret', true],
    [2_147_483_647, null, true],
    [2048, 'secret', false],
  ] as const) {
    const key = encryptedKey(rounds);
    const began = performance.now();
    const material = readMaterial(base64(pem), base64(`\n${key}`), passphrase, {
      roots: null,
      at: new Date(),
    });
    assert.is(material.isCostly(), isCostly, `${rounds} ${passphrase}`);
    assert.is(material.privateKey?.state, 'locked');
    assert.type(material.refusal(), 'string');
    assert.ok(performance.now() - began < 10_000, 'that many rounds take minutes');
  }
});

test('one budget pays for a key by itself and for its pair', () => {
  const key = base64(encryptedKey(2048));
  const costly = (rounds: number) => {
    const trust = { roots: null, at: new Date(), budget: new Budget(rounds) };
    const material = readMaterial(base64(pem), key, 'secret', trust);
    return [material.privateKey?.isCostly, material.isCostly(), material.refusal() === null];
  };
  assert.equal(costly(2047), [true, true, false]);
  assert.equal(costly(2048), [false, true, false]);
  assert.equal(costly(2 * 2048 - 1), [false, true, false]);
  assert.equal(costly(2 * 2048), [false, false, false]);
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
