import * as asn1js from 'asn1js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readElement } from '../../src/x509/asn1.ts';
import { readSignatureAlgorithm } from '../../src/x509/signature-algorithm.ts';
import { type Asn1, constructed, oid, sequence } from '../support/asn1.ts';
import { encoded, issue, key } from '../support/pki.ts';
import { readOne } from '../support/read.ts';

const read = (...parts: Asn1[]) => readSignatureAlgorithm(readElement(encoded(sequence(parts))));
const RSASSA_PSS = '1.2.840.113549.1.1.10';
const integer = (value: number): Asn1 => new asn1js.Integer({ value });

test('SHA-3 with RSA, ECDSA', () => {
  const NIST = '2.16.840.1.101.3.4.3';
  const bits = [224, 256, 384, 512];
  for (const [at, size] of bits.entries()) {
    const rsa = read(oid(`${NIST}.${13 + at}`));
    assert.equal([rsa.algorithm, rsa.hash], [`rsassa-pkcs1-v1_5-with-sha3-${size}`, `sha3-${size}`]);
    const ecdsa = read(oid(`${NIST}.${9 + at}`));
    assert.equal([ecdsa.algorithm, ecdsa.hash], [`ecdsa-with-SHA3-${size}`, `sha3-${size}`]);
  }
});

test('an unknown algorithm has its OID for a name, and no hash', () => {
  assert.equal(read(oid('1.2.3')), { oid: '1.2.3', algorithm: '1.2.3', hash: null, pss: null });
});

test('the parameters of RSASSA-PSS as signed', () => {
  const { signatureAlgorithm } = readOne(issue({ key: key('rsa-pss'), hash: 'sha384' }));
  assert.equal(signatureAlgorithm, {
    oid: RSASSA_PSS,
    algorithm: 'RSASSA-PSS',
    hash: 'sha384',
    pss: { hash: 'sha384', maskHash: 'sha384', saltLength: 48, trailerField: 1 },
  });
  assert.is(readOne(issue({ key: key('rsa1024') })).signatureAlgorithm.pss, null);
});

test('parameters of RSASSA-PSS that are left out have the defaults of RFC 4055', () => {
  assert.equal(read(oid(RSASSA_PSS), sequence([])).pss, {
    hash: 'sha1',
    maskHash: 'sha1',
    saltLength: 20,
    trailerField: 1,
  });
  const other = [
    constructed(0, [sequence([oid('1.2.3')])]),
    constructed(1, [sequence([oid('1.2.3'), sequence([oid('1.2.3')])])]),
    constructed(2, [integer(64)]),
    constructed(3, [integer(2)]),
  ];
  assert.equal(read(oid(RSASSA_PSS), sequence(other)).pss, {
    hash: null,
    maskHash: null,
    saltLength: 64,
    trailerField: 2,
  });
});

test('what is malformed is refused', () => {
  assert.throws(() => read());
  assert.throws(() => read(integer(1)));
  assert.throws(() => read(oid(RSASSA_PSS)), 'parameters are not optional here');
});

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
    for (const signature of [read(oid(id)), read(oid(id), new asn1js.Null())]) {
      assert.equal([signature.algorithm, signature.hash], [algorithm, hash]);
    }
  });
}

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
    assert.is(read(oid(RSASSA_PSS), parameters).hash, hash);
  });
}

test.run();
