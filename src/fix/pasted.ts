import { contentsOf } from '../rules/shared/contents.ts';
import { displayPath } from '../text/display.ts';
import { trimmedEnd, trimSpace } from '../text/trim.ts';
import { readValues } from '../values/read.ts';
import { decodeText } from '../values/yaml/encoding.ts';

/** A file with what was pasted in lines put on one, and what was done, in lines for people. */
export interface Unpasted {
  bytes: Buffer;
  fixed: readonly string[];
}

/**
 * Repairs a file that Helm cannot read because base64 or PEM was pasted as it came, in lines that are not indented under
 * their key, or after a quote that is not closed. Every other line stays as it is, byte for byte.
 * @param name of the file, for locations
 * @returns null for a file that can be read, or cannot be repaired so
 */
export async function joinPasted(bytes: Buffer, name: string): Promise<Unpasted | null> {
  const { text, error } = decodeText(bytes);
  if (error !== null) return null;
  const joined = joinLines(text.split('\n'));
  if (joined.fixed.length === 0 || (await readValues(bytes, name)).ok) return null;
  const mark = bytes.subarray(0, bytes.length - Buffer.byteLength(text));
  const next = Buffer.concat([mark, Buffer.from(joined.lines.join('\n'))]);
  return (await readValues(next, name)).ok ? { bytes: next, fixed: joined.fixed } : null;
}

/** A key; and the beginning of its value: a quote or none, and base64, PEM, the header of a block, or nothing. */
const KEY_LINE = /^( *(?:- +)*)(["']?)([\w.-]{1,200})\2:(|[ \t].*)$/;
const FIRST_LINE =
  /^(?:([|>][-+\d]*)|(["']?)(-----BEGIN [A-Z0-9 ]+-----|[A-Za-z0-9+/]{4,}={0,2})?)[ \t]*(#.*)?$/;
const BASE64_LINE = /^[A-Za-z0-9+/]+={0,2}$/;
const BEGIN_LINE = /^-----BEGIN [A-Z0-9 ]+-----$/;
const END_LINE = /^-----END [A-Z0-9 ]+-----$/;
/** After the first of a block: base64, what RFC 1421 puts before it, or the last. */
const PEM_LINE = /^(?:[A-Za-z0-9+/=]*|(?:Proc-Type|DEK-Info): .*|-----END [A-Z0-9 ]+-----)$/;

function joinLines(lines: readonly string[]): { lines: string[]; fixed: string[] } {
  const joined: string[] = [];
  const fixed: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const run = runAt(lines, at);
    joined.push(run?.line ?? (lines[at] as string));
    if (run !== null) fixed.push(`${displayPath([run.key])} (line ${at + 1}): ${run.how}`);
    at = run?.end ?? at + 1;
  }
  return { lines: joined, fixed };
}

/** A value that was pasted in lines: the one line that it becomes, and where the rest of the file goes on. */
interface Run {
  key: string;
  line: string;
  end: number;
  how: string;
}

/** @returns null where no such value begins, or where it is indented as it should be */
function runAt(lines: readonly string[], at: number): Run | null {
  const head = isShort(lines[at] as string) ? KEY_LINE.exec(trimmedEnd(lines[at] as string, ' \t\r')) : null;
  const found = head && FIRST_LINE.exec(trimSpace(head[4] ?? ''));
  if (!head || !found) return null;
  const [, indent = '', keyQuote = '', key = ''] = head;
  const [, block, quote = '', first, comment] = found;
  const parts = first === undefined ? [] : [first];
  let [next, end, isClosed, isIndented] = [at + 1, at + 1, quote === '', true];
  for (; next < lines.length && (quote === '' || !isClosed); next += 1) {
    const line = (lines[next] as string).trim();
    const isLast = quote !== '' && line.endsWith(quote);
    const part = isLast ? line.slice(0, -1).trim() : line;
    if (part === '' && !isLast && parts[0]?.startsWith('-')) continue;
    if (!isNext(part, parts) && !(isLast && part === '')) break;
    if (part !== '') parts.push(part);
    isClosed ||= isLast;
    isIndented &&= indentOf(lines[next] as string) > indent.length;
    end = next + 1;
  }
  const value = base64Of(parts);
  if (value === null || (isIndented && isClosed)) return null;
  const lineEnd = (lines[end - 1] as string).endsWith('\r') ? '\r' : '';
  const note = block !== undefined && comment !== undefined ? ` ${comment.trimEnd()}` : '';
  return {
    key,
    line: `${indent}${keyQuote}${key}${keyQuote}: ${quote}${value}${quote}${note}${lineEnd}`,
    end,
    how: parts[0]?.startsWith('-')
      ? 'encoded the pasted PEM as base64, on one line'
      : 'joined the pasted lines of base64 into one',
  };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Not megabytes, over which the expressions above would run out of stack: nobody wraps at that length. */
const isShort = ({ length }: string): boolean => length <= 64 * 1024;

/** Whether a line continues a value: base64 after base64; PEM to the END of its last block. */
function isNext(line: string, parts: readonly string[]): boolean {
  if (!isShort(line)) return false;
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 0) return BEGIN_LINE.test(line) || BASE64_LINE.test(line);
  if (!first.startsWith('-')) return BASE64_LINE.test(line) && !last.endsWith('=');
  return END_LINE.test(last) ? BEGIN_LINE.test(line) : PEM_LINE.test(line);
}

/** What the lines stand for, as base64; null where that is neither a certificate nor a private key. */
function base64Of(parts: readonly string[]): string | null {
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length < 2) return null;
  const isPem = first.startsWith('-');
  if (isPem && !END_LINE.test(last)) return null;
  const value = isPem ? Buffer.from(`${parts.join('\n')}\n`).toString('base64') : parts.join('');
  return contentsOf(value) === null ? null : value;
}
