import {
  Composer,
  type CST,
  type Document,
  Lexer,
  type Node,
  Parser,
  visit,
  type YAMLParseError,
} from 'yaml';
import { lastNotAfter } from '../lines.ts';
import { buildDocument } from './build.ts';
import { goYamlError, parserError } from './diagnostics.ts';
import { type Budget, MAX_QUOTED, tooDeep, tooLarge, YamlError } from './error.ts';
import { extentOf } from './go-grammar.ts';
import { GoYamlError, type TextEdit } from './go-scanner.ts';
import type { MapNode } from './node.ts';

type Place = (offset: number) => number;

/** How many tokens that fit nowhere are read: the first says what is wrong, and each takes its time. */
const MAX_BROKEN = 100;

/**
 * Reads one document as go-yaml v2 does: its grammar says whether and how far, `yaml` what is in it.
 *
 * @param text the document, line ends as `\n` or `\r\n`
 * @param place maps its offsets to offsets in the file
 * @param budget is drawn on
 * @returns its top mapping, with offsets in the file
 * @throws {YamlError} where Helm refuses it, or where it cannot be read here (the message says which)
 */
export function parseDocument(text: string, place: Place, budget: Budget): MapNode {
  try {
    const { end, edits } = extentOf(text);
    const draft = edited(text.slice(0, end), edits);
    const toFile = (offset: number) => place(draft.place(offset));
    const { document, error, isUnclosed } = compose(draft.text, budget);
    if (error !== undefined) throw parserError(error, draft.text, isUnclosed, toFile, false);
    return buildDocument(document.contents as Node | null, draft.text, toFile);
  } catch (error) {
    if (error instanceof GoYamlError) throw refusedByHelm(error, text, place, budget);
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
}

/** In the words of `yaml` where it refuses the text on this line or before: they are closer to what was meant. */
function refusedByHelm(refused: GoYamlError, text: string, place: Place, budget: Budget): YamlError {
  if (refused.kind === 'depth' || refused.kind === 'directive') return goYamlError(refused, text, place);
  const draft = edited(text, refused.edits);
  const composed = composeOrNull(draft.text, budget);
  const error = composed?.error;
  const lineEnd = text.indexOf('\n', refused.start);
  const isNear = error !== undefined && (lineEnd < 0 || draft.place(error.pos[0]) <= lineEnd);
  if (!isNear) return goYamlError(refused, text, place);
  const toFile = (offset: number) => place(draft.place(offset));
  return parserError(error, draft.text, composed?.isUnclosed === true, toFile, true);
}

/** Null where the text is too much for `yaml`. */
function composeOrNull(text: string, budget: Budget): Composed | null {
  try {
    return compose(text, budget);
  } catch (error) {
    if (error instanceof YamlError || error instanceof RangeError) return null;
    throw error;
  }
}

/** The text after some edits, and how its offsets map back. */
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

interface Composed {
  document: Document.Parsed;
  /** What `yaml` finds wrong first. */
  error: YAMLParseError | undefined;
  /** Whether a bracket without its closing one was found too. */
  isUnclosed: boolean;
}

/** The syntax tree of a file's first document, with every scalar left a string. */
function compose(text: string, budget: Budget): Composed {
  const document = firstDocument(text, budget);
  const { errors } = document;
  if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) throw tooDeep();
  // go-yaml wants no space before a comment.
  const error = errors.find(({ message }) => !message.startsWith('Comments must be separated'));
  if (error !== undefined) error.pos = openingQuote(error, document) ?? error.pos;
  return { document, error, isUnclosed: errors.some(({ message }) => message.includes('end with a')) };
}

function firstDocument(text: string, budget: Budget): Document.Parsed {
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  let isStarted = false;
  let broken = 0;
  for (const token of tokensOf(text, budget)) {
    const { type } = token;
    if (type === 'comment' || type === 'newline' || type === 'space') continue;
    if (isStarted && (type === 'document' || type === 'directive')) break;
    isStarted ||= type === 'document';
    if (type === 'error') broken += 1;
    if (broken > MAX_BROKEN) break;
    for (const _ of composer.next(token));
    if (isStarted && type === 'doc-end') break;
  }
  for (const document of composer.end(true, text.length)) return document;
  throw tooDeep();
}

function* tokensOf(text: string, budget: Budget): Generator<CST.Token, void> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    budget.tokens -= 1;
    if (budget.tokens < 0 || (lexeme.length > MAX_QUOTED && lexeme.startsWith('"'))) throw tooLarge();
    yield* parser.next(lexeme);
  }
  yield* parser.end();
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
