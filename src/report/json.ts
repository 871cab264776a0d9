import type { Finding } from '../lint/check.ts';
import type { CertificateSummary, Summary } from '../lint/summary.ts';
import type { Place } from '../rules/rule.ts';
import { timeOf } from '../text/amount.ts';
import { escapeCommandsJson } from '../text/ci-commands.ts';
import { escapeUnsafeJson } from '../text/display.ts';
import { version } from '../version.ts';
import { countFindings } from './context.ts';
import type { Report, ReportCertificate, ReportFinding, ReportPlace } from './json-report.ts';

/**
 * The report as JSON, with a line feed at the end. Characters that a terminal might act on are written as \u escapes.
 */
export function formatJson(summaries: readonly Summary[]): string {
  const text = JSON.stringify(jsonReport(summaries), null, 2);
  return `${escapeCommandsJson(escapeUnsafeJson(text))}\n`;
}

/** The report as `schema/report.schema.json` describes it. */
export function jsonReport(summaries: readonly Summary[]): Report {
  const counts = countFindings(summaries);
  return {
    schemaVersion: 1,
    tool: { name: 'lightrun-cert', version },
    summary: {
      targets: summaries.length,
      errors: counts.error,
      warnings: counts.warning,
      infos: counts.info,
    },
    targets: summaries.map(({ name, source, existingSecret, material, notes, consumers, findings }) => ({
      name,
      source,
      existingSecret,
      certificates: (material?.certificates ?? []).map(certificateOf),
      ...(notes.length > 0 ? { notes } : {}),
      consumers,
      findings: findings.map(findingOf),
    })),
  };
}

function certificateOf(certificate: CertificateSummary): ReportCertificate {
  return {
    role: certificate.role,
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
    notBefore: timeOf(certificate.notBefore),
    notAfter: timeOf(certificate.notAfter),
    names: certificate.names,
    publicKey: certificate.publicKey,
    fingerprintSha256: certificate.fingerprintSha256,
    pinSha256: certificate.pinSha256,
  };
}

function findingOf(finding: Finding): ReportFinding {
  const { rule, severity, message, help, commands, location, origin, path, related } = finding;
  return {
    rule,
    severity,
    message: origin === null ? message : `${message} It comes from ${origin}.`,
    help,
    commands,
    ...placeOf({ location, path }),
    related: related.map(placeOf),
  };
}

function placeOf({ location, path }: Place): ReportPlace {
  return {
    file: location?.file ?? null,
    line: location?.line ?? null,
    column: location?.column ?? null,
    endLine: location?.endLine ?? null,
    endColumn: location?.endColumn ?? null,
    path: path.join('.'),
  };
}
