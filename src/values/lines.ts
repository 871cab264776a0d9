import type { Location } from './values.ts';

/** Turns offsets in a file into lines and columns. */
export interface Lines {
  /** The place from `start` up to, not including, `end`: offsets in UTF-16 units from 0. */
  location(start: number, end: number): Location;
}

/**
 * Counts the lines of a file, on first use only.
 *
 * @param text the file's text without a byte-order mark; a line ends at `\n`, and a `\r` before it belongs to it
 * @param file the name to put into each location
 */
export function linesOf(text: string, file: string): Lines {
  let starts: number[] | undefined;
  const position = (offset: number): [line: number, column: number] => {
    starts ??= lineStarts(text);
    const index = lastNotAfter(starts, offset);
    return [index + 1, offset - (starts[index] as number) + 1];
  };
  return {
    location(start, end) {
      const [line, column] = position(start);
      const [endLine, endColumn] = end > start ? position(end) : [line, column];
      return { file, line, column, endLine, endColumn };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/**
 * Finds the place of a value among sorted ones.
 *
 * @param sorted ascending, its first not greater than `value`
 * @returns the index of the last one that is not greater, in logarithmic time
 */
export function lastNotAfter(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
