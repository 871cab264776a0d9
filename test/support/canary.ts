/** A canary: a private key whose every piece is known, so that none is found where it does not belong. */
import { textsOf } from '../../src/rules/documentation.ts';
import { RULES } from '../../src/rules/index.ts';
import { base64 } from './values-yaml.ts';

/** So many characters of a key in a row are a leak. */
const PIECE = 12;
/** A leak of PIECE characters holds a probe of this length at one of every so many places. */
const PROBE = 6;
const STEP = PIECE - PROBE + 1;
/** The examples of rules, which a report may hold, show the first lines of every key. */
const EXAMPLES = RULES.map(textsOf)
  .map(({ bad, good }) => bad + good)
  .join('');

/** What must not be seen. */
export interface Canary {
  pieces: ReadonlySet<string>;
  probes: ReadonlySet<string>;
}

/**
 * The pieces of private keys: of their PEM, of the base64 of it and of their DER wherever it begins, and of both in
 * hexadecimal. What certificates and examples show is not secret.
 * @param keys as PEM
 * @param known strings that may be seen: certificates as PEM
 */
export function canaryOf(keys: readonly string[], known: readonly string[]): Canary {
  const seen = new Set([...piecesOf(EXAMPLES), ...known.flatMap(formsOf).flatMap(piecesOf)]);
  const pieces = new Set(
    keys
      .flatMap(formsOf)
      .flatMap(piecesOf)
      .filter((piece) => !seen.has(piece)),
  );
  return { pieces, probes: new Set([...pieces].flatMap((piece) => windowsOf(piece, PROBE))) };
}

/**
 * The pieces of a key in a string: white space is passed over, and so is what may split a key (: - . _ and
 * percent-encoding), and case in hexadecimal.
 */
export function leaked(output: string, { pieces, probes }: Canary): string[] {
  const text = output.replace(/\s+/g, '');
  const whole = text
    .replace(/%(2[bBdDeEfF]|3[aA]|5[fF])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/[:._-]+/g, '');
  return [...new Set([text, whole, whole.toLowerCase()])].flatMap((each) => {
    const found: string[] = [];
    for (let at = 0; at < each.length; at += STEP) {
      if (!probes.has(each.slice(at, at + PROBE))) continue;
      const around = each.slice(Math.max(0, at - STEP + 1), at + PIECE);
      found.push(...piecesOf(around).filter((piece) => pieces.has(piece)));
    }
    return found;
  });
}

function formsOf(pem: string): string[] {
  const body = pem.replace(/-----[^-]*-----|\s/g, '');
  const der = Buffer.from(body, 'base64');
  return [
    body,
    ...shiftedBase64(der),
    ...shiftedBase64(Buffer.from(pem)),
    ...shiftedBase64(Buffer.from(pem.replaceAll('\n', '\r\n'))),
    base64(base64(pem)),
    der.toString('base64url'),
    der.toString('hex'),
    Buffer.from(pem).toString('hex'),
  ];
}

/** Base64 of bytes as it looks after none, one or two others, without the characters that depend on those. */
function shiftedBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) =>
    base64(Buffer.concat([Buffer.alloc(before), bytes])).slice(before && 4, -4),
  );
}

const piecesOf = (text: string): string[] => windowsOf(text, PIECE);

function windowsOf(text: string, length: number): string[] {
  return Array.from({ length: Math.max(text.length - length + 1, 0) }, (_, at) =>
    text.slice(at, at + length),
  );
}
