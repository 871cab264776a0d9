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
 * or reorder text is escaped, such as `\x1b`.
 */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** Like `escapeUnsafe`, but keeps line feeds: for whole messages, whose untrusted parts were escaped before. */
export function escapeUnsafeLines(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' ? character : escapeCharacter(character)));
}

/**
 * Escapes `::` at the beginning of a line, after any white space: GitHub's runner takes what follows for a command.
 * @see actions/runner, ActionCommand
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*)::/gm, '$1\\x3a:');
}

/** Truncates a string to at most `length` UTF-16 units, with `…` as the last, never within a surrogate pair. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/**
 * Makes a JSON document safe to show: the characters that `escapeUnsafe` escapes, except the layout's line feeds, become
 * JSON's own escapes, so that a reader gets the same strings.
 */
export function escapeUnsafeJson(json: string): string {
  return json.replace(UNSAFE, (characters) => {
    if (characters === '\n') return characters;
    const units = Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}
