import type { Member, Span } from './yaml/node.ts';
import { yamlText } from './yaml/write.ts';

/** A piece of a text and what stands in its place afterwards. */
export interface Replacement extends Span {
  insert: string;
}

/** Base64 that YAML can read as nothing but a text: it begins as PEM does. */
const PLAIN_BASE64 = /^LS0tLS[A-Za-z0-9+/]*={0,2}$/;

/**
 * Puts a text in the place of a scalar or an alias, in the style that stands there as far as it can hold the text.
 * Nothing where a list or a mapping stands there.
 * @param text the whole file's
 */
export function* scalarReplacement(
  text: string,
  { key, place, node }: Member,
  value: string,
): Generator<Replacement> {
  const { start, end } = place;
  if (node.kind !== 'scalar' && start === node.start) return;
  if (start === end) {
    const at = text.indexOf(':', key.end) + 1;
    yield { start: at, end: at, insert: ` ${yamlText(value)}` };
    return;
  }
  const isAlias = node.start !== start;
  const style = isAlias || node.kind !== 'scalar' ? 'plain' : node.style;
  switch (style) {
    case 'plain':
      yield { start, end, insert: PLAIN_BASE64.test(value) ? value : yamlText(value) };
      return;
    case 'single-quoted':
      yield { start, end, insert: `'${value.replaceAll("'", "''")}'` };
      return;
    case 'double-quoted':
      yield { start, end, insert: yamlText(value) };
      return;
    default:
      yield blockReplacement(text, start, end, value);
  }
}

/** The header of a block scalar stays, with its comment; the lines become one. */
function blockReplacement(text: string, start: number, end: number, value: string): Replacement {
  const [header = '', ...lines] = text.slice(start, end).split('\n');
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined || value === '') {
    const comment = header.replace(/^[|>][-+0-9]*/, '');
    return { start, end, insert: yamlText(value) + comment };
  }
  const indent = /^ */.exec(first)?.[0] ?? '';
  return { start: start + header.length + 1, end, insert: indent + value };
}
