import type { YAMLParseError } from 'yaml';
import type { Decoded } from './encoding.ts';
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
  );
}

/** Too much for this program to parse in good time; Helm may or may not read it. */
export function sizeUnread(): Refusal {
  return new Refusal(
    'the file holds too many or too long values for this check to read, so nothing was judged',
    'Lint the certificate in a file of its own.',
    0,
    0,
  );
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

type Words = readonly [reason: string, help: string];

/** By the parser's code and a part of its message; the first that fits. Without `sure`, Helm may still read it. */
const WORDS: readonly { code: string; part?: string; words: Words }[] = [
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
  {
    code: 'MISSING_CHAR',
    part: 'must end with a',
    words: ['a bracket is not closed', 'Put the closing bracket where the list or mapping ends.'],
  },
  {
    code: 'BAD_INDENT',
    part: 'must start at the same column',
    words: [
      'a line is indented differently from its neighbours',
      'Start all keys, or items, of one group in the same column.',
    ],
  },
  {
    code: 'BAD_INDENT',
    part: 'sufficiently indented',
    words: ['a bracket is not closed', 'Put the closing bracket where the list or mapping ends.'],
  },
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

const FALLBACK: Words = [
  'the YAML is broken here',
  'Compare the line, its indentation, quotes and brackets with its neighbours.',
];

/**
 * The parser's error in an operator's words.
 *
 * @param place maps offsets in the parsed text to offsets in the file
 */
export function parserProblem(error: YAMLParseError, place: (offset: number) => number): Refusal {
  const found = WORDS.find(
    ({ code, part }) => code === error.code && (part === undefined || error.message.includes(part)),
  );
  const [reason, help] = found?.words ?? FALLBACK;
  const start = place(error.pos[0]);
  return new Refusal(reason, help, start, Math.max(start, place(error.pos[1])));
}
