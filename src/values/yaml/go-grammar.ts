import {
  type GoErrorKind,
  GoScanner,
  GoYamlError,
  type TextEdit,
  type Token,
  type TokenType,
} from './go-scanner.ts';

/** What go-yaml reads of a file. */
export interface Extent {
  /** Where its first document ends: what follows is not read. */
  end: number;
  /** What to change before that, so that `yaml` reads it as go-yaml does. */
  edits: readonly TextEdit[];
}

/**
 * Finds how far go-yaml v2 reads a file, which is as far as its first document goes, and whether it refuses it (the
 * grammar of its `parserc.go`, as states on a stack, so that no depth overflows).
 *
 * @param text with no other line breaks than `\n`, `\r\n`, U+2028 and U+2029
 * @throws {GoYamlError}
 */
export function extentOf(text: string): Extent {
  return new Grammar(new GoScanner(text)).read();
}

const EMPTY_DOCUMENT: readonly TokenType[] = ['directive', 'document-start', 'document-end', 'stream-end'];
const AFTER_ENTRY: readonly TokenType[] = ['block-entry', 'block-end'];
const AFTER_INDENTLESS_ENTRY: readonly TokenType[] = ['block-entry', 'key', 'value', 'block-end'];
const AFTER_FLOW_KEY: readonly TokenType[] = ['value', 'flow-entry', 'flow-sequence-end', 'flow-mapping-end'];
const AFTER_KEY: readonly TokenType[] = ['key', 'value', 'block-end'];

class Grammar {
  readonly #scanner: GoScanner;
  readonly #states: (() => void)[] = [];
  readonly #handles = new Set(['!', '!!']);

  constructor(scanner: GoScanner) {
    this.#scanner = scanner;
  }

  read(): Extent {
    const { edits } = this.#scanner;
    try {
      this.#document();
      for (let state = this.#states.pop(); state !== undefined; state = this.#states.pop()) state();
      const end = this.#scanner.peek().start;
      return { end, edits: edits.filter(({ at }) => at < end) };
    } catch (error) {
      if (error instanceof GoYamlError) error.edits = edits;
      throw error;
    }
  }

  #peek(): Token {
    return this.#scanner.peek();
  }

  #type(): TokenType {
    return this.#scanner.peek().type;
  }

  #skip(): void {
    this.#scanner.skip();
  }

  #fail(kind: GoErrorKind): never {
    const { start, end } = this.#peek();
    throw new GoYamlError(kind, start, Math.max(end, start + 1));
  }

  #failInBlock(): never {
    this.#fail(this.#scanner.isFirstOnLine(this.#peek()) ? 'indentation' : 'text-after-value');
  }

  #document(): void {
    const { type } = this.#peek();
    if (type === 'directive' || type === 'document-start') {
      this.#directives();
      if (this.#type() !== 'document-start') this.#fail('document-start');
      this.#skip();
      if (!EMPTY_DOCUMENT.includes(this.#type())) this.#node(true, false);
    } else if (type !== 'stream-end') this.#node(true, false);
  }

  #directives(): void {
    const declared = new Set<string>();
    for (; this.#type() === 'directive'; this.#skip()) {
      const [name, argument = ''] = this.#scanner.textOf(this.#peek()).split(/[ \t]+/);
      const what = name === '%YAML' ? name : argument;
      if (declared.has(what) || (name === '%YAML' && !/^0?1\.0?1$/.test(argument))) this.#fail('directive');
      declared.add(what);
      this.#handles.add(what);
    }
  }

  #node(inBlock: boolean, mayBeIndentless: boolean): void {
    if (this.#type() === 'alias') {
      this.#skip();
      return;
    }
    const hasProperties = this.#properties();
    const type = this.#type();
    if (mayBeIndentless && type === 'block-entry') this.#indentlessEntry();
    else if (type === 'scalar') this.#skip();
    else if (type === 'flow-sequence-start') this.#open(() => this.#flowSequenceEntry(true));
    else if (type === 'flow-mapping-start') this.#open(() => this.#flowMappingKey(true));
    else if (inBlock && type === 'block-sequence-start') this.#open(() => this.#blockEntry());
    else if (inBlock && type === 'block-mapping-start') this.#open(() => this.#blockKey());
    else if (!hasProperties) this.#fail(type === 'document-end' ? 'end-mark' : 'node');
  }

  /** An anchor and a tag, in any order. */
  #properties(): boolean {
    const [first, second]: TokenType[] = this.#type() === 'anchor' ? ['anchor', 'tag'] : ['tag', 'anchor'];
    if (this.#type() !== first) return false;
    this.#property();
    if (this.#type() === second) this.#property();
    return true;
  }

  #property(): void {
    const token = this.#peek();
    if (token.type === 'tag') {
      const handle = /^!(?!<)[\w-]*!/.exec(this.#scanner.textOf(token))?.[0] ?? '!';
      if (!this.#handles.has(handle)) this.#fail('tag-handle');
    }
    this.#skip();
  }

  #open(state: () => void): void {
    this.#skip();
    this.#states.push(state);
  }

  /** A node that other states follow, or nothing where one of these tokens comes next. */
  #nodeUnless(
    types: readonly TokenType[],
    inBlock: boolean,
    mayBeIndentless: boolean,
    then: () => void,
  ): void {
    this.#states.push(then);
    if (!types.includes(this.#type())) this.#node(inBlock, mayBeIndentless);
  }

  #blockEntry(): void {
    const type = this.#type();
    if (type !== 'block-entry' && type !== 'block-end') this.#failInBlock();
    this.#skip();
    if (type === 'block-entry') this.#nodeUnless(AFTER_ENTRY, true, false, () => this.#blockEntry());
  }

  #indentlessEntry(): void {
    if (this.#type() !== 'block-entry') return;
    this.#skip();
    this.#nodeUnless(AFTER_INDENTLESS_ENTRY, true, false, () => this.#indentlessEntry());
  }

  #blockKey(): void {
    const type = this.#type();
    if (type !== 'key' && type !== 'block-end') this.#failInBlock();
    this.#skip();
    if (type === 'key') this.#nodeUnless(AFTER_KEY, true, true, () => this.#blockValue());
  }

  #blockValue(): void {
    if (this.#type() === 'value') {
      this.#skip();
      this.#nodeUnless(AFTER_KEY, true, true, () => this.#blockKey());
    } else this.#blockKey();
  }

  #flowSequenceEntry(isFirst: boolean): void {
    if (this.#isFlowEnd('flow-sequence-end', isFirst)) return;
    this.#states.push(() => this.#flowSequenceEntry(false));
    if (this.#type() === 'key') {
      this.#skip();
      this.#states.push(() => this.#flowValue('flow-sequence-end'));
      // go-yaml takes one token too many after an empty key.
      if (AFTER_FLOW_KEY.includes(this.#type())) {
        this.#skip();
        return;
      }
    }
    this.#node(false, false);
  }

  #flowMappingKey(isFirst: boolean): void {
    if (this.#isFlowEnd('flow-mapping-end', isFirst)) return;
    this.#states.push(() => this.#flowMappingKey(false));
    if (this.#type() === 'key') {
      this.#skip();
      this.#states.push(() => this.#flowValue('flow-mapping-end'));
      if (AFTER_FLOW_KEY.includes(this.#type())) return;
    }
    this.#node(false, false);
  }

  #flowValue(end: TokenType): void {
    if (this.#type() !== 'value') return;
    this.#skip();
    if (this.#type() !== 'flow-entry' && this.#type() !== end) this.#node(false, false);
  }

  /** Takes the comma before an entry, or the bracket that ends the collection. */
  #isFlowEnd(end: TokenType, isFirst: boolean): boolean {
    if (!isFirst && this.#type() !== end) {
      if (this.#type() !== 'flow-entry') this.#fail(this.#type() === 'value' ? 'flow-key' : 'flow-comma');
      this.#skip();
    }
    if (this.#type() !== end) return false;
    this.#skip();
    return true;
  }
}
