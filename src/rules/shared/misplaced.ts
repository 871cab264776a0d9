import { isSecretName } from '../../text/names.ts';
import { nearest } from '../../text/nearest.ts';
import { isChartKey, isSet, isUnset } from '../../values/settings.ts';
import { resolverOf } from '../../values/unresolved.ts';
import { type Entry, isMap } from '../../values/values.ts';
import { contentsOf } from './contents.ts';
import { isPlaceholder } from './placeholders.ts';
import type { Target } from './target.ts';

/** What the chart reads, and this is. */
export type Meant = 'existingCert' | 'crt' | 'key';

/** A value that is the certificate, the private key or the name of the Secret, where the chart does not read it. */
export interface MisplacedValue {
  meant: Meant;
  entry: Entry;
}

const DEEPEST = 6;

/** Words, without `-` and `_`, for what holds a certificate. */
const CERTIFICATE_WORDS = new Set(
  ['tls', 'ssl', 'cert', 'certs', 'certificates', 'crt', 'key', 'existingcert', 'tlscrt', 'tlskey'].concat([
    'existingcertificate',
    'tlscert',
    'sslcert',
    'tlssecret',
  ]),
);

const SECRET_WORDS = new Set(
  ['existingcert', 'existingsecret', 'existingcertificate', 'existingtlssecret', 'secretname'].concat([
    'secret',
    'certsecret',
    'certificatesecret',
    'tlssecret',
    'tlssecretname',
    'existingcertsecret',
  ]),
);

const CRT_WORDS = new Set(['crt', 'cert', 'certificate', 'chain', 'fullchain', 'tlscrt', 'tlscert', 'pem']);
const KEY_WORDS = new Set(['key', 'privatekey', 'tlskey', 'certkey', 'crtkey', 'pkey']);

/** Names for the certificates above the leaf. */
const ISSUER_WORDS = new Set(
  ['ca', 'cacrt', 'cacert', 'cabundle', 'chain', 'cachain', 'certchain', 'bundle', 'intermediate'].concat([
    'intermediates',
    'root',
    'rootca',
    'issuer',
    'issuingca',
  ]),
);

function isIssuerWord(name: string): boolean {
  return ISSUER_WORDS.has(plain(name).replaceAll('.', '').replace(/^tls/, ''));
}

/** Keys such as `tls.ca` or `tls.chain` with certificates above the leaf, which some charts read. */
export function issuersApart({
  values,
  settings: { certificate, tls },
}: Pick<Target, 'values' | 'settings'>): Entry[] {
  return [...values.entries(certificate.path), ...values.entries(tls.path)].filter(
    ({ path, value }) => isIssuerWord(path.at(-1) ?? '') && contentsOf(value) === 'certificate',
  );
}

/**
 * The certificate, the private key or the name of the Secret in another place or under another name than the chart
 * reads, by what is there. Nothing where the values give all that is needed in the right place.
 * @returns one for each, further certificates after the first; in the order crt, key
 */
export function misplacedIn({
  values,
  root,
  settings,
  source,
}: Pick<Target, 'values' | 'root' | 'settings' | 'source'>): MisplacedValue[] {
  if (source !== 'missing' && source !== 'inline') return [];
  const wanted = (['crt', 'key'] as const).filter((name) => isUnset(settings[name].value));
  if (wanted.length === 0) return [];
  const known = [settings.existingCert, settings.crt, settings.key, settings.pins].map(({ path }) =>
    path.join('\0'),
  );
  const found: MisplacedValue[] = [];
  const look = (entry: Entry, words: readonly string[]): void => {
    if (known.includes(entry.path.join('\0')) || words.includes('internaltls')) return;
    const { value } = entry;
    if (isMap(value)) {
      if (words.length >= DEEPEST) return;
      for (const each of values.entries(entry.path)) look(each, [...words, ...wordsOf(each)]);
    } else {
      const meant = meantBy(value, words);
      if (meant !== null) found.push({ meant, entry });
    }
  };
  for (const entry of values.entries(root)) {
    const words = wordsOf(entry);
    if (isChartKey(entry.path.at(-1) ?? '') || isCertificateWord(words[0] ?? '')) look(entry, words);
  }
  const pair = wanted.flatMap((name) => chosen(found.filter(({ meant }) => meant === name)));
  if (pair.length > 0 || source === 'inline') return pair;
  return found.filter(({ meant }) => meant === 'existingCert').slice(0, 1);
}

/** Of several certificates those above the leaf come last; there is one private key. */
function chosen(found: readonly MisplacedValue[]): MisplacedValue[] {
  if (found[0]?.meant !== 'crt') return found.slice(0, 1);
  const isIssuer = ({ entry }: MisplacedValue) => isIssuerWord(entry.path.at(-1) ?? '');
  const leaves = found.filter((each) => !isIssuer(each));
  return [...leaves.slice(0, 1), ...found.filter(isIssuer)];
}

function meantBy(value: unknown, words: readonly string[]): Meant | null {
  if (typeof value !== 'string' || !isSet(value)) return null;
  const [first = '', last = ''] = [words[0], words.at(-1)];
  const isUnderCertificate = isCertificate(first);
  const contents = contentsOf(value);
  if (contents !== null) {
    if (!words.some(isCertificateWord) && !CRT_WORDS.has(last) && !KEY_WORDS.has(last)) return null;
    if (contents === 'private key') return 'key';
    return contents === 'both' && KEY_WORDS.has(last) ? 'key' : 'crt';
  }
  const isToFillIn = isUnderCertificate && (resolverOf(value) !== null || isPlaceholder(value));
  if (isToFillIn && words.length > 1) {
    if (CRT_WORDS.has(last)) return 'crt';
    if (KEY_WORDS.has(last)) return 'key';
  }
  const isNamed = SECRET_WORDS.has(last) && (isCertificateWord(first) || last === 'existingcert');
  return isNamed && (isSecretName(value) || isToFillIn) ? 'existingCert' : null;
}

/** The words of an entry's key; a key such as `tls.crt` has two. */
function wordsOf({ path }: Entry): string[] {
  return (path.at(-1) ?? '').split('.').map(plain);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}

function isCertificateWord(word: string): boolean {
  return CERTIFICATE_WORDS.has(word) || isCertificate(word);
}

function isCertificate(word: string): boolean {
  return nearest(word, ['certificate'], 2) !== null;
}
