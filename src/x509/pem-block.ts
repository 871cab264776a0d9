import { decodeStrict } from './base64.ts';
import {
  BEGIN,
  type BoundaryFault,
  boundaryFault,
  END,
  isEnd,
  type MalformedReason,
  TAIL,
} from './pem-boundary.ts';
import type { LineReader, PemLine } from './pem-line.ts';

/** One block between BEGIN and END. */
export interface PemBlock {
  /** Such as `CERTIFICATE` or `RSA PRIVATE KEY`. */
  label: string;
  /** Lines of BEGIN and END in the decoded file, from 1. */
  line: number;
  endLine: number;
  /** RFC 1421 header `Proc-Type: 4,ENCRYPTED` is there. */
  encrypted: boolean;
  /** The body's bytes (of an encrypted block: ciphertext). */
  der: Buffer;
  /** The block as PEM text, from BEGIN to END, line ends as they stand, one character a byte (latin1): what OpenSSL is given. */
  text: string;
}

interface Fault {
  line: number;
  reason: MalformedReason;
}

/** A block, or what is wrong with it; both where its end is glued to the next. */
interface BlockRead {
  block: PemBlock | null;
  fault: Fault | null;
}

/** A piece of a block's inside: text, and the number of its line. */
interface Part {
  content: string;
  line: number;
}

/** Columns of a body's line behind a header, where OpenSSL is strict: full ones, then at most one shorter. */
const COLUMNS = 64;

/**
 * Reads the block that a BEGIN line opens, up to its END, as OpenSSL 3 does (`get_header_and_data` in
 * crypto/pem/pem_lib.c): any line length, white space and `-` ending the data in a body without a header; after
 * an empty line (it ends the header, which may be empty) lines of 64 columns and no further empty line. What
 * cannot be read gives a fault; the reader then stands where another block may begin.
 * @param begin the line of BEGIN, just read from `reader`
 */
export function readPemBlock(text: string, reader: LineReader, begin: PemLine): BlockRead {
  const label = cString(text.slice(begin.start + BEGIN.length, begin.end - TAIL.length));
  const inside = new Inside();
  let afterPartial = false;
  let damagedEnd: Fault | null = null;
  let afterDamagedEnd: PemLine | null = null;

  for (;;) {
    const line = reader.next();
    if (line === null || text.startsWith(BEGIN, line.start)) {
      const resume = afterDamagedEnd ?? line;
      if (resume !== null) reader.resume(resume);
      const fault = damagedEnd ?? inside.fault ?? { line: begin.number, reason: 'end-missing' };
      return { block: null, fault };
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
    const boundary: BoundaryFault | null =
      damagedEnd === null && content.includes('--') ? boundaryFault(content) : null;
    if (boundary?.place === 'end') damagedEnd = { line: line.number, reason: boundary.reason };
  }
}

/** Closes a block at the line where OpenSSL looks for its END; behind a glued one the next BEGIN is read on. */
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
    return { block, fault: inside.fault };
  }
  if (content.startsWith(`${end}${TAIL}BEGIN `)) {
    const block = inside.block(label, text, begin, line, at);
    reader.resume(line, at);
    return { block, fault: { line: line.number, reason: 'glued-boundaries' } };
  }
  return {
    block: null,
    fault: { line: line.number, reason: isEnd(content) ? 'label-mismatch' : 'bad-boundary' },
  };
}

/** What stands between BEGIN and END: header and body, told apart by the first empty line. */
class Inside {
  #state: 'maybe-header' | 'header' | 'body' = 'maybe-header';
  #header: Part[] = [];
  #body: Part[] = [];
  #shortLine = false;
  /** The first thing that OpenSSL does not accept. */
  fault: Fault | null = null;

  blank(line: number): void {
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
    if (this.#state === 'header' || this.#body.length === 0) this.#fail(begin.number);
    const header = this.#header.map((part) => part.content).join('\n');
    const encrypted = /^Proc-Type:[ \t]*4,[ \t]*ENCRYPTED[ \t\r]*\nDEK-Info:/.test(header);
    if (header !== '' && !encrypted && isLoaded(label)) this.#fail(begin.number + 1);
    const der = decodeBody(this.#body.map((part) => part.content).join(''));
    if (der === null) this.#failInBody();
    if (der === null || this.fault !== null) return null;
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
    const reason = /\\[nr]/.test(content) ? 'literal-escapes' : 'bad-body';
    this.fault ??= { line, reason };
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
