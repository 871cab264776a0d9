import { type Node, newMap, type ScalarNode, type Span, setMember } from './node.ts';
import { resolveScalar } from './scalar.ts';

const SCALAR_START = /^(?:[A-Za-z0-9_/]|-\d)/;
const SCALAR_UNSAFE = /[^\w./+=~@$%*()<>^;|&:, -]/;
const EMPTY_MAP = /^\{\}(?: *| +#.*)$/;
const LIST_WORD = /"[^"\\]*"|'[^']*'|[A-Za-z0-9_][\w./-]*/g;
const WORD_LIST = new RegExp(
  `^(\\[ *(?:(?:${LIST_WORD.source}) *(?:, *(?:${LIST_WORD.source}) *)*)?\\])(?: *| +#.*)$`,
);
const PAIR = /([A-Za-z_][\w./-]{0,200}): +("[^"\\]*"|'[^']*'|[A-Za-z0-9_/][\w./-]*)/g;
const WORD_MAP = new RegExp(`^(\\{ *(?:${PAIR.source}) *(?:, *(?:${PAIR.source}) *)*\\})(?: *| +#.*)$`);
const BEHIND = /^(?: *| +#.*)$/;
/** Words that Helm does not read as a string, though they look like keys. */
export const NAME_OF_ANOTHER_TYPE = /^(?:y|n|yes|no|true|false|on|off|null)$/i;
/** What a regular expression is run over; longer lines hold nothing but one scalar. */
const MAX_LENGTH = 64 * 1024;

/**
 * Reads a value that stands on one line: a scalar of harmless characters or in quotes, `{}`, a list of words.
 *
 * @param rest the line from the value's first character on, without its line end
 * @param offset where that is in the file
 * @returns null where it takes a parser to tell what the line says
 */
export function readLineValue(rest: string, offset: number): Node | null {
  const first = rest.charAt(0);
  if (first === '"' || first === "'") return quoted(rest, first, offset);
  if (first === '{' || first === '[') return rest.length > MAX_LENGTH ? null : flow(rest, offset);
  const comment = rest.indexOf(' #');
  let length = comment < 0 ? rest.length : comment;
  while (rest.charCodeAt(length - 1) === 32) length -= 1;
  const source = rest.slice(0, length);
  if (!SCALAR_START.test(source) || SCALAR_UNSAFE.test(source)) return null;
  if (source.endsWith(':') || source.includes(': ')) return null;
  const resolved = resolveScalar(source, null, true);
  if (resolved.kind === 'refused') return null;
  return { kind: 'scalar', value: resolved.value, style: 'plain', ...span(offset, length) };
}

function quoted(rest: string, quote: string, offset: number): ScalarNode | null {
  const close = rest.indexOf(quote, 1);
  const value = rest.slice(1, close);
  const behind = rest.slice(close + 1);
  if (close < 0 || behind.length > MAX_LENGTH || !BEHIND.test(behind)) return null;
  if (quote === '"' && value.includes('\\')) return null;
  const style = quote === '"' ? 'double-quoted' : 'single-quoted';
  return { kind: 'scalar', value, style, ...span(offset, close + 1) };
}

function flow(rest: string, offset: number): Node | null {
  if (EMPTY_MAP.test(rest)) return { ...newMap(offset), end: offset + 2 };
  if (rest.startsWith('{')) return flowMap(rest, offset);
  const list = WORD_LIST.exec(rest)?.[1];
  if (list === undefined) return null;
  const items: Node[] = [];
  for (const { 0: word, index } of list.matchAll(LIST_WORD)) {
    const item = readLineValue(word, offset + index);
    if (item === null) return null;
    items.push(item);
  }
  return { kind: 'list', items, ...span(offset, list.length) };
}

/** A mapping of words on one line, such as `{ cpu: 250m, memory: 512Mi }`. */
function flowMap(rest: string, offset: number): Node | null {
  const source = WORD_MAP.exec(rest)?.[1];
  if (source === undefined) return null;
  const map = newMap(offset);
  map.end = offset + source.length;
  for (const { 0: pair, 1: name = '', 2: word = '', index } of source.matchAll(PAIR)) {
    const start = offset + index;
    const node = NAME_OF_ANOTHER_TYPE.test(name)
      ? null
      : readLineValue(word, start + pair.length - word.length);
    if (node === null) return null;
    setMember(map, name, { key: span(start, name.length), place: node, node });
  }
  return map;
}

/**
 * Reads a `|` or `|-` block of evident indentation.
 *
 * @param text the document
 * @param header where its first line stands, from the `|` to before the line end
 * @param parent the column of the key or dash it belongs to
 * @param base the document's offset in the file
 * @returns the value, and the offset in `text` of the line behind it; null where it takes a parser
 */
export function readBlock(
  text: string,
  header: Span,
  parent: number,
  base: number,
): { node: ScalarNode; next: number } | null {
  const indicator = text.slice(header.start, header.end);
  if (indicator !== '|' && indicator !== '|-') return null;
  const lines: string[] = [];
  let indent = 0;
  let { end } = header;
  let next = text.indexOf('\n', end) + 1;
  while (next < text.length) {
    const at = next;
    const newline = text.indexOf('\n', at);
    const stop = newline > at && text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
    let start = at;
    while (start < stop && text.charCodeAt(start) === 32) start += 1;
    const column = start - at;
    if (start === stop) {
      if (indent === 0 || column > indent) return null;
      lines.push('');
    } else {
      if (indent === 0) {
        if (column <= parent || text.charCodeAt(start) === 9) return null;
        indent = column;
      }
      if (column < indent) {
        if (column > parent) return null;
        break;
      }
      lines.push(text.slice(at + indent, stop));
      end = stop;
    }
    next = newline + 1;
  }
  while (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return null;
  while (/\s/.test(text.charAt(end - 1))) end -= 1;
  const value = lines.join('\n') + (indicator === '|' ? '\n' : '');
  const { start } = header;
  return { node: { kind: 'scalar', value, style: 'literal', ...span(base + start, end - start) }, next };
}

function span(start: number, length: number): Span {
  return { start, end: start + length };
}
