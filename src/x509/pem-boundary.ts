import type { PemLine } from './pem-line.ts';

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

export const BEGIN = '-----BEGIN ';
export const END = '-----END ';
export const TAIL = '-----';

/** Whether OpenSSL takes the line for a BEGIN; two boundaries in one line are none that a block can follow. */
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

/** A boundary that OpenSSL does not see: at the start of its line, or `within` other text. */
export interface BoundaryFault {
  reason: MalformedReason;
  place: 'begin' | 'end' | 'within';
}

// Hyphens, and the dashes U+2010 to U+2015 that word processors make of them, in UTF-8.
const DASHES = '(?:-|\\xe2\\x80[\\x90-\\x95]){1,20}';

/**
 * What is wrong with a line's content if it looks like a boundary that OpenSSL does not take for one; null for
 * other text and for whole boundaries.
 * @param content at most 254 characters
 */
export function boundaryFault(content: string): BoundaryFault | null {
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
