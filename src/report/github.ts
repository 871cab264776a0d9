import type { Severity } from '../rules/rule.ts';
import { escapeUnsafe } from '../text/escape.ts';
import type { Problem, Run } from './context.ts';
import { type Place, type ReportedFinding, reportedFindings } from './findings.ts';
import { countFindings, describeCounts } from './summary.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * The findings as workflow commands, a line each, which GitHub Actions shows in place; then a line of summary, which
 * is no command.
 * @see actions/runner, ActionCommand (how lines are read), IssueCommandExtension (lines and columns)
 */
export function formatGithub({ outcomes, problems, folder }: Run): string {
  const findings = outcomes.flatMap((outcome) => reportedFindings(outcome, folder));
  const counts = describeCounts(countFindings(outcomes)) || 'nothing found';
  const notChecked = problems.length === 0 ? '' : `, ${problems.length} not fully judged`;
  return [
    ...findings.map(findingLine),
    ...problems.map(problemLine),
    `lightrun-cert: ${counts}${notChecked}`,
    '',
  ].join('\n');
}

function findingLine({ finding, message, help, place }: ReportedFinding): string {
  const properties = { ...(place && positionOf(place)), title: `lightrun-cert: ${finding.rule.id}` };
  return commandLine(COMMANDS[finding.severity], properties, `${message}\n\n${help}`);
}

function problemLine({ message, help }: Problem): string {
  return commandLine('error', { title: 'lightrun-cert: not judged' }, `${message}\n\n${help}`);
}

/** The runner drops columns where the lines differ. */
function positionOf({ relative, line, endLine, column, endColumn }: Place): Record<string, string | number> {
  const columns = line === endLine ? { col: column, endColumn } : {};
  // The runner takes the first signs of equality away.
  const file = relative.startsWith('=') ? `./${relative}` : relative;
  return { file: escapeUnsafe(file), line, endLine, ...columns };
}

function commandLine(name: string, properties: Record<string, string | number>, data: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(data)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
