import { type Lines, linesOf } from './lines.ts';
import type { DuplicateKey, Entry, Location, SyntaxDiagnostic, Values, ValuesFile } from './values.ts';
import { readDocuments } from './yaml/documents.ts';
import { decodeText } from './yaml/encoding.ts';
import { YamlError } from './yaml/error.ts';
import { type MapNode, type Member, mergeDocuments, type Node } from './yaml/node.ts';

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
  const start = lines.location(0, 0);

  function walk(path: readonly string[]): {
    node: Node | undefined;
    member: Member | undefined;
    nearest: Location;
  } {
    let node: Node | undefined = root;
    let member: Member | undefined;
    let nearest = start;
    for (const name of path) {
      member = node?.kind === 'map' ? node.members.get(name) : undefined;
      if (member === undefined) return { node: undefined, member, nearest };
      nearest = lines.location(member.key.start, member.key.end);
      node = member.node;
    }
    return { node, member, nearest };
  }

  function entryOf(path: readonly string[], member: Member): Entry {
    return {
      path,
      present: true,
      // Read only on demand: a rule that looks at keys alone would build the whole file.
      get value() {
        return nodeValue(member.node, built);
      },
      style: member.node.kind === 'scalar' ? member.node.style : null,
      location: lines.location(member.place.start, member.place.end),
      keyLocation: lines.location(member.key.start, member.key.end),
    };
  }

  return {
    get(path) {
      if (path.length === 0) {
        const location = lines.location(root.start, root.end);
        return {
          path,
          present: true,
          value: nodeValue(root, built),
          style: null,
          location,
          keyLocation: null,
        };
      }
      const { member, nearest } = walk(path);
      if (member !== undefined) return entryOf(path, member);
      return { path, present: false, value: undefined, style: null, location: nearest, keyLocation: null };
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
        locations: spans.map((span) => lines.location(span.start, span.end)),
      }));
    },
  };
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
