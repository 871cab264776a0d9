import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { type Lines, linesOf } from '../values/lines.ts';
import type { Entry, Values } from '../values/values.ts';

/** A Secret in rendered manifests. */
export interface ManifestSecret {
  name: string;
  /** Its two entries in the places of the two values of a chart: what judges values judges it. */
  values: Values;
}

/** Manifests that cannot be searched. */
export interface Unsearchable {
  line: number;
}

const TLS = 'kubernetes.io/tls';
const SUFFIX = '-certificate';

/**
 * Finds the certificate Secret in manifests: of type `kubernetes.io/tls` with a name that ends in `-certificate`, as
 * the chart makes it, or the one of a name.
 * @param text manifests as Helm renders them: YAML documents with `---` between them
 * @param file what locations call the text
 * @param wanted the name of the Secret; null for the chart's
 * @see chart fact 2
 */
export function findSecrets(
  text: string,
  file: string,
  wanted: string | null,
): ManifestSecret[] | Unsearchable {
  const lines = linesOf(text, file);
  const found: ManifestSecret[] = [];
  for (const { start, end } of cut(text)) {
    const part = text.slice(start, end);
    // Only a document that can hold the Secret is worth a parser.
    if (!part.includes('Secret') || !part.includes(wanted ?? TLS)) continue;
    const document = parseDocument(part, { version: '1.1', uniqueKeys: false, logLevel: 'silent' });
    const [error] = document.errors;
    if (error) return { line: lines.location(start + error.pos[0], start + error.pos[0]).line };
    const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
    for (const object of objectsOf(resolve(document.contents), resolve)) {
      const read = reader(object, resolve);
      const name = String(read(['metadata', 'name'])?.value ?? '');
      const isWanted =
        wanted === null ? read(['type'])?.value === TLS && name.endsWith(SUFFIX) : name === wanted;
      if (read(['kind'])?.value === 'Secret' && isWanted)
        found.push({ name, values: valuesOf(read, lines, start) });
    }
  }
  return found;
}

const SEPARATOR = /^---(?=\s|$)[^\n]*(?:\n|$)/gm;

/** The documents of a stream, by their offsets. */
function cut(text: string): { start: number; end: number }[] {
  const starts = [0];
  const ends: number[] = [];
  for (const match of text.matchAll(SEPARATOR)) {
    ends.push(match.index);
    starts.push(match.index + match[0].length);
  }
  return starts.map((start, index) => ({ start, end: ends[index] ?? text.length }));
}

type Resolve = (node: unknown) => unknown;

/** A `List` holds objects of its own. */
function objectsOf(node: unknown, resolve: Resolve): YAMLMap[] {
  if (!isMap(node)) return [];
  const items = resolve(node.get('items', true));
  return isSeq(items) ? items.items.map(resolve).filter((item) => isMap(item)) : [node];
}

interface Found {
  value: unknown;
  node: Node;
}

type Read = (path: readonly string[]) => Found | null;

function reader(object: YAMLMap, resolve: Resolve): Read {
  return (path) => {
    let node: unknown = object;
    for (const key of path) node = isMap(node) ? resolve(node.get(key, true)) : undefined;
    if (isScalar(node)) return { value: node.value, node };
    return isMap(node) || isSeq(node) ? { value: node.toJSON(), node } : null;
  };
}

/** `stringData` holds plain text, and goes before `data`. */
function entryOf(read: Read, name: string, lines: Lines, offset: number): Entry {
  const plain = read(['stringData', name]);
  const found = plain ?? read(['data', name]);
  const path = [plain === null ? 'data' : 'stringData', name];
  if (found === null) {
    return { path, present: false, value: undefined, style: null, location: null, keyLocation: null };
  }
  const [start, end] = found.node.range ?? [0, 0];
  const location = lines.location(offset + start, offset + end);
  const value = plain === null ? found.value : Buffer.from(String(plain.value)).toString('base64');
  return { path, present: true, value, style: null, location, keyLocation: location };
}

function valuesOf(read: Read, lines: Lines, offset: number): Values {
  const entries = new Map([
    ['certificate.tls.crt', entryOf(read, 'tls.crt', lines, offset)],
    ['certificate.tls.key', entryOf(read, 'tls.key', lines, offset)],
  ]);
  const place = read(['metadata', 'name']);
  const [start, end] = place?.node.range ?? [0, 0];
  const location = lines.location(offset + start, offset + end);
  return {
    get: (path) =>
      entries.get(path.join('.')) ?? {
        path,
        present: false,
        value: undefined,
        style: null,
        location,
        keyLocation: null,
      },
    entries: () => [],
    duplicates: () => [],
  };
}
