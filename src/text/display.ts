import { harmless, shorten } from './escape.ts';
import { withhold } from './redact.ts';

/** Untrusted text for a message: never a key or certificate, harmless, and at most `length` UTF-16 units. */
export function shown(text: string, length: number): string {
  return shorten(harmless(withhold(text)), length);
}

/** A path of keys as people write it, such as `lightrun.certificate.tls.crt`; likewise safe to show. */
export function shownPath(path: readonly string[]): string {
  return harmless(path.map(withhold).join('.'));
}

/** A file's path, in full; likewise safe to show. */
export function shownFile(path: string): string {
  return harmless(withhold(path));
}

/** A text as it begins a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
