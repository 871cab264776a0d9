import type { Diagnostic } from '../errors.ts';
import type { Source } from '../values/settings.ts';
import { isUnset, type SettingName } from '../values/settings.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Role } from '../x509/chain/chain.ts';
import type { ConsumerAnswer, Finding } from './check.ts';
import type { Outcome } from './lint.ts';
import { type NotChecked, notCheckedValues } from './not-checked.ts';

/**
 * All that reports read of one target. It is plain data without the file's text, small enough to keep of ten thousand
 * files, and a worker thread posts it as it is. Text in it is untrusted, that of findings aside.
 */
export interface Summary {
  /** The file's name, `<stdin>`, or the parts of a merged set. */
  name: string;
  /** How the certificate is given. */
  source: Source;
  /** The name in `existing_cert`, where that is a string and counts. */
  existingSecret: string | null;
  /** Where the two sources of the certificate are in the file. */
  paths: { existingCert: readonly string[]; tls: readonly string[] };
  /** The Secret in the cluster; null where the cluster was not asked. */
  live: { name: string; namespace: string; isFound: boolean } | null;
  /** Why the Secret could not be read though it should have been. */
  unread: Diagnostic | null;
  notChecked: readonly NotChecked[];
  /** Settings without a value. */
  unset: readonly SettingName[];
  /** What was read of the bytes; null where there were none to read. */
  material: MaterialSummary | null;
  findings: readonly Finding[];
  consumers: readonly ConsumerAnswer[];
  /** Whether `lint --fix` would change the file; false where nobody asked. */
  isFixable: boolean;
}

/** What reports read of the certificates and the private key. */
export interface MaterialSummary {
  /** Those that can be read, in file order. */
  certificates: readonly CertificateSummary[];
  /** The best path from the leaf up, as places in `certificates`; null where not all certificates can be read. */
  path: readonly number[] | null;
  isKeyOpened: boolean;
  /** Whether the private key belongs to the leaf. */
  isKeyOfLeaf: boolean;
}

/** What reports read of a certificate. */
export interface CertificateSummary {
  role: Role;
  /** What people call it. */
  title: string;
  /** RFC 4514; empty where the report does not show it, because decoding names slows a cold process. */
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  /** DNS names and IP addresses. */
  names: readonly string[];
  /** Such as `RSA 2048`. */
  publicKey: string;
  fingerprintSha256: string;
  pinSha256: string;
}

/**
 * Sums a checked target up for reports.
 * @param hasNames false where the report does not show whole subjects and issuers
 */
export function summarize({ target, findings, consumers, unread }: Outcome, hasNames = true): Summary {
  const { name, source, settings, live, material } = target;
  const { value } = settings.existingCert;
  const isSecretUsed = source === 'existing-secret' || source === 'conflict';
  return {
    name,
    source,
    existingSecret: isSecretUsed && typeof value === 'string' ? value : null,
    paths: { existingCert: settings.existingCert.path, tls: settings.tls.path },
    live: live && { name: live.name, namespace: live.namespace, isFound: live.found !== null },
    unread: unread ? { message: unread.message, help: unread.help } : null,
    notChecked: notCheckedValues(target),
    unset: (Object.keys(settings) as SettingName[]).filter((each) => isUnset(settings[each].value)),
    material: material && {
      certificates: material.certificates.map((certificate, position) =>
        certificateSummary(certificate, material.chain?.roles[position] ?? 'extra', hasNames),
      ),
      path: material.chain?.path.map(({ index }) => index) ?? null,
      isKeyOpened: material.privateKey?.state === 'opened',
      isKeyOfLeaf: material.owned[0] !== undefined && material.owned[0] === material.chain?.leaf,
    },
    findings,
    consumers,
    isFixable: false,
  };
}

function certificateSummary(certificate: Certificate, role: Role, hasNames: boolean): CertificateSummary {
  const { commonName, dnsNames, ipAddresses, serialNumber, notBefore, notAfter } = certificate;
  const { publicKey, fingerprintSha256, pinSha256 } = certificate;
  return {
    role,
    title: commonName || dnsNames[0] || certificate.subject || serialNumber,
    subject: hasNames ? certificate.subject : '',
    issuer: hasNames ? certificate.issuer : '',
    serialNumber,
    notBefore,
    notAfter,
    names: [...dnsNames, ...ipAddresses],
    publicKey: publicKey.description,
    fingerprintSha256,
    pinSha256,
  };
}
