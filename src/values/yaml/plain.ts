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
import { NAME_OF_ANOTHER_TYPE, readBlock, readLineValue } from './plain-value.ts';

/** One key at the top of a document, with all that belongs to it. */
export interface Section {
  name: string;
  key: Span;
  /** Its lines, as offsets in the document's text. */
  lines: Span;
  /** What it says; null where it takes a parser to tell. */
  member: Member | null;
}

const KEY = /[A-Za-z_][\w./-]{0,200}/.source;
/** Indentation, the dash of an item, a key with its colon; what follows is a value, a comment or nothing. */
const HEAD = new RegExp(`( *)(- +)?(?:(${KEY}):(?=[ \\r\\n]))? *`, 'y');
const LOOSE_KEY = new RegExp(`(${KEY}):(?=[ \\t\\r\\n])`, 'y');
/** Deeper values are left to the parser, which says that they are too deep. */
const MAX_DEPTH = 500;
const SECTION_END = /^(?:[^\s#-]|-(?![ \r\n]))/gm;

/**
 * Reads those sections of a document that are written in YAML so plain that there is only one way to read it:
 * keys of letters, scalars of harmless characters or in quotes on one line, lists, comments, `|` blocks. A
 * parser takes ten times as long, and most values files hold little else. In doubt, a section is left to it.
 *
 * @param text one document, each line with its `\n` or `\r\n`
 * @param base the document's offset in the file
 * @returns the sections in file order, with offsets in the file; null where the text cannot be cut into such
 */
export function readSections(text: string, base: number): Section[] | null {
  return /[\u2028\u2029\ufeff]/.test(text) ? null : new PlainReader(text, base).read();
}

interface Frame {
  indent: number;
  node: MapNode | ListNode;
  /** The last value in it so far. */
  last: Span;
}

class PlainReader {
  readonly #text: string;
  readonly #base: number;
  readonly #sections: Section[] = [];
  /** Open collections of the section under way, outermost first. */
  readonly #frames: Frame[] = [];
  /** The key that was read last, while its value may still follow on the next lines. */
  #pending: Member | null = null;
  #at: number;

  constructor(text: string, base: number) {
    this.#text = text;
    this.#base = base;
    this.#at = /^---[ ]*\r?\n/.exec(text)?.[0].length ?? 0;
  }

  read(): Section[] | null {
    while (this.#at < this.#text.length) {
      const start = this.#at;
      if (!this.#line(start) && !this.#leaveSection(start)) return null;
    }
    this.#closeSection(this.#text.length);
    return this.#sections;
  }

  /** Takes one line, and the lines of a `|` block that starts there; false where it takes a parser. */
  #line(start: number): boolean {
    const text = this.#text;
    const newline = text.indexOf('\n', start);
    this.#at = newline + 1;
    const end = text.charCodeAt(newline - 1) === 13 && newline > start ? newline - 1 : newline;
    HEAD.lastIndex = start;
    const [head, spaces = '', dash = '', name] = HEAD.exec(text) as RegExpExecArray;
    const from = start + head.length;
    const indent = spaces.length;
    const column = indent + dash.length;
    const bare = from >= end || text.charCodeAt(from) === 35;
    if (name === undefined) {
      if (bare) return dash === '';
      const value = dash === '' ? this.#scalar(from, end) : this.#value(from, end, indent);
      if (value === null) return false;
      if (dash === '') return this.#ownLine(indent, value);
      const list = this.#collection(indent, 'list', this.#base + start + indent);
      if (list === null) return false;
      this.#add(list, value);
      return true;
    }
    if (NAME_OF_ANOTHER_TYPE.test(name)) return false;
    const key = this.#span(start + column, name.length);
    const member = this.#member(key);
    if (column === 0) {
      this.#startSection(name, key, member, start);
    } else {
      const map = this.#mapAt(indent, dash, key);
      if (map === null) return false;
      setMember(map.node as MapNode, name, member);
      map.last = member.place;
    }
    this.#pending = member;
    if (bare) return true;
    const value = this.#value(from, end, column);
    if (value === null) return false;
    this.#fill(value);
    return true;
  }

  #span(at: number, length: number): Span {
    return { start: this.#base + at, end: this.#base + at + length };
  }

  #member(key: Span): Member {
    const node: ScalarNode = { kind: 'scalar', value: null, style: 'plain', start: key.end, end: key.end };
    return { key, place: node, node };
  }

  /** The mapping that a key belongs to, with or without the dash of an item before it. */
  #mapAt(indent: number, dash: string, key: Span): Frame | null {
    if (dash === '') return this.#collection(indent, 'map', key.start);
    const list = this.#collection(indent, 'list', key.start - dash.length);
    if (list === null) return null;
    const node = newMap(key.start);
    this.#add(list, node);
    return this.#push(indent + dash.length, node);
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
    const node: MapNode | ListNode =
      kind === 'map' ? newMap(start) : { kind: 'list', start, end: start, items: [] };
    this.#fill(node);
    return this.#push(indent, node);
  }

  /** Takes a value on the line below its key, if nothing can follow it there. */
  #ownLine(indent: number, value: Node): boolean {
    const open = value.kind === 'scalar' && value.style === 'plain';
    if (open || this.#pending === null || indent <= (this.#frames.at(-1)?.indent ?? 0)) return false;
    this.#fill(value);
    return true;
  }

  /** Gives the last key its value. */
  #fill(node: Node): void {
    const member = this.#pending as Member;
    member.node = node;
    member.place = node;
    const top = this.#frames.at(-1);
    if (top !== undefined) top.last = node;
    this.#pending = null;
  }

  #add(list: Frame, value: Node): void {
    (list.node as ListNode).items.push(value);
    list.last = value;
    this.#pending = null;
  }

  #push(indent: number, node: MapNode | ListNode): Frame | null {
    if (this.#frames.length >= MAX_DEPTH) return null;
    const frame = { indent, node, last: node };
    this.#frames.push(frame);
    return frame;
  }

  #pop(): void {
    const frame = this.#frames.pop();
    if (frame !== undefined) frame.node.end = frame.last.end;
    this.#pending = null;
  }

  /** What stands behind a key or a dash in column `parent`; null where it takes a parser. */
  #value(from: number, end: number, parent: number): Node | null {
    const isBlock = this.#text.charCodeAt(from) === 124;
    if (!isBlock) return this.#scalar(from, end);
    const block = readBlock(this.#text, { start: from, end }, parent, this.#base);
    if (block === null) return null;
    this.#at = block.next;
    return block.node;
  }

  #scalar(from: number, end: number): Node | null {
    return readLineValue(this.#text.slice(from, end), this.#base + from);
  }

  #startSection(name: string, key: Span, member: Member | null, start: number): void {
    this.#closeSection(start);
    this.#sections.push({ name, key, lines: { start, end: start }, member });
  }

  #closeSection(end: number): void {
    while (this.#frames.length > 0) this.#pop();
    const section = this.#sections.at(-1);
    if (section !== undefined) section.lines.end = end;
  }

  /** At a line that takes a parser: leaves its whole section to it, and goes on behind; false where it is in none. */
  #leaveSection(start: number): boolean {
    LOOSE_KEY.lastIndex = start;
    const name = LOOSE_KEY.exec(this.#text)?.[1];
    if (name === undefined) {
      if (!/^(?:[ \t]|-[ \r\n])/.test(this.#text.slice(start, start + 2))) return false;
    } else if (this.#sections.at(-1)?.lines.start !== start) {
      if (NAME_OF_ANOTHER_TYPE.test(name)) return false;
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
