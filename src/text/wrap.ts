import { displayWidth, splitAt } from './width.ts';

/** The columns of text where there is no terminal, and the bounds where there is one. */
export const DEFAULT_WIDTH = 80;
export const WIDEST = 100;

/**
 * Breaks text into lines of at most `width` columns, at spaces, and between the characters of a script that has none.
 * Lines that begin with a space (commands, tables) and other words longer than a line stay whole.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith(' ') ? [line] : wrapLine(line, width)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ').flatMap((each) => pieces(each, width))) {
    if (current !== '' && displayWidth(current) + 1 + displayWidth(word) > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/** A word, in pieces where it is longer than a line and has wide characters: between those a line may break. */
function pieces(word: string, width: number): string[] {
  if (displayWidth(word) <= width || displayWidth(word) <= word.length) return [word];
  const [first, rest] = splitAt(word, width);
  return rest === '' ? [first] : [first, ...pieces(rest, width)];
}
