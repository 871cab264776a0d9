import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as asn1js from 'asn1js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { publicKeyFacts } from '../../src/x509/public-key.ts';
import { plainRsaKey, plainRsaPrivateKey } from '../../src/x509/rsa-key.ts';
import { decoded, encoded, oid, sequence } from '../support/asn1.ts';
import { key, spkiOf } from '../support/pki.ts';

const RSA = key('rsa2048');
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const pkcs1Of = (privateKey: KeyObject) => privateKey.export({ type: 'pkcs1', format: 'der' });
const pkcs8Of = (privateKey: KeyObject) => privateKey.export({ type: 'pkcs8', format: 'der' });
const factsOf = (privateKey: KeyObject) => publicKeyFacts(createPublicKey(privateKey));

/** PKCS#1 with its numbers changed: version, n, e, d, p, q, dP, dQ, qInv. */
function changed(change: (numbers: asn1js.Integer[]) => asn1js.BaseBlock[]): Buffer {
  const { value } = (decoded(pkcs1Of(RSA)) as asn1js.Sequence).valueBlock;
  return encoded(sequence(change(value as asn1js.Integer[]) as never[]));
}

/** An INTEGER with these octets, as they are. */
const integer = (hex: string) => new asn1js.Integer({ valueHex: Buffer.from(hex, 'hex') });
const octetsOf = ({ valueBlock }: asn1js.Integer) => Buffer.from(valueBlock.valueHexView).toString('hex');

test('what it says of a usual key is what OpenSSL says', () => {
  for (const privateKey of [RSA, key('rsa2048', 1), rsa(1024), rsa(1032)]) {
    const facts = factsOf(privateKey);
    assert.equal(plainRsaKey(spkiOf(privateKey)), facts);
    assert.equal(plainRsaPrivateKey(pkcs1Of(privateKey), 'pkcs1'), facts);
    assert.equal(plainRsaPrivateKey(pkcs8Of(privateKey), 'pkcs8'), facts);
  }
});

test('keys of other sizes and kinds are left to OpenSSL', () => {
  for (const privateKey of [rsa(1016), key('rsa-pss'), key('p256'), key('ed25519')]) {
    assert.is(plainRsaKey(spkiOf(privateKey)), null);
    assert.is(plainRsaPrivateKey(pkcs8Of(privateKey), 'pkcs8'), null);
  }
  assert.is(plainRsaPrivateKey(pkcs1Of(rsa(1016)), 'pkcs1'), null);
  assert.is(plainRsaPrivateKey(pkcs1Of(RSA), 'pkcs8'), null);
  assert.is(plainRsaPrivateKey(pkcs8Of(RSA), 'pkcs1'), null);
});

test('keys in another encoding than that of OpenSSL are left to it', () => {
  const spki = spkiOf(RSA);
  const [, numbers] = (decoded(spki) as asn1js.Sequence).valueBlock.value;
  const withoutNull = encoded(sequence([sequence([oid('1.2.840.113549.1.1.1')]), numbers as never]));
  for (const each of [
    withoutNull,
    Buffer.concat([spki, Buffer.of(0)]),
    spki.subarray(0, -1),
    Buffer.alloc(0),
  ])
    assert.is(plainRsaKey(each), null);

  const padded = changed(([version, n, ...rest]) => [
    version as asn1js.Integer,
    integer(`00${octetsOf(n as asn1js.Integer)}`),
    ...rest,
  ]);
  const longer = Buffer.concat([pkcs1Of(RSA), Buffer.of(0)]);
  for (const each of [padded, longer, Buffer.alloc(0)]) assert.is(plainRsaPrivateKey(each, 'pkcs1'), null);
});

test('numbers that do not fit together are left to OpenSSL, and too many or too few', () => {
  for (let at = 0; at < 9; at += 1) {
    // The private exponent itself is used by nobody: the primes are.
    if (at === 3) continue;
    for (const other of at === 0 ? ['01', '05'] : ['00', '01', '05'])
      assert.is(
        plainRsaPrivateKey(
          changed((all) => all.with(at, integer(other))),
          'pkcs1',
        ),
        null,
        `${at} ${other}`,
      );
  }
  assert.is(
    plainRsaPrivateKey(
      changed((all) => all.slice(0, 8)),
      'pkcs1',
    ),
    null,
  );
  assert.is(
    plainRsaPrivateKey(
      changed((all) => [...all, integer('01')]),
      'pkcs1',
    ),
    null,
  );
});

test('a number longer than the modulus, with which OpenSSL might compute for minutes, is left to it', () => {
  const { p = '' } = RSA.export({ format: 'jwk' });
  const prime = BigInt(`0x${Buffer.from(p, 'base64url').toString('hex')}`);
  const withExponent = (times: bigint) =>
    changed((all) => {
      const dp = BigInt(`0x${octetsOf(all[6] as asn1js.Integer)}`) + times * (prime - 1n);
      return all.with(6, asn1js.Integer.fromBigInt(dp));
    });
  assert.equal(plainRsaPrivateKey(withExponent(1n << 1000n), 'pkcs1'), factsOf(RSA));
  assert.is(plainRsaPrivateKey(withExponent(1n << 1100n), 'pkcs1'), null);
  assert.ok(createPrivateKey({ key: withExponent(1n << 1000n), format: 'der', type: 'pkcs1' }));
});

test.run();
