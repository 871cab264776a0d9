import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { publicKeyFacts, publicKeyFactsOfSpki, sameKey } from '../../src/x509/public-key.ts';
import { encoded, oid, sequence } from '../support/asn1.ts';
import { issue, type KeyKind, key, spkiOf } from '../support/pki.ts';
import { tries } from '../support/property.ts';

const factsOf = (privateKey: KeyObject) => publicKeyFacts(createPublicKey(privateKey));

/** The SubjectPublicKeyInfo of a P-256 key with its point compressed (SEC 1 section 2.3.3). */
function compressed(privateKey: KeyObject): Buffer {
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1;
  const point = Buffer.concat([Buffer.from([2 + odd]), Buffer.from(x, 'base64url')]);
  const algorithm = sequence([oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')]);
  return encoded(sequence([algorithm, new asn1js.BitString({ valueHex: point })]));
}

/** An ordinary RSA key's numbers under the identifier of another algorithm. */
function underAlgorithm(privateKey: KeyObject, id: string): Buffer {
  const whole = asn1js.fromBER(spkiOf(privateKey)).result as asn1js.Sequence;
  const [, numbers] = whole.valueBlock.value;
  return encoded(sequence([sequence([oid(id)]), numbers as asn1js.BitString]));
}

test('the point at infinity, which OpenSSL loads and cannot write again, is an EC key of no size', () => {
  const spki = Buffer.from('3019301306072a8648ce3d020106082a8648ce3d03010703020000', 'hex');
  const { type, bits } = publicKeyFactsOfSpki(spki);
  assert.equal({ type, bits }, { type: 'ec', bits: null });
});

test('each kind of key is described in the words of the field', () => {
  for (const [kind, description, type, bits, curve] of [
    ['rsa2048', 'RSA 2048', 'rsa', 2048, null],
    ['rsa-pss', 'RSA-PSS 2048', 'rsa-pss', 2048, null],
    ['p256', 'EC P-256', 'ec', 256, 'P-256'],
    ['p384', 'EC P-384', 'ec', 384, 'P-384'],
    ['p521', 'EC P-521', 'ec', 521, 'P-521'],
    ['p224', 'EC P-224', 'ec', 224, 'P-224'],
    ['secp256k1', 'EC secp256k1', 'ec', 256, 'secp256k1'],
    ['brainpool256', 'EC brainpoolP256r1', 'ec', 256, 'brainpoolP256r1'],
    ['ec-explicit', 'EC explicit parameters', 'ec', 256, 'explicit'],
    ['ed25519', 'Ed25519', 'ed25519', null, null],
    ['ed448', 'Ed448', 'ed448', null, null],
    ['x25519', 'X25519', 'x25519', null, null],
  ] satisfies [KeyKind, string, string, number | null, string | null][]) {
    const spki = spkiOf(key(kind));
    const exponent = type === 'rsa' ? 65537n : null;
    assert.equal(factsOf(key(kind)), { description, type, bits, curve, exponent, spki });
    assert.equal(publicKeyFactsOfSpki(spki), { description, type, bits, curve, exponent, spki });
  }
});

test('a key that OpenSSL cannot load is what its identifier says', () => {
  for (const [id, description, type] of [
    ['1.2.840.113549.1.1.1', 'RSA', 'rsa'],
    ['1.2.840.113549.1.1.10', 'RSA-PSS', 'rsa-pss'],
    ['1.2.840.10040.4.1', 'DSA', 'dsa'],
    ['1.2.840.113549.1.3.1', 'DH', 'dh'],
    ['1.2.840.10045.2.1', 'EC', 'ec'],
    ['1.3.101.110', 'X25519', 'x25519'],
    ['1.3.101.111', 'X448', 'x448'],
    ['1.3.101.112', 'Ed25519', 'ed25519'],
    ['1.3.101.113', 'Ed448', 'ed448'],
    ['2.16.840.1.101.3.4.3.17', 'unknown algorithm 2.16.840.1.101.3.4.3.17', 'unknown'],
  ] as const) {
    const spki = encoded(
      sequence([sequence([oid(id)]), new asn1js.BitString({ valueHex: Buffer.from('no key') })]),
    );
    assert.equal(publicKeyFactsOfSpki(spki), {
      description,
      type,
      bits: null,
      curve: null,
      exponent: null,
      spki,
    });
  }
});

test('bytes that are not a key at all are unknown, and nothing throws', () => {
  // A GeneralizedTime without digits makes the library throw.
  assert.is(publicKeyFactsOfSpki(Buffer.from('1800', 'hex')).type, 'unknown');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const facts = publicKeyFactsOfSpki(Buffer.from(bytes));
      assert.is(facts.type, 'unknown');
      assert.not(sameKey(facts, factsOf(key('p256'))));
    }),
    tries(),
  );
});

test('a key is the same in another encoding of it', () => {
  const point = publicKeyFactsOfSpki(compressed(key('p256')));
  assert.is(point.description, 'EC P-256');
  assert.not(point.spki.equals(spkiOf(key('p256'))));
  assert.ok(sameKey(point, factsOf(key('p256'))));
  assert.not(sameKey(point, factsOf(key('p256', 1))));
});

test('an RSA key is the same without the NULL that its algorithm should have', () => {
  const without = underAlgorithm(key('rsa2048'), '1.2.840.113549.1.1.1');
  assert.not(without.equals(spkiOf(key('rsa2048'))));
  assert.ok(sameKey(publicKeyFactsOfSpki(without), factsOf(key('rsa2048'))));
  assert.not(sameKey(publicKeyFactsOfSpki(without), factsOf(key('rsa2048', 1))));
});

test('RSA and RSA-PSS are two types, also with the same numbers', () => {
  const pss = publicKeyFactsOfSpki(underAlgorithm(key('rsa2048'), '1.2.840.113549.1.1.10'));
  assert.is(pss.description, 'RSA-PSS 2048');
  assert.not(sameKey(pss, factsOf(key('rsa2048'))));
});

test('sameKey agrees with X509_check_private_key', () => {
  const keys = [
    key('rsa2048'),
    key('rsa-pss'),
    key('rsa-pss-restricted'),
    key('p256'),
    key('p256', 1),
    key('ec-explicit'),
    key('p384'),
    key('ed25519'),
  ];
  const certificates = keys.map((each) => new X509Certificate(issue({ key: each }).der));
  for (const certificate of certificates) {
    for (const each of keys) {
      const facts = publicKeyFacts(certificate.publicKey);
      assert.is(sameKey(facts, factsOf(each)), certificate.checkPrivateKey(each), facts.description);
    }
  }
});

test.run();
