import { X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Certificate, readCertificate } from '../../src/x509/certificate.ts';
import { type Asn1, constructed, generalName, sequence, tagged } from '../support/asn1.ts';
import { encoded, type IssueOptions, issue, nameAsn1, type RawExtension } from '../support/pki.ts';
import { readOne } from '../support/read.ts';

const read = (options: IssueOptions) => readOne(issue(options));
const reasonFor = (extension: RawExtension) => {
  const { der } = issue({
    ca: null,
    keyUsage: null,
    eku: null,
    san: null,
    skid: false,
    extensions: [extension],
  });
  const reading = readCertificate({ der, label: 'CERTIFICATE', line: 1 }, 0);
  return reading.ok ? null : reading.unreadable.reason;
};

test('subject alternative names: hosts as encoded, IP addresses as text, others left out', () => {
  const certificate = read({
    san: [
      'Lightrun.Example.com',
      '*.example.com',
      '10.0.0.1',
      '2001:db8::1',
      '::1',
      'email:a@b.example',
      'uri:https://c.example',
      'dir:CN=d',
    ],
  });
  assert.equal(certificate.dnsNames, ['Lightrun.Example.com', '*.example.com']);
  assert.equal(certificate.ipAddresses, ['10.0.0.1', '2001:db8::1', '::1']);
  assert.is(certificate.hasSubjectAltName, true);
});

test('without the extension there are no names; an empty one is still there', () => {
  assert.is(read({ san: null }).hasSubjectAltName, false);
  assert.is(read({ san: [] }).hasSubjectAltName, true);
  assert.equal(read({ san: [] }).dnsNames, []);
});

test('an IP address of the wrong size is shown in hexadecimal', () => {
  const value = encoded(
    new asn1js.Sequence({
      value: [
        new asn1js.Primitive({
          idBlock: { tagClass: 3, tagNumber: 7 },
          valueHex: Buffer.from('0a0000', 'hex'),
        }),
      ],
    }),
  );
  assert.equal(read({ san: null, extensions: [{ oid: '2.5.29.17', value }] }).ipAddresses, ['0a0000']);
});

test('basic constraints: missing, false, true, with a path length', () => {
  const facts = (options: IssueOptions) => {
    const { isCa, pathLength } = read(options);
    return { isCa, pathLength };
  };
  assert.equal(facts({ ca: null }), { isCa: null, pathLength: null });
  assert.equal(facts({ ca: false }), { isCa: false, pathLength: null });
  assert.equal(facts({ ca: true }), { isCa: true, pathLength: null });
  assert.equal(facts({ ca: true, pathLength: 0 }), { isCa: true, pathLength: 0 });
  assert.equal(facts({ ca: true, pathLength: 300 }), { isCa: true, pathLength: 300 });
  assert.equal(facts({ ca: false, pathLength: 1 }), { isCa: false, pathLength: 1 });
});

test('a path length beyond all bounds is a large number', () => {
  const value = encoded(
    new asn1js.Sequence({
      value: [new asn1js.Boolean({ value: true }), new asn1js.Integer({ valueHex: Buffer.alloc(40, 0x7f) })],
    }),
  );
  const { pathLength } = read({ ca: null, extensions: [{ oid: '2.5.29.19', value }] });
  assert.is(pathLength, Number.MAX_SAFE_INTEGER);
});

test('key usage: every bit by its name', () => {
  for (const usage of [
    'digitalSignature',
    'nonRepudiation',
    'keyEncipherment',
    'dataEncipherment',
    'keyAgreement',
    'keyCertSign',
    'cRLSign',
    'encipherOnly',
    'decipherOnly',
  ] as const) {
    assert.equal(read({ keyUsage: [usage] }).keyUsage, [usage]);
  }
  assert.equal(read({ keyUsage: ['digitalSignature', 'decipherOnly'] }).keyUsage, [
    'digitalSignature',
    'decipherOnly',
  ]);
  assert.equal(read({ keyUsage: [] }).keyUsage, []);
  assert.is(read({ keyUsage: null }).keyUsage, null);
});

test('extended key usage: OIDs in dots', () => {
  assert.equal(read({ eku: ['serverAuth', '1.2.3.4'] }).extendedKeyUsage, ['1.3.6.1.5.5.7.3.1', '1.2.3.4']);
  assert.is(read({ eku: null }).extendedKeyUsage, null);
});

test('key identifiers in hexadecimal', () => {
  const certificate = read({ skid: Buffer.from('0aff', 'hex'), akid: Buffer.from('0b', 'hex') });
  assert.is(certificate.subjectKeyId, '0aff');
  assert.is(certificate.authorityKeyId, '0b');
  const without = read({ skid: false, akid: false });
  assert.is(without.subjectKeyId, null);
  assert.is(without.authorityKeyId, null);
});

test('an authority key identifier by issuer and serial number alone is none', () => {
  const value = encoded(
    new asn1js.Sequence({
      value: [new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber: 2 }, valueHex: Buffer.from([1]) })],
    }),
  );
  assert.is(read({ extensions: [{ oid: '2.5.29.35', value }] }).authorityKeyId, null);
});

test('a path length is a number', () => {
  const constraints = (length: Asn1) => encoded(sequence([new asn1js.Boolean({ value: true }), length]));
  const reason = (length: Asn1) => reasonFor({ oid: '2.5.29.19', value: constraints(length) });
  assert.is(reason(new asn1js.Integer({ value: 1 })), null);
  assert.is(
    reason(new asn1js.OctetString({ valueHex: Buffer.from([1]) })),
    'the extension 2.5.29.19 is malformed',
  );
});

test('name constraints by form', () => {
  const { nameConstraints } = read({
    ca: true,
    nameConstraints: {
      permitted: ['example.com', 'ip:10.0.0.0/8', 'dir:CN=Leaf,O=Example'],
      excluded: ['email:example.org', 'uri:example.net', 'dns:', 'ip:2001:db8::/32'],
    },
  });
  const ipv6 = Buffer.concat([
    Buffer.from('20010db8', 'hex'),
    Buffer.alloc(12),
    Buffer.alloc(4, 0xff),
    Buffer.alloc(12),
  ]);
  const subtree = (form: string, value: Buffer | string) => ({
    base: { form, value: Buffer.from(value as string) },
    hasDistance: false,
  });
  assert.equal(nameConstraints, {
    permittedSubtrees: [
      subtree('dNSName', 'example.com'),
      subtree('iPAddress', Buffer.from([10, 0, 0, 0, 255, 0, 0, 0])),
      subtree('directoryName', encoded(nameAsn1('CN=Leaf,O=Example'))),
    ],
    excludedSubtrees: [
      subtree('rfc822Name', 'example.org'),
      subtree('uniformResourceIdentifier', 'example.net'),
      subtree('dNSName', ''),
      subtree('iPAddress', ipv6),
    ],
  });
  assert.is(read({}).nameConstraints, null);
});

const NULL = encoded(new asn1js.Null());

test('critical extensions that not all clients process are listed', () => {
  const unknown = (oid: string, critical = true) =>
    read({ extensions: [{ oid, critical, value: NULL }] }).unknownCritical;
  assert.equal(unknown('1.2.3.4'), ['1.2.3.4']);
  assert.equal(unknown('1.2.3.4', false), []);
  assert.equal(
    unknown('1.3.6.1.4.1.11129.2.4.3'),
    ['1.3.6.1.4.1.11129.2.4.3'],
    'the poison of Certificate Transparency',
  );
  assert.equal(unknown('2.5.29.31'), ['2.5.29.31'], 'Java refuses cRLDistributionPoints');
  assert.equal(unknown('2.16.840.1.113730.1.1'), ['2.16.840.1.113730.1.1'], 'Java refuses netscapeCertType');
  assert.equal(unknown('2.5.29.32'), [], 'policies');
});

test('an ordinary CA and an ordinary leaf have no unknown critical extension', () => {
  assert.equal(read({}).unknownCritical, []);
  assert.equal(read({ ca: true, nameConstraints: { permitted: ['example.com'] } }).unknownCritical, []);
});

test('an extension that matters and is malformed makes the certificate unreadable', () => {
  for (const oid of [
    '2.5.29.14',
    '2.5.29.15',
    '2.5.29.17',
    '2.5.29.19',
    '2.5.29.30',
    '2.5.29.35',
    '2.5.29.37',
  ]) {
    assert.is(reasonFor({ oid, value: NULL }), `the extension ${oid} is malformed`);
    assert.is(reasonFor({ oid, value: Buffer.from('3005', 'hex') }), `the extension ${oid} is malformed`);
  }
  assert.is(
    reasonFor({ oid: '1.2.3.4', value: Buffer.from('3005', 'hex') }),
    null,
    'one that does not matter',
  );
});

test('names that OpenSSL cannot decode make the extension malformed', () => {
  const notAName = constructed(4, [sequence([tagged(0, Buffer.alloc(1))])]);
  const withoutType = constructed(0, [tagged(0, Buffer.alloc(1))]);
  for (const name of [notAName, withoutType, tagged(9, Buffer.alloc(1)), tagged(4, Buffer.alloc(1))]) {
    const names = [generalName('a.example'), name];
    const value = encoded(sequence(names));
    assert.is(reasonFor({ oid: '2.5.29.17', value }), 'the extension 2.5.29.17 is malformed');
    const authority = encoded(sequence([constructed(1, names)]));
    assert.is(reasonFor({ oid: '2.5.29.35', value: authority }), 'the extension 2.5.29.35 is malformed');
  }
});

test('a duplicate extension makes the certificate unreadable', () => {
  const { der } = issue({ extensions: [{ oid: '2.5.29.19', value: encoded(new asn1js.Sequence()) }] });
  const reading = readCertificate({ der, label: 'CERTIFICATE', line: 1 }, 0);
  assert.ok(!reading.ok);
  assert.is(reading.unreadable.reason, 'it has the extension 2.5.29.19 twice');
  const certificate = new Certificate(new X509Certificate(der), 0, 1);
  assert.equal(certificate.duplicateExtensions, ['2.5.29.19']);
  assert.is(certificate.isCa, false, 'the first counts');
});

test('alternative names as encoded, also where clients refuse them', () => {
  const names: [tag: number, octets: string, form: string][] = [
    [1, 'ü@example.com', 'rfc822Name'],
    [2, 'mün.example', 'dNSName'],
    [6, '::not a URI', 'uniformResourceIdentifier'],
    [7, 'abc', 'iPAddress'],
    [7, '', 'iPAddress'],
    [8, 'x', 'registeredID'],
  ];
  const value = encoded(sequence(names.map(([tag, octets]) => tagged(tag, Buffer.from(octets)))));
  const certificate = read({ san: null, extensions: [{ oid: '2.5.29.17', critical: true, value }] });
  assert.equal(
    certificate.subjectAltName?.map(({ form, value: octets }) => [form, octets.toString()]),
    names.map(([, octets, form]) => [form, octets]),
  );
  assert.is(certificate.isSubjectAltNameCritical, true);
  assert.is(read({}).isSubjectAltNameCritical, false);
  assert.is(read({ san: null }).subjectAltName, null);
});

test('extensions that only some clients read may be malformed, which is a fact', () => {
  for (const oid of ['2.5.29.32', '2.5.29.33', '2.5.29.36', '2.5.29.54', '1.3.6.1.5.5.7.1.1']) {
    const value = Buffer.from('3005', 'hex');
    const certificate = read({ extensions: [{ oid, value }] });
    assert.equal(certificate.malformedExtensions, [oid]);
    assert.equal(certificate.extensions.get(oid), { critical: false, value });
    const { certificatePolicies, policyMappings, policyConstraints, inhibitAnyPolicy, caIssuers } =
      certificate;
    for (const fact of [
      certificatePolicies,
      policyMappings,
      policyConstraints,
      inhibitAnyPolicy,
      caIssuers,
    ]) {
      assert.is(fact, null);
    }
  }
  assert.equal(read({}).malformedExtensions, []);
});

test('policy constraints: each number where it is there', () => {
  const constraints = (...parts: Asn1[]) =>
    read({ extensions: [{ oid: '2.5.29.36', value: encoded(sequence(parts)) }] }).policyConstraints;
  assert.equal(constraints(), { requireExplicitPolicy: null, inhibitPolicyMapping: null });
  assert.equal(constraints(tagged(0, Buffer.of(0))), {
    requireExplicitPolicy: 0,
    inhibitPolicyMapping: null,
  });
  assert.equal(constraints(tagged(1, Buffer.of(1, 0))), {
    requireExplicitPolicy: null,
    inhibitPolicyMapping: 256,
  });
});

test('an authority key identifier: key, issuer and serial number, each where it is there', () => {
  const identified = (...parts: Asn1[]) => {
    const { authorityKeyId, authorityIssuer, authoritySerial } = read({
      akid: false,
      extensions: [{ oid: '2.5.29.35', value: encoded(sequence(parts)) }],
    });
    return [authorityKeyId, authorityIssuer, authoritySerial];
  };
  const issuer = constructed(1, ['email:a@b.example', 'dir:CN=The CA,O=Test'].map(generalName));
  assert.equal(identified(), [null, null, null]);
  assert.equal(identified(tagged(0, Buffer.from('0a0b', 'hex'))), ['0a0b', null, null]);
  assert.equal(identified(issuer, tagged(2, Buffer.from('0080', 'hex'))), [
    null,
    ['2.5.4.10=test', '2.5.4.3=the ca'],
    128n,
  ]);
  assert.equal(identified(tagged(2, Buffer.from('ff', 'hex'))), [null, null, -1n]);
});

test.run();
