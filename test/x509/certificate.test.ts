import { createHash, createPublicKey } from 'node:crypto';
import * as asn1js from 'asn1js';
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Certificate, readCertificate } from '../../src/x509/certificate.ts';
import { encoded, issue, key, type Name, spkiOf } from '../support/pki.ts';
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
  assert.is(certificate.signatureAlgorithm.algorithm, 'ecdsa-with-SHA256');
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
  const signed = (kind: Parameters<typeof key>[0], options = {}) => {
    const { algorithm, hash } = readOne(issue({ key: key(kind), ...options })).signatureAlgorithm;
    return [algorithm, hash];
  };
  assert.equal(signed('rsa1024', { hash: 'md5' }), ['md5WithRSAEncryption', 'md5']);
  assert.equal(signed('rsa1024', { hash: 'sha1' }), ['sha1WithRSAEncryption', 'sha1']);
  assert.equal(signed('rsa1024', { hash: 'sha512' }), ['sha512WithRSAEncryption', 'sha512']);
  assert.equal(signed('rsa1024', { hash: 'sha1', pss: true }), ['RSASSA-PSS', 'sha1']);
  assert.equal(signed('rsa1024', { hash: 'sha384', pss: true }), ['RSASSA-PSS', 'sha384']);
  assert.equal(signed('p384', { hash: 'sha1' }), ['ecdsa-with-SHA1', 'sha1']);
  assert.equal(signed('ed25519'), ['Ed25519', null]);
});

test('every kind of key is read and described', () => {
  const described = (kind: Parameters<typeof key>[0]) =>
    readOne(issue({ key: key(kind) })).publicKey.description;
  assert.is(described('rsa2048'), 'RSA 2048');
  assert.is(described('secp256k1'), 'EC secp256k1');
  assert.is(described('ec-explicit'), 'EC explicit parameters');
  assert.is(described('ed25519'), 'Ed25519');
});

test('a truncated certificate is unreadable at every length', () => {
  const { der } = issue({ key: key('p256') });
  for (let length = 0; length < der.length; length += 3) {
    assert.ok(reasonFor(der.subarray(0, length)), `${length} bytes`);
  }
});

test('the reason says that a certificate is truncated', () => {
  const { der } = issue();
  assert.is(reasonFor(der.subarray(0, 100)), `it is truncated: 100 of ${der.length} bytes`);
});

test('bytes after the certificate make it unreadable, except under the label for them', () => {
  const { der } = issue();
  const longer = Buffer.concat([der, Buffer.from('3000', 'hex')]);
  assert.is(reasonFor(longer), '2 extra bytes follow the certificate');
  assert.is(reasonFor(longer, 'X509 CERTIFICATE'), '2 extra bytes follow the certificate');
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
  assert.is(reasonFor(mutated), 'its version is not 1, 2 or 3');
});

test('every fact can be read of whatever certificate can be read', () => {
  const { der } = issue({
    subject: 'CN=a,O=b',
    ca: true,
    san: ['a.example', '10.0.0.1', 'dir:CN=c'],
    nameConstraints: { permitted: ['dir:CN=c', 'a.example'] },
    extensions: [{ oid: '2.5.29.32', value: encoded(new asn1js.Sequence()) }],
  });
  const facts = Object.entries(Object.getOwnPropertyDescriptors(Certificate.prototype))
    .filter(([, { get }]) => get)
    .map(([name]) => name as keyof Certificate);
  assert.ok(facts.length > 30);
  for (let offset = 0; offset < der.length; offset += 1) {
    for (const byte of [0, 0x1f, 0xff]) {
      const mutated = Buffer.from(der);
      mutated[offset] = byte;
      const reading = readDer(mutated);
      if (!reading.ok) continue;
      for (const fact of facts)
        assert.is.not(reading.certificate[fact], undefined, `${fact} ${offset} ${byte}`);
    }
  }
});

test('a public key that is elsewhere in the certificate too misleads nobody', () => {
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
    assert.is(certificate.signatureAlgorithm.hash, 'sha256');
  }
});

test('a serial number as encoded: its sign and its length', () => {
  for (const [octets, shown] of [
    ['01', '01'],
    ['00', '0'],
    ['00ff', 'FF'],
    ['ff', '-01'],
    ['ff00', '-0100'],
    ['7f'.repeat(21), '7F'.repeat(21)],
  ] as const) {
    const { serialNumberBytes, serialNumber } = readOne(issue({ serial: Buffer.from(octets, 'hex') }));
    assert.is(serialNumberBytes.toString('hex'), octets);
    assert.is(serialNumber, shown);
  }
});

test('an empty subject or issuer has no attributes', () => {
  const certificate = readOne(issue({ subject: [], issuerName: [] }));
  assert.equal(certificate.subjectAttributes, []);
  assert.equal(certificate.issuerAttributes, []);
  assert.is(certificate.subject, '');
  assert.is(certificate.selfIssued, true);
  assert.is(readOne(issue()).issuerAttributes.length, 1);
});

test('attributes of a name keep their types of string and octets, valid or not', () => {
  const ia5 = new asn1js.IA5String();
  ia5.valueBlock.valueHexView = Buffer.from('\xfc', 'latin1');
  const subject: Name = [
    [
      ['O', 'a_b', 'printable'],
      ['OU', ia5],
    ],
    [['CN', 'ü', 'teletex']],
    [['CN', 'ü', 'bmp']],
  ];
  const found = readOne(issue({ subject })).subjectAttributes.map((rdn) =>
    rdn.map(({ type, stringType, value }) => [type, stringType, value.toString('hex')]),
  );
  assert.equal(found, [
    [
      ['2.5.4.10', 'PrintableString', '615f62'],
      ['2.5.4.11', 'IA5String', 'fc'],
    ],
    [['2.5.4.3', 'TeletexString', 'fc']],
    [['2.5.4.3', 'BMPString', '00fc']],
  ]);
});

test('whether the signature algorithm is the same inside what is signed', () => {
  const { der } = issue({ key: key('rsa1024') });
  const sha256 = encoded(new asn1js.ObjectIdentifier({ value: '1.2.840.113549.1.1.11' }));
  const changed = Buffer.from(der);
  changed[der.indexOf(sha256) + sha256.length - 1] = 12;
  const reading = readDer(changed);
  assert.ok(reading.ok);
  assert.is(reading.certificate.isSignatureAlgorithmRepeated, false);
  assert.is(reading.certificate.signatureAlgorithm.hash, 'sha256');
  assert.is(readOne(issue()).isSignatureAlgorithmRepeated, true);
});

test('unique identifiers', () => {
  for (const number of [1, 2]) {
    const certificate = pkijs.Certificate.fromBER(issue().der);
    const identifier = number === 1 ? 'issuerUniqueID' : 'subjectUniqueID';
    certificate[identifier] = Uint8Array.of(0, 1).buffer;
    const reading = readDer(Buffer.from(certificate.toSchema(true).toBER()));
    assert.ok(reading.ok);
    assert.is(reading.certificate.hasUniqueIds, true);
    assert.equal(reading.certificate.dnsNames, ['lightrun.example.com']);
  }
  assert.is(readOne(issue()).hasUniqueIds, false);
});

test('the same certificate at another place', () => {
  const certificate = readOne(issue());
  const moved = certificate.withIndex(5);
  assert.is(moved.index, 5);
  assert.is(moved.fingerprintSha256, certificate.fingerprintSha256);
});

test.run();
