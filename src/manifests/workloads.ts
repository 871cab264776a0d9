import { isDeepStrictEqual } from 'node:util';
import { linesOf } from '../values/lines.ts';
import { viewValues } from '../values/read.ts';
import { isMap } from '../values/values.ts';
import { newBudget, YamlError } from '../values/yaml/error.ts';
import { cutManifests, readManifest } from './secrets.ts';

/** The kinds that `kubectl rollout restart` takes. */
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * The workloads that mount a Secret before and after an upgrade, with the same pod template: their pods keep what they
 * have.
 * @param before manifests, as Helm prints them
 * @param secret the Secret's name
 * @returns such as `deployment/lightrun-backend`, as kubectl takes them
 */
export async function unrestartedIn(before: string, after: string, secret: string): Promise<string[]> {
  const [old, now] = [await podTemplates(before, secret), await podTemplates(after, secret)];
  return [...now]
    .filter(([name, template]) => isDeepStrictEqual(template, old.get(name)))
    .map(([name]) => name);
}

/** The pod templates that mount a Secret, by the name of their workload. */
async function podTemplates(manifests: string, secret: string): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const budget = newBudget();
  for (const span of cutManifests(manifests)) {
    const text = manifests.slice(span.start, span.end);
    if (!text.includes(secret) || !KINDS.some((kind) => text.includes(kind))) continue;
    try {
      const object = viewValues(await readManifest(manifests, span, budget), linesOf('', ''));
      const kind = String(object.get(['kind']).value);
      const template = object.get(['spec', 'template']).value;
      if (!KINDS.includes(kind) || !mounts(object.get(['spec', 'template', 'spec', 'volumes']).value, secret))
        continue;
      found.set(`${kind.toLowerCase()}/${String(object.get(['metadata', 'name']).value)}`, template);
    } catch (error) {
      // Helm has read it: what is not read here is too large to be a workload.
      if (!(error instanceof YamlError)) throw error;
    }
  }
  return found;
}

/** Whether volumes hold a Secret, by itself or projected. */
function mounts(volumes: unknown, secret: string): boolean {
  if (!Array.isArray(volumes)) return false;
  return volumes.filter(isMap).some((volume) => {
    const projected = isMap(volume.projected) ? volume.projected.sources : [];
    const sources = Array.isArray(projected) ? projected.filter(isMap) : [];
    return (
      (isMap(volume.secret) && volume.secret.secretName === secret) ||
      sources.some((source) => isMap(source.secret) && source.secret.name === secret)
    );
  });
}
