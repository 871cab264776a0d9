import { LintError } from '../errors.ts';
import { display } from '../text/display.ts';
import { MAX_NAME_LENGTH } from '../text/names.ts';
import type { LiveSecret } from '../values/live-secret.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { readMaterial } from '../x509/material.ts';
import { withCaCrt } from '../x509/roots.ts';
import { diagnosticsOf } from './diagnostics.ts';
import type { Found } from './inspect.ts';

const MOST_KEYS = 5;

/**
 * Reads a Secret of the cluster.
 * @throws LintError where there is none of that name, or it holds neither of the two
 */
export function foundInSecret({ name, namespace, found, near }: LiveSecret, trust: Trust): Found {
  const called = `the Secret ${display(name, MAX_NAME_LENGTH)} in the namespace ${display(namespace, MAX_NAME_LENGTH)}`;
  if (found === null) {
    const likely = near.length > 0 ? `There are: ${listed(near)}.\n` : '';
    throw new LintError(
      `there is no Secret ${display(name, MAX_NAME_LENGTH)} in the namespace ${display(namespace, MAX_NAME_LENGTH)}`,
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
  const material = readMaterial(crt, key, null, { ...trust, roots: withCaCrt(trust.roots, found.ca) });
  return {
    name: `Secret ${namespace}/${name}`,
    source: 'secret',
    material,
    target: null,
    diagnostics: diagnosticsOf(material, { crt: 'tls.crt', key: 'tls.key' }),
    help: `With values.yaml, which names it, this says how to fix it:\n  helm lightrun-cert lint -f values.yaml --cluster --namespace ${display(namespace, MAX_NAME_LENGTH)}`,
  };
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, MOST_KEYS).map((name) => display(name, MAX_NAME_LENGTH));
  return names.length > MOST_KEYS
    ? `${first.join(', ')} and ${names.length - MOST_KEYS} more`
    : first.join(', ');
}
