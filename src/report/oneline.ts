import type { Summary } from '../lint/summary.ts';
import type { Severity } from '../rules/rule.ts';
import { escapeCommands } from '../text/ci-commands.ts';
import { escapeUnsafe } from '../text/display.ts';
import { STDIN_NAME } from '../values/values.ts';
import type { ReportContext } from './context.ts';
import { locateFindings } from './findings.ts';
import { allNotes } from './notes.ts';

/**
 * A line for each finding, for editors and problem matchers: `FILE:LINE:COLUMN: SEVERITY: MESSAGE [RULE]`. What was not
 * checked is `info`; what could not be checked, an error. Where there is no file, the target's name is in its place.
 * @returns lines, each with a line feed at its end; empty where there is nothing to say
 */
export function formatOneline(
  summaries: readonly Summary[],
  context: Pick<ReportContext, 'diagnostics' | 'folder' | 'configuration'>,
): string {
  const lines = [
    ...summaries.flatMap((summary) =>
      locateFindings(summary, context.folder).map(({ rule, severity, message, place }, at) => {
        const location = summary.findings[at]?.location;
        const inStdin = location?.file === STDIN_NAME ? { ...location, relative: STDIN_NAME } : null;
        return lineOf(place ?? inStdin, summary.name, severity, message, rule);
      }),
    ),
    ...context.diagnostics.map(({ target, message }) =>
      lineOf(null, target, 'error', message, 'not-checked'),
    ),
    ...allNotes(summaries, context).map(({ place, target, message, id }) =>
      lineOf(place, target, 'info', message, id),
    ),
  ];
  return escapeCommands(lines.join(''));
}

function lineOf(
  place: { relative: string; line: number; column: number } | null,
  target: string,
  severity: Severity,
  message: string,
  id: string,
): string {
  const { relative, line, column } = place ?? { relative: target, line: 1, column: 1 };
  return `${escapeUnsafe(relative)}:${line}:${column}: ${severity}: ${message.replace(/(?<!\s)\s*\n\s*/g, ' ')} [${id}]\n`;
}
