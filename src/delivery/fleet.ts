import type { Form, LayerSource, ManifestObject } from './form.ts';
import { fileLayer, itemsAt, keyRefLayers, mapAt, objectLayer, textAt } from './nodes.ts';

/**
 * Fleet: `fleet.yaml`. helm.values < valuesFiles in order < valuesFrom; what `targetCustomizations` adds depends on the
 * cluster.
 * @see internal/bundlereader/resources.go (`generateValues`) and internal/helmdeployer/install.go (`getValues`) of Fleet
 */
export const fleet: Form = {
  words: ['helm:'],
  releasesIn(object) {
    const helm = object.kind === null ? mapAt(object.node, 'helm') : null;
    const isFleet =
      helm !== null && ['values', 'valuesFiles', 'valuesFrom'].some((name) => helm.members.has(name));
    // A values file of an umbrella chart may have a subchart of this name.
    if (!isFleet || object.node.members.has('certificate') || object.node.members.has('general')) return [];
    const namespace = textAt(object.node, 'namespace') ?? textAt(object.node, 'defaultNamespace');
    const layers = [
      ...objectLayer(object, 'helm', 'values'),
      ...itemsAt(object.node, 'helm', 'valuesFiles').flatMap(({ item, path }) =>
        item.kind === 'scalar' && typeof item.value === 'string' ? [fileLayer(object, path, item.value)] : [],
      ),
      ...itemsAt(object.node, 'helm', 'valuesFrom').flatMap(({ path }) =>
        keyRefLayers(object, path, namespace),
      ),
      ...customizations(object),
    ];
    const name = textAt(helm, 'releaseName') ?? textAt(object.node, 'name') ?? namespace ?? '';
    const chart = textAt(helm, 'chart') ?? textAt(helm, 'repo');
    return [{ object, kind: 'fleet', name, chart, layers, traps: [] }];
  },
};

function customizations({ node }: ManifestObject): LayerSource[] {
  return itemsAt(node, 'targetCustomizations').flatMap(({ item, path }): LayerSource[] =>
    mapAt(item, 'helm') === null
      ? []
      : [{ kind: 'unknown', name: path.join('.'), reason: 'which cluster takes it is not known here' }],
  );
}
