/** All that decides what looks like a key or certificate and stays out of every output. */

const PEM = /-----BEGIN|LS0tLS1/;

/** In a name, a path or a host: those are in lower case, with hyphens and dots between their words. */
const BASE64_IN_NAME = /[A-Za-z0-9+/]{32,}/g;
/** Longer than a SHA-256 digest, which is public. */
const HEX_IN_NAME = /[0-9a-f]{65,}/i;
const REDACTED_NAME = '(redacted: it looks like a key or certificate)';

/** In running text, where paths may be long: longer than any word. */
const BASE64_IN_TEXT = /[A-Za-z0-9+/]{48,}/g;

/** In text beside which the secrets are known: no piece of one of so many characters is shown. */
const PIECE_LENGTH = 12;
const WORD = /[A-Za-z0-9+/=_-]+/g;
const REDACTED_WORD = '(redacted)';

/**
 * Redacts a key or certificate given as a name, a path or a host: PEM, a long run of base64 or of hexadecimal,
 * with white space inside or not.
 */
export function redact(text: string): string {
  return isMaterial(text) || isMaterial(text.replace(/\s+/g, '')) ? REDACTED_NAME : text;
}

function isMaterial(text: string): boolean {
  if (PEM.test(text) || HEX_IN_NAME.test(text)) return true;
  return (text.match(BASE64_IN_NAME) ?? []).some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run));
}

/**
 * Redacts every word that holds a piece of a known secret, PEM, or a long run of base64.
 * @param secrets strings of which no piece may be shown
 */
export function redactPieces(text: string, secrets: readonly string[]): string {
  return text.replace(WORD, (word) => (isSecret(word, secrets) ? REDACTED_WORD : word));
}

function isSecret(word: string, secrets: readonly string[]): boolean {
  if (word.includes('-----BEGIN') || word.search(BASE64_IN_TEXT) >= 0) return true;
  for (let at = 0; at + PIECE_LENGTH <= word.length; at += 1) {
    const piece = word.slice(at, at + PIECE_LENGTH);
    if (secrets.some((secret) => secret.includes(piece))) return true;
  }
  return false;
}

/** Whether a YAML file holds PEM, or outside its comments what looks like base64 of a key or certificate. */
export function holdsMaterial(yaml: string): boolean {
  if (PEM.test(yaml)) return true;
  const spoken = yaml.replace(/^\s*#.*$/gm, '');
  return (spoken.match(BASE64_IN_TEXT) ?? []).some(
    (run) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run),
  );
}

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

/** Untrusted text for a message: without a key or certificate, escaped, and at most `length` UTF-16 units. */
export function display(text: string, length: number): string {
  return shorten(escapeUnsafe(redact(text)), length);
}

/** A path of keys as people write it, such as `lightrun.certificate.tls.crt`; safe to show. */
export function displayPath(path: readonly string[]): string {
  return escapeUnsafe(path.map(redact).join('.'));
}

/** A file's path, in full; safe to show. */
export function displayFile(path: string): string {
  return escapeUnsafe(redact(path));
}

/** Words as they begin a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const LONGEST_WORD = 60;

/** A word of the command line in a message; safe to show. */
export function quote(text: string): string {
  return display(text, LONGEST_WORD);
}

/** Levels of a tree that are indented; deeper ones would leave no room for names. */
const DEEPEST = 4;

/** The branch of a tree before a row, by its depth from 0. */
export function branch(depth: number): string {
  return depth === 0 ? '' : `${'   '.repeat(Math.min(depth, DEEPEST) - 1)}└─ `;
}
