import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { GeneralizedTime, UTCTime } from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostsOf } from '../../src/options/generate.ts';
import { type SelfSigned, type SelfSignedRequest, selfSigned } from '../../src/self-signed/certificate.ts';
import { KEY_KINDS, type KeyKind } from '../../src/self-signed/key-pair.ts';
import {
  type Asn1Node,
  children,
  contentBytes,
  decodeAsn1,
  encodedBytes,
  oidOf,
} from '../../src/x509/asn1.ts';
import { handshakeRefusals, loadRefusal } from '../support/consumers.ts';
import { tries } from '../support/property.ts';
import { readOne } from '../support/read.ts';

const NOW = new Date('2026-11-25T12:00:00.999Z');
const HOST = 'lightrun.example.com';

function make(changes: Partial<SelfSignedRequest> = {}): Promise<SelfSigned> {
  return selfSigned({ hosts: [HOST], days: 365, keyKind: 'ec256', now: NOW, ...changes });
}

/** The parts of the TBSCertificate (RFC 5280 section 4.1). */
const parts = ({ der }: SelfSigned) => children(children(decodeAsn1(der))[0]);

const EXPECTED: Record<KeyKind, { key: string; signature: string; usage: string[] }> = {
  rsa2048: { key: 'RSA 2048', signature: 'sha256', usage: ['digitalSignature', 'keyEncipherment'] },
  rsa4096: { key: 'RSA 4096', signature: 'sha256', usage: ['digitalSignature', 'keyEncipherment'] },
  ec256: { key: 'EC P-256', signature: 'sha256', usage: ['digitalSignature'] },
  ec384: { key: 'EC P-384', signature: 'sha384', usage: ['digitalSignature'] },
};

for (const keyKind of KEY_KINDS) {
  test(`${keyKind}: follows RFC 5280, and a TLS client that trusts it alone connects by every name`, async () => {
    const hosts = ['lightrun.example.com', '*.apps.example.com', '10.0.0.5', '2001:db8::ff'] as const;
    const made = await make({ hosts: [...hosts], keyKind, now: new Date() });
    const facts = readOne(made);
    const { key, signature, usage } = EXPECTED[keyKind];
    assert.is(facts.version, 3);
    assert.is(facts.publicKey.description, key);
    assert.is(facts.subject, 'CN=lightrun.example.com');
    assert.ok(facts.selfIssued);
    assert.equal([facts.dnsNames, facts.ipAddresses], [hosts.slice(0, 2), hosts.slice(2)]);
    assert.is(facts.isCa, false);
    assert.equal(facts.keyUsage, usage);
    assert.equal(facts.extendedKeyUsage, ['1.3.6.1.5.5.7.3.1']);
    assert.match(String(facts.subjectKeyId), /^[0-9a-f]{40}$/);
    assert.match(JSON.stringify(facts.signatureAlgorithm), new RegExp(signature, 'i'));

    const [crt, pem] = [Buffer.from(made.pair.crt), Buffer.from(made.pair.key)];
    assert.is(loadRefusal(crt, pem, 2), null);
    const names = ['lightrun.example.com', 'a.apps.example.com', '10.0.0.5', '2001:db8:0::ff'];
    for (const name of names) {
      assert.equal(
        await handshakeRefusals(crt, pem, made.pair.crt, name, ['TLSv1.2', 'TLSv1.3']),
        [null, null],
        name,
      );
    }
    for (const name of ['example.com', 'a.b.apps.example.com', '10.0.0.6']) {
      const [refusal] = await handshakeRefusals(crt, pem, made.pair.crt, name, ['TLSv1.3']);
      assert.match(String(refusal), /does not match certificate's altnames|is not in the cert's list/, name);
    }
  });
}

test('the pair is one PEM block each: the certificate, and its private key as PKCS#8', async () => {
  const { pair, der } = await make();
  const x509 = new X509Certificate(pair.crt);
  assert.ok(x509.raw.equals(der));
  assert.is(x509.toString(), pair.crt);
  assert.match(pair.key, /^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/);
  assert.ok(x509.checkPrivateKey(createPrivateKey(pair.key)));
  assert.ok(x509.verify(x509.publicKey));
});

for (const keyKind of ['rsa2048', 'ec256'] as const) {
  test(`${keyKind}: both signature algorithms are the same, with NULL parameters for RSA and none for ECDSA`, async () => {
    const made = await make({ keyKind });
    const inside = encodedBytes(parts(made)[2] as Asn1Node).toString('hex');
    const outside = encodedBytes(children(decodeAsn1(made.der))[1] as Asn1Node).toString('hex');
    // RFC 4055 section 5: sha256WithRSAEncryption; RFC 5758 section 3.2: ecdsa-with-SHA256.
    const expected = keyKind === 'rsa2048' ? '300d06092a864886f70d01010b0500' : '300a06082a8648ce3d040302';
    assert.equal([inside, outside], [expected, expected]);
  });
}

test('the encoding is DER, whatever the numbers in serial, key and signature are', async () => {
  for (let round = 0; round < 200; round += 1) {
    const { der, pair } = await make();
    const x509 = new X509Certificate(pair.crt);
    // OpenSSL refuses a signature whose numbers are not in DER.
    assert.ok(x509.verify(x509.publicKey));
    assert.equal(derViolations(der), []);
  }
  for (const keyKind of KEY_KINDS) assert.equal(derViolations((await make({ keyKind })).der), [], keyKind);
});

test('what is not DER is found', () => {
  for (const [hex, violation] of [
    ['0200', 'an empty number'],
    ['020101', undefined],
    ['02020080', undefined],
    ['02020001', 'a padded number'],
    ['0202ff80', 'a padded number'],
    ['0101ff', undefined],
    ['010101', 'a boolean that is not ff'],
    ['03020780', undefined],
    ['03020781', 'bits beyond the end'],
    ['3003020101', undefined],
    ['308103020101', 'a long length'],
    ['30800201010000', 'an indefinite length'],
  ] as const) {
    assert.equal(derViolations(Buffer.from(hex, 'hex')), violation === undefined ? [] : [violation], hex);
  }
});

/** Where values are not in DER (ITU-T X.690 sections 10 and 11): read by the bytes, without a library. */
function derViolations(bytes: Buffer): string[] {
  const violations: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, first] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    if (first === 0x80) return [...violations, 'an indefinite length'];
    const more = first < 0x80 ? 0 : first & 0x7f;
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
    if (more > 0 && length < (more === 1 ? 0x80 : 2 ** (8 * (more - 1)))) violations.push('a long length');
    const content = bytes.subarray(at + 2 + more, at + 2 + more + length);
    violations.push(...(tag & 0x20 ? derViolations(content) : primitiveViolations(tag, content)));
    at += 2 + more + length;
  }
  return violations;
}

function primitiveViolations(tag: number, content: Buffer): string[] {
  if (tag === 1) return content.equals(Buffer.of(0xff)) ? [] : ['a boolean that is not ff'];
  if (tag === 2) {
    const [first, second = 0] = content;
    if (first === undefined) return ['an empty number'];
    return content.length > 1 && first === (second & 0x80 ? 0xff : 0) ? ['a padded number'] : [];
  }
  if (tag === 3) {
    const unused = content.readUInt8(0);
    return (content.at(-1) ?? 0) & (2 ** unused - 1) ? ['bits beyond the end'] : [];
  }
  return [];
}

test('validity runs from an hour ago to so many days from now, in whole seconds', async () => {
  const { notBefore, notAfter, der } = await make({ days: 2 });
  assert.is(notBefore.toISOString(), '2026-11-25T11:00:00.000Z');
  assert.is(notAfter.toISOString(), '2026-11-27T12:00:00.000Z');
  const facts = readOne({ der });
  assert.equal([facts.notBefore, facts.notAfter], [notBefore, notAfter]);
});

test('times are UTCTime where its two-digit year can hold them, 1950 to 2049; else GeneralizedTime', async () => {
  const types = async (now: string, days: number) =>
    children(parts(await make({ now: new Date(now), days }))[4]).map((each) => each.constructor);
  assert.equal(await types('1949-06-01T00:00:00Z', 1), [GeneralizedTime, GeneralizedTime]);
  assert.equal(await types('1950-06-01T00:00:00Z', 1), [UTCTime, UTCTime]);
  assert.equal(await types('2049-12-30T23:59:59Z', 1), [UTCTime, UTCTime]);
  assert.equal(await types('2049-12-31T00:00:00Z', 1), [UTCTime, GeneralizedTime]);
  assert.equal(await types('2050-01-01T01:00:00Z', 1), [GeneralizedTime, GeneralizedTime]);
});

test('serial numbers are positive, of 16 bytes, and never the same', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => make()));
  const serials = made.map((each) => readOne(each).serialNumber);
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
  assert.is(new Set(serials).size, serials.length);
});

test('the extensions, in DER: only basic constraints and key usage are critical', async () => {
  const hosts = ['a.example', '10.0.0.5', '2001:db8::ff'] as const;
  for (const [keyKind, usage] of [
    ['rsa2048', '030205a0'],
    ['ec256', '03020780'],
  ] as const) {
    const made = await make({ keyKind, hosts });
    const extensions = children(children(parts(made)[7])[0]).map((each) => {
      const [id, ...rest] = children(each);
      return [oidOf(id), rest.length === 2, contentBytes(rest.at(-1)).toString('hex')];
    });
    assert.equal(extensions, [
      ['2.5.29.19', true, '3000'],
      ['2.5.29.15', true, usage],
      ['2.5.29.37', false, '300a06082b06010505070301'],
      ['2.5.29.17', false, '30238209612e6578616d706c6587040a000005871020010db80000000000000000000000ff'],
      // RFC 7093 section 2, method 1.
      ['2.5.29.14', false, `0414${keyIdOf(made)}`],
    ]);
  }
});

/** The leftmost 160 bits of the SHA-256 of the subjectPublicKey. */
function keyIdOf(made: SelfSigned): string {
  const [, subjectPublicKey] = children(parts(made)[6]);
  const bits = contentBytes(subjectPublicKey).subarray(1);
  return createHash('sha256').update(bits).digest('hex').slice(0, 40);
}

test('the common name is the first host of at most 64 characters; where none is, the subject is still not empty', async () => {
  const long = `${'a'.repeat(53)}.example.com`;
  assert.is(long.length, 65);
  assert.is(readOne(await make({ hosts: [long.slice(1)] })).commonName, long.slice(1));
  assert.is(readOne(await make({ hosts: [long, '10.0.0.5'] })).commonName, '10.0.0.5');
  const facts = readOne(await make({ hosts: [long] }));
  assert.equal([facts.commonName, facts.subject], [null, 'O=Self-signed for testing']);
  assert.equal(facts.dnsNames, [long]);
});

const label = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)
  .filter((each) => !each.startsWith('xn--'));
const dnsName = fc
  .tuple(
    fc.constantFrom('', '*.'),
    fc.array(label, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('com', 'example'),
  )
  .map(([wildcard, labels, top]) => `${wildcard}${labels.join('.')}.${top}`);

test('any names and addresses are read back unchanged', async () => {
  const host = fc.oneof(dnsName, fc.ipV4(), fc.ipV6());
  await fc.assert(
    fc.asyncProperty(fc.array(host, { minLength: 1, maxLength: 6 }), async (names) => {
      const [first = '', ...more] = hostsOf(names);
      const { dnsNames, ipAddresses, x509 } = readOne(await make({ hosts: [first, ...more] }));
      const isAddress = (each: string) => /:|^[\d.]+$/.test(each);
      assert.equal(
        dnsNames,
        [first, ...more].filter((each) => !isAddress(each)),
      );
      assert.equal(ipAddresses, [first, ...more].filter(isAddress));
      for (const address of names.filter(isAddress)) assert.is(x509.checkIP(address), address);
    }),
    tries(60),
  );
});

test.run();
