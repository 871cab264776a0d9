import type { Target } from '../rules/shared/target.ts';
import type { LiveSecret } from '../values/live-secret.ts';
import { readSettings, type Settings } from '../values/settings.ts';
import { sourceOf } from '../values/source.ts';
import { resolvedText } from '../values/unresolved.ts';
import type { Entry, Location, SyntaxProblem, Values } from '../values/values.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import type { Material } from '../x509/material.ts';

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
  const [crt, key] = [resolvedText(settings.crt.value), resolvedText(settings.key.value)];
  if (crt === null && key === null) return null;
  const { readMaterial } = await import('../x509/material.ts');
  return readMaterial(crt, key, passphraseOf(settings.keystorePassword.value), roots);
}

/** The chart writes the password in quotes, whatever its type. */
function passphraseOf(value: unknown): string | null {
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : resolvedText(value);
}
