import { type FindOptions, findReleases, type ReadRelease } from '../delivery/find.ts';
import type { ManifestObject } from '../delivery/form.ts';
import type { EditPlace } from '../delivery/layers.ts';
import { heldIn } from '../delivery/layers.ts';
import { nodeAt } from '../delivery/nodes.ts';
import { readObjects } from '../delivery/objects.ts';
import type { Input } from '../files/read.ts';
import { editManifest } from '../manifests/edit-secrets.ts';
import { editValues, type ValueEdit } from '../values/edit.ts';
import { readSettings } from '../values/settings.ts';
import { blockIndent } from '../values/string-lines.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import type { ScalarNode } from '../values/yaml/node.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { type FixedFile, fixPair } from './fix-pair.ts';

const NOT_HERE = {
  why: 'it is in another file, in a string of YAML that is not a literal block (|), or other values share it through an anchor',
  help: 'Fix the file that holds it, or write the values as a mapping or a literal block, then run --fix again.',
};

/**
 * Fixes the certificates of the releases in a file, where they are written in it as mappings, literal blocks, parameters
 * or the data of a Secret. Everything else stays as it is, byte for byte.
 * @returns null where the file holds no release of Lightrun
 */
export async function fixReleases(input: Input, options: Trust & FindOptions): Promise<FixedFile | null> {
  const { releases } = await findReleases(input, options);
  if (releases.length === 0) return null;
  let file: FixedFile = { bytes: input.bytes, fixed: [], refused: [] };
  for (const { release, layers, values } of releases) {
    const { crt, key } = readSettings(values, options.root);
    const edit = async (bytes: Buffer, edits: readonly ValueEdit[]) => {
      let next = bytes;
      for (const each of edits) {
        const place = placeOf({ release, layers, values }, each.path);
        const edited =
          place && place.object.file.name === input.name ? await editAt(next, place, each) : null;
        if (edited === null) return { ok: false as const };
        next = edited;
      }
      return { ok: true as const, bytes: next };
    };
    const fixed = await fixPair(file.bytes, { crt, key }, options, NOT_HERE, edit);
    file = {
      bytes: fixed.bytes,
      fixed: [...file.fixed, ...fixed.fixed],
      refused: [...file.refused, ...fixed.refused],
    };
  }
  return file;
}

/** Where the layer that supplies a value can be changed. */
function placeOf({ layers, values }: ReadRelease, path: readonly string[]): EditPlace | null {
  const { value } = values.get(path);
  for (const layer of [...layers].reverse()) {
    if (layer.kind !== 'known') continue;
    const entry = layer.values.get(path);
    if (entry.present && entry.value === value) return layer.edit;
  }
  return null;
}

/** @returns null where the value has no place of its own */
async function editAt(bytes: Buffer, place: EditPlace, edit: ValueEdit): Promise<Buffer | null> {
  const { name } = place.object.file;
  if (place.how === 'object') {
    return edited(await editManifest(bytes, name, onObject(place.object, place.path, edit)));
  }
  if (place.how === 'value' || place.how === 'value-data') {
    const text = place.how === 'value' ? edit.text : Buffer.from(edit.text ?? '').toString('base64');
    const value = { path: place.path.slice(-1), text };
    return edited(await editManifest(bytes, name, onObject(place.object, place.path.slice(0, -1), value)));
  }
  const object = await again(bytes, place.object);
  const key = place.path.at(-1) ?? '';
  if (place.how === 'data') {
    const held = object && heldIn(object, key);
    const inner = held && edited(await editValues(Buffer.from(held.text), name, [edit]));
    if (!inner) return null;
    const data = { path: place.path, text: inner.toString('base64') };
    return edited(await editManifest(bytes, name, onObject(place.object, [], data)));
  }
  const node = nodeAt(object?.node, ...place.path);
  if (!object || node?.kind !== 'scalar') return null;
  const inner = edited(await editValues(Buffer.from(String(node.value)), name, [edit]));
  return inner && withBlock(bytes, object, node, inner.toString(), place);
}

function edited(result: { ok: true; bytes: Buffer } | { ok: false }): Buffer | null {
  return result.ok ? result.bytes : null;
}

function onObject({ document, path }: ManifestObject, below: readonly string[], edit: ValueEdit) {
  return { ...edit, document, object: [...path, ...below] };
}

/** The same object in a text that was edited. */
async function again(
  bytes: Buffer,
  { file, document, path }: ManifestObject,
): Promise<ManifestObject | null> {
  const { objects } = await readObjects(bytes, file.name);
  const isSame = (each: ManifestObject) =>
    each.document === document && each.path.join('\0') === path.join('\0');
  return objects.find(isSame) ?? null;
}

/** Replaces those lines of a literal block that differ, and reads it again. */
async function withBlock(
  bytes: Buffer,
  object: ManifestObject,
  node: ScalarNode,
  text: string,
  place: EditPlace,
): Promise<Buffer | null> {
  const whole = decodeText(bytes).text;
  const indent = blockIndent(whole, node);
  if (indent === null) return null;
  const [old, next] = [String(node.value).split('\n'), text.split('\n')];
  let start = 0;
  while (start < Math.min(old.length, next.length) && old[start] === next[start]) start += 1;
  let end = 0;
  while (
    end < Math.min(old.length, next.length) - start &&
    old[old.length - 1 - end] === next[next.length - 1 - end]
  )
    end += 1;
  const lines = whole.split('\n');
  const first = whole.slice(0, node.start).split('\n').length;
  const lineEnd = lines[first]?.endsWith('\r') ? '\r' : '';
  const inserted = next
    .slice(start, next.length - end)
    .map((line) => (line === '' ? line : ' '.repeat(indent) + line) + lineEnd);
  lines.splice(first + start, old.length - end - start, ...inserted);
  const mark = bytes.subarray(0, bytes.length - Buffer.byteLength(whole));
  const result = Buffer.concat([mark, Buffer.from(lines.join('\n'))]);
  const after = nodeAt((await again(result, object))?.node, ...place.path);
  const isRight = after?.kind === 'scalar' && String(after.value).trimEnd() === text.trimEnd();
  return isRight ? result : null;
}
