import type { ManifestObject, Release } from './form.ts';
import { heldIn } from './layers.ts';
import { mapAt } from './nodes.ts';

/** What values of Lightrun have. */
const MARKS = /\bcertificate\b|\blightrun_endpoint\b/;

/**
 * The keys of ConfigMaps and Secrets that may hold values, each as a release of its own, where no release refers to it.
 * @param releases of all files at hand; asked for only where there is such a key
 */
export async function valueHolders(
  objects: readonly ManifestObject[],
  releases: () => Promise<readonly Release[]>,
): Promise<Release[]> {
  const held = objects.flatMap((object) => keysOf(object).map((key) => ({ object, key })));
  if (held.length === 0) return [];
  const references = (await releases()).flatMap(({ layers }) =>
    layers.flatMap((layer) => (layer.kind === 'reference' ? [layer.reference] : [])),
  );
  return held
    .filter(
      ({ object, key }) =>
        !references.some(
          (each) =>
            each.kind === object.kind &&
            each.name === object.name &&
            each.key === key &&
            (each.namespace === null || object.namespace === null || each.namespace === object.namespace),
        ),
    )
    .map(({ object, key }): Release => {
      const { kind, name, namespace } = object;
      const reference = { kind: kind as 'ConfigMap' | 'Secret', name: name ?? '', namespace, key };
      return {
        object,
        kind: kind ?? '',
        name: name ?? '',
        chart: null,
        layers: [{ kind: 'reference', object, path: [], reference, target: null }],
        traps: [],
      };
    });
}

function keysOf(object: ManifestObject): string[] {
  if (object.group !== '' || (object.kind !== 'ConfigMap' && object.kind !== 'Secret')) return [];
  if (object.name === null) return [];
  const parts = object.kind === 'Secret' ? ['stringData', 'data'] : ['data'];
  const keys = parts.flatMap((part) => [...(mapAt(object.node, part)?.members.keys() ?? [])]);
  return [...new Set(keys)].filter((key) => MARKS.test(heldIn(object, key)?.text ?? ''));
}
