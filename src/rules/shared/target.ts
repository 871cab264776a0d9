import type { Clients } from '../../clients/clients.ts';
import type { DeliveryFacts } from '../../delivery/facts.ts';
import type { SecretMaker } from '../../delivery/secret-makers.ts';
import { nearest } from '../../text/nearest.ts';
import { type PrivateKeys, privateKeysIn } from '../../text/redact.ts';
import type { LiveSecret } from '../../values/live-secret.ts';
import { isSet, type Settings, type Source } from '../../values/settings.ts';
import { type Entry, isMap, type Location, type SyntaxDiagnostic, type Values } from '../../values/values.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { Material } from '../../x509/material.ts';

/** One set of values with every fact that the rules check. */
export interface Target {
  /** What the report calls it: the file's name, or `<stdin>`. */
  name: string;
  /** The values file that `encode --write` can edit; null where there is none. */
  file: string | null;
  /** Where the Lightrun chart's values are; empty for the top. */
  root: readonly string[];
  /** Why the values cannot be read at all; then the rest is empty. */
  diagnostic: SyntaxDiagnostic | null;
  values: Values;
  settings: Settings;
  source: Source;
  /** Null where neither value holds text to decode. */
  material: Material | null;
  /** What clients make of it; null where there is none. */
  clients: Clients | null;
  /**
   * The Secret of `existing_cert`, null where the cluster was not asked. `settings` and `material` then hold what is in
   * it in place of the two values.
   */
  live: LiveSecret | null;
  /** Where a second document starts whose presence makes Helm 3 and Helm 4 read different settings. */
  secondDocument: Location | null;
  /** Whether the first document, which is all that Helm 3 reads, holds nothing; absent where it does. */
  isFirstEmpty?: boolean;
  /** Whether there are values at all: not for a Secret or loose files by themselves. */
  hasValues: boolean;
  /** What is compared with the release as it runs; null where nothing is. */
  upgrade: UpgradeFacts | null;
  /** The name of the Secret in a manifest that it is; absent where it is none. */
  secretName?: string;
  /** The object that makes the Secret of existing_cert; absent where there is none in the same files. */
  maker?: SecretMaker;
  /** What a delivery tool makes of the values; absent where none carries them. */
  delivery?: DeliveryFacts;
}

/** An upgrade, as far as it changes the certificate of a release. */
export interface UpgradeFacts {
  /** What messages call the values before. */
  name: string;
  /** The leaf before; null where it is not known. */
  leaf: Certificate | null;
  /** The accepted pins before. */
  pins: Entry;
  /** The workloads that keep the certificate before until they are restarted, as kubectl takes them. */
  byHand: readonly string[];
  /** The namespace that kubectl has to be told; null for the one of its context. */
  namespace: string | null;
  /** Whether nothing else of the upgrade can restart them. */
  isCertain: boolean;
  /** Why the two certificates were not compared, a sentence; null where they were. */
  notCompared: string | null;
}

/**
 * The private keys at hand: what the two values hold, and what is under `certificate` besides names and pins. A target
 * whose Secret was read has the keys of both.
 */
export function privateKeysOf({ settings }: Pick<Target, 'settings'>): PrivateKeys {
  const { certificate, existingCert, pins, crt, key } = settings;
  const names = [existingCert, pins].map(({ path }) => path.at(-1));
  return privateKeysIn(() => {
    const all = isMap(certificate.value) ? Object.entries(certificate.value) : [];
    const others = all.filter(([name]) => !names.includes(name)).map(([, value]) => value);
    return stringsIn([key.value, crt.value, ...others]);
  });
}

/** An alias may stand for the same values many times over. */
const MOST_VALUES = 1_000;

/** The first strings in values, keys of mappings too. */
function stringsIn(values: readonly unknown[]): string[] {
  const found: string[] = [];
  const left = [...values];
  for (let count = 0; left.length > 0 && count < MOST_VALUES; count += 1) {
    const value = left.shift();
    if (typeof value === 'string') found.push(value);
    else if (Array.isArray(value)) left.push(...value.slice(0, MOST_VALUES));
    else if (isMap(value)) left.push(...Object.entries(value).slice(0, MOST_VALUES).flat());
  }
  return found;
}

/** The accepted pins as the chart passes them on: a list, or one string with commas. Anything else has none. */
export function pinsOf({ value }: Entry): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' && isSet(value) ? value.split(',') : [];
}

/** The keys at the chart's top that look like `certificate` but are not. */
export function misspeltCertificate({ values, root }: Target): Entry[] {
  return values.entries(root).filter(({ path }) => {
    const name = path.at(-1) ?? '';
    return name !== 'certificate' && nearest(name, ['certificate'], 2) !== null;
  });
}
