import { Composer, type Document, Lexer, Parser, type YAMLParseError } from 'yaml';

/** The first document of a text as a syntax tree, with what the parser holds against it. */
export interface Composed {
  document: Document.Parsed | null;
  errors: readonly YAMLParseError[];
  /** `limit`: Helm's own limit of 10,000 levels is passed; `parser`: ours gave up earlier. */
  tooDeep: 'limit' | 'parser' | null;
}

/** go-yaml's limit, both on the nesting of flow collections and on indentation. */
const MAX_DEPTH = 10_000;
/** What the parser's recursion is sure to manage on Node's ordinary stack is less; beyond it, it gives up cleanly. */
const FLOW_OPEN = new Set(['[', '{']);
const FLOW_CLOSE = new Set([']', '}']);

/**
 * Parses the first document of a text with every scalar left a string; what follows is not read, as Helm
 * does not read it either.
 *
 * @param text YAML without a byte-order mark
 * @returns the tree and the parser's errors; never throws
 */
export function composeFirst(text: string): Composed {
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
    for (const token of tokensOf(text)) {
      if (token === 'too deep') return { document: null, errors: [], tooDeep: 'limit' };
      const { type } = token;
      if (type === 'comment' || type === 'newline' || type === 'space') continue;
      if (started && (type === 'document' || type === 'directive')) break;
      started ||= type === 'document';
      for (const _ of composer.next(token));
      if (started && type === 'doc-end') break;
    }
    for (const document of composer.end(true, text.length)) {
      const exhausted = document.errors.some((error) => error.code === 'RESOURCE_EXHAUSTION');
      return { document, errors: document.errors, tooDeep: exhausted ? 'parser' : null };
    }
  } catch (error) {
    if (error instanceof RangeError) return { document: null, errors: [], tooDeep: 'parser' };
    throw error;
  }
  return { document: null, errors: [], tooDeep: null };
}

function* tokensOf(text: string) {
  const parser = new Parser();
  let depth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (FLOW_OPEN.has(lexeme)) depth += 1;
    else if (FLOW_CLOSE.has(lexeme) && depth > 0) depth -= 1;
    if (depth > MAX_DEPTH) {
      yield 'too deep' as const;
      return;
    }
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}
