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

test.run();
