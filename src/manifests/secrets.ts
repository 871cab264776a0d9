import { type Lines, linesOf } from '../values/lines.ts';
import { viewValues } from '../values/read.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Entry, Location, Values } from '../values/values.ts';
import { firstContent, readDocument } from '../values/yaml/documents.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import { type Budget, newBudget, YamlError } from '../values/yaml/error.ts';
import type { MapNode, Node, Span } from '../values/yaml/node.ts';

/** A Secret in rendered manifests. */
export interface ManifestSecret {
  name: string;
  /** Its content as the chart's two values, to be checked like values. */
  values: Values;
  /** `ca.crt`, base64; null where there is none. */
  ca: string | null;
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
  const budget = newBudget();
  const secrets: ManifestSecret[] = [];
  for (const document of cutManifests(text)) {
    const content = text.slice(document.start, document.end);
    if (!mayContain(content, words)) continue;
    try {
      const object = await readManifest(text, document, budget);
      for (const secret of secretsIn(object, '', 0)) {
        const found = namedSecret(secret, lines, wanted);
        if (found !== null) secrets.push(found);
      }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      const { message: reason, help, start, end } = error;
      return { ok: false, reason, help, location: lines.location(start, end) };
    }
  }
  return { ok: true, secrets };
}

/**
 * What in YAML makes a word without its letters being there: escapes of any character and of line breaks, in double quotes; and
 * `!!binary`.
 */
const SPELLED = /\\[xuU\r\n]|![^\s"']*binary/;

/** Whether words may be in YAML, also spelled otherwise, such as `"S\x65cret"`. */
export function mayContain(yaml: string, words: readonly string[]): boolean {
  return SPELLED.test(yaml) || words.every((word) => yaml.includes(word));
}

/**
 * Reads one document of manifests.
 * @throws YamlError where it is not YAML
 */
export async function readManifest(text: string, { start, end }: Span, budget: Budget): Promise<MapNode> {
  const { error } = decodeText(Buffer.from(text.slice(start, end)));
  if (error !== null) throw error.moved((offset) => start + offset);
  return readDocument(text, { start, end }, budget);
}

/**
 * The Secrets in an object: itself, or the items of a `List`.
 * @param kind what its list says of its items, where they do not say it themselves
 */
export function* secretsIn(object: MapNode, kind: string, depth: number): Generator<MapNode, void, void> {
  const own = textAt(object, 'kind') ?? kind;
  if (own === 'Secret') yield object;
  const items = object.members.get('items')?.node;
  if (!own.endsWith(LIST) || items?.kind !== 'list' || depth === DEEPEST_LIST) return;
  for (const item of items.items) {
    if (item.kind === 'map') yield* secretsIn(item, own.slice(0, -LIST.length), depth + 1);
  }
}

function namedSecret(object: MapNode, lines: Lines, wanted: string | null): ManifestSecret | null {
  const metadata = object.members.get('metadata')?.node;
  const name = metadata?.kind === 'map' ? textAt(metadata, 'name') : null;
  if (name === null) return null;
  const isWanted =
    wanted === null ? textAt(object, 'type') === TLS_TYPE && name.endsWith(CHART_SUFFIX) : name === wanted;
  if (!isWanted) return null;
  const secret = viewValues(object, lines);
  const ca = secretEntry(secret, 'ca.crt').value;
  return { name, values: secretValues(secret), ca: typeof ca === 'string' ? ca : null };
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
  const tls = (path: readonly string[], value: unknown): Entry => ({ ...data, path, present: true, value });
  const pair = { crt: crt.value, key: key.value };
  const entries = new Map<string, Entry>([
    ['certificate', tls(['certificate'], { tls: pair })],
    ['certificate.tls', tls(['certificate', 'tls'], pair)],
    ['certificate.tls.crt', crt],
    ['certificate.tls.key', key],
  ]);
  return {
    get: (path) => entries.get(path.join('.')) ?? { ...object.get([]), ...ABSENT, path },
    entries: (path) =>
      [...entries.values()].filter((entry) => isChild(entry.path, path) && entry.value !== undefined),
    duplicates: () => [],
  };
}

const ABSENT = { present: false, value: undefined, style: null, keyLocation: null } as const;

function isChild(path: readonly string[], of: readonly string[]): boolean {
  return path.length === of.length + 1 && of.every((name, index) => name === path[index]);
}

/** One entry of a Secret, base64; `stringData` takes precedence over `data`. What is yet to be filled in stays as it is. */
export function secretEntry(object: Values, name: string): Entry {
  const plain = object.get(['stringData', name]);
  if (plain.present) return { ...plain, value: encoded(plain.value), style: null };
  const entry = object.get(['data', name]);
  return {
    ...entry,
    value: typeof entry.value === 'string' ? entry.value.replace(/[\r\n]+/g, '') : entry.value,
  };
}

/** What a tool has yet to fill in stays unchanged, to be recognized. */
function encoded(value: unknown): unknown {
  if (typeof value !== 'string' || resolverOf(value) !== null) return value;
  return Buffer.from(value).toString('base64');
}
