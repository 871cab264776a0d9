import type { Form, LayerSource, ManifestObject } from './form.ts';
import { itemsAt, mapAt, objectLayer, scalarAt, setLayer, textAt, textLayer } from './nodes.ts';

const GROUP = 'helm.cattle.io';

/**
 * k3s and RKE2: `HelmChart` with the `HelmChartConfig` of the same name and namespace. valuesContent < values <
 * valuesSecrets < the same three of the HelmChartConfig < set. A HelmChartConfig alone is for a chart that k3s brings
 * itself, or that is elsewhere.
 * @see pkg/controllers/chart/chart.go of helm-controller (`setValues`, `setValuesConfig`, `args`, `typedVal`)
 */
export const k3s: Form = {
  words: [GROUP],
  async releasesIn(object, index) {
    const { group, kind, name, namespace } = object;
    if (group !== GROUP || name === null) return [];
    const release = { object, kind: kind ?? '', name, traps: [] };
    if (kind === 'HelmChartConfig') {
      const charts = await index.find('HelmChart', name, namespace);
      if (charts.some((each) => each.group === GROUP)) return [];
      const chart: LayerSource = {
        kind: 'unknown',
        name: `HelmChart ${name}`,
        reason: 'it is not in these files',
      };
      return [{ ...release, chart: null, layers: [chart, ...valuesOf(object)] }];
    }
    if (kind !== 'HelmChart') return [];
    const configs = await index.find('HelmChartConfig', name, namespace);
    const layers = [
      ...valuesOf(object),
      ...configs.filter((each) => each.group === GROUP).flatMap(valuesOf),
      ...setLayers(object),
    ];
    return [{ ...release, chart: textAt(object.node, 'spec', 'chart'), layers }];
  },
};

function valuesOf(object: ManifestObject): LayerSource[] {
  return [
    ...textLayer(object, 'spec', 'valuesContent'),
    ...objectLayer(object, 'spec', 'values'),
    ...itemsAt(object.node, 'spec', 'valuesSecrets').flatMap(({ item, path }) => {
      const name = textAt(item, 'name');
      return itemsAt(item, 'keys').flatMap(({ item: key }): LayerSource[] =>
        name !== null && key.kind === 'scalar' && typeof key.value === 'string'
          ? [
              {
                kind: 'reference',
                object,
                path,
                reference: { kind: 'Secret', name, namespace: object.namespace, key: key.value },
                target: null,
              },
            ]
          : [],
      );
    }),
  ];
}

/** Numbers, booleans and null go to `--set`, anything else to `--set-string`, with commas escaped. */
function setLayers(object: ManifestObject): LayerSource[] {
  const set = ['spec', 'set'];
  const names = [...(mapAt(object.node, ...set)?.members.keys() ?? [])].sort();
  const layers = names.flatMap((name) => {
    const member = mapAt(object.node, ...set)?.members.get(name)?.node;
    const value = scalarAt(member) ?? '';
    const isTyped =
      (member?.kind === 'scalar' && typeof member.value === 'number') || /^(?:true|false|null)$/i.test(value);
    const text = isTyped
      ? value
      : value.replace(/(?<!\\)\\*,/g, (comma) => (comma.length % 2 === 1 ? `\\${comma}` : comma));
    return setLayer(object, [...set, name], isTyped ? 'set' : 'set-string', `${name}=${text}`);
  });
  const isTyped = (layer: LayerSource) => layer.kind === 'set' && layer.flag === 'set';
  return [...layers.filter(isTyped), ...layers.filter((layer) => !isTyped(layer))];
}
