import type { Severity } from '../rules/rule.ts';
import { escapeUnsafe, escapeUnsafeJson } from '../text/escape.ts';
import { redact } from '../text/redact.ts';
import type { Problem, Run } from './context.ts';
import { fingerprintOf, type Place, type ReportedFinding, reportedFindings } from './findings.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor', info: 'info' };

/**
 * The findings as a code quality report of GitLab, with a line feed at the end. A path has to be given: where a finding
 * stands in no file, it is the target's name.
 * @see GitLab: Code Quality, report format
 */
export function formatGitlab({ outcomes, problems, folder }: Run): string {
  const issues = [
    ...outcomes.flatMap((outcome) =>
      reportedFindings(outcome, folder).map((finding) => issueOf(finding, outcome.target.name)),
    ),
    ...problems.map(problemIssue),
  ];
  return `${escapeUnsafeJson(JSON.stringify(issues, null, 2))}\n`;
}

function issueOf({ finding, message, help, place, fingerprint }: ReportedFinding, target: string): object {
  return {
    type: 'issue',
    check_name: finding.rule.id,
    description: message,
    content: { body: help },
    categories: ['Security'],
    severity: SEVERITIES[finding.severity],
    fingerprint,
    location: locationOf(place, target),
  };
}

function problemIssue({ target, message, help }: Problem): object {
  return {
    type: 'issue',
    check_name: 'not-judged',
    description: message,
    content: { body: help },
    categories: ['Security'],
    severity: 'blocker',
    fingerprint: fingerprintOf(JSON.stringify(['not-judged', target])),
    location: locationOf(null, redact(target)),
  };
}

/** GitLab reads either of the two notations of the place. */
function locationOf(place: Place | null, target: string): object {
  const { line, column, endLine, endColumn } = place ?? { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    path: escapeUnsafe(place?.relative ?? target),
    lines: { begin: line, end: endLine },
    positions: { begin: { line, column }, end: { line: endLine, column: endColumn } },
  };
}
