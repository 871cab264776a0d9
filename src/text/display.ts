import { escapeUnsafe, shorten } from './escape.ts';

/** Untrusted text for a message: without a key or certificate, escaped, and at most `length` UTF-16 units. */
export function display(text: string, length: number): string {
  return shorten(escapeUnsafe(redact(text)), length);
}

/** A path of keys as people write it, such as `lightrun.certificate.tls.crt`; safe to show. */
export function displayPath(path: readonly string[]): string {
  return escapeUnsafe(path.map(redact).join('.'));
}

/** A file's path in full; safe to show. */
export function displayFile(path: string): string {
  return escapeUnsafe(redact(path));
}

/** A text as the beginning of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const PEM = /-----BEGIN|LS0tLS1/;
const BASE64_RUN = /[A-Za-z0-9+/]{32,}/g;
/** Longer than a SHA-256 digest, which is public. */
const HEX_RUN = /[0-9a-f]{65,}/i;
const REDACTED = '(withheld: it looks like a key or certificate)';

/**
 * Keeps a key or certificate in the place of a name, a path or a host out of every output: PEM, or a long run of base64
 * or hexadecimal, with or without white space inside. Names of Secrets and hosts are in lower case, with hyphens and dots
 * between their words.
 */
export function redact(text: string): string {
  return isMaterial(text) || isMaterial(text.replace(/\s+/g, '')) ? REDACTED : text;
}

function isMaterial(text: string): boolean {
  if (PEM.test(text) || HEX_RUN.test(text)) return true;
  return (text.match(BASE64_RUN) ?? []).some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run));
}
