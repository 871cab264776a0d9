import { type Lines, linesOf } from './lines.ts';
import type { Location } from './values.ts';
import type { ScalarNode } from './yaml/node.ts';

/**
 * The lines of a string that is YAML itself, as places in the file that holds it: in a literal block exactly, in any other
 * style the whole string.
 * @param text the file's
 * @param node the string
 */
export function stringLines(text: string, lines: Lines, node: ScalarNode): Lines {
  const whole = lines.location(node.start, node.end);
  const indent = node.style === 'literal' ? blockIndent(text, node) : null;
  if (indent === null) return { location: () => whole };
  const inner = linesOf(String(node.value), whole.file);
  return {
    location(start, end): Location {
      const { line, column, endLine, endColumn } = inner.location(start, end);
      return {
        file: whole.file,
        line: whole.line + line,
        column: column + indent,
        endLine: whole.line + endLine,
        endColumn: endColumn + indent,
      };
    },
  };
}

/** How far the lines of a literal block are indented in the file; null where it has none. */
export function blockIndent(text: string, { value, start, end }: ScalarNode): number | null {
  const isBlank = (line: string) => line.trim() === '';
  const first = String(value)
    .split('\n')
    .find((line) => !isBlank(line));
  const written = text
    .slice(start, end)
    .split('\n')
    .slice(1)
    .find((line) => !isBlank(line));
  if (first === undefined || written === undefined) return null;
  return leadingSpaces(written) - leadingSpaces(first);
}

function leadingSpaces(line: string): number {
  return line.length - line.replace(/^ +/, '').length;
}
