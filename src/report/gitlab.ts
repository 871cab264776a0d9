import type { Summary } from '../lint/summary.ts';
import type { Severity } from '../rules/rule.ts';
import { escapeCommandsJson } from '../text/ci-commands.ts';
import { escapeUnsafe, escapeUnsafeJson } from '../text/display.ts';
import type { ReportContext, TargetDiagnostic } from './context.ts';
import { fingerprintOf, type LocatedFinding, locateFindings, type Place } from './findings.ts';
import { allNotes, type Note } from './notes.ts';

const NOT_CHECKED = 'not-checked';
const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor', info: 'info' };

/**
 * The findings as a GitLab code quality report, with a line feed at the end. A path is required: for a finding in no
 * file, it is the target's name.
 * @see GitLab: Code Quality, report format
 */
export function formatGitlab(
  summaries: readonly Summary[],
  context: Pick<ReportContext, 'diagnostics' | 'folder' | 'configuration'>,
): string {
  const { diagnostics, folder } = context;
  const issues = [
    ...summaries.flatMap((summary) =>
      locateFindings(summary, folder).map((finding) => issueOf(finding, summary.name)),
    ),
    ...diagnostics.map(diagnosticIssue),
    ...allNotes(summaries, context).map(noteIssue),
  ];
  return `${escapeCommandsJson(escapeUnsafeJson(JSON.stringify(issues, null, 2)))}\n`;
}

function issueOf(finding: LocatedFinding, target: string): object {
  const { rule, severity, message, commands, fix, place, fingerprint } = finding;
  return {
    type: 'issue',
    check_name: rule,
    description: commands.length > 0 ? `${message} Fix: ${commands.join(' && ')}` : message,
    content: { body: fix },
    categories: ['Security'],
    severity: SEVERITIES[severity],
    fingerprint,
    location: locationOf(place, target),
  };
}

function diagnosticIssue({ target, message, help }: TargetDiagnostic): object {
  return {
    type: 'issue',
    check_name: NOT_CHECKED,
    description: message,
    content: { body: help },
    categories: ['Security'],
    severity: 'blocker',
    fingerprint: fingerprintOf(JSON.stringify([NOT_CHECKED, target])),
    location: locationOf(null, target),
  };
}

function noteIssue({ id, target, message, path, place }: Note): object {
  return {
    type: 'issue',
    check_name: id,
    description: message,
    content: { body: message },
    categories: ['Security'],
    severity: 'info',
    fingerprint: fingerprintOf(
      JSON.stringify([id, place?.relative ?? target, path, message.replace(/\d+/g, '#')]),
    ),
    location: locationOf(place, target),
  };
}

/** GitLab reads either of the two forms of the place. */
function locationOf(place: Place | null, target: string): object {
  const { line, column, endLine, endColumn } = place ?? { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    path: escapeUnsafe(place?.relative ?? target),
    lines: { begin: line, end: endLine },
    positions: { begin: { line, column }, end: { line: endLine, column: endColumn } },
  };
}
