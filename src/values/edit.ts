import { linesOf } from './lines.ts';
import { diagnosticOf } from './read.ts';
import { replacements } from './replacements.ts';
import type { SyntaxDiagnostic } from './values.ts';
import { readDocuments, type YamlDocument } from './yaml/documents.ts';
import { decodeText } from './yaml/encoding.ts';
import { YamlError } from './yaml/error.ts';
import { type ListNode, type MapNode, mergeDocuments, type Node } from './yaml/node.ts';

/** A value to set. */
export interface ValueEdit {
  path: readonly string[];
  /** A string on one line, without white space at its ends. */
  text: string;
}

/** Why values cannot be edited. */
export type EditDiagnostic =
  /** The file is not one that Helm reads, or that can be read here. */
  | { kind: 'syntax'; diagnostic: SyntaxDiagnostic }
  /** The value has no place of its own: a list or string is in its path, or an anchor is shared with others. */
  | { kind: 'no-place'; path: readonly string[] };

export type Edited = { ok: true; bytes: Buffer } | { ok: false; diagnostic: EditDiagnostic };

/**
 * Sets values in a values file. Everything else stays as it is, byte for byte: comments, order of keys, anchors, line
 * ends, the style of a value. A missing key is added after the last of its mapping. The file is read again after each
 * edit, and must hold the same values as before but for the new one.
 * @param bytes the file as it is on disk
 * @param file its name, for locations
 */
export async function editValues(bytes: Buffer, file: string, edits: readonly ValueEdit[]): Promise<Edited> {
  const decoded = decodeText(bytes);
  const original = decoded.text;
  try {
    if (decoded.error !== null) throw decoded.error;
    let text = original;
    let documents = await readDocuments(text);
    for (const edit of edits) {
      const next = await edited(text, documents, edit);
      if (next === null) return { ok: false, diagnostic: { kind: 'no-place', path: edit.path } };
      ({ text, documents } = next);
    }
    const mark = bytes.subarray(0, bytes.length - Buffer.byteLength(original));
    return { ok: true, bytes: Buffer.concat([mark, Buffer.from(text)]) };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return {
      ok: false,
      diagnostic: { kind: 'syntax', diagnostic: diagnosticOf(error, linesOf(original, file)) },
    };
  }
}

type Documents = [YamlDocument, ...YamlDocument[]];

/** The first of the possible edits after which the file holds what it should; null where none does. */
async function edited(
  text: string,
  documents: Documents,
  { path, text: value }: ValueEdit,
): Promise<{ text: string; documents: Documents } | null> {
  const holder = Math.max(
    0,
    documents.findLastIndex(({ root }) => nodeAt(root, path) !== undefined),
  );
  for (const { start, end, insert } of replacements(text, documents[holder] as YamlDocument, path, value)) {
    const next = text.slice(0, start) + insert + text.slice(end);
    const read = await readIfSame(next, documents, holder, path, value);
    if (read !== null) return { text: next, documents: read };
  }
  return null;
}

async function readIfSame(
  text: string,
  before: Documents,
  holder: number,
  path: readonly string[],
  value: string,
): Promise<Documents | null> {
  const after = await readOrNull(text);
  if (after?.length !== before.length) return null;
  const isAsWanted = before.every(({ root }, index) => {
    const now = (after[index] as YamlDocument).root;
    const comparison = new Comparison();
    return index === holder ? comparison.isSameExcept(root, now, path, value) : comparison.isSame(root, now);
  });
  const merged = nodeAt(mergeDocuments(after.map(({ root }) => root)), path);
  const isSeen = merged?.kind === 'scalar' && String(merged.value).trim() === value;
  return isAsWanted && isSeen ? after : null;
}

async function readOrNull(text: string): Promise<Documents | null> {
  try {
    return await readDocuments(text);
  } catch (error) {
    if (error instanceof YamlError) return null;
    throw error;
  }
}

function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path) node = node?.kind === 'map' ? node.members.get(name)?.node : undefined;
  return node;
}

/** Compares two documents, in time linear in the number of distinct nodes, however often aliases share them. */
class Comparison {
  /** Pairs found to be the same, or being compared. */
  readonly #same = new Map<Node, Set<Node>>();

  /**
   * Whether a document holds the same values as before but for the one at a path, which is now this string. White space
   * around it does not count, since a block scalar ends with a line break.
   */
  isSameExcept(
    before: Node | undefined,
    after: Node | undefined,
    path: readonly string[],
    text: string,
  ): boolean {
    const [name, ...rest] = path;
    if (name === undefined) {
      return after?.kind === 'scalar' && typeof after.value === 'string' && after.value.trim() === text;
    }
    if (after?.kind !== 'map') return false;
    const old = before?.kind === 'map' ? before.members : new Map();
    const names = new Set([...old.keys(), ...after.members.keys()]);
    for (const each of names) {
      const [one, other] = [old.get(each)?.node, after.members.get(each)?.node];
      if (each === name ? !this.isSameExcept(one, other, rest, text) : !this.isSame(one, other)) return false;
    }
    return names.has(name);
  }

  /** Whether two documents, or parts of them, hold the same values. */
  isSame(one: Node | undefined, other: Node | undefined): boolean {
    if (one === undefined || other === undefined) return false;
    if (one.kind === 'scalar') return other.kind === 'scalar' && Object.is(one.value, other.value);
    const known = this.#same.get(one) ?? new Set();
    if (known.has(other)) return true;
    this.#same.set(one, known.add(other));
    return one.kind === 'list' ? this.#sameList(one, other) : this.#sameMap(one, other);
  }

  #sameList({ items }: ListNode, other: Node): boolean {
    if (other.kind !== 'list' || other.items.length !== items.length) return false;
    return items.every((item, index) => this.isSame(item, other.items[index]));
  }

  #sameMap({ members }: MapNode, other: Node): boolean {
    if (other.kind !== 'map' || other.members.size !== members.size) return false;
    return [...members].every(([name, { node }]) => this.isSame(node, other.members.get(name)?.node));
  }
}
