import { trimSpace } from '../text/trim.ts';
import { type Base64Diagnostic, decodeStrict, readBase64 } from '../x509/base64.ts';
import { MAX_SECRET_SIZE } from '../x509/secret-size.ts';

/** What can be fixed in a value before its PEM is read. */
export type Base64Fix =
  | 'encoded'
  | 'unwrapped'
  | 'alphabet'
  | 'padding'
  | 'decoded'
  | 'invisible'
  | 'glued'
  | 'parts';

/** The bytes that a value stands for, and what had to be fixed to decode them; null where they are not known. */
export interface FixedBase64 {
  bytes: Buffer | null;
  applied: readonly Base64Fix[];
}

const NOTHING: FixedBase64 = { bytes: null, applied: [] };

const FIXES: Readonly<Record<Base64Diagnostic['kind'], Base64Fix | null>> = {
  'not-encoded': 'encoded',
  wrapped: 'unwrapped',
  'url-alphabet': 'alphabet',
  padding: 'padding',
  twice: 'decoded',
  alphabet: null,
};

/** Format characters, and every space but that of ASCII: editors and web pages put them in, and show nothing. */
const INVISIBLE = /(?! )(?:\p{Cf}|\p{Z}|\p{Variation_Selector}|[\u115f\u1160\u3164])/gu;

/** Text without invisible characters: spaces of other scripts become spaces of ASCII, the rest goes. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => (/\p{Z}/u.test(character) ? ' ' : ''));
}

/** Nothing longer can become a Secret: base64 of base64, in lines. */
const MOST_CHARACTERS = 4 * MAX_SECRET_SIZE;
const LONGEST_PROMPT = 120;

/**
 * Decodes a value, also where its base64 is wrong in a way that has one right answer. Whether the bytes are what they
 * should be is left to the caller.
 * @param text the value as Helm reads it
 */
export function fixBase64(text: string): FixedBase64 {
  const read = decoded(text, []);
  if (read.bytes !== null || text.length > MOST_CHARACTERS) return read;
  const clean = trimSpace(text.replace(INVISIBLE, ''));
  const attempts: (() => FixedBase64)[] = [
    () => (clean === trimSpace(text) ? read : decoded(clean, ['invisible'])),
    () => withoutPrompt(clean),
    () => joinedParts(clean),
    () => damagedPem(text),
  ];
  for (const attempt of attempts) {
    const result = attempt();
    if (result.bytes !== null) return result;
  }
  return NOTHING;
}

function decoded(text: string, before: readonly Base64Fix[]): FixedBase64 {
  const { bytes, diagnostic } = readBase64(text);
  const fix = diagnostic && FIXES[diagnostic.kind];
  return { bytes, applied: fix ? [...before, fix] : before };
}

/** A prompt's end; or marks of a text in which the base64 was a word. */
const GLUED = /^(?:[^\r\n]*[%$#>❯➜]|["'`\u201c\u201d\u2018\u2019,;]+)\s*$/;

/**
 * Base64 with what a terminal shows after output without a line break: zsh's `%`, or a prompt such as `me@host:~$`. Without
 * padding the first letters of a prompt decode too: as less than a group, or as text after the PEM.
 */
function withoutPrompt(text: string): FixedBase64 {
  const stray = text.search(/[^A-Za-z0-9+/=\s]/);
  const tail = text.slice(stray);
  if (stray < 0 || tail.length > LONGEST_PROMPT || !GLUED.test(tail)) return NOTHING;
  const dense = text.slice(0, stray).replace(/\s+/g, '');
  const padded = /^[^=]*=*/.exec(dense)?.[0] ?? '';
  if (dense.length - padded.length > LONGEST_PROMPT) return NOTHING;
  return decoded(padded.endsWith('=') ? padded : dense.slice(0, dense.length - (dense.length % 4)), [
    'glued',
  ]);
}

/** `base64` of one file after that of another: padding in the middle. */
function joinedParts(text: string): FixedBase64 {
  const dense = text.replace(/\s+/g, '');
  const parts = /^[A-Za-z0-9+/=]+$/.test(dense) ? (dense.match(/[A-Za-z0-9+/]+={0,2}/g) ?? []) : [];
  const bytes = parts.map(decodeStrict);
  const isWhole = parts.length > 1 && parts.join('') === dense && bytes.every((each) => each !== null);
  return isWhole ? { bytes: Buffer.concat(bytes), applied: ['parts'] } : NOTHING;
}

/** PEM whose hyphens a word processor has turned into dashes is not seen as PEM before. */
function damagedPem(text: string): FixedBase64 {
  const isPem = /BEGIN [A-Z0-9 ]+/.test(text) && /END [A-Z0-9 ]+/.test(text);
  return isPem ? { bytes: Buffer.from(text), applied: ['encoded'] } : NOTHING;
}
