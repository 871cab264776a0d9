import { type Lines, linesOf } from '../values/lines.ts';
import { viewValues } from '../values/read.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Entry, Location, Values } from '../values/values.ts';
import { firstContent, readDocument } from '../values/yaml/documents.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import { type Budget, newBudget, YamlError } from '../values/yaml/error.ts';
import type { MapNode, Node, Span } from '../values/yaml/node.ts';
import { mayContain } from './may-hold-secrets.ts';

/** A Secret in rendered manifests. */
export interface ManifestSecret {
  name: string;
  /** Its content as the chart's two values, to be checked like values. */
  values: Values;
  /** `ca.crt`, base64; null where there is none. */
  ca: string | null;
  place: ObjectPlace;
  /** The path of kubectl's copy of the Secret in the object, where that has the private key too; else null. */
  keyCopy: readonly string[] | null;
}

/** Where an object is in manifests. */
export interface ObjectPlace {
  /** The index among the documents of `cutManifests`. */
  document: number;
  /** The path in the document; empty for the document itself. */
  path: readonly string[];
}

/** A Secret that holds no certificate and no private key. */
export interface OtherSecret {
  name: string;
  type: string;
}

/** The Secrets found, or why a document cannot be read: it is not YAML, or too large. */
export type FoundSecrets =
  | { ok: true; secrets: readonly ManifestSecret[] }
  | { ok: false; reason: string; help: string; location: Location };

const TLS_TYPE = 'kubernetes.io/tls';
const CHART_SUFFIX = '-certificate';
const LIST = 'List';
/** A List in a List is rare, deeper ones are mistakes. */
const DEEPEST_LIST = 8;

/**
 * Whether YAML looks like manifests: it has a `kind`, or nothing but comments.
 * @param text all manifests
 */
export function looksLikeManifests(text: string): boolean {
  return /\bkind["']?[ \t]*:/.test(text) || firstContent(text) === text.length;
}

/**
 * Finds the Secrets of this name; without a name those of type `kubernetes.io/tls` whose name ends in `-certificate`,
 * as the chart's own does (chart fact 2), also in a `List`. Only documents that may contain these words are read as YAML, as
 * by Kubernetes' clients (sigs.k8s.io/yaml: YAML 1.1; of duplicate keys the last counts).
 * @param text all manifests
 * @param file what locations call them
 */
export async function findSecrets(text: string, file: string, wanted: string | null): Promise<FoundSecrets> {
  const lines = linesOf(text, file);
  const words = ['Secret', ...(wanted === null ? [TLS_TYPE, CHART_SUFFIX] : [wanted])];
  const isWanted = ({ name, type }: FoundObject) =>
    wanted === null ? type === TLS_TYPE && name?.endsWith(CHART_SUFFIX) === true : name === wanted;
  const found = await secretObjects(text, lines, words);
  return found.ok ? { ok: true, secrets: found.objects.filter(isWanted).flatMap(secretOf(lines)) } : found;
}

/**
 * Finds all Secrets of type `kubernetes.io/tls` and all others that hold `tls.crt` or `tls.key`, as `kubectl get` and
 * people write them, also in a `List`.
 * @param text all manifests
 * @param file what locations call them
 * @returns the other Secrets too; null where there is no Secret at all
 */
export async function findTlsSecrets(
  text: string,
  file: string,
): Promise<(FoundSecrets & { others: readonly OtherSecret[] }) | null> {
  const lines = linesOf(text, file);
  const found = await secretObjects(text, lines, ['Secret']);
  if (!found.ok) return { ...found, others: [] };
  if (found.objects.length === 0) return null;
  const others = found.objects.filter((object) => !isTls(object));
  return {
    ok: true,
    secrets: found.objects.filter(isTls).flatMap(secretOf(lines)),
    others: others.map(({ name, type }) => ({ name: name ?? '', type: type || 'Opaque' })),
  };
}

/** A Secret in manifests. */
interface FoundObject {
  object: MapNode;
  name: string | null;
  type: string | null;
  place: ObjectPlace;
}

function isTls({ object, type }: FoundObject): boolean {
  const holds = (key: string) => {
    const node = object.members.get(key)?.node;
    return node?.kind === 'map' && (node.members.has('tls.crt') || node.members.has('tls.key'));
  };
  return type === TLS_TYPE || holds('data') || holds('stringData');
}

/** @param words what a document must contain to be read */
async function secretObjects(
  text: string,
  lines: Lines,
  words: readonly string[],
): Promise<{ ok: true; objects: FoundObject[] } | Extract<FoundSecrets, { ok: false }>> {
  const budget = newBudget();
  const objects: FoundObject[] = [];
  for (const [document, span] of [...cutManifests(text)].entries()) {
    const content = text.slice(span.start, span.end);
    if (!mayContain(content, words)) continue;
    try {
      for (const { object, path } of secretsIn(await readManifest(text, span, budget), '', [])) {
        const metadata = object.members.get('metadata')?.node;
        const name = metadata?.kind === 'map' ? textAt(metadata, 'name') : null;
        objects.push({ object, name, type: textAt(object, 'type'), place: { document, path } });
      }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      const { message: reason, help, start, end } = error;
      return { ok: false, reason, help, location: lines.location(start, end) };
    }
  }
  return { ok: true, objects };
}

/**
 * Reads one document of manifests.
 * @throws YamlError where Kubernetes' clients refuse it, or where it cannot be read here
 */
export async function readManifest(text: string, { start, end }: Span, budget: Budget): Promise<MapNode> {
  const { error } = decodeText(Buffer.from(text.slice(start, end)));
  if (error !== null) throw error.moved((offset) => start + offset);
  return readDocument(text, { start, end }, budget);
}

/**
 * The Secrets in an object: itself, or the items of a `List`, with their paths in it.
 * @param kind what its list says of its items, where they do not say it themselves
 * @param path of the object itself; empty for a document
 */
export function* secretsIn(
  object: MapNode,
  kind: string,
  path: readonly string[],
): Generator<{ object: MapNode; path: readonly string[] }, void, void> {
  for (const each of objectsIn(object, kind, path)) if (each.kind === 'Secret') yield each;
}

/** All objects in one: itself, and the items of a `List`, likewise. */
export function* objectsIn(
  object: MapNode,
  kind: string,
  path: readonly string[],
): Generator<{ object: MapNode; kind: string; path: readonly string[] }, void, void> {
  const own = textAt(object, 'kind') ?? kind;
  yield { object, kind: own, path };
  const items = object.members.get('items')?.node;
  if (!own.endsWith(LIST) || items?.kind !== 'list' || path.length === 2 * DEEPEST_LIST) return;
  for (const [index, item] of items.items.entries()) {
    const place = [...path, 'items', String(index)];
    if (item.kind === 'map') yield* objectsIn(item, own.slice(0, -LIST.length), place);
  }
}

function secretOf(lines: Lines) {
  return ({ object, name, place }: FoundObject): ManifestSecret[] => {
    if (name === null) return [];
    const secret = viewValues(object, lines);
    const ca = secretEntry(secret, 'ca.crt').value;
    const values = secretValues(secret);
    return [{ name, values, ca: typeof ca === 'string' ? ca : null, place, keyCopy: keyCopyIn(secret) }];
  };
}

const ANNOTATIONS = ['metadata', 'annotations'];
/** Where `kubectl apply` keeps the whole object as it was applied. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The annotation, or all annotations where there is no other. */
function keyCopyIn(secret: Values): readonly string[] | null {
  const { value } = secret.get([...ANNOTATIONS, LAST_APPLIED]);
  if (typeof value !== 'string' || !value.includes('"tls.key"')) return null;
  return secret.entries(ANNOTATIONS).length === 1 ? ANNOTATIONS : [...ANNOTATIONS, LAST_APPLIED];
}

/** The string of a key in a mapping; null where there is none. */
export function textAt(map: MapNode, key: string): string | null {
  const node: Node | undefined = map.members.get(key)?.node;
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

const BYTE_ORDER_MARK = '\ufeff';
const MARK = '---';

/**
 * Splits rendered manifests into documents as Kubernetes' clients do: at each line that begins with `---`, before any
 * YAML is read. In a value such a line is always indented.
 * @param text all manifests
 * @returns the documents in order, as offsets in UTF-16 units, without the `---` and a leading byte-order mark
 */
export function* cutManifests(text: string): Generator<Span, void, void> {
  let start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  if (text.startsWith(MARK, start)) start += MARK.length;
  for (;;) {
    const end = text.indexOf(`\n${MARK}`, start);
    if (end < 0) break;
    yield { start, end: end + 1 };
    start = end + 1 + MARK.length;
  }
  yield { start, end: text.length };
}

/**
 * Presents a rendered Secret as the values that the certificate was rendered from. The two values keep their places and
 * paths in the manifests (`['data', 'tls.crt']`); all others are absent.
 *
 * `stringData` takes precedence over `data`, as in the API server; its plain text becomes base64. Line breaks in `data`
 * are dropped, as in Go's decoder.
 * @param object the whole Secret, so that `['data', 'tls.crt']` is a path in it
 */
function secretValues(object: Values): Values {
  const crt = secretEntry(object, 'tls.crt');
  const key = secretEntry(object, 'tls.key');
  const data = object.get(['data']);
  const tls = (path: readonly string[], value: unknown): Entry => ({
    ...copyOf(data),
    path,
    present: true,
    value,
  });
  const pair = { crt: crt.value, key: key.value };
  const entries = new Map<string, Entry>([
    ['certificate', tls(['certificate'], { tls: pair })],
    ['certificate.tls', tls(['certificate', 'tls'], pair)],
    ['certificate.tls.crt', crt],
    ['certificate.tls.key', key],
  ]);
  return {
    get: (path) => entries.get(path.join('.')) ?? { ...copyOf(object.get([])), ...ABSENT, path },
    entries: (path) =>
      [...entries.values()].filter((entry) => isChild(entry.path, path) && entry.value !== undefined),
    duplicates: () => [],
  };
}

/** An entry's own properties: those of a file's entry are getters. */
function copyOf({ path, present, value, style, location, keyLocation }: Entry): Entry {
  return { path, present, value, style, location, keyLocation };
}

const ABSENT = { present: false, value: undefined, style: null, keyLocation: null } as const;

function isChild(path: readonly string[], of: readonly string[]): boolean {
  return path.length === of.length + 1 && of.every((name, index) => name === path[index]);
}

/** One entry of a Secret, base64; `stringData` takes precedence over `data`. What is yet to be filled in stays as it is. */
export function secretEntry(object: Values, name: string): Entry {
  const plain = object.get(['stringData', name]);
  if (plain.present) return { ...copyOf(plain), value: encoded(plain.value), style: null };
  const entry = object.get(['data', name]);
  return {
    ...copyOf(entry),
    value: typeof entry.value === 'string' ? entry.value.replace(/[\r\n]+/g, '') : entry.value,
  };
}

/** What a tool has yet to fill in stays unchanged, to be recognized. */
function encoded(value: unknown): unknown {
  if (typeof value !== 'string' || resolverOf(value) !== null) return value;
  return Buffer.from(value).toString('base64');
}
