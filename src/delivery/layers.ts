import { type Layer, mergedValues } from '../values/merged.ts';
import { plainValues } from '../values/plain.ts';
import { diagnosticOf, readValues, viewValues } from '../values/read.ts';
import { applyAt, applySet, SetFlagError } from '../values/set-flag.ts';
import { stringLines } from '../values/string-lines.ts';
import { resolverOf } from '../values/unresolved.ts';
import { isMap, type Location, type SyntaxDiagnostic, type Values } from '../values/values.ts';
import { readDocuments } from '../values/yaml/documents.ts';
import { YamlError } from '../values/yaml/error.ts';
import type { ScalarNode } from '../values/yaml/node.ts';
import type { UnknownLayer } from './facts.ts';
import type { LayerSource, ManifestFile, ManifestIndex, ManifestObject, Reference, Release } from './form.ts';
import { nodeAt } from './nodes.ts';

/** What can be read beside the manifest itself. */
export interface Surroundings {
  index: ManifestIndex;
  /**
   * Reads a file that a manifest names.
   * @param file a path from the folder of the manifest; with a leading `/`, from the top of its working tree
   * @returns null where it is not there, or outside the working tree
   */
  readFile(from: ManifestFile, file: string): { name: string; bytes: Buffer } | null;
}

/** How a layer's values can be changed where they are written. */
export interface EditPlace {
  /** A mapping; a literal block; one value as text; base64 of all values, or of one. */
  how: 'object' | 'block' | 'value' | 'data' | 'value-data';
  object: ManifestObject;
  path: readonly string[];
}

/** A layer as it was read: its values, why it is out of reach, or why the tool refuses it. */
export type ReadLayer =
  | { kind: 'known'; values: Values; set: Setting | null; edit: EditPlace | null; fromTlsSecret: boolean }
  /** `target`: the path of the one value that it sets. */
  | ({ kind: 'unknown'; target?: string } & UnknownLayer)
  | { kind: 'unreadable'; diagnostic: SyntaxDiagnostic; looksLikeOurs: boolean };

/** What a layer sets in the values of those below it, rather than being merged over them. */
type Setting = (values: Record<string, unknown>) => void;

/** Reads the layers of a release, in their order. */
export function readLayers({ layers }: Release, around: Surroundings): Promise<ReadLayer[]> {
  return Promise.all(layers.map((layer) => readLayer(layer, around)));
}

async function readLayer(layer: LayerSource, around: Surroundings): Promise<ReadLayer> {
  switch (layer.kind) {
    case 'unknown':
      return layer;
    case 'object':
      return {
        kind: 'known',
        values: viewValues(layer.node, layer.object.file.lines),
        set: null,
        edit: { how: 'object', object: layer.object, path: layer.path },
        fromTlsSecret: false,
      };
    case 'text':
      return readText(layer.object, layer.path, layer.node);
    case 'file': {
      const read = around.readFile(layer.object.file, layer.file);
      if (read === null) return { kind: 'unknown', name: layer.file, reason: 'it is not in these files' };
      const file = await readValues(read.bytes, read.name);
      if (!file.ok) return unreadable(file.diagnostic, read.bytes.toString());
      return known(file.firstDocument ?? file.values);
    }
    case 'set':
      return setting(
        layer.text.split('=')[0] ?? '',
        locationOf(layer.object, layer.node),
        (values) => applySet(values, layer.flag, layer.text),
        layer.node.kind === 'scalar' ? { how: 'value', object: layer.object, path: layer.path } : null,
      );
    case 'set-file': {
      const read = around.readFile(layer.object.file, layer.file);
      if (read === null) {
        return { kind: 'unknown', name: layer.file, target: layer.name, reason: 'it is not in these files' };
      }
      const place = locationOf(layer.object, layer.node);
      return setting(layer.name, place, (values) => applyAt(values, layer.name, read.bytes.toString()));
    }
    case 'reference':
      return readReference(layer, around);
  }
}

function known(values: Values, edit: EditPlace | null = null): ReadLayer {
  return { kind: 'known', values, set: null, edit, fromTlsSecret: false };
}

function locationOf({ file }: ManifestObject, { start, end }: { start: number; end: number }): Location {
  return file.lines.location(start, end);
}

/** One value; what Helm refuses is left out, and named. */
function setting(
  name: string,
  location: Location,
  set: Setting,
  edit: EditPlace | null = null,
  fromTlsSecret = false,
): ReadLayer {
  const own: Record<string, unknown> = {};
  try {
    set(own);
  } catch (error) {
    if (!(error instanceof SetFlagError)) throw error;
    return { kind: 'unknown', name, target: name, reason: `Helm would refuse it: ${error.message}` };
  }
  return { kind: 'known', values: plainValues(own, location), set, edit, fromTlsSecret };
}

/** A string that is YAML, as Helm 3 reads it: its first document. */
async function readText(
  object: ManifestObject,
  path: readonly string[],
  node: ScalarNode,
): Promise<ReadLayer> {
  const { text, lines } = object.file;
  const edit: EditPlace | null = node.style === 'literal' ? { how: 'block', object, path } : null;
  const read = await readYaml(String(node.value), stringLines(text, lines, node), edit);
  const isTemplate = object.kind === 'ApplicationSet' && String(node.value).includes('{{');
  return read.kind === 'unreadable' && isTemplate
    ? { kind: 'unknown', name: path.join('.'), reason: 'it is a template' }
    : read;
}

async function readYaml(
  text: string,
  lines: { location(start: number, end: number): Location },
  edit: EditPlace | null,
): Promise<ReadLayer> {
  try {
    const [{ root }] = await readDocuments(text);
    return known(viewValues(root, lines), edit);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return unreadable(diagnosticOf(error, lines), text);
  }
}

function unreadable(diagnostic: SyntaxDiagnostic, text: string): ReadLayer {
  const looksLikeOurs =
    /\bcertificate:/.test(text) && /\b(?:crt|existing_cert):/.test(text) && !text.includes('{{');
  return { kind: 'unreadable', diagnostic, looksLikeOurs };
}

type ReferenceSource = Extract<LayerSource, { kind: 'reference' }>;

async function readReference(layer: ReferenceSource, { index }: Surroundings): Promise<ReadLayer> {
  const { reference, target } = layer;
  const { kind, name, namespace, key } = reference;
  const called = `${kind} ${name} (${key})`;
  const only = target === null ? {} : { target: target.path };
  const unknown = (reason: string): ReadLayer => ({ kind: 'unknown', name: called, reason, ...only });
  const [found] = await index.find(kind, name, namespace);
  if (found === undefined) return unknown(await whyAbsent(reference, index));
  const held = heldIn(found, key);
  if (held === null) return unknown('it does not hold this key');
  if (resolverOf(held.written) !== null) return unknown('it is encrypted, or filled in later');
  const { path, node, text } = held;
  const place = found.file.lines.location(node.start, node.end);
  if (target !== null) {
    const { flag, text: flagText } = target.flagOf(text);
    const isTls =
      kind === 'Secret' && nodeAt(found.node, 'type')?.kind === 'scalar' && /^tls\.(?:crt|key)$/.test(key);
    const how = path[0] === 'data' && kind === 'Secret' ? 'value-data' : 'value';
    const edit: EditPlace = { how, object: found, path };
    return setting(target.path, place, (values) => applySet(values, flag, flagText), edit, isTls);
  }
  if (path[0] === 'data' && kind === 'Secret') {
    return readYaml(text, { location: () => place }, { how: 'data', object: found, path });
  }
  return readText(found, path, node);
}

async function whyAbsent({ kind, name, namespace }: Reference, index: ManifestIndex): Promise<string> {
  for (const maker of kind === 'Secret' ? ['SealedSecret', 'ExternalSecret'] : []) {
    if ((await index.find(maker, name, namespace)).length > 0) return `it is made by a ${maker}`;
  }
  return 'it is not in these files';
}

/** A key of a ConfigMap or Secret: `stringData` before `data`, which is base64 in a Secret. */
export function heldIn(
  object: ManifestObject,
  key: string,
): { path: readonly string[]; node: ScalarNode; written: string; text: string } | null {
  const isSecret = object.kind === 'Secret';
  for (const part of isSecret ? ['stringData', 'data'] : ['data', 'binaryData']) {
    const node = nodeAt(object.node, part, key);
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') continue;
    const written = node.value;
    const isBase64 = part === 'binaryData' || (isSecret && part === 'data');
    const text = isBase64 ? Buffer.from(written, 'base64').toString() : written;
    return { path: [part, key], node, written, text };
  }
  return null;
}

type Data = Record<string, unknown>;

/**
 * Merges the layers that could be read, as the tool and Helm merge them.
 * @returns the values, each with its place in the layer that supplied it
 */
export function mergeLayers(layers: readonly ReadLayer[], mergedBy: Release['mergedBy']): Values {
  const readable = layers.filter((layer) => layer.kind === 'known');
  const last = readable.at(-1);
  const inline = last && last.set === null ? dataOf(last.values) : {};
  let merged: Data = {};
  for (const layer of readable) {
    const { set, values } = layer;
    if (set === null) {
      merged = mergeMaps(merged, layer === last ? inline : dataOf(values), mergedBy === 'kustomize');
      continue;
    }
    if (mergedBy === 'flux') merged = mergeMaps(merged, inline, false);
    try {
      set(merged);
    } catch (error) {
      // Helm refuses it only over what is below it.
      if (!(error instanceof SetFlagError)) throw error;
    }
  }
  const parts = readable.map(({ values }): Layer => ({ kind: 'file', readings: [values] }));
  return mergedValues(merged, parts);
}

/** A copy in which nothing is shared, since flags set values in place. */
function dataOf(values: Values): Data {
  const { value } = values.get([]);
  return isMap(value) ? (copyOf(value) as Data) : {};
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isMap(value)) return value;
  const copy: Data = {};
  for (const [name, each] of Object.entries(value)) put(copy, name, copyOf(each));
  return copy;
}

/** Also `__proto__`, which assignment would not. */
function put(data: Data, name: string, value: unknown): void {
  Object.defineProperty(data, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Later over earlier; what is only in one of the two is shared with it, as in Helm's `mergeMaps`. */
function mergeMaps(base: Data, over: Data, nullRemoves: boolean): Data {
  const merged: Data = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(merged, name) ? merged[name] : undefined;
    if (value === null && nullRemoves && below !== undefined) delete merged[name];
    else if (isMap(value) && isMap(below)) merged[name] = mergeMaps(below, value, nullRemoves);
    else put(merged, name, value);
  }
  return merged;
}
