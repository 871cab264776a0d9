import { escapeUnsafe } from '../../text/display.ts';
import type { LiveSecret } from '../../values/live-secret.ts';
import type { Target } from './target.ts';

/** Joins the files of a chain, each ended by a line break; `cat` does not add one. */
export const JOIN_CHAIN = 'awk 1 my-cert.crt intermediate.crt root.crt';

/** What JOIN_CHAIN is written to. No printed command may write over a file that the user can have. */
export const JOINED = 'full-chain.joined.crt';

const OWN = { crt: 'full-chain.crt', key: 'my-cert.key' } as const;
const FIXED = { crt: 'full-chain.fixed.crt', key: 'my-cert.fixed.key' } as const;

/** The user's own file of one of the two values, by its name on Lightrun's page. */
export function ownFile(value: 'crt' | 'key'): string {
  return OWN[value];
}

/** The name for a corrected copy of that file. */
export function fixedFile(value: 'crt' | 'key'): string {
  return FIXED[value];
}

/** Writes each certificate of a file without OpenSSL's own trust settings, and so with the usual label. */
export const UNTRUST = `awk '/-----BEGIN/,/-----END/{print | "openssl x509"} /-----END/{close("openssl x509")}'`;

const FILES = { crt: JOIN_CHAIN, key: `cat ${OWN.key}` } as const;

/** Commands that encode one of the two values again, for Linux and macOS: for the values, or into the live Secret. */
export function encodeCommand({ live }: Target, value: 'crt' | 'key'): string {
  if (live === null) return `${FILES[value]} | base64 | tr -d '\\n'`;
  if (value === 'key') return makeSecret(live);
  return `${JOIN_CHAIN} > ${JOINED}\n  ${makeSecret(live, { crt: JOINED })}`;
}

/** The same from one file. */
export function encodeFile({ live }: Target, value: 'crt' | 'key', file: string): string {
  return live === null ? `base64 < ${file} | tr -d '\\n'` : makeSecret(live, { [value]: file });
}

const ORDERED = 'full-chain.ordered.crt';

/** The same from the files of a chain in their right order. */
export function encodeChain({ live }: Target, files: readonly string[]): string {
  const join = `cat ${files.join(' ')}`;
  if (live === null) return `${join} | base64 | tr -d '\\n'`;
  return `${join} > ${ORDERED}\n  ${makeSecret(live, { crt: ORDERED })}`;
}

/** A command that makes a Secret, or replaces what is in it. */
export function makeSecret(
  { name, namespace }: LiveSecret,
  { crt = OWN.crt, key = OWN.key }: { crt?: string; key?: string } = {},
): string {
  return `kubectl create secret tls ${escapeUnsafe(name)} --namespace ${escapeUnsafe(namespace)} --cert=${crt} --key=${key} --dry-run=client -o yaml | kubectl apply -f -`;
}
