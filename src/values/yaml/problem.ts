import { firstContent } from './documents.ts';
import type { Decoded } from './encoding.ts';
import { mistakeOf, type ParserError, TEMPLATE } from './mistake.ts';
import { Refusal } from './refusal.ts';

/** Helm's own limit on nesting is passed. */
export function depthLimit(): Refusal {
  return new Refusal(
    'values are nested more than 10,000 levels deep, and Helm refuses that',
    'Write flatter values.',
    0,
    0,
  );
}

/** Nested more deeply than this program can follow; Helm may or may not read it. */
export function depthUnread(): Refusal {
  return new Refusal(
    'values are nested too deeply for this check to read, so nothing was judged',
    'Write flatter values, or lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}

/** Too much for this program to parse in good time; Helm may or may not read it. */
export function sizeUnread(): Refusal {
  return new Refusal(
    'the file holds too many or too long values for this check to read, so nothing was judged',
    'Lint the certificate in a file of its own.',
    0,
    0,
    false,
  );
}

/** A template's braces where a value belongs. */
export function templateProblem(start: number, end: number): Refusal {
  return new Refusal(...TEMPLATE, start, end);
}

/** What stops Helm in a file's bytes. */
export function encodingProblem(decoded: Decoded & { ok: false }): Refusal {
  const { offset } = decoded;
  if (decoded.kind === 'utf16') {
    return new Refusal(
      'the file is UTF-16 text: Helm 3 would read it, Helm 4 refuses it',
      'Save the file as UTF-8.',
      0,
      0,
    );
  }
  if (decoded.kind === 'utf8') {
    return new Refusal('the file is not UTF-8 text', 'Save the file as UTF-8.', offset, offset + 1);
  }
  const code = decoded.code.toString(16).toUpperCase().padStart(4, '0');
  return new Refusal(
    `a control character (U+${code}) stands in the file, and Helm refuses those, also in comments`,
    'Delete the character; in a double-quoted string it can be written as an escape.',
    offset,
    offset + 1,
  );
}

/** A document ends, and something follows that starts no other. */
export function restProblem(start: number, text: string): Refusal {
  return parserProblem({ code: '', message: '', pos: [start, start + 1] }, text, false, (offset) => offset);
}

/**
 * The parser's error in an operator's words.
 *
 * @param error what the parser says first
 * @param text the text that was parsed
 * @param unclosed whether it also found a bracket without its closing one
 * @param place maps its offsets to offsets in the file
 */
export function parserProblem(
  error: ParserError,
  text: string,
  unclosed: boolean,
  place: (offset: number) => number,
): Refusal {
  const { reason, help, start, end } = mistakeOf(error, text, unclosed);
  const known = error.code !== 'MULTIPLE_ANCHORS' && (isHelm4s(error) || hasUsualLayout(text));
  const said = known ? reason : `${reason} (Helm may read it, this check cannot)`;
  return new Refusal(said, help, place(start), Math.max(place(start), place(end)), known);
}

/** Helm 4 reads what stands before the first `---` as a document of its own. */
function isHelm4s({ message }: ParserError): boolean {
  return message.includes('directives-end');
}

/**
 * Whether the parser and go-yaml are known to agree on what is wrong. They part where the top mapping is itself
 * indented or may be, and where `|`, `>` or `%` begins a line: there go-yaml may end the document, or go on, in its own way.
 */
function hasUsualLayout(text: string): boolean {
  const first = firstContent(text);
  const indented = (first > 0 && text.charAt(first - 1) !== '\n') || /[&!]/.test(text.charAt(first));
  return !indented && !/^(?: *[|>](?!>{6} )|%)/m.test(text.slice(first));
}
