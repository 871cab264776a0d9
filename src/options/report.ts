import type { Io } from '../io.ts';
import { COLORED, type Paint, PLAIN } from '../text/paint.ts';
import { DEFAULT_WIDTH, WIDEST } from '../text/wrap.ts';
import { type Arguments, type Flag, oneOf } from './flags.ts';

/** The formats of a report, the default first. */
export const FORMATS = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit', 'oneline'] as const;
const COLORS = ['auto', 'always', 'never'] as const;

/** Room for the labels of `inspect` and some text beside them. */
const NARROWEST = 40;

/** The flags for the format of the report and where it goes. */
export function reportFlags(prefix = ''): readonly Flag[] {
  return [
    { name: `${prefix}format`, value: 'FORMAT', help: `${FORMATS.join(', ')} (default: text)` },
    { name: `${prefix}output`, value: 'FILE', help: 'write the report to FILE' },
  ];
}

export const QUIET_FLAG: Flag = {
  name: 'quiet',
  help: 'as text: only what has findings, and the last line',
};

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
 * Reads the flags of the report.
 * @throws LintError where one of them is wrong
 */
export function reportOptions(given: Arguments, stream: ReportOptions['stream'], prefix = ''): ReportOptions {
  return {
    format: oneOf(given, `${prefix}format`, FORMATS),
    color: parseColor(given),
    output: given.last(`${prefix}output`),
    stream,
  };
}

/** @throws LintError where `--color` is none of its values */
export function parseColor(given: Arguments): ReportOptions['color'] {
  return oneOf(given, 'color', COLORS);
}

/** How text for people is laid out. */
export interface TextLayout {
  paint: Paint;
  /** Columns of the terminal. */
  width: number;
}

/**
 * The layout of text on an output.
 * @param isForFile whether it ends up in a file, which is not coloured by default
 */
export function textLayout(
  { color, stream }: Pick<ReportOptions, 'color' | 'stream'>,
  io: Io,
  isForFile = false,
): TextLayout {
  // A terminal of no columns does not know its size.
  const width = Math.max(NARROWEST, Math.min(io.terminalWidth(stream) || DEFAULT_WIDTH, WIDEST));
  return { paint: isColored(color, isForFile ? null : stream, io) ? COLORED : PLAIN, width };
}

/** FORCE_COLOR goes before NO_COLOR, as in Node. */
function isColored(color: ReportOptions['color'], stream: ReportOptions['stream'] | null, io: Io): boolean {
  if (color !== 'auto') return color === 'always';
  const { FORCE_COLOR, NO_COLOR, TERM } = io.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream !== null && TERM !== 'dumb' && io.terminalWidth(stream) !== null;
}
