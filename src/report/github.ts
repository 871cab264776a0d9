import type { Summary } from '../lint/summary.ts';
import type { Severity } from '../rules/rule.ts';
import { escapeCommands } from '../text/ci-commands.ts';
import { escapeUnsafe } from '../text/display.ts';
import {
  countFindings,
  countNotChecked,
  describeCounts,
  describeIgnoredCount,
  describeNotCheckedCounts,
  type ReportContext,
  type TargetDiagnostic,
} from './context.ts';
import { type LocatedFinding, locateFindings, type Place } from './findings.ts';
import { allNotes, type Note } from './notes.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * The findings as workflow commands, a line each, which GitHub Actions shows in place; then a line of summary, which
 * is not a command.
 * @see actions/runner, ActionCommand (how lines are read), IssueCommandExtension (lines and columns)
 */
export function formatGithub(
  summaries: readonly Summary[],
  context: Pick<ReportContext, 'diagnostics' | 'folder' | 'configuration'>,
): string {
  const { diagnostics, folder } = context;
  const findings = summaries.flatMap((summary) => locateFindings(summary, folder));
  const notes = allNotes(summaries, context);
  const left = describeNotCheckedCounts(countNotChecked(summaries, diagnostics));
  const counts = describeCounts(countFindings(summaries));
  const nothing = summaries.length === 0 ? 'nothing was checked' : 'no findings';
  return [
    ...findings.map(findingLine),
    ...diagnostics.map(diagnosticLine),
    ...notes.map(noteLine),
    `lightrun-cert: ${[counts || nothing, ...describeIgnoredCount(summaries), ...left].join(', ')}`,
    '',
  ].join('\n');
}

function findingLine({ rule, severity, message, fix, place }: LocatedFinding): string {
  const properties = { ...(place && positionOf(place)), title: `lightrun-cert: ${rule}` };
  return commandLine(COMMANDS[severity], properties, `${message}\n\n${fix}`);
}

function diagnosticLine({ message, help }: TargetDiagnostic): string {
  return commandLine('error', { title: 'lightrun-cert: not checked' }, `${message}\n\n${help}`);
}

const NOTE_TITLES: Readonly<Record<Note['id'], string>> = {
  'not-checked': 'not checked',
  note: 'note',
  ignored: 'ignored',
  configuration: 'configuration',
  excluded: 'left out',
};

function noteLine({ id, message, place }: Note): string {
  const properties = { ...(place && positionOf(place)), title: `lightrun-cert: ${NOTE_TITLES[id]}` };
  return commandLine('notice', properties, message);
}

/** The runner ignores columns where the lines differ. */
function positionOf({ relative, line, endLine, column, endColumn }: Place): Record<string, string | number> {
  const columns = line === endLine ? { col: column, endColumn } : {};
  // The runner strips leading equals signs.
  const file = relative.startsWith('=') ? `./${relative}` : relative;
  return { file: escapeUnsafe(file), line, endLine, ...columns };
}

function commandLine(name: string, properties: Record<string, string | number>, data: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${escapeCommands(`${name} ${list.join(',')}::${escapeData(data)}`)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
