import type { Form, LayerSource, ManifestObject, Release, Trap } from './form.ts';
import {
  fileLayer,
  isTrueAt,
  itemsAt,
  mapAt,
  nodeAt,
  objectLayer,
  scalarAt,
  setLayer,
  textAt,
  textLayer,
} from './nodes.ts';

/**
 * Argo CD: `Application` and `ApplicationSet`. Chart < valueFiles < valuesObject, else values < parameters < parameters
 * with forceString < fileParameters.
 * @see util/helm/cmd.go (`template`), reposerver/repository/repository.go (`helmTemplate`) and
 * pkg/apis/application/v1alpha1/types.go (`ApplicationSourceHelm.ValuesYAML`, `HasMultipleSources`) of Argo CD
 */
export const argoCd: Form = {
  words: ['argoproj.io'],
  releasesIn(object) {
    if (object.group !== 'argoproj.io') return [];
    if (object.kind === 'Application') return releasesAt(object, ['spec']);
    return object.kind === 'ApplicationSet' ? releasesAt(object, ['spec', 'template', 'spec']) : [];
  },
};

function releasesAt(object: ManifestObject, spec: readonly string[]): Release[] {
  const several = itemsAt(object.node, ...spec, 'sources').map(({ path }) => path);
  const ignored = several.length > 0 && mapAt(object.node, ...spec, 'source', 'helm') !== null;
  const traps: Trap[] = ignored
    ? [
        {
          kind: 'shadowed',
          object,
          path: [...spec, 'source', 'helm'],
          message:
            'Both source and sources are set. Argo CD then ignores source with its values, and takes only those in sources.',
          help: 'Move what you need from source into sources, and delete source.',
        },
      ]
    : [];
  const sources = several.length > 0 ? several : [[...spec, 'source']];
  return sources
    .filter((path) => textAt(object.node, ...path, 'chart') ?? mapAt(object.node, ...path, 'helm'))
    .map((path) => releaseOf(object, path, traps));
}

function releaseOf(object: ManifestObject, source: readonly string[], traps: readonly Trap[]): Release {
  const { node } = object;
  const chart = textAt(node, ...source, 'chart');
  const folder = textAt(node, ...source, 'path');
  const helm = [...source, 'helm'];
  const parameters = parametersOf(object, helm);
  const isObject = mapAt(node, ...helm, 'valuesObject') !== null;
  const values = isObject
    ? objectLayer(object, ...helm, 'valuesObject')
    : textLayer(object, ...helm, 'values');
  const files = itemsAt(node, ...helm, 'valueFiles').flatMap(({ item, path }) =>
    item.kind === 'scalar' && typeof item.value === 'string'
      ? [valueFile(object, path, item.value, chart, folder)]
      : [],
  );
  return {
    object,
    kind: object.kind ?? '',
    name: object.name ?? '',
    chart: chart ?? folder ?? textAt(node, ...source, 'repoURL'),
    layers: [
      ...files,
      ...values,
      ...parameters.filter(({ isString }) => !isString).flatMap(({ layer }) => layer),
      ...parameters.filter(({ isString }) => isString).flatMap(({ layer }) => layer),
      ...fileParameters(object, helm, chart, folder),
      ...templatePatch(object),
    ],
    traps: [
      ...traps,
      ...(isObject && textLayer(object, ...helm, 'values').length > 0 ? [shadowedValues(object, helm)] : []),
      ...overlapping(object, parameters),
    ],
  };
}

/** A chart of a repository has its files inside, and `$ref` names another repository. */
function valueFile(
  object: ManifestObject,
  path: readonly string[],
  file: string,
  chart: string | null,
  folder: string | null,
): LayerSource {
  if (file.startsWith('$')) return { kind: 'unknown', name: file, reason: 'it is in another repository' };
  if (chart !== null && !/^[a-z]+:\/\//i.test(file)) {
    return { kind: 'unknown', name: file, reason: 'it is inside the chart' };
  }
  return fileLayer(object, path, file, file.startsWith('/') ? '' : `/${folder ?? ''}`);
}

interface Parameter {
  name: string;
  isString: boolean;
  path: readonly string[];
  layer: LayerSource[];
}

/** Of parameters with one name the last wins. */
function parametersOf(object: ManifestObject, helm: readonly string[]): Parameter[] {
  const byName = new Map<string, Parameter>();
  for (const { item, path } of itemsAt(object.node, ...helm, 'parameters')) {
    const name = textAt(item, 'name');
    if (name === null) continue;
    const isString = isTrueAt(item, 'forceString');
    const text = `${name}=${commasEscaped(scalarAt(item, 'value') ?? '')}`;
    const at = nodeAt(item, 'value') === undefined ? path : [...path, 'value'];
    const layer = setLayer(object, at, isString ? 'set-string' : 'set', text);
    byName.set(`${isString} ${name}`, { name, isString, path, layer });
  }
  return [...byName.values()];
}

/** `cleanSetParameters`: a comma belongs to the value, but for a list in braces. */
function commasEscaped(value: string): string {
  return value.startsWith('{') && value.endsWith('}')
    ? value
    : value.replace(/\\?,/g, (comma) => (comma.length > 1 ? comma : '\\,'));
}

function fileParameters(
  object: ManifestObject,
  helm: readonly string[],
  chart: string | null,
  folder: string | null,
): LayerSource[] {
  return itemsAt(object.node, ...helm, 'fileParameters').flatMap(({ item, path }): LayerSource[] => {
    const [name, file] = [textAt(item, 'name'), textAt(item, 'path')];
    const node = nodeAt(item, 'path');
    if (name === null || file === null || node === undefined) return [];
    const layer = valueFile(object, [...path, 'path'], file, chart, folder);
    return layer.kind === 'file'
      ? [{ kind: 'set-file', object, path: layer.path, name, file: layer.file, node }]
      : [layer];
  });
}

/** It is a template of text, which may set anything. */
function templatePatch(object: ManifestObject): LayerSource[] {
  const patch = textAt(object.node, 'spec', 'templatePatch');
  return patch?.includes('helm')
    ? [{ kind: 'unknown', name: 'spec.templatePatch', reason: 'it is a template' }]
    : [];
}

function shadowedValues(object: ManifestObject, helm: readonly string[]): Trap {
  return {
    kind: 'shadowed',
    object,
    path: [...helm, 'values'],
    message: 'Both values and valuesObject are set. Argo CD then ignores all of values.',
    help: 'Move what you need from values into valuesObject, and delete values.',
  };
}

/** Argo CD keeps parameters in a Go map: between two names the order is random. */
function overlapping(object: ManifestObject, parameters: readonly Parameter[]): Trap[] {
  return parameters.flatMap((one) =>
    parameters
      .filter((other) => one.isString === other.isString && other.name.startsWith(`${one.name}.`))
      .map(
        ({ path, name }): Trap => ({
          kind: 'ambiguous',
          object,
          path,
          about: name,
          message:
            'Two parameters set the same value, one a mapping and the other a key in it. Argo CD hands them to Helm in random order, so either may win.',
          help: 'Keep one of the two.',
        }),
      ),
  );
}
