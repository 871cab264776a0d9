import type { Io } from '../io.ts';
import { COLORED, type Paint, PLAIN } from '../text/paint.ts';

const DEFAULT_WIDTH = 80;
const WIDEST = 100;

export const COLORS = ['auto', 'always', 'never'] as const;
type Color = (typeof COLORS)[number];

/**
 * How text for a person is laid out on an output.
 * @param color what `--color` says
 * @param isForFile whether it goes to a file in the end, which takes no colour by itself
 */
export function textLayout(
  color: Color,
  stream: 'stdout' | 'stderr',
  io: Io,
  isForFile = false,
): { paint: Paint; width: number } {
  const width = Math.min(io.terminalWidth(stream) ?? DEFAULT_WIDTH, WIDEST);
  return { paint: isColored(color, isForFile ? null : stream, io) ? COLORED : PLAIN, width };
}

/** FORCE_COLOR goes before NO_COLOR, as in Node. */
function isColored(color: Color, stream: 'stdout' | 'stderr' | null, io: Io): boolean {
  if (color !== 'auto') return color === 'always';
  const { FORCE_COLOR, NO_COLOR, TERM } = io.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream !== null && TERM !== 'dumb' && io.terminalWidth(stream) !== null;
}
