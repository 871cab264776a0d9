import { type Document, type Node, visit, type YAMLParseError } from 'yaml';
import { lastNotAfter } from '../search.ts';
import type { Budget } from './budget.ts';
import { buildDocument } from './build.ts';
import { composeFirst } from './compose.ts';
import { extentOf } from './go-grammar.ts';
import { GoYamlError, type TextEdit } from './go-scanner.ts';
import type { MapNode } from './node.ts';
import { depthLimit, depthUnread, goProblem, parserProblem, sizeUnread } from './problem.ts';
import type { Refusal } from './refusal.ts';

type Place = (offset: number) => number;

/**
 * Reads one document as go-yaml v2 does: its grammar says whether and how far, `yaml` what is in it.
 *
 * @param text the document, line ends as `\n` or `\r\n`
 * @param place maps its offsets to offsets in the file
 * @param budget is drawn on
 * @returns its top mapping, with offsets in the file
 * @throws {Refusal} where Helm refuses it, or where it cannot be read here (the message tells which)
 */
export function parseDocument(text: string, place: Place, budget: Budget): MapNode {
  try {
    const { end, edits } = extentOf(text);
    const draft = edited(text.slice(0, end), edits);
    const toFile = (offset: number) => place(draft.place(offset));
    const { document, error, unclosed } = compose(draft.text, budget);
    if (error !== undefined) throw parserProblem(error, draft.text, unclosed, toFile, false);
    return buildDocument(document.contents as Node | null, draft.text, toFile);
  } catch (error) {
    if (error instanceof GoYamlError) throw refusal(error, text, place, budget);
    if (error instanceof RangeError) throw depthUnread();
    throw error;
  }
}

/** In the words of `yaml` where it refuses the text in this line or before, since they are nearer to what was meant. */
function refusal(refused: GoYamlError, text: string, place: Place, budget: Budget): Refusal {
  if (refused.problem === 'depth') return depthLimit();
  const draft = edited(text, refused.edits);
  const { error, unclosed } = compose(draft.text, budget);
  const lineEnd = text.indexOf('\n', refused.start);
  const isNear = error !== undefined && (lineEnd < 0 || draft.place(error.pos[0]) <= lineEnd);
  if (!isNear || refused.problem === 'directive') return goProblem(refused, place);
  return parserProblem(error, draft.text, unclosed, (offset) => place(draft.place(offset)), true);
}

interface Read {
  document: Document.Parsed;
  /** What `yaml` finds wrong first. */
  error: YAMLParseError | undefined;
  /** Whether a bracket without its closing one was found too. */
  unclosed: boolean;
}

function compose(text: string, budget: Budget): Read {
  const { document, errors, stopped } = composeFirst(text, budget);
  if (stopped === 'size') throw sizeUnread();
  if (stopped !== null || document === null) throw depthUnread();
  // go-yaml wants no space before a comment.
  const error = errors.find(({ message }) => !message.startsWith('Comments must be separated'));
  if (error !== undefined) error.pos = openingQuote(error, document) ?? error.pos;
  return { document, error, unclosed: errors.some(({ message }) => message.includes('end with a')) };
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

/** A text after some edits, and how its offsets map back. */
function edited(text: string, edits: readonly TextEdit[]): { text: string; place: Place } {
  const pieces: string[] = [];
  const starts: number[] = [0];
  let from = 0;
  let length = 0;
  for (const { at, remove, insert } of edits) {
    pieces.push(text.slice(from, at), insert);
    starts.push(length + at - from);
    length += at - from + insert.length;
    from = at + remove;
  }
  pieces.push(text.slice(from));
  const place = (offset: number): number => {
    const index = lastNotAfter(starts, offset);
    const edit = edits[index - 1];
    if (edit === undefined) return offset;
    const past = offset - (starts[index] as number);
    if (past < edit.insert.length) return edit.at + Math.min(past, edit.remove);
    return edit.at + edit.remove + past - edit.insert.length;
  };
  return { text: pieces.join(''), place };
}
