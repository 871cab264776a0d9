import type { Anchor } from '../inspect/anchor.ts';
import type { Found } from '../inspect/found.ts';
import type { InspectedCertificate, InspectedKey, Validity } from '../inspect/inspect.ts';
import { count, ordinal } from '../text/amount.ts';
import { escapeUnsafe } from '../text/display.ts';
import type { Paint } from '../text/paint.ts';
import type { KeyContainer } from '../x509/private-key.ts';

const CELLS = 20;
/** In days, as `lint` warns by default. */
const SOON = 30;

/** A bar of the time used and left, with the same in words: `[#######-------------]  31 of 90 days used, 59 left`. */
export function drawBar(validity: Validity, paint: Paint): string {
  const { total, used, left } = validity;
  // Time that is left always shows, however little.
  const most = left > 0 ? CELLS - 1 : CELLS;
  const filled = total === 0 ? 0 : Math.min(most, Math.round((used / total) * CELLS));
  const bar = `${'#'.repeat(filled)}${'-'.repeat(CELLS - filled)}`;
  return `[${paintOf(validity, paint)(bar)}]  ${validityWords(validity)}`;
}

/** The same in few words: `59 days left`, `expired 3 days ago`. */
export function timeLeft(validity: Validity): string {
  const { state, unit, left, away } = validity;
  const lessThanOne = `less than ${unit === 'day' ? 'a day' : 'an hour'}`;
  const distance = away > 0 ? count(away, unit) : lessThanOne;
  switch (state) {
    case 'valid':
      return `${left > 0 ? count(left, unit) : lessThanOne} left`;
    case 'expired':
      return `expired ${distance} ago`;
    case 'not-yet-valid':
      return `not valid yet, in ${distance}`;
    case 'never':
      return 'never valid: ends before it begins';
  }
}

function validityWords(validity: Validity): string {
  const { state, unit, total, used, left } = validity;
  return state === 'valid' && left > 0
    ? `${used} of ${count(total, unit)} used, ${left} left`
    : timeLeft(validity);
}

/** Red where it is not valid, yellow where it ends soon, else green. */
export function paintOf({ state, unit, left }: Validity, paint: Paint): (text: string) => string {
  if (state !== 'valid') return paint.red;
  return unit === 'day' && left >= SOON ? paint.green : paint.yellow;
}

/** The trust anchor in words. */
export function anchorWords({ kind, name: raw, position }: Anchor): string {
  const name = escapeUnsafe(raw);
  const where = position === null ? 'not in the file' : 'in the file';
  switch (kind) {
    case 'public':
      return `a public root (Mozilla's list in Node), ${where}: ${name}`;
    case 'ca-file':
      return `a root of --ca-file, ${where}: ${name}`;
    case 'secret':
      return `the root in ca.crt of the same Secret, ${where}: ${name}`;
    case 'private':
      return `a private root, in the file: ${name}`;
    case 'self-signed':
      return 'none: the leaf is self-signed';
    case 'missing':
      return `not in the file and not public: ${name}`;
    case 'broken':
      return `none: no certificate here verifies the signature of ${name}`;
    case 'loop':
      return `none: the certificates issue each other in a loop, starting at ${name}`;
  }
}

const CONTAINERS: Readonly<Record<KeyContainer, string>> = {
  pkcs1: 'PKCS#1',
  pkcs8: 'PKCS#8',
  'pkcs8-encrypted': 'encrypted PKCS#8',
  'pkcs1-encrypted': 'encrypted PKCS#1',
  sec1: 'SEC1',
  'sec1-encrypted': 'encrypted SEC1',
  dsa: "OpenSSL's old DSA format",
  'dsa-encrypted': "encrypted, in OpenSSL's old DSA format",
  openssh: 'OpenSSH',
  other: 'another container',
};

/** What matters about a private key, how good that is, and the rest. */
export interface KeyWords {
  status: string;
  tone: 'green' | 'yellow' | 'red' | null;
  rest: string;
}

/** Where the passphrase of a key that is shown came from; that of a Secret is not known. */
const PASSPHRASES: Readonly<Record<Found['source'], string>> = {
  values: 'secrets.defaults.keystore_password',
  file: 'the passphrase of --passphrase-file',
  secret: 'its passphrase',
};

/**
 * The private key in words: first of all whether it matches.
 * @param isThere whether there is anything where the key belongs
 * @param hasLeaf whether there is a certificate that it could match
 */
export function keyWords(
  key: InspectedKey | null,
  isThere: boolean,
  hasLeaf: boolean,
  source: Found['source'],
): KeyWords {
  if (key === null) {
    return isThere
      ? { status: 'cannot be read', tone: 'red', rest: '' }
      : { status: 'none here', tone: null, rest: '' };
  }
  const { state, container, description, fits, openedWithPassphrase } = key;
  const what = [
    ...(description === null ? [] : [description]),
    CONTAINERS[container],
    ...(openedWithPassphrase ? [`opened with ${PASSPHRASES[source]}`] : []),
  ].join(', ');
  const rest = `: ${what}`;
  if (state === 'unreadable') return { status: 'cannot be read', tone: 'red', rest };
  if (state === 'locked') {
    return { status: 'locked', tone: 'yellow', rest: hasLeaf ? `${rest}; unknown whether it matches` : rest };
  }
  if (fits === null) return { status: what, tone: null, rest: '' };
  return fits
    ? { status: 'matches the leaf', tone: 'green', rest }
    : { status: 'does not match the leaf', tone: 'red', rest };
}

/** `2nd in the file`. */
export function placeWords(position: number): string {
  return `${ordinal(position)} in the file`;
}

/** Why a certificate is not on the path from the leaf up. */
export function besideWords({ role, copyOf }: InspectedCertificate): string {
  if (copyOf !== null) return `a copy of the ${ordinal(copyOf)}`;
  return role === 'extra' ? 'not part of the chain' : `another ${role}`;
}
