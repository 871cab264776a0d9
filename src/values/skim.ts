import type { Span } from './node.ts';

/** A key whose value need not be parsed: it is evidently fine, and nobody asks for it. */
export interface SkippedKey {
  /** The mapping it stands in. */
  parent: readonly string[];
  name: string;
  key: Span;
  /** Its lines, from the start of the key's line to the start of the next line that is not part of it. */
  lines: Span;
  /** Where the last value in it ends. */
  end: number;
}

/** A key that is parsed, for checking that the parser saw it where the skimmer did. */
export interface KeptKey {
  path: readonly string[];
  start: number;
}

export interface Skimmed {
  skipped: readonly SkippedKey[];
  kept: readonly KeptKey[];
}

const KEY = /[A-Za-z_][\w./-]{0,200}/.source;
// Plain scalars of harmless characters that start with a letter, a digit or `/`: a string, a word, or a number,
// but never infinity; quoted ones on one line without an escape; `{}` and lists of such on one line.
const PLAIN =
  /(?:[A-Za-z0-9_/]|-\d)[\w./+=~@$%*()<>^;|&-]*(?:(?::(?=[\w/])| (?=[\w./+=~@$%*()<>^;|-]))[\w./+=~@$%*()<>^;|&-]*)*/
    .source;
const QUOTED = /"[^"\\\n\r]*"|'[^'\n\r]*'/.source;
const ITEM = `(?:${QUOTED}|[A-Za-z0-9_][\\w./-]*)`;
const VALUE = `${QUOTED}|\\{\\}|\\[(?:${ITEM}(?:, *${ITEM})*)?\\]|${PLAIN}`;
const LINE = new RegExp(
  `( *)(?:(?:(- +)?(?:(${KEY}):(?: +(?:(${VALUE})|([|>][-+]?)))?|(${VALUE}))(?: *| +#[^\\n]*)|#[^\\n]*))?\\r?(?:\\n|$)`,
  'y',
);
/** Words that Helm reads as something else than a string. */
const WORD = /^(?:y|n|yes|no|true|false|on|off|null)$/i;
const LOOSE_KEY = new RegExp(`(${KEY}):(?=\\s)`, 'y');
const MAX_LINE = 1 << 20;

/**
 * Finds keys that a parser need not see: in block YAML so plain that go-yaml is sure to read it (keys of
 * letters, scalars of harmless characters, lists, comments, `|` blocks), and beside the way to every path asked
 * for. In doubt, a section stays whole.
 *
 * @param text one document
 * @param paths what will be asked for
 * @returns the keys skipped, in file order; null where nothing can be skipped
 */
export function skim(text: string, paths: readonly (readonly string[])[]): Skimmed | null {
  if (paths.some((path) => path.length === 0) || /[\u2028\u2029]/.test(text)) return null;
  return new Skimmer(text, paths).run();
}

interface Frame {
  indent: number;
  list: boolean;
}

class Skimmer {
  readonly #text: string;
  readonly #paths: readonly (readonly string[])[];
  #at = 0;
  #lineStart = 0;
  #section: { name: string; start: number } | null = null;
  /** Open collections, outermost first. */
  #frames: Frame[] = [];
  /** The last key had no value on its line, so a collection may follow. */
  #open = true;
  /** Keys from the top towards a wanted path. */
  #way: { indent: number; name: string }[] = [];
  /** The innermost key that is skipped or kept as a whole. */
  #block: { indent: number; skipped: SkippedKey | null } | null = null;
  #skipped: SkippedKey[] = [];
  #kept: KeptKey[] = [];
  /** How much of the two lists stood before the section under way. */
  #mark = { skipped: 0, kept: 0 };

  constructor(text: string, paths: readonly (readonly string[])[]) {
    this.#text = text;
    this.#paths = paths;
  }

  run(): Skimmed | null {
    while (this.#at < this.#text.length) {
      if (this.#line()) continue;
      if (!this.#leaveSection()) return null;
    }
    this.#close(this.#text.length);
    const twice = new Set(this.#kept.map(({ path }) => path.join('\0'))).size < this.#kept.length;
    return twice || this.#skipped.length === 0 ? null : { skipped: this.#skipped, kept: this.#kept };
  }

  /** Takes one line; false where it is not evidently fine. */
  #line(): boolean {
    const start = this.#at;
    this.#lineStart = start;
    LINE.lastIndex = start;
    const match = LINE.exec(this.#text);
    if (match === null || match[0].length > MAX_LINE) return false;
    const [line, spaces = '', dash = '', name, value, block, item] = match;
    this.#at = start + line.length;
    if (name === undefined && item === undefined) return true;
    const indent = spaces.length;
    if (dash !== '' && !this.#enter(indent, true)) return false;
    const at = start + indent + dash.length;
    if (name === undefined) {
      if (dash === '' && !(this.#open && indent > (this.#frames.at(-1)?.indent ?? indent))) return false;
      this.#end(at + (item as string).length);
      this.#open = false;
      return this.#block !== null;
    }
    if (WORD.test(name)) return false;
    this.#open ||= dash !== '';
    if (!this.#enter(indent + dash.length, false)) return false;
    if (!this.#key(start, indent, at, name, dash !== '')) return false;
    this.#open = value === undefined && block === undefined;
    const end =
      value === undefined ? at + name.length : this.#text.indexOf(value, at + name.length + 1) + value.length;
    this.#end(end);
    return block === undefined || this.#blockScalar(indent + dash.length);
  }

  /** Finds the open collection that an item or a key in this column belongs to, or opens one. */
  #enter(indent: number, list: boolean): boolean {
    const frames = this.#frames;
    while (frames.length > 0 && (frames.at(-1) as Frame).indent > indent) frames.pop();
    if (!list && frames.at(-1)?.indent === indent && frames.at(-1)?.list === true) frames.pop();
    const top = frames.at(-1);
    if (top !== undefined && top.indent === indent && top.list === list) return true;
    if (!this.#open || (top === undefined && (list || indent > 0))) return false;
    if (top !== undefined && top.indent === indent && !(list && !top.list)) return false;
    frames.push({ indent, list });
    return true;
  }

  #key(lineStart: number, indent: number, at: number, name: string, item: boolean): boolean {
    if (this.#block !== null && (item ? indent >= this.#block.indent : indent > this.#block.indent))
      return true;
    if (item) return false;
    this.#close(lineStart);
    while (this.#way.length > 0 && (this.#way.at(-1)?.indent ?? 0) >= indent) this.#way.pop();
    if (indent === 0) this.#startSection(name, at);
    const parent = this.#way.map((key) => key.name);
    const path = [...parent, name];
    const wanted = this.#paths.filter((other) =>
      other.every((key, i) => i >= path.length || key === path[i]),
    );
    if (wanted.length === 0) {
      const key = { start: at, end: at + name.length };
      const skipped = { parent, name, key, lines: { start: lineStart, end: lineStart }, end: key.end };
      this.#skipped.push(skipped);
      this.#block = { indent, skipped };
      return true;
    }
    this.#kept.push({ path, start: at });
    if (wanted.some((other) => other.length <= path.length)) this.#block = { indent, skipped: null };
    else this.#way.push({ indent, name });
    return true;
  }

  #close(lineStart: number): void {
    const skipped = this.#block?.skipped;
    if (skipped) skipped.lines.end = lineStart;
    this.#block = null;
  }

  #end(offset: number): void {
    const skipped = this.#block?.skipped;
    if (skipped) skipped.end = offset;
  }

  /** Takes the lines of a `|` or `>` block under a key in this column. */
  #blockScalar(parent: number): boolean {
    const body = /( *)([^\n]*)(?:\n|$)/y;
    let indent = 0;
    while (this.#at < this.#text.length) {
      body.lastIndex = this.#at;
      const match = body.exec(this.#text) as RegExpExecArray;
      const blank = match[2] === '' || match[2] === '\r';
      const spaces = match[1]?.length ?? 0;
      if (indent === 0) {
        if (blank || spaces <= parent || match[2]?.startsWith('\t') === true) return false;
        indent = spaces;
      }
      if (!blank && spaces < indent) return spaces <= parent;
      if (!blank) this.#end(this.#at + match[0].trimEnd().length);
      this.#at += match[0].length;
    }
    return indent > 0;
  }

  /** After a doubtful line: keeps its section whole and goes on at the next; false where there is no telling. */
  #leaveSection(): boolean {
    const start = this.#lineStart;
    if (/[^\s#]/.test(this.#text.charAt(start))) {
      LOOSE_KEY.lastIndex = start;
      const name = LOOSE_KEY.exec(this.#text)?.[1];
      if (name === undefined || WORD.test(name)) return false;
      if (this.#section?.start !== start) {
        this.#close(start);
        this.#startSection(name, start);
      }
    }
    if (this.#section === null) return false;
    this.#skipped.length = this.#mark.skipped;
    this.#kept.length = this.#mark.kept;
    this.#kept.push({ path: [this.#section.name], start: this.#section.start });
    this.#block = null;
    this.#way = [];
    this.#frames = [{ indent: 0, list: false }];
    this.#open = false;
    const next = /^[^\s#]/gm;
    next.lastIndex = start + 1;
    this.#at = next.exec(this.#text)?.index ?? this.#text.length;
    return true;
  }

  #startSection(name: string, start: number): void {
    this.#section = { name, start };
    this.#mark = { skipped: this.#skipped.length, kept: this.#kept.length };
  }
}
