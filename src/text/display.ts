/** How text that comes from outside is made safe to show: escaped, without private keys and passwords, not too long. */
import { type Kind, maskUrls, NO_KEYS, type PrivateKeys, redact, redactPath } from './redact.ts';

/**
 * Control characters (C0, DEL, C1), line and paragraph separators, and the invisible characters that reorder or
 * hide text (bidirectional controls, zero-width characters, tags, the byte-order mark, half a surrogate pair); and
 * `##[`, which continuous integration takes for a command anywhere in a line. Spelled out, since a class by Unicode
 * property costs a cold process milliseconds.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|\udb40[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|#(?=#\[)/g;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/**
 * Makes untrusted text (names in certificates, keys, paths) safe to show: whatever could move the cursor, break a line
 * or reorder text is escaped, such as `\x1b`, and user names and passwords in URLs are masked.
 */
export function escapeUnsafe(text: string): string {
  return maskUrls(text).replace(UNSAFE, escapeCharacter);
}

/** Like `escapeUnsafe`, but keeps line feeds: for whole messages, whose untrusted parts were escaped before. */
export function escapeUnsafeLines(text: string): string {
  return maskUrls(text).replace(UNSAFE, (character) =>
    character === '\n' ? character : escapeCharacter(character),
  );
}

/** Truncates a string to at most `length` UTF-16 units, with `…` as the last, never within a surrogate pair. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/**
 * Makes a JSON document safe to show: the characters that `escapeUnsafe` escapes, except the layout's line feeds, become
 * JSON's own escapes, so that a reader gets the same strings; user names and passwords in URLs are masked.
 */
export function escapeUnsafeJson(json: string): string {
  return maskUrls(json).replace(UNSAFE, (characters) => {
    if (characters === '\n') return characters;
    const units = Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/**
 * Untrusted text for a message, escaped, redacted as what it stands for, and at most `length` UTF-16 units.
 * @param keys the private keys at hand
 */
export function display(text: string, kind: Kind, length: number, keys: PrivateKeys = NO_KEYS): string {
  return shorten(escapeUnsafe(redact(text, kind, keys)), length);
}

/**
 * A path of keys as people write it, such as `lightrun.certificate.tls.crt`; safe to show.
 * @param keys the private keys at hand
 */
export function displayPath(path: readonly string[], keys: PrivateKeys = NO_KEYS): string {
  return escapeUnsafe(redactPath(path, keys).join('.'));
}

/** The path of a file that is there, in full; it is never redacted, but for a user name and password in a URL. */
export function displayFile(path: string): string {
  return escapeUnsafe(path);
}

/** Words as they begin a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const LONGEST_WORD = 60;

/** A word of the command line that is no file's path, in a message; safe to show. */
export function quote(text: string, kind: Kind = 'value'): string {
  return display(text, kind, LONGEST_WORD);
}

/** Levels of a tree that are indented; deeper ones would leave no room for names. */
const DEEPEST = 4;

/** The branch of a tree before a row, by its depth from 0. */
export function branch(depth: number): string {
  return depth === 0 ? '' : `${'   '.repeat(Math.min(depth, DEEPEST) - 1)}└─ `;
}
