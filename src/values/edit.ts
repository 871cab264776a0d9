import { linesOf } from './lines.ts';
import { replacements } from './replacements.ts';
import { sameExcept, sameValues } from './same-except.ts';
import { readTrees, type Tree } from './trees.ts';
import type { SyntaxProblem } from './values.ts';
import { decodeText } from './yaml/encoding.ts';
import { mergeDocuments, type Node } from './yaml/node.ts';
import { encodingProblem } from './yaml/problem.ts';
import { Refusal } from './yaml/refusal.ts';

/** A value to set. */
export interface ValueEdit {
  path: readonly string[];
  /** A text on one line, without white space at its ends. */
  text: string;
}

/** Why values cannot be edited. */
export type EditProblem =
  /** The file is not one that Helm reads, or that can be read here. */
  | { kind: 'syntax'; problem: SyntaxProblem }
  /** There is no place for the value that would not change others too: a list or text on the way, an anchor shared with others. */
  | { kind: 'no-place'; path: readonly string[] };

export type Edited = { ok: true; bytes: Buffer } | { ok: false; problem: EditProblem };

/**
 * Sets values in a values file. All that is not the value itself stays as it is, byte for byte: comments, order of
 * keys, anchors, line ends, the style in which a value is written. A key that is not there is added behind the last
 * of its mapping. The file is read once more after each edit, and has to say the same as before but for the one value.
 * @param bytes the file as it stands on disk
 * @param file its name, for locations
 */
export async function editValues(bytes: Buffer, file: string, edits: readonly ValueEdit[]): Promise<Edited> {
  const decoded = decodeText(bytes);
  const original = decoded.text;
  try {
    if (!decoded.ok) throw encodingProblem(decoded);
    let text = original;
    let trees = await readTrees(text);
    for (const edit of edits) {
      const next = await edited(text, trees, edit);
      if (next === null) return { ok: false, problem: { kind: 'no-place', path: edit.path } };
      ({ text, trees } = next);
    }
    const mark = bytes.subarray(0, bytes.length - Buffer.byteLength(original));
    return { ok: true, bytes: Buffer.concat([mark, Buffer.from(text)]) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message: reason, help, start, end, byHelm } = error;
    const location = linesOf(original, file).location(start, end);
    return { ok: false, problem: { kind: 'syntax', problem: { reason, help, location, byHelm } } };
  }
}

type Trees = [Tree, ...Tree[]];

/** The first of the possible edits after which the file says what it should; null where none does. */
async function edited(
  text: string,
  trees: Trees,
  { path, text: value }: ValueEdit,
): Promise<{ text: string; trees: Trees } | null> {
  const holder = Math.max(
    0,
    trees.findLastIndex(({ root }) => nodeAt(root, path) !== undefined),
  );
  for (const { start, end, insert } of replacements(text, trees[holder] as Tree, path, value)) {
    const next = text.slice(0, start) + insert + text.slice(end);
    const read = await readIfSame(next, trees, holder, path, value);
    if (read !== null) return { text: next, trees: read };
  }
  return null;
}

async function readIfSame(
  text: string,
  before: Trees,
  holder: number,
  path: readonly string[],
  value: string,
): Promise<Trees | null> {
  const after = await readOrNull(text);
  if (after?.length !== before.length) return null;
  const isAsWanted = before.every(({ root }, index) => {
    const now = (after[index] as Tree).root;
    return index === holder ? sameExcept(root, now, path, value) : sameValues(root, now);
  });
  const merged = nodeAt(mergeDocuments(after.map(({ root }) => root)), path);
  const isSeen = merged?.kind === 'scalar' && String(merged.value).trim() === value;
  return isAsWanted && isSeen ? after : null;
}

async function readOrNull(text: string): Promise<Trees | null> {
  try {
    return await readTrees(text);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path) node = node?.kind === 'map' ? node.members.get(name)?.node : undefined;
  return node;
}
