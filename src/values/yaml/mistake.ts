import type { GoProblem } from './go-scanner.ts';

/** What is wrong in a values file, in an operator's words. */
export interface Mistake {
  /** One sentence without a final full stop, quoting no value. */
  reason: string;
  help: string;
  /** Where, as offsets in the text. */
  start: number;
  end: number;
}

/** What a parser holds against a text. */
export interface ParserError {
  code: string;
  message: string;
  pos: readonly [start: number, end: number];
}

type Words = readonly [reason: string, help: string];

const INDENTATION: Words = [
  'a line is indented differently from its neighbours',
  'Start all keys, or items, of one group in the same column.',
];
const NO_SPACE: Words = [
  'a colon has no space behind it',
  'Write `key: value`, with a space behind the colon.',
];
const NEXT_LINE: Words = [
  'a line is indented as if it went on with the value above it, but it is a key',
  'Start it in the column of the key it belongs beside, or take the value above it away.',
];
const BLOCK: Words = [
  'the lines of a `|` or `>` block are not indented more than its key',
  'Indent them by two more spaces.',
];
const UNCLOSED: Words = [
  'a bracket is not closed',
  'Put the closing bracket where the list or mapping ends, or the value in quotes if the bracket belongs to it.',
];
const BEHIND_BLOCK: Words = [
  'text follows `|` or `>` on the same line',
  'Start the text on the next line, indented.',
];
const FALLBACK: Words = [
  'the YAML is broken here',
  'Compare the line, its indentation, quotes and brackets with its neighbours.',
];

/** A template's braces read as mappings. */
export const TEMPLATE: Words = [
  'a template (`{{ … }}`) stands here, and Helm runs none in values files',
  'Lint the file that the template makes, or put the value in quotes.',
];

const PEM_LINE = /-----(?:BEGIN|END) /;
const PEM: Words = [
  'PEM was pasted here, and YAML reads its lines as keys',
  'Encode the file with `base64 -w 0 FILE` (on macOS `base64 -i FILE`), and paste that on one line.',
];

/** By what the lines in question look like; the first that fits. */
const BY_LINE: readonly { pattern: RegExp; words: Words }[] = [
  {
    pattern: /^(?:<{7} |={7}\s*$|>{7} )/m,
    words: [
      'a merge conflict of Git was left in the file',
      'Settle the conflict, and delete its three marks.',
    ],
  },
  { pattern: PEM_LINE, words: PEM },
  {
    pattern: /\{\{|\{%/,
    words: TEMPLATE,
  },
  {
    pattern: /\u00a0/,
    words: [
      'a no-break space stands in this line, and YAML takes it for a letter',
      'Type ordinary spaces in its place.',
    ],
  },
];

/** By the parser's code and a part of its message; the first that fits. */
const BY_CODE: readonly { code: string; part?: string; words: Words }[] = [
  {
    code: 'TAB_AS_INDENT',
    words: ['a line is indented with a tab', 'Indent with spaces: YAML allows no tabs there.'],
  },
  {
    code: 'MISSING_CHAR',
    part: 'closing',
    words: ['a quoted string is not closed', 'Put the closing quote at its end.'],
  },
  {
    code: 'MISSING_CHAR',
    part: 'Implicit map keys need',
    words: [
      'a line is no `key: value` pair',
      'Put a colon and a space behind the key, or indent a text that goes on from the line above.',
    ],
  },
  {
    code: 'MISSING_CHAR',
    part: 'Missing ,',
    words: ['a comma is missing between brackets', 'Put a comma between the items.'],
  },
  { code: 'MISSING_CHAR', part: 'must end with a', words: UNCLOSED },
  { code: 'MISSING_CHAR', part: 'Sequence item without', words: INDENTATION },
  {
    code: 'MISSING_CHAR',
    part: 'directives-end',
    words: ['a line that starts with `%` stands at the top, and Helm 4 refuses that', 'Delete the line.'],
  },
  { code: 'BAD_INDENT', part: 'must start at the same column', words: INDENTATION },
  { code: 'BAD_INDENT', part: 'sufficiently indented', words: UNCLOSED },
  {
    code: 'BAD_SCALAR_START',
    words: ['a value starts with a character that YAML keeps for itself', 'Put the value in quotes.'],
  },
  {
    code: 'BAD_DQ_ESCAPE',
    words: [
      'a double-quoted string holds a backslash escape that does not exist',
      'Double the backslash, or use single quotes.',
    ],
  },
  {
    code: 'BLOCK_AS_IMPLICIT_KEY',
    words: [
      'a value holds `: ` and so looks like a second key on one line',
      'Put the value in quotes, or start the key on a line of its own.',
    ],
  },
  {
    code: 'MULTILINE_IMPLICIT_KEY',
    words: [
      'a key goes over more than one line, or its colon is missing',
      'Write each key on one line, with a colon and a space behind it.',
    ],
  },
  {
    code: 'UNEXPECTED_TOKEN',
    part: 'at node end',
    words: [
      'text follows behind the closing quote or bracket of a value',
      'Put the whole value in one pair of quotes; inside single quotes write each single quote twice.',
    ],
  },
  {
    code: 'UNEXPECTED_TOKEN',
    part: 'Block scalar header',
    words: BEHIND_BLOCK,
  },
  {
    code: 'UNEXPECTED_TOKEN',
    part: '-end token',
    words: ['a closing bracket has no opening one', 'Delete it, or put the value in quotes.'],
  },
  {
    code: 'UNEXPECTED_TOKEN',
    part: 'same line with key',
    words: [
      'a list starts on the line of its key',
      'Start the list on the next line, or put the value in quotes if the dash belongs to it.',
    ],
  },
  {
    code: 'KEY_OVER_1024_CHARS',
    words: ['a key is longer than 1,024 characters', 'Shorten the key.'],
  },
  {
    code: 'ALIAS_PROPS',
    words: ['an alias carries a tag or an anchor of its own', 'Write the alias alone.'],
  },
  { code: 'MULTIPLE_ANCHORS', words: ['a value has two anchors', 'Leave one of them.'] },
  { code: 'MULTIPLE_TAGS', words: ['a value has two tags', 'Leave one of them.'] },
  {
    code: 'TAG_RESOLVE_FAILED',
    words: [
      'a tag (`!name`) is not declared',
      'Take the tag away, or quote the value if the exclamation mark belongs to it.',
    ],
  },
  {
    code: 'BAD_DIRECTIVE',
    words: ['a line that starts with `%` is no directive YAML knows', 'Delete the line.'],
  },
];

/** By what go-yaml finds wrong, for what `yaml` lets through. */
export const BY_GO_PROBLEM: Readonly<Record<GoProblem, Words>> = {
  anchor: [
    'the name of an anchor (`&name`) or alias (`*name`) holds other characters than letters, digits, `-` and `_`',
    'Rename it, or put the value in quotes if the `&` or `*` belongs to it.',
  ],
  'block-header': BEHIND_BLOCK,
  character: ['a value starts with a character that YAML reserves', 'Put the value in quotes.'],
  colon: [
    'a key and its colon are not on one line, or the colon is missing',
    'Write each key on one line, with a colon and a space after it.',
  ],
  dash: INDENTATION,
  depth: FALLBACK,
  directive: [
    'a line starts with `%`, and Helm takes it for a YAML directive that it does not support',
    'Delete the line.',
  ],
  'document-start': [
    'a line that starts with `%` is not followed by `---`, and Helm refuses that',
    'Delete the line.',
  ],
  'end-mark': ['the file starts with the end mark `...`', 'Delete that line.'],
  escape: [
    'a double-quoted string holds a backslash escape that does not exist',
    'Double the backslash, or use single quotes.',
  ],
  'flow-comma': [
    'a comma or closing bracket is missing, or a key inside brackets is not on one line with its colon',
    'Put a comma between the items, and write each key and its colon on one line.',
  ],
  key: INDENTATION,
  'list-on-key-line': [
    'a list starts on the line of its key',
    'Start the list on the next line, or put the value in quotes if the dash belongs to it.',
  ],
  node: FALLBACK,
  quote: ['a quoted string is not closed', 'Put the closing quote at its end.'],
  'second-colon': [
    'a value holds `: ` and so looks like a second key on one line',
    'Put the value in quotes, or start the key on a line of its own.',
  ],
  slash: [
    'a double-quoted string holds the escape `\\/`, which Helm does not know',
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
    'a tag (`!name`) is not valid',
    'Remove the tag, or quote the value if the exclamation mark belongs to it.',
  ],
  'tag-handle': [
    'a tag (`!name!…`) is not declared',
    'Remove the tag, or quote the value if the exclamation mark belongs to it.',
  ],
};

/** Errors that say themselves what is wrong, whatever else the line holds. */
const SURE = /^(?:Missing closing|Invalid escape|Tabs are not)/;
const MAX_LINE = 1_000;
const KEY_ERRORS = new Set(['MULTILINE_IMPLICIT_KEY', 'MISSING_CHAR']);

/**
 * Tells what mistake lies behind a parser's error.
 *
 * @param error what the parser says first
 * @param text the text that was parsed
 * @param unclosed whether it also found a bracket without its closing one
 */
export function mistakeOf(error: ParserError, text: string, unclosed: boolean): Mistake {
  const [start, end] = error.pos;
  const line = lineAt(text, start);
  const last = lineAt(text, Math.max(start, end - 1));
  const said = (words: Words, from = start, to = end) => ({
    reason: words[0],
    help: words[1],
    start: from,
    end: to,
  });
  const looks = SURE.test(error.message)
    ? undefined
    : BY_LINE.find(({ pattern }) => pattern.test(line.text) || pattern.test(last.text));
  if (looks !== undefined) return said(looks.words);
  if (unclosed) return said(UNCLOSED);
  if (KEY_ERRORS.has(error.code)) {
    const above = line.start === 0 ? '' : lineAt(text, line.start - 1).text;
    if (PEM_LINE.test(above)) return said(PEM);
    if (/[|>][-+\d]*$/.test(above)) return said(BLOCK, line.start, line.end);
    if (/^ *(?:- +)*[\w.-]+:[^\s:/]/.test(line.text)) return said(NO_SPACE, line.start, line.end);
  }
  const before = text.slice(Math.max(line.start, start - MAX_LINE), start);
  if (error.code === 'UNEXPECTED_TOKEN' && /[|>][-+\d]*[ \t]*$/.test(before)) return said(BEHIND_BLOCK);
  if (
    error.code === 'BLOCK_AS_IMPLICIT_KEY' &&
    !/:\s/.test(`${text.slice(start, Math.min(line.end, start + MAX_LINE))}\n`)
  ) {
    if (error.message.includes('sequence')) return said(INDENTATION, line.start, line.end);
    const next = lineAt(text, line.end + 1);
    return said(NEXT_LINE, next.start, next.end);
  }
  const found = BY_CODE.find(
    ({ code, part }) => code === error.code && (part === undefined || error.message.includes(part)),
  );
  return said(found?.words ?? FALLBACK);
}

/** The line that holds an offset: its beginning, as far as it matters, and where it stands. */
function lineAt(text: string, offset: number): { text: string; start: number; end: number } {
  const at = Math.max(0, Math.min(offset, text.length));
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  return { text: text.slice(start, Math.min(end, start + MAX_LINE)).trimEnd(), start, end };
}
