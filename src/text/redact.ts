/**
 * What is redacted, decided by where a text comes from. A file's path and this program's own words never are. What a
 * user put where a name belongs is, where it is a piece of a private key at hand, or could be a piece of another one and
 * is no valid name of its kind.
 */
import { isHostName, isSecretName } from './names.ts';

/** What a text that comes from outside stands for. */
export type Kind =
  /** The name of an object in Kubernetes. */
  | 'object name'
  | 'host'
  | 'pin'
  /** A key in a YAML file. */
  | 'YAML key'
  | 'PEM label'
  /** Any other value, or a word of the command line. */
  | 'value';

export const REDACTED = '(redacted: it could be part of a private key)';
const REDACTED_WORD = '(redacted)';

/** So many characters of a key in a row are a piece of it. */
const PIECE = 16;
/** In another program's words, which may repeat any value: of a password as well. */
const PIECE_OF_VALUE = 12;
/** Longer texts are compared with nothing: they are no names, and are redacted unless they are words. */
const LONGEST_COMPARED = 1_024;

/** The private keys at hand. */
export interface PrivateKeys {
  /** Whether a text holds 16 characters of one in a row, as base64 or hexadecimal, whatever is between them. */
  hasPieceIn(text: string): boolean;
}

/** No private key is at hand. */
export const NO_KEYS: PrivateKeys = { hasPieceIn: () => false };

/**
 * The private keys in strings as a values file or a key file holds them: PEM or DER, base64 of it once or more, whole or
 * broken.
 * @param read gives the strings; called when a text is first compared with them
 */
export function privateKeysIn(read: () => readonly (string | Buffer)[]): PrivateKeys {
  let forms: string[] | undefined;
  return {
    hasPieceIn(text) {
      if (text.length < PIECE) return false;
      forms ??= [...new Set(read().flatMap((each) => formsOf(each, 0)))];
      return viewsOf(text).some((view) => holdsPieceOf(forms ?? [], view, PIECE));
    },
  };
}

/**
 * Redacts a text that comes from outside and is no file's path, as a whole. User names and passwords in URLs are masked.
 * @param keys the private keys at hand
 */
export function redact(text: string, kind: Kind, keys: PrivateKeys = NO_KEYS): string {
  const isLong = text.length > LONGEST_COMPARED;
  if (!isLong && keys.hasPieceIn(text)) return REDACTED;
  const own = kind === 'YAML key' ? withoutChartKeys(text) : text;
  return couldBeKey(own) && !isValid(text, kind) ? REDACTED : maskUrls(text);
}

/** Without the chart's own keys at the end of a path that was written as one key. */
function withoutChartKeys(text: string): string {
  const parts = text.split(/(?=[._/-])/);
  while (/^[._/-]?(?:certificate|tls|crt|key)$/.test(parts.at(-1) ?? '')) parts.pop();
  return parts.join('');
}

/**
 * Redacts the YAML keys of a path, also where a private key is spread over several.
 * @param keys the private keys at hand
 */
export function redactPath(path: readonly string[], keys: PrivateKeys = NO_KEYS): string[] {
  const shown = path.map((key) => redact(key, 'YAML key', keys));
  const isOdd = path.map((key) => !hasOnlyWords(key));
  const odd = path.filter((_, at) => isOdd[at]).join('');
  if (!couldBeKey(odd) && !keys.hasPieceIn(odd)) return shown;
  return shown.map((key, at) => (isOdd[at] ? REDACTED : key));
}

/** Whether a text that is redacted for nothing but its look would be: words, valid names and short texts are not. */
export function couldBeKey(text: string): boolean {
  const plain = withoutPercents(text);
  if (PEM.test(plain)) return true;
  return plain.replace(NOT_ANY_BASE64, '').length >= PIECE && !readsAsWords(plain);
}

/**
 * Redacts in another program's words whatever could be a piece of a private key, and every piece of known values. Paths
 * on disk are shown, and the rest of it is its own.
 * @param values strings of which no piece of 12 characters is shown
 * @param isPath whether a word is a path on disk
 */
export function redactWords(
  text: string,
  values: readonly string[],
  isPath: (word: string) => boolean = () => false,
): string {
  const known = values.map((value) => value.replace(/\s/g, ''));
  return text.replace(SPOKEN, (word) => {
    if (word.includes('/') && isPath(word.replace(/(?<!\.)\.+$/, ''))) return word;
    const isPiece = [word, word.replace(/[.:-]/g, '')].some((each) =>
      holdsPieceOf(known, each, PIECE_OF_VALUE),
    );
    return isPiece || (couldBeKey(word) && !isUrl(word)) ? REDACTED_WORD : word;
  });
}

/** A path from the root or this folder; or a word with what joins the parts of a split key. */
const SPOKEN = /(?<![\w.~/-])\.{0,2}\/[^\s"'`:;,<>()]+|[A-Za-z0-9+/=_%-]+(?:[.:-]+[A-Za-z0-9+/=_%-]+)*/g;

/** Base64 of a key or certificate, longer than any word. */
const LONG_BASE64 = /[A-Za-z0-9+/]{48,}/g;

/** Whether a YAML file holds PEM, or outside its comments what looks like base64 of a key or certificate. */
export function holdsMaterial(yaml: string): boolean {
  if (PEM.test(yaml)) return true;
  const spoken = yaml.replace(/^[ \t]*#.*$/gm, '');
  return (spoken.match(LONG_BASE64) ?? []).some(
    (run) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run),
  );
}

const PEM = /-----BEGIN|LS0tLS1/;
/** Of either alphabet (RFC 4648, sections 4 and 5). */
const NOT_ANY_BASE64 = /[^A-Za-z0-9+/_-]+/g;
const NOT_BASE64 = /[^A-Za-z0-9+/]+/g;

/** A word of a name: in camel case, or in one case; digits only at its end. */
const WORD =
  /^(?:[A-Z]?[a-z]+(?:[A-Z][a-z]{2,}|TLS|SSL|CA|DNS|URL|ID|PEM)*|TLS|SSL|CA|DNS|URL|ID|PEM|[a-z]\d{1,3}[a-z]?|)\d{0,5}$/;
const CAPITALS = /^(?:[A-Z]+\d{0,4}|\d{1,5})$/;
const LONG_WORD = /https|[A-Z]?[a-z]{3,}|[A-Z]{4,}(?![a-z])/g;
/** A date, with a time or without, right or wrong. */
const TIME = /^\d{4}-\d\d?-\d\d?(?:[Tt ][\d:.]{1,20}(?:[Zz]|[+-][\d:]{1,5})?)?$/;
/** What can be spoken: no four letters without a vowel at a word's beginning or end, and nowhere five. */
const UNSPEAKABLE = /[bcdfghj-np-tv-xz]{5}|^[bcdfghj-np-tv-xz]{4}|[bcdfghj-np-tv-xz]{4}$/;

/**
 * Whether a text is a time, or consists of ordinary words and short numbers, two thirds of it in words of four letters or
 * more. Of the pieces of random base64 of 16 characters, split or not, one in 10,000 does.
 */
export function readsAsWords(text: string): boolean {
  if (TIME.test(text)) return true;
  if (!hasOnlyWords(text)) return false;
  const long = (text.match(LONG_WORD) ?? []).filter((word) => word.length >= 4);
  if (long.some((word) => word !== 'https' && UNSPEAKABLE.test(word.toLowerCase()))) return false;
  const letters = long.reduce((sum, { length }) => sum + length, 0);
  return letters * 3 >= text.replace(/[^A-Za-z0-9]+/g, '').length * 2;
}

function hasOnlyWords(text: string): boolean {
  // Most are words of this kind, and the expressions below cost a cold process a millisecond.
  if (/^[a-z_]*$/.test(text)) return true;
  const form = /[a-z]/.test(text) ? WORD : CAPITALS;
  return (text.match(/[A-Za-z0-9]+/g) ?? []).every((word) => form.test(word));
}

function isValid(text: string, kind: Kind): boolean {
  switch (kind) {
    case 'object name':
      return isSecretName(text);
    case 'host':
      return isHostOfUrl(text) || process.getBuiltinModule('node:net').isIP(text) !== 0;
    case 'pin':
      return PIN.test(text);
    default:
      return false;
  }
}

/** A host, also where its scheme, port or path is with it, which is a common mistake. */
function isHostOfUrl(text: string): boolean {
  const [, scheme, host = '', path = ''] =
    /^(https?:\/\/)?(?:[^/@]*@)?([^/:?#]*)(?::\d{1,5})?([/?#].*)?$/.exec(text) ?? [];
  // A slash is a character of base64 too: what has one need be no host with a path.
  const isHost = isHostName(host) && (path === '' || scheme !== undefined || host.includes('.'));
  return isHost && !couldBeKey(path);
}

const PIN = /^[0-9a-f]{64}$/i;

/** Also as paths are normalized: `https:/host`. */
const SCHEME = String.raw`\b(?:[a-z][a-z0-9+.-]{0,30}(?::|%3a)(?:/|%2f){2}|https?:/)`;
const AT = '(?:@|%40)';
const IN_URL = String.raw`[^\s"'<>\x60]`;
const IN_AUTHORITY = String.raw`(?!%2f)[^\s"'<>\x60/?#\\]`;
/** What follows the first colon, and no port: a password with a slash in it. */
const NO_PORT = String.raw`(?=[^\s"'<>\x60/?#@:]{0,200}:(?!\d{0,5}(?:[/?#\s"'<>\x60,;)]|$)))`;
const userInfo = (): RegExp =>
  new RegExp(`(${SCHEME})(?:(?:${IN_AUTHORITY}){0,2000}${AT}|${NO_PORT}${IN_URL}{0,2000}${AT})`, 'gi');
const TOKEN_IN_QUERY =
  /([?&](?:[a-z]{1,30}[-_]){0,4}(?:token|secret|password|passwd|sig|signature|credential|api[-_]?key)=)[^&\s"'<>`#]+/gi;

/** Whether a text begins as a URL does, or as what another plugin provides, such as `secrets://`. */
export function isUrl(text: string): boolean {
  // A flag for both cases would cost a cold process a millisecond.
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(text);
}

/** Masks user names, passwords and tokens in URLs, percent-encoded or not. */
export function maskUrls(text: string): string {
  if (!/(?::|%3[aA])(?:\/|%2[fF])/.test(text)) return text;
  return text.replace(userInfo(), '$1***@').replace(TOKEN_IN_QUERY, '$1***');
}

function withoutPercents(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** What a text would be as base64, as URL-safe base64 and as hexadecimal, without what may split it. */
function viewsOf(text: string): string[] {
  const plain = withoutPercents(text);
  const urlSafe = plain.replaceAll('-', '+').replaceAll('_', '/');
  const views = [plain, urlSafe].map((each) => each.replace(NOT_BASE64, ''));
  return [...new Set([...views, plain.replace(/[^A-Za-z0-9]+/g, '').toLowerCase()])];
}

function holdsPieceOf(secrets: readonly string[], text: string, length: number): boolean {
  for (let at = 0; at + length <= text.length; at += 1) {
    const piece = text.slice(at, at + length);
    if (secrets.some((secret) => secret.includes(piece))) return true;
  }
  return false;
}

const KEY_BLOCK = /-----BEGIN [^-\n]*PRIVATE KEY-----([^-]*)/g;
const DEEPEST = 3;

/** All forms in which pieces of a key may appear; those of a certificate beside it are public. */
function formsOf(secret: string | Buffer, depth: number): string[] {
  if (typeof secret !== 'string') {
    const text = secret.toString('latin1');
    if (text.includes('-----BEGIN')) return formsOf(text, depth);
    return [...formsOfBytes(secret), ...(/^[\s\w+/=-]+$/.test(text) ? formsOf(text, depth) : [])];
  }
  const bodies = Array.from(secret.matchAll(KEY_BLOCK), ([block, body = '']) => [block, body] as const);
  if (secret.includes('-----BEGIN')) {
    return bodies.flatMap(([block, body]) => [
      body.replace(NOT_BASE64, ''),
      ...formsOfBytes(Buffer.from(body, 'base64')),
      ...formsOfBytes(Buffer.from(block, 'latin1')),
    ]);
  }
  if (depth === DEEPEST || !couldBeKey(secret)) return [];
  const body = secret
    .replace(/[A-Za-z0-9+/=_-]+/g, (word) => (readsAsWords(word) ? '' : word))
    .replace(NOT_BASE64, '');
  const isHex = /^[0-9a-f\s:.-]+$/i.test(secret);
  const bytes = isHex
    ? Buffer.from(secret.replace(/[^0-9a-f]/gi, ''), 'hex')
    : Buffer.from(secret.replaceAll(/[^A-Za-z0-9+/_-]/g, ''), 'base64');
  return [body, ...(isHex ? [body.toLowerCase()] : []), ...formsOf(bytes, depth + 1)];
}

/** Base64 of bytes wherever it begins, without what depends on others before and after them; and hexadecimal. */
function formsOfBytes(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map((skipped) => bytes.subarray(skipped).toString('base64').replaceAll('=', ''));
  return [...shifted, bytes.toString('hex')];
}
