import type { Finding } from '../lint/check.ts';
import type { Reported, ReportedCertificate, ReportedTarget } from '../lint/summary.ts';
import { escapeUnsafeJson } from '../text/escape.ts';
import { redact } from '../text/redact.ts';
import { version } from '../version.ts';
import { countFindings } from './summary.ts';

/**
 * The report as JSON, as `schema/report.schema.json` describes it, with a line feed at the end. Characters that a
 * terminal might act on stand as \u escapes.
 */
export function formatJson(outcomes: readonly Reported[]): string {
  const counts = countFindings(outcomes);
  const report = {
    schemaVersion: 1,
    tool: { name: 'lightrun-cert', version },
    summary: {
      targets: outcomes.length,
      errors: counts.error,
      warnings: counts.warning,
      infos: counts.info,
    },
    targets: outcomes.map(({ target, findings }) => ({
      name: target.name,
      source: target.source,
      existingSecret: existingSecretOf(target),
      certificates: certificatesOf(target),
      findings: findings.map(findingOf),
    })),
  };
  return `${escapeUnsafeJson(JSON.stringify(report, null, 2))}\n`;
}

function existingSecretOf({ settings, source }: ReportedTarget): string | null {
  const { value } = settings.existingCert;
  const isUsed = source === 'existing-secret' || source === 'conflict';
  return isUsed && typeof value === 'string' ? redact(value) : null;
}

function certificatesOf({ material }: ReportedTarget): object[] {
  return (material?.certificates ?? []).map((certificate, position) => ({
    role: material?.chain?.roles[position] ?? 'extra',
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
    notBefore: timeOf(certificate.notBefore),
    notAfter: timeOf(certificate.notAfter),
    names: namesOf(certificate),
    publicKey: certificate.publicKey.description,
    fingerprintSha256: certificate.fingerprintSha256,
    pinSha256: certificate.pinSha256,
  }));
}

const timeOf = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

const namesOf = ({ dnsNames, ipAddresses }: ReportedCertificate): string[] => [...dnsNames, ...ipAddresses];

function findingOf({ rule, severity, message, help, location, origin, path }: Finding): object {
  return {
    rule: rule.id,
    severity,
    message: origin === null ? message : `${message} It comes from ${redact(origin)}.`,
    help,
    file: location?.file ?? null,
    line: location?.line ?? null,
    column: location?.column ?? null,
    endLine: location?.endLine ?? null,
    endColumn: location?.endColumn ?? null,
    path: path.map(redact).join('.'),
  };
}
