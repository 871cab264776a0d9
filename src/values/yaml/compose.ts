import { Composer, type CST, type Document, Lexer, Parser, type YAMLParseError } from 'yaml';
import type { Budget } from './budget.ts';

/** The first document of a text as a syntax tree, with what the parser holds against it. */
export interface Composed {
  document: Document.Parsed | null;
  errors: readonly YAMLParseError[];
  /** `depth-limit`: Helm's own limit of 10,000 levels is passed; else ours came earlier, and Helm may read on. */
  stopped: 'depth-limit' | 'depth' | 'size' | null;
}

/** go-yaml's limit, both on the nesting of flow collections and on indentation. */
const MAX_DEPTH = 10_000;
/** A double-quoted scalar is parsed character by character. */
const MAX_QUOTED = 4 * 1024 * 1024;
/** Tokens that fit nowhere: the first says what is wrong. */
const MAX_BROKEN = 100;
const FLOW_OPEN = new Set(['[', '{']);
const FLOW_CLOSE = new Set([']', '}']);

/**
 * Parses the first document of a text with every scalar left a string; what follows is not read, as Helm
 * does not read it either.
 *
 * @param text YAML without a byte-order mark
 * @param budget is drawn on for each token
 * @returns the tree and the parser's errors; never throws
 */
export function composeFirst(text: string, budget: Budget): Composed {
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  try {
    let started = false;
    let broken = 0;
    for (const token of tokensOf(text, budget)) {
      if (typeof token === 'string') return unread(token);
      const { type } = token;
      if (type === 'comment' || type === 'newline' || type === 'space') continue;
      if (started && (type === 'document' || type === 'directive')) break;
      started ||= type === 'document';
      if (type === 'error') broken += 1;
      if (broken > MAX_BROKEN) break;
      for (const _ of composer.next(token));
      if (started && type === 'doc-end') break;
    }
    for (const document of composer.end(true, text.length)) {
      const exhausted = document.errors.some((error) => error.code === 'RESOURCE_EXHAUSTION');
      return { document, errors: document.errors, stopped: exhausted ? 'depth' : null };
    }
  } catch (error) {
    if (error instanceof RangeError) return unread('depth');
    throw error;
  }
  return unread(null);
}

function unread(stopped: Composed['stopped']): Composed {
  return { document: null, errors: [], stopped };
}

function* tokensOf(text: string, budget: Budget): Generator<CST.Token | 'depth-limit' | 'size', void> {
  const parser = new Parser();
  let depth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (FLOW_OPEN.has(lexeme)) depth += 1;
    else if (FLOW_CLOSE.has(lexeme) && depth > 0) depth -= 1;
    budget.tokens -= 1;
    if (depth > MAX_DEPTH) return void (yield 'depth-limit');
    if (budget.tokens < 0 || (lexeme.length > MAX_QUOTED && lexeme.startsWith('"')))
      return void (yield 'size');
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}
