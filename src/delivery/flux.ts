import { trimmed } from '../text/trim.ts';
import type { Form, LayerSource, ManifestIndex, ManifestObject, SetFlag, Trap } from './form.ts';
import { isTrueAt, itemsAt, mapAt, objectLayer, textAt } from './nodes.ts';

/**
 * Flux: `HelmRelease`. chart.spec.valuesFiles < valuesFrom in order < values.
 * @see chartutil.ChartValuesFromReferences of github.com/fluxcd/pkg
 */
export const flux: Form = {
  words: ['helm.toolkit.fluxcd.io'],
  async releasesIn(object, index) {
    if (object.group !== 'helm.toolkit.fluxcd.io' || object.kind !== 'HelmRelease') return [];
    const layers = [
      ...chartFiles(object),
      ...itemsAt(object.node, 'spec', 'valuesFrom').flatMap(({ path }) => referenceLayer(object, path)),
      ...objectLayer(object, 'spec', 'values'),
    ];
    const chart =
      textAt(object.node, 'spec', 'chart', 'spec', 'chart') ?? (await referredChart(object, index));
    const name = object.name ?? '';
    const traps = trapsOf(object);
    return [{ object, kind: 'HelmRelease', name, chart, layers, traps, mergedBy: 'flux' }];
  },
};

function chartFiles({ node }: ManifestObject): LayerSource[] {
  return itemsAt(node, 'spec', 'chart', 'spec', 'valuesFiles').flatMap(({ item }): LayerSource[] =>
    item.kind === 'scalar' && typeof item.value === 'string' && item.value !== 'values.yaml'
      ? [{ kind: 'unknown', name: item.value, reason: 'it is inside the chart' }]
      : [],
  );
}

/** `chartRef` names an `OCIRepository` or a `HelmChart`, which may be in the same files. */
async function referredChart(
  { node, namespace }: ManifestObject,
  index: ManifestIndex,
): Promise<string | null> {
  const ref = mapAt(node, 'spec', 'chartRef');
  const [kind, name] = ref ? [textAt(ref, 'kind'), textAt(ref, 'name')] : [null, null];
  if (ref === null || kind === null || name === null) return null;
  const [found] = await index.find(kind, name, textAt(ref, 'namespace') ?? namespace);
  return found ? (textAt(found.node, 'spec', 'url') ?? textAt(found.node, 'spec', 'chart')) : name;
}

function referenceLayer(object: ManifestObject, path: readonly string[]): LayerSource[] {
  const [kind, name] = [textAt(object.node, ...path, 'kind'), textAt(object.node, ...path, 'name')];
  if ((kind !== 'ConfigMap' && kind !== 'Secret') || name === null) return [];
  const key = textAt(object.node, ...path, 'valuesKey') ?? 'values.yaml';
  const target = textAt(object.node, ...path, 'targetPath');
  const isLiteral = isTrueAt(object.node, ...path, 'literal');
  return [
    {
      kind: 'reference',
      object,
      path,
      reference: { kind, name, namespace: object.namespace, key },
      target: target === null ? null : { path: target, flagOf: (value) => flagOf(target, value, isLiteral) },
    },
  ];
}

/** `ReplacePathValue`: in quotes the value is a string, without them it is read as `--set` does; literal, as it is. */
function flagOf(target: string, value: string, isLiteral: boolean): { flag: SetFlag; text: string } {
  if (isLiteral) return { flag: 'set-literal', text: `${target}=${value}` };
  const isQuoted = /^'[\s\S]*'$|^"[\s\S]*"$/.test(value);
  return isQuoted
    ? { flag: 'set-string', text: `${target}=${trimmed(value, `'"`)}` }
    : { flag: 'set', text: `${target}=${value}` };
}

/** Between a target path and inline values of the same path the other references decide which wins. */
function trapsOf(object: ManifestObject): Trap[] {
  return itemsAt(object.node, 'spec', 'valuesFrom').flatMap(({ path, item }): Trap[] => {
    const target = textAt(item, 'targetPath');
    if (target === null) return [];
    const keys = target.split('.');
    const holds = mapAt(object.node, 'spec', 'values', ...keys.slice(0, -1))?.members.has(keys.at(-1) ?? '');
    if (!holds) return [];
    return [
      {
        kind: 'ambiguous',
        object,
        path: [...path, 'targetPath'],
        about: target,
        message:
          'The value of this targetPath is in spec.values too. Which of the two Flux installs depends on the other entries of valuesFrom.',
        help: 'Keep one of the two.',
      },
    ];
  });
}
