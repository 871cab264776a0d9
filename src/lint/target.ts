import type { LiveSecret } from '../rules/shared/live-secret.ts';
import { readSettings, type Settings } from '../values/settings.ts';
import { type Source, sourceOf } from '../values/source.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Entry, Location, SyntaxProblem, Values } from '../values/values.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import type { Material } from '../x509/material.ts';

/** One judged set of values with all facts that the rules look at. */
export interface Target {
  /** What the report calls it: the file's name, or `<stdin>`. */
  name: string;
  /** Where the Lightrun chart's values sit; empty for the top. */
  root: readonly string[];
  /** Why the values cannot be read at all; then the rest is empty. */
  problem: SyntaxProblem | null;
  values: Values;
  settings: Settings;
  source: Source;
  /** Null where neither value holds a text to follow. */
  material: Material | null;
  /**
   * The Secret of `existing_cert`, null where the cluster was not asked. What is in it then stands in `settings` for
   * the two values, and in `material`.
   */
  live: LiveSecret | null;
  /** Where a second document starts whose presence makes Helm 3 and Helm 4 read different settings. */
  secondDocument: Location | null;
}

/** Values in which nothing stands, for a file that cannot be read. */
const NOTHING: Values = {
  get: (path) => ({ path, present: false, value: undefined, style: null, location: null, keyLocation: null }),
  entries: () => [],
  duplicates: () => [],
};

/** The target of a file that Helm refuses as a whole. */
export function unreadableTarget(name: string, problem: SyntaxProblem): Target {
  return {
    name,
    root: [],
    problem,
    values: NOTHING,
    settings: readSettings(NOTHING, []),
    source: 'unreadable',
    material: null,
    live: null,
    secondDocument: null,
  };
}

/**
 * Gathers the facts of one set of values. Certificates are looked into only where values hold any: the code for
 * it is a large part of the program and is loaded late.
 * @param roots the roots of `--ca-file` that count as known beside the public ones; null where none were given
 */
export async function readTarget(
  name: string,
  values: Values,
  root: readonly string[],
  roots: KnownRoots | null,
  secondDocument: Location | null,
): Promise<Target> {
  const settings = readSettings(values, root);
  return {
    name,
    root,
    problem: null,
    values,
    settings,
    source: sourceOf(settings),
    material: await materialOf(settings, roots),
    live: null,
    secondDocument,
  };
}

/**
 * A target with what is in the Secret that it names, in place of what the values hold.
 * @param target whose source is an existing Secret
 */
export async function withSecret(
  target: Target,
  live: LiveSecret,
  roots: KnownRoots | null,
): Promise<Target> {
  if (live.found === null) return { ...target, live };
  const origin = `Secret ${live.namespace}/${live.name}`;
  const entryOf = (name: string, value: string | null): Entry => ({
    path: ['data', name],
    present: value !== null,
    value: value ?? undefined,
    style: null,
    location: null,
    keyLocation: null,
    origin,
  });
  const { crt, key } = live.found;
  const settings = { ...target.settings, crt: entryOf('tls.crt', crt), key: entryOf('tls.key', key) };
  return { ...target, live, settings, material: await materialOf(settings, roots) };
}

async function materialOf(settings: Settings, roots: KnownRoots | null): Promise<Material | null> {
  const [crt, key] = [materialText(settings.crt.value), materialText(settings.key.value)];
  if (crt === null && key === null) return null;
  const { readMaterial } = await import('../x509/material.ts');
  return readMaterial(crt, key, passphraseOf(settings.keystorePassword.value), roots);
}

/** The chart writes the password in quotes, whatever its type. */
function passphraseOf(value: unknown): string | null {
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : materialText(value);
}

/** The text of a value that can be followed: null for an empty one, or one that is still to be filled in. */
export function materialText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && resolverOf(value) === null ? value : null;
}
