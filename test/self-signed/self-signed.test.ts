import { createPrivateKey, X509Certificate } from 'node:crypto';
import { GeneralizedTime, UTCTime } from 'asn1js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostsOf } from '../../src/options/hosts.ts';
import {
  KEY_KINDS,
  type KeyKind,
  type SelfSigned,
  type SelfSignedRequest,
  selfSigned,
} from '../../src/self-signed/self-signed.ts';
import { children, decodeAsn1 } from '../../src/x509/asn1.ts';
import { handshakeRefusals, loadRefusal } from '../support/consumers.ts';
import { tries } from '../support/property.ts';
import { readOne } from '../support/read.ts';

const NOW = new Date('2026-11-25T12:00:00.999Z');
const HOST = 'lightrun.example.com';

function make(changes: Partial<SelfSignedRequest> = {}): SelfSigned {
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
  test(`${keyKind}: the facts are as RFC 5280 has them, and a TLS client that trusts it alone connects by every name`, async () => {
    const hosts = ['lightrun.example.com', '*.apps.example.com', '10.0.0.5', '2001:db8::ff'] as const;
    const made = make({ hosts: [...hosts], keyKind, now: new Date() });
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
    assert.match(JSON.stringify(facts.signature), new RegExp(signature, 'i'));

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

test('the two texts are one PEM block each: the certificate, and its key as PKCS#8', () => {
  const { pair, der } = make();
  const x509 = new X509Certificate(pair.crt);
  assert.ok(x509.raw.equals(der));
  assert.is(x509.toString(), pair.crt);
  assert.match(pair.key, /^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/);
  assert.ok(x509.checkPrivateKey(createPrivateKey(pair.key)));
  assert.ok(x509.verify(x509.publicKey));
});

test('validity is an hour from the past to so many days from now, in whole seconds', () => {
  const { notBefore, notAfter, der } = make({ days: 2 });
  assert.is(notBefore.toISOString(), '2026-11-25T11:00:00.000Z');
  assert.is(notAfter.toISOString(), '2026-11-27T12:00:00.000Z');
  const facts = readOne({ der });
  assert.equal([facts.notBefore, facts.notAfter], [notBefore, notAfter]);
});

test('times are UTCTime where its two digits of the year can say them, through 2049; else GeneralizedTime', () => {
  const types = (now: string, days: number) =>
    children(parts(make({ now: new Date(now), days }))[4]).map((each) => each.constructor);
  assert.equal(types('1949-06-01T00:00:00Z', 1), [GeneralizedTime, GeneralizedTime]);
  assert.equal(types('1950-06-01T00:00:00Z', 1), [UTCTime, UTCTime]);
  assert.equal(types('2049-12-30T23:59:59Z', 1), [UTCTime, UTCTime]);
  assert.equal(types('2049-12-31T00:00:00Z', 1), [UTCTime, GeneralizedTime]);
  assert.equal(types('2050-01-01T01:00:00Z', 1), [GeneralizedTime, GeneralizedTime]);
});

test('serial numbers are positive, of 16 bytes, and never the same', () => {
  const serials = Array.from({ length: 20 }, () => readOne(make()).serialNumber);
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
  assert.is(new Set(serials).size, serials.length);
});

test('the critical extensions are those that say what the key may do', () => {
  const extensions = children(children(parts(make())[7])[0]).map((each) => children(each));
  const critical = extensions.filter(({ length }) => length === 3).map(([id]) => id?.toString());
  assert.equal(critical, ['OBJECT IDENTIFIER : 2.5.29.19', 'OBJECT IDENTIFIER : 2.5.29.15']);
});

test('the common name is the first host that fits into 64 characters; where none does, the subject is still not empty', () => {
  const long = `${'a'.repeat(53)}.example.com`;
  assert.is(long.length, 65);
  assert.is(readOne(make({ hosts: [long.slice(1)] })).commonName, long.slice(1));
  assert.is(readOne(make({ hosts: [long, '10.0.0.5'] })).commonName, '10.0.0.5');
  const facts = readOne(make({ hosts: [long] }));
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

test('any names and addresses are read back as they are', () => {
  const host = fc.oneof(dnsName, fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(fc.array(host, { minLength: 1, maxLength: 6 }), (texts) => {
      const [first = '', ...more] = hostsOf(texts);
      const { dnsNames, ipAddresses, x509 } = readOne(make({ hosts: [first, ...more] }));
      const isAddress = (each: string) => /:|^[\d.]+$/.test(each);
      assert.equal(
        dnsNames,
        [first, ...more].filter((each) => !isAddress(each)),
      );
      assert.equal(ipAddresses, [first, ...more].filter(isAddress));
      for (const address of texts.filter(isAddress)) assert.is(x509.checkIP(address), address);
    }),
    tries(60),
  );
});

test.run();
