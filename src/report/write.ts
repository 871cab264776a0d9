import type { Io } from '../io.ts';
import type { Summary } from '../lint/summary.ts';
import { type ReportOptions, textLayout } from '../options/report.ts';
import type { ReportContext } from './context.ts';
import { formatJson } from './json.ts';
import { formatText } from './text.ts';

/**
 * Writes the report to its file or stream; nothing to a stream where there is nothing to say.
 * @throws LintError where it cannot be written
 */
export async function writeReport(
  summaries: readonly Summary[],
  options: ReportOptions,
  context: Omit<ReportContext, 'folder'>,
  io: Io,
): Promise<void> {
  const report = await formatReport(summaries, options, context, io);
  // Empty, too: a report of an earlier run must not speak for this one.
  if (report === '' && options.output === null) return;
  if (options.output === null) {
    io[options.stream](Buffer.from(report));
    return;
  }
  const { writeReportFile } = await import('../files/write.ts');
  writeReportFile(options.output, report, io);
}

/**
 * The report in its format, whose code is loaded only then, without commands of any CI system but the format's own; as
 * text, empty where there is nothing to say.
 */
export async function formatReport(
  summaries: readonly Summary[],
  options: ReportOptions,
  partial: Omit<ReportContext, 'folder'>,
  io: Io,
): Promise<string> {
  const context = { ...partial, folder: process.cwd() };
  switch (options.format) {
    case 'text': {
      if (summaries.length === 0 && !context.configuration?.excluded.length) return '';
      return formatText(summaries, context, textLayout(options, io, options.output !== null));
    }
    case 'json':
      return formatJson(summaries, context);
    case 'sarif':
      return (await import('./sarif.ts')).formatSarif(summaries, context);
    case 'github':
      return (await import('./github.ts')).formatGithub(summaries, context);
    case 'gitlab':
      return (await import('./gitlab.ts')).formatGitlab(summaries, context);
    case 'oneline':
      return (await import('./oneline.ts')).formatOneline(summaries, context);
    case 'junit':
      return (await import('./junit.ts')).formatJunit(summaries, context);
  }
}
