import { newBudget } from './yaml/budget.ts';
import { readDocument } from './yaml/document.ts';
import { splitDocuments } from './yaml/documents.ts';
import type { MapNode, Span } from './yaml/node.ts';
import { separatorProblem, sizeUnread } from './yaml/problem.ts';

const MAX_DOCUMENTS = 2_000;
const MAX_LINES = 500_000;

/** One document of a values file. */
export interface Tree {
  /** Where it stands in the file's text. */
  span: Span;
  /** Its top mapping, with offsets in the file's text. */
  root: MapNode;
}

/**
 * Reads all documents of a values file.
 * @param text without a byte-order mark
 * @returns one at least
 * @throws Refusal where Helm refuses it, or where it cannot be read here (the message tells which)
 */
export async function readTrees(text: string): Promise<[Tree, ...Tree[]]> {
  if (isTooLong(text)) throw sizeUnread();
  const { spans, badSeparator } = splitDocuments(text);
  if (spans.length > MAX_DOCUMENTS) throw sizeUnread();
  const budget = newBudget();
  const trees: Tree[] = [];
  for (const span of spans) trees.push({ span, root: await readDocument(text, span, budget) });
  if (badSeparator !== null) throw separatorProblem(badSeparator);
  return trees as [Tree, ...Tree[]];
}

/** Looked at before anything is done line by line. */
function isTooLong(text: string): boolean {
  return ['\n', '\r', '\x85'].some((end) => {
    let lines = 0;
    for (let at = text.indexOf(end); at >= 0 && lines <= MAX_LINES; at = text.indexOf(end, at + 1))
      lines += 1;
    return lines > MAX_LINES;
  });
}
