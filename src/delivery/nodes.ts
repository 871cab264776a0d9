import { resolverOf } from '../values/unresolved.ts';
import type { ListNode, MapNode, Node } from '../values/yaml/node.ts';
import type { LayerSource, ManifestObject, SetFlag } from './form.ts';

/** The node at a path, through lists too; undefined where there is none. */
export function nodeAt(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let found = node;
  for (const name of path) {
    if (found?.kind === 'map') found = found.members.get(name)?.node;
    else found = found?.kind === 'list' ? found.items[Number(name)] : undefined;
  }
  return found;
}

/** The mapping at a path; null where there is something else. */
export function mapAt(node: Node | undefined, ...path: readonly string[]): MapNode | null {
  const found = nodeAt(node, ...path);
  return found?.kind === 'map' ? found : null;
}

/** The string at a path; null where there is something else, or an empty one. */
export function textAt(node: Node | undefined, ...path: readonly string[]): string | null {
  const found = nodeAt(node, ...path);
  return found?.kind === 'scalar' && typeof found.value === 'string' && found.value !== ''
    ? found.value
    : null;
}

/** A scalar as the tools turn it into the text of a flag; null where there is none. */
export function scalarAt(node: Node | undefined, ...path: readonly string[]): string | null {
  const found = nodeAt(node, ...path);
  return found?.kind === 'scalar' && found.value !== null ? String(found.value) : null;
}

/** The items of the list at a path, with the path of each. */
export function itemsAt(
  node: Node | undefined,
  ...path: readonly string[]
): { item: Node; path: readonly string[] }[] {
  const found = nodeAt(node, ...path);
  const items = found?.kind === 'list' ? (found satisfies ListNode).items : [];
  return items.map((item, index) => ({ item, path: [...path, String(index)] }));
}

/** Whether a boolean at a path is true. */
export function isTrueAt(node: Node | undefined, ...path: readonly string[]): boolean {
  const found = nodeAt(node, ...path);
  return found?.kind === 'scalar' && found.value === true;
}

/** The mapping at a path as a layer; none where there is none. */
export function objectLayer(object: ManifestObject, ...path: readonly string[]): LayerSource[] {
  const node = mapAt(object.node, ...path);
  return node === null || node.members.size === 0 ? [] : [{ kind: 'object', object, path, node }];
}

/** The string at a path, which is YAML, as a layer. */
export function textLayer(object: ManifestObject, ...path: readonly string[]): LayerSource[] {
  const node = nodeAt(object.node, ...path);
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value.trim() === '') return [];
  return [{ kind: 'text', object, path, node }];
}

const REMOTE = /^(?:[a-z][\w+.-]*::|[a-z][\w+.-]*:\/\/|git@)/i;

/**
 * A file that the manifest names as a layer.
 * @param folder where its path starts, from the folder of the manifest
 */
export function fileLayer(
  object: ManifestObject,
  path: readonly string[],
  file: string,
  folder = '',
): LayerSource {
  if (REMOTE.test(file)) return { kind: 'unknown', name: file, reason: 'it is fetched from elsewhere' };
  if (resolverOf(file) !== null || file.includes('{{')) {
    return { kind: 'unknown', name: file, reason: 'its name is filled in later' };
  }
  return {
    kind: 'file',
    object,
    path,
    file: folder === '' || file.startsWith('/') ? file : `${folder}/${file}`,
  };
}

/** One value that the tool hands to a flag of Helm's. */
export function setLayer(
  object: ManifestObject,
  path: readonly string[],
  flag: SetFlag,
  text: string,
): LayerSource[] {
  const node = nodeAt(object.node, ...path);
  return node === undefined ? [] : [{ kind: 'set', object, path, flag, text, node }];
}

/**
 * A `valuesFrom` entry of the form `{ configMapKeyRef | secretKeyRef: { name, namespace, key } }`.
 * @param namespace where it is, if it does not say so
 */
export function keyRefLayers(
  object: ManifestObject,
  path: readonly string[],
  namespace: string | null,
): LayerSource[] {
  return (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
    const ref = [...path, kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef'];
    const name = textAt(object.node, ...ref, 'name');
    if (name === null) return [];
    const reference = {
      kind,
      name,
      namespace: textAt(object.node, ...ref, 'namespace') ?? namespace,
      key: textAt(object.node, ...ref, 'key') ?? 'values.yaml',
    };
    return [{ kind: 'reference' as const, object, path: ref, reference, target: null }];
  });
}
