import type { ScalarStyle } from '../values.ts';

/** From `start` up to, not including, `end`: offsets in the file's text, in UTF-16 units from 0. */
export interface Span {
  start: number;
  end: number;
}

/** One value of a document, as Helm reads it. What an alias points at is shared, never copied. */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode extends Span {
  kind: 'scalar';
  value: string | number | boolean | null;
  style: ScalarStyle;
}

export interface ListNode extends Span {
  kind: 'list';
  items: Node[];
}

export interface MapNode extends Span {
  kind: 'map';
  /** By the key's name, in file order. */
  members: Map<string, Member>;
  /** Duplicate keys of this mapping, with each one's place in file order. */
  duplicates: Map<string, Span[]>;
}

/** One key of a mapping with what Helm takes for its value. */
export interface Member {
  key: Span;
  /** Where the value is written: the alias, where it is one. */
  place: Span;
  node: Node;
}

/** An empty mapping at this offset. */
export function newMap(start: number): MapNode {
  return { kind: 'map', start, end: start, members: new Map(), duplicates: new Map() };
}

/**
 * Puts a key into a mapping, replacing an earlier one of its name.
 *
 * @param map changed in place
 */
export function setMember(map: MapNode, name: string, member: Member): void {
  const earlier = map.members.get(name);
  if (earlier !== undefined) {
    const spans = map.duplicates.get(name);
    if (spans === undefined) map.duplicates.set(name, [earlier.key, member.key]);
    else spans.push(member.key);
  }
  map.members.set(name, member);
}

/**
 * Merges documents as Helm 4 does: later over earlier, mappings into each other, anything else replaced.
 *
 * @param documents left as they are
 */
export function mergeDocuments(documents: readonly MapNode[]): MapNode {
  const [first, ...others] = documents as readonly [MapNode, ...MapNode[]];
  if (others.length === 0) return first;
  const own = new Set<Node>();
  const root = copyOf(first, own);
  for (const document of others) mergeInto(root, document, own);
  return root;
}

function copyOf(map: MapNode, own: Set<Node>): MapNode {
  const copy = { ...map, end: map.end, members: new Map(map.members), duplicates: new Map(map.duplicates) };
  own.add(copy);
  return copy;
}

function mergeInto(base: MapNode, over: MapNode, own: Set<Node>): void {
  for (const [name, member] of over.members) {
    const earlier = base.members.get(name)?.node;
    if (earlier?.kind !== 'map' || member.node.kind !== 'map') {
      base.members.set(name, member);
      continue;
    }
    const node = own.has(earlier) ? earlier : copyOf(earlier, own);
    mergeInto(node, member.node, own);
    base.members.set(name, { ...member, node });
  }
  for (const [name, spans] of over.duplicates) {
    base.duplicates.set(name, [...(base.duplicates.get(name) ?? []), ...spans]);
  }
  base.start = over.start;
  base.end = over.end;
}
