import { writeFileSync } from 'node:fs';
import type { Io } from '../io.ts';
import type { Outcome } from '../lint.ts';
import { formatJson } from '../report/json.ts';
import { formatText } from '../report/text.ts';
import { COLORED, PLAIN } from '../text/paint.ts';
import { type Arguments, type Flag, quote } from './flags.ts';
import { systemProblem } from './problem.ts';
import { oneOf } from './values-of-flags.ts';

const FORMATS = ['text', 'json'] as const;
const COLORS = ['auto', 'always', 'never'] as const;
const DEFAULT_WIDTH = 80;
const WIDEST = 100;

/** The flags that say where the report goes, and how. */
export function reportFlags(prefix = ''): readonly Flag[] {
  return [
    { name: `${prefix}format`, value: 'FORMAT', help: `${FORMATS.join(' or ')} (default: text)` },
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
 * @throws CannotJudge where one of them is wrong
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

/**
 * Writes the report.
 * @param judging what of the judgement it shows: the time, whether warnings fail, how many targets could not be read
 * @throws CannotJudge where it cannot be written
 */
export function writeReport(
  outcomes: readonly Outcome[],
  { format, color, output, stream }: ReportOptions,
  judging: { at: Date; strict: boolean; unread: number; noun: string },
  io: Io,
): void {
  if (outcomes.length === 0 && format !== 'json') return;
  const width = Math.min(io.terminalWidth(stream) ?? DEFAULT_WIDTH, WIDEST);
  const paint = isColored(color, output === null ? stream : null, io) ? COLORED : PLAIN;
  const report =
    format === 'json' ? formatJson(outcomes) : formatText(outcomes, { paint, width, ...judging });
  if (output === null) io[stream](report);
  else {
    try {
      writeFileSync(output, report);
    } catch (error) {
      throw systemProblem(`the report cannot be written to ${quote(output)}`, error);
    }
  }
}

/** FORCE_COLOR goes before NO_COLOR, as in Node. */
function isColored(color: ReportOptions['color'], stream: ReportOptions['stream'] | null, io: Io): boolean {
  if (color !== 'auto') return color === 'always';
  const { FORCE_COLOR, NO_COLOR, TERM } = io.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream !== null && TERM !== 'dumb' && io.terminalWidth(stream) !== null;
}
