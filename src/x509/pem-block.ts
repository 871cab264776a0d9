import { decodeStrict } from './base64.ts';

/** One block between BEGIN and END. */
export interface PemBlock {
  /** Such as `CERTIFICATE` or `RSA PRIVATE KEY`. */
  label: string;
  /** Lines of BEGIN and END in the decoded file, from 1. */
  line: number;
  endLine: number;
  /** Whether it has the header `Proc-Type: 4,ENCRYPTED` (RFC 1421). */
  encrypted: boolean;
  /** The body's bytes (of an encrypted block: ciphertext). */
  der: Buffer;
  /** The block as PEM text, from BEGIN to END with its own line ends, one character a byte (latin1): what OpenSSL is given. */
  text: string;
}

/** A block, or why it cannot be read; both where its end is glued to the next block. */
interface BlockRead {
  block: PemBlock | null;
  malformed: Malformed | null;
}

/** A line of a block's inside. */
interface Part {
  content: string;
  line: number;
}

/** Columns of a body's lines after a header, where OpenSSL is strict: full lines, then at most one shorter. */
const COLUMNS = 64;

/**
 * Reads the block that a BEGIN line opens, up to its END, as OpenSSL 3 does (`get_header_and_data` in
 * crypto/pem/pem_lib.c): any line length, white space and `-` ending the data in a body without a header; after
 * an empty line (it ends the header, which may be empty) lines of 64 columns and no further empty line. After a block
 * that cannot be read the reader is where another one may begin.
 * @param begin the line of BEGIN, just read from `reader`
 */
export function readPemBlock(text: string, reader: LineReader, begin: PemLine): BlockRead {
  const label = cString(text.slice(begin.start + BEGIN.length, begin.end - TAIL.length));
  const inside = new Inside();
  let afterPartial = false;
  let damagedEnd: Malformed | null = null;
  let afterDamagedEnd: PemLine | null = null;

  for (;;) {
    const line = reader.next();
    if (line === null || text.startsWith(BEGIN, line.start)) {
      const resume = afterDamagedEnd ?? line;
      if (resume !== null) reader.resume(resume);
      const malformed = damagedEnd ?? inside.malformed ?? { line: begin.number, reason: 'end-missing' };
      return { block: null, malformed };
    }
    if (damagedEnd !== null) afterDamagedEnd ??= line;
    if (line.start === line.end) {
      if (!afterPartial) inside.blank(line.number);
      afterPartial = line.partial;
      continue;
    }
    afterPartial = line.partial;

    const whole = text.slice(line.start, line.end);
    if (whole.startsWith(END)) return readEnd(text, reader, { label, begin, inside, line, content: whole });
    const content = cString(whole);
    inside.add({ content, line: line.number });
    if (damagedEnd !== null || !content.includes('--')) continue;
    const boundary = damagedBoundary(content);
    if (boundary?.place === 'end') damagedEnd = { line: line.number, reason: boundary.reason };
  }
}

/** Closes a block at the line where OpenSSL looks for its END; after a glued one the next BEGIN is read. */
function readEnd(
  text: string,
  reader: LineReader,
  open: { label: string; begin: PemLine; inside: Inside; line: PemLine; content: string },
): BlockRead {
  const { label, begin, inside, line, content } = open;
  const end = `${END}${label}${TAIL}`;
  const at = line.start + end.length;
  if (content === end) {
    const block = inside.block(label, text, begin, line, at);
    return { block, malformed: inside.malformed };
  }
  if (content.startsWith(`${end}${TAIL}BEGIN `)) {
    const block = inside.block(label, text, begin, line, at);
    reader.resume(line, at);
    return { block, malformed: { line: line.number, reason: 'glued-boundaries' } };
  }
  return {
    block: null,
    malformed: { line: line.number, reason: isEnd(content) ? 'label-mismatch' : 'bad-boundary' },
  };
}

/** What is between BEGIN and END: header and body, separated by the first empty line. */
class Inside {
  #state: 'maybe-header' | 'header' | 'body' = 'maybe-header';
  #header: Part[] = [];
  #body: Part[] = [];
  #shortLine = false;
  /** The first empty line, where no header is before it. */
  #blankAt: number | null = null;
  /** The first thing that OpenSSL does not accept. */
  malformed: Malformed | null = null;

  blank(line: number): void {
    if (this.#state !== 'header') this.#blankAt ??= line;
    if (this.#state === 'body') this.#fail(line);
    else {
      this.#header = this.#body;
      this.#body = [];
      this.#state = 'body';
    }
  }

  add(part: Part): void {
    if (this.#state === 'maybe-header' && part.content.includes(':')) this.#state = 'header';
    if (this.#state === 'body') {
      if (this.#shortLine || part.content.length > COLUMNS) this.#fail(part.line, part.content);
      this.#shortLine = part.content.length < COLUMNS;
    }
    this.#body.push(part);
  }

  block(label: string, text: string, begin: PemLine, end: PemLine, endOfText: number): PemBlock | null {
    if (this.#state === 'header') this.malformed ??= { line: begin.number, reason: 'blank-line-missing' };
    else if (this.#body.length === 0) this.#fail(begin.number);
    const header = this.#header.map((part) => part.content).join('\n');
    const encrypted = /^Proc-Type:[ \t]*4,[ \t]*ENCRYPTED[ \t\r]*\nDEK-Info:/.test(header);
    if (header !== '' && !encrypted && isLoaded(label)) this.#fail(begin.number + 1);
    const der = decodeBody(this.#body.map((part) => part.content).join(''));
    if (der === null) this.#failInBody();
    if (der === null || this.malformed !== null) return null;
    const block = { label, line: begin.number, endLine: end.number, encrypted, der };
    return { ...block, text: text.slice(begin.start, endOfText) };
  }

  #failInBody(): void {
    const wrong =
      this.#body.find((part) => /[^A-Za-z0-9+/=\s-]/.test(part.content)) ??
      this.#body.find((part) => /[=-]/.test(part.content)) ??
      this.#body.at(-1);
    if (wrong) this.#fail(wrong.line, wrong.content);
  }

  #fail(line: number, content = ''): void {
    if (this.#blankAt !== null) {
      this.malformed ??= { line: this.#blankAt, reason: 'blank-line' };
      return;
    }
    const reason = /\\[nr]/.test(content) ? 'literal-escapes' : 'bad-body';
    this.malformed ??= { line, reason };
  }
}

/** Whether OpenSSL loads certificates or private keys from blocks of this label, and so looks at their header. */
function isLoaded(label: string): boolean {
  return label.endsWith('CERTIFICATE') || label.endsWith('PRIVATE KEY');
}

function decodeBody(body: string): Buffer | null {
  const der = decodeStrict(body);
  if (der !== null) return der;
  const dash = body.indexOf('-');
  return decodeStrict((dash < 0 ? body : body.slice(0, dash)).replace(/[ \t\r]+/g, ''));
}

/** A line as C's string functions see it: up to the first NUL. */
function cString(line: string): string {
  const end = line.indexOf('\0');
  return end < 0 ? line : line.slice(0, end);
}

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
  | 'blank-line'
  | 'blank-line-missing'
  | 'byte-order-mark'
  | 'dashes'
  | 'bad-body'
  | 'bad-boundary';

/** Where it cannot, and why. */
export interface Malformed {
  line: number;
  reason: MalformedReason;
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const TAIL = '-----';

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
  if (content.includes(BYTE_ORDER_MARK)) return 'byte-order-mark';
  if (/\xe2\x80[\x90-\x95]/.test(content)) return 'dashes';
  if (/^\s+-----(BEGIN|END) [^-]*-----$/.test(content)) return 'indented';
  if (/^\s*-----BEGIN [^-]*----- *[A-Za-z0-9+/=]{16}/.test(content)) return 'single-line';
  if (/-----(BEGIN|END) [^-]*-{6,}\s*(BEGIN|END) /.test(content)) return 'glued-boundaries';
  return 'bad-boundary';
}

/** One block of PEM (RFC 7468 section 2): lines of 64 characters, each ended by a line feed. */
export function pemText(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
