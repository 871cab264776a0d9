import { writeFileSync } from 'node:fs';
import { systemError } from '../files/system-error.ts';
import type { Io } from '../io.ts';
import type { Severities } from '../lint/check.ts';
import type { Reported } from '../lint/summary.ts';
import { type Arguments, type Flag, quote } from '../options/flags.ts';
import { oneOf } from '../options/parse.ts';
import type { Problem, Run } from './context.ts';
import { formatJson } from './json.ts';
import { COLORS, textLayout } from './layout.ts';
import { formatText } from './text.ts';

/** The formats of a report, the default first. */
export const FORMATS = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;

/** The flags that say where the report goes, and how. */
export function reportFlags(prefix = ''): readonly Flag[] {
  return [
    { name: `${prefix}format`, value: 'FORMAT', help: `${FORMATS.join(', ')} (default: text)` },
    { name: `${prefix}output`, value: 'FILE', help: 'write the report there' },
  ];
}

export const COLOR_FLAG: Flag = {
  name: 'color',
  value: 'WHEN',
  help: 'auto, always or never (default: auto)',
};

/** How a report is written. */
export interface ReportOptions {
  format: (typeof FORMATS)[number];
  color: (typeof COLORS)[number];
  /** A file; null for the stream. */
  output: string | null;
  stream: 'stdout' | 'stderr';
}

/**
 * What the flags say of the report.
 * @throws LintError where one of them is wrong
 */
export function reportOptions(
  given: Arguments,
  command: string,
  stream: ReportOptions['stream'],
  prefix = '',
): ReportOptions {
  return {
    format: oneOf(given, `${prefix}format`, FORMATS, command),
    color: oneOf(given, 'color', COLORS, command),
    output: given.last(`${prefix}output`),
    stream,
  };
}

/** What of the run a report shows beside its findings. */
export interface ReportContext {
  /** The time of judgement. */
  at: Date;
  /** Warnings fail as errors do. */
  strict: boolean;
  severities: Severities;
  /** Of what not all could be judged. */
  problems: readonly Problem[];
  /** What a target is, such as `file`. */
  noun: string;
  /** What to do next with all of it, for people. */
  advice?: string | null;
}

/**
 * Writes the report.
 * @throws LintError where it cannot be written
 */
export async function writeReport(
  outcomes: readonly Reported[],
  options: ReportOptions,
  ran: ReportContext,
  io: Io,
): Promise<void> {
  const { format, output, stream } = options;
  if (outcomes.length === 0 && format === 'text') return;
  const report = format === 'text' ? asText(outcomes, options, ran, io) : await asData(outcomes, format, ran);
  if (output === null) {
    io[stream](report);
    return;
  }
  try {
    writeFileSync(output, report);
  } catch (error) {
    throw systemError(`the report cannot be written to ${quote(output)}`, error);
  }
}

function asText(
  outcomes: readonly Reported[],
  { color, output, stream }: ReportOptions,
  { at, strict, problems, noun, advice = null }: ReportContext,
  io: Io,
): string {
  const layout = textLayout(color, stream, io, output !== null);
  const checked = new Set(outcomes.map(({ target }) => target.name));
  const unread = problems.filter(({ target }) => !checked.has(target)).length;
  return formatText(outcomes, { ...layout, at, strict, unread, noun, advice });
}

/** Only the one that is wanted is loaded. */
async function asData(
  outcomes: readonly Reported[],
  format: Exclude<ReportOptions['format'], 'text'>,
  { strict, severities, problems }: ReportContext,
): Promise<string> {
  const run: Run = { outcomes, problems, strict, severities, folder: process.cwd() };
  switch (format) {
    case 'json':
      return formatJson(outcomes);
    case 'sarif':
      return (await import('./sarif.ts')).formatSarif(run);
    case 'github':
      return (await import('./github.ts')).formatGithub(run);
    case 'gitlab':
      return (await import('./gitlab.ts')).formatGitlab(run);
    case 'junit':
      return (await import('./junit.ts')).formatJunit(run);
  }
}
