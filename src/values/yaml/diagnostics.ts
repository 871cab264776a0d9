import { tooDeepForHelm, YamlError } from './error.ts';
import type { GoErrorKind, GoYamlError } from './go-scanner.ts';

/** What `yaml` finds wrong in a document. */
export interface ParserError {
  code: string;
  message: string;
  pos: readonly [start: number, end: number];
}

/** What is wrong, as one sentence without a final full stop that quotes no value, and what to do. */
const WORDS = {
  alias: ['an alias has a tag or an anchor of its own', 'Write the alias alone.'],
  anchor: [
    'the name of an anchor (`&name`) or alias (`*name`) may contain only letters, digits, `-` and `_`',
    'Rename it, or put the value in quotes if the `&` or `*` belongs to it.',
  ],
  anchors: ['a value has two anchors', 'Delete one of them.'],
  block: [
    'the lines of a `|` or `>` block are not indented more than its key',
    'Indent them by two more spaces.',
  ],
  blockHeader: ['text follows `|` or `>` on the same line', 'Start the text on the next line, indented.'],
  colonAfterValue: [
    'a value contains `: `, and YAML takes it for a second key on the line',
    'Put the value in quotes, or start the key on a line of its own.',
  ],
  comma: ['a comma is missing between brackets', 'Put a comma between the items.'],
  conflict: ['the file contains a Git merge conflict', 'Resolve the conflict, and delete its three markers.'],
  directive: [
    'a line starts with `%`, and Helm takes it for a YAML directive that it does not support',
    'Delete the line.',
  ],
  directiveAlone: [
    'a line that starts with `%` is not followed by `---`, and Helm 4 refuses that',
    'Delete the line.',
  ],
  endMark: ['the file starts with the end mark `...`', 'Delete that line.'],
  escape: [
    'a double-quoted string contains an invalid backslash escape',
    'Double the backslash, or use single quotes.',
  ],
  flow: [
    'a comma or a closing bracket is missing',
    'Put a comma between the items, and a closing bracket after the last.',
  ],
  flowKey: [
    'a key between brackets is not on one line with its colon',
    'Write each key and its colon on one line.',
  ],
  indentation: [
    'a line is not indented like the lines beside it',
    'Start all keys, or items, of one group in the same column.',
  ],
  invalid: [
    'this is not valid YAML',
    'Compare its indentation, quotes and brackets with the lines beside it.',
  ],
  keyAsValue: [
    'a key is indented as if it continued the value above it',
    'Start it in the same column as the key it belongs beside, or delete the value above it.',
  ],
  keyLines: [
    'a key spans several lines, or its colon is missing',
    'Write each key on one line, with a colon and a space after it.',
  ],
  listOnKeyLine: [
    'a list starts on the line of its key',
    'Start the list on the next line, or put the value in quotes if the dash belongs to it.',
  ],
  longKey: ['a key is longer than 1,024 characters', 'Shorten the key.'],
  noBreakSpace: [
    'a line contains a no-break space, which YAML takes for a letter',
    'Replace it with an ordinary space.',
  ],
  noSpace: ['a colon has no space after it', 'Write `key: value`, with a space after the colon.'],
  notAPair: [
    'a line is not a `key: value` pair',
    'Put a colon and a space after the key, or indent the line if it continues the one above.',
  ],
  pem: [
    'PEM was pasted here as it is, and YAML does not read its lines as one value',
    'Encode the file, and put its base64 on one line, after the key; the command encode writes it so.',
  ],
  quote: ['a quoted string is not closed', 'Put the closing quote at the end of the string.'],
  reserved: ['a value starts with a character that YAML reserves', 'Put the value in quotes.'],
  slash: [
    'a double-quoted string contains the escape `\\/`, which Helm does not know',
    'Write the slash without the backslash.',
  ],
  surrogate: [
    'half a character (a surrogate) is written as an escape in a double-quoted string',
    'Write the character itself, or `\\U` with its eight digits.',
  ],
  tab: [
    'a tab is where YAML allows only spaces (it may be invisible at the start of an otherwise empty line)',
    'Replace the tab with spaces, or delete it.',
  ],
  tag: [
    'a tag (`!name`) is not valid or not declared',
    'Delete the tag, or quote the value if the exclamation mark belongs to it.',
  ],
  tags: ['a value has two tags', 'Delete one of them.'],
  template: [
    'the file contains a template (`{{ … }}`), and Helm does not render values files',
    'Lint the rendered file, or put the value in quotes.',
  ],
  textAfterValue: [
    'a value goes on after its closing quote or bracket',
    'Put the whole value in one pair of quotes; inside single quotes, write each single quote twice.',
  ],
  unclosed: [
    'a bracket is not closed',
    'Close the bracket where the list or mapping ends, or quote the value if the bracket belongs to it.',
  ],
  wrapped: [
    'base64 was pasted with its line breaks, and YAML does not read its lines as one value',
    'Put the whole base64 on one line, after the key; the command encode writes it so.',
  ],
  wrappedInQuote: [
    'base64 was pasted with its line breaks after a quote, and the quote is not closed',
    'Put the whole base64 on one line, after the key, with a quote on each side or none; the command encode writes it so.',
  ],
  unopened: ['a closing bracket has no opening one', 'Delete it, or put the value in quotes.'],
} as const satisfies Record<string, readonly [diagnostic: string, help: string]>;

type DiagnosticId = keyof typeof WORDS;

const PEM_LINE = /-----(?:BEGIN|END) /;

/** A line of base64 by itself: part of a value that was pasted in lines. */
const BASE64_LINE = /^\s*[A-Za-z0-9+/]{40,200}={0,2}["']?$/;
/** A quote with which base64, or PEM, in several lines begins. */
const QUOTED_BASE64 = /^["']\s*[A-Za-z0-9+/]{40,}={0,2}\r?\n\s*[A-Za-z0-9+/]{4,}={0,2}["']?\r?(?:\n|$)/;
const QUOTED_PEM = /^["']\s*-----BEGIN /;

/** Base64 or PEM that was pasted as it came, in several lines: at the place of an error, or before it. */
function pastedAt(text: string, start: number): DiagnosticId | null {
  if (QUOTED_PEM.test(text.slice(start, start + MAX_LINE))) return 'pem';
  if (QUOTED_BASE64.test(text.slice(start, start + MAX_LINE))) return 'wrappedInQuote';
  const line = lineAt(text, start);
  const above = line.start === 0 ? '' : lineAt(text, line.start - 1).text;
  if (BASE64_LINE.test(line.text)) return PEM_LINE.test(above) ? 'pem' : 'wrapped';
  // A quote that was left open ends where the next value begins.
  return BASE64_LINE.test(above) && /^\s*[\w.-]+:\s*["']/.test(line.text) ? 'wrappedInQuote' : null;
}

/** A no-break space before the line of an error, or before the one above: the line then continues the value above it. */
function noBreakIndent(text: string, start: number): DiagnosticId | null {
  const line = lineAt(text, start);
  const above = line.start === 0 ? '' : lineAt(text, line.start - 1).text;
  return [line.text, above].some((each) => /^ *\u00a0/.test(each)) ? 'noBreakSpace' : null;
}

/** By what the line looks like; the first that matches. */
const BY_LINE: readonly (readonly [pattern: RegExp, id: DiagnosticId])[] = [
  [/^(?:<{7} |={7}\s*$|>{7} )/m, 'conflict'],
  [PEM_LINE, 'pem'],
  [/\{\{|\{%/, 'template'],
  [/\u00a0/, 'noBreakSpace'],
];

/** By the code of `yaml` and a part of its message; the first that matches. */
const BY_CODE: readonly (readonly [code: string, part: string, id: DiagnosticId])[] = [
  ['TAB_AS_INDENT', '', 'tab'],
  ['MISSING_CHAR', 'closing', 'quote'],
  ['MISSING_CHAR', 'Implicit map keys need', 'notAPair'],
  ['MISSING_CHAR', 'Missing ,', 'comma'],
  ['MISSING_CHAR', 'must end with a', 'unclosed'],
  ['MISSING_CHAR', 'Sequence item without', 'indentation'],
  ['MISSING_CHAR', 'directives-end', 'directiveAlone'],
  ['BAD_INDENT', 'must start at the same column', 'indentation'],
  ['BAD_INDENT', 'sufficiently indented', 'unclosed'],
  ['BAD_SCALAR_START', '', 'reserved'],
  ['BAD_DQ_ESCAPE', '', 'escape'],
  ['BLOCK_AS_IMPLICIT_KEY', '', 'colonAfterValue'],
  ['MULTILINE_IMPLICIT_KEY', '', 'keyLines'],
  ['UNEXPECTED_TOKEN', 'at node end', 'textAfterValue'],
  ['UNEXPECTED_TOKEN', 'Block scalar header', 'blockHeader'],
  ['UNEXPECTED_TOKEN', '-end token', 'unopened'],
  ['UNEXPECTED_TOKEN', 'same line with key', 'listOnKeyLine'],
  ['KEY_OVER_1024_CHARS', '', 'longKey'],
  ['ALIAS_PROPS', '', 'alias'],
  ['MULTIPLE_ANCHORS', '', 'anchors'],
  ['MULTIPLE_TAGS', '', 'tags'],
  ['TAG_RESOLVE_FAILED', '', 'tag'],
  ['BAD_DIRECTIVE', '', 'directive'],
];

const BY_GO_KIND: Readonly<Record<Exclude<GoErrorKind, 'depth'>, DiagnosticId>> = {
  anchor: 'anchor',
  'block-header': 'blockHeader',
  character: 'reserved',
  colon: 'keyLines',
  directive: 'directive',
  'document-start': 'directiveAlone',
  'end-mark': 'endMark',
  escape: 'escape',
  'flow-comma': 'flow',
  'flow-key': 'flowKey',
  indentation: 'indentation',
  'list-on-key-line': 'listOnKeyLine',
  node: 'invalid',
  quote: 'quote',
  'second-colon': 'colonAfterValue',
  slash: 'slash',
  surrogate: 'surrogate',
  tab: 'tab',
  tag: 'tag',
  'tag-handle': 'tag',
  'text-after-value': 'textAfterValue',
};

/** Errors that say what is wrong, whatever else is on the line. */
const SURE = /^(?:Missing closing|Invalid escape|Tabs are not)/;
const MAX_LINE = 1_000;
const KEY_ERRORS = new Set(['MULTILINE_IMPLICIT_KEY', 'MISSING_CHAR']);

interface Diagnosis {
  id: DiagnosticId;
  start: number;
  end: number;
}

/** The cause of an error of `yaml`. */
function diagnose(error: ParserError, text: string, isUnclosed: boolean): Diagnosis {
  const [start, end] = error.pos;
  const line = lineAt(text, start);
  const last = lineAt(text, Math.max(start, end - 1));
  const said = (id: DiagnosticId, from = start, to = end) => ({ id, start: from, end: to });
  const pasted = pastedAt(text, start);
  if (pasted !== null) return said(pasted);
  const indent = noBreakIndent(text, start);
  if (indent !== null) return said(indent);
  const looks = SURE.test(error.message)
    ? undefined
    : BY_LINE.find(([pattern]) => pattern.test(line.text) || pattern.test(last.text));
  if (looks !== undefined) return said(looks[1]);
  if (isUnclosed) return said('unclosed');
  if (KEY_ERRORS.has(error.code)) {
    const above = line.start === 0 ? '' : lineAt(text, line.start - 1).text;
    if (PEM_LINE.test(above)) return said('pem');
    if (/[|>][-+\d]*$/.test(above)) return said('block', line.start, line.end);
    if (/^ *(?:- +)*[\w.-]+:[^\s:/]/.test(line.text)) return said('noSpace', line.start, line.end);
  }
  const before = text.slice(Math.max(line.start, start - MAX_LINE), start);
  if (error.code === 'UNEXPECTED_TOKEN' && /[|>][-+\d]*[ \t]*$/.test(before)) return said('blockHeader');
  if (
    error.code === 'BLOCK_AS_IMPLICIT_KEY' &&
    !/:\s/.test(`${text.slice(start, Math.min(line.end, start + MAX_LINE))}\n`)
  ) {
    if (error.message.includes('sequence')) return said('indentation', line.start, line.end);
    const next = lineAt(text, line.end + 1);
    return said('keyAsValue', next.start, next.end);
  }
  const found = BY_CODE.find(([code, part]) => code === error.code && error.message.includes(part));
  return said(found?.[2] ?? 'invalid');
}

/** The line of an offset: the beginning of its text, and where it is. */
function lineAt(text: string, offset: number): { text: string; start: number; end: number } {
  const at = Math.max(0, Math.min(offset, text.length));
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  return { text: text.slice(start, Math.min(end, start + MAX_LINE)).trimEnd(), start, end };
}

/**
 * What `yaml` finds wrong, in the user's words.
 *
 * @param error its first
 * @param text the text that was parsed
 * @param isUnclosed whether it also found a bracket without its closing one
 * @param place maps its offsets to offsets in the file
 * @param byHelm whether Helm refuses the text too
 */
export function parserError(
  error: ParserError,
  text: string,
  isUnclosed: boolean,
  place: (offset: number) => number,
  byHelm: boolean,
): YamlError {
  const { id, start, end } = diagnose(error, text, isUnclosed);
  const [diagnostic, help] = WORDS[id];
  const said = byHelm ? diagnostic : `${diagnostic} (Helm reads the file, this check cannot)`;
  return new YamlError(said, help, place(start), Math.max(place(start), place(end)), byHelm);
}

/**
 * What go-yaml finds wrong, in the user's words.
 * @param text the text that it read
 * @param place maps its offsets to offsets in the file
 */
export function goYamlError(error: GoYamlError, text: string, place: (offset: number) => number): YamlError {
  if (error.kind === 'depth') return tooDeepForHelm();
  const id = pastedAt(text, error.start) ?? noBreakIndent(text, error.start) ?? BY_GO_KIND[error.kind];
  const [diagnostic, help] = WORDS[id];
  const start = place(error.start);
  return new YamlError(diagnostic, help, start, Math.max(start, place(error.end)));
}

/** PEM in the first column, whose boundary looks like the mark between two documents. */
export function pemError(start: number, end: number): YamlError {
  return new YamlError(...WORDS.pem, start, end);
}

/** The braces of a template where a value belongs. */
export function templateError(start: number, end: number): YamlError {
  return new YamlError(...WORDS.template, start, end);
}
