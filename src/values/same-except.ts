import type { ListNode, MapNode, Node } from './yaml/node.ts';

/**
 * Whether a document says the same as before but for one value, which is now a text. White space around the text
 * does not count, since a block scalar ends with a line break. Linear in the number of distinct nodes, however
 * often aliases share them.
 * @param path of the value that is new
 */
export function sameExcept(
  before: MapNode | undefined,
  after: MapNode,
  path: readonly string[],
  text: string,
): boolean {
  return new Comparison().onPath(before, after, path, text);
}

/** Whether two documents say the same. */
export function sameValues(before: MapNode, after: MapNode): boolean {
  return new Comparison().isSame(before, after);
}

class Comparison {
  /** Pairs found the same, or under comparison. */
  readonly #same = new Map<Node, Set<Node>>();

  onPath(before: Node | undefined, after: Node | undefined, path: readonly string[], text: string): boolean {
    const [name, ...rest] = path;
    if (name === undefined) {
      return after?.kind === 'scalar' && typeof after.value === 'string' && after.value.trim() === text;
    }
    if (after?.kind !== 'map') return false;
    const old = before?.kind === 'map' ? before.members : new Map();
    const names = new Set([...old.keys(), ...after.members.keys()]);
    for (const each of names) {
      const [one, other] = [old.get(each)?.node, after.members.get(each)?.node];
      if (each === name ? !this.onPath(one, other, rest, text) : !this.isSame(one, other)) return false;
    }
    return names.has(name);
  }

  isSame(one: Node | undefined, other: Node | undefined): boolean {
    if (one === undefined || other === undefined) return false;
    if (one.kind === 'scalar') return other.kind === 'scalar' && Object.is(one.value, other.value);
    if (this.#same.get(one)?.has(other)) return true;
    const known = this.#same.get(one);
    if (known) known.add(other);
    else this.#same.set(one, new Set([other]));
    return one.kind === 'list' ? this.#sameList(one, other) : this.#sameMap(one, other);
  }

  #sameList({ items }: ListNode, other: Node): boolean {
    if (other.kind !== 'list' || other.items.length !== items.length) return false;
    return items.every((item, index) => this.isSame(item, other.items[index]));
  }

  #sameMap({ members }: MapNode, other: Node): boolean {
    if (other.kind !== 'map' || other.members.size !== members.size) return false;
    return [...members].every(([name, { node }]) => this.isSame(node, other.members.get(name)?.node));
  }
}
