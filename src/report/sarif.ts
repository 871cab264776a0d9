import { RULES } from '../rules/index.ts';
import type { Rule, Severity } from '../rules/rule.ts';
import { escapeUnsafeJson, harmless } from '../text/harmless.ts';
import { withhold } from '../text/withhold.ts';
import { homepage, version } from '../version.ts';
import { type ReportedFinding, reportedFindings } from './findings.ts';
import type { Run } from './run.ts';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * The findings as SARIF 2.1.0, as GitHub code scanning and other readers take it.
 * @see OASIS SARIF 2.1.0; GitHub: SARIF support for code scanning
 */
export function formatSarif({ outcomes, problems, folder }: Run): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'lightrun-cert',
            semanticVersion: version,
            informationUri: homepage,
            rules: RULES.map(descriptorOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ message, help }) => ({
              level: 'error',
              message: { text: `${message}\n${help}` },
            })),
          },
        ],
        results: outcomes.flatMap((outcome) =>
          reportedFindings(outcome, folder).map((finding) => resultOf(finding, outcome.target.name)),
        ),
      },
    ],
  };
  return `${escapeUnsafeJson(JSON.stringify(log, null, 2))}\n`;
}

function descriptorOf(rule: Rule): object {
  const help = `${rule.why}\n\nTo mend it: ${rule.mend}`;
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.means },
    help: {
      text: help,
      markdown: `${help}\n\nWrong:\n\n\`\`\`\n${rule.bad}\n\`\`\`\n\nRight:\n\n\`\`\`\n${rule.good}\n\`\`\`\n`,
    },
    helpUri: `${homepage}/blob/main/docs/rules.md#${rule.id}`,
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: {
      precision: 'very-high',
      'problem.severity': rule.severity === 'info' ? 'recommendation' : rule.severity,
      tags: ['security', 'tls', `stage: ${rule.stage}`],
    },
  };
}

function resultOf(
  { verdict, message, help, path, place, fingerprint }: ReportedFinding,
  target: string,
): object {
  const region = place && {
    startLine: place.line,
    startColumn: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
  };
  return {
    ruleId: verdict.rule.id,
    ruleIndex: RULES.indexOf(verdict.rule),
    level: LEVELS[verdict.severity],
    message: { text: `${message}\n\n${help}` },
    locations: [
      {
        ...(place && { physicalLocation: { artifactLocation: artifactOf(place.relative), region } }),
        logicalLocations: [{ fullyQualifiedName: path || harmless(withhold(target)), kind: 'member' }],
      },
    ],
    partialFingerprints: { 'lightrunCert/v1': fingerprint },
  };
}

/** Within the folder by a relative reference, elsewhere by a whole URI (RFC 3986). */
function artifactOf(path: string): object {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return { uri: `file://${encoded}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path.slice(0, 2)}${encoded.slice(4)}` };
  return { uri: encoded, uriBaseId: '%SRCROOT%' };
}
