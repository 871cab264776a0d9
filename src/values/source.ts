import { isMap } from './is-map.ts';
import { isSet, type Settings } from './settings.ts';
import { resolverOf } from './unresolved.ts';

/** Which of the two ways of giving the certificate is used; `unreadable` where the values cannot be read at all. */
export type Source = 'inline' | 'existing-secret' | 'missing' | 'conflict' | 'unreadable';

/**
 * The way that these values use. `inline` also where only one of the two values is there, or where the whole of
 * `certificate` is still to be filled in.
 * @see chart fact 1: a set `existing_cert` wins over `tls` without a word
 */
export function sourceOf(settings: Settings): Source {
  const secret = isSet(settings.existingCert.value);
  const inline =
    isSet(settings.crt.value) || isSet(settings.key.value) || isUnreadableMap(settings.tls.value);
  if (secret && inline) return 'conflict';
  if (secret) return 'existing-secret';
  return inline || resolverOf(settings.certificate.value) ? 'inline' : 'missing';
}

/** `tls: "…"`, a list, a number: something was meant, though no `crt` or `key` can be read from it. */
function isUnreadableMap(tls: unknown): boolean {
  return !isMap(tls) && isSet(tls);
}
