import { foreignFormat } from './foreign-format.ts';
import type { ForeignFormat } from './format-names.ts';
import {
  damagedBoundary,
  isBegin,
  isEnd,
  LineReader,
  type Malformed,
  type PemBlock,
  type PemLine,
  readPemBlock,
} from './pem-block.ts';

export type { ForeignFormat } from './format-names.ts';

/** Why OpenSSL cannot read a file as PEM. */
export type PemDiagnostic =
  /** No BEGIN line at all. */
  | { kind: 'missing'; format: ForeignFormat }
  /** A block that it cannot read; `line` within the decoded file, from 1. */
  | ({ kind: 'malformed' } & Malformed);

/** Harmless but untidy things around the blocks. */
export type PemNoise =
  | { kind: 'byte-order-mark' }
  /** Text outside the blocks, first at `line`. */
  | { kind: 'text'; line: number }
  /** A label that still loads, such as `X509 CERTIFICATE` or `TRUSTED CERTIFICATE`. */
  | { kind: 'label'; line: number; label: string };

/** A decoded file as PEM. Blocks before and after one that cannot be read are listed too. */
export interface PemFacts {
  blocks: PemBlock[];
  diagnostic: PemDiagnostic | null;
  noise: PemNoise[];
}

const LABELS_THAT_LOAD_TOO = new Set(['X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/**
 * Reads a file as OpenSSL 3 reads PEM (`PEM_read_bio`, RFC 7468 in the lax form). There is a diagnostic exactly where
 * OpenSSL does not read every block of the file: because it skips one with a damaged boundary as text, or swallows it
 * into the one before. Text around the blocks, which it skips too, is noise. The first diagnostic is given. Linear in
 * the size; never throws.
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
  #malformed: Malformed | null = null;
  /** A boundary within other text: a comment, unless a body follows it or there is no block at all. */
  #suspect: Malformed | null = null;
  #firstSuspect: Malformed | null = null;
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
    return { blocks: this.#blocks, diagnostic: this.#diagnostic(), noise: this.#noise };
  }

  #readBlock(reader: LineReader, begin: PemLine): void {
    const { block, malformed } = readPemBlock(this.#text, reader, begin);
    if (block !== null) {
      this.#blocks.push(block);
      if (LABELS_THAT_LOAD_TOO.has(block.label)) {
        this.#noise.push({ kind: 'label', line: block.line, label: block.label });
      }
    }
    this.#malformed ??= malformed;
    this.#suspect = null;
    this.#afterBody = false;
  }

  #readText(line: PemLine): void {
    if (!this.#textSeen) this.#noise.push({ kind: 'text', line: line.number });
    this.#textSeen = true;
    if (this.#malformed !== null) return;
    const content = this.#text.slice(line.start, line.end);
    if (isEnd(content)) {
      const malformed = this.#suspect ?? { line: line.number, reason: 'begin-missing' };
      if (this.#afterBody) this.#malformed = malformed;
      this.#firstSuspect ??= malformed;
    }
    const found = damagedBoundary(content);
    if (found !== null) {
      const malformed = { line: line.number, reason: found.reason };
      if (found.place === 'begin' || (found.place === 'end' && this.#afterBody)) this.#malformed = malformed;
      this.#suspect ??= malformed;
      this.#firstSuspect ??= malformed;
    }
    this.#afterBody = /^[A-Za-z0-9+/=]+$/.test(content);
  }

  #diagnostic(): PemDiagnostic | null {
    if (this.#malformed !== null) return { kind: 'malformed', ...this.#malformed };
    if (this.#blocks.length > 0) return null;
    if (this.#firstSuspect !== null) return { kind: 'malformed', ...this.#firstSuspect };
    const at = this.#text.indexOf('-----BEGIN ');
    if (at < 0) return { kind: 'missing', format: foreignFormat(this.#bytes) };
    const before = this.#text.slice(0, at);
    const reason = before.includes('\r') && !before.includes('\n') ? 'cr-line-ends' : 'bad-boundary';
    return { kind: 'malformed', line: before.split('\n').length, reason };
  }
}
