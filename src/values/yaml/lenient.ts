import { lastNotAfter } from '../search.ts';
import { firstContent } from './documents.ts';

/** A text to parse, and how its offsets map back to the text it was made from. */
export interface Draft {
  text: string;
  place(offset: number): number;
}

/**
 * Indents the lines on which a quoted scalar or a flow collection goes on further to the left than the YAML
 * specification allows (section 6.1): go-yaml reads them, the parser used here does not. White space there
 * has no meaning, so the values stay the same.
 *
 * @param text YAML that the parser refuses as it stands
 * @returns the text with spaces put in, or null where there are none to put in
 */
export function indentContinuations(text: string): Draft | null {
  const inserts = new Scanner(text).scan();
  if (inserts.length === 0) return null;
  const pieces: string[] = [];
  /** Where each insertion stands in the new text, and how much was put in before it. */
  const starts: number[] = [0];
  const shifts: number[] = [0];
  let from = 0;
  let shift = 0;
  for (const { at, count } of inserts) {
    pieces.push(text.slice(from, at), ' '.repeat(count));
    starts.push(at + shift);
    shifts.push(shift);
    shift += count;
    from = at;
  }
  pieces.push(text.slice(from));
  const place = (offset: number): number => {
    const index = lastNotAfter(starts, offset);
    const insert = inserts[index - 1];
    if (insert === undefined) return offset;
    return Math.max(insert.at, offset - (shifts[index] as number) - insert.count);
  };
  return { text: pieces.join(''), place };
}

interface Insert {
  /** Offset in the original text. */
  at: number;
  count: number;
}

const MAX_INDENT = 200;

/** Finds quoted scalars and flow collections in block YAML, just well enough to know which lines go on in them. */
class Scanner {
  readonly #text: string;
  readonly #inserts: Insert[] = [];
  #at = 0;
  #indent = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): Insert[] {
    while (this.#at < this.#text.length) this.#blockLine();
    return this.#inserts;
  }

  #blockLine(): void {
    const start = this.#at;
    this.#skip(/ */y);
    this.#indent = this.#at - start;
    while (this.#at < this.#text.length) {
      this.#skip(/[ \t\r]*/y);
      const char = this.#text.charAt(this.#at);
      if (char === '\n') break;
      if (char === '#') this.#skip(/[^\n]*/y);
      else if (/^[-?:](?=\s|$)/.test(this.#text.slice(this.#at, this.#at + 2))) {
        if (char !== ':') this.#indent = this.#at - start;
        this.#at += 1;
        if (char !== ':' && /^[ ]+[^\s#|>]/.test(this.#text.slice(this.#at, this.#at + MAX_INDENT))) {
          this.#skip(/ */y);
          const entry = this.#at - start;
          if (/^[^\n]{1,1000}?:(?:\s|$)/.test(this.#text.slice(this.#at, this.#at + 1002)))
            this.#indent = entry;
        }
      } else if (char === '"' || char === "'") this.#quoted();
      else if (char === '[' || char === '{') this.#flow();
      else if (char === '&' || char === '*' || char === '!') this.#skip(/\S*/y);
      else if (char === '|' || char === '>') {
        this.#blockScalar();
        return;
      } else this.#plain();
    }
    this.#at += 1;
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex;
  }

  /** A plain scalar up to a line's end, a comment or a colon. */
  #plain(): void {
    const start = this.#at;
    for (let from = -1; from < this.#at; ) {
      from = this.#at;
      this.#skip(/[^\s:]+|:(?!\s|$)|[ \t]+(?![\s#])/y);
    }
    if (this.#at === start) this.#at += 1;
  }

  #blockScalar(): void {
    this.#skip(/[^\n]*\n?/y);
    const body = /(?: *\r?\n)|( *)(?=[^ \r\n])/y;
    while (this.#at < this.#text.length) {
      body.lastIndex = this.#at;
      const match = body.exec(this.#text);
      if (match === null) return;
      if (match[1] !== undefined && match[1].length <= this.#indent) return;
      this.#skip(/[^\n]*\n?/y);
    }
  }

  #quoted(): void {
    const quote = this.#text.charAt(this.#at);
    this.#at += 1;
    const run = quote === '"' ? /[^"\\\n]*(?:\\[^\n][^"\\\n]*)*\\?/y : /[^'\n]*(?:''[^'\n]*)*/y;
    for (;;) {
      this.#skip(run);
      if (this.#text.charAt(this.#at) !== '\n') break;
      this.#continuation();
    }
    this.#at += 1;
  }

  #flow(): void {
    let depth = 0;
    let atStart = true;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === '\n') {
        this.#continuation();
      } else if (char === '[' || char === '{') {
        depth += 1;
        atStart = true;
        this.#at += 1;
      } else if (char === ']' || char === '}') {
        depth -= 1;
        atStart = false;
        this.#at += 1;
        if (depth === 0) return;
      } else if ((char === '"' || char === "'") && atStart) {
        this.#quoted();
        atStart = false;
      } else if (char === '#' && /\s/.test(this.#text.charAt(this.#at - 1))) {
        this.#skip(/[^\n]*/y);
      } else {
        if (char === ',' || char === ':') atStart = true;
        else if (!/\s/.test(char)) atStart = false;
        this.#at += 1;
      }
    }
  }

  /** At a line end inside a scalar or collection: steps over it, and notes the spaces the next line lacks. */
  #continuation(): void {
    this.#at += 1;
    const start = this.#at;
    this.#skip(/ */y);
    const missing = this.#indent + 1 - (this.#at - start);
    const next = this.#text.charAt(this.#at);
    const blank = next === '' || next === '\n' || next === '\r';
    const marker = start === this.#at && /^(?:---|\.\.\.)(?:\s|$)/.test(this.#text.slice(start, start + 4));
    if (missing > 0 && missing <= MAX_INDENT && !blank && !marker) {
      this.#inserts.push({ at: start, count: missing });
    }
  }
}

/**
 * Where a document of block YAML that starts indented ends for go-yaml: at the first line further to the left,
 * or of a directive; it reads no further.
 *
 * @param text one document
 * @returns the offset of that line, or null where there is none
 */
export function implicitEnd(text: string): number | null {
  const start = firstContent(text);
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const line = /^( *)(?=[^\s#])/gm;
  line.lastIndex = start + 1;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    if ((match[1]?.length ?? 0) < column || text.charAt(match.index) === '%') return match.index;
    line.lastIndex = Math.max(line.lastIndex, match.index + 1);
  }
  return null;
}
