import { type ForeignFormat, foreignFormat } from './foreign-format.ts';
import { type PemBlock, readPemBlock } from './pem-block.ts';
import { boundaryFault, isBegin, isEnd, type MalformedReason } from './pem-boundary.ts';
import { LineReader, type PemLine } from './pem-line.ts';

export type { ForeignFormat } from './foreign-format.ts';

export type PemProblem =
  /** No BEGIN line at all. */
  | { kind: 'missing'; format: ForeignFormat }
  /** Something OpenSSL cannot read as PEM; `line` within the decoded file, from 1. */
  | { kind: 'malformed'; line: number; reason: MalformedReason };

/** Harmless but untidy things around the blocks. */
export type PemNoise =
  | { kind: 'byte-order-mark' }
  /** Text outside the blocks, first at `line`. */
  | { kind: 'text'; line: number }
  /** A label that still loads, such as `X509 CERTIFICATE` or `TRUSTED CERTIFICATE`. */
  | { kind: 'label'; line: number; label: string };

/** A decoded file as PEM. Blocks found before and after a problem are listed where they can be told apart. */
export interface PemFacts {
  blocks: PemBlock[];
  problem: PemProblem | null;
  noise: PemNoise[];
}

interface Fault {
  line: number;
  reason: MalformedReason;
}

const LABELS_THAT_LOAD_TOO = new Set(['X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/**
 * Reads a file as OpenSSL 3 reads PEM (`PEM_read_bio`, RFC 7468 in the lax form). There is no problem exactly
 * where OpenSSL reads every block that stands in the file: text around the blocks is skipped by it and is
 * noise, but a block that it would skip as text because of a damaged boundary, or swallow into the one
 * before, is a problem. Of several problems the first is given. Linear in the size; never throws.
 * @param bytes the decoded value
 */
export function readPem(bytes: Buffer): PemFacts {
  return new PemFile(bytes).read();
}

class PemFile {
  readonly #bytes: Buffer;
  readonly #text: string;
  readonly #blocks: PemBlock[] = [];
  readonly #noise: PemNoise[] = [];
  #fault: Fault | null = null;
  /** A boundary within other text: a comment, unless a body follows it or there is no block at all. */
  #suspect: Fault | null = null;
  #firstSuspect: Fault | null = null;
  #afterBody = false;
  #textSeen = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#text = bytes.toString('latin1');
  }

  read(): PemFacts {
    const reader = new LineReader(this.#text);
    if (reader.skippedByteOrderMark) this.#noise.push({ kind: 'byte-order-mark' });
    for (let line = reader.next(); line !== null; line = reader.next()) {
      if (line.start === line.end) continue;
      if (isBegin(this.#text, line)) this.#readBlock(reader, line);
      else this.#readText(line);
    }
    return { blocks: this.#blocks, problem: this.#problem(), noise: this.#noise };
  }

  #readBlock(reader: LineReader, begin: PemLine): void {
    const { block, fault } = readPemBlock(this.#text, reader, begin);
    if (block !== null) {
      this.#blocks.push(block);
      if (LABELS_THAT_LOAD_TOO.has(block.label)) {
        this.#noise.push({ kind: 'label', line: block.line, label: block.label });
      }
    }
    this.#fault ??= fault;
    this.#suspect = null;
    this.#afterBody = false;
  }

  #readText(line: PemLine): void {
    if (!this.#textSeen) this.#noise.push({ kind: 'text', line: line.number });
    this.#textSeen = true;
    if (this.#fault !== null) return;
    const content = this.#text.slice(line.start, line.end);
    if (isEnd(content)) {
      const fault = this.#suspect ?? { line: line.number, reason: 'begin-missing' };
      if (this.#afterBody) this.#fault = fault;
      this.#firstSuspect ??= fault;
    }
    const found = boundaryFault(content);
    if (found !== null) {
      const fault = { line: line.number, reason: found.reason };
      if (found.place === 'begin' || (found.place === 'end' && this.#afterBody)) this.#fault = fault;
      this.#suspect ??= fault;
      this.#firstSuspect ??= fault;
    }
    this.#afterBody = /^[A-Za-z0-9+/=]+$/.test(content);
  }

  #problem(): PemProblem | null {
    if (this.#fault !== null) return { kind: 'malformed', ...this.#fault };
    if (this.#blocks.length > 0) return null;
    if (this.#firstSuspect !== null) return { kind: 'malformed', ...this.#firstSuspect };
    const at = this.#text.indexOf('-----BEGIN ');
    if (at < 0) return { kind: 'missing', format: foreignFormat(this.#bytes) };
    const before = this.#text.slice(0, at);
    const reason = before.includes('\r') && !before.includes('\n') ? 'cr-line-ends' : 'bad-boundary';
    return { kind: 'malformed', line: before.split('\n').length, reason };
  }
}
