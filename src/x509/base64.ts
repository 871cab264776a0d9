import { trimmedEnd } from '../text/trim.ts';
import { foreignFormat } from './foreign-format.ts';

/** A value as base64. `bytes` are there wherever it can be decoded in one way only. */
export interface Base64Facts {
  bytes: Buffer | null;
  diagnostic: Base64Diagnostic | null;
}

/** Why Kubernetes' decoder (Go's StdEncoding), or YAML before it, refuses a string or passes on the wrong bytes. */
export type Base64Diagnostic =
  /** PEM text that was not encoded at all. */
  | { kind: 'not-encoded' }
  /** White space inside; `offset` (0-based, UTF-16 units) of the first. Helm's rendering drops it at the very end. */
  | { kind: 'wrapped'; offset: number }
  /** The URL-safe alphabet (`-`, `_`); `offset` of the first. */
  | { kind: 'url-alphabet'; offset: number }
  /** A character outside the alphabet; `offset` of it. */
  | { kind: 'alphabet'; offset: number; character: string }
  /** `=` missing, too many, or in the middle; or a length that no padding completes. */
  | { kind: 'padding'; offset: number; reason: 'missing' | 'excess' | 'inside' | 'length' }
  /** Decodes to base64 again, `times` times (2 or more); `bytes` are the innermost. */
  | { kind: 'twice'; times: number };

const MAX_TIMES = 5;

/**
 * Reads `certificate.tls.crt` or `.key` as the API server does after Helm rendered it unquoted on one line: RFC 4648
 * section 4 as Go's `base64.StdEncoding` decodes it, which requires padding, and ignores the unused bits of the last
 * character. YAML drops spaces and tabs before the text and white space after it. Empty text has no bytes.
 *
 * One diagnostic is given: what cannot be decoded (`alphabet`, padding `inside` or `length`) before what can be fixed
 * (`wrapped`, then `url-alphabet`, then padding), before `twice`. `bytes` are the innermost ones wherever the text
 * decodes to base64 of PEM or of a known binary format.
 * @param text the value as Helm reads it from YAML
 */
export function readBase64(text: string): Base64Facts {
  if (text.includes('-----BEGIN') || text.includes('-----END')) {
    return { bytes: Buffer.from(text, 'utf8'), diagnostic: { kind: 'not-encoded' } };
  }
  const end = trimmedEnd(text, ' \t\r\n').length;
  let start = 0;
  while (start < end && ' \t'.includes(text.charAt(start))) start++;
  const body = text.slice(start, end);
  const { bytes, diagnostic } = decodeLeniently(body);
  if (bytes === null) return { bytes, diagnostic: shifted(diagnostic, start) };
  const inner = innermost(bytes);
  if (diagnostic !== null) return { bytes: inner.bytes, diagnostic: shifted(diagnostic, start) };
  return { bytes: inner.bytes, diagnostic: inner.times > 1 ? { kind: 'twice', times: inner.times } : null };
}

/**
 * Decodes padded base64 of the standard alphabet without white space (RFC 4648 section 4); unused bits of the
 * last character may be set, as in Go and OpenSSL.
 * @returns the bytes, or null where the text is anything else
 */
export function decodeStrict(text: string): Buffer | null {
  // Node's decoder skips what it does not know, takes both alphabets, and reads only the low byte of a UTF-16
  // unit; a string in which it skipped nothing has the full number of bytes.
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== (text.length / 4) * 3 - padding) return null;
  return Buffer.byteLength(text, 'utf8') === text.length ? bytes : null;
}

function decodeLeniently(text: string): Base64Facts {
  const bytes = decodeStrict(text);
  if (bytes !== null) return { bytes, diagnostic: null };

  const stray = text.search(/[^A-Za-z0-9+/=_ \t\r\n-]/);
  if (stray >= 0) {
    const character = String.fromCodePoint(text.codePointAt(stray) ?? 0);
    return { bytes: null, diagnostic: { kind: 'alphabet', offset: stray, character } };
  }
  const dense = text.replace(/[ \t\r\n]+/g, '');
  const content = trimmedEnd(dense, '=');
  if (content.includes('=')) return undecodable(text.indexOf('='), 'inside');
  if (content.length % 4 === 1) return undecodable(text.length, 'length');

  const missing = (4 - (content.length % 4)) % 4;
  return {
    bytes: Buffer.from(content, 'base64'),
    diagnostic: fixable(text, dense.length - content.length - missing),
  };
}

function undecodable(offset: number, reason: 'inside' | 'length'): Base64Facts {
  return { bytes: null, diagnostic: { kind: 'padding', offset, reason } };
}

function fixable(text: string, excess: number): Base64Diagnostic {
  const space = text.search(/[ \t\r\n]/);
  if (space >= 0) return { kind: 'wrapped', offset: space };
  const url = text.search(/[-_]/);
  if (url >= 0) return { kind: 'url-alphabet', offset: url };
  return excess > 0
    ? { kind: 'padding', offset: text.length - excess, reason: 'excess' }
    : { kind: 'padding', offset: text.length, reason: 'missing' };
}

function shifted(diagnostic: Base64Diagnostic | null, by: number): Base64Diagnostic | null {
  return diagnostic !== null && 'offset' in diagnostic
    ? { ...diagnostic, offset: diagnostic.offset + by }
    : diagnostic;
}

/** Decodes again as long as that leads to PEM or a known binary format; else leaves the bytes alone. */
function innermost(bytes: Buffer): { bytes: Buffer; times: number } {
  let current = bytes;
  for (let times = 1; times < MAX_TIMES; times++) {
    if (!looksLikeBase64(current)) break;
    const next = decodeLeniently(current.toString('latin1').trim()).bytes;
    if (next === null) break;
    current = next;
    if (isMaterial(current)) return { bytes: current, times: times + 1 };
  }
  return { bytes, times: 1 };
}

function looksLikeBase64(bytes: Buffer): boolean {
  return !bytes.includes('-----') && /^[A-Za-z0-9+/=_\s-]+$/.test(bytes.toString('latin1', 0, 64));
}

function isMaterial(bytes: Buffer): boolean {
  if (bytes.includes('-----BEGIN ')) return true;
  const format = foreignFormat(bytes);
  return format.startsWith('der') || format === 'pkcs12' || format === 'pkcs7' || format === 'jks';
}
