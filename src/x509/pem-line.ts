/** What OpenSSL's PEM reader takes for one line: at most 254 bytes, so that a longer one counts as several. */
export interface PemLine {
  /** Where the content starts and ends in the text, white space at its end left off. */
  start: number;
  end: number;
  /** Number of the line, from 1; the further parts of a long line have the same. */
  number: number;
  /** Whether the line continues in the next part. */
  partial: boolean;
}

const LINE_BUFFER = 254;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * Walks a string of one character a byte (latin1) line by line as OpenSSL 3 does (`get_name` and `sanitize_line` in
 * crypto/pem/pem_lib.c): without a byte-order mark at the start, and without everything at the end of a line that is
 * not printable ASCII (`char` is signed there).
 */
export class LineReader {
  readonly #text: string;
  #at = 0;
  #number = 1;
  #lineEnd = -1;
  readonly skippedByteOrderMark: boolean;

  constructor(text: string) {
    this.#text = text;
    this.skippedByteOrderMark = text.startsWith(BYTE_ORDER_MARK) && text.length > BYTE_ORDER_MARK.length;
  }

  /** The next line, null at the end of the text. */
  next(): PemLine | null {
    if (this.#at >= this.#text.length) return null;
    if (this.#lineEnd <= this.#at) {
      const feed = this.#text.indexOf('\n', this.#at);
      this.#lineEnd = feed < 0 ? this.#text.length : feed + 1;
    }
    const stop = Math.min(this.#lineEnd, this.#at + LINE_BUFFER);
    const start = this.#at === 0 && this.skippedByteOrderMark ? BYTE_ORDER_MARK.length : this.#at;
    const fed = this.#text[stop - 1] === '\n';
    const line: PemLine = {
      start,
      end: this.#contentEnd(start, stop),
      number: this.#number,
      partial: stop - this.#at === LINE_BUFFER && !fed,
    };
    this.#at = stop;
    if (fed) this.#number++;
    return line;
  }

  /** Goes back to a line, or to a place within it, so that it is the next. */
  resume(line: PemLine, at: number = line.start): void {
    this.#at = at;
    this.#number = line.number;
    this.#lineEnd = -1;
  }

  #contentEnd(start: number, stop: number): number {
    let end = stop;
    while (end > start && !isPrintable(this.#text.charCodeAt(end - 1))) end--;
    return end;
  }
}

function isPrintable(byte: number): boolean {
  return byte > 0x20 && byte < 0x80;
}

/** Why OpenSSL cannot read a block. */
export type MalformedReason =
  | 'glued-boundaries'
  | 'label-mismatch'
  | 'end-missing'
  | 'begin-missing'
  | 'cr-line-ends'
  | 'indented'
  | 'single-line'
  | 'literal-escapes'
  | 'bad-body'
  | 'bad-boundary';

/** Where it cannot, and why. */
export interface Malformed {
  line: number;
  reason: MalformedReason;
}

export const BEGIN = '-----BEGIN ';
export const END = '-----END ';
export const TAIL = '-----';

/** Whether OpenSSL takes the line for a BEGIN; no block can follow two boundaries in one line. */
export function isBegin(text: string, line: PemLine): boolean {
  return (
    text.startsWith(BEGIN, line.start) &&
    text.endsWith(TAIL, line.end) &&
    text.indexOf(TAIL, line.start + BEGIN.length) === line.end - TAIL.length
  );
}

/** Whether a line's content is a whole END. */
export function isEnd(content: string): boolean {
  return content.startsWith(END) && content.indexOf(TAIL, END.length) === content.length - TAIL.length;
}

/** A boundary that OpenSSL does not recognize: at the start of its line, or `within` other text. */
export interface DamagedBoundary {
  reason: MalformedReason;
  place: 'begin' | 'end' | 'within';
}

// Hyphens, and the dashes U+2010 to U+2015 that word processors make of them, in UTF-8.
const DASHES = '(?:-|\\xe2\\x80[\\x90-\\x95]){1,20}';

/**
 * What is wrong with a line's content that looks like a boundary and is not one for OpenSSL.
 * @param content at most 254 characters
 * @returns null for other text and for whole boundaries
 */
export function damagedBoundary(content: string): DamagedBoundary | null {
  if (!/BEGIN|END/i.test(content) || isEnd(content)) return null;
  const start = new RegExp(`^[\\s\\xef\\xbb\\xbf]*${DASHES}\\s*(BEGIN|END) (?!SSH2 )`, 'i').exec(content);
  if (start) {
    const place = start[1]?.toUpperCase() === 'BEGIN' ? 'begin' : 'end';
    return { reason: reasonOf(content), place };
  }
  const within = new RegExp(`${DASHES}\\s*(BEGIN|END) (?!SSH2 )|^(BEGIN|END) [A-Z0-9 ]*(CERTIFICATE|KEY)\\b`);
  return within.test(content) ? { reason: reasonOf(content), place: 'within' } : null;
}

function reasonOf(content: string): MalformedReason {
  if (/\\[nr]/.test(content)) return 'literal-escapes';
  if (content.trimStart().includes('\r')) return 'cr-line-ends';
  if (/^\s+-----(BEGIN|END) [^-]*-----$/.test(content)) return 'indented';
  if (/^\s*-----BEGIN [^-]*----- *[A-Za-z0-9+/=]{16}/.test(content)) return 'single-line';
  if (/-----(BEGIN|END) [^-]*-{6,}\s*(BEGIN|END) /.test(content)) return 'glued-boundaries';
  return 'bad-boundary';
}
