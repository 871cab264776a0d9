import { MAX_FAST_DEPTH, MAX_NODES, tooLarge } from './error.ts';
import {
  type ListNode,
  type MapNode,
  type Member,
  type Node,
  newMap,
  type ScalarNode,
  type Span,
  setMember,
} from './node.ts';
import { resolveScalar } from './scalar.ts';

/** One key at the top of a document, with all that belongs to it. */
export interface Section {
  name: string;
  key: Span;
  /** Its lines, as offsets in the document's text. */
  lines: Span;
  /** Its key and value; null where they are left to the parser. */
  member: Member | null;
}

const KEY = /[A-Za-z_][\w./-]{0,200}/.source;
/** A key with its colon; what follows is a value, a comment or nothing. */
const HEAD_KEY = new RegExp(`${KEY}:(?=[ \\r\\n])`, 'y');
const LOOSE_KEY = new RegExp(`(${KEY}):(?=[ \\t\\r\\n])`, 'y');
const SECTION_END = /^(?:[^\s#-]|-(?![ \r\n]))/gm;

/**
 * The fast reader: reads those sections of a document that are written so simply that there is only one way to read
 * them: keys of letters, scalars of safe characters or in quotes on one line, lists, comments, `|` blocks. The parser
 * takes ten times as long, and most values files hold little else. In doubt, a section is left to the parser.
 *
 * What a section holds is built when it is first asked for: most of a file has only to be valid.
 *
 * @param text one document, each line with its `\n` or `\r\n`
 * @param base the document's offset in the file
 * @returns the sections in file order, with offsets in the file; null where the text cannot be split into sections
 * @throws YamlError where there are too many, or one is too large
 */
export function readSections(text: string, base: number): Section[] | null {
  return /[\u2028\u2029\ufeff]/.test(text) ? null : new FastReader(text, base, false).read();
}

/** The member of a section that has been found to be valid. */
class SectionMember implements Member {
  readonly key: Span;
  readonly #text: string;
  readonly #base: number;
  readonly #lines: Span;
  #built: Member | undefined;

  constructor(key: Span, text: string, base: number, lines: Span) {
    this.key = key;
    this.#text = text;
    this.#base = base;
    this.#lines = lines;
  }

  get place(): Span {
    return this.#member.place;
  }

  get node(): Node {
    return this.#member.node;
  }

  get #member(): Member {
    if (this.#built === undefined) {
      const { start, end } = this.#lines;
      const [section] = new FastReader(this.#text.slice(start, end), this.#base + start, true).read() ?? [];
      if (!section?.member) throw new Error('a section that was valid is not');
      this.#built = section.member;
    }
    return this.#built;
  }
}

/** What stands for any value or key of its kind where nothing is built. */
const SEEN = {
  plain: { kind: 'scalar', value: null, style: 'plain', start: 0, end: 0 },
  closed: { kind: 'scalar', value: null, style: 'double-quoted', start: 0, end: 0 },
  map: newMap(0),
  list: { kind: 'list', items: [], start: 0, end: 0 },
} as const satisfies Record<string, Node>;
const SEEN_MEMBER: Member = { key: SEEN.map, place: SEEN.plain, node: SEEN.plain };

interface Frame {
  indent: number;
  node: MapNode | ListNode;
  /** The last value in it so far. */
  last: Span;
}

class FastReader {
  readonly #text: string;
  readonly #base: number;
  readonly #isBuilding: boolean;
  readonly #sections: Section[] = [];
  /** Open collections of the current section, outermost first. */
  readonly #frames: Frame[] = [];
  /** Keys and items of the current section. */
  #nodes = 0;
  /** The last key, while its value may still follow on the next lines. */
  #pending: Member | null = null;
  #at: number;

  /** @param isBuilding false where all that matters is whether the sections can be read: no nodes are made */
  constructor(text: string, base: number, isBuilding: boolean) {
    this.#text = text;
    this.#base = base;
    this.#isBuilding = isBuilding;
    this.#at = /^---[ ]*\r?\n/.exec(text)?.[0].length ?? 0;
  }

  read(): Section[] | null {
    while (this.#at < this.#text.length) {
      const start = this.#at;
      if (!this.#line(start) && !this.#leaveSection(start)) return null;
      if (this.#nodes > MAX_NODES || this.#sections.length > MAX_NODES) throw tooLarge();
    }
    this.#closeSection(this.#text.length);
    return this.#sections;
  }

  /** Reads one line, and the lines of a `|` block that starts there; false where it is left to the parser. */
  #line(start: number): boolean {
    const text = this.#text;
    const newline = text.indexOf('\n', start);
    this.#at = newline + 1;
    const end = text.charCodeAt(newline - 1) === 13 && newline > start ? newline - 1 : newline;
    const dash = this.#skipSpaces(start);
    const indent = dash - start;
    const isItem = text.startsWith('- ', dash);
    const head = isItem ? this.#skipSpaces(dash + 1) : dash;
    HEAD_KEY.lastIndex = head;
    const hasKey = HEAD_KEY.test(text);
    const from = hasKey ? this.#skipSpaces(HEAD_KEY.lastIndex) : head;
    const bare = from >= end || text.charCodeAt(from) === 35;
    if (!hasKey && bare) return !isItem;
    this.#nodes += 1;
    if (!hasKey) {
      const value = isItem ? this.#value(from, end, indent) : this.#scalar(from, end);
      if (value === null) return false;
      if (!isItem) return this.#ownLine(indent, value);
      const list = this.#collection(indent, 'list', this.#base + dash);
      if (list === null) return false;
      this.#add(list, value);
      return true;
    }
    const after = HEAD_KEY.lastIndex - 1;
    if (isOfAnotherType(text, head, after)) return false;
    const column = head - start;
    const isTop = column === 0;
    const isMade = isTop || this.#isBuilding;
    const member = isMade ? this.#member(this.#span(head, after - head)) : SEEN_MEMBER;
    if (isTop) {
      this.#startSection(text.slice(head, after), member.key, member, start);
    } else {
      const map = this.#mapAt(indent, column, this.#base + head);
      if (map === null) return false;
      if (this.#isBuilding) setMember(map.node as MapNode, text.slice(head, after), member);
      map.last = member.place;
    }
    this.#pending = member;
    if (bare) return true;
    const value = this.#value(from, end, column);
    if (value === null) return false;
    this.#fill(value);
    return true;
  }

  #skipSpaces(at: number): number {
    let to = at;
    while (this.#text.charCodeAt(to) === 32) to += 1;
    return to;
  }

  #span(at: number, length: number): Span {
    return { start: this.#base + at, end: this.#base + at + length };
  }

  #member(key: Span): Member {
    const node: ScalarNode = { kind: 'scalar', value: null, style: 'plain', start: key.end, end: key.end };
    return { key, place: node, node };
  }

  /** The mapping that a key belongs to, with or without the dash of an item before it. */
  #mapAt(indent: number, column: number, start: number): Frame | null {
    if (column === indent) return this.#collection(indent, 'map', start);
    const list = this.#collection(indent, 'list', start - column + indent);
    if (list === null) return null;
    const node = this.#newCollection('map', start);
    this.#add(list, node);
    return this.#push(column, node);
  }

  /** The open collection in this column, or a new one as the value of the last key; null where neither fits. */
  #collection(indent: number, kind: 'map' | 'list', start: number): Frame | null {
    const frames = this.#frames;
    while ((frames.at(-1)?.indent ?? -1) > indent) this.#pop();
    const level = frames.at(-1);
    if (level?.indent === indent && level.node.kind === 'list' && kind === 'map') this.#pop();
    const top = frames.at(-1);
    if (top?.indent === indent) {
      if (top.node.kind === kind) return top;
      if (kind === 'map') return null;
    }
    if (this.#pending === null) return null;
    const node = this.#newCollection(kind, start);
    this.#fill(node);
    return this.#push(indent, node);
  }

  #newCollection(kind: 'map' | 'list', start: number): MapNode | ListNode {
    if (!this.#isBuilding) return SEEN[kind];
    return kind === 'map' ? newMap(start) : { kind, start, end: start, items: [] };
  }

  /** Reads a value on the line below its key, if nothing can follow it there. */
  #ownLine(indent: number, value: Node): boolean {
    const open = value.kind === 'scalar' && value.style === 'plain';
    if (open || this.#pending === null || indent <= (this.#frames.at(-1)?.indent ?? 0)) return false;
    this.#fill(value);
    return true;
  }

  /** Gives the last key its value. */
  #fill(node: Node): void {
    const member = this.#pending as Member;
    if (this.#isBuilding) {
      member.node = node;
      member.place = node;
    }
    const top = this.#frames.at(-1);
    if (top !== undefined) top.last = node;
    this.#pending = null;
  }

  #add(list: Frame, value: Node): void {
    if (this.#isBuilding) (list.node as ListNode).items.push(value);
    list.last = value;
    this.#pending = null;
  }

  #push(indent: number, node: MapNode | ListNode): Frame | null {
    if (this.#frames.length >= MAX_FAST_DEPTH) return null;
    const frame = { indent, node, last: node };
    this.#frames.push(frame);
    return frame;
  }

  #pop(): void {
    const frame = this.#frames.pop();
    if (frame !== undefined && this.#isBuilding) frame.node.end = frame.last.end;
    this.#pending = null;
  }

  /** The value after a key or a dash in column `parent`; null where it is left to the parser. */
  #value(from: number, end: number, parent: number): Node | null {
    const isBlock = this.#text.charCodeAt(from) === 124;
    if (!isBlock) return this.#scalar(from, end);
    const block = readBlock(this.#text, { start: from, end }, parent, this.#base);
    if (block === null) return null;
    this.#at = block.next;
    return block.node;
  }

  #scalar(from: number, end: number): Node | null {
    const usual = this.#isBuilding ? null : this.#usual(from, end);
    if (usual !== null) return usual;
    return readLineValue(this.#text.slice(from, end), this.#base + from);
  }

  /** The values of most lines, where nothing is built. */
  #usual(from: number, end: number): Node | null {
    const text = this.#text;
    if (end - from === 2 && (text.startsWith('{}', from) || text.startsWith('[]', from))) return SEEN.closed;
    USUAL.lastIndex = from;
    if (!USUAL.test(text) || USUAL.lastIndex !== end) return null;
    return text.charCodeAt(from) === 34 ? SEEN.closed : SEEN.plain;
  }

  #startSection(name: string, key: Span, member: Member | null, start: number): void {
    this.#closeSection(start);
    this.#nodes = 0;
    this.#sections.push({ name, key, lines: { start, end: start }, member });
  }

  #closeSection(end: number): void {
    while (this.#frames.length > 0) this.#pop();
    const section = this.#sections.at(-1);
    if (section === undefined) return;
    section.lines.end = end;
    if (section.member !== null && !this.#isBuilding)
      section.member = new SectionMember(section.key, this.#text, this.#base, section.lines);
  }

  /** Leaves the whole section of a line to the parser, and goes on after it; false where the line is in none. */
  #leaveSection(start: number): boolean {
    LOOSE_KEY.lastIndex = start;
    const name = LOOSE_KEY.exec(this.#text)?.[1];
    if (name === undefined) {
      if (!/^(?:[ \t]|-[ \r\n])/.test(this.#text.slice(start, start + 2))) return false;
    } else if (this.#sections.at(-1)?.lines.start !== start) {
      if (isOfAnotherType(name, 0, name.length)) return false;
      this.#startSection(name, this.#span(start, name.length), null, start);
    }
    const section = this.#sections.at(-1);
    if (section === undefined) return false;
    section.member = null;
    this.#frames.length = 0;
    this.#pending = null;
    SECTION_END.lastIndex = start + 1;
    this.#at = SECTION_END.exec(this.#text)?.index ?? this.#text.length;
    return true;
  }
}

const SCALAR_START = /^(?:[A-Za-z0-9_/]|-\d)/;
const SCALAR_UNSAFE = /[^\w./+=~@$%*()<>^;|&:, -]/;
const EMPTY_MAP = /^\{\}(?: *| +#.*)$/;
const LIST_WORD = /"[^"\\]*"|'[^']*'|[A-Za-z0-9_][\w./-]*/g;
const WORD_LIST = new RegExp(
  `^(\\[ *(?:(?:${LIST_WORD.source}) *(?:, *(?:${LIST_WORD.source}) *)*)?\\])(?: *| +#.*)$`,
);
const PAIR = /([A-Za-z_][\w./-]{0,200}): +("[^"\\]*"|'[^']*'|[A-Za-z0-9_/][\w./-]*)/g;
const WORD_MAP = new RegExp(`^(\\{ *(?:${PAIR.source}) *(?:, *(?:${PAIR.source}) *)*\\})(?: *| +#.*)$`);
const AFTER_VALUE = /^(?: *| +#.*)$/;
/** Words that look like keys, but that Helm does not read as strings. */
const NAMES_OF_ANOTHER_TYPE = new Set(['y', 'n', 'yes', 'no', 'true', 'false', 'on', 'off', 'null']);
const LONGEST_WORD = 5;

function isOfAnotherType(text: string, start: number, end: number): boolean {
  return end - start <= LONGEST_WORD && NAMES_OF_ANOTHER_TYPE.has(text.slice(start, end).toLowerCase());
}

/** A word, or what is in quotes without escapes: such a line holds nothing else. */
const USUAL = /[A-Za-z0-9_][\w./+=-]*|"[^"\\\n]*"/y;
/** The longest line that is matched as a whole; longer ones hold a single scalar. */
const MAX_LENGTH = 64 * 1024;

/**
 * Reads a value on one line: a scalar of safe characters or in quotes, `{}`, a list of words.
 *
 * @param rest the line from the value's first character on, without its line end
 * @param offset where that is in the file
 * @returns null where it is left to the parser
 */
function readLineValue(rest: string, offset: number): Node | null {
  const first = rest.charAt(0);
  if (first === '"' || first === "'") return quoted(rest, first, offset);
  if (first === '{' || first === '[') return rest.length > MAX_LENGTH ? null : flow(rest, offset);
  const comment = rest.indexOf(' #');
  let length = comment < 0 ? rest.length : comment;
  while (rest.charCodeAt(length - 1) === 32) length -= 1;
  const source = rest.slice(0, length);
  if (!SCALAR_START.test(source) || SCALAR_UNSAFE.test(source)) return null;
  if (source.endsWith(':') || source.includes(': ')) return null;
  const resolved = resolveScalar(source, null, true);
  if (resolved.kind === 'refused') return null;
  return { kind: 'scalar', value: resolved.value, style: 'plain', ...span(offset, length) };
}

function quoted(rest: string, quote: string, offset: number): ScalarNode | null {
  const close = rest.indexOf(quote, 1);
  const value = rest.slice(1, close);
  const after = rest.slice(close + 1);
  if (close < 0 || after.length > MAX_LENGTH || !AFTER_VALUE.test(after)) return null;
  if (quote === '"' && value.includes('\\')) return null;
  const style = quote === '"' ? 'double-quoted' : 'single-quoted';
  return { kind: 'scalar', value, style, ...span(offset, close + 1) };
}

function flow(rest: string, offset: number): Node | null {
  if (EMPTY_MAP.test(rest)) return { ...newMap(offset), end: offset + 2 };
  if (rest.startsWith('{')) return flowMap(rest, offset);
  const list = WORD_LIST.exec(rest)?.[1];
  if (list === undefined) return null;
  const items: Node[] = [];
  for (const { 0: word, index } of list.matchAll(LIST_WORD)) {
    const item = readLineValue(word, offset + index);
    if (item === null) return null;
    items.push(item);
  }
  return { kind: 'list', items, ...span(offset, list.length) };
}

/** A mapping of words on one line, such as `{ cpu: 250m, memory: 512Mi }`. */
function flowMap(rest: string, offset: number): Node | null {
  const source = WORD_MAP.exec(rest)?.[1];
  if (source === undefined) return null;
  const map = newMap(offset);
  map.end = offset + source.length;
  for (const { 0: pair, 1: name = '', 2: word = '', index } of source.matchAll(PAIR)) {
    const start = offset + index;
    const node = isOfAnotherType(name, 0, name.length)
      ? null
      : readLineValue(word, start + pair.length - word.length);
    if (node === null) return null;
    setMember(map, name, { key: span(start, name.length), place: node, node });
  }
  return map;
}

/**
 * Reads a `|` or `|-` block whose indentation is clear.
 *
 * @param text the document
 * @param header its first line, from the `|` to before the line end
 * @param parent the column of the key or dash it belongs to
 * @param base the document's offset in the file
 * @returns the value, and the offset in `text` of the line after it; null where it is left to the parser
 */
function readBlock(
  text: string,
  header: Span,
  parent: number,
  base: number,
): { node: ScalarNode; next: number } | null {
  const indicator = text.slice(header.start, header.end);
  if (indicator !== '|' && indicator !== '|-') return null;
  const lines: string[] = [];
  let indent = 0;
  let { end } = header;
  let next = text.indexOf('\n', end) + 1;
  while (next < text.length) {
    const at = next;
    const newline = text.indexOf('\n', at);
    const stop = newline > at && text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
    let start = at;
    while (start < stop && text.charCodeAt(start) === 32) start += 1;
    const column = start - at;
    if (start === stop) {
      if (indent === 0 || column > indent) return null;
      lines.push('');
    } else {
      if (indent === 0) {
        if (column <= parent || text.charCodeAt(start) === 9) return null;
        indent = column;
      }
      if (column < indent) {
        if (column > parent) return null;
        break;
      }
      lines.push(text.slice(at + indent, stop));
      end = stop;
    }
    next = newline + 1;
  }
  while (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return null;
  while (/\s/.test(text.charAt(end - 1))) end -= 1;
  const value = lines.join('\n') + (indicator === '|' ? '\n' : '');
  const { start } = header;
  return { node: { kind: 'scalar', value, style: 'literal', ...span(base + start, end - start) }, next };
}

function span(start: number, length: number): Span {
  return { start, end: start + length };
}
