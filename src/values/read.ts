import { type Lines, linesOf } from './lines.ts';
import { readTrees } from './trees.ts';
import type { ValuesFile } from './values.ts';
import { viewValues } from './view.ts';
import { decodeText } from './yaml/encoding.ts';
import { mergeDocuments } from './yaml/node.ts';
import { encodingProblem } from './yaml/problem.ts';
import { Refusal } from './yaml/refusal.ts';

/**
 * Reads a values file as Helm does (Helm 3 and Helm 4 both read YAML through go-yaml v2).
 *
 * @param bytes the file as it stands on disk; the caller bounds its size
 * @param file its name, for locations
 */
export async function readValues(bytes: Buffer, file: string): Promise<ValuesFile> {
  const decoded = decodeText(bytes);
  const lines = linesOf(decoded.text, file);
  try {
    if (!decoded.ok) throw encodingProblem(decoded);
    return await readDocuments(decoded.text, lines);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message: reason, help, start, end, byHelm } = error;
    return { ok: false, problem: { reason, help, location: lines.location(start, end), byHelm } };
  }
}

async function readDocuments(text: string, lines: Lines): Promise<ValuesFile> {
  const trees = await readTrees(text);
  const [first, second] = trees;
  return {
    ok: true,
    values: viewValues(mergeDocuments(trees.map(({ root }) => root)), lines),
    firstDocument: second === undefined ? null : viewValues(first.root, lines),
    secondDocument: second === undefined ? null : lines.location(second.span.start, second.span.start),
  };
}
