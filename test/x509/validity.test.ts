/** Dates of certificates, against what OpenSSL makes of them in a handshake. */
import * as asn1js from 'asn1js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readElement } from '../../src/x509/asn1.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { readValidity } from '../../src/x509/validity.ts';
import { handshakeRefusals, loadRefusal } from '../support/consumers.ts';
import { encoded, issue, pkcs8 } from '../support/pki.ts';

type Type = 'UTCTime' | 'GeneralizedTime';
/** A time of whatever text. */
function time(type: Type, text: string) {
  const node =
    type === 'UTCTime'
      ? new asn1js.UTCTime({ value: '260101000000Z' })
      : new asn1js.GeneralizedTime({ value: '20260101000000Z' });
  node.valueBlock.valueHexView = Buffer.from(text, 'latin1');
  return node;
}
function read(type: Type, text: string) {
  const sequence = new asn1js.Sequence({ value: [time(type, text), time('UTCTime', '260101000000Z')] });
  return readValidity(readElement(encoded(sequence))).notBefore;
}

const VALID: readonly [type: Type, text: string, date: string][] = [
  ['UTCTime', '500101000000Z', '1950-01-01T00:00:00.000Z'],
  ['UTCTime', '491231235959Z', '2049-12-31T23:59:59.000Z'],
  ['UTCTime', '991231235959Z', '1999-12-31T23:59:59.000Z'],
  ['UTCTime', '000229000000Z', '2000-02-29T00:00:00.000Z'],
  ['GeneralizedTime', '00010101000000Z', '0001-01-01T00:00:00.000Z'],
  ['GeneralizedTime', '19491231235959Z', '1949-12-31T23:59:59.000Z'],
  ['GeneralizedTime', '20260101000000Z', '2026-01-01T00:00:00.000Z'],
  ['GeneralizedTime', '99991231235959Z', '9999-12-31T23:59:59.000Z'],
];

for (const [type, text, date] of VALID) {
  test(`${type} ${text} is a date`, () => {
    const found = read(type, text);
    assert.is(found.date?.toISOString(), date);
    assert.is(found.type, type);
    assert.is(found.text, text);
  });
}

const INVALID: readonly [type: Type, text: string][] = [
  ['UTCTime', '261301000000Z'],
  ['UTCTime', '260001000000Z'],
  ['UTCTime', '260230000000Z'],
  ['UTCTime', '990229000000Z'],
  ['UTCTime', '260101240000Z'],
  ['UTCTime', '260101006000Z'],
  ['UTCTime', '260101000060Z'],
  ['UTCTime', '2601010000Z'],
  ['UTCTime', '260101000000+0000'],
  ['UTCTime', '20260101000000Z'],
  ['GeneralizedTime', '20501301000000Z'],
  ['GeneralizedTime', '260101000000Z'],
  ['GeneralizedTime', '20500101000000.5Z'],
  ['GeneralizedTime', '20500101000000+0100'],
  ['GeneralizedTime', '20500101000000'],
  ['GeneralizedTime', ''],
];

for (const [type, text] of INVALID) {
  test(`${type} "${text}" is not a date, and OpenSSL refuses it`, async () => {
    assert.equal(read(type, text), { type, text, date: null });
    const issued = issue({ notBefore: time(type, text) });
    const reading = readCertificate({ der: issued.der, label: 'CERTIFICATE', line: 1 }, 0);
    assert.is(reading.ok ? null : reading.unreadable.reason, 'a date in its validity is not valid');
    const [crt, key] = [Buffer.from(issued.pem), Buffer.from(pkcs8(issued.privateKey))];
    // OpenSSL 3.5 does not even load most of them.
    if (loadRefusal(crt, key) !== null) return;
    const [refusal] = await handshakeRefusals(crt, key, issued.pem, null, ['TLSv1.3']);
    assert.ok(refusal);
  });
}

test('the year 0, which no calendar of RFC 5280 has, is not a date', () => {
  assert.is(read('GeneralizedTime', '00000101000000Z').date, null);
});

test('a value of another type is kept as it is', () => {
  const other = new asn1js.Sequence({
    value: [new asn1js.IA5String({ value: '260101000000Z' }), time('UTCTime', '260101000000Z')],
  });
  const { notBefore } = readValidity(readElement(encoded(other)));
  assert.equal(notBefore, { type: null, text: '260101000000Z', date: null });
});

test('OpenSSL accepts a certificate that is valid from the year 1 to 9999', async () => {
  const issued = issue({
    notBefore: time('GeneralizedTime', '00010101000000Z'),
    notAfter: time('GeneralizedTime', '99991231235959Z'),
  });
  const reading = readCertificate({ der: issued.der, label: 'CERTIFICATE', line: 1 }, 0);
  assert.ok(reading.ok);
  assert.is(reading.certificate.notBefore.toISOString(), '0001-01-01T00:00:00.000Z');
  const key = Buffer.from(pkcs8(issued.privateKey));
  assert.equal(
    await handshakeRefusals(Buffer.from(issued.pem), key, issued.pem, null, ['TLSv1.2', 'TLSv1.3']),
    [null, null],
  );
});

test.run();
