import type { Form, LayerSource, ManifestObject } from './form.ts';
import { itemsAt, keyRefLayers, mapAt, nodeAt, objectLayer, scalarAt, setLayer, textAt } from './nodes.ts';

const PROVIDER = ['spec', 'forProvider'];

/**
 * Crossplane: `Release` of provider-helm. valuesFrom < values < set.
 * @see pkg/controller/cluster/release/values.go of provider-helm (`composeValuesFromSpec`)
 */
export const crossplane: Form = {
  words: ['helm.', 'crossplane.io'],
  releasesIn(object) {
    const isRelease = object.kind === 'Release' && /^helm\.(?:m\.)?crossplane\.io$/.test(object.group ?? '');
    if (!isRelease) return [];
    const { node, name, namespace } = object;
    const chart = [...PROVIDER, 'chart'];
    return [
      {
        object,
        kind: 'Release',
        name: name ?? '',
        chart: textAt(node, ...chart, 'name') ?? textAt(node, ...chart, 'url'),
        layers: [
          ...itemsAt(node, ...PROVIDER, 'valuesFrom').flatMap(({ path }) =>
            keyRefLayers(object, path, namespace),
          ),
          ...objectLayer(object, ...PROVIDER, 'values'),
          ...itemsAt(node, ...PROVIDER, 'set').flatMap(({ path }) => setLayers(object, path)),
        ],
        traps: [],
      },
    ];
  },
};

/** Read as `--set` does; the value may come from a ConfigMap or a Secret. */
function setLayers(object: ManifestObject, path: readonly string[]): LayerSource[] {
  const entry = mapAt(object.node, ...path);
  const name = entry && textAt(entry, 'name');
  if (!entry || !name) return [];
  const from = keyRefLayers(object, [...path, 'valueFrom'], object.namespace).flatMap((layer) =>
    layer.kind === 'reference'
      ? [
          {
            ...layer,
            target: {
              path: name,
              flagOf: (value: string) => ({ flag: 'set' as const, text: `${name}=${value}` }),
            },
          },
        ]
      : [],
  );
  if (from.length > 0) return from;
  const isWritten = nodeAt(entry, 'value') !== undefined;
  return isWritten
    ? setLayer(object, [...path, 'value'], 'set', `${name}=${scalarAt(entry, 'value') ?? ''}`)
    : [];
}
