import type { ScalarStyle } from './values.ts';

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
  /** Names written more than once in this mapping, with each key's place in file order. */
  duplicates: Map<string, Span[]>;
}

/** One key of a mapping with what Helm takes for its value. */
export interface Member {
  key: Span;
  /** Where the value is written: the alias, where it is one. */
  place: Span;
  node: Node;
}

/**
 * Merges two documents' mappings as Helm 4 does: mappings into each other, anything else is replaced.
 *
 * @param base the earlier document; left as it is
 * @param over the later one, whose values win
 */
export function mergeMaps(base: MapNode, over: MapNode): MapNode {
  const members = new Map(base.members);
  for (const [name, member] of over.members) {
    const earlier = members.get(name);
    if (earlier?.node.kind === 'map' && member.node.kind === 'map') {
      members.set(name, { ...member, node: mergeMaps(earlier.node, member.node) });
    } else {
      members.set(name, member);
    }
  }
  const duplicates = new Map(base.duplicates);
  for (const [name, spans] of over.duplicates) {
    duplicates.set(name, [...(duplicates.get(name) ?? []), ...spans]);
  }
  return { kind: 'map', start: over.start, end: over.end, members, duplicates };
}
