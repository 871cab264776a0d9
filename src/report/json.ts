import type { Finding } from '../lint/check.ts';
import type { CertificateSummary, Summary } from '../lint/summary.ts';
import type { Place } from '../rules/rule.ts';
import { timeOf } from '../text/amount.ts';
import { escapeCommandsJson } from '../text/ci-commands.ts';
import { escapeUnsafeJson } from '../text/display.ts';
import { version } from '../version.ts';
import { countFindings, type ReportContext } from './context.ts';
import type { Report, ReportCertificate, ReportFinding, ReportPlace } from './json-report.ts';

/**
 * The report as JSON, with a line feed at the end. Characters that a terminal might act on are written as \u escapes.
 */
export function formatJson(
  summaries: readonly Summary[],
  context: Pick<ReportContext, 'configuration'> = {},
): string {
  const text = JSON.stringify(jsonReport(summaries, context), null, 2);
  return `${escapeCommandsJson(escapeUnsafeJson(text))}\n`;
}

/** The report as `schema/report.schema.json` describes it. */
export function jsonReport(
  summaries: readonly Summary[],
  { configuration = null }: Pick<ReportContext, 'configuration'> = {},
): Report {
  const counts = countFindings(summaries);
  return {
    schemaVersion: 1,
    tool: { name: 'lightrun-cert', version },
    summary: {
      targets: summaries.length,
      errors: counts.error,
      warnings: counts.warning,
      infos: counts.info,
      notChecked: summaries.filter(({ checked }) => checked !== 'full').length,
      ignored: summaries.reduce(
        (sum, each) => sum + each.ignored.length,
        configuration?.excluded.length ?? 0,
      ),
    },
    configuration: configuration && {
      file: configuration.name,
      changes: configuration.changes,
      excluded: configuration.excluded,
    },
    targets: summaries.map(({ name, source, checked, notChecked, existingSecret, material, ...rest }) => ({
      name,
      source,
      checked,
      notChecked: notChecked.map(({ path, reason }) => ({ path: path.join('.'), reason })),
      existingSecret,
      certificates: (material?.certificates ?? []).map(certificateOf),
      ...(rest.notes.length > 0 ? { notes: rest.notes } : {}),
      consumers: rest.consumers,
      findings: rest.findings.map(findingOf),
      ignored: rest.ignored.map(({ rule, severity, ...place }) => ({ rule, severity, ...placeOf(place) })),
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
