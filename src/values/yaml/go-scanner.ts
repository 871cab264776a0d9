import { MAX_DEPTH } from './error.ts';

/** A kind of token, named as in go-yaml. */
export type TokenType =
  | 'stream-end'
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'flow-entry'
  | 'block-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  type: TokenType;
  start: number;
  end: number;
}

/** What go-yaml finds wrong, named by its cause. */
export type GoErrorKind =
  | 'anchor'
  | 'block-header'
  | 'character'
  | 'colon'
  | 'depth'
  | 'directive'
  | 'document-start'
  | 'end-mark'
  | 'escape'
  | 'flow-comma'
  | 'flow-key'
  | 'indentation'
  | 'list-on-key-line'
  | 'node'
  | 'quote'
  | 'second-colon'
  | 'slash'
  | 'surrogate'
  | 'tab'
  | 'tag'
  | 'tag-handle'
  | 'text-after-value';

/** Where and why go-yaml refuses a file. */
export class GoYamlError extends Error {
  readonly kind: GoErrorKind;
  readonly start: number;
  readonly end: number;
  /** What to change before that, so that `yaml` reads it as go-yaml does. */
  edits: readonly TextEdit[] = [];

  constructor(kind: GoErrorKind, start: number, end = start + 1) {
    super(kind);
    this.kind = kind;
    this.start = start;
    this.end = end;
  }
}

/** A change to the text: so many characters at an offset are replaced. */
export interface TextEdit {
  at: number;
  remove: number;
  insert: string;
}

interface SimpleKey {
  possible: boolean;
  required: boolean;
  token: number;
  at: number;
  column: number;
  line: number;
}

/** How far the colon of a key may be from its start. */
const MAX_KEY = 1024;
/** The most spaces put before a line, so that the text cannot grow too much. */
const MAX_INSERT = 200;

const BREAK = '\\r\\n\\u2028\\u2029';
const BREAKS = '\r\n\u2028\u2029';
/** The end of the text, which is an empty string here, counts too. */
const BLANKZ = ` \t${BREAKS}`;
const END = `(?=[ \\t${BREAK}]|$)`;
const URI = `(?:[\\w\\-;/?:@&=+$,.!~*'()[\\]]|%[0-9a-fA-F]{2})`;
const BLANKS = /[ \t]*/y;
const SPACES = / */y;
const REST_OF_LINE = new RegExp(`[^${BREAK}]*`, 'y');
const PLAIN = new RegExp(`[^ \\t${BREAK}:]+`, 'y');
const PLAIN_IN_FLOW = new RegExp(`[^ \\t${BREAK}:,?[\\]{}]+`, 'y');
const SINGLE_QUOTED = new RegExp(`[^' \\t${BREAK}]+`, 'y');
const DOUBLE_QUOTED = new RegExp(`[^"\\\\ \\t${BREAK}]+`, 'y');
const MARKER = new RegExp(`(?:---|\\.\\.\\.)${END}`, 'y');
const NAME = /[\w-]+/y;
const AFTER_NAME = new RegExp(`[ \\t${BREAK}?:,\\]}%@\`]|$`, 'y');
const TAG = new RegExp(`!(?:<${URI}+>|[\\w-]*!${URI}+|(?![\\w-]*!)${URI}*)${END}`, 'y');
const DIRECTIVE = new RegExp(
  `%(?:YAML[ \\t]+\\d{1,2}\\.\\d{1,2}|TAG[ \\t]+!(?:[\\w-]*!)?[ \\t]+${URI}+)[ \\t]*(?:(?<=[ \\t])#[^${BREAK}]*)?(?=[${BREAK}]|$)`,
  'y',
);
const BLOCK_HEADER = new RegExp(
  `[|>](?:[-+]([1-9])?|([1-9])[-+]?)?[ \\t]*(?:#[^${BREAK}]*)?(?=[${BREAK}]|$)`,
  'y',
);
const ESCAPE =
  /\\(?:[0abt\tnvfre "\\N_LP]|x[0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|U00(?:0(?!0[dD][89a-fA-F])[0-9a-fA-F]|10)[0-9a-fA-F]{4})/y;
const ESCAPED_BREAK = /\\\r?\n((?:[ \t]*\r?\n)+)/y;
const SURROGATE = /\\(?:u|U0000)[dD][89a-fA-F][0-9a-fA-F]{0,2}/y;
/** The handle of a tag that has a suffix of its own. */
const HANDLE = /^!(?!<)[\w-]*!?/;

/**
 * The tokens of a file, as go-yaml v2 makes them (its `scannerc.go`): only as far as they are asked for, since it reads
 * nothing after the first document. Scalars are not evaluated.
 */
export class GoScanner {
  /** What to change so that `yaml` reads the text as go-yaml does. */
  readonly edits: TextEdit[] = [];
  readonly #text: string;
  /** Whether the text holds a byte-order mark. */
  readonly #hasMark: boolean;
  readonly #tokens: Token[] = [];
  /** How many tokens were taken. */
  #taken = 0;
  #next: Token | null = null;
  #at = 0;
  #lineStart = 0;
  #line = 0;
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #simpleKeyAllowed = true;
  readonly #simpleKeys: SimpleKey[] = [noKey(0)];
  readonly #simpleKeysByToken = new Map<number, SimpleKey>();

  /** @param text with no other line breaks than `\n`, `\r\n`, U+2028 and U+2029 */
  constructor(text: string) {
    this.#text = text;
    this.#hasMark = text.includes('\ufeff');
  }

  /**
   * The next token, which stays the next one.
   * @throws {GoYamlError}
   */
  peek(): Token {
    while (this.#next === null) {
      const token = this.#tokens[this.#taken];
      const key = this.#simpleKeysByToken.get(this.#taken);
      // A token that may start a key waits until its colon is found or can no longer follow.
      if (token !== undefined && (key === undefined || !this.#isValid(key))) this.#next = token;
      else this.#fetch();
    }
    return this.#next;
  }

  /** Takes the next token. */
  skip(): void {
    this.#taken += 1;
    this.#next = null;
  }

  /** Whether nothing but white space is before a token on its line. */
  isFirstOnLine({ start }: Token): boolean {
    return /(?:^|[\n\u2028\u2029])[ \t]*$/.test(this.#text.slice(Math.max(0, start - MAX_KEY), start));
  }

  /** The text of a token. */
  textOf({ start, end }: Token): string {
    return this.#text.slice(start, end);
  }

  get #column(): number {
    return this.#at - this.#lineStart;
  }

  #char(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead);
  }

  #isBlankz(ahead = 0): boolean {
    return BLANKZ.includes(this.#char(ahead));
  }

  #isBlank(): boolean {
    return this.#char() === ' ' || this.#char() === '\t';
  }

  #isBreak(): boolean {
    return !this.#isEnd() && BREAKS.includes(this.#char());
  }

  #isEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #eat(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #isMarker(): boolean {
    return this.#column === 0 && this.#match(MARKER) !== null;
  }

  #edit(at: number, remove: number, insert: string): void {
    this.edits.push({ at, remove, insert });
  }

  #newLine(): void {
    if (this.#char() > '\r') this.#edit(this.#at, 1, '\n');
    this.#at += this.#char() === '\r' && this.#char(1) === '\n' ? 2 : 1;
    this.#lineStart = this.#at;
    this.#line += 1;
  }

  /** A line break inside a quoted scalar or flow collection: `yaml` needs the next line indented, go-yaml does not. */
  #continue(): void {
    this.#newLine();
    const spaces = this.#match(SPACES)?.[0].length ?? 0;
    const missing = this.#indent + 1 - spaces;
    if (missing <= 0 || missing > MAX_INSERT) return;
    const next = this.#char(spaces);
    if (next === '' || next === '\n' || next === '\r' || (spaces === 0 && this.#isMarker())) return;
    this.#edit(this.#at, 0, ' '.repeat(missing));
  }

  #push(type: TokenType, start: number): void {
    this.#tokens.push({ type, start, end: this.#at });
  }

  #insert(type: TokenType, at: number, index: number): void {
    this.#tokens.splice(index < this.#taken ? this.#tokens.length : index, 0, { type, start: at, end: at });
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.#line && key.at + MAX_KEY >= this.#at) return true;
    if (key.required) throw new GoYamlError('colon', key.at, this.#at);
    key.possible = false;
    return false;
  }

  #saveSimpleKey(): void {
    if (!this.#simpleKeyAllowed) return;
    this.#removeSimpleKey();
    const key = {
      possible: true,
      required: this.#flowLevel === 0 && this.#indent === this.#column,
      token: this.#tokens.length,
      at: this.#at,
      column: this.#column,
      line: this.#line,
    };
    this.#simpleKeys[this.#simpleKeys.length - 1] = key;
    this.#simpleKeysByToken.set(key.token, key);
  }

  #removeSimpleKey(): void {
    const key = this.#simpleKeys.at(-1) as SimpleKey;
    if (!key.possible) return;
    if (key.required) throw new GoYamlError('colon', key.at, this.#at);
    key.possible = false;
    this.#simpleKeysByToken.delete(key.token);
  }

  #rollIndent(column: number, type: TokenType, at: number, index = this.#tokens.length): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH) throw new GoYamlError('depth', at);
    this.#insert(type, at, index);
  }

  #unrollIndent(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push('block-end', this.#at);
      this.#indent = this.#indents.pop() as number;
    }
  }

  #fetch(): void {
    this.#toNextToken();
    this.#unrollIndent(this.#column);
    const char = this.#char();
    if (this.#isEnd()) this.#fetchStreamEnd();
    else if (this.#column === 0 && char === '%') this.#fetchDirective();
    else if (this.#isMarker()) this.#fetchMarker(char === '-' ? 'document-start' : 'document-end');
    else if (this.#flowLevel === 0 && (char === '|' || char === '>')) this.#fetchBlockScalar();
    else if (this.#isIndicator(char)) this.#fetchIndicator(char);
    else if (char === '\t') throw new GoYamlError('tab', this.#at);
    else if (/[|>#%@`]/.test(char)) throw new GoYamlError('character', this.#at);
    else this.#fetchPlain();
  }

  #isIndicator(char: string): boolean {
    if (char === '-') return this.#isBlankz(1);
    if (char === '?' || char === ':') return this.#flowLevel > 0 || this.#isBlankz(1);
    return '[]{},*&!"\''.includes(char);
  }

  #fetchIndicator(char: string): void {
    switch (char) {
      case '[':
      case '{':
        this.#fetchFlowStart(char);
        break;
      case ']':
      case '}':
        this.#fetchFlowEnd(char);
        break;
      case ',':
        this.#fetchFlowEntry();
        break;
      case '-':
        this.#fetchBlockEntry();
        break;
      case '?':
        this.#fetchKey();
        break;
      case ':':
        this.#fetchValue();
        break;
      case "'":
      case '"':
        this.#fetchQuoted(char);
        break;
      default:
        this.#fetchProperty(char);
    }
  }

  #toNextToken(): void {
    for (;;) {
      this.#eat(this.#flowLevel > 0 || !this.#simpleKeyAllowed ? BLANKS : SPACES);
      if (this.#char() === '#') this.#eat(REST_OF_LINE);
      if (!this.#isBreak()) return;
      if (this.#flowLevel > 0) this.#continue();
      else {
        this.#newLine();
        this.#simpleKeyAllowed = true;
      }
    }
  }

  #fetchCharacter(type: TokenType): void {
    this.#at += 1;
    this.#push(type, this.#at - 1);
  }

  #fetchStreamEnd(): void {
    this.#unrollIndent(-1);
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = false;
    this.#push('stream-end', this.#at);
  }

  #fetchDirective(): void {
    this.#unrollIndent(-1);
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = false;
    const start = this.#at;
    const isKnown = this.#eat(DIRECTIVE);
    if (!isKnown) {
      this.#eat(REST_OF_LINE);
      throw new GoYamlError('directive', start, this.#at);
    }
    this.#push('directive', start);
    if (!this.#isEnd()) this.#newLine();
  }

  #fetchMarker(type: TokenType): void {
    this.#unrollIndent(-1);
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = false;
    this.#at += 3;
    this.#push(type, this.#at - 3);
  }

  #fetchFlowStart(bracket: '[' | '{'): void {
    this.#saveSimpleKey();
    this.#simpleKeys.push(noKey(this.#tokens.length));
    this.#flowLevel += 1;
    if (this.#flowLevel > MAX_DEPTH) throw new GoYamlError('depth', this.#at);
    this.#simpleKeyAllowed = true;
    this.#fetchCharacter(bracket === '[' ? 'flow-sequence-start' : 'flow-mapping-start');
  }

  #fetchFlowEnd(bracket: ']' | '}'): void {
    this.#removeSimpleKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel -= 1;
      const key = this.#simpleKeys.pop() as SimpleKey;
      this.#simpleKeysByToken.delete(key.token);
    }
    this.#simpleKeyAllowed = false;
    this.#fetchCharacter(bracket === ']' ? 'flow-sequence-end' : 'flow-mapping-end');
  }

  #fetchFlowEntry(): void {
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = true;
    this.#fetchCharacter('flow-entry');
  }

  #fetchBlockEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) throw new GoYamlError('list-on-key-line', this.#at);
      this.#rollIndent(this.#column, 'block-sequence-start', this.#at);
    }
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = true;
    this.#fetchCharacter('block-entry');
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) throw new GoYamlError('second-colon', this.#at);
      this.#rollIndent(this.#column, 'block-mapping-start', this.#at);
    }
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = this.#flowLevel === 0;
    this.#fetchCharacter('key');
  }

  #fetchValue(): void {
    const key = this.#simpleKeys.at(-1) as SimpleKey;
    if (this.#isValid(key)) {
      this.#insert('key', key.at, key.token);
      this.#rollIndent(key.column, 'block-mapping-start', key.at, key.token);
      key.possible = false;
      this.#simpleKeysByToken.delete(key.token);
      this.#simpleKeyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#simpleKeyAllowed) throw new GoYamlError('second-colon', this.#at);
        this.#rollIndent(this.#column, 'block-mapping-start', this.#at);
      }
      this.#simpleKeyAllowed = this.#flowLevel === 0;
    }
    this.#fetchCharacter('value');
  }

  /** An anchor, an alias or a tag. */
  #fetchProperty(char: string): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const start = this.#at;
    if (char === '!') {
      if (!this.#eat(TAG)) throw new GoYamlError('tag', start);
      this.#replaceOddTag(start);
    } else {
      this.#at += 1;
      if (!this.#eat(NAME) || this.#match(AFTER_NAME) === null)
        throw new GoYamlError('anchor', start, this.#at);
      if (/[?:%@`]/.test(this.#char())) this.#edit(this.#at, 0, ' ');
    }
    this.#push(char === '!' ? 'tag' : char === '&' ? 'anchor' : 'alias', start);
  }

  /** A tag that `yaml` does not read as go-yaml does: Helm ignores it, so another unknown one replaces it. */
  #replaceOddTag(start: number): void {
    const tag = this.#text.slice(start, this.#at);
    const suffix = tag.replace(HANDLE, '');
    if (suffix.length < tag.length && /[![\],]/.test(suffix))
      this.#edit(start, tag.length, `!${'x'.repeat(tag.length - 1)}`);
  }

  #fetchPlain(): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const start = this.#at;
    const indent = this.#indent + 1;
    const run = this.#flowLevel > 0 ? PLAIN_IN_FLOW : PLAIN;
    let isNewLine = false;
    for (;;) {
      if (this.#isMarker() || this.#char() === '#') break;
      for (;;) {
        const isColon = this.#char() === ':' && !this.#isBlankz(1);
        if (isColon) this.#at += 1;
        else if (!this.#eat(run)) break;
        isNewLine = false;
      }
      if (!this.#isBlank() && !this.#isBreak()) break;
      for (;;) {
        if (this.#isBlank()) {
          if (isNewLine) this.#eat(SPACES);
          if (isNewLine && this.#column < indent && this.#char() === '\t')
            throw new GoYamlError('tab', this.#at);
          this.#eat(BLANKS);
        } else if (this.#isBreak()) {
          if (this.#flowLevel > 0) this.#continue();
          else this.#newLine();
          isNewLine = true;
        } else break;
      }
      if (this.#flowLevel === 0 && this.#column < indent) break;
    }
    if (isNewLine) this.#simpleKeyAllowed = true;
    this.#quoteOddScalar(start);
    this.#push('scalar', start);
  }

  /** go-yaml reads `{a:}` as the key `a:`, takes `{-}`, and keeps a byte-order mark; all of them are strings. */
  #quoteOddScalar(start: number): void {
    if (this.#flowLevel === 0 && !this.#hasMark) return;
    const text = this.#text.slice(start, this.#at);
    const isOdd = text.includes('\ufeff') || (this.#flowLevel > 0 && /^-$|:$/.test(text));
    if (!isOdd || /['\n]/.test(text)) return;
    let { length } = text;
    while (text.charAt(length - 1) === ' ' || text.charAt(length - 1) === '\t') length -= 1;
    this.#edit(start, 0, "'");
    this.#edit(start + length, 0, "'");
  }

  #fetchQuoted(quote: string): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const start = this.#at;
    const run = quote === "'" ? SINGLE_QUOTED : DOUBLE_QUOTED;
    this.#at += 1;
    while (this.#char() !== quote || (quote === "'" && this.#char(1) === "'")) {
      if (this.#isEnd() || this.#isMarker()) throw new GoYamlError('quote', start);
      if (this.#eat(run)) continue;
      if (this.#isBlank()) this.#eat(BLANKS);
      else if (this.#isBreak()) this.#continue();
      else if (this.#char() === "'") this.#at += 2;
      else this.#escape();
    }
    this.#at += 1;
    this.#push('scalar', start);
  }

  #escape(): void {
    const next = this.#char(1);
    if (next === '\n' || next === '\r' || next === '\u2028' || next === '\u2029') {
      this.#keepBlankLines();
      this.#at += 1;
      this.#continue();
    } else if (next === "'") {
      this.#edit(this.#at, 1, '');
      this.#at += 2;
    } else if (!this.#eat(ESCAPE)) {
      const surrogate = this.#match(SURROGATE);
      if (surrogate !== null) throw new GoYamlError('surrogate', this.#at, this.#at + surrogate[0].length);
      throw new GoYamlError(next === '/' ? 'slash' : 'escape', this.#at, this.#at + 2);
    }
  }

  /** go-yaml keeps the blank lines after an escaped line break, `yaml` does not: each becomes an escape before it. */
  #keepBlankLines(): void {
    const match = this.#match(ESCAPED_BREAK);
    if (match === null) return;
    const [all, blank = ''] = match;
    this.#edit(this.#at, 0, '\\n'.repeat(blank.split('\n').length - 1));
    this.#edit(this.#at + all.length - blank.length, blank.length, '');
  }

  #fetchBlockScalar(): void {
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = true;
    const start = this.#at;
    const header = this.#match(BLOCK_HEADER);
    if (header === null) throw new GoYamlError('block-header', start);
    if (this.#column <= this.#indent) this.#edit(start, 0, ' '.repeat(this.#indent - this.#column + 1));
    this.#at += header[0].length;
    if (this.#isBreak()) this.#newLine();
    const increment = Number(header[1] ?? header[2] ?? 0);
    let indent = increment > 0 ? Math.max(this.#indent, 0) + increment : 0;
    for (;;) {
      indent = this.#blockBreaks(indent);
      if (this.#column !== indent || this.#isEnd()) break;
      this.#eat(REST_OF_LINE);
      if (this.#isBreak()) this.#newLine();
    }
    this.#push('scalar', start);
  }

  /** Skips indentation and blank lines in a block scalar, and returns its indentation, found where it was not given. */
  #blockBreaks(indent: number): number {
    let deepest = 0;
    for (;;) {
      const spaces = this.#match(SPACES)?.[0].length ?? 0;
      this.#at += indent === 0 ? spaces : Math.max(0, Math.min(spaces, indent - this.#column));
      deepest = Math.max(deepest, this.#column);
      if ((indent === 0 || this.#column < indent) && this.#char() === '\t')
        throw new GoYamlError('tab', this.#at);
      if (!this.#isBreak()) break;
      this.#newLine();
    }
    return indent > 0 ? indent : Math.max(deepest, this.#indent + 1, 1);
  }
}

function noKey(token: number): SimpleKey {
  return { possible: false, required: false, token, at: 0, column: 0, line: 0 };
}
