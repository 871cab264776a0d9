import { type Base64Diagnostic, decodeStrict, readBase64 } from '../x509/base64.ts';

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

/** What a terminal shows after output without a line break: zsh's `%`, or a prompt such as `me@host:~$`. */
const GLUED =
  /^([A-Za-z0-9+/\s]+={0,2})((?=[^A-Za-z0-9+/=\s])[^\r\n]{0,120}[%$#>❯➜]|=*[[(\w]\S*[@:~][^\r\n]{0,120}[%$#>❯➜])\s*$/u;

/**
 * Decodes a value, also where its base64 is wrong in a way that has one right answer. Whether the bytes are what they
 * should be is left to the caller.
 * @param text the value as Helm reads it
 */
export function fixBase64(text: string): FixedBase64 {
  const read = decoded(text, []);
  if (read.bytes !== null) return read;
  const clean = text.replace(INVISIBLE, '').trim();
  const attempts: (() => FixedBase64)[] = [
    () => (clean === text.trim() ? read : decoded(clean, ['invisible'])),
    () => withoutPrompt(clean),
    () => joinedParts(clean),
    () => damagedPem(text),
  ];
  for (const attempt of attempts) {
    const result = attempt();
    if (result.bytes !== null) return result;
  }
  return { bytes: null, applied: [] };
}

function decoded(text: string, before: readonly Base64Fix[]): FixedBase64 {
  const { bytes, diagnostic } = readBase64(text);
  const fix = diagnostic && FIXES[diagnostic.kind];
  return { bytes, applied: fix ? [...before, fix] : before };
}

/** Without padding the first letters of a prompt decode too: as less than a group, or as text after the PEM. */
function withoutPrompt(text: string): FixedBase64 {
  const [, body] = GLUED.exec(text) ?? [];
  if (body === undefined) return { bytes: null, applied: [] };
  const dense = body.replace(/\s+/g, '');
  return decoded(dense.slice(0, dense.length - (dense.length % 4)), ['glued']);
}

/** `base64` of one file after that of another: padding in the middle. */
function joinedParts(text: string): FixedBase64 {
  const dense = text.replace(/\s+/g, '');
  const parts = /^[A-Za-z0-9+/=]+$/.test(dense) ? (dense.match(/[A-Za-z0-9+/]+={0,2}/g) ?? []) : [];
  const bytes = parts.map(decodeStrict);
  const isWhole = parts.length > 1 && parts.join('') === dense && bytes.every((each) => each !== null);
  return isWhole ? { bytes: Buffer.concat(bytes), applied: ['parts'] } : { bytes: null, applied: [] };
}

/** PEM whose hyphens a word processor has turned into dashes is not seen as PEM before. */
function damagedPem(text: string): FixedBase64 {
  const isPem = /BEGIN [A-Z0-9 ]+/.test(text) && /END [A-Z0-9 ]+/.test(text);
  return isPem ? { bytes: Buffer.from(text), applied: ['encoded'] } : { bytes: null, applied: [] };
}
