import type { ScalarStyle } from './values.ts';
import type { YamlDocument } from './yaml/documents.ts';
import type { MapNode, Member, Span } from './yaml/node.ts';
import { yamlKey, yamlString } from './yaml/scalar.ts';

/** A part of a file, and what replaces it. */
export interface Replacement extends Span {
  insert: string;
}

const STEP = 2;
/** Base64 that YAML can only read as a string: it begins as PEM does. */
const PLAIN_BASE64 = /^LS0tLS[A-Za-z0-9+/]*={0,2}$/;

/**
 * The ways to set a value in one document, the best first. The caller must check that one of them changes nothing
 * else: that takes the parser.
 * @param text the whole file's
 */
export function* replacements(
  text: string,
  { root, span }: YamlDocument,
  path: readonly string[],
  value: string,
): Generator<Replacement> {
  let map = root;
  for (const [depth, name] of path.entries()) {
    const rest = path.slice(depth);
    const member = map.members.get(name);
    if (member === undefined || !isOwn(map, member)) {
      if (map === root && !isFlow(text, map)) yield linesAt(text, span.end, column(text, map), rest, value);
      yield* additions(text, map, rest, value);
      return;
    }
    if (rest.length === 1) {
      yield* scalarReplacement(text, member, value);
      return;
    }
    const { node } = member;
    if (isEmpty(text, member)) {
      yield* filled(text, map, member, rest.slice(1), value);
      return;
    }
    if (node.kind !== 'map') return;
    map = node;
  }
}

/**
 * The ways to remove a key from a mapping, with its lines or, in a flow mapping, with its comma. As above, the caller
 * must check them.
 * @param text the whole file's
 */
export function* removals(text: string, root: MapNode, path: readonly string[]): Generator<Replacement> {
  let map = root;
  for (const name of path.slice(0, -1)) {
    const node = map.members.get(name)?.node;
    if (node?.kind !== 'map') return;
    map = node;
  }
  const members = [...map.members.values()];
  const at = members.indexOf(map.members.get(path.at(-1) ?? '') as Member);
  const [previous, member, next] = [members[at - 1], members[at], members[at + 1]];
  if (member === undefined) return;
  const { key, place } = member;
  if (!isFlow(text, map)) {
    const start = lineStart(text, key.start);
    if (text.charAt(place.end - 1) === '\n') yield { start, end: place.end, insert: '' };
    yield { start, end: lineEnd(text, place.end), insert: '' };
  } else if (next !== undefined) yield { start: key.start, end: next.key.start, insert: '' };
  else if (previous !== undefined) yield { start: previous.place.end, end: place.end, insert: '' };
}

/** What a merge key (`<<`) brings in is written elsewhere. */
function isOwn({ start, end }: MapNode, { key }: Member): boolean {
  return start <= key.start && key.start < end;
}

function isFlow(text: string, { start }: MapNode): boolean {
  return text.charAt(start) === '{';
}

/** Nothing, null, or an empty flow mapping. */
function isEmpty(text: string, { node, place }: Member): boolean {
  if (node.kind === 'scalar') return node.value === null;
  return node.kind === 'map' && node.members.size === 0 && isFlow(text, node) && place.start === node.start;
}

/** A new key at the end of a mapping. */
function* additions(
  text: string,
  map: MapNode,
  path: readonly string[],
  value: string,
): Generator<Replacement> {
  if (isFlow(text, map)) {
    const at = map.start + text.slice(map.start, map.end - 1).trimEnd().length;
    const separator = '{,'.includes(text.charAt(at - 1)) ? '' : ',';
    const space = text.charAt(at - 1) === '{' ? '' : ' ';
    yield { start: at, end: at, insert: `${separator}${space}${flowOf(path, value)}` };
    return;
  }
  const end = lineEnd(text, map.end);
  yield linesAt(text, end, column(text, map), path, value);
  // A block scalar with `+` owns the blank lines after it.
  const blank = /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))?.[0].length ?? 0;
  if (blank > 0) yield linesAt(text, end + blank, column(text, map), path, value);
}

/** A mapping where there is none. */
function* filled(
  text: string,
  map: MapNode,
  { key, place }: Member,
  path: readonly string[],
  value: string,
): Generator<Replacement> {
  const isWritten = place.end > place.start;
  if (isFlow(text, map)) {
    const at = isWritten ? place.start : text.indexOf(':', key.end) + 1;
    yield {
      start: at,
      end: Math.max(at, place.end),
      insert: `${isWritten ? '' : ' '}{${flowOf(path, value)}}`,
    };
    return;
  }
  const start = isWritten ? text.slice(0, place.start).trimEnd().length : place.start;
  const end = lineEnd(text, place.end);
  const { insert } = linesAt(text, end, key.start - lineStart(text, key.start) + STEP, path, value);
  yield { start, end, insert: text.slice(place.end, end) + insert };
}

/** Keys on lines of their own, where a line begins or the text ends. */
function linesAt(
  text: string,
  at: number,
  indent: number,
  path: readonly string[],
  value: string,
): Replacement {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const lines = path.map((name, depth) => {
    const isLast = depth === path.length - 1;
    return `${' '.repeat(indent + depth * STEP)}${yamlKey(name)}:${isLast ? ` ${yamlString(value)}` : ''}`;
  });
  const isLineStart = at === 0 || text.charAt(at - 1) === '\n';
  const insert = isLineStart ? lines.map((line) => line + lineBreak) : lines.map((line) => lineBreak + line);
  return { start: at, end: at, insert: insert.join('') };
}

function flowOf([name = '', ...rest]: readonly string[], value: string): string {
  return `${yamlKey(name)}: ${rest.length === 0 ? yamlString(value) : `{${flowOf(rest, value)}}`}`;
}

/** The offset after the line break of this offset's line. */
function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function column(text: string, { start, members }: MapNode): number {
  return members.size === 0 ? 0 : start - lineStart(text, start);
}

/**
 * Replaces a value with a string: a scalar in its own style where that can hold it, a list or a mapping as a whole.
 * @param text the whole file's
 */
function* scalarReplacement(
  text: string,
  { key, place, node }: Member,
  value: string,
): Generator<Replacement> {
  const { start, end } = place;
  if (node.kind !== 'scalar' && start === node.start) {
    const at = text.indexOf(':', key.end) + 1;
    yield { start: at, end: text.slice(0, end).trimEnd().length, insert: ` ${yamlString(value)}` };
    return;
  }
  if (start === end) {
    const at = text.indexOf(':', key.end) + 1;
    yield { start: at, end: at, insert: ` ${yamlString(value)}` };
    return;
  }
  const isAlias = node.start !== start;
  const style = isAlias || node.kind !== 'scalar' ? 'plain' : node.style;
  yield inStyle(text, { start, end }, style, value);
  // A tag such as `!!binary` changes what the string means: it goes with the old value.
  const tag = TAG_BEFORE.exec(text.slice(key.end, start));
  if (tag) yield { start: key.end + tag[0].length, end, insert: ` ${yamlString(value)}` };
}

/** A colon before a tag, and nothing else. */
const TAG_BEFORE = /^[ \t]*:(?=[ \t]+![^\s]*[ \t]+$)/;

function inStyle(text: string, { start, end }: Span, style: ScalarStyle, value: string): Replacement {
  switch (style) {
    case 'plain':
      return { start, end, insert: PLAIN_BASE64.test(value) ? value : yamlString(value) };
    case 'single-quoted':
      return { start, end, insert: `'${value.replaceAll("'", "''")}'` };
    case 'double-quoted':
      return { start, end, insert: yamlString(value) };
    default:
      return blockReplacement(text, start, end, value);
  }
}

/** The header of a block scalar stays, with its comment; its lines become one. */
function blockReplacement(text: string, start: number, end: number, value: string): Replacement {
  const [header = '', ...lines] = text.slice(start, end).split('\n');
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined || value === '') {
    const comment = header.replace(/^[|>][-+0-9]*/, '');
    return { start, end, insert: yamlString(value) + comment };
  }
  const indent = /^ */.exec(first)?.[0] ?? '';
  return { start: start + header.length + 1, end, insert: indent + value };
}
