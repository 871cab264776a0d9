import type { Form, LayerSource, ManifestObject, Release } from './form.ts';
import { fileLayer, itemsAt, mapAt, nodeAt, scalarAt, setLayer, textAt } from './nodes.ts';

/**
 * helmfile: values in order < secrets < set < setString. What a release inherits from templates comes first.
 * @see pkg/state/state.go (`namespaceAndValuesFlags`) and state_exec_tmpl.go (`releaseWithInheritedTemplate`) of helmfile
 */
export const helmfile: Form = {
  words: ['releases'],
  releasesIn(object) {
    if (object.group !== null || object.kind !== null) return [];
    return itemsAt(object.node, 'releases').flatMap(({ path }) => releaseOf(object, path));
  },
};

function releaseOf(object: ManifestObject, path: readonly string[]): Release[] {
  const { node } = object;
  const places = [...inherited(object, path, []), { path, except: [] }];
  // Lists are joined; of anything else the first template's counts (mergo without override).
  const said = (name: string) =>
    places.map((each) => textAt(node, ...each.path, name)).find((text) => text !== null) ?? null;
  const chart = said('chart');
  if (chart === null) return [];
  const prefix = said('valuesPathPrefix') ?? '';
  const all = (name: string, layersOf: (path: readonly string[]) => LayerSource[]) =>
    places
      .filter(({ except }) => !except.includes(name))
      .flatMap((each) => itemsAt(node, ...each.path, name))
      .flatMap((each) => layersOf(each.path));
  const flags = (flag: 'set' | 'set-string') => (each: readonly string[]) => flagLayers(object, each, flag);
  const set = all('set', flags('set'));
  const layers = [
    ...all('values', (each) => valuesLayer(object, each, prefix)),
    ...all('secrets', (each) => secretsLayer(object, each)),
    ...set.filter(({ kind }) => kind === 'set'),
    ...all('setString', flags('set-string')),
    // Helm takes --set-file after --set-string.
    ...set.filter(({ kind }) => kind !== 'set'),
  ];
  return [{ object, kind: 'release', name: said('name') ?? '', chart, layers, traps: [] }];
}

interface Inherited {
  path: readonly string[];
  /** What is not taken from it. */
  except: readonly string[];
}

/** The templates that a release inherits from, in order, those that they inherit from before them. */
function inherited(object: ManifestObject, path: readonly string[], above: readonly string[]): Inherited[] {
  const { node } = object;
  const defaults = above.length === 0 ? itemsAt(node, 'defaultInherit') : [];
  const own = itemsAt(node, ...path, 'inherit');
  const single = mapAt(node, ...path, 'inherit');
  const entries = [...defaults, ...own].map(({ item }) => item);
  return [...entries, ...(single ? [single] : [])].flatMap((entry) => {
    const name = entry.kind === 'scalar' ? scalarAt(entry) : textAt(entry, 'template');
    if (name === null || above.includes(name) || mapAt(node, 'templates', name) === null) return [];
    const place = ['templates', name];
    const except = itemsAt(entry, 'except').map(({ item }) => scalarAt(item) ?? '');
    const below = inherited(object, place, [...above, name]);
    return [...below, { path: place, except: [] }].map((each) => ({
      ...each,
      except: [...each.except, ...except],
    }));
  });
}

function valuesLayer(object: ManifestObject, path: readonly string[], prefix: string): LayerSource[] {
  const node = nodeAt(object.node, ...path);
  if (node?.kind === 'map') return [{ kind: 'object', object, path, node }];
  const file = textAt(node);
  if (file === null) return [];
  if (file.endsWith('.gotmpl')) return [{ kind: 'unknown', name: file, reason: 'it is a template' }];
  return [fileLayer(object, path, prefix + file)];
}

function secretsLayer({ node }: ManifestObject, path: readonly string[]): LayerSource[] {
  const name = textAt(node, ...path) ?? 'secrets';
  return [{ kind: 'unknown', name, reason: 'it is encrypted' }];
}

/** `set` entries: a value, a list of values, or a file. */
function flagLayers(
  object: ManifestObject,
  path: readonly string[],
  flag: 'set' | 'set-string',
): LayerSource[] {
  const entry = nodeAt(object.node, ...path);
  const name = textAt(entry, 'name');
  if (name === null) return [];
  const file = textAt(entry, 'file');
  const value = scalarAt(entry, 'value');
  if (value !== null) return setLayer(object, [...path, 'value'], flag, `${escaped(name)}=${escaped(value)}`);
  const values = itemsAt(entry, 'values').map(({ item }) => escaped(scalarAt(item) ?? ''));
  if (values.length > 0)
    return setLayer(object, [...path, 'values'], flag, `${escaped(name)}={${values.join(',')}}`);
  if (file === null) return [];
  const layer = fileLayer(object, [...path, 'file'], file);
  const node = nodeAt(entry, 'file');
  return layer.kind === 'file' && node !== undefined
    ? [{ kind: 'set-file', object, path: layer.path, name, file: layer.file, node }]
    : [layer];
}

/** helmfile's `escape`: commas and braces belong to the value. */
function escaped(value: string): string {
  return value.replace(/[{},]/g, '\\$&');
}
