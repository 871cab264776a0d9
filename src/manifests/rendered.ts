import { linesOf } from '../values/lines.ts';
import type { FoundSecret } from '../values/live-secret.ts';
import { viewValues } from '../values/read.ts';
import { newBudget, YamlError } from '../values/yaml/error.ts';
import type { MapNode } from '../values/yaml/node.ts';
import { cutManifests, readManifest, secretEntry, secretsIn, textAt } from './secrets.ts';

/** A Secret that a chart renders, as the cluster will hold it. */
export type RenderedSecret = Omit<FoundSecret, 'owner' | 'release'>;

/**
 * The Secret of this name in a namespace that manifests make; of several the last.
 * @param manifests as Helm prints them
 * @returns null where they make none
 */
export async function renderedSecret(
  manifests: string,
  name: string,
  namespace: string,
): Promise<RenderedSecret | null> {
  const budget = newBudget();
  let made: RenderedSecret | null = null;
  for (const span of cutManifests(manifests)) {
    if (!manifests.slice(span.start, span.end).includes(name)) continue;
    try {
      const document = await readManifest(manifests, span, budget);
      for (const { object } of secretsIn(document, '', [])) {
        if (isNamed(object, name, namespace)) made = contentOf(object);
      }
    } catch (error) {
      // Helm has read it: what is not read here is no Secret of that name.
      if (!(error instanceof YamlError)) throw error;
    }
  }
  return made;
}

function isNamed(secret: MapNode, name: string, namespace: string): boolean {
  const metadata = secret.members.get('metadata')?.node;
  if (metadata?.kind !== 'map' || textAt(metadata, 'name') !== name) return false;
  return (textAt(metadata, 'namespace') || namespace) === namespace;
}

function contentOf(object: MapNode): RenderedSecret {
  const secret = viewValues(object, linesOf('', ''));
  const keys = ['data', 'stringData'].flatMap((each) =>
    secret.entries([each]).map(({ path }) => String(path.at(-1))),
  );
  const entry = (name: string): string | null => {
    const { value } = secretEntry(secret, name);
    return typeof value === 'string' ? value : null;
  };
  return {
    type: textAt(object, 'type') ?? '',
    keys: [...new Set(keys)],
    crt: entry('tls.crt'),
    key: entry('tls.key'),
    ca: entry('ca.crt'),
    isImmutable: secret.get(['immutable']).value === true,
  };
}

const MOUNTED = /^[ \t]*secretName:[ \t]*(["']?)([a-z0-9.-]+-certificate)\1[ \t\r]*$/gm;

/**
 * The Secret of the certificate that pods in manifests mount where the values name none.
 * @returns null where none can be told
 * @see chart fact 3: `<fullname>-certificate`; `<fullname>-custom-ca-certificate` is another
 */
export function mountedCertificate(manifests: string): string | null {
  for (const [, , name = ''] of manifests.matchAll(MOUNTED)) {
    if (!name.endsWith('-custom-ca-certificate')) return name;
  }
  return null;
}
