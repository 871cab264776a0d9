import { type Replacement, scalarReplacement } from './scalar-replacement.ts';
import type { Tree } from './trees.ts';
import type { MapNode, Member } from './yaml/node.ts';
import { yamlKey, yamlText } from './yaml/write.ts';

const STEP = 2;

/**
 * The ways to set a value in one document, the best first. Whether one of them changes anything else is for the
 * caller to see: it takes the parser.
 * @param text the whole file's
 */
export function* replacements(
  text: string,
  { root, span }: Tree,
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

/** What a merge key (`<<`) brought in is written elsewhere. */
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
  // A block scalar with `+` owns the blank lines behind it.
  const blank = /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))?.[0].length ?? 0;
  if (blank > 0) yield linesAt(text, end + blank, column(text, map), path, value);
}

/** A mapping in the place of none. */
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

/** Keys on lines of their own, in a place where a line begins or the text ends. */
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
    return `${' '.repeat(indent + depth * STEP)}${yamlKey(name)}:${isLast ? ` ${yamlText(value)}` : ''}`;
  });
  const isLineStart = at === 0 || text.charAt(at - 1) === '\n';
  const insert = isLineStart ? lines.map((line) => line + lineBreak) : lines.map((line) => lineBreak + line);
  return { start: at, end: at, insert: insert.join('') };
}

function flowOf([name = '', ...rest]: readonly string[], value: string): string {
  return `${yamlKey(name)}: ${rest.length === 0 ? yamlText(value) : `{${flowOf(rest, value)}}`}`;
}

/** Behind the line break of the line that holds an offset. */
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
