import type { Anchor } from '../inspect/anchor.ts';
import type { InspectedCertificate, InspectedKey } from '../inspect/inspect.ts';
import { escapeUnsafe } from '../text/escape.ts';
import { ordinal } from '../text/ordinal.ts';
import type { KeyContainer } from '../x509/private-key.ts';

/** What the chain hangs on, in words. */
export function anchorWords({ kind, name: raw, position }: Anchor): string {
  const name = escapeUnsafe(raw);
  const where = position === null ? 'not in the file' : 'in the file';
  switch (kind) {
    case 'public':
      return `a public root (Mozilla's list in Node), ${where}: ${name}`;
    case 'ca-file':
      return `a root of --ca-file, ${where}: ${name}`;
    case 'private':
      return `a private root, in the file: ${name}`;
    case 'self-signed':
      return 'none: the leaf signed itself';
    case 'missing':
      return `not in the file and not public: ${name}`;
    case 'broken':
      return `none: no certificate here verifies the signature of ${name}`;
    case 'loop':
      return `none: the certificates issue each other in a circle, from ${name} on`;
  }
}

const CONTAINERS: Readonly<Record<KeyContainer, string>> = {
  pkcs1: 'PKCS#1',
  pkcs8: 'PKCS#8',
  'pkcs8-encrypted': 'encrypted PKCS#8',
  'pkcs1-encrypted': 'encrypted PKCS#1',
  sec1: 'SEC1',
  'sec1-encrypted': 'encrypted SEC1',
  dsa: 'DSA of old OpenSSL',
  'dsa-encrypted': 'encrypted DSA of old OpenSSL',
  openssh: 'OpenSSH',
  other: 'a container of another kind',
};

/** What matters of a key, how good that is, and the rest. */
export interface KeyWords {
  status: string;
  tone: 'green' | 'yellow' | 'red' | null;
  rest: string;
}

/**
 * The key in words: first of all whether it fits.
 * @param isThere whether there is anything where the key belongs
 * @param hasLeaf whether there is a certificate that it could fit
 */
export function keyWords(key: InspectedKey | null, isThere: boolean, hasLeaf: boolean): KeyWords {
  if (key === null) {
    return isThere
      ? { status: 'cannot be read', tone: 'red', rest: '' }
      : { status: 'none here', tone: null, rest: '' };
  }
  const { state, container, description, fits, openedWithPassphrase } = key;
  const what = [
    ...(description === null ? [] : [description]),
    CONTAINERS[container],
    ...(openedWithPassphrase ? ['opened with secrets.defaults.keystore_password'] : []),
  ].join(', ');
  const rest = `: ${what}`;
  if (state === 'unreadable') return { status: 'cannot be read', tone: 'red', rest };
  if (state === 'locked') {
    return { status: 'locked', tone: 'yellow', rest: hasLeaf ? `${rest}; no telling whether it fits` : rest };
  }
  if (fits === null) return { status: what, tone: null, rest: '' };
  return fits
    ? { status: 'fits the leaf', tone: 'green', rest }
    : { status: 'does not fit the leaf', tone: 'red', rest };
}

/** `2nd in the file`. */
export function placeWords(position: number): string {
  return `${ordinal(position)} in the file`;
}

/** Why a certificate is not on the way from the leaf up. */
export function besideWords({ role, copyOf }: InspectedCertificate): string {
  if (copyOf !== null) return `a copy of the ${ordinal(copyOf)}`;
  return role === 'extra' ? 'no part in the chain' : `another ${role}`;
}
