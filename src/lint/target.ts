import type { Clients } from '../clients/clients.ts';
import { privateKeysOf, type Target } from '../rules/shared/target.ts';
import { redact } from '../text/redact.ts';
import type { LiveSecret } from '../values/live-secret.ts';
import { passwordText, readSettings, type Settings, sourceOf } from '../values/settings.ts';
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
    file: null,
    root: [],
    diagnostic,
    values: NOTHING,
    settings: readSettings(NOTHING, []),
    source: 'unreadable',
    material: null,
    clients: null,
    live: null,
    secondDocument: null,
    hasValues: true,
    upgrade: null,
  };
}

/** The target of a certificate and key by themselves, such as loose files: without values every consumer counts. */
export function pairTarget(name: string, material: Material, clients: Clients): Target {
  return { ...unreadableTarget(name, null), source: 'inline', material, clients, hasValues: false };
}

/**
 * Gathers the facts of one set of values. The code that reads certificates is large, so it is loaded only where there
 * is one.
 * @param file the values file that `encode --write` can edit; null where there is none
 * @param before a target that may hold the same bytes, by the same trust: they are not read again
 */
export async function readTarget(
  name: string,
  values: Values,
  root: readonly string[],
  trust: Trust,
  secondDocument: Location | null,
  file: string | null,
  before: Target | null = null,
): Promise<Target> {
  const settings = readSettings(values, root);
  const isRead = before !== null && isSame(before.settings, settings);
  return {
    name,
    file,
    root,
    diagnostic: null,
    values,
    settings,
    source: sourceOf(settings),
    ...(isRead
      ? { material: before.material, clients: before.clients }
      : await bytesIn(settings, trust, null)),
    live: null,
    secondDocument,
    hasValues: true,
    upgrade: null,
  };
}

/**
 * Gathers the facts of a Secret in manifests. Without values every consumer counts.
 * @param name the Secret's
 * @param file that it is in, as reports call it; null for manifests on standard input
 * @param values the Secret as the chart's two values
 * @param caCrt its `ca.crt`, base64; null where there is none
 */
export async function secretTarget(
  { file, name }: { file: string | null; name: string },
  values: Values,
  caCrt: string | null,
  trust: Trust,
): Promise<Target> {
  const target = await readTarget('', values, [], trust, null, null);
  const secret = `Secret ${redact(name, 'object name', privateKeysOf(target))}`;
  const title = file === null ? secret : `${file} (${secret})`;
  const own = caCrt === null ? {} : await bytesIn(target.settings, trust, caCrt);
  return { ...target, ...own, name: title, hasValues: false, secretName: name };
}

/** Replaces what the values hold by what is in the Secret that the pods mount. */
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
  return { ...target, live, settings, ...(await bytesIn(settings, trust, ca)) };
}

/** Whether all that `bytesIn` reads of them is the same. */
function isSame(one: Settings, other: Settings): boolean {
  return (['crt', 'key', 'keystorePassword'] as const).every((name) => one[name].value === other[name].value);
}

/**
 * What the two values hold, and the code that asks clients about it.
 * @param caCrt of the same Secret, base64; null where there is none
 */
async function bytesIn(
  settings: Settings,
  trust: Trust,
  caCrt: string | null,
): Promise<Pick<Target, 'material' | 'clients'>> {
  const [crt, key] = [resolvedText(settings.crt.value), resolvedText(settings.key.value)];
  if (crt === null && key === null) return { material: null, clients: null };
  const [{ readMaterial }, { withCaCrt }, clients] = await Promise.all([
    import('../x509/material.ts'),
    import('../x509/roots.ts'),
    import('../clients/clients.ts'),
  ]);
  const passphrase = passwordText(settings.keystorePassword.value) || null;
  const roots = withCaCrt(trust.roots, caCrt);
  return { material: readMaterial(crt, key, passphrase, { ...trust, roots }), clients };
}
