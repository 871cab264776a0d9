import { createHash, createPublicKey } from 'node:crypto';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCertificate } from '../../src/x509/certificate.ts';
import { encoded, issue, key, spkiOf, universal } from '../support/pki.ts';
import { tries } from '../support/property.ts';
import { readOne } from '../support/read.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const readDer = (der: Buffer, label = 'CERTIFICATE') => readCertificate({ der, label, line: 7 }, 3);
const reasonFor = (der: Buffer, label?: string) => {
  const reading = readDer(der, label);
  return reading.ok ? null : reading.unreadable.reason;
};

test('an ordinary certificate for a server', () => {
  const root = issue({ subject: 'CN=Test Root,O=Example', key: key('p256', 1), ca: true });
  const issued = issue({
    subject: 'CN=lightrun.example.com,O=Example',
    issuer: root,
    serial: Buffer.from([0x4f, 0x01]),
    notBefore: new Date('2026-11-23T00:00:00Z'),
    notAfter: new Date('2027-02-21T00:00:00Z'),
    san: ['lightrun.example.com', '*.example.com'],
  });
  const certificate = readOne(issued);
  assert.is(certificate.subject, 'CN=lightrun.example.com,O=Example');
  assert.is(certificate.issuer, 'CN=Test Root,O=Example');
  assert.is(certificate.commonName, 'lightrun.example.com');
  assert.equal(certificate.subjectRdns, ['2.5.4.10=example', '2.5.4.3=lightrun.example.com']);
  assert.is(certificate.issuerKey, readOne(root).subjectKey);
  assert.is(certificate.selfIssued, false);
  assert.is(certificate.version, 3);
  assert.is(certificate.serialNumber, '4F01');
  assert.is(certificate.notBefore.toISOString(), '2026-11-23T00:00:00.000Z');
  assert.is(certificate.notAfter.toISOString(), '2027-02-21T00:00:00.000Z');
  assert.equal(certificate.dnsNames, ['lightrun.example.com', '*.example.com']);
  assert.is(certificate.publicKey.description, 'EC P-256');
  assert.is(certificate.fingerprintSha256, sha256(issued.der));
  assert.is(certificate.pinSha256, sha256(spkiOf(issued.privateKey)));
  assert.equal(certificate.signature, { algorithm: 'ecdsa-with-SHA256', hash: 'sha256' });
  assert.equal(certificate.der, issued.der);
  assert.ok(certificate.x509.publicKey.equals(createPublicKey(issued.privateKey)));
});

test('index and line are those of the block', () => {
  const reading = readDer(issue().der);
  assert.ok(reading.ok);
  assert.is(reading.certificate.index, 3);
  assert.is(reading.certificate.line, 7);
  const refused = readDer(Buffer.from([0x30]));
  assert.ok(!refused.ok);
  assert.is(refused.unreadable.index, 3);
  assert.is(refused.unreadable.line, 7);
});

test('signature algorithms and their hashes', () => {
  const signed = (kind: Parameters<typeof key>[0], options = {}) =>
    readOne(issue({ key: key(kind), ...options })).signature;
  assert.equal(signed('rsa1024', { hash: 'md5' }), { algorithm: 'md5WithRSAEncryption', hash: 'md5' });
  assert.equal(signed('rsa1024', { hash: 'sha1' }), { algorithm: 'sha1WithRSAEncryption', hash: 'sha1' });
  assert.equal(signed('rsa1024', { hash: 'sha512' }), {
    algorithm: 'sha512WithRSAEncryption',
    hash: 'sha512',
  });
  assert.equal(signed('rsa1024', { hash: 'sha1', pss: true }), { algorithm: 'RSASSA-PSS', hash: 'sha1' });
  assert.equal(signed('rsa1024', { hash: 'sha384', pss: true }), { algorithm: 'RSASSA-PSS', hash: 'sha384' });
  assert.equal(signed('p384', { hash: 'sha1' }), { algorithm: 'ecdsa-with-SHA1', hash: 'sha1' });
  assert.equal(signed('ed25519'), { algorithm: 'Ed25519', hash: null });
});

test('every kind of key is read and described', () => {
  const described = (kind: Parameters<typeof key>[0]) =>
    readOne(issue({ key: key(kind) })).publicKey.description;
  assert.is(described('rsa2048'), 'RSA 2048');
  assert.is(described('secp256k1'), 'EC secp256k1');
  assert.is(described('ec-explicit'), 'EC explicit parameters');
  assert.is(described('ed25519'), 'Ed25519');
});

test('validity from before 1950 to the year 9999', () => {
  const certificate = readOne(
    issue({ notBefore: new Date('1949-12-31T23:59:59Z'), notAfter: new Date('9999-12-31T23:59:59Z') }),
  );
  assert.is(certificate.notBefore.toISOString(), '1949-12-31T23:59:59.000Z');
  assert.is(certificate.notAfter.toISOString(), '9999-12-31T23:59:59.000Z');
  const turn = readOne(
    issue({ notBefore: new Date('1950-01-01T00:00:00Z'), notAfter: new Date('2049-12-31T00:00:00Z') }),
  );
  assert.is(turn.notBefore.toISOString(), '1950-01-01T00:00:00.000Z');
  assert.is(turn.notAfter.toISOString(), '2049-12-31T00:00:00.000Z');
});

test('validity from the year 1 on, as Go encodes a zero time', () => {
  const from = (text: string) => issue({ notBefore: universal(24, text) });
  const years = {
    '00010101000000Z': '0001-01-01',
    '00040229000000Z': '0004-02-29',
    '00991231000000Z': '0099-12-31',
  };
  for (const [encoding, date] of Object.entries(years)) {
    assert.is(readOne(from(encoding)).notBefore.toISOString(), `${date}T00:00:00.000Z`);
  }
  for (const text of ['00001231235959Z', '00050229000000Z']) {
    assert.is(reasonFor(from(text).der), 'a date in its validity is none that exists', text);
  }
});

test('dates that do not exist, or are not in UTC to the second, make it unreadable', () => {
  const utc = (value: string) => new asn1js.UTCTime({ value });
  const general = (text: string) => {
    const node = new asn1js.GeneralizedTime({ value: '20500101000000Z' });
    node.valueBlock.valueHexView = Buffer.from(text);
    return node;
  };
  const reason = 'a date in its validity is none that exists';
  for (const text of ['261301000000Z', '260230000000Z', '260101240000Z', '260101006000Z', '260101000060Z']) {
    assert.is(reasonFor(issue({ notAfter: utc(text) }).der), reason, text);
  }
  for (const text of ['20501301000000Z', '00000101000000Z']) {
    assert.is(reasonFor(issue({ notAfter: general(text) }).der), reason, text);
  }
  for (const text of ['20500101000000.5Z', '20500101000000+0100', '20500101000000', 'nonsense', '']) {
    assert.ok(reasonFor(issue({ notBefore: general(text) }).der), text);
  }
});

test('a truncated certificate is unreadable at every length', () => {
  const { der } = issue({ key: key('p256') });
  for (let length = 0; length < der.length; length += 3) {
    assert.ok(reasonFor(der.subarray(0, length)), `${length} bytes`);
  }
});

test('a certificate that is cut off says so', () => {
  const { der } = issue();
  assert.is(reasonFor(der.subarray(0, 100)), `it is cut off: 100 of ${der.length} bytes are there`);
});

test('bytes behind the certificate make it unreadable, but for the label that says so', () => {
  const { der } = issue();
  const longer = Buffer.concat([der, Buffer.from('3000', 'hex')]);
  assert.is(reasonFor(longer), '2 bytes too many follow the certificate');
  assert.is(reasonFor(longer, 'X509 CERTIFICATE'), '2 bytes too many follow the certificate');
  assert.is(reasonFor(longer, 'TRUSTED CERTIFICATE'), null);
  const trusted = readDer(longer, 'TRUSTED CERTIFICATE');
  assert.ok(trusted.ok);
  assert.is(trusted.certificate.fingerprintSha256, sha256(der));
});

test('PEM text where DER should be is unreadable', () => {
  assert.ok(reasonFor(Buffer.from(issue().pem)));
});

test('ASN.1 with absurd lengths, depths and numbers of parts is unreadable at once', () => {
  const started = performance.now();
  const deep = Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.from('3080', 'hex')));
  const wide = Buffer.concat([Buffer.from('308400100000', 'hex'), Buffer.alloc(0x100000, '0500', 'hex')]);
  for (const der of [
    Buffer.from('3084ffffffff', 'hex'),
    Buffer.from('3089ffffffffffffffffff00', 'hex'),
    Buffer.from('30ff', 'hex'),
    Buffer.from('3082ffff3082ffff3082ffff', 'hex'),
    Buffer.from('1f8080808080808080808000', 'hex'),
    deep,
    wide,
  ]) {
    assert.ok(reasonFor(der));
  }
  assert.ok(performance.now() - started < 5000);
});

test('arbitrary bytes, and a certificate with any byte changed, never throw', () => {
  const { der } = issue({
    san: ['a.example', '10.0.0.1'],
    nameConstraints: { permitted: ['example', 'dir:CN=x'] },
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.type(readDer(Buffer.from(bytes)).ok, 'boolean');
    }),
    tries(),
  );
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(der);
      changed[at] = byte;
      const reading = readDer(changed);
      if (reading.ok) assert.not.throws(() => reading.certificate.notAfter.toISOString());
      else assert.ok(reading.unreadable.reason);
    }),
    tries(300),
  );
});

test('ten thousand names are read in little time', () => {
  const san = Array.from({ length: 10_000 }, (_, at) => `host-${at}.example.com`);
  const { der } = issue({ san });
  const started = performance.now();
  const reading = readDer(der);
  const took = performance.now() - started;
  assert.ok(reading.ok);
  assert.equal(reading.certificate.dnsNames, san);
  assert.ok(took < 5000, `${took} ms`);
});

test('a certificate of version 1 has no extensions', () => {
  const certificate = readOne(issue({ version: 1 }));
  assert.is(certificate.version, 1);
  assert.is(certificate.isCa, null);
  assert.is(certificate.keyUsage, null);
  assert.is(certificate.hasSubjectAltName, false);
});

test('a key that OpenSSL cannot load is still described', () => {
  const { der } = issue();
  const point = encoded(new asn1js.ObjectIdentifier({ value: '1.2.840.10045.3.1.7' }));
  const changed = Buffer.from(der);
  changed[der.indexOf(point) + point.length - 1] = 0x7f;
  const reading = readDer(changed);
  assert.ok(!reading.ok || reading.certificate.publicKey.description !== '');
});

test('a version that does not exist makes it unreadable', () => {
  const { der } = issue({ subject: 'CN=a' });
  const at = der.indexOf(Buffer.from('a003020102', 'hex'));
  const mutated = Buffer.from(der);
  mutated[at + 4] = 3;
  assert.is(reasonFor(mutated), 'its version is none that exists');
});

test('names can be looked at in whatever certificate OpenSSL takes', () => {
  const { der } = issue({ subject: 'CN=a,O=b' });
  for (let offset = 0; offset < der.length; offset += 1) {
    for (const byte of [0, 3, 0xff]) {
      const mutated = Buffer.from(der);
      mutated[offset] = byte;
      const reading = readDer(mutated);
      if (!reading.ok) continue;
      const { subject, issuer, subjectRdns, issuerRdns } = reading.certificate;
      assert.ok([subject, issuer].every((text) => typeof text === 'string'));
      assert.ok([subjectRdns, issuerRdns].every(Array.isArray));
    }
  }
});

test('a public key that stands elsewhere in the certificate too misleads nobody', () => {
  const privateKey = key('p256', 40);
  const spki = spkiOf(privateKey);
  const certificates = [
    issue({ key: privateKey, extensions: [{ oid: '1.2.3.4', value: spki }] }),
    issue({ key: privateKey, subject: [[['CN', new asn1js.BitString({ valueHex: spki })]]] }),
  ];
  for (const issued of certificates) {
    const certificate = readOne(issued);
    assert.is(certificate.version, 3);
    assert.equal(certificate.dnsNames, ['lightrun.example.com']);
    assert.equal(certificate.keyUsage, ['digitalSignature', 'keyEncipherment']);
    assert.is(certificate.signature.hash, 'sha256');
  }
});

test.run();
