import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';
import type { Severities } from '../lint/check.ts';
import type { Summary } from '../lint/summary.ts';
import { textsOf } from '../rules/documentation.ts';
import { RULES } from '../rules/index.ts';
import type { Rule, Severity } from '../rules/rule.ts';
import { escapeCommandsJson } from '../text/ci-commands.ts';
import { capitalized, escapeUnsafe, escapeUnsafeJson } from '../text/display.ts';
import { PROGRAM } from '../text/shell.ts';
import { homepage, version } from '../version.ts';
import type { ReportContext, TargetDiagnostic } from './context.ts';
import { type LocatedFinding, locateFindings, uriOf } from './findings.ts';
import { allNotes, type Note } from './notes.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  Result.level
>;
const SOURCE_ROOT = '%SRCROOT%';

/**
 * The findings as a SARIF 2.1.0 log, with a line feed at the end.
 * @see OASIS SARIF 2.1.0; GitHub: SARIF support for code scanning
 */
export function formatSarif(
  summaries: readonly Summary[],
  context: Pick<ReportContext, 'diagnostics' | 'severities' | 'folder' | 'configuration'>,
): string {
  const { diagnostics, severities, folder } = context;
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'lightrun-cert',
            version,
            semanticVersion: version,
            informationUri: homepage,
            rules: RULES.map(descriptorOf),
          },
        },
        invocations: [
          invocationOf(severities, diagnostics, [
            ...diagnostics.map(notificationOf),
            ...allNotes(summaries, context).map(notificationOfNote),
          ]),
        ],
        originalUriBaseIds: {
          [SOURCE_ROOT]: { description: { text: 'The folder in which lightrun-cert ran.' } },
        },
        columnKind: 'utf16CodeUnits',
        results: summaries.flatMap((summary) =>
          locateFindings(summary, folder).map((finding) => resultOf(finding, summary.name)),
        ),
      },
    ],
  };
  return `${escapeCommandsJson(escapeUnsafeJson(JSON.stringify(log, null, 2)))}\n`;
}

function descriptorOf(rule: Rule): ReportingDescriptor {
  const { id, title, severity, stage } = rule;
  const { means, why, fix } = textsOf(rule);
  return {
    id,
    shortDescription: { text: `${capitalized(title)}.` },
    fullDescription: { text: means },
    help: {
      text: `${why}\n\nHow to fix it: ${fix}\n\nMore: ${PROGRAM} explain ${id}`,
      markdown: `${markdownOf(rule)}\n\nMore: \`${PROGRAM} explain ${id}\``,
    },
    helpUri: `${homepage}/blob/main/docs/rules.md#${id}`,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      precision: 'very-high',
      'problem.severity': severity === 'info' ? 'recommendation' : severity,
      tags: ['security', 'tls', `stage: ${stage}`],
    },
  };
}

function markdownOf(rule: Rule): string {
  const { means, why, bad, good, fix } = textsOf(rule);
  const fenced = (text: string) => `\`\`\`text\n${text}\n\`\`\``;
  return [
    escapeMarkup(means),
    `**Why it matters:** ${escapeMarkup(why)}`,
    '**Wrong:**',
    fenced(bad),
    '**Right:**',
    fenced(good),
    `**How to fix it:** ${fix.includes('\n') ? `\n\n${fenced(fix)}` : escapeMarkup(fix)}`,
  ].join('\n\n');
}

const escapeMarkup = (text: string): string => text.replace(/[<*_`[\\]/g, '\\$&');

/** It lists the severities that the user changed, which explains a level other than the rule's own. */
function invocationOf(
  severities: Severities,
  diagnostics: readonly TargetDiagnostic[],
  notifications: Notification[],
): Invocation {
  return {
    executionSuccessful: diagnostics.length === 0,
    ruleConfigurationOverrides: RULES.flatMap(({ id }, index) => {
      const severity = severities.get(id);
      if (severity === undefined) return [];
      const configuration = severity === 'off' ? { enabled: false } : { level: LEVELS[severity] };
      return [{ descriptor: { id, index }, configuration }];
    }),
    toolExecutionNotifications: notifications,
  };
}

function notificationOf({ message, help }: TargetDiagnostic): Notification {
  return {
    descriptor: { id: 'not-checked' },
    level: 'error',
    message: { text: plainMessage(`${message}\n\n${help}`) },
  };
}

function notificationOfNote(note: Note): Notification {
  return {
    descriptor: { id: note.id },
    level: 'note',
    message: { text: plainMessage(note.message) },
    locations: [locationOf(note, note.target)],
  };
}

function resultOf(finding: LocatedFinding, target: string): Result {
  const { rule, severity, message, commands, fix, fingerprint } = finding;
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level: LEVELS[severity],
    message: { text: plainMessage(`${message}\n\n${fix}`) },
    locations: [locationOf(finding, target)],
    partialFingerprints: { 'lightrunCert/v1': fingerprint },
    ...(commands.length > 0 && { properties: { commands: [...commands] } }),
  };
}

function locationOf({ path, place }: Pick<LocatedFinding, 'path' | 'place'>, target: string): Location {
  const logicalLocations = [
    path === ''
      ? { name: escapeUnsafe(target), kind: 'resource' }
      : { fullyQualifiedName: path, kind: 'property' },
  ];
  if (place === null) return { logicalLocations };
  const { relative, line, column, endLine, endColumn } = place;
  const uri = uriOf(relative);
  return {
    physicalLocation: {
      artifactLocation: uri.startsWith('file:') ? { uri } : { uri, uriBaseId: SOURCE_ROOT },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
    logicalLocations,
  };
}

/** Text in brackets followed by text in parentheses would be a link (SARIF 2.1.0 section 3.11.6). */
function plainMessage(text: string): string {
  return text.replaceAll('](', '\\](');
}
