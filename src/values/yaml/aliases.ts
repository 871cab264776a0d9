import { type Alias, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { YamlError } from './error.ts';

/** What each alias of a document refers to; never an alias itself. */
export type AliasTargets = ReadonlyMap<Alias, Node>;

/**
 * Finds what each alias refers to (the last anchor of its name before it), and refuses what go-yaml refuses: an
 * unknown name, a value that contains itself, a document that would grow too much (its `decode.go`).
 *
 * @param contents the document's content
 * @param text the text it was parsed from
 * @param place maps offsets in `text` to offsets in the file
 * @throws {YamlError}
 */
export function linkAliases(
  contents: Node | null,
  text: string,
  place: (offset: number) => number,
): AliasTargets {
  const targets = new Map<Alias, Node>();
  if (contents === null || !text.includes('*')) return targets;
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  link(contents);
  if (targets.size > 0) new Decoding(targets, place).check(contents);
  return targets;

  function link(node: Node): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      const [start, end] = spanOf(node, place);
      if (target === undefined) {
        throw new YamlError(
          'an alias (`*name`) refers to an anchor (`&name`) that is not defined before it',
          'Define the anchor first, or put the value in quotes if the asterisk belongs to it.',
          start,
          end,
        );
      }
      if (open.has(target)) {
        throw new YamlError(
          'an alias (`*name`) is inside the value that it refers to',
          'Write the value out.',
          start,
          end,
        );
      }
      targets.set(node, target);
      return;
    }
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node);
    if (isScalar(node)) return;
    open.add(node);
    for (const child of childrenOf(node)) if (child !== null) link(child);
    open.delete(node);
  }
}

function childrenOf(node: Node): (Node | null)[] {
  if (isSeq(node)) return node.items as Node[];
  if (isMap(node)) return node.items.flatMap(({ key, value }) => [key, value] as (Node | null)[]);
  return [];
}

function spanOf(node: Node, place: (offset: number) => number): [start: number, end: number] {
  const [start, end] = node.range ?? [0, 0];
  return [place(start), place(end)];
}

/** go-yaml counts the values it makes, and how many of them through aliases, and stops when those are too many. */
class Decoding {
  readonly #targets: AliasTargets;
  readonly #place: (offset: number) => number;
  #all = 0;
  #aliased = 0;
  #depth = 0;
  #alias: Alias | null = null;

  constructor(targets: AliasTargets, place: (offset: number) => number) {
    this.#targets = targets;
    this.#place = place;
  }

  check(node: Node | null): void {
    this.#count();
    if (node === null || isScalar(node)) return;
    if (isAlias(node)) {
      const outer = this.#alias;
      this.#alias = outer ?? node;
      this.#depth += 1;
      this.check(this.#targets.get(node) ?? null);
      this.#depth -= 1;
      this.#alias = outer;
      return;
    }
    if (isSeq(node)) {
      for (const item of node.items) this.check(item as Node);
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        this.check(key as Node);
        this.check(value as Node | null);
      }
    }
  }

  #count(): void {
    this.#all += 1;
    if (this.#depth > 0) this.#aliased += 1;
    if (this.#aliased <= 100 || this.#all <= 1000 || this.#aliased / this.#all <= allowedShare(this.#all))
      return;
    const [start, end] = this.#alias === null ? [0, 0] : spanOf(this.#alias, this.#place);
    throw new YamlError(
      'aliases (`*name`) multiply the values too much; Helm calls it excessive aliasing',
      'Write the values out, or use fewer aliases inside one another.',
      start,
      end,
    );
  }
}

/** From 4,000,000 on it is 0.1, which takes more values than are read here. */
function allowedShare(all: number): number {
  if (all <= 400_000) return 0.99;
  return 0.99 - 0.89 * ((all - 400_000) / 3_600_000);
}
