/** What is read of a certificate, against what pkijs reads of the same bytes: every public root, and issued ones. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Certificate, readCertificate } from '../../src/x509/certificate.ts';
import type { KeyUsage } from '../../src/x509/extensions.ts';
import { type Asn1, generalName, oid, sequence, tagged } from '../support/asn1.ts';
import { encoded, issue, key, type RawExtension } from '../support/pki.ts';

const KEY_USAGES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];
const DNS_NAME = 2;

function read(der: Buffer): Certificate {
  const reading = readCertificate({ der, label: 'CERTIFICATE', line: 1 }, 0);
  if (!reading.ok) throw new Error(reading.unreadable.reason);
  return reading.certificate;
}

const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('hex');

/** The facts of a certificate as pkijs tells them. */
function oracle(der: Buffer) {
  const certificate = pkijs.Certificate.fromBER(der);
  const parsed = <T>(oid: string): T | undefined =>
    certificate.extensions?.find(({ extnID }) => extnID === oid)?.parsedValue as T | undefined;
  const constraints = parsed<pkijs.BasicConstraints>('2.5.29.19');
  const usage = parsed<{ valueBlock: { valueHexView: Uint8Array } }>('2.5.29.15')?.valueBlock.valueHexView;
  const bits = usage && Array.from(usage, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const names = parsed<pkijs.AltName>('2.5.29.17')?.altNames;
  const pathLength = constraints?.pathLenConstraint;
  const policyConstraints = parsed<pkijs.PolicyConstraints>('2.5.29.36');
  const access = parsed<pkijs.InfoAccess>('1.3.6.1.5.5.7.1.1')?.accessDescriptions;
  return {
    serialNumberBytes: hex(certificate.serialNumber.valueBlock.valueHexView),
    issuerAttributes: attributesOf(certificate.issuer),
    subjectAttributes: attributesOf(certificate.subject),
    extensions: (certificate.extensions ?? []).map(({ extnID, critical, extnValue }) => [
      extnID,
      critical,
      hex(extnValue.valueBlock.valueHexView),
    ]),
    subjectAltName: names?.map(({ type }) => type) ?? null,
    certificatePolicies:
      parsed<pkijs.CertificatePolicies>('2.5.29.32')?.certificatePolicies.map((policy) => ({
        policyIdentifier: policy.policyIdentifier,
        hasQualifiers: policy.policyQualifiers !== undefined,
      })) ?? null,
    policyMappings:
      parsed<pkijs.PolicyMappings>('2.5.29.33')?.mappings.map((mapping) => ({
        issuerDomainPolicy: mapping.issuerDomainPolicy,
        subjectDomainPolicy: mapping.subjectDomainPolicy,
      })) ?? null,
    policyConstraints: policyConstraints
      ? {
          requireExplicitPolicy: policyConstraints.requireExplicitPolicy ?? null,
          inhibitPolicyMapping: policyConstraints.inhibitPolicyMapping ?? null,
        }
      : null,
    inhibitAnyPolicy: parsed<asn1js.Integer>('2.5.29.54')?.valueBlock.valueDec ?? null,
    caIssuers:
      access
        ?.filter(
          ({ accessMethod, accessLocation }) => accessMethod === CA_ISSUERS && accessLocation.type === URI,
        )
        .map(({ accessLocation }) => accessLocation.value) ?? null,
    version: certificate.version + 1,
    serial: BigInt(`0x${Buffer.from(certificate.serialNumber.valueBlock.valueHexView).toString('hex')}`),
    notBefore: certificate.notBefore.value.toISOString(),
    notAfter: certificate.notAfter.value.toISOString(),
    spki: hex(certificate.subjectPublicKeyInfo.toSchema().toBER()),
    isCa: constraints ? Boolean(constraints.cA) : null,
    pathLength: typeof pathLength === 'number' ? pathLength : null,
    keyUsage: bits ? KEY_USAGES.filter((_, bit) => bits[bit] === '1') : null,
    extendedKeyUsage: parsed<pkijs.ExtKeyUsage>('2.5.29.37')?.keyPurposes ?? null,
    dnsNames: (names ?? []).filter(({ type }) => type === DNS_NAME).map(({ value }) => value),
    hasSubjectAltName: names !== undefined,
  };
}

/** Type, type of string and octets of each attribute; names of the public roots have one in each relative name. */
function attributesOf(name: pkijs.RelativeDistinguishedNames) {
  return name.typesAndValues.map(({ type, value }) => {
    const { blockLength } = value.idBlock;
    const der = Buffer.from(value.valueBeforeDecodeView);
    return [
      type,
      STRINGS[value.idBlock.tagNumber],
      der.subarray(blockLength + value.lenBlock.blockLength).toString('hex'),
    ];
  });
}

const STRINGS: Readonly<Record<number, string>> = {
  12: 'UTF8String',
  19: 'PrintableString',
  20: 'TeletexString',
  22: 'IA5String',
  30: 'BMPString',
};
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';
const URI = 6;
const FORMS = [
  'otherName',
  'rfc822Name',
  'dNSName',
  '',
  'directoryName',
  '',
  'uniformResourceIdentifier',
  'iPAddress',
];

function asOracle(certificate: Certificate) {
  const ownAttributes = (rdns: Certificate['subjectAttributes']) =>
    rdns.flat().map(({ type, stringType, value }) => [type, stringType, value.toString('hex')]);
  return {
    serialNumberBytes: certificate.serialNumberBytes.toString('hex'),
    issuerAttributes: ownAttributes(certificate.issuerAttributes),
    subjectAttributes: ownAttributes(certificate.subjectAttributes),
    extensions: [...certificate.extensions].map(([id, { critical, value }]) => [
      id,
      critical,
      value.toString('hex'),
    ]),
    subjectAltName: certificate.subjectAltName?.map(({ form }) => FORMS.indexOf(form)) ?? null,
    certificatePolicies: certificate.certificatePolicies,
    policyMappings: certificate.policyMappings,
    policyConstraints: certificate.policyConstraints,
    inhibitAnyPolicy: certificate.inhibitAnyPolicy,
    caIssuers: certificate.caIssuers,
    version: certificate.version,
    serial: BigInt(`0x${certificate.serialNumber}`),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    spki: certificate.publicKey.spki.toString('hex'),
    isCa: certificate.isCa,
    pathLength: certificate.pathLength,
    keyUsage: certificate.keyUsage,
    extendedKeyUsage: certificate.extendedKeyUsage,
    dnsNames: certificate.dnsNames,
    hasSubjectAltName: certificate.hasSubjectAltName,
  };
}

test('every public root is read as pkijs reads it', () => {
  assert.ok(rootCertificates.length > 100);
  for (const pem of rootCertificates) {
    const der = new X509Certificate(pem).raw;
    assert.equal(asOracle(read(der)), oracle(der), pem);
  }
});

const policy = (id: string, ...qualifiers: Asn1[]) => sequence([oid(id), ...qualifiers]);
const location = (method: string, name: string) => sequence([oid(method), generalName(name)]);
const EXTENSIONS: RawExtension[] = [
  [
    '2.5.29.32',
    true,
    sequence([
      policy('2.5.29.32.0'),
      policy(
        '1.2.3',
        sequence([policy('1.3.6.1.5.5.7.2.1', new asn1js.IA5String({ value: 'https://a.example' }))]),
      ),
    ]),
  ],
  ['2.5.29.33', true, sequence([sequence([oid('1.2.3'), oid('1.2.4')])])],
  ['2.5.29.36', true, sequence([tagged(0, Buffer.from([0])), tagged(1, Buffer.from([3]))])],
  ['2.5.29.54', true, new asn1js.Integer({ value: 2 })],
  [
    '1.3.6.1.5.5.7.1.1',
    false,
    sequence([
      location('1.3.6.1.5.5.7.48.1', 'uri:http://ocsp.example'),
      location(CA_ISSUERS, 'uri:http://ca.example/a.crt'),
      location(CA_ISSUERS, 'dir:CN=a'),
    ]),
  ],
].map(([id, critical, value]) => ({
  oid: id as string,
  critical: critical as boolean,
  value: encoded(value as Asn1),
}));

test('issued certificates are read as pkijs reads them', () => {
  const root = issue({
    subject: 'CN=Root,O=Oracle',
    ca: true,
    pathLength: 1,
    nameConstraints: { permitted: ['example.com'] },
  });
  const certificates = [
    root,
    issue({
      issuer: root,
      san: ['a.example.com', '10.0.0.1', 'email:x@example.com'],
      eku: ['serverAuth', 'clientAuth'],
    }),
    issue({ issuer: root, key: key('rsa2048'), keyUsage: ['digitalSignature', 'decipherOnly'], san: null }),
    issue({ issuer: root, key: key('ed25519'), keyUsage: null, eku: null, skid: false, akid: false }),
    issue({
      issuer: root,
      subject: [
        [
          ['CN', 'a', 'bmp'],
          ['O', 'b', 'teletex'],
        ],
        [['emailAddress', 'a@b.example']],
        [['OU', 'c', 'printable']],
      ],
      san: ['uri:https://a.example.com/x', 'dir:CN=x', 'a.example.com'],
      serial: Buffer.from('00ff', 'hex'),
      extensions: EXTENSIONS,
    }),
    issue({ issuer: root, version: 1, notAfter: new Date('2060-01-01T00:00:00Z') }),
  ];
  for (const { der, pem } of certificates) assert.equal(asOracle(read(der)), oracle(der), pem);
});

test.run();
