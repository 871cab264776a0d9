import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Scalar,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import type { ScalarStyle } from '../values.ts';
import { type AliasTargets, linkAliases } from './aliases.ts';
import { templateError } from './diagnostics.ts';
import { YamlError } from './error.ts';
import { type MapNode, type Member, type Node, newMap, type ScalarNode, type Span } from './node.ts';
import { keyName, type Resolved, resolveScalar } from './scalar.ts';

/**
 * Turns a document's syntax tree into the values that Helm reads from it: YAML 1.1 scalars, the last of equal
 * keys, merges (`<<`) in the order they are written, aliases shared.
 *
 * @param contents the document's content, null for an empty one
 * @param text the text it was parsed from
 * @param place maps offsets in `text` to offsets in the file
 * @returns the top mapping; an empty document or a null is an empty mapping, as in Helm
 * @throws {YamlError} where Helm refuses what the syntax allows
 */
export function buildDocument(
  contents: YamlNode | null,
  text: string,
  place: (offset: number) => number,
): MapNode {
  const targets = linkAliases(contents, text, place);
  const root = contents === null ? null : new Builder(text, place, targets).build(contents);
  if (root?.kind === 'map') {
    refuseInfinite(root, new Set());
    return root;
  }
  const start = root?.start ?? 0;
  const end = root?.end ?? 0;
  if (root === null || (root.kind === 'scalar' && root.value === null)) {
    return { ...newMap(start), end };
  }
  throw new YamlError(
    root.kind === 'list'
      ? 'the file is a list, but Helm needs keys with values'
      : 'the file is a single value, but Helm needs keys with values',
    'Write values as `key: value` lines, such as `certificate:` with its settings indented under it.',
    start,
    end,
  );
}

/** JSON, to which Helm converts the values, has no infinity and no NaN. */
function refuseInfinite(node: Node, seen: Set<Node>): void {
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'number' || Number.isFinite(node.value)) return;
    throw new YamlError(
      'a value is infinity or NaN, and Helm refuses both',
      'Write a number, or put the value in quotes.',
      node.start,
      node.end,
    );
  }
  if (seen.has(node)) return;
  seen.add(node);
  if (node.kind === 'list') for (const item of node.items) refuseInfinite(item, seen);
  else for (const member of node.members.values()) refuseInfinite(member.node, seen);
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single-quoted',
  QUOTE_DOUBLE: 'double-quoted',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

class Builder {
  readonly #text: string;
  readonly #place: (offset: number) => number;
  readonly #targets: AliasTargets;
  readonly #built = new Map<YamlNode, Node>();

  constructor(text: string, place: (offset: number) => number, targets: AliasTargets) {
    this.#text = text;
    this.#place = place;
    this.#targets = targets;
  }

  build(node: YamlNode): Node {
    const source = isAlias(node) ? this.#target(node) : node;
    const known = this.#built.get(source);
    if (known !== undefined) return known;
    const built = this.#buildNew(source);
    this.#built.set(source, built);
    return built;
  }

  #buildNew(node: YamlNode): Node {
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.build(item as YamlNode));
      const last = node.items.at(-1) as YamlNode | undefined;
      return { kind: 'list', items, ...this.#collectionSpan(node, last ? this.#endOf(last) : 0) };
    }
    return this.#scalar(node as Scalar);
  }

  #target(alias: Alias): YamlNode {
    return this.#targets.get(alias) as YamlNode;
  }

  #scalar(node: Scalar): ScalarNode {
    const span = this.#span(node);
    const resolved = this.#resolve(node, span);
    return { kind: 'scalar', value: resolved.value, style: STYLES[node.type ?? 'PLAIN'] ?? 'plain', ...span };
  }

  #resolve(node: Scalar, span: Span): Resolved & { kind: 'value' } {
    const tag = node.tag === undefined || node.tag === '!' ? null : node.tag;
    const plain = (node.type === undefined || node.type === 'PLAIN') && node.tag !== '!';
    const resolved = resolveScalar(node.source ?? '', tag, plain);
    if (resolved.kind === 'refused') {
      const name = resolved.tag.replace(/^tag:yaml\.org,2002:/, '!!');
      throw new YamlError(
        `the value has the tag ${name}, but is not valid as that`,
        `Delete the tag ${name}, or write a value that matches it.`,
        span.start,
        span.end,
      );
    }
    return resolved;
  }

  #map(node: YAMLMap): MapNode {
    const map = newMap(0);
    const own = new Map<string, Span>();
    let end = 0;
    for (const pair of node.items) {
      const key = pair.key as YamlNode;
      const value = pair.value as YamlNode | null;
      const span = this.#span(key);
      if (isMergeKey(key)) {
        this.#merge(map, value, span);
        end = value === null ? span.end : this.#endOf(value);
        continue;
      }
      const name = this.#name(key, span);
      const earlier = own.get(name);
      if (earlier !== undefined) {
        const spans = map.duplicates.get(name);
        if (spans === undefined) map.duplicates.set(name, [earlier, span]);
        else spans.push(span);
      }
      own.set(name, span);
      const member = this.#member(span, value);
      map.members.set(name, member);
      end = member.place.end;
    }
    return Object.assign(map, this.#collectionSpan(node, end));
  }

  #member(key: Span, value: YamlNode | null): Member {
    const node = value === null || isEmptyPlain(value) ? this.#emptyNode(value, key) : this.build(value);
    return { key, place: isAlias(value) ? this.#span(value) : node, node };
  }

  /** A value that is not written is placed right after its key. */
  #emptyNode(value: YamlNode | null, key: Span): Node {
    const node = value === null ? null : this.build(value);
    const empty: ScalarNode = { kind: 'scalar', value: null, style: 'plain', start: key.end, end: key.end };
    return node?.kind === 'scalar' ? { ...node, start: key.end, end: key.end } : empty;
  }

  #name(key: YamlNode, span: Span): string {
    const source = isAlias(key) ? this.#target(key) : key;
    if (!isScalar(source)) {
      if (this.#text.startsWith('{{', (key.range?.[0] ?? 0) - 1)) throw templateError(span.start, span.end);
      throw new YamlError(
        'a key is a list or a mapping; Helm needs a string',
        'Write the key as a word or a quoted string.',
        span.start,
        span.end,
      );
    }
    const name = keyName(this.#resolve(source, span));
    if (name === null) {
      throw new YamlError(
        'a key is empty, null or too large a number; Helm needs a string',
        'Give the key a name, or put it in quotes.',
        span.start,
        span.end,
      );
    }
    return name;
  }

  #merge(map: MapNode, value: YamlNode | null, { start, end }: Span): void {
    const sources = value !== null && isSeq(value) ? [...value.items].reverse() : [value];
    for (const source of sources) {
      const node = source === null ? null : this.build(source as YamlNode);
      if (node?.kind !== 'map') {
        throw new YamlError(
          'the value of the merge key `<<` is not a mapping',
          'Give `<<` a mapping (`<<: *name`), or a list of mappings.',
          start,
          end,
        );
      }
      for (const [name, member] of node.members) map.members.set(name, member);
    }
  }

  #span(node: YamlNode): Span {
    const [start, end] = node.range ?? [0, 0];
    const block = isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
    return this.#fileSpan(start, block ? this.#blockEnd(start, end) : end);
  }

  #endOf(value: YamlNode): number {
    return isAlias(value) ? this.#span(value).end : this.build(value).end;
  }

  /** A block collection ends with its last value: its range in the tree runs on over comments. */
  #collectionSpan(node: YamlNode & { flow?: boolean }, lastEnd: number): Span {
    const [start, end] = node.range ?? [0, 0];
    if (node.flow === true) return this.#fileSpan(start, end);
    const placed = this.#place(start);
    return { start: placed, end: Math.max(placed, lastEnd) };
  }

  #blockEnd(start: number, end: number): number {
    let at = end;
    while (at > start && /[\s]/.test(this.#text.charAt(at - 1))) at -= 1;
    return at;
  }

  #fileSpan(start: number, end: number): Span {
    return { start: this.#place(start), end: end > start ? this.#place(end - 1) + 1 : this.#place(start) };
  }
}

function isEmptyPlain(node: YamlNode): boolean {
  return isScalar(node) && node.source === '' && (node.type ?? 'PLAIN') === 'PLAIN';
}

function isMergeKey(key: YamlNode): boolean {
  if (!isScalar(key) || key.source !== '<<') return false;
  if (key.tag === undefined) return key.type === undefined || key.type === 'PLAIN';
  return key.tag === '!' || key.tag === 'tag:yaml.org,2002:merge';
}
