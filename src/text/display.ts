import { escapeUnsafe, shorten } from './escape.ts';
import { redact } from './redact.ts';

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
