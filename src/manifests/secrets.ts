import { type Lines, linesOf } from '../values/lines.ts';
import type { Location, Values } from '../values/values.ts';
import { viewValues } from '../values/view.ts';
import { firstContent, readDocument } from '../values/yaml/documents.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import { YamlError } from '../values/yaml/error.ts';
import { type Budget, newBudget } from '../values/yaml/limits.ts';
import type { MapNode, Node, Span } from '../values/yaml/node.ts';
import { cutManifests } from './documents.ts';
import { secretEntry, secretValues } from './secret-values.ts';

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
 * as the chart's own does (chart fact 2), also in a `List`. Only documents that contain these words are read as YAML, as
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
    if (!words.every((word) => content.includes(word))) continue;
    try {
      const object = await read(text, document, budget);
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

async function read(text: string, { start, end }: Span, budget: Budget): Promise<MapNode> {
  const { error } = decodeText(Buffer.from(text.slice(start, end)));
  if (error !== null) throw error.moved((offset) => start + offset);
  return readDocument(text, { start, end }, budget);
}

/** @param kind what its list says of its items, where they do not say it themselves */
function* secretsIn(object: MapNode, kind: string, depth: number): Generator<MapNode, void, void> {
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

function textAt(map: MapNode, key: string): string | null {
  const node: Node | undefined = map.members.get(key)?.node;
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}
