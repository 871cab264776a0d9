import type { LiveSecret } from '../../values/live-secret.ts';
import type { Target } from './target.ts';
import { show } from './words.ts';

/** The files of a chain as one, each ended by a line break, which `cat` leaves to chance. */
export const JOIN_CHAIN = 'awk 1 leaf.crt intermediate.crt root.crt';

/** Writes each certificate of a file without OpenSSL's own trust settings, and so with the usual label. */
export const UNTRUST = `awk '/-----BEGIN/,/-----END/{print | "openssl x509"} /-----END/{close("openssl x509")}'`;

const FILES = { crt: JOIN_CHAIN, key: 'cat leaf.key' } as const;

/** Lines to paste that give one of the two values anew, alike on Linux and macOS: for values, or into the live Secret. */
export function encodeCommand({ live }: Target, value: 'crt' | 'key'): string {
  if (live === null) return `${FILES[value]} | base64 | tr -d '\\n'`;
  const join = value === 'crt' ? `${JOIN_CHAIN} > fullchain.crt\n  ` : '';
  return join + makeSecret(live);
}

/** Likewise, from one file. */
export function encodeFile({ live }: Target, value: 'crt' | 'key', file: string): string {
  return live === null ? `base64 < ${file} | tr -d '\\n'` : makeSecret(live, { [value]: file });
}

/** Likewise, from the files of a chain in their right order. */
export function encodeChain({ live }: Target, files: readonly string[]): string {
  const join = `cat ${files.join(' ')}`;
  if (live === null) return `${join} | base64 | tr -d '\\n'`;
  return `${join} > ordered.crt\n  ${makeSecret(live, { crt: 'ordered.crt' })}`;
}

/** A line to paste that makes a Secret, or replaces what is in it. */
export function makeSecret(
  { name, namespace }: LiveSecret,
  { crt = 'fullchain.crt', key = 'leaf.key' }: { crt?: string; key?: string } = {},
): string {
  return `kubectl create secret tls ${show(name)} --namespace ${show(namespace)} --cert=${crt} --key=${key} --dry-run=client -o yaml | kubectl apply -f -`;
}
