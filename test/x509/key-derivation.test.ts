import * as asn1js from 'asn1js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keyDerivation } from '../../src/x509/key-derivation.ts';
import { type Asn1, encoded, oid, sequence } from '../support/asn1.ts';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const PBE = '1.2.840.113549.1.12.1.3';

const number = (value: bigint) => asn1js.Integer.fromBigInt(value) as Asn1;
const octets = () => new asn1js.OctetString({ valueHex: Buffer.alloc(8) });
const info = (scheme: string, parameters: Asn1[], data: Asn1 = octets()) =>
  encoded(sequence([sequence([oid(scheme), sequence(parameters)]), data]));
const derivedBy = (derivation: string, ...parameters: Asn1[]) =>
  info(PBES2, [sequence([oid(derivation), sequence([octets(), ...parameters])]), sequence([])]);
const scrypt = (...numbers: bigint[]) => keyDerivation(derivedBy(SCRYPT, ...numbers.map(number)));

test('two million iterations are affordable, one more is not', () => {
  for (const [count, expected] of [
    [1n, 'affordable'],
    [2_000_000n, 'affordable'],
    [2_000_001n, 'costly'],
    [1n << 126n, 'costly'],
    [1n << 127n, 'costly'],
    [-(1n << 127n), 'affordable'],
    [-(1n << 135n), 'costly'],
  ] as const) {
    assert.is(keyDerivation(derivedBy(PBKDF2, number(count))), expected, `PBKDF2 ${count}`);
    assert.is(keyDerivation(info(PBE, [octets(), number(count)])), expected, `PBE ${count}`);
  }
});

test('scrypt may take 256 MiB at a time, and pass over 2 GiB', () => {
  for (const [cost, blockSize, parallel, expected] of [
    [16384n, 8n, 1n, 'affordable'],
    [1n << 21n, 1n, 1n, 'affordable'],
    [1n << 18n, 8n, 8n, 'affordable'],
    [1n << 18n, 8n, 9n, 'costly'],
    [(1n << 21n) + 1n, 1n, 1n, 'costly'],
    [1n, (1n << 21n) + 1n, 1n, 'costly'],
    [1n, 1n, 1n << 24n, 'affordable'],
    [1n, 1n, (1n << 24n) + 1n, 'costly'],
  ] as const) {
    assert.is(scrypt(cost, blockSize, parallel), expected, `${cost} ${blockSize} ${parallel}`);
  }
});

test('what is not stated is costly', () => {
  assert.is(scrypt(16384n, 8n), 'costly');
  assert.is(scrypt(16384n), 'costly');
  assert.is(scrypt(), 'costly');
  assert.is(keyDerivation(derivedBy(PBKDF2)), 'costly');
  assert.is(keyDerivation(derivedBy(PBKDF2, octets())), 'costly');
  assert.is(keyDerivation(info(PBES2, [])), 'costly');
  assert.is(keyDerivation(info('1.2.3', [])), 'costly');
});

test('other DER is no EncryptedPrivateKeyInfo', () => {
  for (const der of [
    Buffer.alloc(0),
    encoded(sequence([])),
    info(PBES2, [], new asn1js.BitString({ valueHex: Buffer.alloc(8) })),
    encoded(sequence([sequence([number(1n)]), octets()])),
    encoded(sequence([sequence([]), octets()])),
    encoded(octets()),
  ]) {
    assert.is(keyDerivation(der), 'none');
  }
});

test.run();
