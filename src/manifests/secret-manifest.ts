import { linesOf } from '../values/lines.ts';
import { viewValues } from '../values/read.ts';
import { newBudget, YamlError } from '../values/yaml/error.ts';
import type { MapNode } from '../values/yaml/node.ts';
import { mayContain } from './may-hold-secrets.ts';
import { cutManifests, readManifest, secretEntry, secretsIn, textAt } from './secrets.ts';

/** A Secret manifest with a certificate, a private key or both. */
export interface SecretManifest {
  /** Base64, as in `data`, without line breaks; null where it is not there. */
  crt: string | null;
  key: string | null;
  caCrt: string | null;
  /** How many Secrets like it are in the same file. */
  others: number;
}

const TLS_TYPE = 'kubernetes.io/tls';
const SECRET = 'Secret';

/**
 * Reads a Secret manifest, as `kubectl get secret -o yaml` (or json) and Git repositories have it: `data` or `stringData`,
 * by itself, in a `List`, or among other documents. One of type `kubernetes.io/tls` comes before any other. Documents that
 * are not YAML are passed over. Never throws.
 * @returns null where there is no Secret with `tls.crt` or `tls.key`
 */
export async function readSecretManifest(bytes: Buffer): Promise<SecretManifest | null> {
  const text = bytes.toString('utf8');
  if (!mayContain(text, [SECRET])) return null;
  const all: { isTls: boolean; crt: string | null; key: string | null; caCrt: string | null }[] = [];
  const budget = newBudget();
  for (const span of cutManifests(text)) {
    if (!mayContain(text.slice(span.start, span.end), [SECRET])) continue;
    try {
      const document = await readManifest(text, span, budget);
      for (const { object } of secretsIn(document, '', [])) all.push(pairOf(object));
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
    }
  }
  const pairs = all.filter(({ crt, key }) => crt !== null || key !== null);
  const typed = pairs.filter(({ isTls }) => isTls);
  const [first, ...others] = typed.length > 0 ? typed : pairs;
  if (first === undefined) return null;
  const { crt, key, caCrt } = first;
  return { crt, key, caCrt, others: others.length };
}

function pairOf(object: MapNode) {
  const secret = viewValues(object, linesOf('', ''));
  const entry = (name: string): string | null => {
    const { value } = secretEntry(secret, name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const isTls = textAt(object, 'type') === TLS_TYPE;
  return { isTls, crt: entry('tls.crt'), key: entry('tls.key'), caCrt: entry('ca.crt') };
}
