import { trimSpace } from '../text/trim.ts';
import { isSameNode } from './edit.ts';
import { type Replacement, replacements } from './replacements.ts';
import { isUnset } from './settings.ts';
import { readDocuments, type YamlDocument } from './yaml/documents.ts';
import { decodeText } from './yaml/encoding.ts';
import { YamlError } from './yaml/error.ts';
import { type MapNode, type Member, type Node, newMap, type Span } from './yaml/node.ts';
import { yamlKey, yamlString } from './yaml/scalar.ts';

/** A value, or a mapping with all that is in it, that belongs elsewhere. */
export interface Move {
  from: readonly string[];
  /** Where nothing is yet. */
  to: readonly string[];
}

/**
 * Moves values within a file, with their comments: a key is renamed where it is, or its lines go to their place with the
 * indentation there. Mappings that it leaves empty go. Everything else stays as it is, byte for byte. The file is read again
 * after each move, and must hold the same values as before but for the moved one.
 * @param bytes the file as it is on disk; of several documents nothing is moved
 * @returns null where one of the moves cannot be made
 */
export async function moveValues(bytes: Buffer, moves: readonly Move[]): Promise<Buffer | null> {
  const { text: original, error } = decodeText(bytes);
  if (error !== null) return null;
  let text = original;
  for (const move of moves) {
    const document = await onlyDocument(text);
    const next = document && (await moved(text, document, move));
    if (next === null) return null;
    text = next;
  }
  const mark = bytes.subarray(0, bytes.length - Buffer.byteLength(original));
  return Buffer.concat([mark, Buffer.from(text)]);
}

async function onlyDocument(text: string): Promise<YamlDocument | null> {
  try {
    const [document, ...others] = await readDocuments(text);
    return others.length === 0 ? document : null;
  } catch (error) {
    if (error instanceof YamlError) return null;
    throw error;
  }
}

/** The first of the possible texts that holds what it should; null where none does. */
async function moved(text: string, document: YamlDocument, { from, to }: Move): Promise<string | null> {
  const { root } = document;
  const parent = mapAt(root, from.slice(0, -1));
  const member = parent?.members.get(from.at(-1) ?? '');
  if (parent === null || member === undefined) return null;
  const wanted = withNode(without(root, emptied(root, from, to)), to, member.node);
  const found = { parent, member };
  const target = memberAt(root, to)?.node;
  if (target !== undefined && !(target.kind === 'scalar' && isUnset(target.value))) return null;
  const ways =
    target === undefined
      ? [...renamed(text, found, from, to), ...relocated(text, document, found, from, to)]
      : [...filled(text, document, found, from, to)];
  for (const edits of ways) {
    const next = edited(text, edits);
    const after = next === null ? null : await onlyDocument(next);
    if (after !== null && isSameNode(wanted, after.root)) return next;
  }
  return null;
}

interface Found {
  parent: MapNode;
  member: Member;
}

/** Another key at the same place, also with more keys between it and the value. */
function* renamed(
  text: string,
  { parent, member }: Found,
  from: readonly string[],
  to: readonly string[],
): Generator<Replacement[]> {
  const above = from.slice(0, -1);
  const [first = '', ...below] = to.slice(above.length);
  const isHere = above.every((name, depth) => to[depth] === name) && to.length > above.length;
  if (!isHere || (first !== from.at(-1) && parent.members.has(first))) return;
  const { key, place } = member;
  const indent = key.start - lineStart(text, key.start);
  const heads = below.map(
    (name, depth) => `:${lineBreakOf(text)}${' '.repeat(indent + STEP * (depth + 1))}${yamlKey(name)}`,
  );
  const value = shifted(text.slice(key.end, place.end), STEP * below.length);
  yield [{ start: key.start, end: place.end, insert: yamlKey(first) + heads.join('') + value }];
}

/** The value in place of an empty one. */
function* filled(
  text: string,
  document: YamlDocument,
  { member }: Found,
  from: readonly string[],
  to: readonly string[],
): Generator<Replacement[]> {
  const { node } = member;
  const cut = linesOf(text, document.root, from, to);
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || cut === null) return;
  const value = trimSpace(node.value);
  const rest = text.slice(cut.start, cut.end).replace(text.slice(node.start, node.end), '');
  if (value !== node.value || value.includes('\n') || rest.includes('#')) return;
  for (const replacement of replacements(text, document, to, value))
    yield [{ ...cut, insert: '' }, replacement];
}

const STEP = 2;
/** Stands for the value in a string that is about to get it. */
const MARK = 'moved';

/** The lines of the value somewhere else. */
function* relocated(
  text: string,
  document: YamlDocument,
  { member }: Found,
  from: readonly string[],
  to: readonly string[],
): Generator<Replacement[]> {
  const top = emptied(document.root, from, to);
  const cut = linesOf(text, document.root, from, to);
  if (cut === null) return;
  const { key } = member;
  const indent = key.start - lineStart(text, key.start);
  const comments = top.length === from.length ? text.slice(cut.start, lineStart(text, key.start)) : '';
  // Comments of the mappings that go with it would be lost.
  if (top.length < from.length && text.slice(cut.start, lineStart(text, key.start)).includes('#')) return;
  const name = `${yamlKey(to.at(-1) ?? '')}: ${yamlString(MARK)}`;
  for (const { start, end: until, insert } of replacements(text, document, to, MARK)) {
    const at = insert.lastIndexOf(name);
    const head = insert.slice(0, at);
    const own = /(?:^|\n)( *)$/.exec(head)?.[1];
    if (at < 0 || own === undefined) continue;
    const by = own.length - indent;
    const body = shifted(text.slice(key.end, cut.end), by).replace(/\r?\n$/, '');
    const above = comments.replace(/^ */gm, (spaces, offset: number) =>
      offset < comments.length ? ' '.repeat(Math.max(0, spaces.length + by)) : spaces,
    );
    const lines = `${head.slice(0, at - own.length)}${above}${own}${yamlKey(to.at(-1) ?? '')}${body}`;
    yield [
      { ...cut, insert: '' },
      { start, end: until, insert: lines + insert.slice(at + name.length) },
    ];
  }
}

/** The lines of a value, and of the mappings that hold nothing else; null where they hold more than that. */
function linesOf(text: string, root: MapNode, from: readonly string[], to: readonly string[]): Span | null {
  const [member, outer] = [memberAt(root, from), memberAt(root, emptied(root, from, to))];
  if (member === null || outer === null) return null;
  const start = lineStart(text, outer.key.start);
  if (!/^ *$/.test(text.slice(start, outer.key.start))) return null;
  const { end } = member.place;
  return { start: commentsAbove(text, start), end: lineEnd(text, text[end - 1] === '\n' ? end - 1 : end) };
}

/** A text with replacements that do not overlap; null where they do. */
function edited(text: string, edits: readonly Replacement[]): string | null {
  const sorted = [...edits].sort((one, other) => one.start - other.start || one.end - other.end);
  let [result, at] = ['', 0];
  for (const { start, end, insert } of sorted) {
    if (start < at) return null;
    result += text.slice(at, start) + insert;
    at = end;
  }
  return result + text.slice(at);
}

/** All lines but the first with so many more spaces before them, or fewer. */
function shifted(text: string, by: number): string {
  if (by >= 0) return text.replace(/\n(?=[^\r\n])/g, `\n${' '.repeat(by)}`);
  return text.replace(/\n( *)/g, (_, spaces: string) => `\n${spaces.slice(-by)}`);
}

/** The start of the comment lines directly above a line, which belong to it; those at the top of the file do not. */
function commentsAbove(text: string, start: number): number {
  const indent = /^ */.exec(text.slice(start, lineEnd(text, start)))?.[0].length;
  let at = start;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    const found = /^( *)#/.exec(text.slice(above, at));
    if (found === null || found[1]?.length !== indent) return at;
    at = above;
  }
  return start;
}

/** The path of the highest mapping that holds nothing but this value, and will not when the value has moved. */
function emptied(root: MapNode, from: readonly string[], to: readonly string[]): readonly string[] {
  const shared = from.findIndex((name, depth) => to[depth] !== name);
  const least = shared < 0 ? from.length : shared + 1;
  for (let length = from.length; length > least; length -= 1) {
    if (mapAt(root, from.slice(0, length - 1))?.members.size !== 1) return from.slice(0, length);
  }
  return from.slice(0, least);
}

function memberAt(root: MapNode, path: readonly string[]): Member | null {
  return mapAt(root, path.slice(0, -1))?.members.get(path.at(-1) ?? '') ?? null;
}

function mapAt(root: MapNode, path: readonly string[]): MapNode | null {
  let node: Node | undefined = root;
  for (const name of path) node = node?.kind === 'map' ? node.members.get(name)?.node : undefined;
  return node?.kind === 'map' ? node : null;
}

function without(map: MapNode, [name = '', ...rest]: readonly string[]): MapNode {
  const members = new Map(map.members);
  const member = members.get(name);
  if (rest.length === 0 || member?.node.kind !== 'map') members.delete(name);
  else members.set(name, { ...member, node: without(member.node, rest) });
  return { ...map, members };
}

function withNode(map: MapNode, [name = '', ...rest]: readonly string[], node: Node): MapNode {
  const members = new Map(map.members);
  const member = members.get(name) ?? { key: map, place: map, node: newMap(0) };
  const below = member.node.kind === 'map' ? member.node : newMap(0);
  members.set(name, { ...member, node: rest.length === 0 ? node : withNode(below, rest, node) });
  return { ...map, members };
}

function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset after the line break of this offset's line. */
function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}
