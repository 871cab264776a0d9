import { wrap } from '../text/wrap.ts';

/** A fact with its name; it may take several lines. */
export type Field = readonly [label: string, lines: readonly string[]];

const INDENT = '  ';
const GAP = 2;
const LABEL_WIDTH = 11;

/** Columns before the text of a field. */
export const FIELD_START = INDENT.length + LABEL_WIDTH + GAP;

/** Facts below each other, their names in one column and their values in another. */
export function drawFields(fields: readonly Field[], paintLabel: (text: string) => string): string[] {
  return fields.flatMap(([label, lines]) =>
    lines.map((line, at) => {
      const head = (at === 0 ? label : '').padEnd(LABEL_WIDTH + GAP);
      return `${INDENT}${at === 0 ? paintLabel(head) : head}${line}`;
    }),
  );
}

/**
 * Breaks text into lines of at most `width` characters, at spaces and after commas where there are any, else wherever
 * a line is full; the last of `most` lines then ends with `…`.
 */
export function fold(text: string, width: number, most: number): string[] {
  const lines = wrap(text.trimStart(), width).flatMap((line) => foldWord(line, width));
  if (lines.length <= most) return lines;
  const last = Array.from(lines[most - 1] ?? '').slice(0, width - 1);
  return [...lines.slice(0, most - 1), `${last.join('')}…`];
}

function foldWord(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(line);
  while (rest.length > width) {
    const comma = rest.lastIndexOf(',', width - 1);
    const end = comma > 0 ? comma + 1 : width;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(end);
  }
  return [...lines, rest.join('')];
}
