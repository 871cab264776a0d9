import { cutDocuments, onlyComments } from './chunks.ts';
import { type Budget, newBudget } from './compose.ts';
import { decodeText } from './encoding.ts';
import { excerpt, graft } from './graft.ts';
import { type Lines, linesOf } from './lines.ts';
import { type MapNode, mergeMaps } from './node.ts';
import { parseDocument } from './parse.ts';
import { encodingProblem, sizeUnread } from './problem.ts';
import { Refusal } from './refusal.ts';
import { skim } from './skim.ts';
import type { ValuesFile } from './values.ts';
import { viewValues } from './view.ts';

const MAX_DOCUMENTS = 2_000;

/**
 * Reads a values file as Helm does (Helm 3 and Helm 4 both read YAML through go-yaml v2).
 *
 * @param bytes the file as it stands on disk; the caller bounds its size
 * @param file its name, for locations
 * @param paths the values that will be asked for. Each mapping on the way to one, and all below one, is whole;
 *   what stands beside the way has its key, but null for a value where it was skipped as evidently fine
 */
export function readValues(bytes: Buffer, file: string, paths: readonly (readonly string[])[]): ValuesFile {
  const decoded = decodeText(bytes);
  const lines = linesOf(decoded.text, file);
  try {
    if (!decoded.ok) throw encodingProblem(decoded);
    return readDocuments(decoded.text, lines, paths);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message: reason, help, start, end } = error;
    return { ok: false, problem: { reason, help, location: lines.location(start, end) } };
  }
}

function readDocuments(text: string, lines: Lines, paths: readonly (readonly string[])[]): ValuesFile {
  const chunks = cutDocuments(text);
  while (chunks.length > 1 && onlyComments(text.slice(chunks[0]?.start, chunks[0]?.end))) chunks.shift();
  if (chunks.length > MAX_DOCUMENTS) throw sizeUnread();
  const budget = newBudget();
  const documents = chunks.map(({ start, end }) => readDocument(text, start, end, paths, budget));
  const [first, ...others] = documents as [MapNode, ...MapNode[]];
  const second = chunks[1];
  return {
    ok: true,
    values: viewValues(others.reduce(mergeMaps, first), lines),
    firstDocument: second === undefined ? null : viewValues(first, lines),
    secondDocument: second === undefined ? null : lines.location(second.start, second.start),
  };
}

function readDocument(
  file: string,
  from: number,
  to: number,
  paths: readonly (readonly string[])[],
  budget: Budget,
): MapNode {
  // Helm 4 ends each document with a newline; go-yaml takes a carriage return alone, and U+0085, for one.
  const chunk = file.slice(from, to);
  const text = (chunk.endsWith('\n') ? chunk : `${chunk}\n`).replace(/\r(?!\n)|\x85/g, '\n');
  const place = (offset: number) => from + Math.min(offset, to - from);
  return parseSkimmed(text, place, paths, budget) ?? parseDocument(text, place, budget);
}

/** The document without what nobody asks for; null where that did not come out as expected. */
function parseSkimmed(
  text: string,
  place: (offset: number) => number,
  paths: readonly (readonly string[])[],
  budget: Budget,
): MapNode | null {
  const skimmed = skim(text, paths);
  if (skimmed === null) return null;
  const rest = excerpt(text, skimmed.skipped);
  try {
    const root = parseDocument(rest.text, (offset) => place(rest.place(offset)), budget);
    return graft(root, skimmed, place) ? root : null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
