import type { MapNode, Member, Span } from './node.ts';
import type { Skimmed, SkippedKey } from './skim.ts';

/** A text without the lines of skipped keys, and how its offsets map back. */
export function excerpt(
  text: string,
  skipped: readonly SkippedKey[],
): { text: string; place(offset: number): number } {
  const pieces: string[] = [];
  const starts: number[] = [];
  const shifts: number[] = [];
  let from = 0;
  let length = 0;
  for (const { lines } of [
    ...skipped.map((key) => key),
    { lines: { start: text.length, end: text.length } },
  ]) {
    if (lines.start > from || from === text.length) {
      starts.push(length);
      shifts.push(from - length);
      pieces.push(text.slice(from, lines.start));
      length += lines.start - from;
    }
    from = lines.end;
  }
  const place = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return offset + (shifts[low] ?? 0);
  };
  return { text: pieces.join(''), place };
}

/**
 * Puts skipped keys back into a tree, each with null for a value.
 *
 * @param root the tree of the text without them; changed in place
 * @param place maps offsets in the skimmed text to offsets in the file
 * @returns whether the tree is as the skimmer expected; if not, it is of no use
 */
export function graft(root: MapNode, { skipped, kept }: Skimmed, place: (offset: number) => number): boolean {
  for (const { path, start } of kept) {
    const member = find(root, path);
    if (member === undefined || member.key.start !== place(start)) return false;
    if (path.length === 1 && root.duplicates.has(path[0] as string)) return false;
  }
  const byParent = new Map<string, SkippedKey[]>();
  for (const key of skipped) {
    const id = key.parent.join('\0');
    const siblings = byParent.get(id);
    if (siblings === undefined) byParent.set(id, [key]);
    else siblings.push(key);
  }
  for (const keys of byParent.values()) {
    if (!graftInto(root, keys, place)) return false;
  }
  return true;
}

function graftInto(root: MapNode, keys: readonly SkippedKey[], place: (offset: number) => number): boolean {
  const { parent } = keys[0] as SkippedKey;
  const chain: MapNode[] = [root];
  for (let depth = 1; depth <= parent.length; depth += 1) {
    const member = find(root, parent.slice(0, depth));
    if (member === undefined) return false;
    if (member.node.kind !== 'map') {
      if (member.node.kind !== 'scalar' || member.node.value !== null || member.node.end > member.node.start)
        return false;
      const empty: MapNode = { kind: 'map', start: 0, end: 0, members: new Map(), duplicates: new Map() };
      member.node = empty;
      member.place = empty;
    }
    chain.push(member.node);
  }
  const map = chain.at(-1) as MapNode;
  const first = (keys[0] as SkippedKey).key.start;
  map.start = map.members.size === 0 ? place(first) : Math.min(map.start, place(first));
  const last = keys.at(-1) as SkippedKey;
  for (const ancestor of chain) ancestor.end = Math.max(ancestor.end, placeEnd(last.end, place));
  const members = [...map.members];
  for (const { name, key } of keys) {
    const span: Span = { start: place(key.start), end: placeEnd(key.end, place) };
    const node = { kind: 'scalar', value: null, style: 'plain', start: span.end, end: span.end } as const;
    const earlier = members.findIndex(([other, member]) => other === name && member.key.start < span.start);
    members.push([name, { key: span, place: node, node }]);
    if (earlier >= 0) {
      const spans = map.duplicates.get(name);
      if (spans === undefined)
        map.duplicates.set(name, [(members[earlier] as [string, Member])[1].key, span]);
      else spans.push(span);
    }
  }
  members.sort(([, a], [, b]) => a.key.start - b.key.start);
  map.members = new Map(members);
  return true;
}

function placeEnd(end: number, place: (offset: number) => number): number {
  return end === 0 ? place(0) : place(end - 1) + 1;
}

function find(root: MapNode, path: readonly string[]): Member | undefined {
  let node: MapNode | undefined = root;
  let member: Member | undefined;
  for (const name of path) {
    member = node?.members.get(name);
    node = member?.node.kind === 'map' ? member.node : undefined;
  }
  return member;
}
