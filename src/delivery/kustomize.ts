import type { Form, LayerSource, ManifestObject, Release, Trap } from './form.ts';
import { fileLayer, itemsAt, mapAt, objectLayer, textAt } from './nodes.ts';

/**
 * Kustomize: `helmCharts`. With `override`, the default: valuesFile < valuesInline; with `merge` the other way round;
 * with `replace` valuesInline alone. additionalValuesFiles come last. Without a valuesFile the chart's own values.yaml
 * is taken for one.
 * @see api/internal/builtins/HelmChartInflationGenerator.go of kustomize (`replaceValuesInline`)
 */
export const kustomize: Form = {
  words: ['helmCharts'],
  releasesIn(object) {
    if (object.kind !== null && object.kind !== 'Kustomization') return [];
    return itemsAt(object.node, 'helmCharts').flatMap(({ path }) => releaseOf(object, path));
  },
};

function releaseOf(object: ManifestObject, path: readonly string[]): Release[] {
  const entry = mapAt(object.node, ...path);
  const chart = textAt(entry ?? undefined, 'name');
  if (entry === null || chart === null) return [];
  const file = textAt(entry, 'valuesFile');
  const merge = textAt(entry, 'valuesMerge') ?? 'override';
  const inline = objectLayer(object, ...path, 'valuesInline');
  const files = file === null ? [] : [fileLayer(object, [...path, 'valuesFile'], file)];
  const additional = itemsAt(entry, 'additionalValuesFiles').flatMap(({ item, path: below }) =>
    item.kind === 'scalar' && typeof item.value === 'string'
      ? [fileLayer(object, [...path, ...below], item.value)]
      : [],
  );
  const layers = [...merged(merge, files, inline), ...additional];
  return [
    {
      object,
      kind: 'helmCharts',
      name: textAt(entry, 'releaseName') ?? chart,
      chart,
      layers,
      ...(merge === 'replace' ? {} : { mergedBy: 'kustomize' }),
      traps: [
        ...(merge === 'merge' && file === null && inline.length > 0 ? [defaultsWin(object, path)] : []),
        ...(merge === 'replace' && file !== null && inline.length > 0 ? [fileIgnored(object, path)] : []),
        ...filesWin(object, path, layers),
      ],
    },
  ];
}

function merged(merge: string, files: LayerSource[], inline: LayerSource[]): LayerSource[] {
  if (inline.length === 0) return files;
  switch (merge) {
    case 'merge':
      return [...inline, ...files];
    case 'replace':
      return inline;
    default:
      return [...files, ...inline];
  }
}

function defaultsWin(object: ManifestObject, path: readonly string[]): Trap {
  return {
    kind: 'shadowed',
    object,
    path: [...path, 'valuesMerge'],
    message:
      "valuesMerge is merge and there is no valuesFile. Kustomize then takes the chart's own values.yaml for the file, and its empty certificate overrides valuesInline: the Secret would hold null, with exit status 0.",
    help: 'Delete valuesMerge, or set it to override.',
  };
}

function fileIgnored(object: ManifestObject, path: readonly string[]): Trap {
  return {
    kind: 'shadowed',
    object,
    path: [...path, 'valuesFile'],
    message:
      'valuesMerge is replace. Kustomize then ignores all of valuesFile, and takes valuesInline alone.',
    help: 'Delete valuesFile, or set valuesMerge to override.',
  };
}

/** Files that beat what is written inline, where one expects the opposite. */
function filesWin(object: ManifestObject, path: readonly string[], layers: readonly LayerSource[]): Trap[] {
  const inline = layers.findIndex(({ kind }) => kind === 'object');
  if (inline < 0) return [];
  return layers.slice(inline + 1).map(
    (_, index): Trap => ({
      kind: 'shadowed',
      object,
      path: [...path, 'valuesInline'],
      message:
        'The certificate in valuesInline is not installed: a values file that comes after it sets the same value.',
      help: 'Keep the certificate in one of the two.',
      between: [inline, inline + 1 + index],
    }),
  );
}
