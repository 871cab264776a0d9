/** What is read of a certificate, against what pkijs reads of the same bytes: every public root, and issued ones. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import * as pkijs from 'pkijs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Certificate, readCertificate } from '../../src/x509/certificate.ts';
import type { KeyUsage } from '../../src/x509/extensions.ts';
import { issue, key } from '../support/pki.ts';

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

const hex = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('hex');

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
  return {
    version: certificate.version + 1,
    serial: BigInt(`0x${Buffer.from(certificate.serialNumber.valueBlock.valueHexView).toString('hex')}`),
    subject: certificate.subject.typesAndValues.length,
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

function asOracle(certificate: Certificate) {
  return {
    version: certificate.version,
    serial: BigInt(`0x${certificate.serialNumber}`),
    subject: certificate.subjectRdns.length,
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
    issue({ issuer: root, version: 1, notAfter: new Date('2060-01-01T00:00:00Z') }),
  ];
  for (const { der, pem } of certificates) assert.equal(asOracle(read(der)), oracle(der), pem);
});

test.run();
