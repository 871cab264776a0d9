import * as asn1js from 'asn1js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeAsn1 } from '../../src/x509/asn1.ts';
import { readSignatureAlgorithm } from '../../src/x509/signature-algorithm.ts';
import { type Asn1, constructed, encoded, oid, sequence } from '../support/asn1.ts';

const read = (...parts: Asn1[]) => readSignatureAlgorithm(decodeAsn1(encoded(sequence(parts))));

const ALGORITHMS: readonly [oid: string, algorithm: string, hash: string | null][] = [
  ['1.2.840.113549.1.1.2', 'md2WithRSAEncryption', 'md2'],
  ['1.2.840.113549.1.1.3', 'md4WithRSAEncryption', 'md4'],
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption', 'md5'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption', 'sha1'],
  ['1.3.14.3.2.29', 'sha1WithRSA', 'sha1'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption', 'sha224'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption', 'sha512'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1', 'sha1'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224', 'sha224'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256', 'sha256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384', 'sha384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512', 'sha512'],
  ['1.2.840.10040.4.3', 'dsa-with-SHA1', 'sha1'],
  ['2.16.840.1.101.3.4.3.1', 'dsa-with-SHA224', 'sha224'],
  ['2.16.840.1.101.3.4.3.2', 'dsa-with-SHA256', 'sha256'],
  ['2.16.840.1.101.3.4.3.3', 'dsa-with-SHA384', 'sha384'],
  ['2.16.840.1.101.3.4.3.4', 'dsa-with-SHA512', 'sha512'],
  ['1.3.101.112', 'Ed25519', null],
  ['1.3.101.113', 'Ed448', null],
  ['1.2.3.4', '1.2.3.4', null],
];
for (const [id, algorithm, hash] of ALGORITHMS) {
  test(`${id} is ${algorithm}, ${hash ?? 'no hash of its own'}`, () => {
    assert.equal(read(oid(id)), { algorithm, hash });
    assert.equal(read(oid(id), new asn1js.Null()), { algorithm, hash });
  });
}

const PSS = '1.2.840.113549.1.1.10';
const HASHES: readonly [oid: string, hash: string | null][] = [
  ['1.2.840.113549.2.2', 'md2'],
  ['1.2.840.113549.2.5', 'md5'],
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['1.2.3.4', null],
];
for (const [id, hash] of HASHES) {
  test(`RSASSA-PSS with the hash ${id}: ${hash ?? 'unknown'}`, () => {
    const salt = constructed(2, [new asn1js.Integer({ value: 20 })]);
    const parameters = sequence([constructed(0, [sequence([oid(id)])]), salt]);
    assert.equal(read(oid(PSS), parameters), { algorithm: 'RSASSA-PSS', hash });
  });
}

test('RSASSA-PSS without a hash means SHA-1 (RFC 4055 section 3.1)', () => {
  const salt = constructed(2, [new asn1js.Integer({ value: 32 })]);
  for (const parameters of [sequence([]), sequence([salt])]) {
    assert.equal(read(oid(PSS), parameters), { algorithm: 'RSASSA-PSS', hash: 'sha1' });
  }
});

test('another shape is refused', () => {
  assert.throws(() => readSignatureAlgorithm(undefined));
  assert.throws(() => read());
  assert.throws(() => read(new asn1js.Null()));
  assert.throws(() => read(oid(PSS)));
});

test.run();
