import { LintError } from '../errors.ts';
import { display } from '../text/display.ts';
import type { LiveSecret } from '../values/live-secret.ts';
import type { KnownRoots } from '../x509/chain/chain.ts';
import { readMaterial } from '../x509/material.ts';
import { diagnosticsOf } from './diagnostics.ts';
import type { Found } from './found.ts';

const LONGEST_NAME = 253;
const MOST_KEYS = 5;

/**
 * Looks into a Secret of the cluster.
 * @param roots what counts as a known root; null for the public ones alone
 * @throws LintError where there is none of that name, or it holds neither of the two
 */
export function foundInSecret({ name, namespace, found, near }: LiveSecret, roots: KnownRoots | null): Found {
  const called = `the Secret ${display(name, LONGEST_NAME)} in the namespace ${display(namespace, LONGEST_NAME)}`;
  if (found === null) {
    const likely = near.length > 0 ? `There are: ${listed(near)}.\n` : '';
    throw new LintError(
      `there is no Secret ${display(name, LONGEST_NAME)} in the namespace ${display(namespace, LONGEST_NAME)}`,
      `${likely}Correct the name, or name the namespace with --namespace.`,
    );
  }
  const [crt, key] = [found.crt || null, found.key || null];
  if (crt === null && key === null) {
    throw new LintError(
      `${called} holds neither tls.crt nor tls.key`,
      found.keys.length > 0 ? `It holds: ${listed(found.keys)}.` : 'It is empty.',
    );
  }
  const material = readMaterial(crt, key, null, roots);
  return {
    name: `Secret ${namespace}/${name}`,
    source: 'secret',
    material,
    diagnostics: diagnosticsOf(material, { crt: 'tls.crt', key: 'tls.key' }),
    help: `With values.yaml, which names it, this says how to mend it:\n  helm lightrun-cert lint -f values.yaml --cluster --namespace ${display(namespace, LONGEST_NAME)}`,
  };
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, MOST_KEYS).map((name) => display(name, LONGEST_NAME));
  return names.length > MOST_KEYS
    ? `${first.join(', ')} and ${names.length - MOST_KEYS} more`
    : first.join(', ');
}
