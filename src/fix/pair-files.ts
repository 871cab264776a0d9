import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { readSecretManifest } from '../manifests/secret-manifest.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { readValues } from '../values/read.ts';
import { passwordText, readSettings, type Settings } from '../values/settings.ts';
import { type Resolver, resolvedText, resolverOf } from '../values/unresolved.ts';
import { isMap, type Values } from '../values/values.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { fix } from './fix.ts';
import { readVaultAnswer } from './vault.ts';

/** One of the two values that a file holds. */
export interface HeldValue {
  /** As it would be after `lint --fix`, base64 or PEM; null where there is none. */
  text: string | null;
  /** Where it is in the file, such as `certificate.tls.crt`; safe to show. */
  place: string;
  /** The same with the file's name before it; safe to show. */
  shown: string;
  /** Whatever has yet to fill it in. */
  resolver: Resolver | null;
}

/** A file that holds certificates and a private key as strings. */
export interface PairFile {
  kind: 'values' | 'secret' | 'vault';
  crt: HeldValue;
  key: HeldValue;
  /** A passphrase of the same file that may open the key; null where there is none. */
  passphrase: string | null;
}

/** A values file has its keys before any PEM; the text of `openssl x509 -text` begins with a capital letter. */
const VALUES_KEY = /^[ \t]*["']?(certificate|tls|crt|key|existing_cert)["']?[ \t]*:/m;

/** Whether a file may be a values file: it has a key of one before any PEM. */
export function mayBeValues(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const begin = text.search(/^(\xef\xbb\xbf)?-----BEGIN /m);
  return VALUES_KEY.test(begin < 0 ? text : text.slice(0, begin));
}

/**
 * Reads the two values of a values file, a Secret manifest or an answer of Vault.
 * @param root where the Lightrun chart's values are in a values file that has such a place; else its top
 * @returns null where the file is none of these
 * @throws LintError where it holds several Secrets to choose from
 */
export async function readPairFile(
  { bytes, name }: Input,
  root: readonly string[],
  trust: Trust,
): Promise<PairFile | null> {
  const called = displayFile(name);
  const vault = readVaultAnswer(bytes);
  if (vault !== null) {
    const held = heldBoth(vault, trust, (about) => (about === 'crt' ? 'certificate' : 'private_key'), called);
    return { kind: 'vault', ...held, passphrase: null };
  }
  const secret = await readSecretManifest(bytes);
  if (secret !== null) {
    if (secret.others > 0) throw severalSecrets(called);
    const held = heldBoth(secret, trust, (about) => `tls.${about}`, called);
    return { kind: 'secret', ...held, passphrase: null };
  }
  if (!mayBeValues(bytes)) return null;
  const read = await readValues(bytes, name);
  if (!read.ok) return null;
  const place = read.values.get(root).present ? root : [];
  if (!isMap(read.values.get([...place, 'certificate']).value)) return null;
  return pairInValues(read.values, name, place, trust);
}

/** The error for a file with several Secrets to choose from. */
export function severalSecrets(called: string): LintError {
  return new LintError(
    `${called} holds more than one Secret with a certificate or private key`,
    'Leave only one of them in the file.',
  );
}

/** The two values of the Lightrun chart. */
export function pairInValues(values: Values, name: string, root: readonly string[], trust: Trust): PairFile {
  const settings = readSettings(values, root);
  const texts = { crt: heldText(settings, 'crt'), key: heldText(settings, 'key') };
  const called = displayFile(name);
  const held = heldBoth(texts, trust, (about) => displayPath(settings[about].path), called);
  return { kind: 'values', ...held, passphrase: passwordText(settings.keystorePassword.value) || null };
}

/** What is there: also where one of the mappings above it is yet to be filled in as a whole. */
function heldText(settings: Settings, about: 'crt' | 'key'): string | null {
  for (const { value } of [settings.certificate, settings.tls, settings[about]]) {
    if (typeof value === 'string' && (resolverOf(value) !== null || value === settings[about].value)) {
      return value === '' ? null : value;
    }
  }
  return null;
}

function heldBoth(
  texts: { crt: string | null; key: string | null },
  trust: Trust,
  placeOf: (about: 'crt' | 'key') => string,
  called: string,
): { crt: HeldValue; key: HeldValue } {
  const fixed = fix(resolvedText(texts.crt), resolvedText(texts.key), trust);
  const held = (about: 'crt' | 'key'): HeldValue => ({
    text: fixed[about] ?? resolvedText(texts[about]),
    place: placeOf(about),
    shown: `${called}: ${placeOf(about)}`,
    resolver: resolverOf(texts[about]),
  });
  return { crt: held('crt'), key: held('key') };
}
