import type { Clients } from '../../clients/clients.ts';
import { nearest } from '../../text/nearest.ts';
import type { LiveSecret } from '../../values/live-secret.ts';
import { isSet, type Settings, type Source } from '../../values/settings.ts';
import type { Entry, Location, SyntaxDiagnostic, Values } from '../../values/values.ts';
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
  /** Whether there are values at all: not for a Secret or loose files by themselves. */
  hasValues: boolean;
}

/** The accepted pins as the chart passes them on: a list, or one string with commas. Anything else has none. */
export function pinsOf({ settings }: Target): readonly unknown[] {
  const { value } = settings.pins;
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
