import { trimSpace } from '../text/trim.ts';
import { linesOf } from './lines.ts';
import { diagnosticOf } from './read.ts';
import { removals, replacements } from './replacements.ts';
import type { SyntaxDiagnostic } from './values.ts';
import { readDocuments, type YamlDocument } from './yaml/documents.ts';
import { decodeText } from './yaml/encoding.ts';
import { YamlError } from './yaml/error.ts';
import { type ListNode, type MapNode, mergeDocuments, type Node } from './yaml/node.ts';

/** A value to set. */
export interface ValueEdit {
  path: readonly string[];
  /** A string on one line, without white space at its ends; null to remove the key. */
  text: string | null;
}

/** A value to set in an object of manifests, where each document is by itself. */
export interface ObjectEdit extends ValueEdit {
  /** The index of its document. */
  document: number;
  /** The path of the object in the document, through lists too. */
  object: readonly string[];
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
export function editValues(bytes: Buffer, file: string, edits: readonly ValueEdit[]): Promise<Edited> {
  return editText(bytes, file, edits, readDocuments);
}

/**
 * Sets or removes values in objects of manifests, in the same way.
 * @param read splits a text into its documents, and reads those that matter
 */
export function editObjects(
  bytes: Buffer,
  file: string,
  edits: readonly ObjectEdit[],
  read: (text: string) => Promise<readonly YamlDocument[]>,
): Promise<Edited> {
  return editText(bytes, file, edits, read);
}

type Read = (text: string) => Promise<readonly YamlDocument[]>;

async function editText(
  bytes: Buffer,
  file: string,
  edits: readonly (ValueEdit | ObjectEdit)[],
  read: Read,
): Promise<Edited> {
  const decoded = decodeText(bytes);
  const original = decoded.text;
  try {
    if (decoded.error !== null) throw decoded.error;
    let text = original;
    let documents = await read(text);
    for (const edit of edits) {
      const next = await edited(text, documents, edit, read);
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

/** The first of the possible edits after which the file holds what it should; null where none does. */
async function edited(
  text: string,
  documents: readonly YamlDocument[],
  edit: ValueEdit | ObjectEdit,
  read: Read,
): Promise<{ text: string; documents: readonly YamlDocument[] } | null> {
  const { path, text: value } = edit;
  const inObject = 'object' in edit ? edit : null;
  const last = documents.findLastIndex(({ root }) => nodeAt(root, path) !== undefined);
  const holder = inObject?.document ?? Math.max(0, last);
  const document = documents[holder] as YamlDocument;
  const base = nodeAt(document.root, inObject?.object ?? []);
  if (base?.kind !== 'map') return null;
  const place = { ...document, root: base };
  const ways = value === null ? removals(text, base, path) : replacements(text, place, path, value);
  const fullPath = [...(inObject?.object ?? []), ...path];
  for (const { start, end, insert } of ways) {
    const next = text.slice(0, start) + insert + text.slice(end);
    const after = await readOrNull(next, read);
    if (after === null || !isAsWanted(documents, after, holder, fullPath, value)) continue;
    if (inObject !== null || value === null || isSeen(after, path, value))
      return { text: next, documents: after };
  }
  return null;
}

function isAsWanted(
  before: readonly YamlDocument[],
  after: readonly YamlDocument[],
  holder: number,
  path: readonly string[],
  value: string | null,
): boolean {
  if (after.length !== before.length) return false;
  return before.every(({ root }, index) => {
    const now = (after[index] as YamlDocument).root;
    const comparison = new Comparison();
    return index === holder ? comparison.isSameExcept(root, now, path, value) : comparison.isSame(root, now);
  });
}

/** Whether no other document of values hides the value. */
function isSeen(documents: readonly YamlDocument[], path: readonly string[], value: string | null): boolean {
  const merged = nodeAt(mergeDocuments(documents.map(({ root }) => root)), path);
  return merged?.kind === 'scalar' && trimSpace(String(merged.value)) === value;
}

async function readOrNull(text: string, read: Read): Promise<readonly YamlDocument[] | null> {
  try {
    return await read(text);
  } catch (error) {
    if (error instanceof YamlError) return null;
    throw error;
  }
}

function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path) node = node && childOf(node, name);
  return node;
}

function childOf(node: Node, name: string): Node | undefined {
  if (node.kind === 'map') return node.members.get(name)?.node;
  return node.kind === 'list' ? node.items[Number(name)] : undefined;
}

/** Whether two documents, or parts of them, hold the same values. */
export function isSameNode(one: Node, other: Node): boolean {
  return new Comparison().isSame(one, other);
}

/** Compares two documents, in time linear in the number of distinct nodes, however often aliases share them. */
class Comparison {
  /** Pairs found to be the same, or being compared. */
  readonly #same = new Map<Node, Set<Node>>();

  /**
   * Whether a document holds the same values as before but for the one at a path, which is now this string. White space
   * around it does not count, since a block scalar ends with a line break. For null, the key must be gone.
   */
  isSameExcept(
    before: Node | undefined,
    after: Node | undefined,
    path: readonly string[],
    text: string | null,
  ): boolean {
    const [name, ...rest] = path;
    if (name === undefined) {
      if (text === null) return after === undefined;
      return after?.kind === 'scalar' && typeof after.value === 'string' && trimSpace(after.value) === text;
    }
    if (before?.kind === 'list' && after?.kind === 'list') {
      const isSameItem = (item: Node, index: number) =>
        String(index) === name
          ? this.isSameExcept(item, after.items[index], rest, text)
          : this.isSame(item, after.items[index]);
      return before.items.length === after.items.length && before.items.every(isSameItem);
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
