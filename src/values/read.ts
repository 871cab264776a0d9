import { type Lines, linesOf } from './lines.ts';
import type {
  DuplicateKey,
  Entry,
  Location,
  ScalarStyle,
  SyntaxDiagnostic,
  Values,
  ValuesFile,
} from './values.ts';
import { readDocuments } from './yaml/documents.ts';
import { decodeText } from './yaml/encoding.ts';
import { YamlError } from './yaml/error.ts';
import { type MapNode, type Member, mergeDocuments, type Node, type Span } from './yaml/node.ts';

/**
 * Reads a values file as Helm does (Helm 3 and Helm 4 both read YAML through go-yaml v2).
 *
 * @param bytes the file as it is on disk; the caller bounds its size
 * @param file its name, for locations
 */
export async function readValues(bytes: Buffer, file: string): Promise<ValuesFile> {
  const decoded = decodeText(bytes);
  const lines = linesOf(decoded.text, file);
  try {
    if (decoded.error !== null) throw decoded.error;
    const documents = await readDocuments(decoded.text);
    const [first, second] = documents;
    return {
      ok: true,
      values: viewValues(mergeDocuments(documents.map(({ root }) => root)), lines),
      firstDocument: second === undefined ? null : viewValues(first.root, lines),
      secondDocument: second === undefined ? null : lines.location(second.span.start, second.span.start),
    };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { ok: false, diagnostic: diagnosticOf(error, lines) };
  }
}

/** The words and the place of an error. */
export function diagnosticOf(error: YamlError, lines: Lines): SyntaxDiagnostic {
  const { message: reason, help, start, end, byHelm } = error;
  return { reason, help, location: lines.location(start, end), byHelm };
}

/**
 * Shows a tree of nodes as Values.
 *
 * @param root the file's top mapping
 * @param lines the file's lines, for locations
 */
export function viewValues(root: MapNode, lines: Lines): Values {
  const built = new Map<Node, unknown>();

  function walk(path: readonly string[]): {
    node: Node | undefined;
    member: Member | undefined;
    nearest: Span;
  } {
    let node: Node | undefined = root;
    let member: Member | undefined;
    let nearest: Span = FILE_START;
    for (const name of path) {
      member = node?.kind === 'map' ? node.members.get(name) : undefined;
      if (member === undefined) return { node: undefined, member, nearest };
      nearest = member.key;
      node = member.node;
    }
    return { node, member, nearest };
  }

  const place = ({ start, end }: Span) => lines.location(start, end);
  const entryOf = (path: readonly string[], member: Member) => new FileEntry(path, member, built, lines);

  return {
    get(path) {
      if (path.length === 0) return new FileEntry(path, { node: root, place: root, key: null }, built, lines);
      const { member, nearest } = walk(path);
      if (member !== undefined) return entryOf(path, member);
      const location = place(nearest);
      return { path, present: false, value: undefined, style: null, location, keyLocation: null };
    },
    entries(path) {
      const { node } = walk(path);
      if (node?.kind !== 'map') return [];
      return Array.from(node.members, ([name, member]) => entryOf([...path, name], member));
    },
    duplicates(path): readonly DuplicateKey[] {
      const { node } = walk(path);
      if (node?.kind !== 'map') return [];
      return Array.from(node.duplicates, ([name, spans]) => ({
        path: [...path, name],
        locations: spans.map(place),
      }));
    },
  };
}

const FILE_START: Span = { start: 0, end: 0 };

/**
 * A value that is there; all of it is found out on demand, for most of a file has only to be valid. A class, because V8
 * keeps the getters of each object literal, and with them the whole file, until its next full collection.
 */
class FileEntry implements Entry {
  readonly path: readonly string[];
  readonly present = true;
  readonly #member: Pick<Member, 'node' | 'place'> & { key: Span | null };
  readonly #built: Map<Node, unknown>;
  readonly #lines: Lines;

  constructor(
    path: readonly string[],
    member: Pick<Member, 'node' | 'place'> & { key: Span | null },
    built: Map<Node, unknown>,
    lines: Lines,
  ) {
    this.path = path;
    this.#member = member;
    this.#built = built;
    this.#lines = lines;
  }

  get value(): unknown {
    return nodeValue(this.#member.node, this.#built);
  }

  get style(): ScalarStyle | null {
    const { node } = this.#member;
    return node.kind === 'scalar' ? node.style : null;
  }

  get location(): Location {
    const { start, end } = this.#member.place;
    return this.#lines.location(start, end);
  }

  get keyLocation(): Location | null {
    const { key } = this.#member;
    return key && this.#lines.location(key.start, key.end);
  }
}

/** The value of a node. Shared nodes give shared values, so that an alias bomb stays small. */
function nodeValue(node: Node, built: Map<Node, unknown>): unknown {
  if (node.kind === 'scalar') return node.value;
  const known = built.get(node);
  if (known !== undefined) return known;
  if (node.kind === 'list') {
    const list = node.items.map((item) => nodeValue(item, built));
    built.set(node, list);
    return list;
  }
  const map: Record<string, unknown> = {};
  built.set(node, map);
  for (const [name, member] of node.members) {
    const value = nodeValue(member.node, built);
    if (name === '__proto__')
      Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
    else map[name] = value;
  }
  return map;
}
