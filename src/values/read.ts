import { type Lines, linesOf } from './lines.ts';
import type { ValuesFile } from './values.ts';
import { viewValues } from './view.ts';
import { newBudget } from './yaml/budget.ts';
import { readDocument } from './yaml/document.ts';
import { cutDocuments } from './yaml/documents.ts';
import { decodeText } from './yaml/encoding.ts';
import { type MapNode, mergeDocuments } from './yaml/node.ts';
import { encodingProblem, sizeUnread } from './yaml/problem.ts';
import { Refusal } from './yaml/refusal.ts';

const MAX_DOCUMENTS = 2_000;
const MAX_LINES = 500_000;

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
  if (isTooLong(text)) throw sizeUnread();
  const chunks = cutDocuments(text);
  if (chunks.length > MAX_DOCUMENTS) throw sizeUnread();
  const budget = newBudget();
  const documents: MapNode[] = [];
  for (const chunk of chunks) documents.push(await readDocument(text, chunk, budget));
  const [first] = documents as [MapNode, ...MapNode[]];
  const second = chunks[1];
  return {
    ok: true,
    values: viewValues(mergeDocuments(documents), lines),
    firstDocument: second === undefined ? null : viewValues(first, lines),
    secondDocument: second === undefined ? null : lines.location(second.start, second.start),
  };
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
