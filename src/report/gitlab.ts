import { createHash } from 'node:crypto';
import type { Severity } from '../rules/rule.ts';
import { escapeUnsafeJson, harmless } from '../text/harmless.ts';
import { withhold } from '../text/withhold.ts';
import { reportedFindings } from './findings.ts';
import type { Run } from './run.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor', info: 'info' };

/**
 * The findings as GitLab's code quality report. Where a finding stands in no file, its path is the target's name, since
 * one must be given.
 * @see GitLab: Code Quality, custom tool
 */
export function formatGitlab({ outcomes, problems, folder }: Run): string {
  const findings = outcomes.flatMap((outcome) =>
    reportedFindings(outcome, folder).map(({ verdict, message, help, place, fingerprint }) => ({
      description: message,
      content: { body: help },
      check_name: verdict.rule.id,
      fingerprint,
      severity: SEVERITIES[verdict.severity],
      location: {
        path: harmless(withhold(place?.relative ?? outcome.target.name)),
        lines: { begin: place?.line ?? 1, end: place?.endLine ?? 1 },
      },
    })),
  );
  const unjudged = problems.map(({ target, message, help }) => ({
    description: message,
    content: { body: help },
    check_name: 'not-judged',
    fingerprint: createHash('sha256').update(`not-judged ${target}`).digest('hex'),
    severity: 'blocker',
    location: { path: harmless(withhold(target)), lines: { begin: 1, end: 1 } },
  }));
  return `${escapeUnsafeJson(JSON.stringify([...findings, ...unjudged], null, 2))}\n`;
}
