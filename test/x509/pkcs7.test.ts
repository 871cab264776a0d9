import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificatesOfPkcs7 } from '../../src/x509/pkcs7.ts';
import { constructed, decoded, encoded, oid, sequence } from '../support/asn1.ts';
import { signedData } from '../support/pkcs7.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, pkcs8 } from '../support/pki.ts';

const { leaf, all } = chain();
const CERTIFICATES = all.map(({ der }) => der);

test('the certificates, in the order of the file', () => {
  const reversed = CERTIFICATES.toReversed();
  assert.equal(certificatesOfPkcs7(signedData(reversed.map(decoded))), reversed);
});

test('BER with indefinite lengths', () => {
  const file = signedData(CERTIFICATES.map(decoded), true);
  assert.is(file.readUInt8(1), 0x80);
  assert.equal(certificatesOfPkcs7(file), CERTIFICATES);
});

test('a file without certificates gives none', () => {
  assert.equal(certificatesOfPkcs7(signedData([])), []);
  assert.equal(certificatesOfPkcs7(signedData(null)), []);
});

test('attribute certificates are ignored', () => {
  const attribute = constructed(2, [sequence([])]);
  assert.equal(certificatesOfPkcs7(signedData([attribute, decoded(leaf.der)])), [leaf.der]);
});

test('anything else is not a PKCS#7 file', () => {
  const file = signedData(CERTIFICATES.map(decoded));
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('no file'),
    Buffer.from(leaf.pem),
    Buffer.from(pkcs8(leaf.privateKey)),
    leaf.der,
    pkcs12({ certificates: CERTIFICATES }),
    file.subarray(0, -1),
    encoded(sequence([oid('1.2.840.113549.1.7.2')])),
    encoded(sequence([oid('1.2.840.113549.1.7.1'), constructed(0, [sequence([])])])),
  ]) {
    assert.is(certificatesOfPkcs7(bytes), null);
  }
});

test.run();
