import { type Document, type Node, visit, type YAMLParseError } from 'yaml';
import type { Budget } from './budget.ts';
import { buildDocument } from './build.ts';
import { composeFirst } from './compose.ts';
import { firstContent } from './documents.ts';
import { type Draft, implicitEnd, indentContinuations } from './lenient.ts';
import type { MapNode } from './node.ts';
import { depthLimit, depthUnread, parserProblem, restProblem, sizeUnread } from './problem.ts';
import { Refusal } from './refusal.ts';
import { checkStrictly } from './strict.ts';

/**
 * Reads one document as go-yaml v2 does.
 *
 * @param text the document, line ends as `\n` or `\r\n`
 * @param place maps its offsets to offsets in the file
 * @param budget is drawn on
 * @returns its top mapping, with offsets in the file
 * @throws {Refusal} where Helm refuses it, or where it cannot be read here (the message tells which)
 */
export function parseDocument(text: string, place: (offset: number) => number, budget: Budget): MapNode {
  try {
    const { draft, document } = accept({ text, place: (offset) => offset }, budget);
    const toFile = (offset: number) => place(draft.place(offset));
    try {
      checkStrictly(draft.text, document);
    } catch (error) {
      if (error instanceof Refusal) throw error.moved(toFile);
      throw error;
    }
    return buildDocument(document.contents as Node | null, draft.text, toFile);
  } catch (error) {
    if (error instanceof RangeError) throw depthUnread();
    if (error instanceof ParserRefusal)
      throw parserProblem(error.error, error.draft.text, error.unclosed, (offset) =>
        place(error.draft.place(offset)),
      );
    throw error;
  }
}

interface Accepted {
  draft: Draft;
  document: Document.Parsed;
}

class ParserRefusal extends Error {
  readonly error: YAMLParseError;
  readonly draft: Draft;
  /** Whether a bracket without its closing one was found too. */
  readonly unclosed: boolean;

  constructor(error: YAMLParseError, draft: Draft, unclosed: boolean) {
    super();
    this.error = error;
    this.draft = draft;
    this.unclosed = unclosed;
  }
}

/** Parses a text as it stands; where the parser refuses it, in the ways go-yaml is known to be laxer. */
function accept(draft: Draft, budget: Budget): Accepted {
  const asItStands = attempt(draft, budget);
  if (!(asItStands instanceof ParserRefusal)) return asItStands;
  const indented = reindented(draft, budget);
  if (indented !== null && !(indented instanceof ParserRefusal)) return indented;
  const end = implicitEnd(draft.text);
  if (end !== null) {
    const shorter = { ...draft, text: draft.text.slice(0, end) };
    const cut = attempt(shorter, budget);
    if (!(cut instanceof ParserRefusal)) return cut;
    const both = reindented(shorter, budget);
    if (both !== null && !(both instanceof ParserRefusal)) return both;
  }
  throw indented ?? asItStands;
}

function reindented(draft: Draft, budget: Budget): Accepted | ParserRefusal | null {
  const indented = indentContinuations(draft.text);
  return indented && attempt({ ...indented, place: (offset) => draft.place(indented.place(offset)) }, budget);
}

function attempt(draft: Draft, budget: Budget): Accepted | ParserRefusal {
  const { document, errors, stopped } = composeFirst(draft.text, budget);
  if (stopped === 'depth-limit') throw depthLimit();
  if (stopped === 'size') throw sizeUnread();
  if (stopped === 'depth' || document === null) throw depthUnread();
  const error = errors.find((candidate) => !escapeUnsafe(candidate, draft.text, document));
  if (error !== undefined) {
    error.pos = openingQuote(error, document) ?? error.pos;
    return new ParserRefusal(
      error,
      draft,
      errors.some(({ message }) => message.includes('end with a')),
    );
  }
  const rest = restOf(document, draft.text);
  if (rest !== null) throw restProblem(rest, draft.text).moved(draft.place);
  return { draft, document };
}

/** The parser misses a closing quote where the text ends, which may be far from where the scalar starts. */
function openingQuote(error: YAMLParseError, document: Document.Parsed): [start: number, end: number] | null {
  if (!error.message.startsWith('Missing closing')) return null;
  let found: [number, number] | null = null;
  visit(document, {
    Scalar(_key, { range }) {
      if (range?.[1] !== error.pos[0]) return undefined;
      found = [range[0], range[0] + 1];
      return visit.BREAK;
    },
  });
  return found;
}

/** go-yaml wants no space before a comment, and reads nothing behind a flow collection at the top. */
function escapeUnsafe(error: YAMLParseError, text: string, document: Document.Parsed): boolean {
  if (error.message.startsWith('Comments must be separated')) return true;
  const contents = document.contents as (Node & { flow?: boolean }) | null;
  const end = contents?.flow === true ? contents.range?.[1] : undefined;
  return end !== undefined && error.pos[0] >= end && /[\]}]/.test(text.charAt(end - 1));
}

/**
 * Where something follows a document that neither marks its end nor starts another. Only a block collection in
 * the first column counts: behind any other go-yaml reads no further.
 */
function restOf(document: Document.Parsed, text: string): number | null {
  const contents = document.contents as (Node & { flow?: boolean }) | null;
  const start = contents?.range?.[0] ?? 0;
  if (contents === null || contents.flow === true) return null;
  if (start > 0 && text.charAt(start - 1) !== '\n') return null;
  const end = document.range[2];
  if (/^(?:---\s|\.\.\.\s|%)/m.test(text.slice(start))) return null;
  const rest = text.slice(end);
  const first = firstContent(rest);
  return first === rest.length ? null : end + first;
}
