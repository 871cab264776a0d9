import type { Severity } from '../rules/rule.ts';
import { harmless } from '../text/harmless.ts';
import { reportedFindings } from './findings.ts';
import type { Problem, Run } from './run.ts';
import { countFindings, describeCounts } from './summary.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * The findings as workflow commands, which GitHub Actions shows in place.
 * @see GitHub: workflow commands; actions/runner, ActionCommand (escapes)
 */
export function formatGithub(run: Run): string {
  const findings = run.outcomes.flatMap((outcome) => reportedFindings(outcome, run.folder));
  const lines = findings.map(({ verdict, message, help, place }) =>
    command(
      COMMANDS[verdict.severity],
      {
        ...(place && { file: harmless(place.relative), line: place.line, endLine: place.endLine }),
        ...(place && place.line === place.endLine && { col: place.column, endColumn: place.endColumn }),
        title: `lightrun-cert: ${verdict.rule.id}`,
      },
      `${message}\n\n${help}`,
    ),
  );
  return [...lines, ...run.problems.map(problemLine), `lightrun-cert: ${summary(run)}`, ''].join('\n');
}

function problemLine({ message, help }: Problem): string {
  return command('error', { title: 'lightrun-cert: not judged' }, `${message}\n\n${help}`);
}

function command(name: string, properties: Record<string, string | number>, data: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(data)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function summary({ outcomes, problems }: Run): string {
  const found = describeCounts(countFindings(outcomes)) || 'nothing found';
  return problems.length === 0 ? found : `${found}, ${problems.length} not fully judged`;
}
