import { privateKeysOf, type Target } from '../rules/shared/target.ts';
import { redact } from '../text/redact.ts';
import type { LiveSecret } from '../values/live-secret.ts';
import { readSettings, type Settings, sourceOf } from '../values/settings.ts';
import { resolvedText } from '../values/unresolved.ts';
import type { Entry, Location, SyntaxDiagnostic, Values } from '../values/values.ts';
import type { Trust } from '../x509/chain/chain.ts';
import type { Material } from '../x509/material.ts';

/** Empty values, for a file that cannot be read. */
const NOTHING: Values = {
  get: (path) => ({ path, present: false, value: undefined, style: null, location: null, keyLocation: null }),
  entries: () => [],
  duplicates: () => [],
};

/** The target of a file that Helm refuses as a whole. */
export function unreadableTarget(name: string, diagnostic: SyntaxDiagnostic | null): Target {
  return {
    name,
    root: [],
    diagnostic,
    values: NOTHING,
    settings: readSettings(NOTHING, []),
    source: 'unreadable',
    material: null,
    live: null,
    secondDocument: null,
    hasValues: true,
  };
}

/** The target of a certificate and key by themselves, such as loose files: without values every consumer counts. */
export function pairTarget(name: string, material: Material): Target {
  return { ...unreadableTarget(name, null), source: 'inline', material, hasValues: false };
}

/**
 * Gathers the facts of one set of values. The code that reads certificates is large, so it is loaded only where there
 * is one.
 */
export async function readTarget(
  name: string,
  values: Values,
  root: readonly string[],
  trust: Trust,
  secondDocument: Location | null,
): Promise<Target> {
  const settings = readSettings(values, root);
  return {
    name,
    root,
    diagnostic: null,
    values,
    settings,
    source: sourceOf(settings),
    material: await materialOf(settings, trust, null),
    live: null,
    secondDocument,
    hasValues: true,
  };
}

/**
 * Gathers the facts of a Secret in manifests, by its name. Without values every consumer counts.
 * @param values the Secret as the chart's two values
 * @param caCrt its `ca.crt`, base64; null where there is none
 */
export async function secretTarget(
  name: string,
  values: Values,
  caCrt: string | null,
  trust: Trust,
): Promise<Target> {
  const target = await readTarget('', values, [], trust, null);
  const title = `Secret ${redact(name, 'object name', privateKeysOf(target))}`;
  const material = caCrt === null ? target.material : await materialOf(target.settings, trust, caCrt);
  return { ...target, name: title, material, hasValues: false };
}

/**
 * Replaces what the values hold by what is in the Secret that they name.
 * @param target whose source is an existing Secret
 */
export async function withSecret(target: Target, read: LiveSecret, trust: Trust): Promise<Target> {
  const keys = privateKeysOf(target);
  const name = redact(read.name, 'object name', keys);
  const live = { ...read, name };
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
  const { crt, key, ca } = live.found;
  const settings = { ...target.settings, crt: entryOf('tls.crt', crt), key: entryOf('tls.key', key) };
  return { ...target, live, settings, material: await materialOf(settings, trust, ca) };
}

/** @param caCrt of the same Secret, base64; null where there is none */
async function materialOf(settings: Settings, trust: Trust, caCrt: string | null): Promise<Material | null> {
  const [crt, key] = [resolvedText(settings.crt.value), resolvedText(settings.key.value)];
  if (crt === null && key === null) return null;
  const [{ readMaterial }, { withCaCrt }] = await Promise.all([
    import('../x509/material.ts'),
    import('../x509/roots.ts'),
  ]);
  const roots = withCaCrt(trust.roots, caCrt);
  return readMaterial(crt, key, passphraseOf(settings.keystorePassword.value), { ...trust, roots });
}

/** The chart writes the password in quotes, whatever its type. */
function passphraseOf(value: unknown): string | null {
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : resolvedText(value);
}
