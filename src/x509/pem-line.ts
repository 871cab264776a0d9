/** What OpenSSL's PEM reader takes for one line: at most 254 bytes, so that a longer one counts as several. */
export interface PemLine {
  /** Where the content starts and ends in the text, white space at its end left off. */
  start: number;
  end: number;
  /** Number of the line, from 1; the further parts of a long line have the same. */
  number: number;
  /** Whether the line goes on in the next part. */
  partial: boolean;
}

const LINE_BUFFER = 254;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * Walks a text of one character a byte (latin1) line by line as OpenSSL 3 does (`get_name` and `sanitize_line`
 * in crypto/pem/pem_lib.c): a byte-order mark at the start is left off, and so is all at the end of a line that
 * is no printable ASCII (`char` is signed there).
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
